"""Random schemes and facts that use every setting of the language, a few of them at a time."""
