"""导入: choose files, see what becomes of every cell, answer what only a person can answer, apply; take batches back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.domain.errors import AppError
from app.domain.progress import Progress
from app.services.changes import Area
from app.services.imports.handing_back import HandedBack, faulty_files, refuse_beside
from app.services.imports.values import Batch, OpenPlan, ReadyPlan, Scan
from app.ui import colours, icons
from app.ui.colours import GOOD_TONE, NEUTRAL
from app.ui.pages.sheets.handing_back import Chosen, HandBackForm
from app.ui.pages.sheets.preview import Preview
from app.ui.pages.sheets.words import moment
from app.ui.tab import Tab
from app.ui.widgets.commands import Command
from app.ui.widgets.reasons import ask_reason
from app.ui.widgets.table import Column, Table
from app.ui.widgets.text import label

if TYPE_CHECKING:
    from app.services.container import Services

SHEETS = "评分表 (*.xlsx *.xls *.et *.xlsm)"


@dataclass(frozen=True, slots=True)
class ImportData:
    """What the tab shows while nothing is being imported, and the names of units for the preview."""

    batches: tuple[Batch, ...]
    names: dict[str, str]


class DropPlace(QFrame):
    """Where files and folders can be dropped. dropped (list of Path)."""

    dropped = Signal(object)

    def __init__(self, files: Command, folder: Command) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.setAcceptDrops(True)
        self.setMinimumHeight(112)
        line = QHBoxLayout(self)
        line.setContentsMargins(24, 16, 24, 16)
        line.setSpacing(16)
        drawing = label()
        drawing.setPixmap(icons.pixmap("inbox", colours.LINE_STRONG, 44))
        line.addWidget(drawing)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addStretch(1)
        words.addWidget(label("把收回的评分表或整个文件夹拖到这里", "heading"))
        words.addWidget(
            label("先预览：每个单元格怎么处理都列出来，确认后才写入；写入后可以整批撤销。", "soft", wrap=True)
        )
        words.addStretch(1)
        line.addLayout(words, 1)
        line.addWidget(files.button())
        line.addWidget(folder.button("primary"))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.dropped.emit(paths)


class ImportTab(Tab[ImportData]):
    id, title = "import", "导入"
    areas = frozenset({Area.SHEETS, Area.UNITS})

    def build(self) -> None:
        self.data = ImportData((), {})
        self.scanned: Scan | None = None
        self.answers: dict[str, str] = {}
        self.plan: OpenPlan | ReadyPlan | None = None
        self.choose_files = Command(self, "选择文件…", self._choose_files, icon="file-text")
        self.choose_folder = Command(
            self, "选择文件夹…", self._choose_folder, icon="folder-open", tip="导入一个文件夹里的全部评分表"
        )
        self.undo = Command(self, "撤销导入…", self._undo, icon="undo-2", tip="撤销选中的一批：恢复到导入之前的分数")
        self.subtitle.hide()  # no line of tools above the place where files are dropped
        self.stack = QStackedWidget()
        self.stack.addWidget(self._landing())
        self.preview = Preview(self)
        self.preview.answered.connect(self._answer)
        self.preview.left.connect(self.leave)
        self.preview.applied.connect(self._apply)
        self.preview.report_wanted.connect(self._report)
        self.preview.hand_back_wanted.connect(self.hand_back)
        self.stack.addWidget(self.preview)
        self.body.addWidget(self.stack, 1)
        self.writable(self.choose_files, self.choose_folder)

    def _landing(self) -> QWidget:
        page = QWidget()
        rows = QVBoxLayout(page)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(12)
        self.place = DropPlace(self.choose_files, self.choose_folder)
        self.place.dropped.connect(self.scan)
        rows.addWidget(self.place)
        head = QHBoxLayout()
        head.addWidget(label("导入批次", "heading"))
        self.batch_hint = label("", "soft")
        head.addWidget(self.batch_hint, 1)
        head.addWidget(self.undo.button("danger"))
        rows.addLayout(head)
        columns: tuple[Column[Batch], ...] = (
            Column(key="number", title="批次", text=lambda b: f"第 {b.number} 批", sort=lambda b: b.number, width=80),
            Column(key="at", title="时间", text=lambda b: moment(b.at), width=150),
            Column(key="by", title="经办", text=lambda b: b.by, width=110),
            Column(
                key="sheets",
                title="评分表",
                text=lambda b: f"{b.sheets} 份",
                sort=lambda b: b.sheets,
                align="right",
                width=90,
            ),
            Column(
                key="cells",
                title="分数",
                text=lambda b: f"{b.cells} 个",
                sort=lambda b: b.cells,
                align="right",
                width=100,
            ),
            Column(
                key="state",
                title="状态",
                text=lambda b: "已撤销" if b.undone else "有效",
                tone=lambda b: NEUTRAL if b.undone else GOOD_TONE,
                tip=lambda b: b.reason,
                align="center",
                width=84,
            ),
            Column(
                key="files",
                title="文件",
                text=lambda b: "、".join(b.files),
                tip=lambda b: "\n".join(b.files[:40]),
                width=240,
                stretch=True,
            ),
        )
        self.batches = Table(columns)
        self.batches.picked.connect(self._allow)
        rows.addWidget(self.batches, 1)
        return page

    def loader(self) -> Callable[[Services, Progress], ImportData]:
        return lambda services, progress: ImportData(
            services.sheets.batches(), {unit.code: unit.name for unit in services.units.units()}
        )

    def show_data(self, data: ImportData) -> None:
        self.data = data
        self.batches.show_rows(data.batches)
        standing = sum(not batch.undone for batch in data.batches)
        self.batch_hint.setText(
            f"共 {len(data.batches)} 批，{standing} 批有效" if data.batches else "还没有导入过评分表。"
        )
        self._allow()

    def _allow(self) -> None:
        batch = self.batches.current()
        why = "请先在下面选中一批。" if batch is None else "这一批已经撤销过。" if batch.undone else ""
        self.writable(self.undo, why=why)

    # ---- scan and plan

    def _choose_files(self) -> None:
        if paths := self.work.notices.open_files("选择收回的评分表", SHEETS):
            self.scan(paths)

    def _choose_folder(self) -> None:
        folder = self.work.notices.folder("选择放评分表的文件夹")
        if folder is not None:
            self.scan([folder])

    def scan(self, paths: list[Path]) -> None:
        """Read files and folders, then show what importing them would do."""
        if self.work.read_only:
            self.work.notices.say(self.work.read_only)
            return

        def work(services: Services, progress: Progress) -> tuple[Scan, OpenPlan | ReadyPlan]:
            scanned = services.sheets.scan(paths, progress)
            return scanned, services.sheets.plan(scanned, {})

        self.read("正在读取评分表…", work, self._scanned)

    def _scanned(self, found: tuple[Scan, OpenPlan | ReadyPlan]) -> None:
        self.scanned, plan = found
        self.answers = {}
        if not plan.files:
            self.work.notices.tell(
                "没有找到评分表", "所选的位置里没有 .xlsx 文件。请确认评分表放在哪个文件夹，再选一次。"
            )
            return
        self._show(plan)

    def _show(self, plan: OpenPlan | ReadyPlan) -> None:
        self.plan = plan
        self.preview.show_plan(plan, self.data.names)
        self.stack.setCurrentIndex(1)

    def _answer(self, answers: dict[str, str]) -> None:
        self.answers |= answers
        scanned, given = self.scanned, dict(self.answers)
        if scanned is not None:
            self.read("正在重新核对…", lambda s, p: s.sheets.plan(scanned, given), self._show)

    # ---- apply, leave, take back

    def _apply(self) -> None:
        plan = self.plan
        if isinstance(plan, ReadyPlan):
            self.change("正在导入评分表…", lambda s, p: s.sheets.apply(plan, p), self._applied)

    def _applied(self, batch: Batch) -> None:
        self.leave()
        self.work.notices.say(
            f"第 {batch.number} 批：已写入 {batch.sheets} 份评分表、{batch.cells} 个分数。可在“导入批次”里撤销。"
        )

    def leave(self) -> None:
        """Drop the preview; nothing has been written by it."""
        self.plan = self.scanned = None
        self.answers = {}
        self.stack.setCurrentIndex(0)

    def _report(self) -> None:
        plan = self.plan
        path = self.work.notices.save_file("导出导入清单", "文本 (*.txt)", "导入清单.txt")
        if plan is not None and path is not None:
            self.change("正在写出清单…", lambda s, p: s.exports.import_report(path, plan))

    # ---- hand back

    def hand_back(self) -> HandBackForm | None:
        """Ask which faulty sheets go back, and write the copies; the preview stays as it is."""
        if self.plan is None:
            return None
        form = HandBackForm(self, faulty_files(self.plan))

        def chosen(value: Chosen, close: Callable[[], object], wrong: Callable[[BaseException], bool]) -> None:
            folder = self.work.notices.folder("退回的副本写到哪个文件夹（不能是收回原件所在的文件夹）")
            if folder is None:
                form.save_button.setEnabled(True)
                return

            try:
                refuse_beside(value.files, folder)
            except AppError as error:
                wrong(error)
                return
            close()  # so that the writing can be cancelled in the window
            self.change(
                "正在写退回的副本…",
                lambda s, p: s.sheets.hand_back(value.files, folder, value.note, p),
                self._handed_back,
            )

        form.submit(chosen)
        return form

    def _handed_back(self, back: HandedBack) -> None:
        text = f"已写出 {len(back.files)} 份退回的副本到 {back.folder}。"
        if back.left_out:
            lines = "\n".join(f"· {name}：{why}" for name, why in back.left_out[:8])
            self.work.notices.tell("有的表没有退回", f"{text}\n\n没有退回的：\n{lines}")
        else:
            self.work.notices.say(text + "交给评议人改正，改好后再导入。")

    def _undo(self) -> None:
        batch = self.batches.current()
        if batch is None or batch.undone:
            return
        ask_reason(
            self,
            f"撤销第 {batch.number} 批导入",
            f"{batch.sheets} 份评分表的 {batch.cells} 个分数将恢复到导入之前；撤销写入审计记录。",
            "撤销导入",
            lambda reason, close, wrong: self.change(
                "正在撤销导入…", lambda s, p: s.sheets.undo_batch(batch.number, reason), lambda _: close(), wrong
            ),
        )
