"""The one converter between plain JSON values and frozen values: strict about types, exact about numbers."""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from fractions import Fraction
from typing import Any, Literal, Union, cast, get_args, get_origin, get_type_hints

from cattrs import Converter, IterableValidationError, IterableValidationNote
from cattrs.gen import make_dict_unstructure_fn, override

from app.domain.findings import Severity
from app.domain.quantities import State
from app.files.documents.numbers import Wrong, bytes_written, shown, to_bytes, to_number, written
from app.files.documents.stated import ALWAYS_WRITTEN

_ALWAYS = ("kind", "format", "version", "signature")


def _told(value: Any) -> str:
    """The same, a text in its quotes: “2026” is not 2026."""
    return f"文字“{shown(value)}”" if isinstance(value, str) else shown(value)


def _strict(wanted: type, chinese: str) -> Callable[[Any, Any], Any]:
    def structure(value: Any, _: Any) -> Any:
        if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
            raise Wrong("D-TYPE", f"应为{chinese}，现为 {_told(value)}", "请改正类型")
        return value

    return structure


def _member(value: Any, wanted: Any) -> Any:
    return wanted(value)


def _literal(value: Any, wanted: Any) -> Any:
    choices = get_args(wanted)
    for choice in choices:
        if value == choice and type(value) is type(choice):
            return choice
    raise Wrong("D-CHOICE", f"“{shown(value)}”不在可选值中", "可选：" + "、".join(str(c) for c in choices))


def _is_union(wanted: Any) -> bool:
    return get_origin(wanted) in (Union, types.UnionType)


def kinds_of(union: Any) -> dict[str, type] | None:
    """For a union of classes that carry a ``kind``: kind → class. None when it is another union."""
    members: list[type] = [m for m in get_args(union) if m is not type(None)]
    if len(members) < 2 or not all(_has_kind(m) for m in members):
        return None
    return {str(kind): m for m in members for kind in get_args(get_type_hints(m)["kind"])}


def _has_kind(cls: type) -> bool:
    return is_dataclass(cls) and any(f.name == "kind" for f in fields(cls))


def _union_hook(wanted: Any, converter: Converter) -> Callable[[Any, Any], Any]:
    members = get_args(wanted)
    optional = type(None) in members
    others = [m for m in members if m is not type(None)]
    kinds = kinds_of(wanted)

    def structure(value: Any, _: Any) -> Any:
        if value is None and optional:
            return None
        if kinds is not None:
            return _by_kind(value, kinds, converter)
        if len(others) == 1:
            return converter.structure(value, others[0])
        return _plain_union(value, others, converter)

    return structure


def _by_kind(value: Any, kinds: dict[str, type], converter: Converter) -> Any:
    if not isinstance(value, dict):
        raise Wrong("D-TYPE", f"应为带 kind 的对象，现为 {_told(value)}", "可选 kind：" + "、".join(kinds))
    content = cast(dict[str, Any], value)
    if "kind" not in content:
        raise Wrong("D-MISSING", "缺少字段 kind", "可选：" + "、".join(kinds), ".kind")
    if content["kind"] not in list(kinds):
        raise Wrong("D-CHOICE", f"kind “{shown(content['kind'])}”不存在", "可选：" + "、".join(kinds), ".kind")
    return cast(Any, converter.structure(content, kinds[content["kind"]]))


def _plain_union(value: Any, members: list[Any], converter: Converter) -> Any:
    """Unions of a number with words: an enum's or literal's word first, then the number, then free text."""
    for member in members:
        if isinstance(member, type) and issubclass(member, Enum) and isinstance(value, str):
            if value in [m.value for m in member]:
                return member(value)
        elif get_origin(member) is Literal and isinstance(value, str) and value in get_args(member):
            return value
    if Fraction in members and not (str in members and isinstance(value, str)):
        return to_number(value)
    return converter.structure(value, str)


def _item_note(index: int, element: Any) -> IterableValidationNote:
    make = cast(Callable[..., IterableValidationNote], IterableValidationNote)  # its stub knows str's constructor only
    return make(str(index), index, element)


def _tuple_hook(wanted: Any, converter: Converter, places: tuple[Any, ...] = ()) -> Callable[[Any, Any], Any]:
    """places: the type of each element where they differ; else all are of the one type and there are any number."""

    def structure(value: Any, _: Any) -> Any:
        if not isinstance(value, list):
            raise Wrong("D-TYPE", f"应为列表，现为 {_told(value)}", "请写在方括号 [ ] 里")
        content = cast(list[Any], value)
        if places and len(content) != len(places):
            raise Wrong("D-TYPE", f"应为 {len(places)} 项的列表，现有 {len(content)} 项", "请对照格式说明修改")
        found: list[Any] = []
        errors: list[Exception] = []
        for index, one in enumerate(content):
            element = places[index] if places else get_args(wanted)[0]
            try:
                found.append(converter.structure(one, element))
            except Exception as error:
                error.__notes__ = [*getattr(error, "__notes__", []), _item_note(index, element)]
                errors.append(error)
        if errors:
            raise cast(Any, IterableValidationError)("list", errors, wanted)
        return tuple(found)

    return structure


def _dataclass_out(cls: type, converter: Converter) -> Callable[[Any], Mapping[str, Any]]:
    kept = (*_ALWAYS, *ALWAYS_WRITTEN.get(cls.__name__, ()))
    always = {f.name: override(omit_if_default=False) for f in fields(cls) if f.name in kept}
    return make_dict_unstructure_fn(cls, converter, _cattrs_omit_if_default=True, **cast(Any, always))


def build_converter() -> Converter:
    """A converter for every frozen value of the domain room."""
    converter = Converter(forbid_extra_keys=True, detailed_validation=True)
    converter.register_structure_hook(Fraction, lambda value, _: to_number(value))
    converter.register_structure_hook(bytes, lambda value, _: to_bytes(value))
    converter.register_structure_hook(str, _strict(str, "文字"))
    converter.register_structure_hook(int, _strict(int, "整数"))
    converter.register_structure_hook(bool, _strict(bool, "true 或 false"))
    for words in (State, Severity):  # by name: as subclasses of int and str they would stay plain values
        converter.register_structure_hook(words, _member)
    converter.register_structure_hook_func(lambda t: get_origin(t) is Literal, _literal)
    _add_factories(converter)
    return converter


def _add_factories(converter: Converter) -> None:
    def union(wanted: Any) -> Callable[[Any, Any], Any]:
        return _union_hook(wanted, converter)

    def row(wanted: Any) -> Callable[[Any, Any], Any]:
        return _tuple_hook(wanted, converter)

    def places(wanted: Any) -> Callable[[Any, Any], Any]:
        return _tuple_hook(wanted, converter, get_args(wanted))

    def out(wanted: Any) -> Callable[[Any], Mapping[str, Any]]:
        return _dataclass_out(wanted, converter)

    def as_it_is(wanted: Any) -> Callable[[Any], Any]:
        if {*get_args(wanted)} == {Fraction, types.NoneType}:  # every figure of a result: thousands
            return lambda value: written(value) if isinstance(value, Fraction) else converter.unstructure(value)

        def unstructure(value: Any) -> Any:
            return converter.unstructure(value)

        return unstructure

    def is_row(wanted: Any) -> bool:
        return get_origin(wanted) is tuple and get_args(wanted)[-1:] == (Ellipsis,)

    def is_places(wanted: Any) -> bool:
        return get_origin(wanted) is tuple and not is_row(wanted)

    converter.register_structure_hook_factory(_is_union, union)
    converter.register_structure_hook_factory(is_row, row)
    converter.register_structure_hook_factory(is_places, places)
    converter.register_unstructure_hook(Fraction, written)
    converter.register_unstructure_hook(bytes, bytes_written)
    converter.register_unstructure_hook_factory(_is_union, as_it_is)
    converter.register_unstructure_hook_factory(is_dataclass, out)
