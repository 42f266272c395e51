"""The headless verbs: the same services without a window. Kept light: the window asks here whether a word is a verb."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from app.domain.findings import Finding

if TYPE_CHECKING:
    from app.services.container import Desk

# A folder to work in, and what to do when no window can be shown at all → what does not work.
WindowFaults = Callable[[Path, Callable[[], int]], tuple[Finding, ...]]
VERBS = (
    "practice",
    "new",
    "sheets",
    "import",
    "hand-back",
    "compute",
    "explain",
    "export",
    "reports",
    "take-report",
    "purge-evidence",
    "tasks",
    "open-task",
    "submit",
    "receive",
    "send-results",
    "check",
    "assess",
    "selftest",
)


def wrong_verb(word: str) -> str:
    """What is said of a word that is neither a verb nor a file."""
    from difflib import get_close_matches

    near = get_close_matches(word, VERBS, n=1)
    meant = f"是否想写 {near[0]}？" if near else ""
    return f"没有“{word}”这个动词，也没有这个文件。{meant}\n{known_verbs()}"


def known_verbs() -> str:
    """The verbs in one line."""
    return f"可用的动词：{'、'.join(VERBS)}。用法见 main.py --help。"


def run(desk: Desk, argv: Sequence[str], window_faults: WindowFaults = lambda folder, no_window: ()) -> int:
    """Carry one verb out. Exit code: 0 done, 1 done with findings, 2 wrong call, 3 refused. window_faults: what the
    window says of itself, for the selftest (the verbs do not know it)."""
    from app.cli.running import run_verb

    return run_verb(desk, argv, window_faults)
