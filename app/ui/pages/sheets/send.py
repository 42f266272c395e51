"""发表: one workbook for each evaluator, written into a folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QStackedWidget

from app.domain.progress import Progress
from app.services.changes import Area
from app.services.returns import SheetProgress, SheetState, SheetStatus
from app.services.sheets import SentSheets
from app.ui.pages.sheets.words import STATUS, STATUS_TONES, moment, state_tip
from app.ui.tab import Tab
from app.ui.widgets.commands import Command
from app.ui.widgets.empty import EmptyState
from app.ui.widgets.search import SearchField
from app.ui.widgets.table import Column, Table
from app.ui.widgets.text import button, card, label

if TYPE_CHECKING:
    from app.services.container import Services


class SendTab(Tab[SheetProgress]):
    id, title = "send", "发表"
    areas = frozenset({Area.SHEETS, Area.UNITS, Area.SCHEMES})
    follows_scheme = True

    def build(self) -> None:
        self.folder: Path | None = None
        self.which = QComboBox()
        self.search = SearchField("搜索评议人")
        self.send_all = Command(self, "全部发出…", self._send_all, icon="send", tip="为所列每位评议人写出一份评分表")
        self.send_chosen = Command(
            self, "发出选中的…", self._send_chosen, tip="只为选中的评议人写出评分表（重发时版次加一）"
        )
        self.which.addItem("本层级", "one")
        self.which.addItem("全部层级", "all")
        self.tools.addWidget(self.which)
        self.tools.addWidget(self.search)
        self.tools.addWidget(self.send_chosen.button())
        self.tools.addWidget(self.send_all.button("primary"))
        self.done = card()
        line = QHBoxLayout(self.done)
        self.done_text = label("", wrap=True)
        open_folder = button("打开文件夹", icon="folder-open")
        open_folder.clicked.connect(self._open_folder)
        line.addWidget(self.done_text, 1)
        line.addWidget(open_folder)
        self.done.hide()
        self.body.addWidget(self.done)
        self.places: dict[str, int] = {}  # sheet → its number in official order
        columns: tuple[Column[SheetState], ...] = (
            Column(
                key="evaluator",
                title="评议人",
                text=lambda s: s.evaluator_name,
                sort=lambda s: self.places[s.sheet],
                width=200,
                strong=True,
            ),
            Column(key="scheme", title="层级", text=lambda s: self.level_name(s.scheme), width=130),
            Column(key="sheet", title="评分表编号", text=lambda s: s.sheet, width=190),
            Column(
                key="cells",
                title="应填格数",
                text=lambda s: str(s.expected),
                sort=lambda s: s.expected,
                align="right",
                width=90,
            ),
            Column(
                key="status",
                title="状态",
                text=lambda s: STATUS[s.status],
                tone=lambda s: STATUS_TONES[s.status],
                tip=state_tip,
                align="center",
                width=96,
            ),
            Column(key="sent", title="发出时间", text=lambda s: moment(s.sent_at), width=150),
            Column(
                key="file",
                title="收回的文件",
                text=lambda s: s.file or "—",
                tip=lambda s: s.file,
                width=200,
                stretch=True,
            ),
        )
        self.table = Table(columns)
        self.empty = EmptyState(
            "send",
            "还没有可以发出的评分表",
            "先在“方案”里准备方案，在“单位与评议人”里导入名册；谁评谁定好后，这里会列出每位评议人的评分表。",
        )
        self.stack = QStackedWidget()
        self.stack.addWidget(self.empty)
        self.stack.addWidget(self.table)
        self.body.addWidget(self.stack, 1)
        self.search.textChanged.connect(self.narrow)
        self.which.currentIndexChanged.connect(self.narrow)
        self.table.selectionModel().selectionChanged.connect(self._allow)

    def level_name(self, scheme: str) -> str:
        """The level of a scheme as people call it."""
        document = self.work.scheme_document(scheme)
        return (document.level_name or document.name) if document else scheme

    def loader(self) -> Callable[[Services, Progress], SheetProgress]:
        return lambda services, progress: services.sheets.progress()

    def show_data(self, data: SheetProgress) -> None:
        self.stack.setCurrentIndex(1 if data.sheets else 0)
        self.places = {state.sheet: at for at, state in enumerate(data.sheets)}
        self.table.show_rows(data.sheets)
        self.narrow()

    def search_field(self) -> QLineEdit | None:
        return self.search

    def narrow(self) -> None:
        """Show the sheets of the chosen level that the search finds."""
        scheme = "" if self.which.currentData() == "all" else self.work.scheme
        self.table.narrow(self.search.text(), lambda state: not scheme or state.scheme == scheme)
        shown = [self.table.contents.row(i) for i in range(self.table.contents.rowCount())]
        waiting = sum(state.status is SheetStatus.NOT_SENT for state in shown)
        self.subtitle.setText(f"{len(shown)} 份，其中 {waiting} 份还没有发出" if shown else "")
        self._allow()

    def _allow(self) -> None:
        count = len(self.table.chosen())
        self.writable(self.send_all, why="" if self.table.contents.rowCount() else "没有可以发出的评分表。")
        self.writable(self.send_chosen, why="" if count else "请先在下面选中评议人（按住 Ctrl 可多选）。")

    # ---- sending

    def _send_all(self) -> None:
        everybody = not self.search.text().strip()
        self._send(None if everybody else [self.table.contents.row(i) for i in range(self.table.contents.rowCount())])

    def _send_chosen(self) -> None:
        self._send(self.table.chosen())

    def _send(self, chosen: list[SheetState] | None) -> None:
        folder = self.work.notices.folder("评分表写到哪个文件夹")
        if folder is not None:
            self.send_to(folder, chosen)

    def send_to(self, folder: Path, chosen: list[SheetState] | None) -> None:
        """Write the sheets of the chosen evaluators (none: all) of the shown level into a folder."""
        scheme = None if self.which.currentData() == "all" else self.work.scheme
        evaluators = None if chosen is None else sorted({state.evaluator for state in chosen})
        self.change("正在写出评分表…", lambda s, p: s.sheets.send(folder, scheme, evaluators, p), self._sent)

    def _sent(self, sent: SentSheets) -> None:
        self.folder = sent.folder
        self.done_text.setText(
            f"已写出 {len(sent.files)} 份评分表到 {sent.folder}。用 U 盘或内网交给评议人，填好后在“导入”里收回。"
        )
        self.done.show()

    def _open_folder(self) -> None:
        if self.folder is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.folder)))
