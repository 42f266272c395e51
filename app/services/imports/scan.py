"""Scan: read every file, decide nothing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from app.domain.errors import AppError, Fault
from app.domain.progress import Progress
from app.files.excel import FormLookup, scan_sheets, workbook_paths
from app.files.excel.others import other_files, unread_finding
from app.services.imports.values import Scan, ScannedFile, UnreadFile


def scan_files(paths: Sequence[Path], known: FormLookup, progress: Progress) -> Scan:
    """Read files and everything below folders. Raises FILE_MISSING for a path that is not there."""
    for path in paths:
        if not path.exists():
            raise AppError(Fault.FILE_MISSING, f"找不到 {path}。")
    folders = [path for path in paths if path.is_dir()]
    found = workbook_paths(paths)
    progress("正在读取评分表", 0)
    readings = scan_sheets(found, known, progress)
    files = tuple(
        ScannedFile(path=path, name=_shown(path, folders), modified=_modified(path), reading=reading)
        for path, reading in zip(found, readings, strict=True)
    )
    return Scan(files, tuple(_unread(path, _shown(path, folders)) for path in other_files(folders, found)))


def _unread(path: Path, name: str) -> UnreadFile:
    return UnreadFile(path, name, unread_finding(name))


def _shown(path: Path, folders: Sequence[Path]) -> str:
    inside = next((folder for folder in folders if path.is_relative_to(folder)), None)
    return path.relative_to(inside).as_posix() if inside else path.name


def _modified(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0
