"""One line of a form: a field, a choice of a kind, a sentence or an entry of a list, at a place that can be exchanged."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

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
from app.ui.pages.schemes.rows import STARTS, TICKS, Link, Piece, Row
from app.ui.widgets.flow import Flow
from app.ui.widgets.table_model import plain_tip
from app.ui.widgets.text import button, label

NAMES = 92  # pixels for the names before the fields
INDENT = 16


class FormLine(QWidget):
    """One line. The paths in its row start at ``base``, so that the same line serves another record of the same shape.

    said (str): what is wrong with what is typed; wanted (Path): the cursor is to go there.
    """

    said = Signal(str)
    wanted = Signal(object)

    def __init__(self, draft: Draft, row: Row, base: Path, notes: Sequence[str], wide: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self.draft, self.row, self.base, self._wide = draft, row, base, wide
        self.editors: dict[Path, Editor] = {}  # by the path from the base on
        self._choices: list[Callable[[], None]] = []
        across = QHBoxLayout(self)
        across.setContentsMargins(min(row.depth, 4) * INDENT, 0, 0, 0)
        across.setSpacing(8)
        if row.kind == "head":
            across.addWidget(label(row.title, "strong"))
        elif row.kind == "list":
            self._list_head(across)
        else:
            self._setting(across, notes)

    def bind(self, base: Path) -> None:
        """Show what stands at these places now, of the same record or of another one."""
        self.base = base
        for rest, one in self.editors.items():
            one.bind((*base, *rest))
        for choose in self._choices:
            choose()

    def _at(self, path: Path | None = None) -> Path:
        return (*self.base, *(self.row.path if path is None else path))

    # ---- what it is made of

    def _setting(self, across: QHBoxLayout, notes: Sequence[str]) -> None:
        row = self.row
        if row.kind not in ("entry", "more") and not self._is_quota():
            name = label(row.title, "soft", wrap=True)
            name.setFixedWidth(NAMES + 20 if self._wide else NAMES)
            name.setContentsMargins(0, 6, 0, 0)
            name.setToolTip(plain_tip(row.help))
            across.addWidget(name, 0, Qt.AlignmentFlag.AlignTop)
        content = self._add_editor(row.path) if row.kind == "field" else self._sentence()
        across.addWidget(_with_notes(content, notes), 1)
        if row.kind == "entry":
            across.addWidget(self._movers(), 0, Qt.AlignmentFlag.AlignTop)

    def _sentence(self) -> QWidget:
        row, flow = self.row, Flow()
        if row.kind == "kind":
            flow.add(self._kind())
        elif row.kind == "optional" and not self._is_quota():
            flow.add(self._optional())
        elif row.kind == "entry" and row.title:
            flow.add(label(row.title, "soft"))
        for piece in row.pieces:
            self._piece(flow, piece)
        if row.kind == "entry" and is_last_grade(self.draft.scheme, self._at()):
            flow.add(label("：其余单位", "soft"))
        if self._is_quota():
            flow.add(self._optional())
        for link in row.links:
            flow.add(self._link(link))
        return flow

    def _is_quota(self) -> bool:
        return self.row.kind == "optional" and owner_of(self.draft.scheme, self._at()) == "Grade"

    def _piece(self, flow: Flow, piece: Piece) -> None:
        path = (*self.row.path, piece.field)
        if piece.before:
            flow.add(label(piece.before, "soft"))
        made = self._add_editor(path, inline=True, text=TICKS.get(piece.field, ""))
        told = silent(self.draft.scheme, self._at(path))
        if told:
            made.setToolTip(plain_tip(told))
        flow.add(made)
        if piece.behind:
            flow.add(label(piece.behind, "soft"))

    def _add_editor(self, path: Path, inline: bool = False, text: str = "") -> Editor:
        made = editor(self.draft, self._at(path), inline=inline, text=text)
        made.said.connect(self.said)
        self.editors[path] = made
        return made

    def _kind(self) -> QWidget:
        """What a source, a reading is; another kind keeps what both have."""
        field = field_at(self.draft.scheme, self._at())
        box = QuietCombo()
        box.setAccessibleName(self.row.title)
        if field.optional:
            without = WITHOUT.get((owner_of(self.draft.scheme, self._at()), field.name), ("没有", ""))[0]
            box.addItem(without, "")
        for kind, word in kind_words(field):
            box.addItem(word, kind)

        def show() -> None:
            value = value_at(self.draft.scheme, self._at())
            now = field.choices[field.record.index(type(value))] if value else ""
            box.setCurrentIndex(max(0, box.findData(now)))

        def chosen(place: int) -> None:
            path, kind = self._at(), str(box.itemData(place))
            self.draft.do(lambda s: switch(s, path, kind) if kind else change(s, path, None))

        return self._choice(box, show, chosen)

    def _choice(self, box: QuietCombo, show: Callable[[], None], chosen: Callable[[int], None]) -> QWidget:
        show()
        box.setEnabled(not self.draft.read_only)
        box.activated.connect(chosen)
        self._choices.append(show)
        return box

    def _optional(self) -> QWidget:
        """Whether a record is there at all."""
        field = field_at(self.draft.scheme, self._at())
        if self._is_quota():
            gone = button("", "quiet", "x", f"去掉{self.row.title}")
            gone.clicked.connect(lambda: self._put(None))
            return gone
        owner = owner_of(self.draft.scheme, self._at())
        off, on = WITHOUT.get((owner, field.name), ("不设", "设定"))
        box = QuietCombo()
        box.setAccessibleName(self.row.title)
        box.addItem(off, False)
        box.addItem(on, True)
        start = STARTS.get((owner, field.name)) or blank(field.record[0])

        def show() -> None:
            box.setCurrentIndex(int(value_at(self.draft.scheme, self._at()) is not None))

        return self._choice(box, show, lambda place: self._put(start if box.itemData(place) else None))

    def _put(self, value: object) -> None:
        path = self._at()
        self.draft.do(lambda s: change(s, path, value))

    # ---- lists

    def _list_head(self, across: QHBoxLayout) -> None:
        row = self.row
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
        scheme, path = self.draft.scheme, self._at(link.path)
        field = field_at(scheme, path)
        if field.sort == "list":
            if not self.draft.do(lambda s: add_entry(s, path, link.value, _place_for(s, path))):
                return
            entries = value_at(self.draft.scheme, path)
            at = len(entries) - 1 if _place_for(scheme, path) is None else len(entries) - 2
            QTimer.singleShot(0, self, lambda: self.wanted.emit((*path, at)))
        else:
            value = link.value if link.value is not None else blank(field.record[0])
            self.draft.do(lambda s: change(s, path, value))

    def _movers(self) -> QWidget:
        """Up, down, away."""
        at, last = int(self.row.path[-1]), self.row.count - 1
        made = QWidget()
        across = QHBoxLayout(made)
        across.setContentsMargins(0, 2, 0, 0)
        across.setSpacing(0)
        for icon, tip, off, step in (
            ("chevron-up", "上移", at == 0, lambda: self._move(at - 1)),
            ("chevron-down", "下移", at == last, lambda: self._move(at + 2)),
            ("trash-2", "删除", False, self._remove),
        ):
            one = QToolButton()
            one.setIcon(icons.icon(icon, size=16))
            one.setToolTip(tip)
            one.setAccessibleName(tip)
            one.setEnabled(not off and not self.draft.read_only)
            one.clicked.connect(step)
            across.addWidget(one)
        return made

    def _move(self, to: int) -> None:
        path, at = self._at()[:-1], int(self.row.path[-1])
        self.draft.do(lambda s: move_entries(s, path, [at], to))

    def _remove(self) -> None:
        path, at = self._at()[:-1], int(self.row.path[-1])
        self.draft.do(lambda s: remove_entries(s, path, [at]))


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


def silent(scheme: Scheme, path: Path) -> str:
    """What is said of a setting on which rules are silent, inside a sentence."""
    from app.domain.scheme_help import help_text, safe_choice
    from app.domain.scheme_words import choice_word, field_word

    cls, name = owner_of(scheme, path), str(path[-1])
    safe = safe_choice(cls, name)
    return f"{field_word(cls, name)}：{help_text(cls, name)}稳妥的是“{choice_word(cls, name, safe)}”。" if safe else ""


def owner_of(scheme: Scheme, path: Path) -> str:
    """The class of the record that a field at this place belongs to."""
    return type(value_at(scheme, path[:-1])).__name__


def is_last_grade(scheme: Scheme, path: Path) -> bool:
    """Whether it is the lowest grade, to which all other units come."""
    return path == ("ladder", "grades", len(scheme.ladder.grades) - 1)


def _place_for(scheme: Scheme, path: Path) -> int | None:
    """A new grade goes above the lowest one, everything else to the end."""
    try:
        return max(0, len(value_at(scheme, path)) - 1) if path == ("ladder", "grades") else None
    except AppError:
        return None
