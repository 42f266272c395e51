"""The engine: pure functions from schemes and facts to results, with the way to every figure."""
