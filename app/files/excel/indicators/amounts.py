"""Points and weights as people write them into a table: a number, or a sentence that says why it is none."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from app.domain.quantities import number_text
from app.files.excel.texts import normal
from app.files.excel.values import CellValue

_NUMBER = re.compile(r"\d{1,6}(\.\d{1,6})?|\d{1,9}/[1-9]\d{0,8}")
_RANGE = re.compile(r"\d{1,6}(?:\.\d{1,6})?(?:[-~—–－～至到]+)(\d{1,6}(?:\.\d{1,6})?)")
_AT_MOST = re.compile(
    r"(?:≤|<=|不超过|最高|最多|至多|上限|满分|以内)(\d{1,6}(?:\.\d{1,6})?)|(\d{1,6}(?:\.\d{1,6})?)(?:以内|封顶|为限)"
)

_LARGEST = 1_000_000


@dataclass(frozen=True, slots=True)
class Amount:
    """value: none when the cell is empty or could not be read; doubt: a Chinese clause for the user, empty: clear."""

    value: Fraction | None
    doubt: str = ""


def read_amount(cell: CellValue, percent: bool = False) -> Amount:
    """Points or a weight. percent: the cell is shown in percent, or stands for one (30% is 30)."""
    if cell == "":
        return Amount(None)
    if isinstance(cell, bool) or not isinstance(cell, int | float | str):
        return Amount(None, f"“{cell}”不是分值")
    if isinstance(cell, str):
        return _of_text(cell)
    exact = Decimal(repr(cell)) if isinstance(cell, float) else Decimal(cell)
    if not exact.is_finite() or abs(exact) > _LARGEST:
        return Amount(None, f"“{cell}”过大，没有作为分值读入")
    value = Fraction(exact.quantize(Decimal("0.000001"))) * (100 if percent else 1)
    if value < 0:
        return Amount(None, f"“{cell}”小于 0，没有作为分值读入")
    residue = value != Fraction(exact) * (100 if percent else 1)
    return Amount(value, f"“{cell}”小数位过多，按 {number_text(value)} 读入" if residue else "")


def _of_text(cell: str) -> Amount:
    said = normal(cell).replace(" ", "")
    plain = re.sub(r"^[（(]|[）)]$", "", said).replace("分", "").removeprefix("+")
    if said in ("-", "—", "——", "/", "\\", "无"):
        return Amount(None)
    if _NUMBER.fullmatch(plain):
        doubt = f"“{said}”按 {plain} 读入" if said.startswith("+") else ""
        return Amount(Fraction(plain), doubt)
    if _NUMBER.fullmatch(plain.removesuffix("%")):
        return Amount(Fraction(plain.removesuffix("%")))
    top = _RANGE.fullmatch(plain) or _AT_MOST.fullmatch(plain)
    if top:
        number = next(g for g in top.groups() if g)
        return Amount(Fraction(number), f"“{said}”按满分 {number} 读入")
    return Amount(None, f"“{said[:30]}”不是一个分值，没有读入")
