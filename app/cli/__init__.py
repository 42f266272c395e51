"""The headless verbs: the same services without a window. Kept light: the window asks here whether a word is a verb."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.services.container import Desk

VERBS = ("practice", "new", "sheets", "import", "compute", "explain", "export", "check", "assess", "selftest")


def run(desk: Desk, argv: Sequence[str]) -> int:
    """Carry one verb out. Exit code: 0 done, 1 done with findings, 2 wrong call, 3 refused."""
    from app.cli.running import run_verb

    return run_verb(desk, argv)
