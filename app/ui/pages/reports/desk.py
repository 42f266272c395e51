"""One report: its sections at the left, the text in the middle, everything beside it at the right."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from app.domain.report_forms import ReportForm, Section
from app.domain.reports import EntryState
from app.domain.schemes import Rounding
from app.services.reports.passages import text_at
from app.ui import colours
from app.ui.pages.reports.advice import Advice, marks_in
from app.ui.pages.reports.attaching import Attaching
from app.ui.pages.reports.desk_commands import DeskCommands
from app.ui.pages.reports.desk_head import DeskHead
from app.ui.pages.reports.entries_panel import EntriesPanel
from app.ui.pages.reports.evidence_panel import EvidencePanel, local_files
from app.ui.pages.reports.finder import Finder, Place, places
from app.ui.pages.reports.findings_panel import FindingsPanel
from app.ui.pages.reports.items_pane import ItemsPane
from app.ui.pages.reports.passages import found_again
from app.ui.pages.reports.remarks_panel import RemarksPanel
from app.ui.pages.reports.section_list import WIDTH as SECTIONS_WIDTH
from app.ui.pages.reports.section_list import SectionList
from app.ui.pages.reports.section_pane import SectionPane
from app.ui.pages.reports.section_rows import ITEMS, section_rows, sections_of, whole_text
from app.ui.pages.reports.side import WIDTH as SIDE_WIDTH
from app.ui.pages.reports.side import Side
from app.ui.pages.reports.text_editor import TextEditor
from app.ui.pages.reports.versions_panel import CompareDialog, TextDialog, VersionsPanel
from app.ui.pages.reports.words import WHOLE
from app.ui.pages.reports.writing import Writing
from app.ui.widgets.text import label
from app.ui.workspace import Workspace

if TYPE_CHECKING:
    from app.services.reports import PlacedRemark, ReportView


class ReportDesk(QWidget):
    """left: back to all units. office: whether this is the office that reads reports, or the unit that writes its own."""

    left = Signal()

    def __init__(self, work: Workspace) -> None:
        super().__init__()
        self.work = work
        self.office = True
        self.view: ReportView | None = None
        self.names: dict[str, str] = {}
        self.writing = Writing(work, self)
        self.commands = DeskCommands(self)
        self.head = DeskHead(self.commands)
        self.sections = SectionList()
        self.finder = Finder(SECTIONS_WIDTH, self._places)
        self.finder.reached.connect(self._found)
        clean = self._clean
        self.pane = SectionPane(self.writing, clean)
        self.items = ItemsPane(self.writing, clean)
        self._make_panels()
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(10)
        rows.addWidget(self.head)
        rows.addWidget(self._across(), 1)
        self._connect()
        self.setAcceptDrops(True)

    def _make_panels(self) -> None:
        self.findings = FindingsPanel(self.name_of)
        self.remarks = RemarksPanel(self.name_of, self.commands.remark)
        self.entries = EntriesPanel()
        self.evidence = EvidencePanel(self.work)
        self.versions = VersionsPanel(self.commands.keep)
        self.side = Side(
            (
                ("findings", "检查", self.findings),
                ("remarks", "批注", self.remarks),
                ("entries", "清单", self.entries),
                ("evidence", "佐证", self.evidence),
                ("versions", "版本", self.versions),
            )
        )

    def _across(self) -> QSplitter:
        self.middle = QStackedWidget()
        self.middle.addWidget(self.pane)
        self.middle.addWidget(self.items)
        centre = QWidget()
        rows = QVBoxLayout(centre)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(6)
        rows.addWidget(self.middle, 1)
        foot = QHBoxLayout()
        self.whole = label("", "small")
        self.kept = label("", "small")
        foot.addWidget(self.whole, 1)
        foot.addWidget(self.kept)
        rows.addLayout(foot)
        left = QWidget()
        left.setFixedWidth(SECTIONS_WIDTH)
        below = QVBoxLayout(left)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(8)
        below.addWidget(self.finder)
        below.addWidget(self.sections, 1)
        made = QSplitter(Qt.Orientation.Horizontal)
        made.setHandleWidth(12)
        made.setStyleSheet("QSplitter::handle { background: transparent; }")
        made.setChildrenCollapsible(False)
        for at, (widget, part) in enumerate(((left, 0), (centre, 5), (self.side, 1))):
            made.addWidget(widget)
            made.setStretchFactor(at, part)
        made.setSizes([200, 560, SIDE_WIDTH])
        return made

    def _connect(self) -> None:
        self.head.back.clicked.connect(self.left.emit)
        self.sections.chosen.connect(self._section_chosen)
        self.writing.changed.connect(self.show_counts)
        self.writing.saved.connect(self._saved)
        self.writing.failed.connect(self._not_saved)
        self.writing.shut_out.connect(self._shut_out)
        self.items.chosen.connect(self._item_chosen)
        self.items.refused.connect(self._refused)
        self.advice = Advice(self)
        self.remarks.wanted.connect(self._to_remark)
        self.remarks.settled.connect(self._settle)
        self.remarks.deleted.connect(self._delete_remark)
        for editor in (self.pane.editor, self.items.editor):
            editor.marked.connect(self._mark_clicked)
        self.entries.state_wanted.connect(self._entry_state)
        self.attaching = Attaching(self)
        self.versions.compared.connect(self.compare)
        self.versions.last_year_wanted.connect(self._show_last_year)

    # ---- showing

    def show_view(self, view: ReportView, office: bool, names: dict[str, str]) -> None:
        """A report as the year file holds it; what is written and not stored yet stays. names: code of unit → name."""
        other = self.view is None or (self.view.scheme, self.view.unit) != (view.scheme, view.unit)
        self.view, self.office, self.names = view, office, names
        fixed = self.fixed
        moved = self.writing.show(view.report, fixed)
        self.head.show_view(view, office, self.work.read_only)
        self.commands.follow()
        self.items.show_items(view.items, view.form.answers, self._rounding(view.scheme))
        self.show_counts()
        if other:
            self._begin(view)
        elif moved:
            self.pane.follow()
        if not other:
            self._follow_form()
        self.pane.follow_lock()
        self.remarks.show_remarks(view.remarks, office=office, fixed=self.work.read_only)
        self.entries.show_view(view, self.work.read_only)
        item_names = {item.id: item.name for item in view.items}
        self.evidence.show_files(view.report.evidence, view.form.evidence, item_names, fixed)
        self.versions.show_versions(view.versions, view.last_year is not None)
        self.side.count("remarks", sum(not r.remark.settled for r in view.remarks))
        self.side.count("entries", sum(e.state != "done" for e in (*view.problems, *view.promises)))
        self.side.count("evidence", len(view.report.evidence))
        self.side.count("versions", len(view.versions))
        self.show_marks()
        if other or moved:
            self.advice.examine()

    def _begin(self, view: ReportView) -> None:
        """Another report: from its first section on; what waits for somebody stands beside it."""
        self.findings.show_findings(None)
        self.side.count("findings", 0)
        self.sections.choose("")
        self._section_chosen(self.sections.where())
        waiting = any(not r.remark.settled for r in view.remarks)
        self.side.show_panel("remarks" if waiting and not self.office else "findings")
        self.finder.field.clear()
        self.kept.setText("改动会自动保存" if not self.fixed else "")
        self.sections.setFocus()

    def _follow_form(self) -> None:
        """The form has been changed while the report is open: its section stands there as it is asked for now."""
        shown = self.pane.section
        now = next((s for s in self._sections() if shown and s.id == shown.id), None)
        if now is not None and now != shown:
            self.pane.show_section(now)

    def _rounding(self, scheme: str) -> Rounding:
        """How the scheme shows scores."""
        document = self.work.scheme_document(scheme)
        return document.rounding.shown if document is not None else Rounding()

    @property
    def fixed(self) -> str:
        """Why the report cannot be written in now; empty: it can."""
        return self.work.read_only or (self.view.locked if self.view is not None else "")

    @property
    def form(self) -> ReportForm:
        """The form of the report in front."""
        assert self.view is not None
        return self.view.form

    def _sections(self) -> tuple[Section, ...]:
        assert self.view is not None
        return sections_of(self.form, self.writing.report, self.view.old_names)

    def name_of(self, where: str) -> str:
        """The name of a section or an indicator."""
        kind, _, id = where.partition(":")
        if self.view is None or not where:
            return WHOLE
        if kind == "section":
            return next((s.name for s in self._sections() if s.id == id), id)
        return next((i.name for i in self.view.items if i.id == id), id) if kind == "item" else "佐证材料"

    def show_counts(self) -> None:
        """How far each section is, and the whole."""
        if self.view is None:
            return
        self.sections.show_rows(section_rows(self.view, self.writing, self.findings.findings or ()))
        self.whole.setText(whole_text(self.form, self.writing))

    # ---- sections

    def _section_chosen(self, where: str) -> None:
        self.writing.store()
        kind, _, id = where.partition(":")
        if kind == "section":
            self.pane.show_section(next(s for s in self._sections() if s.id == id))
            self.middle.setCurrentIndex(0)
            self.entries.show_item("")
        elif where:
            self.middle.setCurrentIndex(1)
            self.entries.show_item(self.items.item())
        self.show_marks()

    def _item_chosen(self, item: str) -> None:
        self.writing.store()
        if self.middle.currentIndex() == 1:
            self.entries.show_item(item)
        self.show_marks()

    def _refused(self, said: list[str]) -> None:
        self.work.notices.tell("没有填入", "\n".join(said[:5]))

    def where(self) -> str:
        """The text in front, as remarks and findings name it."""
        if self.middle.currentIndex() == 1:
            return f"item:{self.items.item()}" if self.items.item() else ""
        return self.sections.where()

    def editor(self) -> TextEditor:
        """The editor in front."""
        return self.items.editor if self.middle.currentIndex() == 1 else self.pane.editor

    def go_to(self, where: str, start: int, end: int, quote: str) -> None:
        """Bring a passage to the front; one that has been changed away is said to be."""
        kind, _, id = where.partition(":")
        if kind == "item":
            self.sections.choose(ITEMS)
            self.items.go_to(id)
        elif kind == "section":
            self.sections.choose(where)
        elif where == "evidence":
            self.side.show_panel("evidence")
            return
        place = found_again(text_at(self.writing.report, where), start, end, quote)
        if place is not None:
            self.editor().go_to(*place)
        elif quote:
            self.editor().forget_current()
            self.work.notices.say("这段文字已经改掉了。")

    # ---- words looked for

    def _places(self, words: str) -> tuple[Place, ...]:
        if self.view is None:
            return ()
        wheres = [f"section:{s.id}" for s in self._sections()] + [f"item:{i.id}" for i in self.view.items]
        return places(self.writing.report, wheres, words)

    def _found(self, place: Place) -> None:
        self.go_to(
            place.where, place.start, place.end, text_at(self.writing.report, place.where)[place.start : place.end]
        )

    # ---- findings and remarks

    def show_marks(self) -> None:
        """Passages with remarks and findings are seen in the text."""
        if self.view is not None:
            where = self.where()
            text = text_at(self.writing.report, where)
            self.editor().show_marks(marks_in(where, text, self.view.remarks, self.findings.findings or ()))

    def _to_remark(self, placed: PlacedRemark) -> None:
        self.go_to(placed.remark.where, placed.start, placed.end, placed.remark.quote)

    def _mark_clicked(self, key: str) -> None:
        self.side.show_panel("remarks")

    def _settle(self, id: str, settled: bool) -> None:
        self.work.change("正在保存…", lambda s, p: s.reports.settle_remark(id, settled))

    def _delete_remark(self, id: str) -> None:
        self.work.change("正在删除…", lambda s, p: s.reports.delete_remark(id))

    def _entry_state(self, id: str, state: str) -> None:
        self.work.change("正在保存…", lambda s, p: s.lists.set_state(id, cast(EntryState, state)))

    # ---- evidence

    def item_in_front(self) -> str:
        """The indicator that a file belongs to that is attached now (empty: the report)."""
        return self.items.item() if self.middle.currentIndex() == 1 else ""

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if not self.fixed and local_files(event.mimeData()):
            event.acceptProposedAction()
            self.side.show_panel("evidence")

    def dropEvent(self, event: QDropEvent) -> None:
        paths = local_files(event.mimeData())
        if paths:
            event.acceptProposedAction()
            self.attaching.attach(paths)

    # ---- versions

    def compare(self, before: int, after: int) -> None:
        """Two versions side by side; 0 is the present text."""
        view = self.view
        if view is None:
            return

        self.writing.store(lambda: self._open_comparison(view, before, after))

    def _open_comparison(self, view: ReportView, before: int, after: int) -> None:
        def ask(a: int, b: int, dialog: CompareDialog) -> None:
            self.work.read(
                "正在比较…",
                lambda s, p: s.reports.compare(view.scheme, view.unit, a, b),
                dialog.show_differences,
                owner=dialog,
            )

        self.comparison = CompareDialog(self, view.versions, before, after, ask)
        self.comparison.open()

    def _show_last_year(self) -> None:
        view = self.view
        if view is not None and view.last_year is not None:
            texts = [(self.name_of(f"section:{s.section}"), s.text) for s in view.last_year.sections]
            self.last_year = TextDialog(self, f"{view.unit_name}：上年报告", texts)
            self.last_year.open()

    # ---- storing

    def hideEvent(self, event: QHideEvent) -> None:
        """Another page comes to the front."""
        self.writing.store()
        super().hideEvent(event)

    def _saved(self, everything: bool) -> None:
        self.kept.setStyleSheet("")
        if everything:
            from datetime import datetime

            self.kept.setText(f"已自动保存 {datetime.now().astimezone():%H:%M}")
            self.advice.soon()
            self.editor().end_step()
        else:
            self.kept.setText("有改动，停笔后自动保存")
        self.commands.follow()

    def _not_saved(self, why: str) -> None:
        self.kept.setText(f"没有保存：{why}")
        self.kept.setStyleSheet(f"color: {colours.BAD};")

    def _shut_out(self, words: str) -> None:
        said = "报告在别处已经提交或通过，刚才写的文字存不进去。请从“详情”里复制留用。"
        self.work.notices.tell("报告已经锁定", said, words)

    def _clean(self, brought: str) -> str:
        return self.work.services.reports.clean_paste(brought)
