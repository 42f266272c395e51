"""The check of the scheme that is shown, soon after each step and beside the window's thread."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from app.domain.findings import Finding, Severity
from app.services.schemes import check_document
from app.ui.pages.schemes.draft import Draft
from app.ui.workspace import Workspace

CHECK_SOON = 200  # milliseconds after a step


class Checking(QObject):
    """checked (tuple of Finding): what the check of the draft as it stands found."""

    checked = Signal(object)

    def __init__(self, work: Workspace, draft: Draft, parent: QObject) -> None:
        super().__init__(parent)
        self._work, self._draft = work, draft
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(CHECK_SOON)
        self._timer.timeout.connect(self.check)
        draft.stepped.connect(self._soon)

    def _soon(self, step: object) -> None:
        self._timer.start()

    def check(self) -> None:
        """Check now; nothing is said when the draft has changed meanwhile."""
        scheme, others = self._draft.scheme, self._draft.known.others

        def done(found: tuple[Finding, ...]) -> None:
            if scheme is self._draft.scheme:
                self.checked.emit(found)

        owner = self.parent()
        self._work.jobs.run("正在检查方案…", lambda p: check_document(scheme, others), done, owner=owner, lane="pool")


def troubles_of(found: tuple[Finding, ...]) -> dict[str, tuple[Severity, str]]:
    """Part → its first error, else its first finding, as one sentence."""
    troubled: dict[str, tuple[Severity, str]] = {}
    for one in reversed(found):
        if one.node and (one.node not in troubled or one.severity is Severity.ERROR):
            troubled[one.node] = (one.severity, f"{one.message}{one.step}")
    return troubled
