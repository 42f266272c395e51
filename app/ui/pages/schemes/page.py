"""The page 方案: tree on the left, properties on the right, findings below."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QHeaderView,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QSplitter,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.domain.errors import AppError
from app.domain.findings import Finding, Severity
from app.domain.progress import Progress
from app.domain.schemes import Scheme
from app.services.changes import Area
from app.services.comparison import ResultChange
from app.services.schemes import PartEdit, SchemeVersion, edited_scheme
from app.services.what_if import WhatIf
from app.ui import colours, icons, style
from app.ui.item_models.search import Finder
from app.ui.page import Page
from app.ui.pages.schemes.outline import Line, outline
from app.ui.pages.schemes.properties import PropertyPane
from app.ui.widgets.commands import Command
from app.ui.widgets.forms import Wrong
from app.ui.widgets.moves import moved_text
from app.ui.widgets.search import SearchField
from app.ui.widgets.text import label

if TYPE_CHECKING:
    from app.services.container import Services

KEY = Qt.ItemDataRole.UserRole
FILES = "方案文件 (*.json)"
_SIGNS = {
    Severity.ERROR: ("circle-x", colours.BAD),
    Severity.WARNING: ("triangle-alert", colours.WARN),
    Severity.NOTE: ("info", colours.INFO),
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the page shows of the chosen scheme."""

    scheme: Scheme
    findings: tuple[Finding, ...]
    versions: tuple[SchemeVersion, ...]


class SchemesPage(Page["Sheet | None"]):
    id, title, icon, manual = "schemes", "方案", "list-tree", "方案"
    areas = frozenset({Area.SCHEMES})
    follows_scheme = True

    def build(self) -> None:
        self._sheet: Sheet | None = None
        self._lines: dict[str, tuple[Line, QTreeWidgetItem]] = {}
        self._current = ""
        self._what_if: WhatIf | None = None
        self._asked = False
        self.import_scheme = Command(
            self, "导入方案…", self._import, tip="读入方案文件，作为新方案或新版本", icon="upload"
        )
        self.export_scheme = Command(
            self, "导出方案…", self._export, tip="把方案写成文件，可交换、可留存", icon="download"
        )
        self.search = SearchField("查找指标、等次")
        self.search.textChanged.connect(self._narrow)
        self.tools.addWidget(self.search)
        self.tools.addWidget(self.import_scheme.button())
        self.tools.addWidget(self.export_scheme.button())
        self.tree = self._make_tree()
        self.pane = PropertyPane()
        self.pane.saved.connect(self._save)
        self.pane.dirty.connect(self._try_out)
        across = QSplitter(Qt.Orientation.Horizontal)
        across.setHandleWidth(12)
        across.setStyleSheet("QSplitter::handle { background: transparent; }")
        across.setChildrenCollapsible(False)
        across.addWidget(self._left())
        across.addWidget(self.pane)
        across.setStretchFactor(0, 3)
        across.setStretchFactor(1, 2)
        across.setSizes([640, 420])
        self.body.addWidget(across, 1)

    def _make_tree(self) -> QTreeWidget:
        tree = QTreeWidget()
        tree.setHeaderLabels(["内容", "满分", "权重", "来源和方法"])
        tree.setUniformRowHeights(True)
        tree.setIndentation(18)
        tree.setStyleSheet("QTreeView::item { height: 27px; }")
        header = tree.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column, width in ((1, 56), (2, 56), (3, 150)):
            header.resizeSection(column, width)
        for column in (1, 2):
            tree.headerItem().setTextAlignment(column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        tree.currentItemChanged.connect(self._chosen)
        return tree

    def _left(self) -> QWidget:
        left = QWidget()
        rows = QVBoxLayout(left)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(8)
        rows.addWidget(self.tree, 1)
        self.check_title = label("方案检查", "strong")
        rows.addWidget(self.check_title)
        self.findings = QListWidget()
        self.findings.setFixedHeight(96)
        self.findings.setWordWrap(True)
        self.findings.currentItemChanged.connect(self._finding_chosen)
        self.findings.itemClicked.connect(self._finding_chosen)
        rows.addWidget(self.findings)
        return left

    # ---- showing

    def loader(self) -> Callable[[Services, Progress], Sheet | None]:
        scheme = self.work.scheme
        if not scheme:
            return lambda s, p: None
        return lambda s, p: Sheet(s.schemes.get(scheme), s.schemes.check(scheme), s.schemes.versions(scheme))

    def show_data(self, data: Sheet | None) -> None:
        self._sheet = data
        self._what_if, self._asked = None, False
        self.writable(self.import_scheme)
        self.export_scheme.set_reason("" if data else "年度文件里还没有方案。")
        if data is None:
            self.tree.clear()
            return
        newest = data.versions[0] if data.versions else None
        version = f" · 第 {newest.version} 版 · 指纹 {newest.fingerprint[:8]}" if newest else ""
        self.subtitle.setText(f"{data.scheme.name}{version}")
        self.subtitle.setToolTip(
            "\n".join(f"第 {v.version} 版　{v.made_at[:16].replace('T', ' ')}　{v.made_by}" for v in data.versions)
        )
        self._fill_tree(data)
        self._fill_findings(data.findings)

    def _fill_tree(self, data: Sheet) -> None:
        unfolded = {key for key, (_, item) in self._lines.items() if item.isExpanded()} if self._lines else None
        wanted = self._current
        self.tree.blockSignals(True)
        self.tree.clear()
        self._lines = {}
        troubled = {f.node: f.severity for f in reversed(data.findings) if f.node}
        for line in outline(data.scheme):
            self._add(line, None, troubled)
        for key, (line, item) in self._lines.items():
            item.setExpanded(key in unfolded if unfolded is not None else line.part is not None)
        self.tree.blockSignals(False)
        self.show_key(wanted if wanted in self._lines else next(iter(self._lines)))
        self._narrow()

    def _add(self, line: Line, above: QTreeWidgetItem | None, troubled: dict[str, Severity]) -> None:
        item = QTreeWidgetItem([line.title, line.points, line.weight, line.kind])
        item.setData(0, KEY, line.key)
        item.setToolTip(0, line.title.replace("<", "&lt;"))
        item.setToolTip(3, line.kind.replace("<", "&lt;"))
        for column in (1, 2):
            item.setTextAlignment(column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        item.setForeground(3, colours.colour(colours.TEXT_SOFT))
        if line.children:
            item.setFont(0, style.font(bold=True))
        trouble = troubled.get(line.key.partition(":")[2])
        if trouble is not None:
            item.setIcon(0, icons.icon(*_SIGNS[trouble], 16))
        if above is None:
            self.tree.addTopLevelItem(item)
        else:
            above.addChild(item)
        self._lines[line.key] = (line, item)
        for child in line.children:
            self._add(child, item, troubled)

    def _fill_findings(self, findings: tuple[Finding, ...]) -> None:
        self.findings.clear()
        errors = sum(f.severity is Severity.ERROR for f in findings)
        said = f"{errors} 处错误，{len(findings) - errors} 处提醒" if findings else "没有发现问题"
        self.check_title.setText(f"方案检查：{said}")
        self.findings.setVisible(bool(findings))
        for finding in findings:
            item = QListWidgetItem(
                icons.icon(*_SIGNS[finding.severity], 16), f"{finding.message}{finding.step}", self.findings
            )
            item.setData(KEY, f"part:{finding.node}" if f"part:{finding.node}" in self._lines else finding.node)
            item.setToolTip(f"{finding.code} · {finding.place}".replace("<", "&lt;"))

    # ---- moving about

    def show_key(self, key: str) -> None:
        """Make this line the current one."""
        if key in self._lines:
            self._select(key)
            self._show_line(key)

    def _select(self, key: str) -> None:
        item = self._lines[key][1]
        self.tree.blockSignals(True)
        self.tree.setCurrentItem(item)
        self.tree.blockSignals(False)
        self.tree.scrollToItem(item)

    def reveal(self, target: str) -> None:
        """target: a scheme's id, or the id of a part of the chosen scheme."""
        if any(s.id == target for s in self.work.schemes):
            self.work.choose_scheme(target)
        else:
            self.show_key(self._key_of(target))

    def search_field(self) -> QLineEdit:
        return self.search

    def _key_of(self, node: str) -> str:
        return next((key for key in self._lines if key == node or key.partition(":")[2] == node), "")

    def _chosen(self, item: QTreeWidgetItem | None) -> None:
        if item is None:
            return
        key = str(item.data(0, KEY))
        if key == self._current or not self.pane.is_dirty():
            self._show_line(key)
        else:
            QTimer.singleShot(0, self, lambda: self._leave_typed(key))

    def _leave_typed(self, key: str) -> None:
        """Another line was chosen while something typed is not saved."""
        text = f"“{self.pane.title.text()}”有没有保存的改动。"
        answer = self.work.notices.choose("先保存改动？", text, ["保存", "放弃改动"])
        if answer < 0 or (answer == 0 and not self.pane.save_now()):
            self._select(self._current)
            return
        self._current = key
        if answer == 1:
            self._show_line(key)

    def _show_line(self, key: str) -> None:
        self._current = key
        if self._sheet is not None:
            self.pane.show_line(self._sheet.scheme, self._lines[key][0], self.work.read_only)

    def _finding_chosen(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.show_key(self._key_of(str(item.data(KEY))))

    def _narrow(self) -> None:
        typed = self.search.text().strip()
        lines = list(self._lines.values())
        found = Finder([line.title for line, _ in lines]).mask(typed)
        for (_, item), hit in reversed(list(zip(lines, found, strict=True))):
            below = any(not item.child(i).isHidden() for i in range(item.childCount()))
            item.setHidden(not (bool(hit) or below))
            if typed and below:
                item.setExpanded(True)

    # ---- editing

    def _save(self, edits: tuple[PartEdit, ...]) -> None:
        """One edit after the other, each a step of its own; first those that it would move are named."""
        if not edits or self._sheet is None:
            return
        scheme, edit = self._sheet.scheme.id, edits[0]

        def store(moves: tuple[ResultChange, ...]) -> None:
            if not moves or self._agreed(moves):
                self.change("正在保存方案…", lambda s, p: s.schemes.edit(scheme, edit), lambda _: self._save(edits[1:]))

        if edit.field in ("name", "note"):
            store(())
        else:
            self.read("正在试算影响…", lambda s, p: s.schemes.who_moves(scheme, edit), store)

    def _try_out(self, dirty: bool) -> None:
        """While points or weights are being typed: who would stand differently, at once."""
        self.pane.show_effect("", "")
        sheet = self._sheet
        if not dirty or sheet is None:
            return
        if self._what_if is None:
            if not self._asked:
                self._asked = True
                self.read("正在准备试算…", lambda s, p: s.results.what_if(sheet.scheme.id), self._at_hand)
            return
        try:
            edits = [e for e in self.pane.edits() if e.field in ("points", "weight")]
            scheme = sheet.scheme
            for edit in edits:
                scheme = edited_scheme(scheme, edit)
        except (Wrong, AppError):
            return  # half typed; saving says what is wrong
        if edits:
            self._show_moves(self._what_if.with_scheme(scheme), scheme)

    def _at_hand(self, what_if: WhatIf) -> None:
        self._what_if = what_if
        self._try_out(self.pane.is_dirty())

    def _show_moves(self, moves: tuple[ResultChange, ...], scheme: Scheme) -> None:
        if not moves:
            self.pane.show_effect("试算：没有单位变动。", "")
            return
        lines = [moved_text(move, scheme) for move in moves]
        graded = [m for m in moves if m.grade_before != m.grade_after]
        first = "；".join(moved_text(m, scheme) for m in (graded or moves)[:2])
        count = f"{len(moves)} 个单位变动" + (f"，其中 {len(graded)} 个等次变" if graded else "，等次都不变")
        self.pane.show_effect(f"试算：{count}。如 {first}。", "\n".join(lines[:30]))

    def _agreed(self, moves: tuple[ResultChange, ...]) -> bool:
        lines = [moved_text(move, self.work.scheme_document(move.scheme)) for move in moves[:8]]
        more = f"\n……另有 {len(moves) - 8} 个" if len(moves) > 8 else ""
        text = f"按现有数据试算，以下 {len(moves)} 个单位的总分、名次或等次会变化：\n\n" + "\n".join(lines) + more
        return self.work.notices.confirm("保存为方案的新版本？", text, "保存为新版本")

    # ---- files

    def _import(self) -> None:
        path = self.work.notices.open_file("导入方案", FILES)
        if path is not None:
            self.change(
                "正在导入方案…", lambda s, p: s.schemes.import_file(path), lambda one: self.work.choose_scheme(one.id)
            )

    def _export(self) -> None:
        if self._sheet is None:
            return
        scheme = self._sheet.scheme
        path = self.work.notices.save_file("导出方案", FILES, f"{scheme.name}.json")
        if path is not None:
            self.read(
                "正在导出方案…",
                lambda s, p: s.schemes.export_file(scheme.id, path),
                lambda written: self.work.notices.say(f"方案已写入 {written}"),
            )
