"""Results that the level below has sent up: laid into the computed ones, and the ways to them grafted into explanations."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from app.domain.facts import EarlierResult, Facts, Unit
from app.domain.quantities import Quantity
from app.domain.results import GradeOutcome, Results, SchemeResult, SeriesResult, Step, UnitResult
from app.domain.schemes import ResultsSource, Scheme, items_of
from app.scoring.parts import takes_part

Told = Mapping[tuple[str, str], EarlierResult]
# (scheme, unit, quantity) → the way as the level below has explained it; none: not known.
Ways = Callable[[str, str, str], Step | None]


def received(facts: Facts, year: int) -> Told:
    """This year's results that came in packages, by (scheme, unit)."""
    return {(e.scheme, e.unit): e for e in facts.earlier if e.year == year and e.package}


def is_received(scheme: Scheme, facts: Facts, told: Told) -> bool:
    """Whether every unit of the scheme that takes part has its result from below: then nothing is left to compute."""
    mine = [u for u in facts.units if u.level == scheme.level and takes_part(u)]
    return bool(mine) and all((scheme.id, u.code) in told for u in mine)


def with_received(
    results: Results, schemes: Sequence[Scheme], facts: Facts, told: Told, prints: Mapping[str, str]
) -> Results:
    """The computed results, and in their place those that came from below; schemes: all that are known, lowest first."""
    if not told:
        return results
    computed = {r.scheme: r for r in results.schemes}
    units = {u.code: u for u in facts.units}
    found: list[SchemeResult] = []
    for scheme in schemes:
        mine = {unit: e for (s, unit), e in told.items() if s == scheme.id and unit in units}
        done = computed.get(scheme.id)
        if done is not None:
            laid = {u: _unit_result(units[u], mine[u]) if u in mine else r for u, r in done.units.items()}
            found.append(replace(done, units=laid) if mine else done)
        elif mine:
            found.append(_scheme_result(scheme, prints.get(scheme.id, ""), units, mine))
    return Results(tuple(found), results.facts)


def _scheme_result(
    scheme: Scheme, fingerprint: str, units: Mapping[str, Unit], told: Mapping[str, EarlierResult]
) -> SchemeResult:
    """A level that was computed elsewhere: by series, in the order of the ranks it got there."""
    ordered = sorted((units[u] for u in told), key=lambda u: (u.series, *_place(told[u.code]), u.order, u.code))
    series = dict.fromkeys(u.series for u in ordered)
    return SchemeResult(
        scheme=scheme.id,
        fingerprint=fingerprint,
        units={u.code: _unit_result(u, told[u.code]) for u in ordered},
        series=tuple(
            SeriesResult(series=name, order=tuple(u.code for u in ordered if u.series == name), quotas=())
            for name in series
        ),
    )


def _place(told: EarlierResult) -> tuple[bool, int]:
    return told.rank is None, told.rank or 0


def _unit_result(unit: Unit, told: EarlierResult) -> UnitResult:
    note = f"{told.package} 报来"
    total = Quantity.no_result("报来的结果没有总分") if told.total is None else Quantity.of(told.total)
    return UnitResult(
        unit=unit.code,
        series=unit.series,
        participation=unit.participation,
        total=total,
        shown_total=told.total,
        rank=told.rank,
        shared=False,
        grades=(GradeOutcome(scope="unit", by_quota=told.grade, final=told.grade, note=note),),
        adjustments=(),
        parts={part: Quantity.of(value) for part, value in told.parts.items()},
    )


# ---- ways


def grafted(step: Step, scheme: str, schemes: Mapping[str, Scheme], ways: Ways) -> Step:
    """The explanation, and below every result that came from below the way that came with it. scheme: whose figure it is."""
    sources = {i.id: i.source for i in items_of(schemes[scheme])} if scheme in schemes else {}
    item, _, unit = step.quantity.partition("/")
    source = sources.get(item)
    if step.rule == "child" and isinstance(source, ResultsSource):
        if not step.inputs:
            way = None if source.years_ago else ways(source.scheme, unit, source.quantity)
            return replace(step, inputs=(way,)) if way else step
        scheme = source.scheme
    inputs = tuple(grafted(s, scheme, schemes, ways) for s in step.inputs)
    return step if inputs == step.inputs else replace(step, inputs=inputs)


def told_step(told: EarlierResult, quantity: str, ways: Ways) -> Step | None:
    """The way to a figure that came from below; none when it did not come with it."""
    way = ways(told.scheme, told.unit, quantity)
    return way and replace(way, sentence=f"{way.sentence}；随 {told.package} 报来")


def way_in(steps: Mapping[str, Step], quantity: str) -> Step | None:
    """The way to a quantity among those to a unit's figures: by itself, or on the way to the total."""
    wanted = "rank" if quantity == "rank_from_last" else quantity
    if wanted in steps:
        return steps[wanted]
    return _inside(steps["total"], wanted) if "total" in steps else None


def _inside(step: Step, quantity: str) -> Step | None:
    if step.quantity == quantity:
        return step
    return next((found for s in step.inputs if (found := _inside(s, quantity)) is not None), None)
