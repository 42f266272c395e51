"""From the converter's nested faults to findings, each with the path of the field in the document."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

from cattrs import (
    AttributeValidationNote,
    BaseValidationError,
    ClassValidationError,
    ForbiddenExtraKeysError,
    IterableValidationNote,
)

from app.domain.findings import Finding
from app.files.documents.numbers import Wrong, shown


def findings_of(error: Exception, path: str = "$") -> tuple[Finding, ...]:
    """Every fault of a document at once, in the order of the document."""
    return tuple(_walk(error, path))


def _walk(error: Exception, path: str) -> Iterator[Finding]:
    if isinstance(error, BaseValidationError):
        for inner in error.exceptions:
            yield from _walk(inner, path + _part_of(inner))
    elif isinstance(error, ForbiddenExtraKeysError):
        known = _fields_of(error.cl)
        for name in sorted(error.extra_fields):
            near = get_close_matches(name, known, n=1)
            step = f"是否想写 {near[0]}？" if near else "可用字段：" + "、".join(known)
            yield Finding("D-UNKNOWN", f"{path}.{name}", f"没有“{name}”这个字段", step)
    elif isinstance(error, Wrong):
        yield Finding(error.code, path + error.within, error.message, error.step)
    elif isinstance(error, KeyError):
        yield Finding("D-MISSING", path, "缺少这个必填字段", "请补上")
    elif isinstance(error, RecursionError):
        yield Finding("D-DEEP", shown(path), "层次过深", "请检查文件内容")
    else:
        yield Finding("D-TYPE", path, "内容的类型不对", "请对照格式说明修改")


def _part_of(error: Exception) -> str:
    for note in reversed(getattr(error, "__notes__", [])):
        if isinstance(note, IterableValidationNote):
            return f".{note.index}" if isinstance(note.index, str) else f"[{note.index}]"
        if isinstance(note, AttributeValidationNote):
            return f".{note.name}"
    return ""


def _fields_of(cls: Any) -> list[str]:
    return [name for name in getattr(cls, "__dataclass_fields__", {})]


__all__ = ["ClassValidationError", "findings_of"]
