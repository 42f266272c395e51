"""The rows below the head of a table of indicators, each turned into what it opens, adds to, or is left out for."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from app.domain.findings import Finding, Severity
from app.domain.indicator_tables import Indicator
from app.domain.quantities import number_text
from app.files.excel.indicators.amounts import Amount, read_amount
from app.files.excel.indicators.columns import Head
from app.files.excel.indicators.numbering import depths, split_points, without_number
from app.files.excel.texts import clean, tight
from app.files.excel.values import CellValue, Grid

CODE = "E-IND"
_TOTAL = re.compile(r"(合计|总计|共计|总分|小计|分值合计|合计分值|满分合计)([（(].*[）)])?[:：]?")
_NOTE = re.compile(r"(注|备注|说明|填表说明|附注|注意|填报说明)\s*\d?\s*[:：.、]")
_YES = ("是", "√", "✓", "y", "yes", "另加", "1")
_NUMERAL = re.compile(r"[一二三四五六七八九十]+")


@dataclass(frozen=True, slots=True)
class Place:
    """How cells are named, and what is known of them besides their values. merges: (first row, first column, last row,
    last column), from 0."""

    at: Callable[[int, int], str]
    merges: tuple[tuple[int, int, int, int], ...] = ()
    uncalculated: frozenset[tuple[int, int]] = frozenset()
    errors: frozenset[tuple[int, int]] = frozenset()
    percent: frozenset[tuple[int, int]] = frozenset()

    def last_row(self, row: int, column: int) -> int:
        """The last row of the merged cell that begins here (the row itself for a plain cell)."""
        return next((m[2] for m in self.merges if m[0] == row and m[1] == column), row)

    def spans(self, row: int, column: int) -> bool:
        """Whether a cell that begins here is merged across several columns."""
        return any(m[0] == row and m[1] == column and m[3] > column for m in self.merges)


@dataclass
class Draft:
    """A line of the tree while it is being read. depth: −1 a line across the table, then the name columns; last: the
    last row that its cell covers."""

    depth: int
    name: str
    place: str
    row: int
    last: int
    points: Fraction | None = None
    weight: Fraction | None = None
    points_place: str = ""
    on_top: bool = False
    notes: list[str] = field(default_factory=list[str])
    children: list[Draft] = field(default_factory=list["Draft"])

    def finished(self) -> Indicator:
        """As a value."""
        return Indicator(
            name=self.name,
            points=self.points,
            weight=self.weight,
            note="\n".join(self.notes),
            on_top=self.on_top,
            place=self.place,
            points_place=self.points_place,
            children=tuple(c.finished() for c in self.children),
        )


class Lines:
    """Reads the rows one after the other."""

    def __init__(self, grid: Grid, head: Head, place: Place) -> None:
        self.grid, self.head, self.place = grid, head, place
        self.names, self.texts = head.of("name"), head.of("text")
        self.upper = {
            c: depth for c in (*head.of("points"), *head.of("weight")) if (depth := self._upper(c)) is not None
        }
        self.points = next((c for c in head.of("points") if c not in self.upper), None)
        self.weight = next((c for c in head.of("weight") if c not in self.upper), None)
        self.tops: list[Draft] = []
        self.open: list[Draft] = []
        self.total: Fraction | None = None
        self.total_place = ""
        self.subtotals: list[tuple[Draft, Fraction, str]] = []
        self.read = 0
        self.findings: list[Finding] = []
        self.levels = self._numbered_levels()

    def all(self) -> None:
        """Read everything below the head."""
        for row in range(self.head.row + 1, len(self.grid)):
            if any(self._text(row, c) for c in range(len(self.grid[row]))):
                self._row(row)

    def _upper(self, column: int) -> int | None:
        """The depth of the names whose amounts stand in this column, when deeper names stand behind it
        (一级指标 | 权重 | 二级指标 | 分值); none for the column of the deepest."""
        left = sum(n < column for n in self.names)
        return left - 1 if 0 < left < len(self.names) else None

    # ---- one row

    def _row(self, row: int) -> None:
        filled = [c for c in range(len(self.grid[row])) if self._text(row, c)]
        first = self._text(row, filled[0])
        if all(tight(self.head.words.get(c, "")) == tight(self._text(row, c)) for c in filled):
            return  # the head again, on the next printed page
        if self._is_total(row, filled) or self._is_note(row, filled, first):
            return
        mine = [c for c in self.names if self._text(row, c)]
        if (
            len(filled) == 1
            and (self.place.spans(row, filled[0]) or filled[0] not in self.head.roles)
            and not self.levels
        ):
            self._open(row, filled[0], -1)
        elif mine:
            for column in mine:
                if not self._continues(row, column, mine):
                    self._open(row, column, self.names.index(column), column == mine[-1])
        elif not self._belongs(row, filled):
            return
        self.read += 1
        self._fill(row, bool(mine))

    def _is_total(self, row: int, filled: Sequence[int]) -> bool:
        where = next((c for c in filled if _TOTAL.fullmatch(tight(self._text(row, c)))), None)
        if where is None or (self._text(row, where) and where not in (*self.names, *self.head.of("number"), filled[0])):
            return False
        amount = self._amount(row, self.points) if self.points is not None else Amount(None)
        if amount.value is not None and self.points is not None:
            place = self.place.at(row, self.points)
            if "小计" in self._text(row, where):
                if self.tops:
                    self.subtotals.append((self.tops[-1], amount.value, place))
            else:
                self.total, self.total_place = amount.value, place
        return True

    def _is_note(self, row: int, filled: Sequence[int], first: str) -> bool:
        if len(filled) > 2 or not _NOTE.match(first):
            return False
        self.say(row, filled[0], f"表外的说明没有读入：{first[:60]}", "需要时请写进方案的说明", Severity.NOTE)
        return True

    def _belongs(self, row: int, filled: Sequence[int]) -> bool:
        """Whether a row without a name says something about the line above it."""
        tells = any(c in (*self.texts, self.points, self.weight, *self.upper) for c in filled)
        if tells and self.open:
            return True
        known = [c for c in filled if self.head.roles.get(c) not in ("number", "entry")]
        if known or not self.open:
            step = "请在表里补上名称，或在方案里手工加入"
            self.say(row, filled[0], f"这一行没有名称，没有读懂：{self._text(row, filled[0])[:40]}", step)
        return False

    def _continues(self, row: int, column: int, mine: Sequence[int]) -> bool:
        """The same class written again beside another item."""
        depth = self.names.index(column)
        same = next((d for d in self.open if d.depth == depth), None)
        return same is not None and column != mine[-1] and tight(self._text(row, column)) == tight(same.name)

    def _open(self, row: int, column: int, depth: int, deepest: bool = True) -> None:
        """deepest: no further name stands in this row; the points beside it are this line's own."""
        text = clean(self._text(row, column)).strip()
        level = self.levels.get(row)
        if level is not None:
            depth, text = level, without_number(text)
        points = None
        if not deepest or self.points is None or not self._text(row, self.points):
            text, points = split_points(text)
        name = " ".join(text.split()) if "\n" in text else text
        last = self.place.last_row(row, column)
        draft = Draft(depth, name, self.place.at(row, column), row, last, points)
        if points is not None:
            draft.points_place = draft.place
        while self.open and self.open[-1].depth >= depth:
            self.open.pop()
        (self.open[-1].children if self.open else self.tops).append(draft)
        self.open.append(draft)

    # ---- what stands beside the name

    def _fill(self, row: int, named: bool) -> None:
        if not self.open:
            return
        self._fill_upper(row)
        target = self.open[-1]
        split = self._splits(row)
        if split and (self.points is not None and self._text(row, self.points)):
            target = self._point_of(row)
        elif not named and target.children and not split:
            target = target.children[-1]
        for column, name in ((self.points, "points"), (self.weight, "weight")):
            if column is None or not (self._text(row, column) or self._unread(row, column)):
                continue
            amount = self._amount(row, column)
            if amount.value is not None:
                covered = self._covering(row, column, target)
                setattr(covered, name, amount.value)
                covered.points_place = self.place.at(row, column)
        self._tell(row, target, split)
        for column in self.head.of("on_top"):
            target.on_top = target.on_top or tight(self._text(row, column)) in _YES

    def _fill_upper(self, row: int) -> None:
        """Amounts of the classes above the deepest names. Written again in each row they must say the same."""
        for column, depth in self.upper.items():
            if not (self._text(row, column) or self._unread(row, column)):
                continue
            kind = "points" if column in self.head.of("points") else "weight"
            line = next((d for d in self.open if d.depth == depth), None)
            amount = self._amount(row, column).value
            if line is None or amount is None:
                if line is None:
                    said = f"“{self._text(row, column)[:20]}”左边没有名称，没有读入"
                    self.say(row, column, said, "请在表里补上名称，或在方案里填写")
                continue
            before = line.points if kind == "points" else line.weight
            if before is not None and before != amount:
                said = f"“{line.name[:40]}”前面写 {number_text(before)}，这里写 {number_text(amount)}，按前面的读入"
                self.say(row, column, said, "请核对")
            elif kind == "points":
                line.points, line.points_place = amount, self.place.at(row, column)
            else:
                line.weight = amount

    def _tell(self, row: int, target: Draft, split: bool) -> None:
        several = len(self.texts) > 1
        for column in self.texts:
            said = clean(self._text(row, column)).strip()
            if said and not (split and said == target.name):
                word = self.head.words.get(column, "").strip().replace("\n", "")
                to = self._covering(row, column, target)
                to.notes.append(f"{word}：{said}" if several and word else said)

    def _covering(self, row: int, column: int, target: Draft) -> Draft:
        """A cell merged over several rows belongs to the line that covers as many."""
        last = self.place.last_row(row, column)
        if last == row:
            return target
        lines = [d for d in self.open if d.row == row and d.last >= last]
        return lines[-1] if lines and lines[-1] is not target else target

    def _splits(self, row: int) -> bool:
        """Whether the open line has points row by row: then its rows are lines of their own below it."""
        item = self.open[-1]
        if self.points is None or not self.texts or self.levels:
            return False
        counted, n = 0, item.row
        while n < len(self.grid) and (n == item.row or self._plain_continuation(n)):
            counted += bool(self._text(n, self.points))
            n += 1
        return counted > 1

    def _plain_continuation(self, row: int) -> bool:
        filled = [c for c in range(len(self.grid[row])) if self._text(row, c)]
        total = any(_TOTAL.fullmatch(tight(self._text(row, c))) for c in filled)
        return not total and not any(self._text(row, c) for c in self.names)

    def _point_of(self, row: int) -> Draft:
        item = self.open[-1]
        column = next((c for c in self.texts if self._text(row, c)), None)
        text = clean(self._text(row, column)).strip() if column is not None else ""
        name = text or f"{item.name}（{len(item.children) + 1}）"
        at = self.place.at(row, column if column is not None else (self.points or 0))
        point = Draft(item.depth + 1, name, at, row, row)
        item.children.append(point)
        return point

    # ---- cells

    def _numbered_levels(self) -> dict[int, int]:
        """Row → level, when there is one column of names and numbers tell the levels."""
        if len(self.names) != 1:
            return {}
        rows = [r for r in range(self.head.row + 1, len(self.grid)) if self._text(r, self.names[0])]
        rows = [r for r in rows if not _TOTAL.fullmatch(tight(self._text(r, self.names[0])))]
        column = next(iter(self.head.of("number")), None)
        for names in (
            [self._text(r, self.names[0]) for r in rows],
            [_as_number(self._text(r, column)) if column is not None else "" for r in rows],
        ):
            levels = depths(names) if names else None
            if levels is not None:
                return dict(zip(rows, levels, strict=True))
        return {}

    def _text(self, row: int, column: int | None) -> str:
        if column is None or column >= len(self.grid[row]):
            return ""
        value: CellValue = self.grid[row][column]
        if isinstance(value, float) and value.is_integer():
            return str(int(value))
        return str(value).strip()

    def _unread(self, row: int, column: int) -> bool:
        return (row, column) in self.place.uncalculated or (row, column) in self.place.errors

    def _amount(self, row: int, column: int | None) -> Amount:
        if column is None:
            return Amount(None)
        if self._unread(row, column) and not self._text(row, column):
            what = "是公式，没有保存计算结果" if (row, column) in self.place.uncalculated else "是错误值"
            self.say(row, column, f"这一格{what}，没有读入", "请用 Excel/WPS 打开并保存一次，或直接填写数值")
            return Amount(None)
        percent = (row, column) in self.place.percent
        amount = read_amount(self.grid[row][column], percent)
        if column == self.points and amount.value is not None and (percent or self._text(row, column).endswith("%")):
            shown = number_text(amount.value)
            amount = Amount(amount.value, amount.doubt or f"分值写成了百分数，“{shown}%”按 {shown} 分读入")
        if amount.doubt:
            self.say(row, column, amount.doubt, "请核对" if amount.value is not None else "请在方案里填写")
        return amount

    def say(self, row: int, column: int, message: str, step: str = "", severity: Severity = Severity.WARNING) -> None:
        """A remark on a cell."""
        self.findings.append(Finding(CODE, self.place.at(row, column), message, step, severity))

    # ---- after the last row

    def compared(self) -> None:
        """Stated sums against what stands below them; lines without points where there is a column for them."""
        for draft in [d for top in self.tops for d in _walk(top)]:
            below = _sum(draft)
            if draft.children and draft.points is not None and below is not None and below != draft.points:
                said = f"“{draft.name}”写 {number_text(draft.points)} 分，下面合计 {number_text(below)} 分"
                self.findings.append(Finding(CODE, draft.points_place, said, "请核对", Severity.WARNING))
            doubted = {f.place for f in self.findings}
            if not draft.children and draft.points is None and draft.weight is None and self.points is not None:
                place = self.place.at(draft.row, self.points)
                if place not in doubted:
                    self.findings.append(
                        Finding(CODE, place, f"“{draft.name[:40]}”没有分值", "请在方案里填写", Severity.WARNING)
                    )
        for draft, stated, place in self.subtotals:
            full = _full(draft)
            if full is not None and full != stated:
                said = f"“{draft.name}”小计写 {number_text(stated)} 分，实际 {number_text(full)} 分"
                self.findings.append(Finding(CODE, place, said, "请核对", Severity.WARNING))
        self._compare_total()

    def _compare_total(self) -> None:
        plain = _known([_full(t) for t in self.tops if not t.on_top])
        extra = [t for t in self.tops if not t.on_top and re.search(r"加分|附加分|奖励分", t.name)]
        without = _known([_full(t) for t in self.tops if not t.on_top and t not in extra])
        wanted = self.total if self.total is not None else Fraction(100)
        if extra and plain != wanted and without == wanted:
            for top in extra:
                top.on_top = True
                said = f"“{top.name}”不在 {number_text(wanted)} 分之内，按加在总分之上读入"
                self.findings.append(Finding(CODE, top.place, said, "请核对", Severity.NOTE))
        elif self.total is not None and plain is not None and plain != self.total:
            said = f"合计写 {number_text(self.total)} 分，各项相加是 {number_text(plain)} 分"
            self.findings.append(Finding(CODE, self.total_place, said, "请核对", Severity.WARNING))


def _as_number(text: str) -> str:
    """A number out of its own column as it would stand before a name."""
    if _NUMERAL.fullmatch(text):
        return f"{text}、"
    return f"{text}." if text.isdecimal() else text


def _walk(draft: Draft) -> list[Draft]:
    return [draft, *(d for c in draft.children for d in _walk(c))]


def _full(draft: Draft) -> Fraction | None:
    return draft.points if draft.points is not None or not draft.children else _sum(draft)


def _sum(draft: Draft) -> Fraction | None:
    return _known([_full(c) for c in draft.children if not c.on_top])


def _known(values: Sequence[Fraction | None]) -> Fraction | None:
    known = [v for v in values if v is not None]
    return sum(known, Fraction(0)) if len(known) == len(values) and values else None
