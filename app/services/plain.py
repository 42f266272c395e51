"""Values as plain JSON: exact numbers stay exact (an integer, or a text such as "87.25" or "1/3")."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from enum import Enum
from fractions import Fraction
from pathlib import PurePath
from typing import Any, cast

from app.files.documents.numbers import written


def to_plain(value: object) -> Any:
    """Dictionaries, lists, texts, integers, booleans and null; bytes become hex."""
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value
    if isinstance(value, Fraction):
        return written(value)
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, PurePath):
        return str(value)
    return _of_many(value)


def _of_many(value: object) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: to_plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, dict):
        return {str(k): to_plain(v) for k, v in cast(dict[object, object], value).items()}
    if isinstance(value, tuple | list):
        return [to_plain(v) for v in cast(tuple[object, ...], value)]
    if isinstance(value, frozenset | set):
        return sorted((to_plain(v) for v in cast(frozenset[object], value)), key=str)
    raise TypeError(f"no plain form for {type(value).__name__}")
