"""未回: who has not answered the newest task, since when; a list to print and to chase them with."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit, QStackedWidget

from app.domain.progress import Progress
from app.services.changes import Area
from app.services.exchange.values import Outstanding
from app.ui import colours
from app.ui.packages.words import moment
from app.ui.tab import Tab
from app.ui.widgets.commands import Command
from app.ui.widgets.empty import EmptyState
from app.ui.widgets.search import SearchField
from app.ui.widgets.table import Column, Table

if TYPE_CHECKING:
    from app.services.container import Services

LATE = 7  # days after which the number stands out


class OutstandingTab(Tab[tuple[Outstanding, ...]]):
    id, title = "outstanding", "未回"
    areas = frozenset({Area.EXCHANGE, Area.UNITS})

    def build(self) -> None:
        self.search = SearchField("搜索单位")
        self.copy = Command(self, "复制名单", self._copy, icon="copy", tip="复制为文字，便于通知")
        self.export = Command(self, "导出催交清单…", self._export, icon="download", tip="写成工作簿，打印后催交签字")
        self.tools.addWidget(self.search)
        self.tools.addWidget(self.copy.button())
        self.tools.addWidget(self.export.button("primary"))
        self.table: Table[Outstanding] = Table(_columns())
        self.stack = QStackedWidget()
        self.empty = EmptyState("circle-check", "没有未交回的任务", "")
        self.stack.addWidget(self.empty)
        self.stack.addWidget(self.table)
        self.body.addWidget(self.stack, 1)
        self.search.textChanged.connect(self.table.narrow)

    def loader(self) -> Callable[[Services, Progress], tuple[Outstanding, ...]]:
        return lambda services, progress: services.exchange.outstanding()

    def show_data(self, data: tuple[Outstanding, ...]) -> None:
        self.table.show_rows(data)
        self.table.narrow(self.search.text())
        self.stack.setCurrentIndex(1 if data else 0)
        self.empty.show_text("没有未交回的任务", "任务包发出以后，没有交回的单位列在这里，可以导出催交清单。")
        longest = max((o.days for o in data), default=0)
        said = f"{len(data)} 个单位没有交回" + (f"，最久的已过 {longest} 天" if longest else "")
        self.subtitle.setText(said if data else "")
        why = "" if data else "没有未交回的任务。"
        self.copy.set_reason(why)
        self.export.set_reason(why)

    def search_field(self) -> QLineEdit | None:
        return self.search

    def reveal(self, target: str) -> None:
        """target: code of a unit."""
        self.table.go_to(lambda row: row.unit == target)

    def _copy(self) -> None:
        rows = [self.table.contents.row(i) for i in range(self.table.contents.rowCount())]
        lines = [f"{o.unit_name}\t{moment(o.since)}\t{o.days} 天\t{'、'.join(o.what)}" for o in rows]
        QGuiApplication.clipboard().setText("单位\t发出时间\t已过\t要交的内容\r\n" + "\r\n".join(lines) + "\r\n")
        self.work.notices.say(f"已复制 {len(rows)} 个单位。")

    def _export(self) -> None:
        path = self.work.notices.save_file("导出催交清单", "Excel 工作簿 (*.xlsx)", "催交清单.xlsx")
        if path is not None:
            self.read(
                "正在写出催交清单…",
                lambda s, p: s.exchange.write_reminders(path),
                lambda written: self.work.notices.say(f"催交清单已写入 {written}"),
            )


def _columns() -> tuple[Column[Outstanding], ...]:
    return (
        Column(key="name", title="单位", text=lambda o: o.unit_name, width=220, strong=True),
        Column(key="code", title="编码", text=lambda o: o.unit, width=90),
        Column(key="since", title="任务发出", text=lambda o: moment(o.since), sort=lambda o: o.since, width=150),
        Column(
            key="days",
            title="已过",
            text=lambda o: f"{o.days} 天" if o.days else "今天",
            sort=lambda o: o.days,
            ink=lambda o: colours.WARN if o.days >= LATE else "",
            align="right",
            width=70,
        ),
        Column(key="times", title="第几次发", text=lambda o: f"第 {o.times} 次", sort=lambda o: o.times, width=84),
        Column(key="last", title="上次交回", text=lambda o: moment(o.last_return), width=140),
        Column(
            key="what",
            title="要交的内容",
            text=lambda o: "、".join(o.what),
            tip=lambda o: "、".join(o.what),
            width=260,
            stretch=True,
        ),
        Column(key="file", title="任务包文件", text=lambda o: o.file, tip=lambda o: o.file, width=220, hidden=True),
    )
