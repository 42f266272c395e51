"""Files for people: the result workbook, the explanation of one unit, the report of an import."""

from __future__ import annotations

from pathlib import Path

from app.domain.progress import Progress, no_progress
from app.services.changes import Outcome
from app.services.imports.values import ImportPlan


class ExportService:
    """Exports of the open year. Each is written whole or not at all, and noted in the audit trail."""

    def results(self, path: Path, version: int | None = None, progress: Progress = no_progress) -> Outcome[Path]:
        """The result workbook of a kept result (the newest when none is named)."""
        raise NotImplementedError

    def explanation(self, path: Path, scheme_id: str, unit: str) -> Outcome[Path]:
        """The way to one unit's grade as a text file (UTF-8 with signature, so that Notepad and WPS read it)."""
        raise NotImplementedError

    def import_report(self, path: Path, plan: ImportPlan) -> Outcome[Path]:
        """What an import would do, or did: files, cells by kind, findings cell by cell, as a text file."""
        raise NotImplementedError
