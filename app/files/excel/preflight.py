"""The look at a workbook before any parser sees it: standard library only, and refuses what could hurt one.

What it lets through it has also counted: where the values, formulas and errors of every sheet stand, so that
nothing can be lost between here and the parser.
"""

from __future__ import annotations

import hashlib
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from posixpath import normpath
from xml.parsers import expat

from app.domain.errors import AppError, Fault
from app.files.excel.cellscan import SheetScan, scan_cells
from app.files.excel.limits import (
    MAX_FILE,
    MAX_PART,
    MAX_PARTS,
    MAX_RATIO,
    MAX_TEXT,
    MAX_UNPACKED,
    RATIO_FROM,
)
from app.files.excel.parts import Parts, kept
from app.files.excel.saved import saved_at
from app.files.saving.whole import file_error

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ACTIVE = re.compile(r"vbaproject|externallink|embeddings/|activex|macrosheets/|oleobject|ctrlprops/", re.IGNORECASE)
_ACTIVE_TYPE = re.compile(rb"macroEnabled|vbaProject|oleObject|externalLink|activeX", re.IGNORECASE)
_REQUIRED = ("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels")
_PERCENT_FORMATS = frozenset({9, 10})
_PLAIN_FORMATS = frozenset({*range(5), *range(9, 12), 37, 38, 39, 40, 48, 49})  # of those that every program knows
_PLAIN_CODE = re.compile(r"General|[0#?.,%_() @;+-]*")


@dataclass(frozen=True, slots=True)
class Preflight:
    """A workbook that may be parsed. scans: by sheet name in the workbook's order; percent: numbers of the cell
    formats that show percent; plain: of those in which a number is surely a number, not a date; texts: the parts that
    may hold an identity; strings: the shared texts, as XML; saved: when it was saved last (seconds since 1970, 0: the
    file does not say)."""

    name: str
    data: bytes = field(repr=False)
    sha256: str
    scans: dict[str, SheetScan] = field(repr=False)
    percent: frozenset[int]
    plain: frozenset[int]
    texts: tuple[bytes, ...] = field(repr=False)
    strings: bytes = field(repr=False)
    saved: float


def preflight(path: Path) -> Preflight:
    """Check the file at this path; raises a named AppError for everything that is refused."""
    return check_bytes(path.name, read_file(path))


def read_file(path: Path) -> bytes:
    """The bytes of the file; raises a named AppError when it cannot be read or is too large."""
    try:
        size = path.stat().st_size
        if size > MAX_FILE:
            raise AppError(Fault.XLS_TOO_LARGE, f"文件有 {size // 1_000_000} MB，上限 {MAX_FILE // 1_000_000} MB。")
        return path.read_bytes()
    except OSError as error:
        raise file_error(error, path) from error


def check_bytes(name: str, data: bytes) -> Preflight:
    """Check a workbook that is already in memory; raises a named AppError for everything that is refused."""
    _check_signature(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_directory(archive)
            return _check_parts(name, data, Parts(data, archive))
    except AppError:
        raise
    except MemoryError as error:
        raise AppError(Fault.XLS_TOO_LARGE, "内存不足，无法展开文件。") from error
    except (zipfile.BadZipFile, zlib.error, expat.ExpatError, OSError, ValueError) as error:
        raise AppError(Fault.XLS_BROKEN, "压缩包已损坏或不完整。") from error
    except (LookupError, EOFError, RuntimeError, NotImplementedError, TypeError, struct.error) as error:
        raise AppError(Fault.XLS_BROKEN, "压缩包的目录与内容不符。") from error


def _check_signature(data: bytes) -> None:
    if data.startswith(_OLE):
        raise _ole_refusal(data)
    if not data:
        raise AppError(Fault.XLS_NOT_XLSX, "文件是空的（0 字节）。")
    if not data.startswith(b"PK\x03\x04"):
        raise AppError(Fault.XLS_NOT_XLSX)


def _ole_refusal(data: bytes) -> AppError:
    """Three things share the old container: an encrypted xlsx, an .xls and an .et; the stream names tell them."""

    def named(stream: str) -> bool:
        return stream.encode("utf-16-le") in data

    if named("EncryptedPackage") or named("EncryptionInfo"):
        return AppError(Fault.XLS_PASSWORD)
    if named("ETExtData") or named("EtExtData"):
        return AppError(Fault.XLS_OLD, "文件是 WPS 表格旧格式（.et）。")
    if named("Workbook") or named("Book"):
        return AppError(Fault.XLS_OLD, "文件是旧格式（.xls 或 .et）。")
    return AppError(Fault.XLS_NOT_XLSX, "文件是旧式 Office 文档，但不是工作簿。")


def _check_directory(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    if len(parts) > MAX_PARTS:
        raise AppError(Fault.XLS_TOO_LARGE, f"压缩包里有 {len(parts)} 个部件，上限 {MAX_PARTS} 个。")
    names = [p.filename for p in parts]
    if len({n.lower() for n in names}) != len(names):
        raise AppError(Fault.XLS_BROKEN, "压缩包里有重名的部件。")
    for part in parts:
        _check_part(part)
    if sum(p.file_size for p in parts) > MAX_UNPACKED:
        raise AppError(Fault.XLS_TOO_LARGE, f"展开后超过 {MAX_UNPACKED // 1_000_000} MB。")
    if "mimetype" in names and "content.xml" in names:
        raise AppError(Fault.XLS_NOT_XLSX, "文件是 OpenDocument 表格（.ods）。")
    missing = [r for r in _REQUIRED if r not in names]
    if missing:
        fault = Fault.XLS_BROKEN if any(n.startswith("xl/") for n in names) else Fault.XLS_NOT_XLSX
        raise AppError(fault, f"压缩包里缺少 {missing[0]}。")


def _check_part(part: zipfile.ZipInfo) -> None:
    name = part.filename
    if ".." in name.split("/") or name.startswith("/") or "\\" in name or ":" in name:
        raise AppError(Fault.XLS_BROKEN, "压缩包里有越界的路径。")
    if part.flag_bits & 0x1:
        raise AppError(Fault.XLS_PASSWORD, "压缩包中的部件已加密。")
    if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise AppError(Fault.XLS_BROKEN, "压缩包用了不常见的压缩方法。")
    if _ACTIVE.search(name):
        raise AppError(Fault.XLS_ACTIVE, f"文件中有不应出现的部件 {name[:60]}。")
    if part.file_size > MAX_PART:
        raise AppError(Fault.XLS_TOO_LARGE, f"一个部件展开后超过 {MAX_PART // 1_000_000} MB。")
    if part.file_size > RATIO_FROM and part.file_size > MAX_RATIO * max(part.compress_size, 1):
        raise AppError(Fault.XLS_TOO_LARGE, "压缩比异常，像是压缩炸弹。")


def _check_parts(name: str, data: bytes, parts: Parts) -> Preflight:
    if _ACTIVE_TYPE.search(parts.read("[Content_Types].xml")):
        raise AppError(Fault.XLS_ACTIVE)
    sheets = _sheet_parts(parts)
    scans: dict[str, SheetScan] = {}
    for title, part in sheets.items():
        if part not in parts:
            raise AppError(Fault.XLS_BROKEN, f"工作表“{title[:40]}”的内容缺失。")
        xml = parts.read(part)
        scans[title] = kept(_scan, len(xml))(xml)
    seen = set(sheets.values())
    others: dict[str, bytes] = {}
    for part in parts.names():
        if part not in seen and part.endswith((".xml", ".rels", ".vml")):
            others[part] = xml = parts.read(part)
            kept(_check_xml, len(xml))(xml, part)
    texts = tuple(others[t] for t in ("xl/workbook.xml", "docProps/custom.xml") if t in others)
    percent, plain = _styles(others.get("xl/styles.xml", b""))
    strings = others.get("xl/sharedStrings.xml", b"")
    saved = saved_at(others.get("docProps/core.xml", b""))
    return Preflight(name, data, hashlib.sha256(data).hexdigest(), scans, percent, plain, texts, strings, saved)


@lru_cache(maxsize=16)
def _scan(xml: bytes) -> SheetScan:
    """As scan_cells. Cached: the sheets beside the score sheet are the same in two hundred files of one round."""
    return scan_cells(xml)


@lru_cache(maxsize=64)
def _check_xml(xml: bytes, part: str) -> None:
    """No DTD, well-formed, no overlong text. Cached: two hundred sheets of one round share most of these parts."""
    longest = 0

    def text(data: str) -> None:
        nonlocal longest
        longest += len(data)
        if longest > MAX_TEXT:
            raise AppError(Fault.XLS_TOO_LARGE, f"有一段文字超过 {MAX_TEXT} 个字符。")

    def border(*_: object) -> None:
        nonlocal longest
        longest = 0

    def doctype(*_: object) -> None:
        raise AppError(Fault.XLS_ACTIVE, f"{part} 中含有 DTD 声明。")

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = doctype
    if len(xml) > MAX_TEXT:
        parser.buffer_text = True
        parser.CharacterDataHandler = text
        parser.StartElementHandler = border
    parser.Parse(xml, True)


def _sheet_parts(parts: Parts) -> dict[str, str]:
    """Sheet names in the workbook's order with the part of each."""
    relations = parts.read("xl/_rels/workbook.xml.rels")
    targets = kept(_targets, len(relations))(relations)
    sheets: list[tuple[str, str]] = []

    def sheet(tag: str, attributes: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == "sheet" and "name" in attributes:
            reference = next((v for k, v in attributes.items() if k.rpartition(":")[2] == "id"), "")
            sheets.append((attributes["name"], reference))

    _walk(parts.read("xl/workbook.xml"), sheet)
    if not sheets:
        raise AppError(Fault.XLS_BROKEN, "工作簿里没有工作表。")
    if len({title for title, _ in sheets}) != len(sheets):
        raise AppError(Fault.XLS_BROKEN, "工作簿里有重名的工作表。")
    return {title: targets[reference] for title, reference in sheets if "chartsheet" not in targets[reference]}


@lru_cache(maxsize=16)
def _targets(xml: bytes) -> dict[str, str]:
    """The parts that the workbook refers to, by the number of the relation."""
    targets: dict[str, str] = {}

    def relation(tag: str, attributes: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == "Relationship" and "Id" in attributes:
            if attributes.get("TargetMode", "").lower() == "external":
                raise AppError(Fault.XLS_ACTIVE, "文件中有指向外部的链接。")
            target = attributes.get("Target", "")
            targets[attributes["Id"]] = normpath(target.lstrip("/") if target.startswith("/") else f"xl/{target}")

    _walk(xml, relation)
    return targets


def _walk(xml: bytes, element: Callable[[str, dict[str, str]], None]) -> None:
    def doctype(*_: object) -> None:
        raise AppError(Fault.XLS_ACTIVE, "文件中含有 DTD 声明。")

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler = element
    parser.Parse(xml, True)


@lru_cache(maxsize=64)
def _styles(xml: bytes) -> tuple[frozenset[int], frozenset[int]]:
    """Numbers of the cell formats (order of cellXfs) whose number format shows percent, and of those that show plain
    numbers."""
    percent_codes, plain_codes = set(_PERCENT_FORMATS), set(_PLAIN_FORMATS)
    found: list[int] = []
    inside = False

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal inside
        name = tag.rpartition(":")[2]
        if name == "numFmt":
            number, code = int(attributes.get("numFmtId", "0")), attributes.get("formatCode", "")
            percent_codes.update({number} if "%" in code else ())
            plain_codes.update({number} if _PLAIN_CODE.fullmatch(code) else ())
            plain_codes.difference_update(() if _PLAIN_CODE.fullmatch(code) else {number})
        elif name == "cellXfs":
            inside = True
        elif name == "xf" and inside:
            found.append(int(attributes.get("numFmtId", "0")))

    def end(tag: str) -> None:
        nonlocal inside
        inside = inside and tag.rpartition(":")[2] != "cellXfs"

    if not xml:
        return frozenset(), frozenset()
    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.Parse(xml, True)
    percent = frozenset(n for n, code in enumerate(found) if code in percent_codes)
    return percent, frozenset(n for n, code in enumerate(found) if code in plain_codes)


def empty_strings(xml: bytes) -> frozenset[int]:
    """Numbers of the shared texts that are empty: cells with them hold a value and say nothing."""
    lengths: list[int] = []

    def start(tag: str, _: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == "si":
            lengths.append(0)

    def text(data: str) -> None:
        if lengths:
            lengths[-1] += len(data)

    if not xml:
        return frozenset()
    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.CharacterDataHandler = text
    parser.Parse(xml, True)
    return frozenset(n for n, length in enumerate(lengths) if not length)
