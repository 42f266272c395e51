"""The form of one vote session: voters and ballots that must balance, and the counted answers of each unit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.domain.facts import Unit, VoteCount, VoteSession
from app.domain.schemes import Item, Level, LevelsReading, Scheme, VotesSource, items_of
from app.ui import colours
from app.ui.colours import BAD_TONE, GOOD_TONE, Tone
from app.ui.widgets.forms import FormDialog, Wrong, date_text
from app.ui.widgets.frozen import FrozenColumns
from app.ui.widgets.grid import Grid
from app.ui.widgets.table import Column
from app.ui.widgets.text import label

NUMBERS = (("expected", "应到"), ("present", "实到"), ("issued", "发出"), ("returned", "收回"), ("invalid", "无效"))


@dataclass(frozen=True, slots=True)
class CountRow:
    """One unit and one item: how many ballots gave each answer (None: not counted); valid: ballots that must come out."""

    unit: Unit
    item: Item
    counts: tuple[int | None, ...]
    valid: int

    @property
    def used(self) -> bool:
        """Whether anything is filled in."""
        return any(count is not None for count in self.counts)

    @property
    def total(self) -> int:
        """All counted ballots."""
        return sum(count or 0 for count in self.counts)

    @property
    def balance(self) -> str:
        """平, or by how much the count is off."""
        if not self.used:
            return ""
        off = self.total - self.valid
        return "平" if off == 0 else f"多 {off}" if off > 0 else f"少 {-off}"


def vote_items(scheme: Scheme) -> list[Item]:
    """The items that are voted on."""
    return [i for i in items_of(scheme) if isinstance(i.source, VotesSource) and isinstance(i.reading, LevelsReading)]


def levels_of(item: Item) -> tuple[Level, ...]:
    """The answers of an item."""
    return item.reading.levels if isinstance(item.reading, LevelsReading) else ()


class VoteForm(FormDialog[VoteSession]):
    """One session. units: those of the level; others: (id, name) of sessions that it may replace."""

    def __init__(
        self,
        parent: QWidget,
        session: VoteSession | None,
        scheme: Scheme,
        units: tuple[Unit, ...],
        others: tuple[tuple[str, str], ...],
    ) -> None:
        super().__init__(parent, "修改票决" if session else "录入票决", width=880)
        self.save_button.setDefault(False)
        self._scheme = scheme
        self._session = session or VoteSession(id="", name="", scheme=scheme.id, group="")
        known = self._session
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
        self.numbers: dict[str, QLineEdit] = {}
        self.add_field("人数与票数", self._number_line(known))
        self.balance = label("", "soft", wrap=True)
        self.fields.addRow("", self.balance)
        self.grids: list[Grid[CountRow]] = []
        counted = {count.item for count in known.counts}
        for item in sorted(vote_items(scheme), key=lambda i: i.id not in counted):
            self.fields.addRow(self._item_box(item, units))
        self._recount()

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
                ("收回", "发出", values["issued"] and values["returned"] > values["issued"]),
                ("无效", "收回", values["invalid"] > values["returned"]),
            )
            if off
        ]
        for grid in self.grids:
            for number, row in enumerate(grid.contents.rows):
                if row.valid != valid:
                    grid.contents.replace_row(number, replace(row, valid=valid))
        rows = [row for grid in self.grids for row in grid.contents.rows if row.used]
        uneven = sum(row.total != valid for row in rows)
        blank = values["issued"] - values["returned"]
        parts = [f"有效票 {valid} = 收回 {values['returned']} − 无效 {values['invalid']}"]
        parts += [f"未收回 {blank}"] if values["issued"] and blank > 0 else []
        parts += [f"弃权类答案共 {self._abstained(rows)}"] if rows else []
        parts += [f"已计 {len(rows)} 行" + (f"，{uneven} 行票数不平" if uneven else "，全部平")] if rows else []
        self._say("；".join([*wrong, *parts]) + "。", bad=bool(wrong or uneven))

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
            CountRow(unit, item, tuple(counted[unit.code].get(i, 0) if unit.code in counted else None for i in ids), 0)
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
            at = [level.id for level in levels_of(row.item)].index(key)
            counts = (*now.counts[:at], int(text) if text else None, *now.counts[at + 1 :])
            grid.contents.replace_row(number, replace(now, counts=counts))
        self._recount()

    def _not_taken(self, reasons: list[str]) -> None:
        self._show_problem(None, "\n".join(reasons[:5]))

    def value(self) -> VoteSession:
        if not self.name.text().strip():
            raise Wrong(self.name, "请填写会议名称。")
        counts = tuple(
            VoteCount(
                unit=row.unit.code,
                item=row.item.id,
                counts={level.id: count or 0 for level, count in zip(levels_of(row.item), row.counts, strict=True)},
            )
            for grid in self.grids
            for row in grid.contents.rows
            if row.used
        )
        if not counts:
            raise Wrong(None, "请至少填写一家单位的得票。")
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


def _balance_tone(row: CountRow) -> Tone | None:
    if not row.used:
        return None
    return GOOD_TONE if row.total == row.valid else BAD_TONE
