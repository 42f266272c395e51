"""One table of a register as read: its head is found by names, its lines are read by the names of their columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from app.domain.errors import Fault
from app.domain.findings import Finding, Severity
from app.files.excel.preflight import Preflight
from app.files.excel.register_columns import COLUMNS, REQUIRED, SEPARATOR, UNITS
from app.files.excel.texts import column_letters, normal, tidy, tight
from app.files.excel.values import Grid

_CODE = Fault.REGISTER_BAD.value.code
_LISTS = ("标签", "分管", "其他关系", "单位", "其他上级", "关联")  # in these a new line in the cell separates
_HEAD_ROWS = 20  # the head is looked for in so many rows from the top
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_EMPTY = ("—", "——")  # how tables on the screen show that there is nothing


@dataclass(slots=True)
class Table:
    """A sheet, or what was pasted. findings collects every remark on it. merges: first row, first column, last row, last
    column, all from 0. others: the sheets that are there when this one is missing. pasted: a table without a head is
    read by the order of the columns, with a warning, and the dashes of tables on the screen are empty cells."""

    title: str
    place: str
    grid: Grid
    uncalculated: frozenset[str] = frozenset()
    errors: frozenset[str] = frozenset()
    merges: tuple[tuple[int, int, int, int], ...] = ()
    others: tuple[str, ...] = ()
    missing: bool = False
    pasted: bool = False
    findings: list[Finding] = field(default_factory=list[Finding])

    @classmethod
    def of(cls, checked: Preflight, title: str, open_sheet: Callable[[str], Grid]) -> Table:
        """The sheet of this title, or a missing table."""
        found = next((t for t in checked.scans if tight(t) == tight(title)), None)
        if found is None:
            return cls(title, f"{checked.name} › {title}", [], others=tuple(checked.scans), missing=True)
        scan = checked.scans[found]
        return cls(title, f"{checked.name} › {found}", open_sheet(found), scan.formulas, scan.errors, scan.merges)

    def say(self, address: str, message: str, step: str = "", severity: Severity = Severity.ERROR) -> None:
        """Remark on a cell, or with no address on the whole table."""
        place = f"{self.place} › {address}" if address else self.place
        self.findings.append(Finding(_CODE, place, message, step, severity))

    def lines(self) -> list[Line]:
        """The filled lines below the head; the first columns must be there."""
        columns = COLUMNS[self.title]
        required = columns[: REQUIRED[self.title]]
        if self.missing:
            self._say_missing()
            return []
        head = self._head(required)
        if head < 0 and not self.pasted:
            self._say_headless(required)
            return []
        where = self._columns(head) if head >= 0 else self._by_order(columns)
        found = [Line(self, r, where) for r in range(head + 1, len(self.grid))]
        found = [line for line in found if line.filled()]
        self._refuse_covered(found, where)
        return found

    def _say_missing(self) -> None:
        needed = self.title == UNITS
        step = f"请用名册模板填写；已经填好的，把工作表改名为“{self.title}”。" if needed else "已有的内容不变。"
        there = f"工作簿里有：{SEPARATOR.join(self.others[:10])}。" if self.others else ""
        self.say("", f"没有这张表。{there}", step, Severity.ERROR if needed else Severity.NOTE)

    def _say_headless(self, required: Sequence[str]) -> None:
        """No line has every needed name; the line that comes nearest is named."""
        known = {tight(name) for name in COLUMNS[self.title]}
        rows = [{tight(str(v)) for v in row if v != ""} for row in self.grid[:_HEAD_ROWS]]
        nearest = max(range(len(rows)), key=lambda r: len(rows[r] & known), default=0)
        step = "请用名册模板填写，不要改动表头。"
        if not rows or not rows[nearest] & known:
            self.say("", f"找不到表头，应有“{'”“'.join(required)}”等栏。", step)
            return
        lacking = [name for name in required if tight(name) not in rows[nearest]]
        self.say(
            f"A{nearest + 1}",
            f"这一行像是表头，但没有“{'”“'.join(lacking)}”栏。",
            f"请把栏名改成这样的写法；或{step[1:]}",
        )

    def _refuse_covered(self, lines: Sequence[Line], where: dict[str, int]) -> None:
        """One cell cannot stand for several lines: whether the covered ones mean the same, nobody can say."""
        for top, left, bottom, right in self.merges:
            if not (top < len(self.grid) and left < len(self.grid[top]) and normal(str(self.grid[top][left]))):
                continue  # empty cells joined say nothing
            name = f"{column_letters(left)}{top + 1}:{column_letters(right)}{bottom + 1}"
            for line in lines:
                for column, at in where.items():
                    if top <= line.row <= bottom and left <= at <= right and (line.row, at) != (top, left):
                        line.refuse(
                            column, f"单元格被合并在 {name} 中，看不出这一格填什么。", "请取消合并，每一格分别填写。"
                        )

    def _columns(self, head: int) -> dict[str, int]:
        columns = COLUMNS[self.title]
        filled = [(tight(str(v)), c) for c, v in enumerate(self.grid[head]) if v != ""]
        places = {name: c for name, c in reversed(filled)}
        known = {tight(k) for k in columns}
        for name, column in filled:
            address = f"{column_letters(column)}{head + 1}"
            if name not in known:
                self.say(address, "不认识的栏，没有读取。", "", Severity.NOTE)
            elif column != places[name]:
                first = f"{column_letters(places[name])}{head + 1}"
                self.say(address, f"与 {first} 同名，没有读取。", "请只留一栏。", Severity.WARNING)
        self._say_unheaded(head, {c for _, c in filled})
        return {name: places[tight(name)] for name in columns if tight(name) in places}

    def _say_unheaded(self, head: int, headed: set[int]) -> None:
        """Columns that hold something but have no name; each is told once, with its first cell."""
        told = set(headed)
        for r in range(head + 1, len(self.grid)):
            for c, value in enumerate(self.grid[r]):
                if c not in told and str(value).strip():
                    told.add(c)
                    self.say(f"{column_letters(c)}{r + 1}", "这一栏没有表头，没有读取。", "", Severity.NOTE)

    def _by_order(self, columns: Sequence[str]) -> dict[str, int]:
        width = max((len(row) for row in self.grid), default=0)
        read = columns[:width]
        step = "请核对下面各栏；不对的话，请连同表头一起复制。"
        self.say("", f"没有表头，按先后读作：{SEPARATOR.join(read)}。", step, Severity.WARNING)
        return {name: at for at, name in enumerate(read)}

    def _head(self, required: Sequence[str]) -> int:
        wanted = {tight(r) for r in required}
        for r, row in enumerate(self.grid[:_HEAD_ROWS]):
            if wanted <= {tight(str(v)) for v in row if v != ""}:
                return r
        return -1


@dataclass(slots=True)
class Line:
    """One line of a table. refused: column → why its cell is not taken."""

    table: Table
    row: int
    columns: dict[str, int]
    refused: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def bad(self) -> bool:
        """Whether a cell of the line was refused."""
        return bool(self.refused)

    def address(self, name: str) -> str:
        """``B5``; of a column that is not there, the first cell of the line."""
        return f"{column_letters(self.columns.get(name, 0))}{self.row + 1}"

    def place(self, name: str) -> str:
        """``file › sheet › cell``."""
        return f"{self.table.place} › {self.address(name)}"

    def _value(self, name: str) -> object:
        column = self.columns.get(name, -1)
        row = self.table.grid[self.row]
        value = row[column] if 0 <= column < len(row) else ""
        return "" if self.table.pasted and str(value).strip() in _EMPTY else value

    def shown(self, name: str) -> str:
        """The cell as it is shown, right or wrong."""
        value = self._value(name)
        if isinstance(value, float) and value.is_integer():
            return str(int(value))
        return value.date().isoformat() if isinstance(value, datetime) else tidy(str(value))

    def filled(self) -> bool:
        """Whether any of the known columns holds something."""
        return any(normal(str(self._value(name))) for name in self.columns)

    def refuse(self, name: str, message: str, step: str) -> None:
        """Refuse a cell, and with it the line."""
        self.refused.setdefault(name, message)
        self.table.say(self.address(name), message, step)

    def text(self, name: str) -> str:
        """The cell as text; a whole number loses its “.0”, anything else that is not text is refused."""
        value = self._value(name)
        address = self.address(name)
        if name in self.columns and address in self.table.errors:
            self.refuse(name, "单元格是错误值。", "请改为文字。")
        elif value == "" and name in self.columns and address in self.table.uncalculated:
            self.refuse(name, "单元格是公式，但没有保存计算结果。", "请用 Excel/WPS 打开并保存一次，或直接填写。")
        elif isinstance(value, float) and value.is_integer():
            return str(int(value))
        elif not isinstance(value, str):
            self.refuse(name, f"“{value}”不是文字。", "请把单元格格式改为“文本”后重新填写。")
        else:
            return tidy(value.replace("\n", SEPARATOR) if name in _LISTS else value)
        return ""

    def code(self, name: str) -> str:
        """The cell as a code: full-width letters and digits made plain."""
        return normal(self.text(name))

    def needed(self, name: str) -> str:
        """A code that must not be empty."""
        return normal(self.needed_text(name))

    def needed_text(self, name: str) -> str:
        """A text that must not be empty."""
        text = self.text(name)
        if not text and not self.bad:
            self.refuse(name, f"没有填“{name}”。", "请补上。")
        return text

    def number(self, name: str) -> int:
        """A whole number; an empty cell is 0."""
        value = self._value(name)
        text = str(value) if isinstance(value, float) and not value.is_integer() else self.code(name)
        if not text:
            return 0
        if not text.lstrip("-").isdecimal() or len(text) > 9:
            self.refuse(name, f"“{text[:20]}”不是整数。", "请填整数，如 10、20、30。")
            return 0
        return int(text)

    def day(self, name: str) -> str:
        """A date as YYYY-MM-DD, from a date cell or from text; empty stays empty."""
        value = self._value(name)
        if isinstance(value, datetime | date):
            return value.strftime("%Y-%m-%d")
        text = self.code(name).replace(" ", "")
        if not text:
            return ""
        try:
            parts = _DATE.fullmatch(text)
            return date(*map(int, parts.groups())).isoformat() if parts else self._no_day(name, text)
        except ValueError:
            return self._no_day(name, text)

    def _no_day(self, name: str, text: str) -> str:
        self.refuse(name, f"“{text[:20]}”不是日期。", "请填年月日，如 2026-03-01。")
        return ""

    def codes(self, name: str) -> tuple[str, ...]:
        """Several codes in one cell."""
        text = self.code(name)
        for other in ",;\n":
            text = text.replace(other, SEPARATOR)
        return tuple(dict.fromkeys(c.strip() for c in text.split(SEPARATOR) if c.strip()))

    def pairs(self, name: str) -> tuple[tuple[str, str, str], ...]:
        """Several ``code=word`` in one cell: (code, word, as written); without a sign the word is empty."""
        found: list[tuple[str, str, str]] = []
        for text in self.codes(name):
            left, sign, right = text.replace("：", "=").replace(":", "=").rpartition("=")
            found.append((left.strip(), right.strip(), text) if sign else (right.strip(), "", text))
        return tuple(found)
