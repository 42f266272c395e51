"""The only place where the rooms are joined: arguments → command line or window, over one desk."""

from __future__ import annotations

import getpass
import os
from collections.abc import Sequence
from pathlib import Path

from app.services.container import Desk

APPLICATION = "sanlian-kaoping"


def main(argv: Sequence[str]) -> int:
    """A verb runs without a window; anything else opens it."""
    from app.cli import VERBS

    if argv and (argv[0] in VERBS or argv[0].startswith("-")):
        return run_cli(argv)
    return run_window(argv)


def desk() -> Desk:
    """The desk of whoever is logged in."""
    return Desk(_who(), own_folder())


def run_cli(argv: Sequence[str]) -> int:
    """One headless verb; the exit code."""
    from app.cli import run

    return run(desk(), argv)


def run_window(argv: Sequence[str]) -> int:
    """The window, with a year file to open at once if one is named; the exit code."""
    from app.ui.application import run

    return run(desk, Path(argv[0]) if argv else None)


def own_folder() -> Path:
    """Where the program keeps its own small files; ``SLK_HOME`` moves it (a stick, a test)."""
    moved = os.environ.get("SLK_HOME")
    if moved:
        return Path(moved)
    from platformdirs import user_data_path

    return user_data_path(APPLICATION, appauthor=False)


def _who() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "考核办"
