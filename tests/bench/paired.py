"""Times several ways of doing one job in turn (A B C A B C …) and prints medians and ratios."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping


def in_turn(
    ways: Mapping[str, Callable[[], object]], rounds: int = 9, warm: int = 2, processor: bool = False
) -> dict[str, float]:
    """Median seconds of each way (``processor``: of the processor alone); the ways alternate, so that a busy machine is
    busy for all of them."""
    clock = time.process_time if processor else time.perf_counter
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(-warm, rounds):
        for name, way in ways.items():
            start = clock()
            way()
            if turn >= 0:
                seconds[name].append(clock() - start)
    return {name: statistics.median(values) for name, values in seconds.items()}


def show(title: str, medians: Mapping[str, float], base: str) -> None:
    """A table: milliseconds, and each way as a multiple of the base."""
    print(f"\n{title}")
    for name, value in medians.items():
        print(f"  {name:<44}{value * 1000:10.3f} ms   {value / medians[base]:8.3f} ×")
