"""Texts on their way into and out of cells: numbers as people write them, clean strings, widths, normal forms."""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction
from functools import lru_cache

# What no sheet may hold (XML 1.0) or what only hides or reverses text; tab and line feed stay.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_BLANKS = re.compile(r"\s+")
_ENTITIES = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"))  # in the order of writing
_UNSAFE_IN_NAME = re.compile(r'[\\/:*?"<>|\[\]\t\n]+')


def clean(text: str) -> str:
    """The text without control and direction characters; longer than a cell may hold is cut at 32,767."""
    return _UNWANTED.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))[:32767]


def tidy(text: str) -> str:
    """The text without invisible characters, blanks collapsed and trimmed; full-width signs stay."""
    return _BLANKS.sub(" ", _UNWANTED.sub("", text)).strip()


def normal(text: str) -> str:
    """Full-width letters and digits made plain (NFKC), invisible characters gone, blanks collapsed and trimmed."""
    return _BLANKS.sub(" ", unicodedata.normalize("NFKC", _UNWANTED.sub("", text))).strip()


@lru_cache(maxsize=8192)
def tight(text: str) -> str:
    """The normal form without any blank and in lower case: for comparing words and names."""
    return normal(text).replace(" ", "").lower()


def xml_text(text: str) -> str:
    """The text as it stands in XML, in attributes too. (xml.sax.saxutils brings all of urllib with it.)"""
    for sign, entity in _ENTITIES:
        text = text.replace(sign, entity)
    return text


def plain_text(xml: str) -> str:
    """A text out of XML, the five known entities resolved."""
    for sign, entity in reversed((*_ENTITIES, ("'", "&apos;"))):
        xml = xml.replace(entity, sign)
    return xml


def fixed_text(value: Fraction, digits: int) -> str:
    """A number that has at most ``digits`` decimals, with exactly that many."""
    scaled = abs(value.numerator) * 10**digits // value.denominator
    whole, rest = divmod(scaled, 10**digits)
    return f"{'-' if value < 0 else ''}{whole}" + (f".{str(rest).rjust(digits, '0')}" if digits else "")


def display_width(text: str) -> int:
    """Columns that the longest line takes: a Chinese character two, a Latin one."""
    return max((sum(2 if ord(c) > 0x2E7F else 1 for c in line) for line in text.split("\n")), default=0)


def lines_needed(text: str, width: float) -> int:
    """Lines that the text takes when wrapped at so many columns."""
    room = max(1, int(width))
    return sum(max(1, -(-display_width(line) // room)) for line in text.split("\n")) if text else 1


@lru_cache(maxsize=512)
def column_letters(index: int) -> str:
    """``A`` for 0, ``AA`` for 26."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def subject_of(scheme_name: str) -> str:
    """A scheme's name as it stands in titles: 部门单位考核 of 部门单位考核方案."""
    return scheme_name.removesuffix("方案") or scheme_name


def safe_file_name(text: str, longest: int = 80) -> str:
    """The text as (part of) a file name that Windows takes."""
    return _UNSAFE_IN_NAME.sub("_", clean(text)).strip(" ._")[:longest].strip(" ._") or "_"


def sheet_title(text: str, taken: set[str]) -> str:
    """The text as a sheet name (31 characters, no forbidden ones), made unique among ``taken`` and added there."""
    base = _UNSAFE_IN_NAME.sub("_", clean(text)).strip(" '")[:31] or "表"
    name, number = base, 2
    while name.lower() in taken:
        tail = f"（{number}）"
        name, number = base[: 31 - len(tail)] + tail, number + 1
    taken.add(name.lower())
    return name
