"""What can be done with a report: submit, return, accept, open again, bring in a Word file, keep a version, remark."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QMenu

from app.domain.reports import ReportFinding
from app.ui.pages.reports.on_paper import OnPaper
from app.ui.pages.reports.remarks_panel import RemarkForm
from app.ui.pages.reports.words import WHOLE
from app.ui.widgets.commands import Command
from app.ui.widgets.forms import FormDialog
from app.ui.widgets.reasons import ask_reason
from app.ui.widgets.text import button

if TYPE_CHECKING:
    from app.services.reports import DocxProposal
    from app.ui.pages.reports.desk import ReportDesk

WORD = "Word 文档 (*.docx)"


class KeepForm(FormDialog[str]):
    """What a version is kept for."""

    def __init__(self, parent: ReportDesk) -> None:
        super().__init__(parent, "留存一版", save="留存", lead="现在的内容另存一版，以后可以比较；报告可以接着写。")
        self.reason = self.add_line("说明", hint="可不填，如：支委会讨论稿")

    def value(self) -> str:
        return self.reason.text().strip()


class DeskCommands:
    """The commands of a report's page; ``follow`` turns them on and off."""

    def __init__(self, desk: ReportDesk) -> None:
        self.desk = desk
        self.submit = Command(desk, "提交", self._submit, icon="send", tip="提交后锁定，由考核办审阅")
        self.accept = Command(desk, "通过", self._accept, icon="check", tip="通过后锁定")
        self.return_ = Command(desk, "退回…", self._return, icon="undo-2", tip="连同批注退给单位修改")
        self.take_back = Command(desk, "撤回提交…", self._reopen, icon="rotate-ccw")
        self.reopen = Command(desk, "重新打开…", self._reopen, icon="lock-open", tip="已通过的报告退回修改，须写理由")
        self.bring = Command(desk, "导入 Word 报告…", self._bring, icon="upload", tip="按栏目拆开，确认后放入")
        self.keep = Command(desk, "留存一版…", self._keep, icon="save", tip="现在的内容另存一版")
        self.remark = Command(
            desk, "批注所选…", self._remark, icon="pencil", keys="Ctrl+M", tip="对选中的文字写批注；没有选中就是对整栏"
        )
        self.paper = OnPaper(desk)
        self.word = Command(desk, "导出 Word…", self.paper.word, icon="download", tip="按公文格式排好的 Word 文档")
        self.pdf = Command(desk, "导出 PDF…", self.paper.pdf, icon="download")
        self.print = Command(desk, "打印…", self.paper.print, icon="printer")
        desk.addAction(self.remark)
        self.accept_button = self.accept.button("primary")
        self.return_button = self.return_.button()
        self.reopen_button = self.reopen.button()
        self.submit_button = self.submit.button("primary")
        self.more = button("更多", "plain")
        menu = QMenu(self.more)
        menu.setToolTipsVisible(True)
        for command in (self.bring, self.keep, self.take_back):
            menu.addAction(command)
        menu.addSeparator()
        for command in (self.word, self.pdf, self.print):
            menu.addAction(command)
        self.more.setMenu(menu)

    def put_into(self, row: QHBoxLayout) -> None:
        """The buttons of the first line."""
        for widget in (self.more, self.reopen_button, self.return_button, self.accept_button, self.submit_button):
            row.addWidget(widget)

    def follow(self) -> None:
        """What can be done now."""
        view = self.desk.view
        if view is None:
            return
        office, state, read_only = self.desk.office, view.state, self.desk.work.read_only
        open_now = state in ("draft", "returned")
        self.submit.setVisible(open_now)
        self.accept.setVisible(office and state == "submitted")
        self.return_.setVisible(office and state == "submitted")
        self.submit.set_reason(read_only or ("" if self._written() else "报告还没有写内容。"))
        self.accept.set_reason(read_only)
        self.return_.set_reason(read_only)
        self.take_back.setVisible(state == "submitted")
        self.take_back.set_reason(read_only)
        self.reopen.setVisible(office and state == "accepted")
        self.reopen.set_reason(read_only)
        self.bring.set_reason(self.desk.fixed)
        self.keep.set_reason(read_only or ("" if self._written() else "报告还没有写内容。"))
        for command in (self.word, self.pdf, self.print):
            command.set_reason("" if self._written() or view.at else "报告还没有写内容。")
        can_remark = state in ("submitted", "returned") and office
        self.remark.set_reason(read_only or ("" if can_remark else "报告提交之后才能批注。"))

    def _written(self) -> bool:
        report = self.desk.writing.report
        return any(s.text.strip() for s in report.sections) or bool(report.answers)

    # ---- the way of a report

    def _submit(self) -> None:
        desk = self.desk

        def ask() -> None:
            view = desk.view
            if view is not None:
                desk.work.read(
                    "正在检查报告…",
                    lambda s, p: s.reports.examine(view.scheme, view.unit),
                    self._confirm_submit,
                    owner=desk,
                )

        desk.writing.store(ask)

    def _confirm_submit(self, findings: tuple[ReportFinding, ...]) -> None:
        desk, view = self.desk, self.desk.view
        if view is None:
            return
        desk.advice.show(findings)
        waiting = sum(not r.remark.settled for r in view.remarks)
        said = [f"检查有 {len(findings)} 条意见（只是建议，不影响得分）。" if findings else "检查没有发现问题。"]
        said.append(f"还有 {waiting} 条批注没有标为已处理。" if waiting else "")
        said.append("提交后报告锁定，退回或撤回后才能再改。")
        options = ["提交", "先看意见"] if findings else ["提交"]
        chosen = desk.work.notices.choose("提交述职报告", "\n".join(s for s in said if s), options)
        if chosen == 0:
            desk.work.change("正在提交…", lambda s, p: s.reports.submit(view.scheme, view.unit))
        elif chosen == 1:
            desk.side.show_panel("findings")

    def _accept(self) -> None:
        desk, view = self.desk, self.desk.view
        if view is None:
            return
        waiting = sum(not r.remark.settled for r in view.remarks)
        said = f"还有 {waiting} 条批注没有处理。" if waiting else ""
        if desk.work.notices.confirm("通过述职报告", f"{said}通过后报告锁定；要再改须说明理由重新打开。", "通过"):
            desk.work.change("正在通过…", lambda s, p: s.reports.accept(view.scheme, view.unit))

    def _return(self) -> None:
        desk, view = self.desk, self.desk.view
        if view is None:
            return
        count = sum(not r.remark.settled for r in view.remarks)
        said = f"连同 {count} 条未处理的批注退回" if count else "没有批注（可以先在正文里批注）"
        self.reason = ask_reason(
            desk,
            f"退回 {view.unit_name} 的报告",
            f"{said}；退回后单位可以修改，再重新提交。",
            "退回",
            lambda reason, close, wrong: desk.work.change(
                "正在退回…",
                lambda s, p: s.reports.return_(view.scheme, view.unit, reason),
                lambda _: close(),
                owner=desk,
                failed=wrong,
            ),
        )

    def _reopen(self) -> None:
        desk, view = self.desk, self.desk.view
        if view is None:
            return
        back = view.state == "submitted"
        self.reason = ask_reason(
            desk,
            "撤回提交" if back else f"重新打开 {view.unit_name} 的报告",
            "撤回后可以接着写，写好再提交。" if back else "重新打开后成为“已退回”，可以修改；通过的那一版留存。",
            "撤回" if back else "重新打开",
            lambda reason, close, wrong: desk.work.change(
                "正在打开…",
                lambda s, p: s.reports.reopen(view.scheme, view.unit, reason),
                lambda _: close(),
                owner=desk,
                failed=wrong,
            ),
        )

    # ---- versions, remarks, Word

    def _keep(self) -> None:
        desk = self.desk
        desk.writing.store(self._ask_keep)

    def _ask_keep(self) -> None:
        desk, view = self.desk, self.desk.view
        if view is None:
            return
        self.keep_form = KeepForm(desk)
        self.keep_form.submit(
            lambda reason, close, wrong: desk.work.change(
                "正在留存…",
                lambda s, p: s.reports.keep_version(view.scheme, view.unit, reason),
                lambda _: close(),
                owner=desk,
                failed=wrong,
            )
        )

    def _remark(self) -> None:
        from app.services.reports import RemarkDraft

        desk, view = self.desk, self.desk.view
        if view is None:
            return
        desk.writing.store()
        where = desk.where()
        start, end, quote = desk.editor().selected()
        if not quote.strip():
            start, end, quote = 0, 0, ""  # on the whole text
        name = desk.name_of(where) if where else WHOLE
        desk.side.show_panel("remarks")
        self.remark_form = RemarkForm(desk, name, quote)
        self.remark_form.submit(
            lambda text, close, wrong: desk.work.change(
                "正在批注…",
                lambda s, p: s.reports.remark(
                    view.scheme, view.unit, RemarkDraft(where=where, start=start, end=end, text=text)
                ),
                lambda _: close(),
                owner=desk,
                failed=wrong,
            )
        )

    def _bring(self) -> None:
        desk, view = self.desk, self.desk.view
        if view is None:
            return
        path = desk.work.notices.open_file("导入 Word 报告", WORD)
        if path is not None:
            scheme = view.scheme
            desk.work.read(
                "正在读取 Word 报告…", lambda s, p: s.reports.read_docx(path, scheme), self.propose, owner=desk
            )

    def propose(self, proposal: DocxProposal) -> None:
        """Show which paragraph goes where."""
        from app.ui.pages.reports.docx_dialog import DocxDialog

        desk = self.desk
        if desk.view is None or desk.fixed:
            return
        written = {s.section for s in desk.writing.report.sections if s.text.strip()}
        self.docx = DocxDialog(desk, proposal, desk.form.sections, written, self._take)
        self.docx.open()

    def _take(self, proposal: DocxProposal, append: bool) -> None:
        from dataclasses import replace

        desk = self.desk
        sections = proposal.sections()
        if append:
            sections = tuple(
                replace(s, text="\n".join(t for t in (desk.writing.text(s.section), s.text) if t)) for s in sections
            )
        desk.writing.take(sections)
        desk.pane.follow()
        desk.work.notices.say(f"已从“{proposal.file}”放入 {len(sections)} 个栏目。")
