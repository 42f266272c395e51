"""A second calculator, written from docs/formats/scheme.md alone: plain fractions, plain loops, no hurry."""

from tests.scoring.naive.run import naive_case, naive_results

__all__ = ["naive_case", "naive_results"]
