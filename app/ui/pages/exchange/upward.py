"""报送结果: the results of this year file, with the way to each figure, for the office above."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from app.domain.errors import AppError, Fault
from app.domain.schemes import Scheme
from app.services.exchange.values import SentInfo, Upper
from app.ui.packages.folder import FolderField
from app.ui.packages.passphrase import NewPassphrase, UnlockForm
from app.ui.page import Page
from app.ui.widgets.forms import FormDialog, Wrong
from app.ui.widgets.text import ElidedLabel, label

LEAD = "本级算出的总分、名次、等次报给上级，每个数字都带着由来，上级可以一直追溯到这里的评分表。最好先定稿再报送。"
SOURCES = "上级发来的任务包，或由它建立的年度文件 (*.slp *.slk)"
NO_UPPER = (
    "要知道报给谁：请选择上级发给本单位的任务包（.slp），或用它建立的年度文件（.slk）。只读取上级是谁，不改动它。"
)


@dataclass(frozen=True, slots=True)
class Upwards:
    """What goes up: which schemes, where to, under which passphrase."""

    schemes: tuple[str, ...]
    folder: Path
    passphrase: str


class UpwardForm(FormDialog[Upwards]):
    """Asks which levels, and where to."""

    def __init__(self, page: Page[Any], schemes: Sequence[Scheme], upper: Upper, code: str) -> None:
        super().__init__(page, "报送结果", save="生成结果包", lead=LEAD, width=600)
        self.add_field("报给", ElidedLabel(f"{upper.office}（{upper.year}年度）"))
        self.add_field("本单位", ElidedLabel(f"{upper.unit_name}（{upper.unit}）"))
        self.list = QListWidget()
        self.list.setSelectionMode(QListWidget.SelectionMode.NoSelection)
        for scheme in schemes:
            item = QListWidgetItem(f"{scheme.level_name or scheme.level}　{scheme.name}", self.list)
            item.setData(Qt.ItemDataRole.UserRole, scheme.id)
            item.setFlags(Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
            item.setCheckState(Qt.CheckState.Checked)
        self.list.setFixedHeight(28 * min(max(len(schemes), 2), 5) + 8)
        self.add_field("层级", self.list)
        self.folder = FolderField(page.work.notices, "结果包写到哪个文件夹")
        self.add_field("写到", self.folder)
        self.phrase = NewPassphrase(self)
        self.add_field("本机密钥码", label(code, "strong", selectable=True))
        self.add_note("写在随附的书面材料上；上级第一次接收时核对。")

    def value(self) -> Upwards:
        items = [self.list.item(row) for row in range(self.list.count())]
        chosen = tuple(str(i.data(Qt.ItemDataRole.UserRole)) for i in items if i.checkState() is Qt.CheckState.Checked)
        if not chosen:
            raise Wrong(self.list, "请至少勾选一个层级。")
        return Upwards(chosen, self.folder.value(), self.phrase.value())


class ResultsUp:
    """The steps of it: to whom, what, written. sent (info, folder, upper)."""

    def __init__(self, page: Page[Any], sent: Callable[[SentInfo, Path, Upper], object]) -> None:
        self._page, self._sent = page, sent
        self.form: UpwardForm | None = None
        self.unlock: UnlockForm | None = None

    def ask(self) -> None:
        """The office that results were sent to last, or the one that a package or file names."""
        self._page.read("正在查找上级…", lambda s, p: s.exchange.upper(), self._known)

    def _known(self, upper: Upper | None) -> None:
        notices = self._page.work.notices
        if upper is not None:
            picked = notices.choose(
                "报给哪个上级", f"上次报给{upper.office}（本单位：{upper.unit_name}）。", ("还报给它", "换一个…")
            )
            if picked == 0:
                self._show(upper)
            if picked != 1:
                return
        elif not notices.offer("报给哪个上级", NO_UPPER, "选择文件…"):
            return
        path = notices.open_file("选择上级的任务包或年度文件", SOURCES)
        if path is not None:
            self._read(path)

    def _read(self, path: Path) -> None:
        self._page.read(
            "正在读取…", lambda s, p: s.exchange.upper(path), self._found, lambda error: self._locked(error, path)
        )

    def _found(self, upper: Upper | None) -> None:
        if upper is not None:
            self._show(upper)

    def _locked(self, error: BaseException, path: Path) -> bool:
        if not isinstance(error, AppError) or error.fault is not Fault.PKG_NEEDS_PASSPHRASE:
            return False
        form = self.unlock = UnlockForm(self._page, (path.name,))

        def typed(phrase: str, close: Callable[[], object], wrong: Callable[[BaseException], bool]) -> None:
            def found(upper: Upper | None) -> None:
                close()
                self._found(upper)

            def refused(fault: BaseException) -> bool:
                if isinstance(fault, AppError) and fault.fault is Fault.PKG_UNDECRYPTABLE:
                    form.say_wrong((path.name,))
                    return True
                return wrong(fault)

            self._page.read("正在读取…", lambda s, p: s.exchange.upper(path, phrase), found, refused)

        form.submit(typed)
        return True

    def _show(self, upper: Upper) -> None:
        self._page.read("正在准备…", lambda s, p: s.exchange.own_code(), lambda code: self._ask(upper, code))

    def _ask(self, upper: Upper, code: str) -> None:
        form = self.form = UpwardForm(self._page, self._page.work.schemes, upper, code)

        def chosen(value: Upwards, close: Callable[[], object], wrong: Callable[[BaseException], bool]) -> None:
            close()  # so that the writing can be cancelled in the window
            self._page.change(
                "正在生成结果包…",
                lambda s, p: s.exchange.send_results(value.folder, upper, value.schemes, value.passphrase, p),
                lambda sent: self._sent(sent, value.folder, upper),
            )

        form.submit(chosen)
