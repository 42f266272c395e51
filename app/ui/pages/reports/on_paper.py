"""Reports on their way out of the house: a Word file, a PDF, a printer; one report, or all of a level into a folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.ui.printing import OFFICIAL, pdf_of, print_html
from app.ui.workspace import Workspace

if TYPE_CHECKING:
    from app.services.reports import ReportView
    from app.ui.pages.reports.desk import ReportDesk

WORD, PDF = "Word 文档 (*.docx)", "PDF (*.pdf)"


class OnPaper:
    """Of the report in front. What is being written is stored first."""

    def __init__(self, desk: ReportDesk) -> None:
        self._desk = desk

    def word(self) -> None:
        """As a Word file."""
        self._named(self._save_word)

    def pdf(self) -> None:
        """As a PDF."""
        self._named(self._save_pdf)

    def print(self) -> None:
        """On a printer."""

        def ask(view: ReportView) -> None:
            self._desk.work.read(
                "正在准备打印…",
                lambda s, p: s.reports.paper_html(view.scheme, view.unit),
                lambda html: self._print(html, f"{view.unit_name}{view.form.title}"),
                owner=self._desk,
            )

        self._stored(ask)

    def _stored(self, then: Callable[[ReportView], object]) -> None:
        desk = self._desk

        def go() -> None:
            if desk.view is not None:
                then(desk.view)

        desk.writing.store(go)

    def _named(self, save: Callable[[ReportView, str], object]) -> None:
        def ask(view: ReportView) -> None:
            self._desk.work.read(
                "正在准备导出…",
                lambda s, p: s.reports.paper_name(view.scheme, view.unit),
                lambda name: save(view, name),
                owner=self._desk,
            )

        self._stored(ask)

    def _save_word(self, view: ReportView, name: str) -> None:
        work = self._desk.work
        path = work.notices.save_file("导出 Word", WORD, name)
        if path is not None:
            work.change("正在导出…", lambda s, p: s.reports.export_docx(view.scheme, view.unit, path), self._said)

    def _save_pdf(self, view: ReportView, name: str) -> None:
        work = self._desk.work
        path = work.notices.save_file("导出 PDF", PDF, f"{name.removesuffix('.docx')}.pdf")
        if path is not None:
            work.read(
                "正在准备 PDF…",
                lambda s, p: s.reports.paper_html(view.scheme, view.unit),
                lambda html: self._write_pdf(view, path, html),
                owner=self._desk,
            )

    def _write_pdf(self, view: ReportView, path: Path, html: str) -> None:
        pdf = pdf_of(html, f"{view.unit_name}{view.form.title}", OFFICIAL)
        self._desk.work.change(
            "正在导出…", lambda s, p: s.reports.export_pdf(view.scheme, view.unit, path, pdf), self._said
        )

    def _print(self, html: str, title: str) -> None:
        printer = self._desk.work.notices.printer(title)
        if printer is not None:
            print_html(html, printer, OFFICIAL)

    def _said(self, path: Path) -> None:
        self._desk.work.notices.say(f"已导出到 {path}")


def export_all(work: Workspace, owner: QWidget, scheme: str) -> None:
    """Every report of a level that was begun, as Word files into a folder."""
    folder = work.notices.folder("导出全部报告：选择文件夹")
    if folder is not None:
        work.change(
            "正在导出全部报告…",
            lambda s, p: s.reports.export_all([scheme], folder, p),
            lambda files: work.notices.say(f"已导出 {len(files)} 份报告到 {folder}"),
            owner=owner,
        )
