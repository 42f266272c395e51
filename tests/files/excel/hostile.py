"""Workbooks that are meant to hurt: made on the spot, each with the code it must be refused with."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Iterator

from openpyxl import Workbook

from tests.files.excel.workbooks import SCORES, blank, form, reworked

TOO_LARGE, ACTIVE, BROKEN, OUTSIDE = "E-XLS-04", "E-XLS-05", "E-XLS-06", "E-XLS-07"
NOT_XLSX, OLD, PASSWORD, FOREIGN = "E-XLS-01", "E-XLS-02", "E-XLS-03", "E-XLS-08"
STRINGS, STYLES, BOOK, TYPES = "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml", "[Content_Types].xml"
LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTWARD = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
EXTRA_CELL = '<row r="900"><c r="{}"><v>1</v></c></row></sheetData>'


def base() -> bytes:
    return blank(form())


def changed(part: str, change: Callable[[str], str]) -> bytes:
    return reworked(base(), {part: change})


def in_sheet(cells: str) -> bytes:
    """The ordinary sheet with these rows behind the others."""
    return changed(SCORES, lambda xml: xml.replace("</sheetData>", cells))


def with_cell(address: str) -> bytes:
    return in_sheet(EXTRA_CELL.format(address))


def after_declaration(part: str, text: str) -> bytes:
    return changed(part, lambda xml: xml.replace("?>", "?>" + text, 1))


def packed(parts: dict[str, bytes | str], start: bytes | None = None, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The ordinary workbook (or another start) with further parts."""
    buffer = io.BytesIO(start if start is not None else base())
    with zipfile.ZipFile(buffer, "a" if start != b"" else "w", method) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def without(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(base())) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            if info.filename not in names:
                new.writestr(info.filename, old.read(info))
    return buffer.getvalue()


def renamed_part(old: str, new: str) -> bytes:
    """A part's name overwritten with one of the same length, in both places of the zip."""
    assert len(old) == len(new)
    return packed({old: b"x"}).replace(old.encode(), new.encode())


def encrypted_part() -> bytes:
    data = bytearray(base())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        flags = struct.unpack_from("<H", data, at + offset)[0]
        struct.pack_into("<H", data, at + offset, flags | 1)
    return bytes(data)


def wrong_checksum() -> bytes:
    data = bytearray(packed({"xl/note.xml": "<a>ordinary</a>"}, method=zipfile.ZIP_STORED))
    at = data.find(b"<a>ordinary")
    data[at + 4] ^= 1
    return bytes(data)


def ole(*streams: str) -> bytes:
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1024) + b"".join(s.encode("utf-16-le") + bytes(64) for s in streams)
    )


def utf16(cells: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(base())) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            data = old.read(info)
            if info.filename == SCORES:
                text = data.decode().replace('encoding="UTF-8"', 'encoding="UTF-16"')
                data = text.replace("</sheetData>", cells).encode("utf-16")
            new.writestr(info.filename, data)
    return buffer.getvalue()


def foreign() -> bytes:
    book = Workbook()
    book.active["A1"] = "别的表"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def many_cells(count: int) -> str:
    per_row = 100
    letters = [chr(65 + n) if n < 26 else f"{chr(64 + n // 26)}{chr(65 + n % 26)}" for n in range(per_row)]
    rows = (
        f'<row r="{r}">' + "".join(f'<c r="{c}{r}"><v>1</v></c>' for c in letters) + "</row>"
        for r in range(100, 100 + count // per_row)
    )
    return "".join(rows) + "</sheetData>"


def merges(*references: str) -> Callable[[str], str]:
    cells = "".join(f'<mergeCell ref="{r}"/>' for r in references)
    return lambda xml: xml.replace("<mergeCells", "<mergeCells").replace("</mergeCells>", cells + "</mergeCells>")


def addresses() -> Iterator[tuple[str, bytes, str]]:
    for address in ("XFD1048576", "ZZZZZ1", "CW1", "A5001", "A0", "A01", "a1", "A1B", "A-1", "1", ""):
        yield f"address {address or 'empty'}", with_cell(address), OUTSIDE
    prefix = 'xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    yield "prefixed cell", in_sheet(f'<row r="900"><x:c {prefix} r="ZZZZZ1"><v>1</v></x:c></row></sheetData>'), OUTSIDE
    yield "single quotes", in_sheet("<row r='900'><c r='ZZZZZ1'><v>1</v></c></row></sheetData>"), OUTSIDE
    yield "line break", in_sheet('<row r="900"><c\nr="ZZZZZ1"><v>1</v></c></row></sheetData>'), OUTSIDE
    yield "other attribute first", in_sheet('<row r="900"><c s="1" r="ZZZZZ1"><v>1</v></c></row></sheetData>'), OUTSIDE
    yield "character reference", in_sheet(EXTRA_CELL.format("&#90;ZZZZ1")), OUTSIDE
    yield "after a comment", in_sheet("<!-- c -->" + EXTRA_CELL.format("ZZZZZ1")), OUTSIDE
    yield "in UTF-16", utf16(EXTRA_CELL.format("ZZZZZ1")), OUTSIDE
    yield "far row", in_sheet('<row r="1048576"><c><v>1</v></c></row></sheetData>'), OUTSIDE
    yield "row without number", in_sheet('<row r="4294967297"><c><v>1</v></c></row></sheetData>'), OUTSIDE
    yield "whole sheet merged", changed(SCORES, merges("A1:XFD1048576")), OUTSIDE
    yield "much merged", changed(SCORES, merges(*(f"A{r}:CV{r + 99}" for r in range(100, 700, 100)))), OUTSIDE
    yield "odd merge", changed(SCORES, merges("A1:B")), OUTSIDE


def sizes() -> Iterator[tuple[str, bytes, str]]:
    yield "200,100 cells", in_sheet(many_cells(200_100)), TOO_LARGE
    yield "60 MB of blanks", packed({"xl/blank.xml": b" " * 60_000_000}), TOO_LARGE
    yield "bomb of 3 MB", packed({"xl/blank.xml": b" " * 3_000_000}), TOO_LARGE
    yield (
        "text in a cell",
        in_sheet(f'<row r="900"><c r="A900" t="inlineStr"><is><t>{"字" * 33_000}</t></is></c></row></sheetData>'),
        TOO_LARGE,
    )
    yield (
        "shared text",
        changed(STRINGS, lambda x: x.replace("</sst>", f"<si><t>{'字' * 33_000}</t></si></sst>")),
        TOO_LARGE,
    )
    yield "file of 21 MB", base() + bytes(21_000_000), TOO_LARGE
    yield "301 parts", packed({f"xl/p{n}.bin": b"x" for n in range(301)}), TOO_LARGE


def contents() -> Iterator[tuple[str, bytes, str]]:
    for part in (SCORES, STRINGS, STYLES, BOOK, "docProps/custom.xml"):
        yield f"DTD in {part}", after_declaration(part, LAUGHS), ACTIVE
    yield "external entity", after_declaration(SCORES, OUTWARD), ACTIVE
    for part in (
        "xl/vbaProject.bin",
        "xl/externalLinks/externalLink1.xml",
        "xl/embeddings/oleObject1.bin",
        "xl/activeX/activeX1.xml",
    ):
        yield part, packed({part: b"<a/>"}), ACTIVE
    macro = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    plain = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    yield "macro type", changed(TYPES, lambda x: x.replace(plain, macro)), ACTIVE
    link = '<Relationship Id="rId99" Type="x" Target="file:///c:/a.xlsx" TargetMode="External"/></Relationships>'
    yield "external link", changed("xl/_rels/workbook.xml.rels", lambda x: x.replace("</Relationships>", link)), ACTIVE


def damages() -> Iterator[tuple[str, bytes, str]]:
    yield "cut in half", base()[: len(base()) // 2], BROKEN
    yield "only a signature", b"PK\x03\x04", BROKEN
    yield "no workbook", without(BOOK), BROKEN
    yield "no sheet", without(SCORES), BROKEN
    yield "no relations", without("xl/_rels/workbook.xml.rels"), BROKEN
    yield "sheet not closed", changed(SCORES, lambda x: x[: x.index("</sheetData>")]), BROKEN
    yield "styles not closed", changed(STYLES, lambda x: x[:-40]), BROKEN
    yield "no sheets listed", changed(BOOK, lambda x: x.replace("<sheet ", "<other ")), BROKEN
    yield "sheets of one name", changed(BOOK, lambda x: x.replace("填写说明", "评分表")), BROKEN
    yield "unknown relation", changed(BOOK, lambda x: x.replace('r:id="rId1"', 'r:id="rId77"')), BROKEN
    yield "part twice", packed({"xl/Styles.xml": b"<a/>"}), BROKEN
    yield "climbing path", packed({"xl/../../evil.xml": b"<a/>"}), BROKEN
    yield "absolute path", packed({"/etc/evil.xml": b"<a/>"}), BROKEN
    yield "backslash", renamed_part("xl/evilpart.xml", "xl\\evilpart.xml"), BROKEN
    yield "odd compression", packed({"xl/a.xml": b"<a/>"}, method=zipfile.ZIP_LZMA), BROKEN
    yield "wrong checksum", wrong_checksum(), BROKEN
    yield "text out of the list", in_sheet('<row r="900"><c r="A900" t="s"><v>99999</v></c></row></sheetData>'), BROKEN
    yield "encrypted part", encrypted_part(), PASSWORD


def others() -> Iterator[tuple[str, bytes, str]]:
    yield "empty file", b"", NOT_XLSX
    yield "plain text", "单位,得分\n市晨光局,95\n".encode("gbk"), NOT_XLSX
    yield "a document", packed({TYPES: "<a/>", "_rels/.rels": "<a/>", "word/document.xml": "<a/>"}, start=b""), NOT_XLSX
    yield "open document", packed({"mimetype": "x", "content.xml": "<a/>"}, start=b""), NOT_XLSX
    yield "old xls", ole("Root Entry", "Workbook"), OLD
    yield "old et", ole("Root Entry", "Workbook", "ETExtData"), OLD
    yield "locked by password", ole("Root Entry", "EncryptionInfo", "EncryptedPackage"), PASSWORD
    yield "old document", ole("Root Entry", "WordDocument"), NOT_XLSX
    yield "somebody else's table", foreign(), FOREIGN


def hostile_files() -> Iterator[tuple[str, bytes, str]]:
    """(what it is, the file, code of the refusal)."""
    yield from addresses()
    yield from sizes()
    yield from contents()
    yield from damages()
    yield from others()
