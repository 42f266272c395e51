"""Random readings and conditions."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from app.domain.schemes import (
    Band,
    BandsReading,
    Condition,
    DirectReading,
    Level,
    LevelsReading,
    RankReading,
    RatioReading,
    ThresholdReading,
)
from tests.making.dice import PARTITIONS, Dice

ANSWERS = (Level(id="A", name="好", points=Fraction(10)), Level(id="B", name="中", points=Fraction(13, 2)),
           Level(id="C", name="差", points=Fraction(0)), Level(id="N", name="不了解", points=None))  # fmt: skip


def condition(d: Dice, quantities: Sequence[str], deep: bool = True) -> Condition:
    name = d.pick(quantities)
    value = (
        Fraction(d.number(1, 3)) if name.startswith("rank") or name == "zero_items" else d.value(d.pick((4, 20, 100)))
    )
    return Condition(
        quantity=name,
        test=d.pick((">=", ">", "<=", "<", "=", "!=")),
        value=value,
        alternatives=tuple(condition(d, quantities, False) for _ in range(d.number(1, 2)))
        if deep and d.wants("alternatives", 60)
        else (),
    )


def conditions(d: Dice, quantities: Sequence[str]) -> tuple[Condition, ...]:
    found = {c.quantity: c for c in (condition(d, quantities) for _ in range(d.pick((1, 1, 2))))}
    return tuple(found[name] for name in sorted(found))


def reading(d: Dice, points: int, kind: str, known: Sequence[str]) -> Any:
    """A reading of raw values of a source of this kind; ``known``: quantities its conditions may name."""
    if kind in ("marks", "office") and points >= 10 and d.chance(10):
        return LevelsReading(levels=ANSWERS)
    if d.wants("across units", 60, 25):
        return across(d, points)
    if kind == "office" and d.wants("targets", 60, 20):
        return against_target(d, points, True)
    if kind != "marks" and d.wants("numbers to reach", 50):
        return against_target(d, points, False)
    if d.chance(12) or d.wants("bands", 60, 30):
        return bands(d, points, known)
    if d.chance(15) or d.wants("direct readings", 60):
        return direct(d)
    return DirectReading(digits=d.number(0, 4))


def conversion(d: Dice, points: int, known: Sequence[str]) -> Any:
    """Of a gathered value, or none."""
    if d.wants("across gathered values", 60):
        return across(d, points)
    if d.wants("conversions to a number", 60):
        return against_target(d, points, False)
    if d.chance(10):
        return bands(d, points, known)
    return direct(d) if d.chance(10) else None


def direct(d: Dice) -> DirectReading:
    return DirectReading(
        factor=d.weight(1, 2, Fraction(1, 3), -1, Fraction(1, 10)),
        base=d.pick(("full", "full", Fraction(0), Fraction(5), Fraction(101))),
    )


def bands(d: Dice, points: int, known: Sequence[str]) -> BandsReading:
    ends = sorted({d.value(points) for _ in range(d.number(1, 3))}, reverse=True)
    printed = d.wants("gaps", 80, 30)
    rows: list[Band] = []
    for n, end in enumerate(ends):
        upper = Fraction(points) if n == 0 else ends[n - 1]
        gap = d.pick((Fraction(0), Fraction(1, 2), Fraction(1), upper - end)) if printed else None
        row = Band(
            points=Fraction(points, n + 1),
            minimum=end,
            maximum=None if gap is None else max(end, upper - gap),
            above=not printed and d.chance(30),
        )
        if known and d.wants("bands with conditions", 50):
            rows.append(
                Band(
                    points=Fraction(points),
                    minimum=end,
                    maximum=row.maximum,
                    above=row.above,
                    when=conditions(d, known),
                )
            )
        rows.append(row)
    if d.chance(90):
        rows.append(Band(points=Fraction(0)))
    return BandsReading(bands=tuple(rows), gaps=d.pick(("half_open", "nearest")) if printed else "half_open")


def against_target(d: Dice, points: int, recorded: bool) -> Any:
    """A threshold or a ratio, to a recorded target or to a number."""
    if d.chance(50):
        return ThresholdReading(
            target=d.pick(("target", "standard")) if recorded else Fraction(points, 2),
            side=d.pick(("at_least", "at_most")),
            reached=d.pick(("full", Fraction(points, 2))),
            step=d.pick((Fraction(1), Fraction(3), Fraction(1, 3))),
            per_step=d.pick((Fraction(1), Fraction(1, 2))),
            bonus=d.pick((Fraction(0), Fraction(1, 4))),
            count=d.pick(("proportional", "full", "started")),
        )
    to = d.pick(("target", "standard")) if recorded else "number"
    number = Fraction(d.pick((points, 7))) if to == "number" else None
    return RatioReading(to=to, number=number, inverse=d.chance(40), times=d.pick(("full", Fraction(100))))


def across(d: Dice, points: int) -> Any:
    """A reading that compares units."""
    if d.chance(50):
        return RatioReading(
            to=d.pick(("best", "lowest", "average")),
            inverse=d.chance(30),
            times=d.pick(("full", Fraction(100))),
            within=d.pick(PARTITIONS),
        )
    count = d.number(1, 3)
    return RankReading(
        order=d.pick(("higher", "lower")),
        within=d.pick(PARTITIONS),
        points=tuple(Fraction(points * (4 - n), 4) for n in range(count)),
        step=d.pick((Fraction(0), Fraction(1), Fraction(1, 3))),
        from_end=d.chance(35),
        ties=d.pick(("shared", "mean", "dense")),
    )
