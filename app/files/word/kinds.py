"""What kind of file an attachment is, by its content and never by its name. Nothing in it is opened or run."""

from __future__ import annotations

from contextlib import suppress

from app.domain.errors import AppError
from app.domain.report_forms import EvidenceKind
from app.files.word.archive import OLE, ZIP, office_parts

_IMAGES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a")
_HEAD, _TAIL = 1024, 2048  # bytes in which a PDF has its signs


def kind_of(data: bytes) -> tuple[EvidenceKind | None, str]:
    """The kind, or none with what it is instead (Chinese). A file with macros has no kind."""
    if not data:
        return None, "空文件（0 字节）"
    if data[:_HEAD].lstrip(b"\xef\xbb\xbf\r\n \t").startswith(b"%PDF-"):
        return ("pdf", "") if b"%%EOF" in data[-_TAIL:] else (None, "不完整的 PDF")
    if data.startswith(_IMAGES) or _is_bitmap(data):
        return "image", ""
    if data.startswith(ZIP):
        return _office_kind(data)
    return None, _other(data)


def _is_bitmap(data: bytes) -> bool:
    return data.startswith(b"BM") and len(data) > 26 and int.from_bytes(data[2:6], "little") == len(data)


def _office_kind(data: bytes) -> tuple[EvidenceKind | None, str]:
    try:
        parts = office_parts(data)
    except AppError as error:
        return None, error.detail.rstrip("。") or "打不开的压缩包"
    if "word/document.xml" in parts:
        return "docx", ""
    if "xl/workbook.xml" in parts:
        return "xlsx", ""
    return None, "其他 Office 文件"


def _other(data: bytes) -> str:
    if data.startswith(b"MZ") or data.startswith(b"\x7fELF"):
        return "可执行程序"
    if data.startswith(OLE):
        return "旧格式的 Office 文件（.doc、.xls、.ppt、.wps、.et）"
    if data.startswith((b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")):
        return "压缩文件"
    if data.startswith(b"#!"):
        return "脚本"
    with suppress(UnicodeDecodeError):
        data[:4096].decode("utf-8")
        return "文本文件"
    return "认不出的文件"
