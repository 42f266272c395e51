"""版本: every kept state of a report, and what has changed between two of them, paragraph by paragraph."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QHBoxLayout, QTextBrowser, QVBoxLayout, QWidget

from app.domain.reports import ReportFinding
from app.ui import colours
from app.ui.pages.reports.cards import Card, Cards, Panel
from app.ui.pages.reports.words import STATE_TONES, STATES, when
from app.ui.widgets.commands import Command
from app.ui.widgets.text import button, label

if TYPE_CHECKING:
    from app.services.reports import Piece, TextDifference, VersionLine

_LOOK = f"p {{ color: {colours.TEXT}; line-height: 150%; margin: 3px 6px; }}"
NOW = 0  # the number of the present text
Compare = Callable[[int, int, "CompareDialog"], object]


class VersionsPanel(Panel):
    """compared (before, after): numbers of versions, 0 is the present text. last_year_wanted: show the report of the year
    before."""

    compared = Signal(int, int)
    last_year_wanted = Signal()

    def __init__(self, keep: Command) -> None:
        super().__init__()
        self.tools.add(keep.button())
        self.list = Cards()
        self.rows.addWidget(self.list, 1)

    def show_versions(self, versions: Sequence[VersionLine], last_year: bool) -> None:
        """The kept versions, oldest first. last_year: whether there is a report of the year before."""
        self.summary.setText(
            f"留存 {len(versions)} 版。提交、退回、通过时自动留存。"
            if versions
            else "还没有留存的版本。提交、退回、通过时自动留存，也可以随时保存一版。"
        )
        before = {one.number: versions[at - 1].number for at, one in enumerate(versions) if at}
        cards = [self._card(one, before.get(one.number)) for one in reversed(versions)]
        if last_year:
            card = Card()
            card.head("上年报告")
            card.links(("查看…", self.last_year_wanted.emit))
            cards.append(card)
        self.list.show_cards(cards)

    def _card(self, one: VersionLine, before: int | None) -> Card:
        card = Card()
        card.head(f"第 {one.number} 版 · {when(one.at)} {one.by}", STATES[one.state], STATE_TONES[one.state])
        card.say(one.reason, selectable=True)
        links: list[tuple[str, Callable[[], object]]] = [("与现在比较…", partial(self.compared.emit, one.number, NOW))]
        if before is not None:
            links.append((f"与第 {before} 版比较…", partial(self.compared.emit, before, one.number)))
        card.links(*links)
        return card


class CompareDialog(QDialog):
    """Two versions side by side. compare(before, after, dialog) asks for what ``show_differences`` shows."""

    def __init__(
        self, parent: QWidget, versions: Sequence[VersionLine], before: int, after: int, compare: Compare
    ) -> None:
        super().__init__(parent)
        self._compare = compare
        self._found: tuple[TextDifference, ...] = ()
        self.setWindowTitle("比较两版报告")
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(960, 620)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(20, 16, 20, 16)
        rows.setSpacing(10)
        across = QHBoxLayout()
        self.before, self.after = QComboBox(), QComboBox()
        for box in (self.before, self.after):
            for one in versions:
                box.addItem(f"第 {one.number} 版 · {STATES[one.state]} {when(one.at)}", one.number)
            box.addItem("现在的内容", NOW)
            box.activated.connect(self._ask)
        self.before.setCurrentIndex(self.before.findData(before))
        self.after.setCurrentIndex(self.after.findData(after))
        self.only = QCheckBox("只看有变动的段落")
        self.only.setChecked(True)
        self.only.toggled.connect(self._paint)
        for widget in (self.before, label("→", "soft"), self.after):
            across.addWidget(widget)
        across.addStretch(1)
        across.addWidget(self.only)
        rows.addLayout(across)
        self.summary = label("", "soft")
        rows.addWidget(self.summary)
        self.text = QTextBrowser()
        self.text.setOpenLinks(False)
        rows.addWidget(self.text, 1)
        rows.addLayout(_closing(self))
        self._ask()

    def _ask(self, place: int = 0) -> None:
        self._compare(int(self.before.currentData()), int(self.after.currentData()), self)

    def show_differences(self, found: tuple[TextDifference, ...]) -> None:
        """All paragraphs of the two versions."""
        self._found = found
        counts = {kind: sum(d.kind == kind for d in found) for kind in ("changed", "added", "removed", "same")}
        moved = counts["changed"] + counts["added"] + counts["removed"]
        self.summary.setText(
            f"改动 {counts['changed']} 段，新增 {counts['added']} 段，删去 {counts['removed']} 段，"
            f"{counts['same']} 段相同。"
            if moved
            else "两版内容相同。"
        )
        self._paint()

    def _paint(self, on: bool = True) -> None:
        only = self.only.isChecked()
        lines: list[str] = []
        place = ""
        for one in self._found:
            if only and one.kind == "same":
                continue
            if one.where != place:
                place = one.where
                lines.append(f'<tr><td colspan="2"><p><b>{html.escape(one.name)}</b></p></td></tr>')
            lines.append(
                f'<tr><td width="50%">{_pieces(one.before, "before")}</td><td>{_pieces(one.after, "after")}</td></tr>'
            )
        self.text.setHtml(_table(lines))


class TextDialog(QDialog):
    """A report that is only read. texts: (name of the section, its text)."""

    def __init__(self, parent: QWidget, title: str, texts: Sequence[tuple[str, str]]) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(760, 620)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(20, 16, 20, 16)
        rows.setSpacing(10)
        self.text = QTextBrowser()
        self.text.setOpenLinks(False)
        parts = (f"<p><b>{html.escape(name)}</b></p>{_paragraphs(text)}" for name, text in texts)
        self.text.setHtml(f"<style>{_LOOK}</style>{''.join(parts)}")
        rows.addWidget(self.text, 1)
        rows.addLayout(_closing(self))


class BesideDialog(QDialog):
    """The same words in two reports, side by side. here, there: whose they are."""

    def __init__(self, parent: QWidget, finding: ReportFinding, here: str, there: str) -> None:
        super().__init__(parent)
        self.setWindowTitle("对照")
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(860, 440)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(20, 16, 20, 16)
        rows.setSpacing(10)
        rows.addWidget(label(finding.message, "strong", wrap=True))
        self.text = QTextBrowser()
        sides = [p.quote if p is not None else "" for p in (finding.passage, finding.beside)]
        heads = "".join(f'<td width="50%"><p><b>{html.escape(name)}</b></p></td>' for name in (here, there))
        cells = "".join(f"<td>{_paragraphs(side)}</td>" for side in sides)
        self.text.setHtml(_table([f"<tr>{heads}</tr>", f"<tr>{cells}</tr>"]))
        rows.addWidget(self.text, 1)
        rows.addLayout(_closing(self))


def _closing(dialog: QDialog) -> QHBoxLayout:
    ends = QHBoxLayout()
    ends.addStretch(1)
    close = button("关闭", "primary")
    close.clicked.connect(dialog.accept)
    ends.addWidget(close)
    return ends


def _table(lines: Sequence[str]) -> str:
    return f'<style>{_LOOK}</style><table width="100%" cellspacing="0" cellpadding="3">{"".join(lines)}</table>'


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{html.escape(line)}</p>" for line in text.split("\n"))


def _pieces(pieces: Sequence[Piece], side: str) -> str:
    """A paragraph with its changed words on a coloured ground; what went is struck through, so that colour is not all."""
    paper, line = (colours.BAD_SOFT, "line-through") if side == "before" else ("#d9ecdf", "underline")
    said = "".join(
        f'<span style="background-color: {paper}; text-decoration: {line};">{html.escape(p.text)}</span>'
        if p.differs
        else html.escape(p.text)
        for p in pieces
    )
    return f"<p>{said}</p>"
