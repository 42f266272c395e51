"""The form of one vote session: voters and ballots that must balance, and the counted answers of each unit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.domain.facts import Unit, VoteCount, VoteSession
from app.domain.schemes import Item, Level, LevelsReading, Scheme
from app.services.votes import periods_of, why_not_standing, wrong_answer
from app.services.votes import vote_items as voted_on
from app.ui import colours
from app.ui.colours import BAD_TONE, GOOD_TONE, Tone
from app.ui.pages.sheets.secrecy import SecrecyBand
from app.ui.widgets.forms import FormDialog, Wrong, date_text
from app.ui.widgets.frozen import FrozenColumns
from app.ui.widgets.grid import Grid
from app.ui.widgets.table import Column
from app.ui.widgets.text import label

NUMBERS = (("expected", "应到"), ("present", "实到"), ("issued", "发出"), ("returned", "收回"), ("invalid", "无效"))


@dataclass(frozen=True, slots=True)
class CountRow:
    """One unit and one item: how many ballots gave each answer (None: not counted); valid: ballots that must come out.
    numbers: for an item answered by a number, each number with its ballots, as typed (``95×4 90×6``)."""

    unit: Unit
    item: Item
    counts: tuple[int | None, ...]
    valid: int
    numbers: str = ""

    @property
    def used(self) -> bool:
        """Whether anything is filled in."""
        return bool(self.numbers) or any(count is not None for count in self.counts)

    @property
    def total(self) -> int:
        """All counted ballots."""
        return sum(self.answers.values())

    @property
    def answers(self) -> dict[str, int]:
        """Answer → ballots."""
        if levels := levels_of(self.item):
            return {level.id: count or 0 for level, count in zip(levels, self.counts, strict=True)}
        return read_numbers(self.numbers) or {}

    @property
    def balance(self) -> str:
        """平, or by how much the count is off."""
        if not self.used:
            return ""
        off = self.total - self.valid
        return "平" if off == 0 else f"多 {off}" if off > 0 else f"少 {-off}"


def vote_items(scheme: Scheme) -> list[Item]:
    """The items that are voted on."""
    return list(voted_on(scheme).values())


def read_numbers(text: str) -> dict[str, int] | None:
    """``95×4 90×6`` as number → ballots; None: it cannot be read."""
    found: dict[str, int] = {}
    for word in re.split(r"[\s、，,；;]+", text.strip()):
        match = re.fullmatch(r"(-?\d+(?:\.\d+)?)[×xX*:：](\d{1,6})", word)
        if match is None:
            if word:
                return None
            continue
        found[match[1]] = found.get(match[1], 0) + int(match[2])
    return found


def said_numbers(counts: Mapping[str, int]) -> str:
    """Number → ballots as they are typed."""
    return " ".join(f"{answer}×{number}" for answer, number in counts.items() if number)


def levels_of(item: Item) -> tuple[Level, ...]:
    """The answers of an item."""
    return item.reading.levels if isinstance(item.reading, LevelsReading) else ()


class VoteForm(FormDialog[VoteSession]):
    """One session. units: those of the level; others: (id, name) of sessions that it may replace; taken_in:
    single ballots that it has already."""

    def __init__(
        self,
        parent: QWidget,
        session: VoteSession | None,
        scheme: Scheme,
        units: tuple[Unit, ...],
        others: tuple[tuple[str, str], ...],
        taken_in: int = 0,
    ) -> None:
        super().__init__(parent, "修改票决" if session else "录入票决", width=880)
        self.save_button.setDefault(False)
        self._scheme = scheme
        self._session = session or VoteSession(id="", name="", scheme=scheme.id, group="")
        self._taken_in = taken_in
        known = self._session
        self.fields.addRow(SecrecyBand(secret=True))
        self.name = self.add_line("会议名称", known.name, "如：机关党委述职评议大会")
        self.group = self.add_choice(
            "评议人分组", tuple((g.id, g.name) for g in scheme.groups) or (("", "（不分组）"),), known.group
        )
        self.date = self.add_date("日期", known.date)
        if others:
            self.replaces = self.add_choice("取代", (("", "（不取代）"), *others), known.replaces)
            self.replaces.setToolTip("重新投票时选原来那次会议，原来的票不再计入")
        else:
            self.replaces = None
        periods = periods_of(scheme, "")
        self.period = self.add_choice(
            "期次", tuple((p, p or "（不分期）") for p in dict.fromkeys((*periods, known.period))), known.period
        )
        self.fields.setRowVisible(self.period, any(periods))
        self.way = self.add_choice("计票", (("counts", "录入各单位得票"), ("ballots", "逐张收入选票（保存后再录）")))
        self.way.setToolTip("逐张收入的，票数由选票算出，先保存会议的人数和票数")
        self.way.setCurrentIndex(1 if taken_in or (session is not None and not known.counts) else 0)
        self.way.setEnabled(not taken_in)
        self.numbers: dict[str, QLineEdit] = {}
        self.add_field("人数与票数", self._number_line(known))
        self.balance = label("", "soft", wrap=True)
        self.fields.addRow("", self.balance)
        self.standing = label("", "strong", wrap=True)
        self.fields.addRow("", self.standing)
        self.grids: list[Grid[CountRow]] = []
        self.boxes: list[QWidget] = []
        counted = {count.item for count in known.counts}
        for item in sorted(vote_items(scheme), key=lambda i: i.id not in counted):
            box = self._item_box(item, units)
            self.boxes.append(box)
            self.fields.addRow(box)
        self.way.currentIndexChanged.connect(self._way_chosen)
        self._way_chosen()
        self._recount()

    def _way_chosen(self) -> None:
        """Counts are typed only where no single ballots come in."""
        for box in self.boxes:
            self.fields.setRowVisible(box, not self.by_ballots)
        self._recount()
        self._fit()

    @property
    def by_ballots(self) -> bool:
        """Whether single ballots are taken in."""
        return self.way.currentData() == "ballots"

    # ---- the numbers

    def _number_line(self, known: VoteSession) -> QWidget:
        made = QWidget()
        line = QHBoxLayout(made)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(6)
        for key, name in NUMBERS:
            field = QLineEdit(str(getattr(known, key) or ""))
            field.setFixedWidth(64)
            field.setAlignment(Qt.AlignmentFlag.AlignRight)
            field.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
            field.textChanged.connect(self._recount)
            self.numbers[key] = field
            line.addWidget(label(name, "soft"))
            line.addWidget(field)
            line.addSpacing(6)
        line.addStretch(1)
        return made

    def _number(self, key: str) -> int:
        text = self.numbers[key].text().strip()
        if not text:
            return 0
        if not text.isdecimal():
            raise Wrong(self.numbers[key], f"“{dict(NUMBERS)[key]}”应填整数，现在是“{text}”。")
        return int(text)

    def _valid(self) -> int:
        try:
            return max(self._number("returned") - self._number("invalid"), 0)
        except Wrong:
            return 0

    def _recount(self) -> None:
        """The balance as it stands, while typing."""
        try:
            values = {key: self._number(key) for key, _ in NUMBERS}
        except Wrong as wrong:
            self._say(wrong.why, bad=True)
            return
        valid = values["returned"] - values["invalid"]
        wrong = [
            f"{small}多于{large}"
            for small, large, off in (
                ("实到", "应到", values["expected"] and values["present"] > values["expected"]),
                ("无效", "收回", values["invalid"] > values["returned"]),
            )
            if off
        ]
        for grid in self.grids:
            for number, row in enumerate(grid.contents.rows):
                if row.valid != valid:
                    grid.contents.replace_row(number, replace(row, valid=valid))
        rows = [] if self.by_ballots else [row for grid in self.grids for row in grid.contents.rows if row.used]
        uneven = sum(row.total != valid for row in rows)
        blank = values["issued"] - values["returned"]
        parts = [f"有效票 {valid} = 收回 {values['returned']} − 无效 {values['invalid']}"]
        parts += [f"未收回 {blank}"] if values["issued"] and blank > 0 else []
        parts += [f"弃权类答案共 {self._abstained(rows)}"] if rows else []
        parts += [f"已计 {len(rows)} 行" + (f"，{uneven} 行票数不平" if uneven else "，全部平")] if rows else []
        parts += [f"已收入选票 {self._taken_in} 张"] if self._taken_in else []
        self._say("；".join([*wrong, *parts]) + "。", bad=bool(wrong or uneven))
        self._judge(values)

    def _judge(self, values: dict[str, int]) -> None:
        """成立 or not, and why, by the scheme's quorum."""
        if not values["returned"]:
            self.standing.setText("")
            return
        why = why_not_standing(replace(self._session, **values), self._scheme)
        self.standing.setText(f"不成立：{why}。" if why else "成立：符合方案对到会、收回和无效票的要求。")
        self.standing.setStyleSheet(f"color: {colours.BAD if why else colours.GOOD}")

    @staticmethod
    def _abstained(rows: list[CountRow]) -> int:
        """Ballots on answers that carry no points."""
        return sum(
            count or 0
            for row in rows
            for level, count in zip(levels_of(row.item), row.counts, strict=True)
            if level.points is None
        )

    def _say(self, text: str, *, bad: bool) -> None:
        self.balance.setText(text)
        self.balance.setStyleSheet(f"color: {colours.BAD if bad else colours.GOOD}")

    # ---- the counts

    def _item_box(self, item: Item, units: tuple[Unit, ...]) -> QWidget:
        made = QWidget()
        rows = QVBoxLayout(made)
        rows.setContentsMargins(0, 4, 0, 0)
        rows.setSpacing(4)
        rows.addWidget(label(f"{item.name}（各单位得票；可从 Excel 整块粘贴，空行表示没有表决）", "strong"))
        columns: list[Column[CountRow]] = [
            Column(key="unit", title="单位", text=lambda r: r.unit.name, width=220, strong=True)
        ]
        columns += [_level_column(at, level) for at, level in enumerate(levels_of(item))]
        columns += [] if levels_of(item) else [_numbers_column(item)]
        columns.append(
            Column(key="total", title="合计", text=lambda r: str(r.total) if r.used else "", align="right", width=64)
        )
        columns.append(
            Column(key="balance", title="平衡", text=lambda r: r.balance, tone=_balance_tone, align="center", width=72)
        )
        grid = Grid(columns, row_height=26)
        counted = {c.unit: c.counts for c in self._session.counts if c.item == item.id}
        ids = [level.id for level in levels_of(item)]
        grid.show_rows(
            CountRow(
                unit,
                item,
                tuple(counted[unit.code].get(i, 0) if unit.code in counted else None for i in ids),
                0,
                "" if ids else said_numbers(counted.get(unit.code, {})),
            )
            for unit in sorted(units, key=lambda u: u.code not in counted)
        )
        grid.edited.connect(partial(self._edited, grid))
        grid.refused.connect(self._not_taken)
        grid.setFixedHeight(min(34 + 27 * (len(units) + 1), 300))
        rows.addWidget(grid)
        self.grids.append(grid)
        FrozenColumns(grid)
        return made

    def _edited(self, grid: Grid[CountRow], edits: list[tuple[CountRow, str, str]]) -> None:
        numbers = {row.unit.code: number for number, row in enumerate(grid.contents.rows)}
        for row, key, text in edits:
            number = numbers[row.unit.code]
            now = grid.contents.rows[number]
            if key == "numbers":
                grid.contents.replace_row(number, replace(now, numbers=said_numbers(read_numbers(text) or {})))
                continue
            at = [level.id for level in levels_of(row.item)].index(key)
            counts = (*now.counts[:at], int(text) if text else None, *now.counts[at + 1 :])
            grid.contents.replace_row(number, replace(now, counts=counts))
        self._recount()

    def _not_taken(self, reasons: list[str]) -> None:
        self._show_problem(None, "\n".join(reasons[:5]))

    def value(self) -> VoteSession:
        if not self.name.text().strip():
            raise Wrong(self.name, "请填写会议名称。")
        counts = () if self.by_ballots else self._counts()
        if not counts and not self.by_ballots:
            raise Wrong(None, "请至少填写一家单位的得票；逐张收入选票的，请在“计票”中选择。")
        return replace(
            self._session,
            name=self.name.text().strip(),
            group=str(self.group.currentData() or ""),
            date=date_text(self.date),
            replaces=str(self.replaces.currentData() or "") if self.replaces else self._session.replaces,
            expected=self._number("expected"),
            present=self._number("present"),
            issued=self._number("issued"),
            returned=self._number("returned"),
            invalid=self._number("invalid"),
            counts=counts,
            period=str(self.period.currentData() or ""),
        )

    def _counts(self) -> tuple[VoteCount, ...]:
        return tuple(
            VoteCount(unit=row.unit.code, item=row.item.id, counts=row.answers)
            for grid in self.grids
            for row in grid.contents.rows
            if row.used
        )


def _level_column(at: int, level: Level) -> Column[CountRow]:
    def text(row: CountRow) -> str:
        count = row.counts[at]
        return "" if count is None else str(count)

    points = "" if level.points is not None else "\n（不计入）"
    return Column(
        key=level.id,
        title=level.name,
        text=text,
        check=lambda row, typed: "" if not typed or typed.isdecimal() else f"票数应是整数，现在是“{typed}”。",
        align="right",
        width=76,
        head_tip=f"{level.name}{points}",
    )


def _numbers_column(item: Item) -> Column[CountRow]:
    def problem(row: CountRow, typed: str) -> str:
        found = read_numbers(typed)
        if found is None:
            return f"请写成“95×4 90×6”（分数×票数），现在是“{typed}”。"
        return next((f"{why}。" for answer in found if (why := wrong_answer(item, answer))), "")

    return Column(
        key="numbers",
        title="各分数的票数",
        text=lambda r: r.numbers,
        check=problem,
        width=320,
        head_tip="每个分数写明几张票，如 95×4 90×6",
    )


def _balance_tone(row: CountRow) -> Tone | None:
    if not row.used:
        return None
    return GOOD_TONE if row.total == row.valid else BAD_TONE
