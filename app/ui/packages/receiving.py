"""Receiving packages, at the office and at a unit: read, unlock, look at what would happen, answer, apply."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.domain.progress import Progress
from app.services.exchange.values import OpenMerge, PackageScan, ReadyMerge, Rule
from app.ui import colours, icons
from app.ui.packages.merge_preview import MergePreview
from app.ui.packages.passphrase import UnlockForm
from app.ui.packages.words import FILES
from app.ui.page import Page
from app.ui.widgets.commands import Command
from app.ui.widgets.text import label

if TYPE_CHECKING:
    from app.services.container import Services

Read = tuple[PackageScan, OpenMerge | ReadyMerge]


class DropPlace(QFrame):
    """Where packages and folders can be dropped. dropped (list of Path)."""

    dropped = Signal(object)

    def __init__(self, title: str, text: str, files: Command, folder: Command) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.setAcceptDrops(True)
        self.setMinimumHeight(104)
        line = QHBoxLayout(self)
        line.setContentsMargins(24, 14, 24, 14)
        line.setSpacing(16)
        drawing = label()
        drawing.setPixmap(icons.pixmap("inbox", colours.LINE_STRONG, 44))
        line.addWidget(drawing)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addStretch(1)
        words.addWidget(label(title, "heading"))
        words.addWidget(label(text, "soft", wrap=True))
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


class Receiving(QStackedWidget):
    """front: what is shown while nothing is being received. theirs: what the other side is called. previewing (bool): the
    preview has come up, or gone. received (int): the batch that was written."""

    previewing = Signal(bool)
    received = Signal(int)

    def __init__(self, page: Page[Any], front: QWidget, theirs: str) -> None:
        super().__init__()
        self._page = page
        self.scanned: PackageScan | None = None
        self.plan: OpenMerge | ReadyMerge | None = None
        self.form: UnlockForm | None = None
        self._paths: tuple[Path, ...] = ()
        self._answers: dict[str, str] = {}
        self._passphrases: dict[str, str] = {}
        self._rule: Rule = "ask"
        self.preview = MergePreview(self, theirs)
        self.preview.answered.connect(self._answer)
        self.preview.ruled.connect(self._by_rule)
        self.preview.left.connect(self.leave)
        self.preview.applied.connect(self._apply)
        self.preview.report_wanted.connect(self._report)
        self.preview.unlock_wanted.connect(self._ask_passphrase)
        self.addWidget(front)
        self.addWidget(self.preview)

    # ---- choosing

    def choose_files(self, title: str) -> None:
        """Ask for packages."""
        if paths := self._page.work.notices.open_files(title, FILES):
            self.take(paths)

    def choose_folder(self, title: str) -> None:
        """Ask for a folder with packages."""
        folder = self._page.work.notices.folder(title)
        if folder is not None:
            self.take([folder])

    def take(self, paths: Sequence[Path]) -> None:
        """Read packages and folders, then show what receiving them would do."""
        if self._page.work.read_only:
            self._page.work.notices.tell("年度文件只读", self._page.work.read_only)
            return
        self._paths, self._answers, self._passphrases, self._rule = tuple(paths), {}, {}, "ask"
        self._page.read("正在读取数据包…", self._scan(), self._scanned)

    def _scan(self) -> Callable[[Services, Progress], Read]:
        paths, phrases, answers, rule = self._paths, dict(self._passphrases), dict(self._answers), self._rule

        def work(services: Services, progress: Progress) -> Read:
            scanned = services.exchange.scan(paths, phrases, progress)
            return scanned, services.exchange.plan(scanned, answers, rule)

        return work

    def _scanned(self, found: Read) -> None:
        self.scanned, plan = found
        if not plan.packages:
            self._page.work.notices.tell(
                "没有找到数据包", "所选的位置里没有 .slp 文件。请确认数据包放在哪个文件夹，再选一次。"
            )
            return
        self._show(plan)
        if self._locked():
            self._ask_passphrase()

    def _show(self, plan: OpenMerge | ReadyMerge) -> None:
        self.plan = plan
        self.preview.show_plan(plan, self._rule, len(self._locked()))
        self.setCurrentIndex(1)
        self.previewing.emit(True)

    # ---- passphrases

    def _locked(self) -> list[str]:
        return [p.name for p in self.scanned.packages if p.locked] if self.scanned is not None else []

    def _ask_passphrase(self) -> None:
        """One passphrase for all that are still locked; those that it does not open stay locked."""
        self.form = UnlockForm(self, self._locked())
        self.form.submit(self._unlock)

    def _unlock(self, phrase: str, close: Callable[[], object], wrong: Callable[[BaseException], bool]) -> None:
        form, before = self.form, self._locked()
        self._passphrases |= dict.fromkeys(before, phrase)

        def scanned(found: Read) -> None:
            self.scanned, plan = found
            self._show(plan)
            left = self._locked()
            if len(left) < len(before) or not left:
                close()
            elif form is not None:
                form.say_wrong(left)

        self._page.read("正在打开加密的包…", self._scan(), scanned, wrong)

    # ---- answering, applying, leaving

    def _answer(self, answers: dict[str, str]) -> None:
        self._answers |= answers
        self._plan_again()

    def _by_rule(self, rule: str) -> None:
        self._rule = cast(Rule, rule)
        kept = {q.id for q in self.plan.questions if q.kind == "unknown_sender"} if self.plan else set[str]()
        self._answers = {q: a for q, a in self._answers.items() if q in kept}  # the rule holds for all
        self._plan_again()

    def _plan_again(self) -> None:
        scanned, given, rule = self.scanned, dict(self._answers), self._rule
        if scanned is not None:
            self._page.read("正在重新核对…", lambda s, p: s.exchange.plan(scanned, given, rule), self._show)

    def _apply(self) -> None:
        plan = self.plan
        if isinstance(plan, ReadyMerge):
            self._page.change("正在接收…", lambda s, p: s.exchange.apply(plan, p), self._applied)

    def _applied(self, batch: int) -> None:
        taken = sum(p.fate in ("take", "same") for p in self.plan.packages) if self.plan else 0
        self.leave()
        self._page.work.notices.say(f"已接收 {taken} 个包（第 {batch} 批）。接收错了可以马上用“编辑 › 撤销”整步撤销。")
        self.received.emit(batch)

    def leave(self) -> None:
        """Drop the preview; nothing has been written by it."""
        self.plan = self.scanned = None
        self._answers, self._passphrases = {}, {}
        self.setCurrentIndex(0)
        self.previewing.emit(False)

    def _report(self) -> None:
        plan = self.plan
        path = self._page.work.notices.save_file("导出接收清单", "文本 (*.txt)", "接收清单.txt")
        if plan is not None and path is not None:
            self._page.change("正在写出清单…", lambda s, p: s.exports.merge_report(path, plan))
