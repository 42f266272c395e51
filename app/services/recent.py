"""The years opened last: a small file of this user, which may be missing or unwritable without harm."""

from __future__ import annotations

import json
from pathlib import Path
from typing import cast

_KEPT = 10


class RecentYears:
    """Paths of year files, newest first."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def all(self) -> tuple[Path, ...]:
        """Those that still exist."""
        return tuple(p for p in self._read() if p.is_file())

    def add(self, path: Path) -> None:
        """This one is the newest now. A folder that cannot be written to is no fault: the list is a convenience."""
        path = path.resolve()
        kept = [path, *(p for p in self._read() if p != path)][:_KEPT]
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            aside = self._file.with_suffix(".new")
            aside.write_text(json.dumps([str(p) for p in kept], ensure_ascii=False), encoding="utf-8")
            aside.replace(self._file)
        except OSError:
            return

    def _read(self) -> list[Path]:
        try:
            content: object = json.loads(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return []
        return [Path(p) for p in cast(list[object], content) if isinstance(p, str)] if isinstance(content, list) else []
