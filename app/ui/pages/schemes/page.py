"""The page 方案: sections, tree, form, examples, findings, try-out; every step stored by itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtWidgets import (
    QApplication,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.domain.findings import Finding
from app.domain.progress import Progress
from app.domain.scheme_editing import MEASURES, Path
from app.domain.schemes import Scheme
from app.services.changes import Area
from app.ui.page import Page
from app.ui.pages.schemes.checking import Checking, troubles_of
from app.ui.pages.schemes.commands import SchemeCommands
from app.ui.pages.schemes.contents import Sheet, read_sheet
from app.ui.pages.schemes.draft import Draft
from app.ui.pages.schemes.findings import Findings
from app.ui.pages.schemes.places import part_at, place_of, place_of_finding, section_with
from app.ui.pages.schemes.saving import Saver, Waiting
from app.ui.pages.schemes.sections import SECTIONS, TREE, section_of
from app.ui.pages.schemes.sheet import SectionSheet
from app.ui.pages.schemes.side import Side
from app.ui.pages.schemes.tree_panel import TreePanel
from app.ui.pages.schemes.tree_search import narrow
from app.ui.pages.schemes.waiting_bar import MovesDialog, WaitingBar
from app.ui.widgets.empty import EmptyState
from app.ui.widgets.search import SearchField

if TYPE_CHECKING:
    from app.services.container import Services

KEY = Qt.ItemDataRole.UserRole


class SchemesPage(Page["Sheet | None"]):
    id, title, icon, manual = "schemes", "方案", "list-tree", "方案编辑"
    areas = frozenset({Area.SCHEMES, Area.UNITS})
    follows_scheme = True

    def build(self) -> None:
        self._made = False
        self._section = TREE
        self.commands = SchemeCommands(self)
        self.search = SearchField("查找指标、等次")
        self.search.textChanged.connect(self._narrow)
        self.tools.addWidget(self.search)
        self.commands.put_into(self.tools)
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
            self.commands.new_scheme,
        )
        self.stack.addWidget(self.empty)
        self.body.addWidget(self.stack, 1)

    def _make_editor(self, scheme: Scheme) -> None:
        """The widgets, when there is a scheme for the first time."""
        self._made = True
        self.draft = Draft(scheme, self)
        self.draft.read_only = self.work.read_only
        self.saver = Saver(self.work, self.draft, self)
        self.commands.attach(self.draft, self.saver)
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
        self.checking = Checking(self.work, self.draft, self)
        self.checking.checked.connect(self._show_findings)
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
        return lambda s, p: read_sheet(s, scheme)

    def show_data(self, data: Sheet | None) -> None:
        self.commands.follow(data)
        if data is None:
            self.stack.setCurrentIndex(0)
            self.subtitle.setText("")
            return
        if not self._made:
            self._make_editor(data.scheme)
        self.stack.setCurrentIndex(1)
        other = self.draft.scheme.id != data.scheme.id
        self.draft.read_only = self.work.read_only
        if self.draft.known != data.known:
            self.draft.known = data.known
        self.side.try_out.register = data.units
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

    def _show_findings(self, found: tuple[Finding, ...]) -> None:
        self.findings.show_findings(found)
        self.tree.contents.show_troubles(troubles_of(found))
        self.tree.viewport().update()
        self._count_sections()

    def go_to(self, finding: Finding) -> None:
        """The node and the field that a finding names."""
        path = place_of_finding(self.draft.scheme, finding)
        self.go_to_path(path, finding.node)

    def go_to_path(self, path: Path, node: str = "") -> None:
        """Show the place, and put the cursor into its field."""
        section = section_of(path)
        self.show_section(section)
        if section == TREE:
            id = (
                node if node in self.tree.contents.lines else part_at(self.draft.scheme, self.tree.contents.lines, path)
            )
            self.tree.choose([id])
            self.side.show_form()
            QTimer.singleShot(0, self, lambda: self.side.form.focus_path(path))
        else:
            QTimer.singleShot(0, self, lambda: self.sheet.form.focus_path(path))

    def reveal(self, target: str) -> None:
        """target: a scheme's id, ``section:ID``, or the id of a part, grade, adjustment … of the chosen scheme."""
        kind, _, wanted = target.partition(":")
        if any(s.id == target for s in self.work.schemes):
            self.work.choose_scheme(target)
        elif self._made and kind == "section" and any(s.id == wanted for s in SECTIONS):
            self.show_section(wanted)
        elif self._made:
            id = target.partition(":")[2] or target
            path = place_of(self.draft.scheme, id)
            if path:
                self.go_to_path(path, id)

    def search_field(self) -> QLineEdit:
        return self.search

    def _narrow(self) -> None:
        """Only parts whose names hold what is typed, and the way to them; other sections: the first that does."""
        if not self._made:
            return
        typed = self.search.text().strip()
        if not narrow(self.tree, typed) and typed:
            section = section_with(self.draft.scheme, typed)
            if section:
                self._show_section(section)

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

    def settle(self) -> bool:
        """The year is about to be closed: what is typed becomes a step, and is stored."""
        if not self._made:
            return True
        focus = QApplication.focusWidget()
        if focus is not None and self.isAncestorOf(focus):
            focus.clearFocus()
        return self.saver.finish()

    def _paste_table(self, text: str) -> None:
        from app.ui.pages.schemes.indicators import IndicatorsDialog

        table = self.work.services.schemes.read_indicator_text(text)
        IndicatorsDialog(self.window(), table, self.tree_panel.put_in_parts).open()
