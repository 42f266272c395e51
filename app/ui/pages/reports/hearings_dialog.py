"""述职方式与顺序: who reports orally, who in writing, and the order drawn by lot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.report_forms import Manner
from app.ui.pages.reports.words import MANNERS
from app.ui.widgets.grid import Grid
from app.ui.widgets.reasons import ask_reason
from app.ui.widgets.table import Column
from app.ui.widgets.text import button, label
from app.ui.workspace import Workspace

if TYPE_CHECKING:
    from app.services.reports import HearingLine

_MANNER_OF: dict[str, Manner] = {word: manner for manner, word in MANNERS.items()}


class HearingsDialog(QDialog):
    """One body at a time; its units with manner and place."""

    def __init__(self, parent: QWidget, work: Workspace, scheme: str, lines: Sequence[HearingLine]) -> None:
        super().__init__(parent)
        self.work, self.scheme = work, scheme
        self.lines: tuple[HearingLine, ...] = ()
        self.setWindowTitle("述职方式与顺序")
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(620, 560)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(20, 16, 20, 16)
        rows.setSpacing(10)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(label("向", "soft"))
        self.body = QComboBox()
        self.body.setMinimumWidth(200)
        self.body.currentIndexChanged.connect(self._narrow)
        head.addWidget(self.body)
        head.addWidget(label("述职的单位", "soft"))
        head.addStretch(1)
        self.draw = button("抽签", "primary", tip="口头述职的单位抽签定顺序；重抽要写理由")
        self.draw.clicked.connect(self._draw)
        head.addWidget(self.draw)
        rows.addLayout(head)
        self.summary = label("", "soft", wrap=True)
        rows.addWidget(self.summary)
        self.table: Grid[HearingLine] = Grid(_columns(work.read_only), row_height=30, sortable=True)
        self.table.edited.connect(self._edited)
        self.table.refused.connect(self._refused)
        rows.addWidget(self.table, 1)
        ends = QHBoxLayout()
        ends.addStretch(1)
        close = button("关闭")
        close.clicked.connect(self.accept)
        ends.addWidget(close)
        rows.addLayout(ends)
        self.show_lines(lines)

    def show_lines(self, lines: Sequence[HearingLine]) -> None:
        """The hearings as they are now."""
        self.lines = tuple(lines)
        kept = self.body.currentData()
        bodies = {h.hearing.body: h.body_name for h in lines}
        self.body.blockSignals(True)
        self.body.clear()
        for code, name in bodies.items():
            self.body.addItem(name, code)
        self.body.setCurrentIndex(max(0, self.body.findData(kept)))
        self.body.blockSignals(False)
        self._narrow()

    def shown(self) -> list[HearingLine]:
        """Those of the chosen body, in their order."""
        body = self.body.currentData()
        found = [h for h in self.lines if h.hearing.body == body]
        return sorted(found, key=lambda h: (h.hearing.manner == "written", h.hearing.order or 1_000_000))

    def _narrow(self, place: int = 0) -> None:
        shown = self.shown()
        oral = [h for h in shown if h.hearing.manner == "oral"]
        drawn = sum(bool(h.hearing.order) for h in oral)
        if not shown:
            said = "这一层级的单位没有登记向谁述职。请在“单位与评议人”里填写“上级”或“另向…述职”。"
        else:
            said = f"{len(oral)} 家口头、{len(shown) - len(oral)} 家书面。"
            said += f"{drawn} 家已有顺序。" if drawn else "还没有抽签。" if oral else ""
        self.summary.setText(said)
        self.table.show_rows(shown)
        self.draw.setText("重新抽签…" if drawn else "抽签")
        self.draw.setEnabled(bool(oral) and not self.work.read_only)

    def _edited(self, edits: list[tuple[HearingLine, str, str]]) -> None:
        first, *rest = edits
        one, manner = first[0].hearing, _MANNER_OF[first[2]]
        self.work.change(
            "正在保存…",
            lambda s, p: s.hearings.set_manner(one.scheme, one.unit, one.body, manner),
            lambda _: self._edited(rest) if rest else self._read(),
            owner=self,
        )

    def _refused(self, said: list[str]) -> None:
        self.work.notices.tell("没有改动", "\n".join(said[:5]))

    def _read(self) -> None:
        self.work.read("正在读取…", lambda s, p: s.hearings.list(self.scheme), self.show_lines, owner=self)

    def _draw(self) -> None:
        body = str(self.body.currentData() or "")
        if any(h.hearing.order for h in self.shown()):
            self.reason = ask_reason(
                self,
                "重新抽签",
                "原来的顺序作废，抽签结果和理由都留在审计记录里。",
                "抽签",
                lambda reason, close, wrong: self._lots(body, reason, close, wrong),
            )
        else:
            self._lots(body, "", lambda: None, None)

    def _lots(
        self,
        body: str,
        reason: str,
        close: Callable[[], object],
        wrong: Callable[[BaseException], bool] | None,
    ) -> None:
        self.work.change(
            "正在抽签…",
            lambda s, p: s.hearings.draw_lots(self.scheme, body, reason),
            lambda _: (close(), self._read()),
            owner=self,
            failed=wrong,
        )


def _columns(read_only: str) -> tuple[Column[HearingLine], ...]:
    manners: list[Manner] = ["oral", "written"]
    words = [MANNERS[m] for m in manners]
    return (
        Column(
            key="order",
            title="顺序",
            text=lambda h: str(h.hearing.order or "—"),
            sort=lambda h: h.hearing.order or 1_000_000,
            align="center",
            width=64,
        ),
        Column(key="unit", title="单位", text=lambda h: h.unit_name, width=180, stretch=True, strong=True),
        Column(
            key="manner",
            title="方式",
            text=lambda h: MANNERS[h.hearing.manner],
            check=lambda h, text: "" if text in words else "请选口头或书面。",
            choices=lambda h: words,
            locked=lambda h: read_only,
            width=110,
        ),
    )
