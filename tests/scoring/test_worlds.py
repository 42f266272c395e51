"""The random worlds themselves: they use the whole language, are free of errors, and come to every kind of outcome."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from functools import cache
from random import Random
from typing import Any, Literal, get_args, get_origin, get_type_hints

from app.domain.facts import Facts
from app.domain.findings import Severity
from app.domain.report_forms import ReportForm
from app.domain.schemes import Scheme
from app.scoring.checks import check_scheme
from tests.making.dice import NOT_YET, PARTITIONS
from tests.scoring.naive import naive_results
from tests.worlds import World, make_world

WORLDS = 400  # the first of those both calculators are compared on


@cache
def hints(cls: type) -> dict[str, Any]:
    return get_type_hints(cls)


def values_named(hint: Any) -> set[object]:
    """Every value that the hint's literals allow."""
    if get_origin(hint) is Literal:
        return set(get_args(hint))
    return {value for inner in get_args(hint) for value in values_named(inner)}


def classes_in(hint: Any) -> set[type]:
    inner = {c for one in get_args(hint) for c in classes_in(one)}
    return inner | ({hint} if isinstance(hint, type) and is_dataclass(hint) else set())


def settings_of(*roots: type) -> set[tuple[str, str, object]]:
    """(dataclass, field, value) for each value of each Literal in the dataclasses that the roots are made of."""
    seen: set[type] = {ReportForm}  # a report is never scored
    waiting = list(roots)
    while waiting:
        cls = waiting.pop()
        if cls not in seen:
            seen.add(cls)
            waiting += [c for hint in hints(cls).values() for c in classes_in(hint)]
    seen.discard(ReportForm)
    return {(c.__name__, name, v) for c in seen for name, hint in hints(c).items() for v in values_named(hint)}


def used_by(value: Any) -> set[tuple[str, str, object]]:
    """The same of one document."""
    if isinstance(value, tuple | list):
        return {found for one in value for found in used_by(one)}
    if not is_dataclass(value):
        return set()
    found: set[tuple[str, str, object]] = set()
    for field in fields(value):
        inner = getattr(value, field.name)
        found |= used_by(inner)
        named = values_named(hints(type(value))[field.name])
        for one in inner if isinstance(inner, tuple) else (inner,):
            if isinstance(one, str | int) and one in named:
                found.add((type(value).__name__, field.name, one))
    return found


def random_worlds(count: int) -> list[World]:
    return [make_world(Random(seed)) for seed in range(count)]


def test_that_the_random_worlds_use_every_value_of_every_setting() -> None:
    used: set[tuple[str, str, object]] = set()
    for world in random_worlds(WORLDS):
        used |= used_by(world)
    wanted = settings_of(Scheme, Facts)
    assert len(wanted) > 150
    assert wanted - used == set()
    assert not NOT_YET, "settings that are not generated"


def test_that_the_random_worlds_compare_units_in_every_way() -> None:
    schemes = [s for world in random_worlds(100) for s in world[0]]
    assert {s.ranking.within for s in schemes} == set(PARTITIONS)


def test_that_random_worlds_reach_every_kind_of_outcome() -> None:
    seen: set[str] = set()
    totals: list[bool] = []
    for world in random_worlds(300):
        for result in naive_results(*world).values():
            for field in result["fields"].values():
                seen |= {line["kind"] for line in field["quotas"]}
            for unit in result["units"].values():
                grade = unit["grades"]["unit"]
                totals.append(not isinstance(unit["total"], str))
                seen |= {
                    unit["total"] if isinstance(unit["total"], str) else "a total",
                    "grade" if grade["final"] else "no grade",
                    "lowered" if grade["final"] > grade["by_quota"] > "" else "as by quota",
                    "pending" if grade["pending"] else "not pending",
                    "by hand" if grade["manual"] else "computed",
                    "shared" if unit["shared"] else "alone",
                    "scopes differ" if grade["final"] != unit["grades"]["person"]["final"] else "scopes alike",
                }
    assert seen == {
        "a total", "no result", "not applicable", "grade", "no grade", "lowered", "as by quota", "pending",
        "not pending", "by hand", "computed", "shared", "alone", "scopes differ", "scopes alike", "ceiling", "floor",
    }  # fmt: skip
    assert sum(totals) > len(totals) / 2, "most units have a total"


def test_that_random_schemes_are_schemes_without_errors() -> None:
    for seed, (schemes, _) in enumerate(random_worlds(200)):
        for one in schemes:
            errors = {f.code for f in check_scheme(one, schemes) if f.severity is Severity.ERROR}
            nobody = any(g.relations and set(g.relations) <= set(g.recused) for g in one.groups)
            assert (seed, errors) == (seed, {"S-NORATER"} if nobody else set())
