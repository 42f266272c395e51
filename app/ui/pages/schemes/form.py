"""One form for every record of the scheme language, built from its fields: nothing here knows a single rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QApplication, QScrollArea, QVBoxLayout, QWidget

from app.domain.errors import AppError
from app.domain.scheme_editing import Path, value_at
from app.domain.schemes import Item, Node, Scheme
from app.ui.pages.schemes.draft import Draft, Known
from app.ui.pages.schemes.field_editor import Editor
from app.ui.pages.schemes.fields import editor_for
from app.ui.pages.schemes.form_lines import FormLine, is_last_grade, silent
from app.ui.pages.schemes.rows import Row, class_of, form_rows
from app.ui.widgets.flow import Inside
from app.ui.widgets.text import button, label

MOST_KEPT = 240  # lines that are not shown and wait for the next record of their shape
Key = tuple[object, ...]


class RecordForm(QWidget):
    """The settings at some places of the draft. It follows the draft; ``show_paths`` chooses the places. A line that was
    made once serves every record of its shape, because making widgets is slow.

    built: other lines are shown (another combination, another record).
    """

    built = Signal()

    def __init__(self, draft: Draft, *, wide: bool = False) -> None:
        super().__init__()
        self.draft, self._wide = draft, wide
        self.paths: tuple[Path, ...] = ()
        self.lines: list[FormLine] = []
        self.editors: dict[Path, Editor] = {}
        self._kept: dict[Key, FormLine] = {}  # all lines, the longest unused first
        self._made_for: tuple[Known, str] = (draft.known, draft.read_only)
        self._base: Path = ()
        self._record: tuple[str, str] = ("", "")
        self._paths: tuple[Path, ...] = ()  # of the lines
        self._open = False
        self._stale = False
        self._seen: tuple[object, ...] | None = None  # the scheme, register and rights that the lines show
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(6)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        outer.addWidget(self.area, 1)
        self._inside = Inside()
        self._column = QVBoxLayout(self._inside)
        self._column.setContentsMargins(0, 0, 10, 4)
        self._column.setSpacing(8)
        self.more = button("更多设置", "link")
        self.more.clicked.connect(lambda: self.unfold(not self._open))
        self.more.hide()
        self._column.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        self._column.addStretch(1)
        self.area.setWidget(self._inside)
        self._said = label("", "error", wrap=True)
        self._said.hide()
        outer.addWidget(self._said)
        draft.changed.connect(self._follow)
        draft.refused.connect(self._refused)

    # ---- showing

    def show_paths(self, paths: Sequence[Path]) -> None:
        """The records or lists at these places, one below the other."""
        if tuple(paths) != self.paths:
            self.paths = tuple(paths)
            self._said.hide()
            self._seen = None
        self._follow()

    def unfold(self, on: bool) -> None:
        """Show the rare settings, or hide them."""
        self._open = on
        self._show_folds()

    def focus_path(self, path: Path) -> bool:
        """Put the cursor into the field at this place, or the nearest one above it."""
        for end in range(len(path), 0, -1):
            found = self.editors.get(path[:end])
            if found is None and end < len(path):
                found = next((e for p, e in self.editors.items() if p[:end] == path[:end]), None)
            if found is not None and not (end < 2 and len(path) > end):
                if any(line.row.fold and line.isAncestorOf(found) for line in self.lines):
                    self.unfold(True)
                self.area.ensureWidgetVisible(found)
                inside = found.focusProxy() or found.findChild(QWidget)
                (inside or found).setFocus()
                return True
        return False

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._follow()

    def _follow(self) -> None:
        """Only a form that is seen follows; another one when it is shown."""
        self._stale = not self.isVisible()
        seen = (self.draft.scheme, self.draft.known, self.draft.read_only)
        if (self._stale and self.lines) or _same(seen, self._seen):
            return
        self._seen = seen
        paths = tuple(p for p in self.paths if self.draft.has(p))
        base = paths[0] if len(paths) == 1 and isinstance(value_at(self.draft.scheme, paths[0]), Item | Node) else ()
        record = _record_at(self.draft.scheme, base)
        if record != self._record or (not base and paths != self._paths):
            self._leave()
        self.paths = self._paths = paths
        self._base, self._record = base, record
        self._show(tuple(r for p in paths for r in form_rows(self.draft.scheme, p)))

    def _leave(self) -> None:
        """What is being typed becomes a step of the record before, unless that is gone."""
        gone = _record_at(self.draft.scheme, self._base) != self._record
        for one in self.editors.values():
            one.gone = gone
        focus = QApplication.focusWidget()
        if focus is not None and self._inside.isAncestorOf(focus):
            focus.clearFocus()

    def _show(self, rows: tuple[Row, ...]) -> None:
        if self._made_for != (self.draft.known, self.draft.read_only):
            self._forget()
        told: set[str] = set()
        lines = [self._line(row, self._notes(row, told)) for row in rows]
        self.editors = {(*self._base, *rest): e for line in lines for rest, e in line.editors.items()}
        if lines != self.lines:
            self._arrange(lines)

    def _line(self, row: Row, notes: tuple[str, ...]) -> FormLine:
        """A line that is there already, or a new one."""
        key = self._key(row, notes)
        line = self._kept.pop(key, None)
        if line is not None:
            line.bind(self._base)
        else:
            line = FormLine(self.draft, _below(self._base, row), self._base, notes, self._wide, self._inside)
            line.said.connect(self._refused)
            line.wanted.connect(self.focus_path)
        self._kept[key] = line
        return line

    def _key(self, row: Row, notes: tuple[str, ...]) -> Key:
        """What a line is made of: the same for records of the same shape."""
        scheme, fields = self.draft.scheme, [(*row.path, p.field) for p in row.pieces]
        kinds = tuple(editor_for(self.draft, path, inline=True) for path in fields)
        own = class_of(value_at(scheme, row.path)) if row.pieces else None
        above = class_of(value_at(scheme, row.path[:-1]))
        return above, own, kinds, is_last_grade(scheme, row.path), notes, _below(self._base, row)

    def _notes(self, row: Row, told: set[str]) -> tuple[str, ...]:
        """What settings change on which rules are silent; inside sentences each is said once in a form."""
        if row.kind == "field":
            return (f"{row.help}各地办法多不写明；稳妥的是“{row.safe}”。",) if row.safe else ()
        found = [silent(self.draft.scheme, (*row.path, piece.field)) for piece in row.pieces]
        notes = tuple(dict.fromkeys(n for n in found if n and n not in told))
        told.update(notes)
        return notes

    def _arrange(self, lines: list[FormLine]) -> None:
        """Other lines below each other; those that are not wanted now stay for later."""
        focus = self._focused()
        shown = set(lines)
        for line in self.lines:
            if line not in shown:
                line.hide()
        while self._column.count():
            self._column.takeAt(0)
        for line in lines:
            self._column.addWidget(line)
        self._column.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        self._column.addStretch(1)
        self.lines = lines
        self._show_folds()
        for key in list(self._kept)[: max(0, len(self._kept) - len(lines) - MOST_KEPT)]:
            self._kept.pop(key).deleteLater()
        if focus is not None:
            QTimer.singleShot(0, self, lambda: self._focus_again(focus))
        self.built.emit()

    def _forget(self) -> None:
        """Lines that know an old register, or other rights, are of no use."""
        self._made_for = (self.draft.known, self.draft.read_only)
        for line in self._kept.values():
            line.hide()
            line.deleteLater()  # later: one of its fields may be in the middle of the step that has led here
        self._kept, self.lines = {}, []

    def _show_folds(self) -> None:
        folded = [line for line in self.lines if line.row.fold]
        for line in self.lines:
            line.setVisible(self._open or not line.row.fold)
        count = sum(one.row.kind != "more" and one.row.depth == 0 for one in folded) or len(folded)
        self.more.setVisible(bool(folded))
        self.more.setText("收起更多设置" if self._open else f"更多设置（{count} 项）")

    def _focused(self) -> Path | None:
        now = QApplication.focusWidget()
        return next((p for p, e in self.editors.items() if now is not None and e.isAncestorOf(now)), None)

    def _focus_again(self, path: Path) -> None:
        found = self.editors.get(path)
        if found is not None and found.isVisible():
            (found.findChild(QWidget) or found).setFocus()

    def _refused(self, why: str) -> None:
        self._said.setText(why)
        self._said.setVisible(bool(why))
        QTimer.singleShot(8000, self, self._said.hide)


def _same(one: tuple[object, ...], other: tuple[object, ...] | None) -> bool:
    return other is not None and all(a is b for a, b in zip(one, other, strict=True))


def _record_at(scheme: Scheme, base: Path) -> tuple[str, str]:
    """Which record a form of lines from this place shows; the second is empty when nothing stands there."""
    try:
        return scheme.id, value_at(scheme, base).id
    except AppError:
        return scheme.id, ""


def _below(base: Path, row: Row) -> Row:
    """The row with paths from the base on."""
    if not base:
        return row
    cut = len(base)
    links = tuple(replace(link, path=link.path[cut:]) for link in row.links)
    return replace(row, path=row.path[cut:], links=links)
