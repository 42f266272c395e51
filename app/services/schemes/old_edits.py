"""One field of one part as typed text: what the property pane of the first year sends."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from app.domain.errors import AppError, Fault
from app.domain.schemes import Item, Node, Part, Scheme, walk
from app.services.plain import to_plain


@dataclass(frozen=True, kw_only=True, slots=True)
class PartEdit:
    """One change of one part (or measure). value: what was typed; a number for points and weight (empty: none)."""

    part: str
    field: Literal["name", "note", "points", "weight"]
    value: str


FIELDS = {"name": "名称", "note": "说明", "points": "分值", "weight": "权重"}


def part_of(scheme: Scheme, part: str) -> Part:
    """A part of the tree, or a measure, by its id. Raises NOT_FOUND."""
    found = next((p for p in (*walk(scheme.tree), *scheme.measures) if p.id == part), None)
    if found is None:
        raise AppError(Fault.NOT_FOUND, f"方案“{scheme.name}”中没有“{part}”。")
    return found


def edited_scheme(scheme: Scheme, edit: PartEdit) -> Scheme:
    """The scheme with one field of one part changed. Raises INPUT_BAD, NOT_FOUND."""
    old = part_of(scheme, edit.part)
    value: str | Fraction | None = edit.value.strip()
    if edit.field == "name" and not value:
        raise AppError(Fault.INPUT_BAD, "名称不能为空。")
    if edit.field in ("points", "weight"):
        value = _number(edit.value, FIELDS[edit.field])
    new = replace(old, **{edit.field: value})
    if isinstance(old, Item) and old in scheme.measures:
        measures = tuple(new if m is old and isinstance(new, Item) else m for m in scheme.measures)
        return replace(scheme, measures=measures)
    tree = _replaced(scheme.tree, edit.part, new)
    return replace(scheme, tree=tree) if isinstance(tree, Node) else scheme


def _replaced(part: Part, wanted: str, new: Part) -> Part:
    if part.id == wanted:
        return new
    if isinstance(part, Node):
        children = tuple(_replaced(c, wanted, new) for c in part.children)
        if any(new is not old for new, old in zip(children, part.children, strict=True)):
            return replace(part, children=children)  # what has not changed stays the same object
    return part


def _number(text: str, name: str) -> Fraction | None:
    typed = text.strip()
    if not typed:
        return None
    if not re.fullmatch(r"\d{1,9}(\.\d{1,6})?|\d{1,9}/[1-9]\d{0,8}", typed):
        raise AppError(Fault.INPUT_BAD, f"{name}“{typed}”不是数字，请写成 12.5 这样。")
    return Fraction(typed)


def field_text(part: Part, field: str) -> str:
    """The field as the trail tells it."""
    value = getattr(part, field)
    return "" if value is None else str(to_plain(value))
