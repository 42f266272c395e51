"""检查数据库: every fault of a year file, named; the check changes nothing."""

from __future__ import annotations

from pathlib import Path

from app.domain.findings import Finding


def check_year_file(path: Path) -> tuple[Finding, ...]:
    """Integrity, keys, trail, version, marks against layouts, orphans, fingerprints of documents and results. Never
    raises for what is in the file."""
    raise NotImplementedError
