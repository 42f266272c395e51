"""The look at an Office file before any parser sees it: standard library only, and refuses what could hurt one."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from xml.parsers import expat

from app.domain.errors import AppError, Fault
from app.files.word.limits import (
    MAX_DEPTH,
    MAX_FILE,
    MAX_PARTS,
    MAX_RATIO,
    MAX_TEXT_PART,
    MAX_UNPACKED,
    RATIO_FROM,
)

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
_ACTIVE_NAME = re.compile(r"vbaproject|vbadata|activex/|macrosheets/", re.IGNORECASE)
_ACTIVE_TYPE = re.compile(rb"macroEnabled|vbaProject|activeX", re.IGNORECASE)
_FETCHED = ("attachedtemplate", "oleobject", "frame", "subdocument", "package", "externallink", "mailmergesource")
_BROKEN = (zipfile.BadZipFile, zlib.error, expat.ExpatError, OSError, ValueError, LookupError, EOFError, RuntimeError)
CONTENT_TYPES = "[Content_Types].xml"


def office_parts(data: bytes) -> dict[str, int]:
    """Names and sizes of the parts of an Office file in the present format, macros refused. Raises DOC_BAD for everything
    that must not be opened, with the reason."""
    _check_signature(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            _check_directory(infos)
            types = archive.read(CONTENT_TYPES)
    except AppError:
        raise
    except MemoryError as error:
        raise AppError(Fault.DOC_BAD, "内存不足，无法展开文件。") from error
    except (*_BROKEN, NotImplementedError, TypeError, struct.error) as error:
        raise AppError(Fault.DOC_BAD, "压缩包已损坏或不完整。") from error
    if _ACTIVE_TYPE.search(types):
        raise AppError(Fault.DOC_BAD, "文件含有宏或控件。")
    return {info.filename: info.file_size for info in infos}


def require_docx(data: bytes) -> None:
    """Refuse what is no plain Word document, or would fetch something when opened. Raises DOC_BAD."""
    names = office_parts(data)
    if "word/document.xml" not in names:
        raise AppError(Fault.DOC_BAD, "文件不是 Word 文档，找不到正文。")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in names:
                if name.endswith((".xml", ".rels")):
                    if names[name] > MAX_TEXT_PART:
                        raise AppError(Fault.DOC_BAD, f"部件 {name[:60]} 过大。")
                    _check_xml(archive.read(name), name)
    except AppError:
        raise
    except MemoryError as error:
        raise AppError(Fault.DOC_BAD, "内存不足，无法展开文件。") from error
    except (*_BROKEN, NotImplementedError, TypeError, struct.error) as error:
        raise AppError(Fault.DOC_BAD, "文件的内部结构损坏。") from error


def _check_signature(data: bytes) -> None:
    if not data:
        raise AppError(Fault.DOC_BAD, "文件是空的（0 字节）。")
    if len(data) > MAX_FILE:
        raise AppError(Fault.DOC_BAD, f"文件有 {len(data) // 1_000_000} MB，上限 {MAX_FILE // 1_000_000} MB。")
    if data.startswith(OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise AppError(Fault.DOC_BAD, "文件设有打开密码。")
        raise AppError(Fault.DOC_BAD, "文件是旧格式（.doc 或 .wps）。")
    if data.startswith(b"{\\rtf"):
        raise AppError(Fault.DOC_BAD, "文件是 RTF 格式。")
    if not data.startswith(ZIP):
        raise AppError(Fault.DOC_BAD)


def _check_directory(parts: list[zipfile.ZipInfo]) -> None:
    if len(parts) > MAX_PARTS:
        raise AppError(Fault.DOC_BAD, f"压缩包里有 {len(parts)} 个部件，上限 {MAX_PARTS} 个。")
    names = [p.filename for p in parts]
    if len({n.lower() for n in names}) != len(names):
        raise AppError(Fault.DOC_BAD, "压缩包里有重名的部件。")
    if sum(p.file_size for p in parts) > MAX_UNPACKED:
        raise AppError(Fault.DOC_BAD, f"展开后超过 {MAX_UNPACKED // 1_000_000} MB。")
    if "mimetype" in names and "content.xml" in names:
        raise AppError(Fault.DOC_BAD, "文件是 OpenDocument 文档（.odt）。")
    if CONTENT_TYPES not in names:
        raise AppError(Fault.DOC_BAD, "压缩包里没有 Office 文档应有的部件。")
    for part in parts:
        _check_part(part)


def _check_part(part: zipfile.ZipInfo) -> None:
    name = part.filename
    if ".." in name.split("/") or name.startswith("/") or "\\" in name or ":" in name:
        raise AppError(Fault.DOC_BAD, "压缩包里有越界的路径。")
    if part.flag_bits & 0x1:
        raise AppError(Fault.DOC_BAD, "压缩包中的部件已加密。")
    if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise AppError(Fault.DOC_BAD, "压缩包用了不常见的压缩方法。")
    if _ACTIVE_NAME.search(name):
        raise AppError(Fault.DOC_BAD, f"文件含有宏或控件（{name[:60]}）。")
    if part.file_size > RATIO_FROM and part.file_size > MAX_RATIO * max(part.compress_size, 1):
        raise AppError(Fault.DOC_BAD, "压缩比异常，像是压缩炸弹。")


def _check_xml(xml: bytes, part: str) -> None:
    """Well-formed, no DTD, not too deep; relations that would fetch something from outside are refused (a link or a linked
    picture is not fetched by us and stays)."""
    depth = 0

    def doctype(*_: object) -> None:
        raise AppError(Fault.DOC_BAD, f"{part[:60]} 中含有 DTD 声明。")

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH:
            raise AppError(Fault.DOC_BAD, f"{part[:60]} 的层次过深。")
        if tag.rpartition(":")[2] == "Relationship" and attributes.get("TargetMode", "").lower() == "external":
            kind = attributes.get("Type", "").rpartition("/")[2].lower()
            if kind in _FETCHED:
                raise AppError(Fault.DOC_BAD, f"文件会从外部取内容（{kind}）。")

    def end(_: str) -> None:
        nonlocal depth
        depth -= 1

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.Parse(xml, True)
