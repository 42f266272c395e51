"""A report while somebody writes it: what stands in the window, what is stored, and when the one becomes the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app.domain.errors import AppError
from app.domain.progress import Progress
from app.domain.reports import ItemAnswer, Report, SectionText
from app.ui.workspace import Workspace

if TYPE_CHECKING:
    from app.services.changes import Outcome
    from app.services.container import Services

PAUSE = 1500  # milliseconds after the last key until what was written is stored


class Writing(QObject):
    """The report in front. Evidence is not written here: it is stored file by file.

    changed: the words or scores have changed. saved (bool): everything is stored, or something waits.
    failed (sentence): it could not be stored; it stays here. shut_out (text): the report was locked meanwhile; these words
    can no longer be stored.
    """

    changed = Signal()
    saved = Signal(bool)
    failed = Signal(str)
    shut_out = Signal(str)

    def __init__(self, work: Workspace, parent: QObject) -> None:
        super().__init__(parent)
        self.work = work
        self.report: Report = Report(scheme="", unit="")
        self.locked = "nothing"
        self._stored: Report = self.report
        self._sent: Report | None = None
        self._once_more = False
        self._after: list[tuple[Callable[[], object], Callable[[], object]]] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE)
        self._timer.timeout.connect(self._rested)

    # ---- what stands there

    def show(self, report: Report, locked: str) -> bool:
        """What the year file holds now. The words that still wait to be stored stay; whether anything else came."""
        other = (report.scheme, report.unit) != (self.report.scheme, self.report.unit)
        self.locked = locked
        if locked and not other and self.waits and self._sent is None:
            self.shut_out.emit(self._unstored())
        if other or not self.waits or locked:
            differs = other or report != self.report
            self.report = self._stored = report
            self._timer.stop()
            if differs:
                self.changed.emit()
            return differs
        self._stored = report
        self.report = replace(self.report, evidence=report.evidence)
        return False

    @property
    def waits(self) -> bool:
        """Whether something is written that is not stored."""
        return self.report != self._stored

    def text(self, section: str) -> str:
        """What stands in a section."""
        return next((s.text for s in self.report.sections if s.section == section), "")

    def answer(self, item: str) -> ItemAnswer:
        """What the unit says to an indicator."""
        return next((a for a in self.report.answers if a.item == item), ItemAnswer(item=item))

    # ---- writing

    def write(self, section: str, text: str) -> None:
        """Other words in a section."""
        made = SectionText(section=section, text=text)
        if any(s.section == section for s in self.report.sections):
            sections = tuple(made if s.section == section else s for s in self.report.sections)
        else:
            sections = (*self.report.sections, made)
        self._put(replace(self.report, sections=sections))

    def write_answer(self, item: str, text: str) -> None:
        """Other words to an indicator."""
        self._put_answer(replace(self.answer(item), text=text))

    def give_score(self, item: str, score: Fraction | None) -> None:
        """Another score of one's own."""
        self._put_answer(replace(self.answer(item), score=score))

    def _put_answer(self, answer: ItemAnswer) -> None:
        if any(a.item == answer.item for a in self.report.answers):
            answers = tuple(answer if a.item == answer.item else a for a in self.report.answers)
        else:
            answers = (*self.report.answers, answer)
        self._put(replace(self.report, answers=answers))

    def _unstored(self) -> str:
        """The texts that differ from what is stored."""
        before = {s.section: s.text for s in self._stored.sections} | {a.item: a.text for a in self._stored.answers}
        now = [*((s.section, s.text) for s in self.report.sections), *((a.item, a.text) for a in self.report.answers)]
        return "\n\n".join(text for key, text in now if text != before.get(key, ""))

    def give_up(self) -> None:
        """Forget what is not stored."""
        self._timer.stop()
        self.report = self._stored
        self.changed.emit()

    def take(self, sections: tuple[SectionText, ...]) -> None:
        """Whole sections at once, from a file."""
        brought = {s.section: s for s in sections}
        kept = tuple(brought.pop(s.section, s) for s in self.report.sections)
        self._put(replace(self.report, sections=(*kept, *brought.values())))
        self.store()

    def _put(self, report: Report) -> None:
        if self.locked or report == self.report:
            return
        self.report = report
        self._timer.start()
        self.saved.emit(False)
        self.changed.emit()

    # ---- storing

    def store(self, then: Callable[[], object] | None = None, refused: Callable[[], object] | None = None) -> None:
        """Store now what waits. then: when everything is in the year file; refused: when it could not be stored."""
        self._timer.stop()
        if then is not None or refused is not None:
            self._after.append((then or _nothing, refused or _nothing))
        if self._sent is None:
            self._send()
        else:
            self._once_more = True  # what was written meanwhile follows when this has arrived

    def _rested(self) -> None:
        self.store()

    def _send(self) -> None:
        if not self.waits or self.locked:
            self._tell(stored=not self.waits)
            return
        report = self._sent = self.report

        def work(services: Services, progress: Progress) -> Outcome[Report]:
            return services.reports.save(report)

        self.work.change("正在保存报告…", work, self._saved, owner=self, failed=self._refused, cancellable=False)

    def _saved(self, stored: Report) -> None:
        sent, self._sent = self._sent, None
        if (stored.scheme, stored.unit) == (self.report.scheme, self.report.unit):
            self._stored = stored
            if self.report == sent:
                self.report = stored
            self.saved.emit(not self.waits)
        if self._after or self._once_more:
            self._once_more = False
            self._send()

    def _refused(self, error: BaseException) -> bool:
        self._sent, self._once_more = None, False
        if isinstance(error, AppError):
            self.failed.emit(error.detail or error.fault.value.cause)
        self._tell(stored=False)
        return isinstance(error, AppError)

    def _tell(self, *, stored: bool) -> None:
        waiting, self._after = self._after, []
        for then, refused in waiting:
            (then if stored else refused)()


def _nothing() -> None:
    pass
