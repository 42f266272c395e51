"""The examination of the report in front: when it is made, what it marks in the text, where its lines lead."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from app.domain.reports import ReportFinding
from app.ui.pages.reports.passages import found_again
from app.ui.pages.reports.text_editor import Mark
from app.ui.pages.reports.versions_panel import BesideDialog

if TYPE_CHECKING:
    from app.services.reports import PlacedRemark
    from app.ui.pages.reports.desk import ReportDesk

SOON = 1200  # milliseconds from the storing to the next examination
PATIENCE = 1.0  # seconds; an examination that takes longer is made only when it is asked for


class Advice(QObject):
    """Follows the desk and its panel 检查."""

    def __init__(self, desk: ReportDesk) -> None:
        super().__init__(desk)
        self.desk = desk
        self._asked, self._slow = 0.0, False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SOON)
        self._timer.timeout.connect(self.examine)
        desk.findings.again.connect(self.examine)
        desk.findings.wanted.connect(self._go)
        desk.findings.compared.connect(self._compare)

    def examine(self) -> None:
        """Ask for advice on what stands in the window now."""
        desk, view = self.desk, self.desk.view
        if view is None:
            return
        report = desk.writing.report if desk.writing.waits else None  # what is stored is compared more quickly
        self._asked = monotonic()
        desk.work.read(
            "正在检查报告…",
            lambda s, p: s.reports.examine(view.scheme, view.unit, report),
            partial(self._examined, view.scheme, view.unit),
            owner=desk,
        )

    def soon(self) -> None:
        """After writing: by itself, unless there is so much to compare with that the next words would wait for it."""
        if self._slow:
            self.desk.findings.say_stale()
        else:
            self._timer.start()

    def _examined(self, scheme: str, unit: str, findings: tuple[ReportFinding, ...]) -> None:
        self._slow = monotonic() - self._asked > PATIENCE
        view = self.desk.view
        if view is not None and (view.scheme, view.unit) == (scheme, unit):
            self.show(findings)

    def show(self, findings: tuple[ReportFinding, ...]) -> None:
        """What the examination says of the report in front."""
        self.desk.findings.show_findings(findings)
        self.desk.side.count("findings", len(findings))
        self.desk.show_counts()
        self.desk.show_marks()

    def _go(self, finding: ReportFinding) -> None:
        if finding.passage is not None:
            self.desk.go_to(finding.passage.where, finding.passage.start, finding.passage.end, finding.passage.quote)

    def _compare(self, finding: ReportFinding) -> None:
        desk, beside = self.desk, finding.beside
        if desk.view is None or beside is None:
            return
        year = f" {beside.year} 年" if beside.year else ""
        there = f"{desk.names.get(beside.unit, beside.unit) or '责任清单'}{year}"
        self.beside = BesideDialog(desk, finding, f"{desk.view.unit_name}（本报告）", there)
        self.beside.open()


def marks_in(where: str, text: str, remarks: Sequence[PlacedRemark], findings: Sequence[ReportFinding]) -> list[Mark]:
    """The passages of a text that are spoken of, where they stand now."""
    marks: list[Mark] = []
    for finding in findings:
        passage = finding.passage
        if passage is not None and passage.where == where:
            place = found_again(text, passage.start, passage.end, passage.quote)
            if place is not None and place[1] - place[0] < len(text):  # the whole text is no passage
                marks.append(Mark(*place, "finding"))
    for placed in remarks:
        remark = placed.remark
        place = found_again(text, placed.start, placed.end, remark.quote) if placed.found else None
        if remark.where == where and place is not None:
            marks.append(Mark(*place, "settled" if remark.settled else "remark", remark.id))
    return marks
