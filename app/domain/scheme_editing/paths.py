"""Places in a scheme: the way from the document to any value in it, reading and replacing what stands there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cache
from typing import Any, TypeVar, cast

from app.domain.errors import AppError, Fault
from app.domain.findings import Finding
from app.domain.schemes import Item, Node, Part, Scheme

# Names of fields and places in lists, from the scheme on: ("tree", "children", 0, "points").
Path = tuple[str | int, ...]
T = TypeVar("T")
_STEP = re.compile(r"\.([A-Za-z_]\w*)|\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Edited:
    """A changed scheme. label: the name of the step, as undo shows it; ids: the parts that the step has put in or
    moved, for selecting them; findings: what to look at afterwards (none of them is a refusal)."""

    scheme: Scheme
    label: str
    ids: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


def path_text(path: Path) -> str:
    """As findings write it: ``$.tree.children[0].points``."""
    return "$" + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)


def parse_path(text: str) -> Path:
    """The way that a finding names; what follows behind it is left out. Raises NOT_FOUND when it is none."""
    if not text.startswith("$"):
        raise AppError(Fault.NOT_FOUND, f"“{text}”不是方案里的位置。")
    found: list[str | int] = []
    end = 1
    while (step := _STEP.match(text, end)) is not None:
        found.append(step[1] or int(step[2]))
        end = step.end()
    return tuple(found)


def value_at(scheme: Scheme, path: Path) -> Any:
    """What stands there. Raises NOT_FOUND."""
    value: Any = scheme
    for step in path:
        value = _inside(value, step, path)
    return value


def _inside(value: Any, step: str | int, path: Path) -> Any:
    row = cast(tuple[Any, ...], value) if isinstance(value, tuple) else ()
    if isinstance(step, int) and 0 <= step < len(row):
        return row[step]
    if not isinstance(value, tuple) and isinstance(step, str) and step in _names_of(cast("type[Any]", type(value))):
        return getattr(value, step)
    raise AppError(Fault.NOT_FOUND, f"方案里没有 {path_text(path)} 这个位置。")


@cache
def _names_of(cls: type[Any]) -> frozenset[str]:
    return frozenset(f.name for f in fields(cls)) if is_dataclass(cls) else frozenset()


def replaced(value: T, path: Path, new: Any) -> T:
    """The value with something else at that place; everything beside the way stays the same object."""
    if not path:
        return cast(T, new)
    step, rest = path[0], path[1:]
    old = _inside(value, step, path)
    now = replaced(old, rest, new)
    if now is old:
        return value
    if isinstance(step, int):
        row = cast(tuple[Any, ...], value)
        return cast(T, (*row[:step], now, *row[step + 1 :]))
    return cast(T, replace(cast(Any, value), **{step: now}))


def records(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every record at and below a value with its place, in the order of the document."""
    if isinstance(value, tuple):
        for index, one in enumerate(cast(tuple[Any, ...], value)):
            yield from records(one, (*path, index))
    elif is_dataclass(value):
        yield path, value
        for one in fields(value):
            yield from records(getattr(value, one.name), (*path, one.name))


def name_space(record: object) -> str:
    """The kind of names a record with an id belongs to: ``part``, ``group``, ``grade``, ``event_kind`` …"""
    if isinstance(record, Item | Node):
        return "part"
    return re.sub(r"(?<!^)(?=[A-Z])", "_", type(record).__name__).lower()


def path_of(scheme: Scheme, space: str, id: str) -> Path:
    """Where the record of this kind with this id stands (part, group, grade, event_kind, adjustment). Raises
    NOT_FOUND."""
    if space == "part":
        return part_path(scheme, id)
    for path, record in records(scheme):
        if path and name_space(record) == space and getattr(record, "id", None) == id:
            return path
    raise AppError(Fault.NOT_FOUND, f"方案“{scheme.name}”中没有“{id}”。")


def part_path(scheme: Scheme, id: str) -> Path:
    """Where a part of the tree or a measure stands. Raises NOT_FOUND."""
    tops: list[tuple[Path, Part]] = [(("tree",), scheme.tree)]
    tops += [(("measures", n), m) for n, m in enumerate(scheme.measures)]
    for path, top in tops:
        found = _below(top, id, path)
        if found is not None:
            return found
    raise AppError(Fault.NOT_FOUND, f"方案“{scheme.name}”中没有“{id}”。")


def _below(part: Part, id: str, path: Path) -> Path | None:
    if part.id == id:
        return path
    if isinstance(part, Node):
        for n, child in enumerate(part.children):
            found = _below(child, id, (*path, "children", n))
            if found is not None:
                return found
    return None


def title_at(scheme: Scheme, path: Path) -> str:
    """The name of the nearest named record on the way, the place itself included; empty: the scheme itself."""
    for end in range(len(path), 0, -1):
        record = value_at(scheme, path[:end])
        name = getattr(record, "name", "")
        if isinstance(name, str) and name and not isinstance(record, Scheme):
            return name
    return ""
