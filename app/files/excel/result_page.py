"""What every page of the result workbook shares: looks, head and foot, cells for figures and texts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from app.domain.facts import Unit
from app.domain.quantities import Quantity, State
from app.domain.results import SchemeResult
from app.domain.schemes import Rounding, Scheme
from app.domain.sheets import ResultBook
from app.files.excel.styles import BODY_FONT, HEAD_FILL, HEAD_FONT, LINE_COLOUR, TITLE_FONT
from app.files.excel.texts import clean, lines_needed, sheet_title, subject_of

EMPTY = "—"
WITHOUT_VALUE = {State.NOT_APPLICABLE: EMPTY, State.NO_RESULT: "无结果"}
_GRADE_FILLS = ("#F6D9B8", "#E4EBD3", "#F3EFC6", "#E3E3E3")  # best first; the grade's name always stands there too
_MOST_FOOT = 60


class Styles:
    """The cell formats of a result workbook."""

    def __init__(self, workbook: Any) -> None:
        self._workbook = workbook
        self._made: dict[tuple[int, bool], Any] = {}
        boxed = {"border": 1, "border_color": LINE_COLOUR, "valign": "vcenter", "font_name": BODY_FONT, "font_size": 11}
        centre = boxed | {"align": "center"}
        made = workbook.add_format
        self.title = made({"font_name": TITLE_FONT, "font_size": 20, "align": "center", "valign": "vcenter"})
        self.left = made({"font_name": BODY_FONT, "font_size": 11, "valign": "vcenter"})
        self.right = made({"font_name": BODY_FONT, "font_size": 11, "valign": "vcenter", "align": "right"})
        self.head = made(centre | {"font_name": HEAD_FONT, "bg_color": HEAD_FILL, "text_wrap": True})
        self.banner = made(boxed | {"font_name": HEAD_FONT, "bg_color": "#F5F2ED", "text_wrap": True})
        self.whole = made(centre | {"num_format": "0"})
        self.name = made(boxed | {"text_wrap": True})
        self.word = made(centre | {"text_wrap": True})
        self.long = made(boxed | {"text_wrap": True, "font_size": 10})
        self.plain = made({"font_name": BODY_FONT, "font_size": 11, "text_wrap": True, "valign": "top"})
        self.strong = made({"font_name": HEAD_FONT, "font_size": 12, "valign": "vcenter"})
        self.grades = [made(centre | {"bg_color": colour}) for colour in _GRADE_FILLS]
        self._figure = boxed | {"align": "right"}

    def figure(self, digits: int, bold: bool = False) -> Any:
        """Numbers with so many decimals."""
        key = (digits, bold)
        if key not in self._made:
            shape = "0." + "0" * digits if digits else "0"
            self._made[key] = self._workbook.add_format(self._figure | {"num_format": shape, "bold": bold})
        return self._made[key]

    def grade(self, index: int) -> Any:
        """The fill of the grade at this place of the ladder; the grades below the third look alike."""
        return self.grades[min(index, len(self.grades) - 1)]


@dataclass(slots=True)
class Pages:
    """The workbook being written."""

    book: ResultBook
    workbook: Any
    styles: Styles
    units: dict[str, Unit]
    taken: set[str] = field(default_factory=set[str])
    listed: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])

    def add(self, name: str, about: str) -> tuple[str, Any]:
        """A new page under a free name; about: what it shows, for the list of pages."""
        from app.files.excel.fast_sheet import FastSheet  # brings XlsxWriter, which is slow to load

        title = sheet_title(name, self.taken)
        self.listed.append((title, about))
        return title, self.workbook.add_worksheet(title, FastSheet)

    def unit_name(self, code: str) -> str:
        """The unit's name, or its code when it is not in the register any more."""
        return self.units[code].name if code in self.units else code

    def number(self, value: Fraction, rounding: Rounding) -> float:
        """The figure as it is shown, as the nearest number a cell can hold."""
        scale: int = 10**rounding.digits
        above, below = value.as_integer_ratio()
        if scale % below == 0:
            return above / below
        shown = self.book.rounded(value, rounding)
        return shown.numerator / shown.denominator

    def write_quantity(self, sheet: Any, row: int, column: int, quantity: Quantity | None, rounding: Rounding) -> None:
        """A number, a dash for what does not concern the unit, or 无结果."""
        if quantity is not None and quantity.value is not None:
            style = self.styles.figure(rounding.digits)
            number_writer(sheet)(row, column, self.number(quantity.value, rounding), style)
        else:
            text = EMPTY if quantity is None else WITHOUT_VALUE[quantity.state]
            sheet.write_string(row, column, text, self.styles.word)

    def heading(self, sheet: Any, title: str, last: int, right: str = "") -> int:
        """Title and line below it over columns 0..last; gives the next free row."""
        marks = "【演练数据】" if self.book.practice else ""
        merge(sheet, 0, 0, 0, last, clean(marks + title), self.styles.title)
        sheet.set_row(0, 40)
        sheet.set_row(1, 22)
        state = "已定稿" if self.book.frozen else "未定稿"
        made = f"第 {self.book.version} 版（{state}）" + (f"  {self.book.made}" if self.book.made else "")
        sheet.write_string(1, 0, clean(f"{self.book.office}    {made}".strip()), self.styles.left)
        if right:
            sheet.write_string(1, last, right, self.styles.right)
        return 2

    def finish(
        self,
        sheet: Any,
        last_row: int,
        last_column: int,
        head: tuple[int, int] | None,
        scheme: str = "",
        upright: bool = False,
    ) -> None:
        """Print settings: landscape and one page wide (upright: unscaled, so that page breaks are heeded), head
        repeated, marks above, fingerprints below."""
        sheet.set_paper(8 if last_column > 22 else 9)
        if not upright:
            sheet.set_landscape()
            sheet.fit_to_pages(1, 0)
        sheet.center_horizontally()
        sheet.set_margins(left=0.79, right=0.79, top=0.79, bottom=0.79)
        sheet.print_area(0, 0, max(last_row, 1), last_column)
        if head:
            sheet.repeat_rows(*head)
        left = f"&L&10{_for_foot(self.book.secrecy)}" if self.book.secrecy else ""
        sheet.set_header(left + ("&R&10演练数据" if self.book.practice else ""))
        sheet.set_footer(f"&L&8{self._prints(scheme)}&C&9第 &P 页 共 &N 页&R&8{self._checkpoint()}")

    def _prints(self, scheme: str) -> str:
        rule = self.book.fingerprints.get(scheme, "")[:16]
        facts = self.book.results.facts[:16]
        return f"第{self.book.version}版" + (f" 方案{rule}" if rule else "") + (f" 数据{facts}" if facts else "")

    def _checkpoint(self) -> str:
        return f"核对指纹 {_for_foot(self.book.checkpoint)}" if self.book.checkpoint else ""


@dataclass(frozen=True, slots=True)
class Level:
    """One scheme with its results and the words that its ids stand for."""

    scheme: Scheme
    result: SchemeResult
    label: str

    @property
    def shown(self) -> Rounding:
        """How figures are shown."""
        return self.scheme.rounding.shown

    @property
    def subject(self) -> str:
        """The scheme's name as it stands in titles."""
        return subject_of(self.scheme.name)

    def grade_name(self, grade: str) -> str:
        """The grade's name; a dash for none."""
        return next((g.name for g in self.scheme.ladder.grades if g.id == grade), grade or EMPTY)

    def grade_place(self, grade: str) -> int:
        """Its place on the ladder, 0 is best; −1 for none."""
        return next((n for n, g in enumerate(self.scheme.ladder.grades) if g.id == grade), -1)


def levels_of(book: ResultBook) -> list[Level]:
    """Schemes with their results, in the order of the results."""
    schemes = {s.id: s for s in book.schemes}
    found = [(schemes[r.scheme], r) for r in book.results.schemes if r.scheme in schemes]
    return [Level(s, r, s.level_name or s.name) for s, r in found]


def number_writer(sheet: Any) -> Callable[[int, int, float, Any], object]:
    """XlsxWriter's number cell without the conversion of ``A1`` addresses, which costs a fifth of a large export."""
    return getattr(sheet, "_write_number", sheet.write_number)


def text(sheet: Any, row: int, column: int, value: str, style: Any) -> None:
    """A text, never a formula; an empty one is a dash."""
    sheet.write_string(row, column, (value and clean(value)) or EMPTY, style)


def merge(sheet: Any, top: int, left: int, bottom: int, right: int, value: str, style: Any) -> None:
    """A text over several cells (or one)."""
    if (top, left) != (bottom, right):
        sheet.merge_range(top, left, bottom, right, "", style)
    sheet.write_string(top, left, value, style)


def row_height(texts: list[tuple[str, float]], least: float = 22.0, size: float = 14.0) -> float:
    """High enough for texts of (text, column width)."""
    return max(least, size * max((lines_needed(t, w - 1) for t, w in texts), default=1) + 6)


def _for_foot(value: str) -> str:
    return clean(value)[:_MOST_FOOT].replace("&", "&&")
