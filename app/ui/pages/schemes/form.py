"""One form for every record of the scheme language, built from its fields: nothing here knows a single rule."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QScrollArea, QToolButton, QVBoxLayout, QWidget

from app.domain.errors import AppError
from app.domain.scheme_editing import (
    Path,
    add_entry,
    blank,
    change,
    field_at,
    move_entries,
    remove_entries,
    switch,
    value_at,
)
from app.domain.schemes import Scheme
from app.ui import icons
from app.ui.pages.schemes.choices import WITHOUT, kind_words
from app.ui.pages.schemes.chosen_fields import QuietCombo
from app.ui.pages.schemes.draft import Draft
from app.ui.pages.schemes.field_editor import Editor
from app.ui.pages.schemes.fields import editor
from app.ui.pages.schemes.rows import STARTS, TICKS, Link, Piece, Row, form_rows
from app.ui.widgets.flow import Flow, Inside
from app.ui.widgets.table_model import plain_tip
from app.ui.widgets.text import button, label

NAMES = 92  # pixels for the names before the fields
INDENT = 16


class RecordForm(QWidget):
    """The settings at some places of the draft. It follows the draft; ``show_paths`` chooses the places.

    built: the lines have been made anew (another combination, another record).
    """

    built = Signal()

    def __init__(self, draft: Draft, *, wide: bool = False) -> None:
        super().__init__()
        self.draft, self._wide = draft, wide
        self.paths: tuple[Path, ...] = ()
        self.editors: dict[Path, Editor] = {}
        self._rows: tuple[Row, ...] = ()
        self._made: list[tuple[Row, QWidget]] = []
        self._open = False
        self._told: set[str] = set()
        self._stale = False
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(6)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        outer.addWidget(self.area, 1)
        self._said = label("", "error", wrap=True)
        self._said.hide()
        outer.addWidget(self._said)
        self.more = button("更多设置", "link")
        self.more.clicked.connect(lambda: self.unfold(not self._open))
        draft.changed.connect(self._follow)
        draft.refused.connect(self._refused)

    # ---- showing

    def show_paths(self, paths: Sequence[Path]) -> None:
        """The records or lists at these places, one below the other."""
        if tuple(paths) != self.paths:
            self.paths = tuple(paths)
            self._rows = ()
            self._said.hide()
        self._follow()
        if self._stale:
            self._rows = ()

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
                if found.isHidden() or any(r.fold and found.parent() is w for r, w in self._made):
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
        if self._stale and self._made:
            return
        self.paths = tuple(p for p in self.paths if self.draft.has(p))
        rows = tuple(r for p in self.paths for r in form_rows(self.draft.scheme, p))
        if rows == self._rows and self._made:
            for one in self.editors.values():
                one.refresh()
        else:
            self._rows = rows
            self._build()

    def _build(self) -> None:
        focus = self._focused()
        scrolled = self.area.verticalScrollBar().value()
        self.editors, self._made, self._told = {}, [], set()
        inside = Inside()
        lines = QVBoxLayout(inside)
        lines.setContentsMargins(0, 0, 10, 4)
        lines.setSpacing(8)
        for row in self._rows:
            made = self._line(row)
            self._made.append((row, made))
            lines.addWidget(made)
        self.more = button("更多设置", "link")
        self.more.clicked.connect(lambda: self.unfold(not self._open))
        lines.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        lines.addStretch(1)
        self._show_folds()
        before = self.area.takeWidget()
        self.area.setWidget(inside)
        if before:  # later: one of its fields may be in the middle of the step that has led here
            before.hide()
            before.deleteLater()
        self.area.verticalScrollBar().setValue(scrolled)
        if focus is not None:
            QTimer.singleShot(0, self, lambda: self._focus_again(focus))
        self.built.emit()

    def _show_folds(self) -> None:
        folded = [(r, w) for r, w in self._made if r.fold]
        for _, widget in folded:
            widget.setVisible(self._open)
        count = sum(r.kind != "more" and r.depth == 0 for r, _ in folded) or len(folded)
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

    # ---- lines

    def _line(self, row: Row) -> QWidget:
        line = QWidget()
        across = QHBoxLayout(line)
        across.setContentsMargins(min(row.depth, 4) * INDENT, 0, 0, 0)
        across.setSpacing(8)
        if row.kind == "head":
            across.addWidget(label(row.title, "strong"))
            return line
        if row.kind == "list":
            self._list_head(row, across)
            return line
        if row.kind not in ("entry", "more") and not self._is_quota(row):
            name = label(row.title, "soft", wrap=True)
            name.setFixedWidth(NAMES + 20 if self._wide else NAMES)
            name.setContentsMargins(0, 6, 0, 0)
            name.setToolTip(plain_tip(row.help))
            across.addWidget(name, 0, Qt.AlignmentFlag.AlignTop)
        across.addWidget(self._content(row), 1)
        if row.kind == "entry":
            across.addWidget(self._movers(row), 0, Qt.AlignmentFlag.AlignTop)
        return line

    def _content(self, row: Row) -> QWidget:
        if row.kind == "field":
            return self._field(row)
        flow = Flow()
        if row.kind == "kind":
            flow.add(self._kind(row))
        elif row.kind == "optional" and not self._is_quota(row):
            flow.add(self._optional(row))
        elif row.kind == "entry" and row.title:
            flow.add(label(row.title, "soft"))
        for piece in row.pieces:
            self._piece(flow, row, piece)
        if row.kind == "entry" and _is_last_grade(self.draft.scheme, row.path):
            flow.add(label("：其余单位", "soft"))
        if self._is_quota(row):
            flow.add(self._optional(row))
        for link in row.links:
            flow.add(self._link(link))
        return _with_notes(flow, self._notes(row))

    def _notes(self, row: Row) -> list[str]:
        """What the settings in a sentence change on which rules are silent; each is said once in a form."""
        said: list[str] = []
        for piece in row.pieces:
            told = _silent(self.draft.scheme, (*row.path, piece.field))
            if told and told not in self._told:
                self._told.add(told)
                said.append(told)
        return said

    def _is_quota(self, row: Row) -> bool:
        return row.kind == "optional" and _owner(self.draft.scheme, row.path) == "Grade"

    def _piece(self, flow: Flow, row: Row, piece: Piece) -> None:
        path = (*row.path, piece.field)
        if piece.before:
            flow.add(label(piece.before, "soft"))
        made = editor(self.draft, path, inline=True, text=TICKS.get(piece.field, ""))
        told = _silent(self.draft.scheme, path)
        if told:
            made.setToolTip(plain_tip(told))
        made.said.connect(self._refused)
        self.editors[path] = made
        flow.add(made)
        if piece.behind:
            flow.add(label(piece.behind, "soft"))

    def _field(self, row: Row) -> QWidget:
        made = editor(self.draft, row.path)
        made.said.connect(self._refused)
        self.editors[row.path] = made
        if not row.safe:
            return made
        return _with_notes(made, [f"{row.help}各地办法多不写明；稳妥的是“{row.safe}”。"])

    def _kind(self, row: Row) -> QWidget:
        """What a source, a reading is; another kind keeps what both have."""
        field, value = field_at(self.draft.scheme, row.path), value_at(self.draft.scheme, row.path)
        box = QuietCombo()
        box.setAccessibleName(row.title)
        if field.optional:
            without = WITHOUT.get((_owner(self.draft.scheme, row.path), field.name), ("没有", ""))[0]
            box.addItem(without, "")
        for kind, word in kind_words(field):
            box.addItem(word, kind)
        box.setCurrentIndex(max(0, box.findData(field.choices[field.record.index(type(value))] if value else "")))
        box.setEnabled(not self.draft.read_only)
        path = row.path

        def chosen(place: int) -> None:
            kind = str(box.itemData(place))
            self.draft.do(lambda s: switch(s, path, kind) if kind else change(s, path, None))

        box.activated.connect(chosen)
        return box

    def _optional(self, row: Row) -> QWidget:
        """Whether a record is there at all."""
        field, value = field_at(self.draft.scheme, row.path), value_at(self.draft.scheme, row.path)
        path = row.path
        if self._is_quota(row):
            gone = button("", "quiet", "x", f"去掉{row.title}")
            gone.clicked.connect(lambda: self.draft.do(lambda s: change(s, path, None)))
            return gone
        off, on = WITHOUT.get((_owner(self.draft.scheme, path), field.name), ("不设", "设定"))
        box = QuietCombo()
        box.setAccessibleName(row.title)
        box.addItem(off, False)
        box.addItem(on, True)
        box.setCurrentIndex(int(value is not None))
        box.setEnabled(not self.draft.read_only)
        start = STARTS.get((_owner(self.draft.scheme, path), field.name)) or blank(field.record[0])

        def chosen(place: int) -> None:
            self.draft.do(lambda s: change(s, path, start if box.itemData(place) else None))

        box.activated.connect(chosen)
        return box

    # ---- lists

    def _list_head(self, row: Row, across: QHBoxLayout) -> None:
        name = label(f"{row.title}（{row.count}）" if row.count else row.title, "strong" if row.depth == 0 else "soft")
        name.setToolTip(plain_tip(row.help))
        across.addWidget(name)
        for link in row.links:
            across.addWidget(self._link(link))
        across.addStretch(1)

    def _link(self, link: Link) -> QWidget:
        made = button(f"＋{link.word}", "link")
        made.setEnabled(not self.draft.read_only)
        made.clicked.connect(lambda: self._put_in(link))
        return made

    def _put_in(self, link: Link) -> None:
        """One more entry, or the record that was not there; the cursor goes into it."""
        scheme, path = self.draft.scheme, link.path
        field = field_at(scheme, path)
        if field.sort == "list":
            if not self.draft.do(lambda s: add_entry(s, path, link.value, _place_for(s, path))):
                return
            entries = value_at(self.draft.scheme, path)
            at = len(entries) - 1 if _place_for(scheme, path) is None else len(entries) - 2
            QTimer.singleShot(0, self, lambda: self.focus_path((*path, at)))
        else:
            value = link.value if link.value is not None else blank(field.record[0])
            self.draft.do(lambda s: change(s, path, value))

    def _movers(self, row: Row) -> QWidget:
        """Up, down, away."""
        path, at = row.path[:-1], int(row.path[-1])
        made = QWidget()
        across = QHBoxLayout(made)
        across.setContentsMargins(0, 2, 0, 0)
        across.setSpacing(0)
        for icon, tip, off, step in (
            ("chevron-up", "上移", at == 0, lambda: self.draft.do(lambda s: move_entries(s, path, [at], at - 1))),
            (
                "chevron-down",
                "下移",
                at == row.count - 1,
                lambda: self.draft.do(lambda s: move_entries(s, path, [at], at + 2)),
            ),
            ("trash-2", "删除", False, lambda: self.draft.do(lambda s: remove_entries(s, path, [at]))),
        ):
            one = QToolButton()
            one.setIcon(icons.icon(icon, size=16))
            one.setToolTip(tip)
            one.setAccessibleName(tip)
            one.setEnabled(not off and not self.draft.read_only)
            one.clicked.connect(step)
            across.addWidget(one)
        return made


def _with_notes(content: QWidget, notes: Sequence[str]) -> QWidget:
    """The field and, below it, what it changes."""
    if not notes:
        return content
    made = QWidget()
    lines = QVBoxLayout(made)
    lines.setContentsMargins(0, 0, 0, 0)
    lines.setSpacing(2)
    lines.addWidget(content)
    for note in notes:
        lines.addWidget(label(note, "small", wrap=True))
    return made


def _silent(scheme: Scheme, path: Path) -> str:
    """What is said of a setting on which rules are silent, inside a sentence."""
    from app.domain.scheme_help import help_text, safe_choice
    from app.domain.scheme_words import choice_word, field_word

    cls, name = _owner(scheme, path), str(path[-1])
    safe = safe_choice(cls, name)
    return f"{field_word(cls, name)}：{help_text(cls, name)}稳妥的是“{choice_word(cls, name, safe)}”。" if safe else ""


def _owner(scheme: Scheme, path: Path) -> str:
    return type(value_at(scheme, path[:-1])).__name__


def _is_last_grade(scheme: Scheme, path: Path) -> bool:
    return path == ("ladder", "grades", len(scheme.ladder.grades) - 1)


def _place_for(scheme: Scheme, path: Path) -> int | None:
    """A new grade goes above the lowest one, everything else to the end."""
    try:
        return max(0, len(value_at(scheme, path)) - 1) if path == ("ladder", "grades") else None
    except AppError:
        return None
