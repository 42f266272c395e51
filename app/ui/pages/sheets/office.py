"""考核办录入: values that the office sets with their basis, and parts that do not concern a unit this year."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from app.domain.facts import Exemption, OfficeMark, Unit
from app.domain.progress import Progress
from app.domain.quantities import MarkState
from app.domain.schemes import (
    DirectReading,
    Item,
    LevelsReading,
    OfficeSource,
    Part,
    Scheme,
    full_points,
    items_of,
    walk,
)
from app.services.changes import Area
from app.services.imports.grid import plain
from app.ui import colours
from app.ui.pages.sheets.reasons import ask_reason
from app.ui.tab import Tab
from app.ui.widgets.commands import Command
from app.ui.widgets.empty import EmptyState
from app.ui.widgets.forms import FormDialog, Wrong
from app.ui.widgets.frozen import FrozenColumns, wrapped
from app.ui.widgets.grid import Grid
from app.ui.widgets.picker import Picker
from app.ui.widgets.table import Column, Table
from app.ui.widgets.text import label, mark_wrong

if TYPE_CHECKING:
    from app.services.container import Services

STATES = {"弃权": MarkState.ABSTAINED, "不适用": MarkState.NOT_APPLICABLE}
STATE_TEXTS = {MarkState.BLANK: "", **{state: text for text, state in STATES.items()}, MarkState.RECUSED: "回避"}


@dataclass(frozen=True, slots=True)
class OfficeRow:
    """One unit and the values set for it, by item id. closed: items that do not concern it → why."""

    unit: Unit
    marks: dict[str, OfficeMark]
    closed: dict[str, str]


@dataclass(frozen=True, slots=True)
class OfficeData:
    """What the tab shows of one scheme."""

    scheme: Scheme | None
    units: tuple[Unit, ...]
    marks: tuple[OfficeMark, ...]
    exemptions: tuple[Exemption, ...]
    not_applicable: dict[tuple[str, str], str]


class ExemptionForm(FormDialog[Exemption]):
    """A part that does not concern a unit."""

    def __init__(self, parent: QWidget, scheme: Scheme, units: tuple[Unit, ...]) -> None:
        super().__init__(parent, "说明不适用", lead="本年不涉及的项目写明原因，按方案的规定处理，不当作零分。")
        self._scheme = scheme
        self.unit = Picker(tuple((u.code, u.name) for u in units))
        self.add_field("单位", self.unit)
        parts: list[Part] = [*walk(scheme.tree)[1:], *scheme.measures]
        self.part = self.add_choice("项目", tuple((p.id, p.name) for p in parts))
        self.reason = self.add_text("原因", hint="如：本单位没有直属事业单位")

    def value(self) -> Exemption:
        reason = self.reason.toPlainText().strip()
        if not reason:
            raise Wrong(self.reason, "请写明原因。")
        unit = self.unit.code()
        if not unit:
            raise Wrong(self.unit, "请从列表里选一家单位。")
        return Exemption(scheme=self._scheme.id, unit=unit, part=str(self.part.currentData()), reason=reason)


class OfficeTab(Tab[OfficeData]):
    id, title = "office", "考核办录入"
    areas = frozenset({Area.EVENTS, Area.UNITS, Area.SCHEMES})
    follows_scheme = True

    def build(self) -> None:
        self.data = OfficeData(None, (), (), (), {})
        self.grid: Grid[OfficeRow] | None = None
        self.items: list[Item] = []
        self.basis = QLineEdit()
        self.basis.setPlaceholderText("评分依据（录入前先写）")
        self.basis.setToolTip("录入的每个分数都带上这条依据，如：党建工作台账核查表")
        self.basis.setMinimumWidth(300)
        self.exempt = Command(self, "说明不适用…", self._exempt, icon="plus", tip="某项目本年不涉及某单位时，写明原因")
        self.withdraw = Command(self, "恢复适用…", self._withdraw, icon="rotate-ccw")
        self.tools.addWidget(self.basis)
        self.parts = QSplitter(Qt.Orientation.Vertical)
        self.parts.setChildrenCollapsible(False)
        self.stack = QStackedWidget()
        self.stack.addWidget(
            EmptyState(
                "pencil",
                "这一层级没有由考核办录入的项目",
                "方案里没有以“考核办录入”为来源的指标；不适用的项目仍可在下面说明。",
            )
        )
        self.place = QWidget()
        rows = QVBoxLayout(self.place)
        rows.setContentsMargins(0, 0, 0, 0)
        self.stack.addWidget(self.place)
        self.parts.addWidget(self.stack)
        self.parts.addWidget(self._exemption_box())
        self.parts.setStretchFactor(0, 3)
        self.parts.setStretchFactor(1, 1)
        self.body.addWidget(self.parts, 1)

    def _exemption_box(self) -> QWidget:
        made = QWidget()
        rows = QVBoxLayout(made)
        rows.setContentsMargins(0, 8, 0, 0)
        rows.setSpacing(8)
        head = QHBoxLayout()
        head.addWidget(label("不适用的项目", "heading"))
        self.exempted = label("", "soft")
        head.addWidget(self.exempted, 1)
        head.addWidget(self.withdraw.button())
        head.addWidget(self.exempt.button())
        rows.addLayout(head)
        columns: tuple[Column[Exemption], ...] = (
            Column(key="unit", title="单位", text=lambda e: self._unit_name(e.unit), width=220, strong=True),
            Column(key="part", title="项目", text=lambda e: self._part_name(e.part), width=220),
            Column(
                key="reason", title="原因", text=lambda e: e.reason, tip=lambda e: e.reason, width=260, stretch=True
            ),
        )
        self.exemptions = Table(columns)
        self.exemptions.setMinimumHeight(96)
        self.exemptions.picked.connect(self._allow)
        rows.addWidget(self.exemptions, 1)
        return made

    # ---- reading

    def loader(self) -> Callable[[Services, Progress], OfficeData]:
        scheme = self.work.scheme_document()

        def read(services: Services, progress: Progress) -> OfficeData:
            if scheme is None:
                return OfficeData(None, (), (), (), {})
            units = tuple(u for u in services.units.units() if u.level == scheme.level and u.participation != "ceased")
            return OfficeData(
                scheme,
                units,
                services.events.office_marks(scheme.id),
                services.events.exemptions(scheme.id),
                services.events.not_applicable(scheme.id),
            )

        return read

    def show_data(self, data: OfficeData) -> None:
        self.data = data
        items = [i for i in items_of(data.scheme) if isinstance(i.source, OfficeSource)] if data.scheme else []
        marks: dict[str, dict[str, OfficeMark]] = {}
        for mark in data.marks:
            marks.setdefault(mark.unit, {})[mark.item] = mark
        closed = data.not_applicable
        rows = [
            OfficeRow(u, marks.get(u.code, {}), {i.id: closed[u.code, i.id] for i in items if (u.code, i.id) in closed})
            for u in data.units
        ]
        if items and rows:
            self._show_rows(items, rows)
        self.stack.setCurrentIndex(1 if items and rows else 0)
        self.basis.setVisible(bool(items))
        self.subtitle.setText(count_text(items, rows) if items else "")
        self.exemptions.show_rows(data.exemptions)
        self.exempted.setText(f"{len(data.exemptions)} 条" if data.exemptions else "没有")
        self._allow()

    def _show_rows(self, items: list[Item], rows: list[OfficeRow]) -> None:
        if self.grid is not None and self.items == items and len(rows) == len(self.grid.contents.rows):
            for number, row in enumerate(rows):  # cell by cell, so that an open editor is not thrown away
                if row != self.grid.contents.rows[number]:
                    self.grid.contents.replace_row(number, row)
            return
        layout = self.place.layout()
        assert layout is not None
        if self.grid is not None:
            layout.removeWidget(self.grid)
            self.grid.hide()
            self.grid.deleteLater()
        self.items = items
        columns: list[Column[OfficeRow]] = [
            Column(
                key="unit",
                title="单位",
                text=lambda r: r.unit.name,
                width=230,
                strong=True,
                sort=lambda r: r.unit.order,
            )
        ]
        columns += [_item_column(item) for item in items]
        grid = Grid(columns, row_height=28)
        grid.horizontalHeader().setFixedHeight(58)
        grid.show_rows(rows)
        grid.edited.connect(self._edited)
        grid.refused.connect(self._refused)
        grid.summed.connect(self.work.sum_up)
        layout.addWidget(grid)
        FrozenColumns(grid)
        self.grid = grid

    def _allow(self) -> None:
        self.writable(self.exempt, why="" if self.data.units else "这一层级还没有单位。")
        self.writable(self.withdraw, why="" if self.exemptions.current() else "请先选中一条。")

    # ---- changing

    def _edited(self, edits: list[tuple[OfficeRow, str, str]]) -> None:
        grid, scheme, basis = self.grid, self.data.scheme, self.basis.text().strip()
        given = any(text for _, _, text in edits)
        mark_wrong(self.basis, given and not basis)
        if grid is None or scheme is None or self.work.read_only:
            self.work.notices.say(self.work.read_only)
            return
        if given and not basis:
            self.basis.setFocus()
            self.work.notices.say("先写评分依据，再录入分数。")
            return
        items = {item.id: item for item in self.items}
        numbers = {row.unit.code: number for number, row in enumerate(grid.contents.rows)}
        marks: list[OfficeMark] = []
        for row, key, text in edits:
            mark = _mark(scheme, row.unit, items[key], text, basis)
            marks.append(mark)
            number = numbers[row.unit.code]
            now = grid.contents.rows[number]
            grid.contents.replace_row(number, replace(now, marks={**now.marks, key: mark}))

        def failed(error: BaseException) -> bool:
            self.refresh()
            return False

        self.change("正在保存…", lambda s, p: s.events.save_office_marks(marks), None, failed)

    def _refused(self, reasons: list[str]) -> None:
        self.work.notices.tell("没有写入任何内容", "\n".join(f"· {reason}" for reason in reasons[:5]))

    def _exempt(self) -> None:
        if self.data.scheme is not None:
            self.form = ExemptionForm(self, self.data.scheme, self.data.units)
            self.form.submit(
                lambda value, close, wrong: self.change(
                    "正在保存…", lambda s, p: s.events.exempt(value), lambda _: close(), wrong
                )
            )

    def _withdraw(self) -> None:
        chosen = self.exemptions.current()
        if chosen is not None:
            ask_reason(
                self,
                f"{self._unit_name(chosen.unit)}：恢复适用“{self._part_name(chosen.part)}”",
                "恢复后这一项重新计入。",
                "恢复适用",
                lambda reason, close, wrong: self.change(
                    "正在保存…",
                    lambda s, p: s.events.withdraw_exemption(chosen.scheme, chosen.unit, chosen.part, reason),
                    lambda _: close(),
                    wrong,
                ),
            )

    def _unit_name(self, code: str) -> str:
        return next((u.name for u in self.data.units if u.code == code), code)

    def _part_name(self, part: str) -> str:
        parts = [*walk(self.data.scheme.tree), *self.data.scheme.measures] if self.data.scheme else []
        return next((p.name for p in parts if p.id == part), part)


def count_text(items: list[Item], rows: list[OfficeRow]) -> str:
    """How many values are set, of how many that concern their unit."""
    asked = [(row, item) for row in rows for item in items if item.id not in row.closed]
    given = sum(item.id in row.marks for row, item in asked)
    left_out = len(items) * len(rows) - len(asked)
    return f"{len(items)} 项，已录入 {given}/{len(asked)}" + (f"，另有 {left_out} 格不适用" if left_out else "")


def mark_words(mark: OfficeMark | None, item: Item) -> str:
    """A value set by the office as people write it; empty: not set."""
    if mark is None:
        return ""
    if mark.level and isinstance(item.reading, LevelsReading):
        return next((level.name for level in item.reading.levels if level.id == mark.level), mark.level)
    return STATE_TEXTS[mark.value] if isinstance(mark.value, MarkState) else plain(mark.value)


def _item_column(item: Item) -> Column[OfficeRow]:
    levels = item.reading.levels if isinstance(item.reading, LevelsReading) else ()

    def tip(row: OfficeRow) -> str:
        mark = row.marks.get(item.id)
        if why := row.closed.get(item.id, ""):
            return f"不适用：{why}" + (f"\n已录入的 {mark_words(mark, item)} 不计入" if mark else "")
        return f"依据：{mark.basis}" + (f"\n录入：{mark.by}" if mark.by else "") if mark and mark.basis else ""

    return Column(
        key=item.id,
        title=f"{wrapped(item.name, 7, 2)}\n{_range_of(item)}",
        text=lambda r: "不适用" if item.id in r.closed else mark_words(r.marks.get(item.id), item),
        locked=lambda r: r.closed.get(item.id, ""),
        ink=lambda r: colours.TEXT_FAINT if item.id in r.closed else "",
        check=lambda r, text: problem_of(item, text),
        choices=(lambda r: ["", *(level.name for level in levels)]) if levels else None,
        tip=tip,
        align="center" if levels else "right",
        width=116,
        head_tip="\n".join(text for text in (item.name, item.note) if text),
    )


def _range_of(item: Item) -> str:
    if isinstance(item.reading, LevelsReading):
        return "/".join(level.name for level in item.reading.levels)
    top = _top(item)
    low = plain(item.reading.minimum) if isinstance(item.reading, DirectReading) else "0"
    return f"{low}–{plain(top)}" if top is not None else ""


def _top(item: Item) -> Fraction | None:
    if not isinstance(item.reading, DirectReading):
        return None
    return full_points(item) if item.reading.maximum == "full" else item.reading.maximum


def problem_of(item: Item, text: str) -> str:
    """Why a text cannot be set for the item; empty: it can. What the rules of the scheme say, the service checks."""
    if not text or text in STATES:
        return ""
    if isinstance(item.reading, LevelsReading):
        names = [level.name for level in item.reading.levels]
        return "" if text in names else f"“{text}”不是可选的等级；可选：{'、'.join(names)}。"
    try:
        value = Fraction(text)
    except (ValueError, ZeroDivisionError):
        return f"“{text}”不是数字。"
    top = _top(item)
    low = item.reading.minimum if isinstance(item.reading, DirectReading) else Fraction(0)
    if value >= low and (top is None or value <= top):
        return ""
    return f"应在 {plain(low)} 至 {'不限' if top is None else plain(top)} 之间。"


def _mark(scheme: Scheme, unit: Unit, item: Item, text: str, basis: str) -> OfficeMark:
    mark = OfficeMark(scheme=scheme.id, unit=unit.code, item=item.id, basis=basis if text else "")
    if not text:
        return mark
    if text in STATES:
        return replace(mark, value=STATES[text])
    if isinstance(item.reading, LevelsReading):
        return replace(mark, level=next(level.id for level in item.reading.levels if level.name == text))
    return replace(mark, value=Fraction(text))
