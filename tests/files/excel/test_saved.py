"""When a sheet was saved, as the file itself says; and old formats by their right names."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.domain.errors import AppError
from app.files.excel.preflight import check_bytes
from app.files.excel.saved import saved_at
from tests.files.excel.hostile import ole
from tests.files.excel.workbooks import blank, edited, form, reworked, scanned

CORE = "docProps/core.xml"


def test_that_the_time_of_saving_comes_out_of_the_file_and_a_hand_out_has_none() -> None:
    before = datetime.now(UTC).timestamp()
    assert before - 2 <= scanned(edited(lambda book: None)).saved <= datetime.now(UTC).timestamp()
    assert scanned(blank(form())).saved == 0
    without = reworked(blank(form()), {CORE: lambda xml: xml.replace("modified", "altered")})
    assert scanned(without).saved == 0


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("2026-11-23T23:28:58Z", datetime(2026, 11, 23, 23, 28, 58, tzinfo=UTC).timestamp()),
        ("2026-11-24T07:28:58+08:00", datetime(2026, 11, 23, 23, 28, 58, tzinfo=UTC).timestamp()),
        ("2026-11-23T23:28:58", datetime(2026, 11, 23, 23, 28, 58, tzinfo=UTC).timestamp()),
        ("2026-13-41T99:99:99Z", 0),
        ("yesterday", 0),
    ],
)
def test_that_a_time_is_taken_exactly_or_not_at_all(said: str, expected: float) -> None:
    assert saved_at(f'<a:modified xsi:type="dcterms:W3CDTF">{said}</a:modified>'.encode()) == expected


def test_that_an_old_workbook_is_called_et_only_when_it_is_one() -> None:
    with pytest.raises(AppError, match=r"WPS 表格旧格式（\.et）"):
        check_bytes("表.et", ole("Root Entry", "Workbook", "ETExtData"))
    speaking_of_it = ole("Root Entry", "Workbook") + "请在 Excel 或 WPS 中填写".encode("utf-16-le") + b"WPS"
    with pytest.raises(AppError, match=r"旧格式（\.xls 或 \.et）"):
        check_bytes("表.xls", speaking_of_it)
