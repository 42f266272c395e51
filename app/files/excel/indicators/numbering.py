"""Levels that are told by numbering (一、（一） 1. （1） ①) or by dotted numbers (1.2.1), and numbers at the end of a name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

_CHINESE = "一二三四五六七八九十百"
_KINDS = (
    re.compile(rf"第[{_CHINESE}\d]+[章部分类项]\s*"),
    re.compile(rf"[{_CHINESE}]+\s*[、.．]\s*"),
    re.compile(rf"[（(]\s*[{_CHINESE}]+\s*[）)]\s*、?"),
    re.compile(r"\d{1,3}\s*[、.．](?!\d)\s*"),
    re.compile(r"[（(]\s*\d{1,3}\s*[）)]\s*、?"),
    re.compile(r"\d{1,3}[)）]\s*"),
    re.compile(r"[①-⑳]\s*"),
    re.compile(r"[A-Za-z][.、．)）]\s*"),
)
_DOTTED = re.compile(r"(\d{1,3}(?:[.．]\d{1,3})+)[.．、]?\s*")
_POINTS = re.compile(r"\s*[（(【\[]\s*(?:满分|共|计|分值|占)?\s*(\d{1,5}(?:\.\d{1,4})?)\s*分\s*[）)】\]]\s*[:：]?\s*$")


def kind_of(name: str) -> int | None:
    """Which kind of number a name begins with (smaller: a higher level usually); none when with no number."""
    dotted = _DOTTED.match(name)
    if dotted:
        return 100 + re.sub("．", ".", dotted[1]).count(".")
    return next((n for n, kind in enumerate(_KINDS) if kind.match(name)), None)


def depths(names: Sequence[str]) -> list[int] | None:
    """The level (from 0) of each name by its number, in the usual order of kinds: 一、 above （一） above 1. above （1）. None
    when names are not told apart so (fewer than two kinds, or many without a number)."""
    kinds = [kind_of(name) for name in names]
    order = sorted({k for k in kinds if k is not None})
    if len(order) < 2 or kinds[0] is None or 3 * sum(k is None for k in kinds) > len(kinds):
        return None
    found: list[int] = []
    for kind in kinds:
        found.append(order.index(kind) if kind is not None else found[-1])
    return found


def without_number(name: str) -> str:
    """The name without the number it begins with (unless nothing else is left)."""
    match = _DOTTED.match(name) or next((m for k in _KINDS if (m := k.match(name))), None)
    return name[match.end() :].strip() or name if match else name


def split_points(name: str) -> tuple[str, Fraction | None]:
    """A name and the points in brackets behind it: ``组织建设（30分）``."""
    match = _POINTS.search(name)
    if match is None or match.start() == 0:
        return name, None
    return name[: match.start()].strip(), Fraction(match[1])
