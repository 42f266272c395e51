"""记录: the audit trail, the checkpoint for paper, the backups, the check of the year file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QSplitter, QTabWidget, QVBoxLayout, QWidget

from app.domain.findings import Finding
from app.domain.progress import Progress
from app.services.audit import AuditEntry, CheckpointMatch
from app.services.backups import Backup
from app.services.changes import Area
from app.ui import colours
from app.ui.audit_words import at_length, in_short, in_words, names_of
from app.ui.page import Page
from app.ui.widgets.commands import Command
from app.ui.widgets.search import SearchField
from app.ui.widgets.table import Column, Table
from app.ui.widgets.text import label

if TYPE_CHECKING:
    from app.services.container import Services

AT_ONCE = 500
VERDICTS = {
    "unknown": "这份记录里没有这个审计码：纸面留存之后，记录可能被改动过，或者不是同一个年度文件。",
    "malformed": "审计码应是 16 位字母数字（0–9、a–f），每四位一组，请核对。",
}


@dataclass(frozen=True, slots=True)
class Kept:
    """What the page shows."""

    entries: tuple[AuditEntry, ...]
    count: int
    checkpoint: str
    backups: tuple[Backup, ...]
    names: Mapping[str, str]


def entry_columns(names: Callable[[], Mapping[str, str]]) -> tuple[Column[AuditEntry], ...]:
    """The trail. names: of units, indicators and so on, by the codes that the trail keeps."""
    return (
        Column(
            key="number", title="序号", text=lambda e: str(e.number), sort=lambda e: e.number, align="right", width=60
        ),
        Column(key="at", title="时间", text=lambda e: e.at[:19].replace("T", " "), width=150),
        Column(key="who", title="经办人", text=lambda e: e.who, width=112),
        Column(
            key="label",
            title="步骤",
            text=lambda e: in_words(e.label, names()),
            tip=lambda e: in_words(e.label, names()),
            width=216,
            strong=True,
        ),
        Column(key="reason", title="理由", text=lambda e: e.reason, tip=lambda e: e.reason, width=110),
        Column(key="details", title="内容", text=lambda e: in_short(e.details, names()), width=260, stretch=True),
        Column(key="host", title="电脑", text=lambda e: e.host, width=90, hidden=True),
        Column(key="hash", title="校验值", text=lambda e: e.hash[:16], width=150, hidden=True),
    )


BACKUPS: tuple[Column[Backup], ...] = (
    Column(key="made_at", title="时间", text=lambda b: b.made_at[:19].replace("T", " "), width=160),
    Column(key="reason", title="原因", text=lambda b: b.reason, width=160, strong=True),
    Column(key="size", title="大小", text=lambda b: size_text(b.size), sort=lambda b: b.size, align="right", width=90),
    Column(key="path", title="文件", text=lambda b: b.path.name, width=260, stretch=True, tip=lambda b: str(b.path)),
)


def size_text(size: int) -> str:
    """Bytes as KB or MB."""
    return f"{size / 1_048_576:.1f} MB" if size >= 1_048_576 else f"{max(1, size // 1024)} KB"


class RecordsPage(Page[Kept]):
    id, title, icon, manual = "records", "记录", "file-clock", "记录"
    areas = frozenset(Area)

    def build(self) -> None:
        self._wanted = AT_ONCE
        self._names: Mapping[str, str] = {}
        self.verify = Command(self, "检查记录", self._verify, tip="逐条核对记录的校验值", icon="shield-check")
        self.more = Command(self, "再读 500 条", self._read_more, tip="读出更早的记录")
        self.copy_code = Command(self, "复制", self._copy_code, tip="复制审计码，打印后由两人签名留存", icon="copy")
        self.match = Command(self, "核对", self._match, tip="核对纸面留存的审计码是否还在这份记录里", icon="check")
        self.make = Command(self, "立即备份", self._make_backup, tip="另存一份检查过的备份", icon="save")
        self.restore = Command(
            self,
            "恢复为新文件…",
            self._restore,
            tip="把选中的备份写成新的年度文件，不覆盖现有文件",
            icon="archive-restore",
        )
        self.check = Command(
            self, "检查年度文件", self._check_file, tip="完整检查数据库、记录链和结果指纹", icon="shield-check"
        )
        self.tabs = QTabWidget()
        self.tabs.addTab(self._trail_tab(), "操作记录")
        self.tabs.addTab(self._backup_tab(), "备份与检查")
        self.tabs.currentChanged.connect(self._tab_changed)
        self.body.addWidget(self.tabs, 1)
        self.search = SearchField("查找操作记录")
        self.search.textChanged.connect(self.trail.narrow)
        self.tools.addWidget(self.search)
        self.tools.addWidget(self.more.button())
        self.tools.addWidget(self.verify.button())

    def _trail_tab(self) -> QWidget:
        tab = QWidget()
        rows = QVBoxLayout(tab)
        rows.setContentsMargins(0, 12, 0, 0)
        rows.setSpacing(10)
        self.trail: Table[AuditEntry] = Table(entry_columns(lambda: self._names), row_height=28)
        self.trail.picked.connect(self._show_entry)
        self.entry = QPlainTextEdit()
        self.entry.setReadOnly(True)
        self.entry.setProperty("role", "reading")
        self.entry.document().setDocumentMargin(10)
        self.entry.setMinimumHeight(96)
        both = QSplitter(Qt.Orientation.Vertical)
        both.setHandleWidth(10)
        both.setStyleSheet("QSplitter::handle { background: transparent; }")
        both.addWidget(self.trail)
        both.addWidget(self.entry)
        both.setSizes([380, 150])
        rows.addWidget(both, 1)
        rows.addLayout(self._code_line())
        return tab

    def _code_line(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(label("现在的审计码", "soft"))
        self.code = label("", "strong", selectable=True)
        row.addWidget(self.code)
        row.addWidget(self.copy_code.button("quiet"))
        row.addSpacing(18)
        row.addWidget(label("纸面上的审计码", "soft"))
        self.typed_code = QLineEdit()
        self.typed_code.setPlaceholderText("xxxx-xxxx-xxxx-xxxx")
        self.typed_code.setFixedWidth(190)
        self.typed_code.setInputMethodHints(Qt.InputMethodHint.ImhPreferLatin)
        self.typed_code.returnPressed.connect(self.match.trigger)
        self.typed_code.textChanged.connect(self._code_typed)
        row.addWidget(self.typed_code)
        row.addWidget(self.match.button())
        row.addStretch(1)
        return row

    def _backup_tab(self) -> QWidget:
        tab = QWidget()
        rows = QVBoxLayout(tab)
        rows.setContentsMargins(0, 12, 0, 0)
        rows.setSpacing(10)
        rows.addWidget(
            label(
                "改动随时写入年度文件。打开、导入、定稿等关键时刻和每半小时（有改动时）自动备份，每份都检查过；恢复只写新文件，从不覆盖。",
                "soft",
                wrap=True,
            )
        )
        self.backups: Table[Backup] = Table(BACKUPS)
        self.backups.picked.connect(lambda _: self._allow())  # pyright: ignore[reportUnknownLambdaType, reportUnknownArgumentType]
        rows.addWidget(self.backups, 1)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.make.button("primary"))
        row.addWidget(self.restore.button())
        row.addStretch(1)
        row.addWidget(self.check.button())
        rows.addLayout(row)
        self.checked = label("", wrap=True, selectable=True)
        self.checked.hide()
        rows.addWidget(self.checked)
        return tab

    # ---- showing

    def loader(self) -> Callable[[Services, Progress], Kept]:
        wanted = self._wanted

        def read(s: Services, p: Progress) -> Kept:
            names = names_of(s.year.schemes(), s.units.units(), s.units.evaluators())
            return Kept(s.audit.entries(wanted), s.audit.count(), s.audit.checkpoint(), s.backups.all(), names)

        return read

    def show_data(self, data: Kept) -> None:
        self.subtitle.setText(f"共 {data.count} 条操作记录，{len(data.backups)} 份备份")
        self._names = data.names
        self.trail.show_rows(data.entries)
        self.backups.show_rows(data.backups)
        self.code.setText(data.checkpoint)
        rest = data.count - len(data.entries)
        self.more.set_reason("" if rest > 0 else "全部记录都已读出。")
        if data.entries and not self.entry.toPlainText():
            self._show_entry(data.entries[0])
        self._allow()

    def search_field(self) -> QLineEdit:
        return self.search

    def reveal(self, target: str) -> None:
        """target: ``backups``, or the number of an entry."""
        self.tabs.setCurrentIndex(1 if target == "backups" else 0)
        if target.isdigit():
            self.trail.go_to(lambda entry: entry.number == int(target))

    def _show_entry(self, entry: AuditEntry) -> None:
        head = f"第 {entry.number} 条　{entry.at[:19].replace('T', ' ')}　{entry.who}（{entry.host}）"
        reason = [f"理由：{entry.reason}"] if entry.reason else []
        label, said = in_words(entry.label, self._names), at_length(entry.details, self._names)
        self.entry.setPlainText("\n".join([head, label, *reason, said, f"校验值 {entry.hash}"]))

    def _tab_changed(self, place: int) -> None:
        self.search.setVisible(place == 0)

    def _allow(self) -> None:
        self.writable(self.make)
        self.restore.set_reason("" if self.backups.current() is not None else "请先在列表中选一份备份。")
        self._code_typed()

    def _code_typed(self) -> None:
        self.match.set_reason("" if self.typed_code.text().strip() else "请先填写纸面上的审计码。")

    # ---- the trail

    def _read_more(self) -> None:
        self._wanted += AT_ONCE
        self.refresh()

    def _verify(self) -> None:
        def tell(findings: tuple[Finding, ...]) -> None:
            if findings:
                self.work.notices.show_findings("记录有问题", findings)
            else:
                self.work.notices.say("已逐条核对，记录完整，没有被改动。")

        self.read("正在核对记录…", lambda s, p: s.audit.verify(), tell)

    def _copy_code(self) -> None:
        QGuiApplication.clipboard().setText(self.code.text())
        self.work.notices.say("审计码已复制。")

    def _match(self) -> None:
        typed = self.typed_code.text()
        self.read("正在核对审计码…", lambda s, p: s.audit.find_checkpoint(typed), self._tell_match)

    def _tell_match(self, match: CheckpointMatch) -> None:
        if not match.found:
            self.work.notices.tell("没有核对上", VERDICTS.get(match.verdict, VERDICTS["unknown"]))
            return
        text = f"审计码 {match.code} 对应第 {match.number} 条记录（{match.at[:19].replace('T', ' ')}），此前的记录没有被改动。"
        self.trail.go_to(lambda entry: entry.number == match.number)
        self.work.notices.tell("核对无误", text)

    # ---- backups

    def _make_backup(self) -> None:
        self.change("正在备份…", lambda s, p: s.backups.make("手动备份"), lambda _: self.refresh())

    def _restore(self) -> None:
        backup = self.backups.current()
        if backup is None:
            return
        proposal = backup.path.with_name(f"恢复-{backup.path.stem}.slk").name
        path = self.work.notices.save_file("恢复为新的年度文件", "年度文件 (*.slk)", proposal)
        if path is not None:
            self.read("正在恢复…", lambda s, p: s.backups.restore(backup.path, path), self._restored)

    def _restored(self, path: Path) -> None:
        self.work.notices.tell(
            "已恢复为新文件", f"{path}\n\n现有年度文件没有改动。要继续使用恢复的内容，请用“文件 › 打开”打开这个新文件。"
        )

    def _check_file(self) -> None:
        self.read("正在检查年度文件…", lambda s, p: s.backups.check_file(), self._tell_check)

    def _tell_check(self, findings: tuple[Finding, ...]) -> None:
        good = not findings
        text = "完整检查没有发现问题。" if good else "\n".join(f"· {finding}" for finding in findings)
        self.checked.setText(text)
        self.checked.setStyleSheet(f"color: {colours.GOOD if good else colours.BAD}")
        self.checked.show()
