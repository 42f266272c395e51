"""How often and how long a step is tried again while another program (a virus scanner, a table program) holds a file."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

DELAYS = tuple(10 * 2**n for n in range(8))  # milliseconds; together 2,550


def patiently(action: Callable[[], T], wait: Callable[[int], object]) -> T:
    """The action's value; after a PermissionError it is tried again, up to eight times, ever later. wait: called with
    the milliseconds to wait (the vocabulary has no clock). Raises what the last try raised."""
    for delay in DELAYS:
        try:
            return action()
        except PermissionError:
            wait(delay)
    return action()
