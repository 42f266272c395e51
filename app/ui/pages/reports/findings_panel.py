"""检查: what the examination advises; each line leads to its passage, copied words are shown side by side."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.domain.reports import ReportFinding
from app.ui.pages.reports.cards import Card, Cards, Panel
from app.ui.widgets.text import button, label

SAID = 12  # characters of a passage by which one sees that the message has it already
ADVICE = "只是建议，不影响得分"


class FindingsPanel(Panel):
    """wanted (finding): go to its passage. compared (finding): show the passages side by side. again: examine now."""

    wanted = Signal(object)
    compared = Signal(object)
    again = Signal()

    def __init__(self, name_of: Callable[[str], str]) -> None:
        super().__init__()
        self._name_of = name_of
        self.findings: tuple[ReportFinding, ...] | None = None
        self.run = button("重新检查", icon="rotate-ccw", tip="按现在写的内容再检查一遍")
        self.run.clicked.connect(self.again.emit)
        self.tools.add(self.run)
        self.list = Cards()
        self.rows.addWidget(self.list, 1)
        self.show_findings(None)

    def show_findings(self, findings: tuple[ReportFinding, ...] | None) -> None:
        """What the examination has found; none: it has not come back yet."""
        self.findings = findings
        if findings is None:
            self.summary.setText("正在检查…")
            return
        self.summary.setText(f"{len(findings)} 条意见，{ADVICE}。" if findings else f"没有发现问题。检查{ADVICE}。")
        self.list.show_cards(self._card(f) for f in findings)

    def say_stale(self) -> None:
        """Something was written since."""
        if self.findings is not None:
            self.summary.setText(f"之后又写了新的内容；点“重新检查”再看。检查{ADVICE}。")

    def _card(self, finding: ReportFinding) -> QWidget:
        passage = finding.passage
        go = partial(self.wanted.emit, finding) if passage is not None and passage.where else None
        card = Card(go)
        name, quote = self._name_of(passage.where if passage else ""), passage.quote if passage else ""
        if name not in finding.message:
            card.rows.addWidget(label(name, "small"))
        card.say(finding.message, "strong")
        if quote[:SAID] not in finding.message:
            card.quote(quote)
        card.say(finding.step, "soft")
        links: list[tuple[str, Callable[[], object]]] = []
        if go is not None:
            links.append(("到原文", go))
        if finding.beside is not None:
            links.append(("对照…", partial(self.compared.emit, finding)))
        card.links(*links)
        return card
