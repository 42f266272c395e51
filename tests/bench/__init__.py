"""Measurements, never run by ./test: each prints ratios between our code and a yardstick in one run."""
