"""From text to one frozen value of whatever type, or every fault with its path; and the converter for the way back."""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, cast

from app.domain.findings import Finding
from app.files.documents.exact_json import parse
from app.files.documents.fitting import reader_of

if TYPE_CHECKING:
    from cattrs import Converter

T = TypeVar("T")


@cache
def converter() -> Converter:
    """For writing, and for naming what is wrong with a document. Loaded when it is wanted: the first page waits for
    the documents of the year, and these fit."""
    from app.files.documents.converter import build_converter

    return build_converter()


def read_object(text: str, place: str) -> tuple[dict[str, Any] | None, tuple[Finding, ...]]:
    """The plain object that a document is, or what is wrong with its JSON."""
    value, findings = parse(text, place)
    if findings:
        return None, findings
    if not isinstance(value, dict):
        return None, (Finding("D-TYPE", "$", "文件内容应为一个对象", "请对照格式说明"),)
    return cast(dict[str, Any], value), ()


def structured(value: Any, wanted: type[T]) -> tuple[T | None, tuple[Finding, ...]]:
    """The frozen value out of a plain one, or every fault with its path."""
    with suppress(Exception):
        return cast(T, reader_of(wanted)(value)), ()
    try:
        return converter().structure(value, wanted), ()
    except Exception as error:
        from app.files.documents.problems import findings_of

        with suppress(RecursionError):
            return None, findings_of(error)
    return None, (Finding("D-DEEP", "$", "层次过深", "请检查文件内容"),)
