"""Fills in a hand-out sheet the way a person would: answers into the yellow cells, nothing else touched."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from io import BytesIO
from xml.sax.saxutils import escape

from app.domain.sheets import SheetForm
from app.files.excel.layout import ITEM_COLUMN, plan
from app.files.excel.texts import column_letters

_SCORES = "xl/worksheets/sheet1.xml"
_CORE = "docProps/core.xml"
_MODIFIED = re.compile("(<dcterms:modified[^>]*>)[^<]*")
_EMPTY_CELL = re.compile(r'<c r="([A-Z]+\d+)"( s="\d+")?/>')
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


def filled(
    workbook: bytes, form: SheetForm, answers: Mapping[tuple[str, str], str], saved: datetime | None = None
) -> bytes:
    """The blank hand-out of this form with answers filled in.

    answers: (unit code, item id) → what is typed into the cell; a plain number becomes a number, all else text.
    Cells that are not empty on the hand-out (回避, —) are left alone. saved: the time of saving (with its zone) that the
    program leaves in the file; none: it leaves no time.
    """
    first = plan(form).first + 1
    cells = {
        f"{column_letters(ITEM_COLUMN + column)}{first + row}": answers[unit.code, item.id]
        for row, unit in enumerate(form.units)
        for column, item in enumerate(form.items)
        if answers.get((unit.code, item.id))
    }
    buffer = BytesIO()
    with zipfile.ZipFile(BytesIO(workbook)) as blank, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as copy:
        for part in blank.infolist():
            data = blank.read(part)
            if part.filename == _SCORES:
                data = _EMPTY_CELL.sub(lambda cell: _typed(cell, cells), data.decode("utf-8")).encode()
            elif part.filename == _CORE and saved is not None:
                data = _MODIFIED.sub(rf"\g<1>{saved.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}", data.decode("utf-8")).encode()
            copy.writestr(part, data, zipfile.ZIP_DEFLATED, compresslevel=6)
    return buffer.getvalue()


def _typed(cell: re.Match[str], cells: Mapping[str, str]) -> str:
    address, style = cell[1], cell[2] or ""
    text = cells.get(address)
    if text is None:
        return cell[0]
    if _NUMBER.fullmatch(text):
        return f'<c r="{address}"{style}><v>{text}</v></c>'
    return f'<c r="{address}"{style} t="inlineStr"><is><t>{escape(text)}</t></is></c>'
