"""The bar above the editor while a change waits for a yes: how many units would stand differently, and who, and why."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.schemes import Scheme
from app.services.comparison import ResultChange
from app.ui.pages.schemes.saving import Waiting
from app.ui.widgets.chips import grade_name
from app.ui.widgets.moves import moved_text
from app.ui.widgets.table import Column, Table
from app.ui.widgets.text import button, label

NAMED = 2


class WaitingBar(QFrame):
    """accepted, refused: what the user decides; asked: who moves, in detail."""

    accepted = Signal()
    refused = Signal()
    asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "waiting")
        across = QHBoxLayout(self)
        across.setContentsMargins(14, 8, 10, 8)
        across.setSpacing(8)
        self.text = label("", wrap=True)
        across.addWidget(self.text, 1)
        self.who = button("谁会变动…")
        self.give_up = button("放弃改动")
        self.accept = button("接受改动", "primary")
        for one, signal in ((self.who, self.asked), (self.give_up, self.refused), (self.accept, self.accepted)):
            one.clicked.connect(signal.emit)
            across.addWidget(one, 0, Qt.AlignmentFlag.AlignVCenter)
        self.hide()

    def show_waiting(self, held: Waiting | None, scheme: Scheme) -> None:
        """What waits; nothing: the bar goes."""
        self.setVisible(held is not None)
        if held is None:
            return
        said: list[str] = []
        if held.moves:
            graded = [m for m in held.moves if m.grade_before != m.grade_after]
            count = f"{len(held.moves)} 个单位会变动" + (f"，其中 {len(graded)} 个等次变" if graded else "，等次都不变")
            first = "；".join(moved_text(m, scheme) for m in (graded or list(held.moves))[:NAMED])
            said.append(f"按现有数据，{count}。如 {first}。")
        said += [f"{f.message}。" for f in held.lost[:2]]
        steps = f"（{len(held.steps)} 处改动）" if len(held.steps) > 1 else ""
        self.text.setText(f"改动还没有存入年度文件{steps}。" + "".join(said))
        self.who.setVisible(bool(held.moves))


class MovesDialog(QDialog):
    """Every unit that moves: score, rank, grade, why."""

    def __init__(self, parent: QWidget, title: str, moves: tuple[ResultChange, ...], scheme: Scheme) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(1000, 560)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(20, 16, 20, 16)
        rows.setSpacing(10)
        graded = sum(m.grade_before != m.grade_after for m in moves)
        rows.addWidget(label(f"{len(moves)} 个单位的总分、名次或等次不同，其中 {graded} 个等次不同。", wrap=True))
        self.table: Table[ResultChange] = Table(_columns(scheme))
        self.table.show_rows(moves)
        rows.addWidget(self.table, 1)
        ends = QHBoxLayout()
        ends.addStretch(1)
        close = button("关闭", "primary")
        close.clicked.connect(self.accept)
        ends.addWidget(close)
        rows.addLayout(ends)


def _columns(scheme: Scheme) -> list[Column[ResultChange]]:
    def cell(name: str) -> str:
        return name or "无"

    def parts(move: ResultChange) -> dict[str, str]:
        text = moved_text(move, scheme).partition("：")[2]
        return {p.partition(" ")[0]: p.partition(" ")[2] for p in text.split("，") if p}

    return [
        Column(key="name", title="单位", text=lambda m: m.name, width=150),
        Column(key="series", title="系列", text=lambda m: m.series, width=90),
        Column(key="total", title="总分", text=lambda m: parts(m).get("总分", "不变"), width=130, align="right"),
        Column(key="rank", title="名次", text=lambda m: parts(m).get("名次", "不变"), width=80, align="center"),
        Column(
            key="grade",
            title="等次",
            text=lambda m: (
                f"{cell(grade_name(scheme, m.grade_before))} → {cell(grade_name(scheme, m.grade_after))}"
                if m.grade_before != m.grade_after
                else "不变"
            ),
            width=110,
        ),
        Column(
            key="why",
            title="为什么",
            text=lambda m: "；".join(r.sentence for r in m.reasons),
            width=360,
            stretch=True,
            tip=lambda m: "\n".join(r.sentence for r in m.reasons),
        ),
    ]
