"""批注: what the office says to passages of a report, and what the unit has dealt with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.ui.colours import GOOD_TONE, WARN_TONE
from app.ui.pages.reports.cards import Card, Cards, Panel
from app.ui.pages.reports.words import when
from app.ui.widgets.commands import Command
from app.ui.widgets.forms import FormDialog, Wrong

if TYPE_CHECKING:
    from app.services.reports import PlacedRemark


class RemarkForm(FormDialog[str]):
    """What is said to a passage."""

    def __init__(self, parent: QWidget, place: str, quote: str) -> None:
        super().__init__(parent, "批注", save="加上批注", lead=f"{place}：“{quote[:120]}”" if quote else place)
        self.text = self.add_text("意见", hint="写明哪里要改、怎样改，如：请写清数字的来源", height=110)

    def value(self) -> str:
        text = self.text.toPlainText().strip()
        if not text:
            raise Wrong(self.text, "请写出意见。")
        return text


class RemarksPanel(Panel):
    """wanted (PlacedRemark): go to its passage. settled (id, whether). deleted (id)."""

    wanted = Signal(object)
    settled = Signal(str, bool)
    deleted = Signal(str)

    def __init__(self, name_of: Callable[[str], str], add: Command) -> None:
        super().__init__()
        self._name_of = name_of
        self.add = add
        self.tools.add(add.button())
        self.list = Cards()
        self.rows.addWidget(self.list, 1)

    def show_remarks(self, remarks: Sequence[PlacedRemark], *, office: bool, fixed: str) -> None:
        """The remarks, those that wait first. fixed: why nothing can be changed."""
        ordered = sorted(remarks, key=lambda r: r.remark.settled)
        waiting = sum(not r.remark.settled for r in ordered)
        if not ordered:
            said = "没有批注。选中正文里的一段文字，再点“批注”。" if office else "没有批注。"
        else:
            said = f"{len(ordered)} 条批注，" + (f"{waiting} 条未处理。" if waiting else "都已处理。")
        self.summary.setText(said)
        self.tools.setVisible(office)
        self.list.show_cards(self._card(r, office, fixed) for r in ordered)

    def _card(self, placed: PlacedRemark, office: bool, fixed: str) -> QWidget:
        remark = placed.remark
        card = Card(partial(self.wanted.emit, placed) if remark.where else None, strong=not remark.settled)
        word, tone = ("已处理", GOOD_TONE) if remark.settled else ("未处理", WARN_TONE)
        card.head(f"{self._name_of(remark.where)} · {remark.by} {when(remark.at)}", word, tone)
        card.quote(remark.quote)
        if remark.quote and not placed.found:
            card.say("这段文字已经改掉了。", "small")
        card.say(remark.text, "strong" if not remark.settled else "body", selectable=True)
        links: list[tuple[str, Callable[[], object]]] = []
        if remark.where and placed.found:
            links.append(("到原文", partial(self.wanted.emit, placed)))
        if not fixed:
            done = partial(self.settled.emit, remark.id, not remark.settled)
            links.append(("标为未处理" if remark.settled else "标为已处理", done))
        if not fixed and office:
            links.append(("删除", partial(self.deleted.emit, remark.id)))
        card.links(*links)
        return card
