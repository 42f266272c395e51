"""Opening a year file. Little is loaded for it: the window waits for this before it can show its first page."""

from __future__ import annotations

from pathlib import Path

from app.domain.errors import AppError, Fault
from app.domain.findings import Finding
from app.services.open_year import Services
from app.services.session import Session
from app.storage.year_file import YearFile


def open_services(path: Path, who: str, own_folder: Path, break_lock: bool) -> Services:
    """The services of an existing year; a place that cannot be written to is opened for reading."""
    try:
        file = YearFile.open(path, break_lock=break_lock)
    except AppError as error:
        if error.fault is not Fault.FILE_READ_ONLY:
            raise
        file = YearFile.open(path, read_only=True)
    return services_of(file, who, own_folder)


def services_of(file: YearFile, who: str, own_folder: Path, remarks: tuple[Finding, ...] = ()) -> Services:
    """The services over one session. remarks: see ``Services.remarks``."""
    return Services(Session(file, who, own_folder), remarks)
