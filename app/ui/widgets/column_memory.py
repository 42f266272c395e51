"""Remembers which columns of a table were hidden and how wide they were made, in the window's own ini file."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWidgets import QTableView

from app.ui import places
from app.ui.widgets.table_model import Column


class ColumnMemory:
    """The columns of one table; tables with the same columns share what is remembered. width: how wide a column was
    made, also while the window leaves it less."""

    def __init__(self, table: QTableView, columns: Sequence[Column[Any]], width: Callable[[int], int]) -> None:
        self._table, self._columns, self._width = table, columns, width
        self._name = f"columns/{zlib.crc32('|'.join(c.key for c in columns).encode()):08x}"
        self._first = self._now()
        self._take_up()
        self._noted = self._now()

    def note(self) -> None:
        """Keep what the user has changed since."""
        now = self._now()
        if now != self._noted:
            self._noted = now
            changed = {key: value for key, value in now.items() if value != self._first[key]}
            places.settings().setValue(self._name, json.dumps(changed))

    def _now(self) -> dict[str, tuple[int, bool]]:
        """Key of each column → width in pixels (0 for one that stretches), hidden."""
        return {
            column.key: (
                0 if column.stretch or self._table.isColumnHidden(place) else self._width(place),
                self._table.isColumnHidden(place),
            )
            for place, column in enumerate(self._columns)
        }

    def _take_up(self) -> None:
        try:
            known: dict[str, tuple[int, bool]] = json.loads(str(places.settings().value(self._name, "{}")))
            for place, column in enumerate(self._columns):
                width, hidden = known.get(column.key, (0, self._table.isColumnHidden(place)))
                if width > 0:
                    self._table.setColumnWidth(place, int(width))
                self._table.setColumnHidden(place, bool(hidden) and place > 0)
        except (ValueError, TypeError, AttributeError):
            return  # somebody has edited the ini file: the program's own widths stand
