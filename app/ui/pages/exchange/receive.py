"""收回: packages that came back, looked at before anything is written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.domain.progress import Progress
from app.services.changes import Area
from app.services.exchange.values import ReceivedInfo
from app.ui.packages.receiving import DropPlace, Receiving
from app.ui.packages.words import moment, shown_kind
from app.ui.tab import Tab
from app.ui.widgets.commands import Command
from app.ui.widgets.empty import EmptyState
from app.ui.widgets.table import Column, Table
from app.ui.widgets.text import label

if TYPE_CHECKING:
    from app.services.container import Services

ONCE = "先预览：每个包、每处改动怎么处理都列出来，有疑问的由您答复；确认后才写入，写入后可以整步撤销。"


@dataclass(frozen=True, slots=True)
class Received:
    """What came in so far, newest first, and how many units are waited for."""

    packages: tuple[ReceivedInfo, ...]
    waiting: int


class ReceiveTab(Tab[Received]):
    id, title = "receive", "收回"
    areas = frozenset({Area.EXCHANGE})

    def build(self) -> None:
        self.choose_files = Command(self, "选择文件…", self._files, icon="file-text")
        self.choose_folder = Command(
            self, "选择文件夹…", self._folder, icon="folder-open", tip="接收一个文件夹（或 U 盘）里的全部数据包"
        )
        self.subtitle.hide()  # no line of tools above the place where files are dropped
        self.receiving = Receiving(self, self._landing(), "报来")
        self.place.dropped.connect(self.receiving.take)
        self.body.addWidget(self.receiving, 1)
        self.writable(self.choose_files, self.choose_folder)

    def _landing(self) -> QWidget:
        page = QWidget()
        rows = QVBoxLayout(page)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(12)
        self.place = DropPlace("把收回的数据包或整个文件夹拖到这里", ONCE, self.choose_files, self.choose_folder)
        rows.addWidget(self.place)
        self.hint = label("已接收的包", "heading")
        rows.addWidget(self.hint)
        self.table: Table[ReceivedInfo] = Table(_columns())
        self.stack = QStackedWidget()
        self.stack.addWidget(
            EmptyState(
                "inbox",
                "还没有接收过数据包",
                "单位提交的回传包、下级报来的结果包，都在这里接收。第一次收到某台电脑的包时，要与纸质回执核对代码。",
            )
        )
        self.stack.addWidget(self.table)
        rows.addWidget(self.stack, 1)
        return page

    def loader(self) -> Callable[[Services, Progress], Received]:
        return lambda s, p: Received(s.exchange.packages().received, len(s.exchange.outstanding()))

    def show_data(self, data: Received) -> None:
        self.table.show_rows(data.packages)
        self.stack.setCurrentIndex(1 if data.packages else 0)
        waiting = f"，{data.waiting} 个单位还没有交回" if data.waiting else ""
        self.hint.setText(f"已接收 {len(data.packages)} 个包{waiting}")
        self.writable(self.choose_files, self.choose_folder)

    def _files(self) -> None:
        self.receiving.choose_files("选择收回的数据包")

    def _folder(self) -> None:
        self.receiving.choose_folder("选择放数据包的文件夹")


def _columns() -> tuple[Column[ReceivedInfo], ...]:
    return (
        Column(key="at", title="接收时间", text=lambda r: moment(r.at), width=150),
        Column(key="unit", title="单位", text=lambda r: r.unit_name, tip=lambda r: r.unit, width=200, strong=True),
        Column(key="kind", title="包", text=lambda r: f"{shown_kind(r.kind)} 第 {r.sequence} 号", width=130),
        Column(key="code", title="包号", text=lambda r: r.code, width=110),
        Column(key="key", title="密钥码", text=lambda r: r.key_code, width=190),
        Column(
            key="batch", title="批次", text=lambda r: f"第 {r.batch} 批" if r.batch else "—", width=80, align="center"
        ),
        Column(key="by", title="经办", text=lambda r: r.by, width=100),
        Column(key="file", title="文件", text=lambda r: r.file, tip=lambda r: r.file, width=220, stretch=True),
    )
