"""How long work tells how far it is; cancelling is an exception out of the same call."""

from __future__ import annotations

from collections.abc import Callable

# (what is being done, in Chinese; share done, 0 to 100). Raises Cancelled when the user has had enough.
Progress = Callable[[str, int], None]


def no_progress(text: str, percent: int) -> None:
    """Nobody is watching."""


def portion(progress: Progress, start: int, end: int) -> Progress:
    """The part of a progress bar from start to end (percent), for one stage of a longer job."""

    def report(text: str, percent: int) -> None:
        progress(text, start + (end - start) * percent // 100)

    return report
