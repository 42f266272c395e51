"""What every editor of a single field is: a widget that knows its place in the document and stores a value as a step."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.domain.quantities import number_text
from app.domain.scheme_editing import Field, Path, change, field_at, value_at
from app.domain.scheme_words import field_word
from app.ui.pages.schemes.draft import Draft


class Editor(QWidget):
    """One field. said (str): what is wrong with what is typed (empty: nothing). gone: its record is no longer there."""

    said = Signal(str)

    def __init__(self, draft: Draft, path: Path) -> None:
        super().__init__()
        self.draft, self.path = draft, path
        self.gone = False
        self.field: Field = field_at(draft.scheme, path)
        self.record = cast("type[Any]", type(value_at(draft.scheme, path[:-1])))
        self.word = field_word(self.record, self.field.name)
        self.rows = QHBoxLayout(self)
        self.rows.setContentsMargins(0, 0, 0, 0)
        self.rows.setSpacing(4)
        self.setAccessibleName(self.word)

    def value(self) -> Any:
        """What stands in the document."""
        return value_at(self.draft.scheme, self.path)

    def bind(self, path: Path) -> None:
        """Stand for the same field of this record from now on."""
        self.path, self.gone = path, False
        self.refresh()

    def refresh(self) -> None:
        """Show what the document says now."""
        raise NotImplementedError

    def store(self, value: Any) -> None:
        """One step; a refusal is said and the old value shown again."""
        if not self.gone and value != self.value():
            path = self.path
            self.draft.do(lambda s: change(s, path, value))


def text_of(value: Any) -> str:
    """A value as it is typed."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Fraction | int):
        return number_text(value)
    if isinstance(value, tuple):
        return "、".join("满分" if v == "full" else text_of(v) for v in cast(tuple[Any, ...], value))
    return str(value)
