"""What openpyxl leaves behind when it saves a workbook that it has read, put back: drop-downs that Excel keeps in an
extension, stored results of formulas, the time of saving."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from app.files.excel.texts import xml_text

_X14 = "{http://schemas.microsoft.com/office/spreadsheetml/2009/9/main}"
_XM = "{http://schemas.microsoft.com/office/excel/2006/main}"
_CORE = "docProps/core.xml"
_SHEET = re.compile(r"xl/worksheets/sheet(\d+)\.xml")
_FORMULA = re.compile(r'<c r="([A-Z]+[0-9]+)"([^>]*?)>(<f\b[^>]*?>[^<]*</f>)<v ?/></c>|'
                      r'<c r="([A-Z]+[0-9]+)"([^>]*?)>(<f\b[^>]*?>[^<]*</f>)<v></v></c>')  # fmt: skip
_TYPE = re.compile(r' t="[a-z]+"')
_FLAGS = ("allowBlank", "showErrorMessage", "showInputMessage", "showDropDown")
_WORDS = ("type", "errorStyle", "operator", "errorTitle", "error", "promptTitle", "prompt")


def lists_lost(xml: bytes) -> Iterator[Any]:
    """Input rules of a sheet that stand in an extension, as plain ones. Excel moves a list there when it lies on
    another sheet; openpyxl does not read them. xml: of a sheet that has passed the preflight."""
    if b"2009/9/main" not in xml or b"dataValidation " not in xml:
        return
    from defusedxml.ElementTree import fromstring
    from openpyxl.worksheet.datavalidation import DataValidation

    for rule in fromstring(xml).iter(f"{_X14}dataValidation"):
        place = rule.findtext(f"{_XM}sqref", "")
        if not place.strip():
            continue
        said: dict[str, Any] = {name: rule.get(name) for name in _WORDS if rule.get(name) is not None}
        said |= {name: rule.get(name) in ("1", "true") for name in _FLAGS}
        first = rule.findtext(f"{_X14}formula1/{_XM}f")
        second = rule.findtext(f"{_X14}formula2/{_XM}f")
        yield DataValidation(**said, formula1=first, formula2=second, sqref=place)


def put_back(saved: bytes, original: bytes, book: Any, stored: Any) -> bytes:
    """The workbook as openpyxl has saved it, with stored results and the evaluator's time of saving. book: what was
    saved; stored: the original with stored values. Sheets that are new in book are left as they are."""
    titles = [sheet.title for sheet in book.worksheets]
    with zipfile.ZipFile(io.BytesIO(original)) as old:
        core = old.read(_CORE) if _CORE in old.namelist() else None
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(saved)) as source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as copy:
        for part in source.infolist():
            data = source.read(part)
            found = _SHEET.fullmatch(part.filename)
            if found and titles[int(found[1]) - 1] in stored.sheetnames:
                data = _with_results(data, stored[titles[int(found[1]) - 1]])
            elif part.filename == _CORE and core is not None:
                data = core
            copy.writestr(part.filename, data)
    return buffer.getvalue()


def _with_results(xml: bytes, stored: Any) -> bytes:
    def result(found: re.Match[str]) -> str:
        address, attributes, formula = (found[1], found[2], found[3]) if found[1] else (found[4], found[5], found[6])
        kind, text = _stored(stored[address].value)
        if not text:
            return found[0]
        return f'<c r="{address}"{_TYPE.sub("", attributes)}{kind}>{formula}<v>{text}</v></c>'

    return _FORMULA.sub(result, xml.decode("utf-8")).encode()


def _stored(value: Any) -> tuple[str, str]:
    """The type and the text of a stored result; empty: there is none, or it is a date, which is computed anew."""
    if isinstance(value, bool):
        return ' t="b"', str(int(value))
    if isinstance(value, int | float):
        return "", repr(value)
    if isinstance(value, str):
        return (' t="e"' if value.startswith("#") else ' t="str"'), xml_text(value)
    return "", ""
