"""What is needed around secret ballots: one-time codes to hand out, the smallest box, the counts that may be shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QMenu, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from app.domain.facts import VoteSession
from app.domain.schemes import LevelsReading, Scheme
from app.ui.pages.sheets.vote_form import vote_items
from app.ui.printing import Layout, print_html
from app.ui.tab import Tab
from app.ui.widgets.commands import Command
from app.ui.widgets.empty import EmptyState
from app.ui.widgets.forms import FormDialog, Wrong
from app.ui.widgets.table import Column, Table
from app.ui.widgets.text import button, label

if TYPE_CHECKING:
    from app.services.ballot_checks import Tally
    from app.ui.notices import Notices

POINTS = 14.0  # of printed codes
IN_A_ROW = 3


class NumberForm(FormDialog[int]):
    """One whole number within bounds."""

    def __init__(
        self, parent: QWidget, title: str, name: str, lead: str, save: str, text: str, bounds: tuple[int, int]
    ):
        super().__init__(parent, title, save=save, lead=lead)
        self._bounds = bounds
        self.number = self.add_line(name, text, f"{bounds[0]} 至 {bounds[1]}", number=True)

    def value(self) -> int:
        text = self.number.text().strip()
        least, most = self._bounds
        if not (text.isascii() and text.isdecimal()) or not least <= int(text) <= most:
            raise Wrong(self.number, f"请填 {least} 至 {most} 的整数。")
        return int(text)


class CodesDialog(QDialog):
    """Codes that were just issued: they are shown this once, to be printed and cut apart, or copied."""

    def __init__(self, parent: QWidget, session: VoteSession, codes: Sequence[str], notices: Notices) -> None:
        super().__init__(parent)
        self._session, self._codes, self._notices = session, codes, notices
        self.setWindowTitle("一次性票码")
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(560, 520)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(20, 16, 20, 16)
        rows.setSpacing(10)
        rows.addWidget(label(f"{session.name}：{len(codes)} 个票码", "heading"))
        said = "票码只显示这一次，程序里只留校验值。请现在打印、裁开，随选票随机发放，不要记下谁拿了哪一个。"
        rows.addWidget(label(said, "soft", wrap=True))
        self.text = QPlainTextEdit("\n".join(codes))
        self.text.setReadOnly(True)
        rows.addWidget(self.text, 1)
        ends = QHBoxLayout()
        ends.addStretch(1)
        self.close_button, self.copy_button = button("关闭"), button("复制", icon="copy")
        self.print_button = button("打印…", "primary", "printer")
        for one in (self.close_button, self.copy_button, self.print_button):
            ends.addWidget(one)
        rows.addLayout(ends)
        self._used = False
        self.close_button.clicked.connect(self.reject)
        self.copy_button.clicked.connect(self._copy)
        self.print_button.clicked.connect(self._print)

    def reject(self) -> None:
        """Codes that nobody has taken along are lost."""
        asked = "票码关闭后不能再看。还没有打印或复制，要关闭吗？"
        if self._used or self._notices.confirm("关闭票码", asked, "关闭", danger=True):
            super().reject()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText("\n".join(self._codes))
        self._used = True

    def _print(self) -> None:
        printer = self._notices.printer(f"票码 {self._session.name}")
        if printer is not None:
            print_html(codes_html(self._codes), printer, Layout(points=POINTS))
            self._used = True


def codes_html(codes: Sequence[str]) -> str:
    """The codes in a table with lines to cut along."""
    rows = [codes[at : at + IN_A_ROW] for at in range(0, len(codes), IN_A_ROW)]
    cells = "".join("<tr>" + "".join(f'<td align="center">{code}</td>' for code in row) + "</tr>" for row in rows)
    return f'<table width="100%" border="1" cellspacing="0" cellpadding="14">{cells}</table>'


@dataclass(frozen=True, slots=True)
class TallyRow:
    """One unit and item of a tally."""

    groups: str
    unit: str
    item: str
    answers: str
    ballots: int


class TalliesDialog(QDialog):
    """Counts of the secret ballots as they may be shown: small groups together with others."""

    def __init__(
        self, parent: QWidget, scheme: Scheme, tallies: Sequence[Tally], names: Callable[[str], str], minimum: int
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("选票计票结果")
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(980, 600)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(20, 16, 20, 16)
        rows.setSpacing(10)
        said = f"只列有效选票。不足 {minimum} 张的分组与别的分组合并，全部不足的不列，以免看出是谁投的。"
        rows.addWidget(label(said, "soft", wrap=True))
        self.table: Table[TallyRow] = Table(
            (
                Column(key="groups", title="分组", text=lambda r: r.groups, tip=lambda r: r.groups, width=220),
                Column(key="unit", title="单位", text=lambda r: r.unit, tip=lambda r: r.unit, width=200, strong=True),
                Column(key="item", title="项目", text=lambda r: r.item, tip=lambda r: r.item, width=150),
                Column(
                    key="answers",
                    title="各答案票数",
                    text=lambda r: r.answers,
                    tip=lambda r: r.answers,
                    width=240,
                    stretch=True,
                ),
                Column(
                    key="ballots",
                    title="有效选票",
                    text=lambda r: str(r.ballots),
                    sort=lambda r: r.ballots,
                    align="right",
                    width=90,
                ),
            )
        )
        self.table.show_rows(tally_rows(scheme, tallies, names))
        nothing = EmptyState("vote", "没有可以显示的结果", f"还没有收入选票，或每个分组合并后仍不足 {minimum} 张。")
        rows.addWidget(self.table if tallies else nothing, 1)
        ends = QHBoxLayout()
        ends.addStretch(1)
        close = button("关闭")
        close.clicked.connect(self.accept)
        ends.addWidget(close)
        rows.addLayout(ends)


def tally_rows(scheme: Scheme, tallies: Sequence[Tally], names: Callable[[str], str]) -> list[TallyRow]:
    """A row for each group (or groups together), unit and item."""
    groups, items = {g.id: g.name for g in scheme.groups}, {i.id: i for i in vote_items(scheme)}
    rows: list[TallyRow] = []
    for tally in tallies:
        together = "、".join(groups.get(g, g) or "未分组" for g in tally.groups)
        for count in tally.counts:
            item = items.get(count.item)
            levels = (
                {x.id: x.name for x in item.reading.levels} if item and isinstance(item.reading, LevelsReading) else {}
            )
            order = {level: n for n, level in enumerate(levels)}
            answers = sorted(count.counts.items(), key=lambda pair: (order.get(pair[0], len(order)), pair[0]))
            said = "　".join(f"{levels.get(answer, answer)} {number}" for answer, number in answers if number)
            name = item.name if item else count.item
            rows.append(TallyRow(together, names(count.unit), name, said or "—", tally.valid))
    return rows


class VoteTools:
    """The button 更多 of the vote sessions. chosen: the session in front; names: code → unit."""

    def __init__(self, tab: Tab[Any], chosen: Callable[[], VoteSession | None], names: Callable[[str], str]) -> None:
        self._tab, self._chosen, self._names = tab, chosen, names
        self.codes = Command(
            tab,
            "发放票码…",
            self._codes,
            icon="lock",
            tip="每张选票配一个一次性票码，防止多投；发放后没有票码的选票不收",
        )
        self.minimum = Command(tab, "每箱最少张数…", self._minimum, icon="shield-check", tip="少于这个数的票箱不收")
        self.tallies = Command(
            tab, "计票结果…", self._tallies, icon="chart-column", tip="各单位各答案的票数，小组合并显示"
        )

    def button(self) -> QPushButton:
        """The button with its menu."""
        self.more = button("更多", "plain")
        menu = QMenu(self.more)
        menu.setToolTipsVisible(True)
        for command in (self.tallies, self.codes, self.minimum):
            menu.addAction(command)
        self.more.setMenu(menu)
        return self.more

    def allow(self, counted: str) -> None:
        """counted: why no single ballots can be taken in for the session in front."""
        self._tab.writable(self.codes, why=counted)
        self._tab.writable(self.minimum)

    def _codes(self) -> None:
        session = self._chosen()
        if session is not None:
            self._tab.read("正在读取…", lambda s, p: s.ballots.codes(session.id), lambda n: self._ask_codes(session, n))

    def _ask_codes(self, session: VoteSession, counts: tuple[int, int]) -> None:
        issued, spent = counts
        before = (
            f"已发 {issued} 个，用了 {spent} 个；再发的加在后面。"
            if issued
            else "发放后，这次会议的选票都要有票码才收。"
        )
        proposed = str(session.issued or session.present or "") if not issued else ""
        lead = f"{before}票码只显示一次，这一步不能撤销。"
        self.form = NumberForm(self._tab, "发放一次性票码", "个数", lead, "发放", proposed, (1, 5000))
        self.form.submit(
            lambda count, close, wrong: self._tab.change(
                "正在生成票码…",
                lambda s, p: s.ballots.issue_codes(session.id, count),
                lambda codes: self._show_codes(session, codes, close),
                wrong,
            )
        )

    def _show_codes(self, session: VoteSession, codes: tuple[str, ...], close: Callable[[], object]) -> None:
        close()
        self.issued = CodesDialog(self._tab, session, codes, self._tab.work.notices)
        self.issued.open()

    def _minimum(self) -> None:
        self._tab.read("正在读取…", lambda s, p: s.ballots.minimum(), self._ask_minimum)

    def _ask_minimum(self, now: int) -> None:
        lead = "票箱里的选票少于这个数不收，分组少于这个数不单独显示。对以后收入的票箱有效。"
        self.form = NumberForm(self._tab, "每箱最少张数", "张数", lead, "保存", str(now), (5, 1000))
        self.form.submit(
            lambda number, close, wrong: self._tab.change(
                "正在保存…", lambda s, p: s.ballots.set_minimum(number), lambda _: close(), wrong
            )
        )

    def _tallies(self) -> None:
        scheme = self._tab.work.scheme_document()
        if scheme is not None:
            self._tab.read(
                "正在计票…",
                lambda s, p: (s.ballots.tallies(scheme.id), s.ballots.minimum()),
                lambda found: self._show_tallies(scheme, *found),
            )

    def _show_tallies(self, scheme: Scheme, tallies: tuple[Tally, ...], minimum: int) -> None:
        self.counts = TalliesDialog(self._tab, scheme, tallies, self._names, minimum)
        self.counts.open()
