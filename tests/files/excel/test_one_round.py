"""What is kept from one sheet for the next changes no answer: each sheet reads as if it were the only one."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from openpyxl import load_workbook

from app.domain.sheets import SheetForm, SheetReading
from app.files.excel import celltable, content, locating, marking, scan_bytes
from tests.files.excel.workbooks import (
    FIRST,
    ITEMS,
    SCORES,
    SHEET,
    UNITS,
    blank,
    cell,
    edited,
    form,
    known,
    reworked,
    with_cells,
    with_xml,
)

OTHER = form("E002", evaluator_name="评议人乙")
FEWER = form("E003", units=UNITS[:4])
RENAMED = form("E004", units=tuple(replace(u, name=u.name + "（新）") for u in UNITS))
MOVED = form("E005", units=UNITS[::-1])
STRICT = form("E006", items=(replace(ITEMS[0], maximum=Fraction(10)), *ITEMS[1:]))
FORMS = (form(), OTHER, FEWER, RENAMED, MOVED, STRICT)
KEPT = (
    *(m._earlier.cache_clear for m in (celltable, content, locating)),  # pyright: ignore[reportPrivateUsage]
    marking._cells_of.cache_clear,  # pyright: ignore[reportPrivateUsage]
)


def swapped(book: Any) -> None:
    sheet = book[SHEET]
    for column in ("B", "C"):
        one, other = sheet[f"{column}{FIRST}"], sheet[f"{column}{FIRST + 1}"]
        one.value, other.value = other.value, one.value


def doubled(book: Any) -> None:
    book[SHEET][f"A{FIRST + 1}"].value = "D01"


def unnamed(book: Any) -> None:
    book[SHEET][f"C{FIRST}"].value = "市晨光局（改）"


def cleared(book: Any) -> None:
    book[SHEET][f"A{FIRST}"].value = None


def headed(book: Any) -> None:
    for row in book[SHEET].iter_rows(min_row=5, max_row=FIRST - 1):
        for one in row:
            if one.value == ITEMS[0].name:
                one.value = ITEMS[1].name


def summed(result: int) -> Callable[[Any], None]:
    def write(book: Any) -> None:
        book[SHEET][cell(1, "duty")].value = f"=SUM(1,{result})"

    return write


def in_xml(result: str, formula: str = "10+2") -> bytes:
    """A mark that is a formula with a result, beside sums as Excel leaves them."""
    data = with_xml({cell(1, "duty"): f't="n"><f>{formula}</f><v>{result}</v>'})
    return reworked(data, {SCORES: lambda x: x.replace("</f><v>0</v>", f"</f><v>{result}</v>")})


def sheets() -> list[bytes]:
    """One round as it comes back: most alike, some not."""
    alike = [blank(f) for f in FORMS]
    filled = [with_cells({cell(1, "report"): n, cell(2, "duty"): n / 2, cell(3, "whole"): "好"}) for n in (3, 8, 21)]
    words = [with_cells({cell(1, "report"): w, cell(2, "report"): "弃权"}) for w in ("弃权", "十八", "12分", "", " ")]
    changed = [edited(c) for c in (swapped, doubled, unnamed, cleared, headed, summed(3), summed(4))]
    raw = [in_xml("12"), in_xml("13"), in_xml("12", "6+6"), in_xml("1 2"), in_xml("1&amp;2"), in_xml("")]
    return [*alike, *filled, *words, *changed, *raw]


def read(data: bytes) -> SheetReading:
    return scan_bytes("表.xlsx", data, known(*FORMS))


def fresh(data: bytes) -> SheetReading:
    for clear in KEPT:
        clear()
    return read(data)


@pytest.mark.parametrize("seed", range(3))
def test_that_a_sheet_is_read_the_same_whatever_was_read_before(seed: int) -> None:
    alone = [(data, fresh(data)) for data in sheets()]
    order = [*alone, *alone]
    random.Random(seed).shuffle(order)
    for data, reading in order:
        assert read(data) == reading
    assert len({r.content for _, r in alone}) > 15  # the sheets are not all alike


def test_that_the_sheets_of_one_round_share_what_was_found_in_the_first() -> None:
    height = load_workbook(io.BytesIO(blank(form())))[SHEET].max_row
    fresh(blank(form()))
    first = locating._earlier(height)[0][1]  # pyright: ignore[reportPrivateUsage]
    read(with_xml({cell(1, "report"): 't="n"><v>5</v>'}))
    read(blank(OTHER))
    assert locating._earlier(height)[0][1] is first  # pyright: ignore[reportPrivateUsage]


def test_that_two_forms_with_other_names_share_nothing() -> None:
    def named(chosen: SheetForm) -> SheetReading:
        return scan_bytes("表.xlsx", blank(form()), known(replace(chosen, identity=form().identity)))

    assert fresh(blank(form())).findings == ()
    assert [f.severity.name for f in named(RENAMED).findings] == ["WARNING"] * len(UNITS)
