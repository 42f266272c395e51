"""The only place where the rooms are joined: arguments → command line or window, over one desk."""

from __future__ import annotations

import gc
import io
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.domain.findings import Finding
    from app.services.container import Desk

APPLICATION = "sanlian-kaoping"
SUFFIXES = (".slk", ".slp")
_WRONG_CALL, _REFUSED = 2, 3


def main(argv: Sequence[str]) -> int:
    """A verb runs without a window; a year file, or nothing, opens it; a word that is neither is a wrong call."""
    from app.cli import VERBS, wrong_verb

    if argv and (argv[0] in VERBS or argv[0].startswith("-")):
        return run_cli(argv)
    if argv and not _may_be_a_file(argv[0]):
        _say(wrong_verb(argv[0]))
        return _WRONG_CALL
    return run_window(argv)


def desk() -> Desk:
    """The desk of whoever is logged in. Loaded here: the window is painted before there is one."""
    from app.services.container import Desk

    return Desk(_who(), own_folder())


def collect_seldom() -> None:
    """Python looks for circles of dead objects after every 700 new ones, through all that live. Loading makes some
    300,000 that stay: a fifth of the start went into looking. What is not in a circle goes at once as ever."""
    gc.set_threshold(50_000, 20, 100)


def run_cli(argv: Sequence[str]) -> int:
    """One headless verb; the exit code."""
    collect_seldom()
    from app.cli import run

    return run(desk(), argv, _window_faults)


def run_window(argv: Sequence[str]) -> int:
    """The window, with a year file to open at once if one is named; the exit code. Where there is nothing to show it
    on, that is said, and what can be done without."""
    collect_seldom()
    try:
        from app.ui.application import run
    except ImportError as error:
        _say(f"[E-SYS-01] 程序文件缺失：窗口所需的部件不能载入（{error.name or error}）。")
        return _without_window()
    return run(desk, Path(argv[0]) if argv else None, _without_window)


def _window_faults(folder: Path, no_window: Callable[[], int]) -> tuple[Finding, ...]:
    """What the window says of itself when the selftest asks."""
    from app.ui.own_look import window_faults

    return window_faults(folder, no_window)


def _may_be_a_file(word: str) -> bool:
    """A year file or package that has gone is told by the window."""
    try:
        return word.lower().endswith(SUFFIXES) or Path(word).exists()
    except OSError:
        return False


def _without_window() -> int:
    from app.cli import known_verbs

    _say(f"没有显示器，不能打开窗口。没有窗口也能用动词完成工作。{known_verbs()}")
    return _REFUSED


def _say(text: str) -> None:
    """On stderr, in UTF-8 whatever the machine's habits; a windowed program has none."""
    stream = sys.stderr
    if stream is not None:  # pyright: ignore[reportUnnecessaryComparison]
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
        with suppress(OSError):
            sys.stderr.write(text + "\n")
            sys.stderr.flush()


def own_folder() -> Path:
    """Where the program keeps its own small files; ``SLK_HOME`` moves it (a stick, a test)."""
    moved = os.environ.get("SLK_HOME")
    if moved:
        return Path(moved)
    from platformdirs import user_data_path

    return user_data_path(APPLICATION, appauthor=False)


def _who() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "考核办"
