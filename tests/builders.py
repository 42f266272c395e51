"""One-line builders of schemes and facts."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from random import Random
from typing import Any, Literal

from app.domain.facts import (
    Evaluator,
    Facts,
    MarkBlock,
    OfficeMark,
    Unit,
)
from app.domain.quantities import MARK_STATES, MarkState
from app.domain.schemes import (
    DirectReading,
    Grade,
    Item,
    Ladder,
    LevelsReading,
    MarksSource,
    Node,
    Scheme,
    sheet_items,
)


def item(id: str, points: int | Fraction | None = 100, source: Any = None, **more: Any) -> Item:
    """An item of marks, unless another source is given."""
    full = None if points is None else Fraction(points)
    return Item(id=id, name=id, points=full, source=source or MarksSource(), **more)


def node(id: str, *children: Item | Node, **more: Any) -> Node:
    """A sum of its children, unless another join is given."""
    return Node(id=id, name=id, children=children, **more)


def ladder(*lines: int | Fraction | None, **more: Any) -> Ladder:
    """Grades g0, g1, … with these lines, and a lowest one without."""
    grades = [Grade(id=f"g{i}", name=f"第{i}档", line=None if x is None else Fraction(x)) for i, x in enumerate(lines)]
    return Ladder(grades=(*grades, Grade(id=f"g{len(lines)}", name="末档")), **more)


def scheme(*children: Item | Node, id: str = "s", level: str = "dept", **more: Any) -> Scheme:
    """A scheme for 2026 with these parts under its root."""
    more.setdefault("ladder", ladder(85))
    return Scheme(id=id, name=id, year=2026, level=level, tree=node("root", *children), **more)


def units(codes: str, level: str = "dept", **more: Any) -> tuple[Unit, ...]:
    """Units in official order, from codes with blanks between."""
    return tuple(Unit(code=c, name=f"单位{c}", level=level, order=i, **more) for i, c in enumerate(codes.split(), 1))


def evaluators(codes: str, **more: Any) -> tuple[Evaluator, ...]:
    """Evaluators in official order, from codes with blanks between."""
    return tuple(Evaluator(code=c, name=f"评{c}", order=i, **more) for i, c in enumerate(codes.split(), 1))


def block(
    scheme: Scheme,
    evaluator: str,
    marks: dict[tuple[str, str], Fraction | int | str | MarkState],
    digits: int | None = None,
) -> MarkBlock:
    """One evaluator's marks, (unit, item) → number, level id or state, packed; what is left out is blank."""
    items = {i.id: i for i in sheet_items(scheme)}
    names = [n for n in items if any(i == n for _, i in marks)]
    codes = list(dict.fromkeys(u for u, _ in marks))
    kept = tuple(_digits(items[n], digits) for n in names)

    def packed(unit: str, column: int) -> int | MarkState:
        mark = marks.get((unit, names[column]), MarkState.BLANK)
        reading = items[names[column]].reading
        if isinstance(mark, MarkState):
            return mark
        if isinstance(reading, LevelsReading):
            return [one.id for one in reading.levels].index(str(mark))
        whole = Fraction(mark) * 10 ** kept[column]
        assert whole.denominator == 1
        return whole.numerator

    cells = [packed(u, c) for u in codes for c in range(len(names))]
    width: Literal[2, 4] = 2 if all(isinstance(c, MarkState) or abs(c) < 2**15 - 4 for c in cells) else 4
    lowest = -(2 ** (8 * width - 1))
    numbers = [lowest + MARK_STATES.index(c) if isinstance(c, MarkState) else c for c in cells]
    values = b"".join(n.to_bytes(width, "little", signed=True) for n in numbers)
    return MarkBlock(
        sheet=f"2026-{scheme.id}-{evaluator}",
        evaluator=evaluator,
        scheme=scheme.id,
        units=tuple(codes),
        items=tuple(names),
        values=values,
        width=width,
        digits=kept,
    )


def _digits(item: Item, wished: int | None) -> int:
    if isinstance(item.reading, LevelsReading):
        return 0
    if wished is not None:
        return wished
    return item.reading.digits if isinstance(item.reading, DirectReading) else 2


def office(scheme: str, item: str, **values: Any) -> tuple[OfficeMark, ...]:
    """Values set by the office: unit=value."""
    return tuple(OfficeMark(scheme=scheme, unit=u, item=item, value=Fraction(v)) for u, v in values.items())


def shuffled_block(one: MarkBlock, random: Random) -> MarkBlock:
    """The same marks with units and items in another order."""
    wide = len(one.items) * one.width
    cells = {
        (u, k): one.values[r * wide + c * one.width : r * wide + (c + 1) * one.width]
        for r, u in enumerate(one.units)
        for c, k in enumerate(one.items)
    }
    rows = random.sample(one.units, len(one.units))
    columns = random.sample(range(len(one.items)), len(one.items))
    names = tuple(one.items[c] for c in columns)
    values = b"".join(cells[u, k] for u in rows for k in names)
    digits = tuple(one.digits[c] for c in columns)
    return replace(one, units=tuple(rows), items=names, digits=digits, values=values)


def shuffled(facts: Facts, random: Random) -> Facts:
    """The same facts in another order."""
    names = Facts.__slots__
    return Facts(**{name: tuple(random.sample(getattr(facts, name), len(getattr(facts, name)))) for name in names})
