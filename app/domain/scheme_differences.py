"""Two versions of a scheme side by side, in office words: part, field, before, after."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, is_dataclass
from fractions import Fraction
from typing import Any, Literal, cast

from app.domain.quantities import number_text
from app.domain.scheme_editing.paths import Path
from app.domain.scheme_editing.references import REFERENCES
from app.domain.scheme_editing.values import Field, fields_of
from app.domain.scheme_words import PARTITION_FIELDS, PERCENTS, choice_word, field_word, partition_word
from app.domain.schemes import Node, Part, Scheme, walk

_NOTHING = "（空）"
_ALWAYS = {
    "total": "总分",
    "rank": "名次",
    "rank_from_last": "倒数名次",
    "zero_items": "得 0 分的指标个数",
    "grade": "等次",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference. path: where it stands in the newer version (in the older, when it is gone); section: 指标树,
    等次 …; title: the part, grade, rule it belongs to (empty: the scheme itself); field, before, after: as an office
    says them; kind: an added, removed or moved entry, or a changed field."""

    kind: Literal["added", "removed", "moved", "changed"]
    path: Path
    section: str
    title: str
    field: str
    before: str
    after: str

    def __str__(self) -> str:
        what = f"{self.section} · “{self.title}”" if self.title else self.section
        if self.kind in ("added", "removed"):
            return f"{what}：{'新增' if self.kind == 'added' else '删去'}{self.after or self.before}"
        return f"{what} 的{self.field}：{self.before} → {self.after}"


def differences(before: Scheme, after: Scheme) -> tuple[Difference, ...]:
    """Every difference between two documents, in the order of the format; empty: they say the same."""
    return tuple(_Comparison(before, after).all())


class _Comparison:
    def __init__(self, before: Scheme, after: Scheme) -> None:
        self.before, self.after = before, after
        self.names: dict[str, str] = dict(_ALWAYS)
        for scheme in (before, after):
            self.names |= {p.id: p.name for p in (*walk(scheme.tree), *scheme.measures)}
            rows = (scheme.groups, scheme.ladder.grades, scheme.event_kinds, scheme.adjustments)
            self.names |= {one.id: one.name for row in rows for one in row}

    def all(self) -> Iterator[Difference]:
        for one in fields_of(Scheme):
            old, new = getattr(self.before, one.name), getattr(self.after, one.name)
            section = field_word(Scheme, one.name)
            if one.name == "tree":
                yield from self.tree(section)
            elif old != new:
                section = section if one.sort in ("record", "list") else "方案"
                yield from self.field(Scheme, one, old, new, (one.name,), section, "")

    # ---- the tree

    def tree(self, section: str) -> Iterator[Difference]:
        old, new = _placed(self.before.tree), _placed(self.after.tree)
        for id, (part, parent, path) in new.items():
            if id not in old:
                if parent not in new or parent in old:  # what is below a new branch came with it
                    yield Difference("added", path, section, self.names.get(parent, ""), "下级", "", _branch(part))
                continue
            was, parent_then, _ = old[id]
            if parent != parent_then and parent in new:
                names = (self.names.get(p, p) for p in (parent_then, parent))
                yield Difference("moved", path, section, part.name, "所在位置", *names)
            if was is part:
                continue
            yield from self.record(was, part, path, section, part.name, without="children")
            if isinstance(was, Node) and isinstance(part, Node):
                yield from self.order(was.children, part.children, path, section, part.name, "下级")
        for id, (part, parent, path) in old.items():
            if id not in new and (parent not in old or parent in new):
                yield Difference("removed", path, section, self.names.get(parent, ""), "下级", _branch(part), "")

    def order(
        self, old: Sequence[Any], new: Sequence[Any], path: Path, section: str, title: str, what: str
    ) -> Iterator[Difference]:
        both = {o.id for o in old} & {n.id for n in new}
        then, now = [o for o in old if o.id in both], [n for n in new if n.id in both]
        if [o.id for o in then] != [n.id for n in now]:
            texts = ("、".join(o.name for o in row) for row in (then, now))
            yield Difference("moved", path, section, title, f"{what}的顺序", *texts)

    # ---- records and fields

    def record(
        self, old: Any, new: Any, path: Path, section: str, title: str, without: str = "", within: str = ""
    ) -> Iterator[Difference]:
        if type(old) is not type(new):
            yield Difference("changed", path, section, title, within or "类型", self.said(old), self.said(new))
            return
        cls = _class(old)
        for one in fields_of(cls):
            a, b = getattr(old, one.name), getattr(new, one.name)
            if a != b and one.name not in (without, "id"):
                yield from self.field(cls, one, a, b, (*path, one.name), section, title, within)

    def field(
        self, cls: type, one: Field, old: Any, new: Any, path: Path, section: str, title: str, within: str = ""
    ) -> Iterator[Difference]:
        word = field_word(cls, one.name)
        said = f"{within} › {word}" if within else word
        if one.sort in ("record", "one_of") and type(old) is type(new):
            yield from self.record(old, new, path, section, title, within="" if cls is Scheme else said)
        elif one.sort == "list" and one.record:
            yield from self.rows(old, new, path, section, title, said)
        else:
            texts = (self.text(cls, one, value) for value in (old, new))
            yield Difference("changed", path, section, title, said, *texts)

    def rows(
        self, old: tuple[Any, ...], new: tuple[Any, ...], path: Path, section: str, title: str, said: str
    ) -> Iterator[Difference]:
        if all(hasattr(one, "id") for one in (*old, *new)):
            then, now = {o.id: o for o in old}, {n.id: n for n in new}
            pairs = [(then.get(n.id), n, (*path, i)) for i, n in enumerate(new)]
            pairs += [(o, None, (*path, i)) for i, o in enumerate(old) if o.id not in now]
            yield from self.order(old, new, path, section, title, said)
        else:
            longest = max(len(old), len(new))
            ends = [(o[i] if i < len(o) else None) for o in (old, new) for i in range(longest)]
            pairs = [(ends[i], ends[longest + i], (*path, i)) for i in range(longest)]
        for n, (a, b, place) in enumerate(pairs):
            name = str(getattr(b or a, "name", "")) or (title and "")
            if a is None:
                yield Difference("added", place, section, title, said, "", self.said(b))
            elif b is None:
                yield Difference("removed", place, section, title, said, self.said(a), "")
            elif a != b:
                inside = "" if name and not title else f"{said}（{name or f'第 {n + 1} 项'}）"
                yield from self.record(a, b, place, section, title or name, within=inside)

    # ---- words

    def said(self, value: Any) -> str:
        """A record in one line: its name, or what it says besides its defaults."""
        if value is None:
            return _NOTHING
        if not is_dataclass(value):
            return str(value)
        name = getattr(value, "name", "")
        if name:
            return f"“{name}”"
        cls = _class(value)
        told = [
            f"{field_word(cls, f.name)} {self.text(cls, f, getattr(value, f.name))}"
            for f in fields_of(cls)
            if getattr(value, f.name) != f.default or f.required
        ]
        kind = getattr(value, "kind", "")
        own = [choice_word(cls, "kind", kind)] if kind else []
        return "，".join([*own, *told]) or "默认"

    def text(self, cls: type, one: Field, value: Any) -> str:
        """A value of a field."""
        if value is None or value == "" or value == ():
            return _NOTHING
        if isinstance(value, tuple):
            return "、".join(self.text(cls, one, v) for v in cast(tuple[Any, ...], value))
        if isinstance(value, bool):
            return "是" if value else "否"
        if isinstance(value, Fraction | int):
            return number_text(value * 100 if (cls.__name__, one.name) in PERCENTS else value)
        if is_dataclass(value):
            return self.said(value)
        if value in one.choices:
            return choice_word(cls, one.name, value)
        if (cls.__name__, one.name) in PARTITION_FIELDS:
            return partition_word(str(value))
        return self.names.get(value, str(value)) if (cls.__name__, one.name) in REFERENCES else str(value)


def _class(value: Any) -> type:
    return cast("type[Any]", type(value))


def _placed(tree: Node) -> Mapping[str, tuple[Part, str, Path]]:
    """Part → itself, the id of its parent and where it stands, in the order of the document."""
    found: dict[str, tuple[Part, str, Path]] = {}

    def look(part: Part, parent: str, path: Path) -> None:
        found[part.id] = (part, parent, path)
        if isinstance(part, Node):
            for n, child in enumerate(part.children):
                look(child, part.id, (*path, "children", n))

    look(tree, "", ("tree",))
    return found


def _branch(part: Part) -> str:
    below = len(walk(part)) - 1
    return f"“{part.name}”" + (f"（含 {below} 项）" if below else "")
