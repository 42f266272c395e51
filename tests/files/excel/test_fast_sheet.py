"""The faster sheet writes exactly what XlsxWriter's own sheet writes."""

from __future__ import annotations

import pytest
from xlsxwriter.worksheet import Worksheet

from app.files.excel import fast_sheet, result_bytes
from app.files.excel.handout import build_master
from tests.files.excel.test_result_book import book
from tests.files.excel.workbooks import form


def test_that_hand_outs_and_results_are_the_same_bytes_as_with_the_plain_sheet(monkeypatch: pytest.MonkeyPatch) -> None:
    fast = build_master(form()), result_bytes(book())
    monkeypatch.setattr(fast_sheet, "FastSheet", Worksheet)
    assert (build_master(form()), result_bytes(book())) == fast


def test_that_what_it_overrides_is_still_there() -> None:
    assert all(
        hasattr(Worksheet, name)
        for name in ("_xml_number_element", "_prepare_formula", "_write_number", "_write_blank")
    )
