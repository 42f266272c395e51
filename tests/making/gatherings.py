"""Random gatherings, periods, normalisations, variants and applicability."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from app.domain.schemes import Applies, Gathering, Group, GroupShare, Normalisation, Periods, Variant, Within
from tests.making.dice import PARTITIONS, Dice

METHODS = ("mean", "mean", "mean", "trimmed", "trimmed", "median", "sum", "best", "lowest", "latest")
PERIODS = ("一季度", "二季度", "三季度")


def applies(d: Dice) -> Applies:
    made = Applies(
        series=d.some(("x", "y"), 35), kinds=d.some(("organisation", "branch"), 35), tags=d.some(("t1", "t2"), 35)
    )
    return made if made != Applies() else Applies(series=("x",))


def within(d: Dice, methods: Sequence[str] = METHODS) -> Within:
    method = d.pick(methods)
    if method != "trimmed":
        return Within(method=method)
    return Within(
        method="trimmed",
        high=d.number(0, 2),
        low=d.number(0, 2),
        above=d.number(0, 4),
        equal=d.pick(("so_many", "all")) if d.wants("all equal extremes", 100, 30) else "so_many",
    )


def gathering(d: Dice, groups: Sequence[Group], votes: bool = False) -> Gathering:
    lines: tuple[GroupShare, ...] = ()
    if groups and d.chance(30):
        chosen = d.at_least_one(groups)
        lines = tuple(GroupShare(group=g.id, weight=d.weight(1, 2, 5)) for g in chosen)
        if d.wants("shares of some units", 70, 30):
            own = tuple(GroupShare(group=g.id, weight=d.weight(3, 4), applies_to=applies(d)) for g in chosen)
            lines = own + lines if d.chance(70) else (*own[:1], *lines[1:]) or own
    policy = d.pick(("block", "zero", "renormalise", "renormalise", "renormalise", "use" if groups else "zero"))
    return Gathering(
        within=within(d, METHODS[:-1] if votes else METHODS),
        groups=lines,
        weighting="counted" if d.wants("counted weights", 70, 30) else "stated",
        missing_group=policy,
        use=d.pick(groups).id if policy == "use" else "",
        min_marks=d.pick((1, 1, 1, 2)),
        blank=d.pick(("leave_out", "leave_out", "leave_out", "zero", "zero", "block")),
        abstained=d.pick(("leave_out", "leave_out", "leave_out", "zero", "zero", "block")),
    )


def periods(d: Dice) -> Periods | None:
    if not d.wants("periods", 60, 30):
        return None
    names = PERIODS[: d.number(1, 3)]
    weighed = d.chance(40)
    return Periods(
        names=names,
        within=Within() if weighed else within(d),
        weights=tuple(d.weight(1, 2, 3) for _ in names) if weighed else (),
        missing=d.pick(("block", "leave_out", "leave_out", "zero")),
    )


def normalisation(d: Dice) -> Normalisation | None:
    if not d.wants("normalisation", 30, 30):
        return None
    method = d.pick(("mean_ratio", "z_score", "best_ratio"))
    aimed = d.chance(60)
    return Normalisation(
        method=method,
        within=d.pick(PARTITIONS),
        reference=d.pick(("means", "all")) if method == "mean_ratio" else "means",
        high=d.pick((0, 0, 1)) if method == "mean_ratio" else 0,
        low=d.pick((0, 0, 1)) if method == "mean_ratio" else 0,
        digits=d.number(1, 4) if method == "z_score" else d.pick((None, 2, 4)) if method == "mean_ratio" else None,
        target_mean=Fraction(7) if method == "z_score" and aimed else None,
        target_spread=Fraction(3, 2) if method == "z_score" and aimed else None,
        times=d.pick(("full", Fraction(100))) if method == "best_ratio" else "full",
        smallest=d.pick((2, 2, 1, 3)),
        small=d.pick(("keep", "keep", "block")),
    )


def variants(d: Dice, points: int | None, weighed: bool) -> tuple[Variant, ...]:
    if not d.wants("variants", 50, 25) or not (points or weighed):
        return ()
    return tuple(variant(d, points, weighed) for _ in range(d.number(1, 2)))


def variant(d: Dice, points: int | None, weighed: bool) -> Variant:
    other_points = points is not None and (not weighed or d.chance(70))
    return Variant(
        applies_to=applies(d),
        points=Fraction(d.pick((points, 2 * points, points + 1))) if other_points and points else None,
        weight=d.weight(1, 5) if weighed and (not other_points or d.chance(60)) else None,
    )
