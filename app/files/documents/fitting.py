"""Documents that fit: plain JSON values straight into frozen values, by the types of their fields.

As strict as the converter, but it only says that something does not fit; what and where, the converter says. It needs
no library, so that the window's first page does not wait for one.
"""

from __future__ import annotations

import types
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from enum import Enum
from fractions import Fraction
from typing import Any, Literal, Union, cast, get_args, get_origin, get_type_hints

from app.files.documents.numbers import to_bytes, to_number

Reader = Callable[[Any], Any]
_readers: dict[Any, Reader] = {}


class Misfit(ValueError):
    """A value that cannot stand here, or a type that only the converter reads."""


def reader_of(wanted: Any) -> Reader:
    """The function that makes a value of this type out of a plain one. It raises whatever comes to hand when the
    plain value does not fit."""
    known = _readers.get(wanted)
    if known is None:
        known = _readers[wanted] = _made(wanted)
    return known


def _made(wanted: Any) -> Reader:
    if wanted is Fraction:
        return to_number
    if wanted is bytes:
        return to_bytes
    if wanted in (str, int, bool):
        return _just(wanted)
    origin = get_origin(wanted)
    if origin in (Union, types.UnionType):
        return _union(get_args(wanted))
    if origin is Literal:
        return _one_of(get_args(wanted))
    if origin is tuple and get_args(wanted)[1:] == (Ellipsis,):
        return _row(get_args(wanted)[0])
    if origin is tuple:
        return _places(get_args(wanted))
    if origin is dict and get_args(wanted)[0] is str:
        return _mapping(get_args(wanted)[1])
    if isinstance(wanted, type):
        return _of_class(cast("type[Any]", wanted))
    raise Misfit(str(wanted))


def _of_class(wanted: type[Any]) -> Reader:
    if issubclass(wanted, Enum):
        return wanted
    if is_dataclass(wanted):
        return _object(wanted)
    raise Misfit(wanted.__name__)


def _just(wanted: type[Any]) -> Reader:
    def read(value: Any) -> Any:
        if type(value) is not wanted:
            raise Misfit(wanted.__name__)
        return value

    return read


def _one_of(choices: tuple[Any, ...]) -> Reader:
    known: set[tuple[type[Any], Any]] = {(type(choice), choice) for choice in choices}

    def read(value: Any) -> Any:
        if (type(value), value) not in known:
            raise Misfit(str(choices))
        return value

    return read


def _row(element: Any) -> Reader:
    def read(value: Any) -> tuple[Any, ...]:
        if type(value) is not list:
            raise Misfit("list")
        one = reader_of(element)
        return tuple([one(part) for part in cast("list[Any]", value)])

    return read


def _places(elements: tuple[Any, ...]) -> Reader:
    def read(value: Any) -> tuple[Any, ...]:
        if type(value) is not list or len(cast("list[Any]", value)) != len(elements):
            raise Misfit("list")
        return tuple([reader_of(e)(part) for e, part in zip(elements, cast("list[Any]", value), strict=True)])

    return read


def _mapping(element: Any) -> Reader:
    def read(value: Any) -> dict[str, Any]:
        if type(value) is not dict:
            raise Misfit("object")
        one = reader_of(element)
        return {name: one(part) for name, part in cast("dict[str, Any]", value).items()}

    return read


def _object(wanted: type[Any]) -> Reader:
    hints = get_type_hints(wanted)
    named = {f.name: hints[f.name] for f in fields(wanted) if f.init}

    class Readers(dict[str, Reader]):
        """Of the fields, made when the first value of one comes."""

        def __missing__(self, name: str) -> Reader:
            self[name] = made = reader_of(named[name])
            return made

    readers = Readers()

    def read(value: Any) -> Any:
        if type(value) is not dict:
            raise Misfit(wanted.__name__)
        content: dict[str, Any] = value  # pyright: ignore[reportUnknownVariableType]
        return wanted(**{name: readers[name](part) for name, part in content.items()})

    return read


def _union(members: tuple[Any, ...]) -> Reader:
    others: list[Any] = [m for m in members if m is not types.NoneType]
    if len(others) == 1:
        inner = reader_of(others[0])
    elif all(is_dataclass(m) and any(f.name == "kind" for f in fields(m)) for m in others):
        inner = _by_kind(others)
    else:
        inner = _word_or_number(others)
    if len(others) == len(members):
        return inner
    return lambda value: None if value is None else inner(value)


def _by_kind(members: list[Any]) -> Reader:
    kinds = {kind: member for member in members for kind in get_args(get_type_hints(member)["kind"])}
    return lambda value: reader_of(kinds[value["kind"]])(value)


def _word_or_number(members: list[Any]) -> Reader:
    """A number with words: an enum's or literal's word first, then the number, then free text."""
    words: dict[str, Any] = {}
    for member in reversed(members):
        if get_origin(member) is Literal:
            words.update({choice: choice for choice in get_args(member)})
        elif isinstance(member, type) and issubclass(cast("type[Any]", member), Enum):
            words.update({one.value: one for one in cast("type[Enum]", member)})
        elif member not in (Fraction, str):
            raise Misfit(str(member))

    def read(value: Any) -> Any:
        if type(value) is str and value in words:
            return words[value]
        if Fraction in members and not (str in members and type(value) is str):
            return to_number(value)
        if str in members and type(value) is str:
            return value
        raise Misfit(str(members))

    return read
