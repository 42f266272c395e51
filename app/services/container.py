"""The two things a window or a command line holds: the desk (no year open) and the services of one open year.

Heavy parts (database, numpy, workbooks) are loaded when a year is opened, not when this module is: the first window
must be painted before them.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from app.domain.findings import Finding
from app.domain.progress import Progress, no_progress
from app.services.open_year import Services
from app.services.recent import RecentYears

if TYPE_CHECKING:
    from app.domain.errors import AppError
    from app.services.assessing import Assessment
    from app.services.exchange.values import TaskView


class Desk:
    """What one can do before a year is open.

    who: the name that stands in the audit trail; own_folder: where the list of years opened last is kept.
    """

    def __init__(self, who: str, own_folder: Path) -> None:
        self._who = who
        self._own_folder = own_folder
        self._recent = RecentYears(own_folder / "recent.json")

    def aside(self, own_folder: Path) -> Desk:
        """A desk of the same person that leaves its traces in another folder."""
        return Desk(self._who, own_folder)

    def open(self, path: Path, break_lock: bool = False) -> Services:
        """Open a year file. Raises the E-DB and E-FILE errors; a read-only place opens for reading."""
        from app.services.opening import open_services

        services = open_services(path, self._who, self._own_folder, break_lock)
        self._recent.add(path)
        return services

    def create(
        self, path: Path, scheme_paths: Sequence[Path], register_path: Path | None, who: str, title: str
    ) -> Services:
        """A new year file from scheme files and the register workbook; the year is that of the schemes. Raises
        SCHEME_BAD, REGISTER_BAD with findings; then no file is left."""
        from app.services.setting_up import create_services

        services = create_services(path, scheme_paths, register_path, who or self._who, title, self._own_folder)
        self._recent.add(path)
        return services

    def look_at_task(self, package: Path, passphrase: str = "") -> TaskView:
        """What a task package says, before anything is made of it. Raises the E-PKG and E-FILE errors, PKG_KIND when it is
        no task."""
        from app.services.task_opening import look_at_task

        return look_at_task(package, passphrase)

    def open_task(self, package: Path, year_path: Path, passphrase: str = "", who: str = "") -> Services:
        """The unit's year file out of the task package of its office. who: the person who works in it, remembered there
        (empty: the name of the desk). Raises the E-PKG and E-FILE errors, PKG_KIND when it
        is no task, INPUT_BAD when there is a file at ``year_path``; then nothing is left."""
        from app.services.task_opening import open_task

        services = open_task(package, year_path, passphrase, who.strip() or self._who, self._own_folder)
        self._recent.add(year_path)
        return services

    def build_practice(self, directory: Path, progress: Progress = no_progress) -> Path:
        """Build the practice year (演练数据) into a folder and compute it; returns the path of its year file."""
        from app.services.practice import build

        return build(self, directory, progress)

    def check_year(self, path: Path) -> tuple[Finding, ...]:
        """The full check of a year file that is not open; empty: sound. Nothing is changed. Raises the E-FILE and
        E-DB errors of a file that is not ours."""
        from app.services.setting_up import check_path

        return check_path(path)

    def check_scheme(self, path: Path) -> tuple[Finding, ...]:
        """Findings of a scheme file: what cannot be read, or what the check says of it."""
        from app.services.setting_up import check_scheme_file

        return check_scheme_file(path)

    def assess(self, path: Path) -> Assessment:
        """Compute a self-contained case and compare it with what it expects. Raises CASE_BAD with findings."""
        from app.services.assessing import assess_case

        return assess_case(path)

    def named(self, error: Exception) -> AppError:
        """The named error behind any exception; one that nobody expected is written down in a crash file."""
        from app.services.failing import named

        return named(error, self._own_folder)

    def recent(self) -> tuple[Path, ...]:
        """Year files opened last, newest first, those that still exist."""
        return self._recent.all()


__all__ = ["Desk", "Services"]
