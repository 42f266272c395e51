"""The page 方案: sections, tree, form, examples, findings, try-out; every step stored by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtWidgets import (
    QApplication,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.domain.errors import AppError
from app.domain.findings import Finding, Severity
from app.domain.progress import Progress
from app.domain.scheme_editing import MEASURES, Path, parse_path, part_path, path_of
from app.domain.schemes import Scheme
from app.services.changes import Area
from app.services.schemes import SchemeVersion, check_document
from app.ui.item_models.search import Finder
from app.ui.page import Page
from app.ui.pages.schemes.draft import Draft, Known
from app.ui.pages.schemes.findings import Findings
from app.ui.pages.schemes.saving import Saver, Waiting
from app.ui.pages.schemes.sections import SECTIONS, TREE, section_of
from app.ui.pages.schemes.sheet import SectionSheet
from app.ui.pages.schemes.side import Side
from app.ui.pages.schemes.tree_panel import TreePanel
from app.ui.pages.schemes.waiting_bar import MovesDialog, WaitingBar
from app.ui.widgets.commands import Command
from app.ui.widgets.empty import EmptyState
from app.ui.widgets.search import SearchField

if TYPE_CHECKING:
    from app.services.container import Services

FILES = "方案文件 (*.json)"
BOOKS = "Excel 工作簿 (*.xlsx)"
CHECK_SOON = 200  # milliseconds after a step
KEY = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the page shows of the chosen scheme. names: unit code → name."""

    scheme: Scheme
    findings: tuple[Finding, ...]
    versions: tuple[SchemeVersion, ...]
    known: Known
    names: dict[str, str]


class SchemesPage(Page["Sheet | None"]):
    id, title, icon, manual = "schemes", "方案", "list-tree", "方案编辑"
    areas = frozenset({Area.SCHEMES, Area.UNITS})
    follows_scheme = True

    def build(self) -> None:
        self._sheet: Sheet | None = None
        self._made = False
        self._section = TREE
        self._commands()
        self.search = SearchField("查找指标、等次")
        self.search.textChanged.connect(self._narrow)
        self.tools.addWidget(self.search)
        self.tools.addWidget(self.new_scheme.button())
        self.tools.addWidget(self.open_versions.button())
        self.tools.addWidget(self.publish.button("primary"))
        self.tools.addWidget(self.files.button())
        self.bar = WaitingBar()
        self.bar.accepted.connect(lambda: self.saver.accept())
        self.bar.refused.connect(lambda: self.saver.give_up())
        self.bar.asked.connect(self._show_moves)
        self.body.addWidget(self.bar)
        self.stack = QStackedWidget()
        self.empty = EmptyState(
            "list-tree",
            "还没有方案",
            "方案说明一个层级怎样计分、排名、定等次。可以从空白、样例、上年的文件或 Excel 指标表开始。",
            self.new_scheme,
        )
        self.stack.addWidget(self.empty)
        self.body.addWidget(self.stack, 1)

    def _commands(self) -> None:
        self.new_scheme = Command(
            self, "新建方案…", self._start, tip="从空白、样例、上年文件、方案文件或 Excel 指标表开始", icon="file-plus"
        )
        self.open_versions = Command(
            self, "版本…", self._versions, tip="看各个版本、比较、按旧版计算", icon="git-compare"
        )
        self.publish = Command(self, "发布", self._publish, tip="冻结这一版；之后再改就是新的一版", icon="lock")
        self.files = Command(self, "文件 ▾", self._file_menu, tip="导入、导出")
        self.import_scheme = Command(
            self, "导入方案文件…", self._import, tip="读入方案文件，作为新方案或新版本", icon="upload"
        )
        self.export_scheme = Command(
            self, "导出方案文件…", self._export, tip="把方案写成文件，可交换、可留存", icon="download"
        )
        self.export_table = Command(
            self, "导出指标表（Excel）…", self._export_table, tip="把指标树写成工作簿，可打印、可归档", icon="download"
        )

    def _make_editor(self, scheme: Scheme) -> None:
        """The widgets, when there is a scheme for the first time."""
        self._made = True
        self.draft = Draft(scheme, self)
        self.draft.read_only = self.work.read_only
        self.saver = Saver(self.work, self.draft, self)
        self.sections = self._section_list()
        self.tree_panel = TreePanel(self.draft)
        self.tree = self.tree_panel.tree
        self.sheet = SectionSheet(self.work, self.draft)
        self.side = Side(self.work, self.draft)
        self.findings = Findings()
        self.middle = QStackedWidget()
        self.middle.addWidget(self.tree_panel)
        self.middle.addWidget(self.sheet)
        self.across = QSplitter(Qt.Orientation.Horizontal)
        self.across.setHandleWidth(10)
        self.across.setStyleSheet("QSplitter::handle { background: transparent; }")
        self.across.setChildrenCollapsible(False)
        for widget, part in ((self.sections, 0), (self.middle, 4), (self.side, 3)):
            self.across.addWidget(widget)
            self.across.setStretchFactor(self.across.count() - 1, part)
        self.across.setSizes([142, 560, 428])
        whole = QWidget()
        rows = QVBoxLayout(whole)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(8)
        rows.addWidget(self.across, 1)
        rows.addWidget(self.findings)
        self.stack.addWidget(whole)
        self._check_timer = QTimer(self)
        self._check_timer.setSingleShot(True)
        self._check_timer.setInterval(CHECK_SOON)
        self._check_timer.timeout.connect(self._check)
        self.draft.stepped.connect(self._check_soon)
        self.draft.changed.connect(self._draft_changed)
        self.draft.refused.connect(self.work.notices.say)
        self.saver.waiting.connect(self._waiting)
        self.tree.chosen.connect(self._part_chosen)
        self.tree.proposed.connect(self._paste_table)
        self.findings.chosen.connect(self.go_to)
        self.side.shape_changed.connect(self._show_side)
        self.sheet.try_out.clicked.connect(self._toggle_try_out)
        self._show_section(TREE)
        self.tree.choose([scheme.tree.id])

    def _section_list(self) -> QListWidget:
        made = QListWidget()
        made.setProperty("role", "sections")
        made.setFixedWidth(142)
        for section in SECTIONS:
            item = QListWidgetItem(section.title, made)
            item.setData(KEY, section.id)
            item.setToolTip(section.about)
            item.setSizeHint(QSize(120, 32))
        made.currentRowChanged.connect(self._row_chosen)
        return made

    def _row_chosen(self, row: int) -> None:
        if row >= 0:
            self._show_section(SECTIONS[row].id)

    # ---- reading

    def loader(self) -> Callable[[Services, Progress], Sheet | None]:
        scheme = self.work.scheme
        if not scheme:
            return lambda s, p: None

        def load(services: Services, progress: Progress) -> Sheet:
            schemes = services.schemes
            units, evaluators = services.units.units(), services.units.evaluators()
            document, everything = schemes.get(scheme), schemes.all()
            known = Known(
                others=tuple(s for s in everything if s.id != scheme),
                roles=_distinct(e.role for e in evaluators),
                series=_distinct(u.series for u in units if u.level == document.level),
                kinds=_distinct(u.kind for u in units),
                tags=_distinct(t for u in units for t in u.tags),
                links=_distinct(li.name for u in units for li in u.links),
                levels=tuple((s.level, s.level_name) for s in everything),
            )
            findings = check_document(document, everything)
            return Sheet(document, findings, schemes.versions(scheme), known, {u.code: u.name for u in units})

        return load

    def show_data(self, data: Sheet | None) -> None:
        self._sheet = data
        self.writable(self.new_scheme, self.import_scheme)
        none = "" if data else "年度文件里还没有方案。"
        for command in (self.export_scheme, self.export_table, self.open_versions):
            command.set_reason(none)
        if data is None:
            self.stack.setCurrentIndex(0)
            self.subtitle.setText("")
            self.publish.set_reason(none)
            return
        if not self._made:
            self._make_editor(data.scheme)
        self.stack.setCurrentIndex(1)
        other = self.draft.scheme.id != data.scheme.id
        self.draft.read_only = self.work.read_only
        if self.draft.known != data.known:
            self.draft.known = data.known
        self.side.try_out.unit_names = data.names
        self.saver.start_from(data.scheme)
        if other:
            self.tree.choose([data.scheme.tree.id])
            self.side.other_scheme()
        self.tree.follow_rights()
        self._show_heads(data)
        if self.saver.idle:
            self._show_findings(data.findings)

    def _show_heads(self, data: Sheet) -> None:
        newest = data.versions[0]
        state = "已发布" if newest.published else "草稿"
        self.subtitle.setText(f"{data.scheme.name} · 第 {newest.version} 版 · {state}")
        self.subtitle.setToolTip(f"指纹 {newest.fingerprint[:16]}")
        errors = any(f.severity is Severity.ERROR for f in data.findings)
        why = "这一版已经发布，之后没有改动。" if newest.published else "方案检查还有错误，请先改正。" if errors else ""
        self.publish.set_reason(self.work.read_only or why)

    # ---- sections

    def show_section(self, id: str) -> None:
        """Bring a section to the front."""
        row = next(n for n, s in enumerate(SECTIONS) if s.id == id)
        if self.sections.currentRow() == row:
            self._show_section(id)
        else:
            self.sections.setCurrentRow(row)

    def _show_section(self, id: str) -> None:
        section = next(s for s in SECTIONS if s.id == id)
        self._section = id
        self.sections.blockSignals(True)
        self.sections.setCurrentRow(SECTIONS.index(section))
        self.sections.blockSignals(False)
        in_tree = not section.paths
        if id == "measures":
            self.tree.choose([self.draft.scheme.measures[0].id if self.draft.scheme.measures else MEASURES])
        elif id == TREE and self.tree.current_id() in ("", MEASURES):
            self.tree.choose([self.draft.scheme.tree.id])
        self.middle.setCurrentIndex(0 if in_tree else 1)
        if not in_tree:
            self.sheet.show_section(section)
        self._show_side()

    def _show_side(self) -> None:
        """Beside the tree stand the settings of the part; beside the other sections only a try-out."""
        in_tree = self.middle.currentIndex() == 0
        self.side.allow_form(in_tree)
        self.side.setVisible(in_tree or self.side.tries)
        self.sheet.try_out.setText("收起试算" if self.side.tries else "试算")

    def _toggle_try_out(self) -> None:
        if self.side.tries:
            self.side.hide_try_out()
        else:
            self.side.show_try_out()

    def _count_sections(self) -> None:
        for n, section in enumerate(SECTIONS):
            many = section.count(self.draft.scheme) if section.count else 0
            if section.id == "measures":
                many = len(self.draft.scheme.measures)
            self.sections.item(n).setText(f"{section.title}　{many}" if many else section.title)

    def _draft_changed(self) -> None:
        self._count_sections()
        self._narrow()

    def _part_chosen(self, id: str) -> None:
        self.side.show_part(id)
        wanted = "measures" if id == MEASURES or any(m.id == id for m in self.draft.scheme.measures) else TREE
        if self.middle.currentIndex() == 0 and wanted != self._section:
            self._section = wanted
            self.sections.blockSignals(True)
            self.sections.setCurrentRow(next(n for n, s in enumerate(SECTIONS) if s.id == wanted))
            self.sections.blockSignals(False)

    # ---- findings

    def _check_soon(self, step: object) -> None:
        self._check_timer.start()

    def _check(self) -> None:
        """The check of what is shown, beside the window's thread."""
        scheme, others = self.draft.scheme, self.draft.known.others

        def done(found: tuple[Finding, ...]) -> None:
            if scheme is self.draft.scheme:
                self._show_findings(found)

        self.work.jobs.run("正在检查方案…", lambda p: check_document(scheme, others), done, owner=self, lane="pool")

    def _show_findings(self, found: tuple[Finding, ...]) -> None:
        self.findings.show_findings(found)
        troubled: dict[str, tuple[Severity, str]] = {}
        for one in reversed(found):
            if one.node and (one.node not in troubled or one.severity is Severity.ERROR):
                troubled[one.node] = (one.severity, f"{one.message}{one.step}")
        self.tree.contents.show_troubles(troubled)
        self.tree.viewport().update()
        self._count_sections()

    def go_to(self, finding: Finding) -> None:
        """The node and the field that a finding names."""
        try:
            path: Path = parse_path(finding.place)
        except AppError:
            path = ()
        if not path and finding.node:
            path = self._place_of(finding.node)
        self.go_to_path(path, finding.node)

    def go_to_path(self, path: Path, node: str = "") -> None:
        """Show the place, and put the cursor into its field."""
        section = section_of(path)
        self.show_section(section)
        if section == TREE:
            id = node if node in self.tree.contents.lines else self._part_at(path)
            self.tree.choose([id])
            self.side.show_form()
            QTimer.singleShot(0, self, lambda: self.side.form.focus_path(path))
        else:
            QTimer.singleShot(0, self, lambda: self.sheet.form.focus_path(path))

    def _place_of(self, node: str) -> Path:
        for space in ("part", "grade", "event_kind", "adjustment", "group", "ballot_rule"):
            try:
                return path_of(self.draft.scheme, space, node)
            except AppError:
                continue
        return ()

    def _part_at(self, path: Path) -> str:
        for id in self.tree.contents.lines:
            if id != MEASURES:
                own = part_path(self.draft.scheme, id)
                rest = path[len(own) :]
                if path[: len(own)] == own and rest[:1] != ("children",):
                    return id
        return self.draft.scheme.tree.id

    def reveal(self, target: str) -> None:
        """target: a scheme's id, or the id of a part, grade, adjustment … of the chosen scheme."""
        if any(s.id == target for s in self.work.schemes):
            self.work.choose_scheme(target)
        elif self._made:
            path = self._place_of(target.partition(":")[2] or target)
            if path:
                self.go_to_path(path, target.partition(":")[2] or target)

    def search_field(self) -> QLineEdit:
        return self.search

    def _narrow(self) -> None:
        """Only parts whose names hold what is typed, and the way to them; other sections: the first that does."""
        if not self._made:
            return
        typed = self.search.text().strip()
        lines = list(self.tree.contents.lines.values())
        found = Finder([self.tree.contents.text(line, 0) for line in lines]).mask(typed) if typed else None
        hit = {line.id for line, f in zip(lines, found, strict=True) if f} if found is not None else set[str]()
        for line in lines:
            above = line.parent
            while above is not None and line.id in hit:
                hit.add(above.id)
                above = above.parent
        for line in lines:
            index = self.tree.contents.index_of(line.id)
            self.tree.setRowHidden(index.row(), index.parent(), bool(typed) and line.id not in hit)
        if typed and not hit:
            self._search_rules(typed)

    def _search_rules(self, typed: str) -> None:
        scheme = self.draft.scheme
        for id, rows in (
            ("ladder", scheme.ladder.grades),
            ("adjustments", scheme.adjustments),
            ("event_kinds", scheme.event_kinds),
            ("groups", scheme.groups),
        ):
            if any(typed in one.name for one in rows):
                self._show_section(id)
                return

    # ---- steps that wait

    def _waiting(self, held: Waiting | None) -> None:
        self.bar.show_waiting(held, self.draft.scheme)

    def _show_moves(self) -> None:
        held = self.saver.held
        if held is not None:
            MovesDialog(self.window(), "改动后谁会变动", held.moves, self.draft.scheme).open()

    def take_back(self) -> bool:
        """Ctrl+Z while a change waits: the last of its steps goes."""
        return self._made and self.saver.take_back()

    def settle(self) -> None:
        """The window is about to close: what is typed becomes a step, and is stored."""
        if self._made:
            focus = QApplication.focusWidget()
            if focus is not None and self.isAncestorOf(focus):
                focus.clearFocus()
            self.saver.finish()

    # ---- dialogs and files

    def _start(self) -> None:
        from app.ui.pages.schemes.starting import StartForm

        StartForm(self.window(), self.work, self._created).show_for(self._sheet.known if self._sheet else Known())

    def _created(self, scheme: Scheme) -> None:
        self.change("正在新建方案…", lambda s, p: s.schemes.create(scheme), lambda one: self.work.choose_scheme(one.id))

    def _versions(self) -> None:
        from app.ui.pages.schemes.versions import VersionsDialog

        if self._sheet is not None:
            VersionsDialog(self.window(), self.work, self.draft.scheme, self._sheet.versions).open()

    def _publish(self) -> None:
        from app.ui.pages.schemes.versions import PublishForm

        self.saver.flush()
        if self._made and not self.saver.idle and self.saver.held is not None:
            self.work.notices.tell("先决定改动", "有改动还没有接受。请先在上方接受或放弃，再发布。")
            return
        scheme = self.draft.scheme
        PublishForm(self.window(), scheme).submit(
            lambda named, close, wrong: self.change(
                "正在发布…", lambda s, p: s.schemes.publish(scheme.id, *named), lambda _: close(), wrong
            )
        )

    def _paste_table(self, text: str) -> None:
        from app.ui.pages.schemes.indicators import IndicatorsDialog

        table = self.work.services.schemes.read_indicator_text(text)
        IndicatorsDialog(self.window(), table, self.tree_panel.put_in_parts).open()

    def _file_menu(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        for command in (self.import_scheme, self.export_scheme, self.export_table):
            menu.addAction(command)
        menu.popup(self.cursor().pos())

    def _import(self) -> None:
        path = self.work.notices.open_file("导入方案", FILES)
        if path is not None:
            self.change(
                "正在导入方案…", lambda s, p: s.schemes.import_file(path), lambda one: self.work.choose_scheme(one.id)
            )

    def _export(self) -> None:
        self._write("导出方案", FILES, ".json", lambda s, id, path: s.schemes.export_file(id, path))

    def _export_table(self) -> None:
        self._write("导出指标表", BOOKS, "指标表.xlsx", lambda s, id, path: s.schemes.export_indicators(id, path))

    def _write(self, title: str, kinds: str, ending: str, write: Callable[[Services, str, FilePath], FilePath]) -> None:
        if self._sheet is None:
            return
        scheme = self._sheet.scheme
        path = self.work.notices.save_file(title, kinds, f"{scheme.name}{ending}")
        if path is not None:
            self.read(
                f"正在{title}…",
                lambda s, p: write(s, scheme.id, path),
                lambda written: self.work.notices.say(f"已写入 {written}"),
            )


def _distinct(words: Iterable[str]) -> tuple[str, ...]:
    """Each word once, in the order of its first place; without empty ones."""
    return tuple(dict.fromkeys(w for w in words if w))
