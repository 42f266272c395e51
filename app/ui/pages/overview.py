"""工作台: where the year stands, act by act; every line leads to the place where it is settled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.domain.findings import Severity
from app.domain.progress import Progress
from app.domain.schemes import Scheme
from app.services.changes import Area
from app.services.results import Snapshot
from app.services.year import Act, Overview, OverviewLine
from app.ui import colours, icons
from app.ui.page import Page
from app.ui.widgets.chips import Chip, tone_of
from app.ui.widgets.text import ElidedLabel, button, card, label

if TYPE_CHECKING:
    from app.services.container import Services

ACTS = {
    "prepare": "备 · 准备",
    "report": "述 · 述职",
    "review": "评 · 评议",
    "assess": "考 · 考核",
    "follow_up": "督 · 督办",
}
ALWAYS = ("prepare", "review", "assess")  # shown from the first day on, so that one sees what comes
_SIGNS = {
    Severity.ERROR: ("circle-x", colours.BAD),
    Severity.WARNING: ("triangle-alert", colours.WARN),
    Severity.NOTE: ("info", colours.INFO),
}


@dataclass(frozen=True, slots=True)
class Desk:
    """What the page shows."""

    overview: Overview
    result: Snapshot | None
    stale: bool
    schemes: tuple[Scheme, ...]


class OverviewPage(Page[Desk]):
    id, title, icon, manual = "desk", "工作台", "layout-dashboard", "工作台"
    areas = frozenset(Area)

    def build(self) -> None:
        self.acts = QHBoxLayout()
        self.acts.setSpacing(12)
        self.body.addLayout(self.acts)
        lower = QHBoxLayout()
        lower.setSpacing(12)
        self.todo = QVBoxLayout()
        self.todo.setSpacing(0)
        self.result = QVBoxLayout()
        self.result.setSpacing(8)
        lower.addWidget(_scrolled("待办", self.todo), 5)
        results = _scrolled("当前结果", self.result, 10)
        results.setMinimumWidth(372)  # five chips in a row
        lower.addWidget(results, 3)
        self.body.addLayout(lower, 1)

    def loader(self) -> Callable[[Services, Progress], Desk]:
        return lambda s, p: Desk(s.year.overview(), s.results.current(), s.results.is_stale(), s.year.schemes())

    def show_data(self, data: Desk) -> None:
        _empty(self.acts)
        shown = [act for act in data.overview.acts if act.total > 0 or act.id in ALWAYS]
        for act in shown:
            self.acts.addWidget(ActCard(act), 1)
        lines = [line for act in data.overview.acts for line in act.lines]
        waiting = sum(line.severity is not Severity.NOTE for line in lines)
        self.subtitle.setText(f"还有 {waiting} 件事要办" if waiting else "没有要办的事")
        self._show_lines(data.overview)
        self._show_result(data)

    def _show_lines(self, overview: Overview) -> None:
        _empty(self.todo)
        urgent = [line for act in overview.acts for line in act.lines if line.severity is Severity.ERROR]
        self._add_group("先要解决", urgent)
        for act in overview.acts:
            rest = [line for line in act.lines if line.severity is not Severity.ERROR]
            self._add_group(ACTS[act.id], sorted(rest, key=lambda one: one.severity is Severity.NOTE))
        if not any(act.lines for act in overview.acts):
            self.todo.addWidget(label("各项工作都已完成，没有缺项。", "soft"))
        self.todo.addStretch(1)

    def _add_group(self, name: str, lines: list[OverviewLine]) -> None:
        if lines:
            heading = label(name, "small")
            heading.setContentsMargins(10, 8, 0, 2)
            self.todo.addWidget(heading)
        for line in lines:
            self.todo.addWidget(LineButton(line, self.work.go))

    def _show_result(self, data: Desk) -> None:
        _empty(self.result)
        if data.result is None:
            self.result.addWidget(label("还没有计算过结果。评分和票决录入后，在“结果”页计算。", "soft", wrap=True))
            go = button("到“结果”页", "link")
            go.clicked.connect(lambda: self.work.go("results"))
            self.result.addWidget(go)
            self.result.addStretch(1)
            return
        info = data.result.info
        state = Chip("已定稿", colours.GOOD_TONE) if info.frozen else Chip("未定稿", colours.NEUTRAL)
        if data.stale and not info.frozen:
            state = Chip("已过期，请重新计算", colours.WARN_TONE)
        row = QHBoxLayout()
        row.addWidget(label(f"第 {info.version} 版 · {info.made_at[:16].replace('T', ' ')}", "soft"), 1)
        row.addWidget(state)
        self.result.addLayout(row)
        for outcome in data.result.results.schemes:
            scheme = next((s for s in data.schemes if s.id == outcome.scheme), None)
            if scheme is not None:
                finals = [unit.grade.final for unit in outcome.units.values()]
                pending = sum(unit.grade.pending for unit in outcome.units.values())
                self.result.addWidget(LevelCard(scheme, finals, pending, lambda s=scheme.id: self._open_level(s)))
        self.result.addStretch(1)

    def _open_level(self, scheme: str) -> None:
        self.work.choose_scheme(scheme)
        self.work.go("results")


class ActCard(QFrame):
    """An act and its bar."""

    def __init__(self, act: Act) -> None:
        super().__init__()
        self.setProperty("role", "card")
        rows = QVBoxLayout(self)
        rows.setContentsMargins(16, 12, 16, 14)
        rows.setSpacing(6)
        head = QHBoxLayout()
        head.addWidget(label(ACTS[act.id], "heading"), 1)
        done = act.done >= act.total > 0
        if done:
            sign = QLabel()
            sign.setPixmap(icons.pixmap("circle-check", colours.GOOD, 18))
            head.addWidget(sign)
        rows.addLayout(head)
        figures = QHBoxLayout()
        figures.setSpacing(4)
        counted = f"/ {act.total} {act.counted}" if act.total else "还没有开始"
        figures.addWidget(label(str(act.done) if act.total else "—", "number"), 0, Qt.AlignmentFlag.AlignBottom)
        figures.addWidget(label(counted, "soft"), 1, Qt.AlignmentFlag.AlignBottom)
        rows.addLayout(figures)
        bar = QProgressBar()
        bar.setTextVisible(False)
        bar.setRange(0, max(1, act.total))
        bar.setValue(min(act.done, act.total))
        if done:
            bar.setStyleSheet(f"QProgressBar::chunk {{ background: {colours.GOOD}; }}")
        rows.addWidget(bar)
        self.setAccessibleName(f"{act.name} {act.done} / {act.total} {act.counted}")


class LineButton(QPushButton):
    """One thing to do; a click leads there."""

    def __init__(self, line: OverviewLine, go: Callable[[str, str], object]) -> None:
        super().__init__()
        self.setProperty("role", "line")
        self.setAccessibleName(line.text)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 4, 10, 4)
        row.setSpacing(10)
        icon, ink = _SIGNS[line.severity]
        sign = QLabel()
        sign.setPixmap(icons.pixmap(icon, ink, 16))
        row.addWidget(sign)
        row.addWidget(label(line.text))
        row.addWidget(ElidedLabel(_names(line.who), "small"), 1)
        arrow = QLabel()
        arrow.setPixmap(icons.pixmap("chevron-right", colours.TEXT_FAINT, 14))
        row.addWidget(arrow)
        for part in self.findChildren(QLabel):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        if len(line.who) > 3:
            self.setToolTip("、".join(line.who[:60]).replace("<", "&lt;"))
        self.clicked.connect(lambda: go(line.page, line.target))


class LevelCard(QPushButton):
    """The grades of one level, counted; a click opens its ranking."""

    def __init__(self, scheme: Scheme, finals: list[str], pending: int, open_level: Callable[[], object]) -> None:
        super().__init__()
        self.setProperty("role", "level")
        rows = QVBoxLayout(self)
        rows.setContentsMargins(12, 8, 12, 10)
        rows.setSpacing(6)
        head = QHBoxLayout()
        head.addWidget(label(scheme.level_name or scheme.name, "strong"), 1)
        head.addWidget(label(f"{len(finals)} 个单位" + (f" · {pending} 个待定" if pending else ""), "small"))
        rows.addLayout(head)
        chips = QHBoxLayout()
        chips.setSpacing(6)
        for grade in scheme.ladder.grades:
            count = finals.count(grade.id)
            if count:
                chips.addWidget(Chip(f"{grade.name} {count}", tone_of(scheme, grade.id)))
        without = sum(final == "" for final in finals)
        if without:
            chips.addWidget(Chip(f"无等次 {without}"))
        chips.addStretch(1)
        rows.addLayout(chips)
        for part in self.findChildren(QWidget):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(scheme.name)
        self.clicked.connect(lambda: open_level())


def _names(who: tuple[str, ...]) -> str:
    if not who:
        return ""
    shown = "、".join(who[:3])
    return shown if len(who) <= 3 else f"{shown} 等 {len(who)} 个"


def _scrolled(title: str, inside: QVBoxLayout, margin: int = 0) -> QFrame:
    """A card with a heading and a list that scrolls."""
    made = card()
    rows = QVBoxLayout(made)
    rows.setContentsMargins(12, 12, 6, 8)
    rows.setSpacing(6)
    heading = label(title, "heading")
    heading.setContentsMargins(10, 0, 0, 0)
    rows.addWidget(heading)
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    holder = QWidget()
    holder.setObjectName("inside")
    inside.setContentsMargins(margin, 0, 6, 0)
    holder.setLayout(inside)
    area.setWidget(holder)
    rows.addWidget(area, 1)
    return made


def _empty(layout: QVBoxLayout | QHBoxLayout) -> None:
    """Take everything out of a layout."""
    while layout.count():
        item = layout.takeAt(0)
        inner = item.layout()
        if isinstance(inner, (QVBoxLayout, QHBoxLayout)):
            _empty(inner)
        widget = item.widget()
        if widget is not None:  # pyright: ignore[reportUnnecessaryComparison]  # spacers have none
            widget.deleteLater()
