"""Exact numbers and packed bytes as documents write them, and the fault of a value that cannot stand where it stands."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any, cast

from app.domain.quantities import number_text

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_RATIO = re.compile(r"([+-]?\d+)/(\d+)")
_EXACT_DIGITS = 15  # a binary float is true to 15 digits; what is longer was never typed by a person


class Wrong(ValueError):
    """A value that cannot stand here: what is wrong (Chinese), what to do, and the finding's code. within: the field of
    the value that is meant, if it is one (``.kind``)."""

    def __init__(self, code: str, message: str, step: str = "", within: str = "") -> None:
        self.code = code
        self.within = within
        self.message = message
        self.step = step
        super().__init__(message)


def shown(value: Any) -> str:
    """The value as a finding quotes it, cut short."""
    text = str(value)
    return text if len(text) <= 40 else text[:40] + "…"


def to_number(value: Any) -> Fraction:
    """An exact number from an integer, a decimal, or a text such as "12.5" or "1/3"."""
    if type(value) is str:
        return _number_of_text(value.strip())
    if type(value) is int:
        return Fraction(value)
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str | Fraction):
        raise Wrong("D-TYPE", "应为数字", "请写成 12.5 这样的数字，或 “1/3” 这样的分数")
    if isinstance(value, str):
        return _number_of_text(value.strip())
    if isinstance(value, Decimal):
        if len(value.as_tuple().digits) > _EXACT_DIGITS:
            hint = value.quantize(Decimal(10) ** (value.adjusted() - 11)).normalize()
            raise Wrong("D-FLOAT", f"数字 {value} 是二进制小数的残留，不是本来的数", f"请写成本来的数，例如 {hint:f}")
        if abs(cast(int, value.as_tuple().exponent)) > 30:
            raise Wrong("D-NUMBER", f"数字 {shown(value)} 过大或过小", "请检查位数")
    return Fraction(value)


@lru_cache(maxsize=4096)  # the same few hundred points stand everywhere in a result
def _number_of_text(text: str) -> Fraction:
    if len(text) <= 60 and _NUMBER.fullmatch(text):
        whole, _, decimals = text.partition(".")
        return Fraction(int(whole + decimals), 10 ** len(decimals))
    ratio = _RATIO.fullmatch(text)
    if ratio and int(ratio[2]):
        return Fraction(int(ratio[1]), int(ratio[2]))
    raise Wrong("D-NUMBER", f"“{shown(text)}”不是数字", "请写成 12.5 这样的数字，或 “1/3” 这样的分数")


def written(value: Fraction) -> int | str:
    """The number as it stands in a document: an integer, or a text."""
    return value.numerator if value.denominator == 1 else number_text(value)


def to_bytes(value: Any) -> bytes:
    """Packed bytes out of their text in base64, exactly as ``bytes_written`` writes it."""
    try:
        found = b64decode(value, validate=True) if isinstance(value, str) else None
    except ValueError:
        found = None
    if found is None or bytes_written(found) != value:
        raise Wrong("D-BYTES", "应为 base64 文字", "请重新生成文件")
    return found


def bytes_written(value: bytes) -> str:
    """Packed bytes as they stand in a document: base64 with its padding, without line ends."""
    return b64encode(value).decode("ascii")
