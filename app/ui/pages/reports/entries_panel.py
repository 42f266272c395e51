"""清单: last year's problems and promises and the duties of the unit, beside what it writes about them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.domain.reports import EntryKind, EntryState, ListEntry
from app.ui.pages.reports.cards import Card, Cards, Panel
from app.ui.pages.reports.words import ENTRY_KINDS, ENTRY_STATES, ENTRY_TONES
from app.ui.widgets.text import label

if TYPE_CHECKING:
    from app.services.reports import ReportView


class EntriesPanel(Panel):
    """state_wanted (id, state): an entry has got on. Entries of the indicator in front come first."""

    state_wanted = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self.tools.hide()
        self.list = Cards()
        self.rows.addWidget(self.list, 1)
        self._view: ReportView | None = None
        self._fixed = self._item = ""

    def show_view(self, view: ReportView, fixed: str) -> None:
        """The lists beside a report. fixed: why nothing can be changed."""
        self._view, self._fixed = view, fixed
        self._show()

    def show_item(self, item: str) -> None:
        """Another indicator is in front (empty: none)."""
        if item != self._item:
            self._item = item
            self._show()

    def _show(self) -> None:
        view = self._view
        if view is None:
            return
        counts = [f"{ENTRY_KINDS[k]} {len(found)} 条" for k, found in self._groups(view) if found]
        waiting = sum(e.state != "done" for _, found in self._groups(view) for e in found if e.kind != "duty")
        self.summary.setText(
            "，".join(counts) + (f"；{waiting} 条没有完成" if waiting else "") + "。"
            if counts
            else "没有责任清单和上年问题。考核办在“清单”里录入或粘贴后，会显示在这里。"
        )
        cards: list[QWidget] = []
        for kind, found in self._groups(view):
            if found:
                cards.append(label(ENTRY_KINDS[kind], "strong"))
            cards += [self._card(entry) for entry in sorted(found, key=lambda e: not self._fits(e))]
        self.list.show_cards(cards)

    @staticmethod
    def _groups(view: ReportView) -> Sequence[tuple[EntryKind, Sequence[ListEntry]]]:
        return ("problem", view.problems), ("promise", view.promises), ("duty", view.duties)

    def _fits(self, entry: ListEntry) -> bool:
        return bool(self._item) and self._view is not None and f"{self._view.scheme}/{self._item}" in entry.items

    def _card(self, entry: ListEntry) -> QWidget:
        card = Card(strong=self._fits(entry))
        about = [f"{entry.year} 年" if entry.year else "", entry.source, entry.owner]
        about.append(f"时限 {entry.due}" if entry.due else "")
        card.head(" · ".join(a for a in about if a), ENTRY_STATES[entry.state], ENTRY_TONES[entry.state])
        card.say(entry.text, selectable=True)
        names = self._names(entry)
        if names:
            card.say(f"关联指标：{names}", "small")
        if not self._fixed and entry.kind != "duty":
            links: list[tuple[str, Callable[[], object]]] = [
                (f"标为{word}", partial(self._state, entry.id, state))
                for state, word in ENTRY_STATES.items()
                if state != entry.state
            ]
            card.links(*links)
        return card

    def _state(self, id: str, state: EntryState) -> None:
        self.state_wanted.emit(id, state)

    def _names(self, entry: ListEntry) -> str:
        if self._view is None:
            return ""
        known = {f"{self._view.scheme}/{item.id}": item.name for item in self._view.items}
        return "、".join(known[i] for i in entry.items if i in known)
