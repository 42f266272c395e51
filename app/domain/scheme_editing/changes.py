"""Any field of a scheme changed, and the lists in it: put in, taken out, reordered. One call is one step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import is_dataclass, replace
from typing import Any, cast

from app.domain.errors import AppError, Fault
from app.domain.scheme_editing.branches import fresh_id
from app.domain.scheme_editing.paths import Edited, Path, name_space, replaced, title_at, value_at
from app.domain.scheme_editing.references import followed, names_in
from app.domain.scheme_editing.values import blank, field_at, of_kind
from app.domain.scheme_words import field_word
from app.domain.schemes import Scheme


def change(scheme: Scheme, path: Path, value: Any) -> Edited:
    """Another value in one field. An id must be free; whatever names it follows. Raises INPUT_BAD, NOT_FOUND."""
    return change_many(scheme, [(path, value)])


def change_many(scheme: Scheme, changes: Sequence[tuple[Path, Any]]) -> Edited:
    """Several fields in one step, also of several parts. Raises INPUT_BAD, NOT_FOUND."""
    now = scheme
    for path, value in changes:
        now = _changed(now, path, value)
    if not changes:
        return Edited(scheme, "修改方案")
    first = changes[0][0]
    word = step_word(scheme, first)
    more = f"等 {len(changes)} 处" if len(changes) > 1 else ""
    return Edited(now, f"修改{word}{more}")


def switch(scheme: Scheme, path: Path, kind: str) -> Edited:
    """Another kind of source, reading …: a new value of that kind, which keeps what both kinds have. Raises
    NOT_FOUND."""
    return change(scheme, path, of_kind(field_at(scheme, path), kind, value_at(scheme, path)))


def step_word(scheme: Scheme, path: Path) -> str:
    """A field in the user's words: “履职情况”的满分."""
    record = value_at(scheme, path[:-1])
    title = title_at(scheme, path[:-1])
    last = str(path[-1]) if path else ""
    word = field_word(type(record).__name__, last) if is_dataclass(record) else "内容"
    return f"“{title}”的{word}" if title else f"方案的{word}"


def _changed(scheme: Scheme, path: Path, value: Any) -> Scheme:
    if not path:
        raise AppError(Fault.NOT_FOUND, "没有写明改哪里。")
    old = value_at(scheme, path)
    record = value_at(scheme, path[:-1])
    last = str(path[-1])
    if last == "id" and len(path) > 1 and value != old:
        return _with_id(scheme, path, str(value))
    if last == "name" and not str(value).strip() and not isinstance(record, tuple):
        raise AppError(Fault.INPUT_BAD, "名称不能为空。")
    return replaced(scheme, path, value)


def _with_id(scheme: Scheme, path: Path, id: str) -> Scheme:
    space, old = name_space(value_at(scheme, path[:-1])), value_at(scheme, path)
    if not id.strip() or "/" in id:
        raise AppError(Fault.INPUT_BAD, "代号不能空，也不能有“/”。")
    if id in names_in(scheme).get(space, set()) | _ids(value_at(scheme, path[:-2])):
        raise AppError(Fault.INPUT_BAD, f"代号“{id}”已经有了，请换一个。")
    return followed(replaced(scheme, path, id), {space: {str(old): id}})


# ---- lists


def add_entry(scheme: Scheme, path: Path, value: Any = None, index: int | None = None) -> Edited:
    """One more entry in the list at this place (the last one, or before ``index``); none given: an empty one. An id
    that is taken is made unique. Raises INPUT_BAD, NOT_FOUND."""
    row = _row(scheme, path)
    made = blank(field_at(scheme, path).record[0]) if value is None else value
    if hasattr(made, "id"):
        space = name_space(made)
        taken = names_in(scheme).get(space, set()) | _ids(row)
        made = replace(made, id=fresh_id(made.id or space.replace("_", "-"), taken))
    if value is None and getattr(made, "name", None) == "":
        made = replace(made, name=f"新{field_word(type(value_at(scheme, path[:-1])).__name__, str(path[-1]))}")
    at = len(row) if index is None else index
    return Edited(replaced(scheme, path, (*row[:at], made, *row[at:])), f"增加{step_word(scheme, path)}")


def remove_entries(scheme: Scheme, path: Path, indexes: Sequence[int]) -> Edited:
    """Without these entries. Raises INPUT_BAD (the last grade), NOT_FOUND."""
    row, gone = _row(scheme, path), set(indexes)
    _refuse_unknown(row, indexes)
    kept = tuple(one for n, one in enumerate(row) if n not in gone)
    if not kept and path in (("ladder", "grades"), ("tree", "children")):
        raise AppError(Fault.INPUT_BAD, f"{step_word(scheme, path)}至少要留一项。")
    return Edited(replaced(scheme, path, kept), f"删除{step_word(scheme, path)}")


def move_entries(scheme: Scheme, path: Path, indexes: Sequence[int], to: int) -> Edited:
    """These entries, in the order they have, before the entry that stands at ``to`` now (the length: to the end).
    Raises NOT_FOUND."""
    row, moved = _row(scheme, path), sorted(set(indexes))
    _refuse_unknown(row, moved)
    before = tuple(one for n, one in enumerate(row[:to]) if n not in moved)
    behind = tuple(one for n, one in enumerate(row) if n >= to and n not in moved)
    now = (*before, *(row[n] for n in moved), *behind)
    return Edited(replaced(scheme, path, now), f"调整{step_word(scheme, path)}的顺序")


def _ids(row: Any) -> set[str]:
    entries = cast(tuple[Any, ...], row) if isinstance(row, tuple) else ()
    return {one.id for one in entries if hasattr(one, "id")}


def _row(scheme: Scheme, path: Path) -> tuple[Any, ...]:
    row = value_at(scheme, path)
    if not isinstance(row, tuple):
        raise AppError(Fault.NOT_FOUND, "这个位置不是列表。")
    return cast(tuple[Any, ...], row)


def _refuse_unknown(row: tuple[Any, ...], indexes: Sequence[int]) -> None:
    if any(not 0 <= n < len(row) for n in indexes):
        raise AppError(Fault.NOT_FOUND, "选择的项已经不在列表里。")
