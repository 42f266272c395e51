"""The form of one line of a list, and the columns of the lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from PySide6.QtWidgets import QLineEdit, QWidget

from app.domain.reports import EntryKind, EntryState, ListEntry
from app.domain.schemes import Scheme, items_of
from app.ui.pages.reports.words import ENTRY_KINDS, ENTRY_STATES, ENTRY_TONES
from app.ui.widgets.forms import FormDialog, Wrong
from app.ui.widgets.picker import Picker
from app.ui.widgets.table import Column

EVERY = "本层级每个单位"


@dataclass(frozen=True, slots=True)
class Names:
    """What codes are called. units: code → name; levels: code → name; items: ``SCHEME/ITEM`` → name; level_of: code of
    unit → its level."""

    units: Mapping[str, str]
    levels: Mapping[str, str]
    items: Mapping[str, str]
    level_of: Mapping[str, str]

    def items_text(self, entry: ListEntry) -> str:
        """The indicators of an entry."""
        return "、".join(self.items.get(item, item) for item in entry.items)


def item_names(schemes: Sequence[Scheme]) -> dict[str, str]:
    """``SCHEME/ITEM`` → name, of every scheme."""
    return {f"{scheme.id}/{item.id}": item.name for scheme in schemes for item in items_of(scheme)}


class EntryForm(FormDialog[ListEntry]):
    """A duty, a problem, a promise."""

    def __init__(self, parent: QWidget, names: Names, level: str, known: ListEntry | None, kind: EntryKind) -> None:
        super().__init__(parent, "修改一条" if known else "录入一条", width=540)
        self._known = known or ListEntry(id="", kind=kind, level=level, text="")
        self._names = names
        now = self._known
        self.kind = self.add_choice("种类", tuple(ENTRY_KINDS.items()), now.kind)
        self.level = self.add_choice("层级", tuple(names.levels.items()), now.level)
        self.unit = Picker((), now.unit)
        self.add_field("单位", self.unit)
        self.text = self.add_text("内容", now.text, "一条一事，如：未按期换届的支部三个", 84)
        self.owner = self.add_line("责任人", now.owner, "可不填")
        self.due = self.add_line("时限", now.due, "如：2026-12-31，或“年底前”")
        self.state = self.add_choice("状态", tuple(ENTRY_STATES.items()), now.state)
        self.year = self.add_line("年度", str(now.year or ""), "问题和承诺出自哪一年", number=True)
        self.source = self.add_line("来源", now.source, "如：上年述职评议、巡察反馈")
        self.item = Picker((("", "（不关联指标）"), *names.items.items()), now.items[0] if now.items else "")
        self.add_field("关联指标", self.item)
        self.level.activated.connect(self._level_chosen)
        self._level_chosen()

    def _level_chosen(self, place: int = 0) -> None:
        level = self.level.currentData()
        of_level = [(code, name) for code, name in self._names.units.items() if self._names.level_of[code] == level]
        made = Picker((("", EVERY), *of_level), self._known.unit)
        self.fields.replaceWidget(self.unit, made)
        self.unit.hide()
        self.unit.deleteLater()
        self.unit = made

    def value(self) -> ListEntry:
        text = self.text.toPlainText().strip()
        if not text:
            raise Wrong(self.text, "请写出内容。")
        unit, item = self.unit.code(), self.item.code()
        if unit is None:
            raise Wrong(self.unit, "请从列表里选一家单位；不限单位的选第一行。")
        if item is None:
            raise Wrong(self.item, "请从列表里选一个指标，或者不关联指标。")
        more = self._known.items[1:]
        return replace(
            self._known,
            kind=cast(EntryKind, self.kind.currentData()),
            level=str(self.level.currentData()),
            unit=unit,
            text=text,
            owner=self.owner.text().strip(),
            due=self.due.text().strip(),
            state=cast(EntryState, self.state.currentData()),
            items=((item,) if item else ()) + tuple(i for i in more if i != item),
            year=_year(self.year),
            source=self.source.text().strip(),
        )


def _year(field: QLineEdit) -> int:
    text = field.text().strip()
    if text and (not text.isdecimal() or len(text) != 4):
        raise Wrong(field, f"年度应填四位数字，现在是“{text}”。")
    return int(text or 0)


def entry_columns(names: Names) -> tuple[Column[ListEntry], ...]:
    """The columns of a list."""
    return (
        Column(key="kind", title="种类", text=lambda e: ENTRY_KINDS[e.kind], width=84),
        Column(
            key="unit",
            title="单位",
            text=lambda e: names.units.get(e.unit, e.unit) or f"{names.levels.get(e.level, e.level)}（全部）",
            width=150,
            strong=True,
        ),
        Column(key="text", title="内容", text=lambda e: e.text, tip=lambda e: e.text, width=180, stretch=True),
        Column(
            key="state",
            title="状态",
            text=lambda e: ENTRY_STATES[e.state],
            tone=lambda e: ENTRY_TONES[e.state],
            align="center",
            width=86,
        ),
        Column(key="owner", title="责任人", text=lambda e: e.owner or "—", width=90),
        Column(key="due", title="时限", text=lambda e: e.due or "—", width=96),
        Column(key="year", title="年度", text=lambda e: str(e.year or "—"), sort=lambda e: e.year, width=64),
        Column(key="source", title="来源", text=lambda e: e.source or "—", tip=lambda e: e.source, width=120),
        Column(key="items", title="关联指标", text=names.items_text, tip=names.items_text, width=130),
    )
