"""A mouth that writes down what it would have said, and answers from a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtPrintSupport import QPrinter

from app.ui.crash import FaultReport
from app.ui.notices import Notices


@dataclass(frozen=True)
class Asked:
    """One dialog that would have been shown."""

    kind: str
    title: str
    text: str
    details: str
    buttons: tuple[str, ...]


class RecordingNotices(Notices):
    """answers: names of buttons, taken one after the other; without one the first button is pressed, but nothing is
    tried again for ever. files: paths
    that the next file dialogs return, one after the other; without one the dialog is cancelled."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[Asked] = []
        self.faults: list[FaultReport] = []
        self.lines: list[str] = []
        self.answers: list[str] = []
        self.files: list[Path] = []
        self.said.connect(self.lines.append)
        self.banner.connect(self.lines.append)

    def _ask(self, kind: str, title: str, text: str, details: str, buttons: Sequence[str], default: int = 0) -> int:
        self.asked.append(Asked(kind, title, text, details, tuple(buttons)))
        if self.answers:
            return list(buttons).index(self.answers.pop(0))
        return len(buttons) - 1 if buttons[0] == "重试" else 0

    def show_fault(self, report: FaultReport) -> None:
        self.faults.append(report)

    def open_files(self, title: str, kinds: str, folder: str = "") -> list[Path]:
        taken, self.files = self.files, []
        return taken

    def open_file(self, title: str, kinds: str, folder: str = "") -> Path | None:
        return self.files.pop(0) if self.files else None

    def save_file(self, title: str, kinds: str, proposal: str = "") -> Path | None:
        return self.files.pop(0) if self.files else None

    def printer(self, title: str) -> QPrinter | None:
        """A printer that prints into a PDF file."""
        if not self.files:
            return None
        made = QPrinter()
        made.setOutputFileName(str(self.files.pop(0)))
        return made

    def folder(self, title: str, start: str = "") -> Path | None:
        return self.files.pop(0) if self.files else None
