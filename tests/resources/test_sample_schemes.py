"""The sample schemes that come with the program: readable, clean, named for an office, and together the whole language."""

from __future__ import annotations

import types
from collections.abc import Iterator
from dataclasses import MISSING, fields, is_dataclass, replace
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import pytest

from app.domain.facts import Facts
from app.domain.schemes import (
    BEFORE,
    BUILT_IN_QUANTITIES,
    RANK_OF,
    Condition,
    Item,
    Level,
    LevelsReading,
    Node,
    OfficeSource,
    Scheme,
    items_of,
)
from app.files.documents import read_scheme
from app.scoring.checks import check_scheme
from app.scoring.engine import evaluate
from app.scoring.levels import lower_schemes
from app.services.schemes.made_up import Quality, made_up_facts
from app.services.schemes.starts import samples
from tests.scoring.comparison import differences, plain_results
from tests.scoring.naive import naive_results

FOLDER = Path(__file__).parents[2] / "resources" / "schemes"
FILES = sorted(FOLDER.glob("*.json"))
PRACTICE = {"branch.json", "committee.json", "department.json"}
GAPS_OF_THE_RULE = {"S-GAP"}  # what a published rule itself leaves open


@cache
def scheme_of(path: Path) -> Scheme:
    scheme, findings = read_scheme(path.read_text(encoding="utf-8"), path.name)
    assert scheme is not None, "\n".join(map(str, findings))
    assert findings == ()
    return scheme


# ---- what a scheme may contain, out of the types alone


def is_union(hint: Any) -> bool:
    return get_origin(hint) in (Union, types.UnionType)


def settings_of(hint: Any) -> Iterator[str]:
    """The values of a field that have to occur: words, yes and no, a value and none, each kind of a union."""
    if get_origin(hint) is Literal:
        yield from map(str, get_args(hint))
    elif hint is bool:
        yield from ("yes", "no")
    elif is_union(hint):
        for member in get_args(hint):
            yield "none" if member is type(None) else named(member)
            yield from settings_of(member)
    elif get_origin(hint) is tuple:
        yield from settings_of(get_args(hint)[0])


def named(member: Any) -> str:
    return "a word" if get_origin(member) is Literal else getattr(member, "__name__", str(member))


def classes_in(hint: Any) -> Iterator[type]:
    if is_dataclass(hint):
        yield hint  # type: ignore[misc]
    for member in get_args(hint):
        yield from classes_in(member)


def needed() -> set[tuple[str, str, str]]:
    """(class, field, value) of every setting; besides the values, each field with a default once other than that."""
    found: set[tuple[str, str, str]] = set()
    seen: set[type] = set()
    todo: list[type] = [Scheme]
    while todo:
        cls = todo.pop()
        if cls in seen:
            continue
        seen.add(cls)
        hints = get_type_hints(cls)
        for field in fields(cls):
            hint = hints[field.name]
            found.update((cls.__name__, field.name, value) for value in settings_of(hint))
            fixed = get_origin(hint) is Literal and len(get_args(hint)) == 1
            if field.default is not MISSING and not fixed:
                found.add((cls.__name__, field.name, "other than the default"))
            todo.extend(classes_in(hint))
    return found


def values_of(value: Any, hint: Any) -> Iterator[str]:
    if isinstance(value, tuple):
        element = get_args(hint)[0]
        for one in value:
            yield from values_of(one, element)
    elif value is None:
        yield "none"
    elif isinstance(value, bool):
        yield "yes" if value else "no"
    elif isinstance(value, str):
        yield value
        yield "a word"
    else:
        yield type(value).__name__
        yield str(value)


def used(value: Any) -> Iterator[tuple[str, str, str]]:
    """The settings that a document uses, all the way down."""
    cls = type(value)
    hints = get_type_hints(cls)
    for field in fields(cls):
        inner = getattr(value, field.name)
        for word in values_of(inner, hints[field.name]):
            yield cls.__name__, field.name, word
        if field.default is not MISSING and inner != field.default:
            yield cls.__name__, field.name, "other than the default"
        for one in inner if isinstance(inner, tuple) else (inner,):
            if is_dataclass(one):
                yield from used(one)


# The types allow it, the check of every scheme refuses it (shown below): a gathered value is no answer to choose.
REFUSED = {("Item", "conversion", "LevelsReading")}


def test_that_the_samples_together_use_every_value_of_every_setting() -> None:
    wanted = needed()
    assert len(wanted) > 500  # the walk has reached the whole language
    assert sorted(wanted - REFUSED - {setting for path in FILES for setting in used(scheme_of(path))}) == []


def test_that_what_is_left_out_is_refused_by_the_check() -> None:
    levels = LevelsReading(levels=(Level(id="yes", name="是", points=Fraction(1)),))
    item = Item(id="one", name="一项", points=Fraction(1), source=OfficeSource(), conversion=levels)
    scheme = replace(scheme_of(FILES[0]), tree=Node(id="root", name="总分", children=(item,)))
    assert "S-READING" in {f.code for f in check_scheme(scheme)}


def test_that_the_walk_sees_what_is_missing() -> None:
    alone = set(used(scheme_of(FILES[0])))
    missing = needed() - alone
    assert ("Node", "join", "product") in missing
    assert ("BallotRule", "on", "ballots") in missing
    assert ("Node", "join", "weighted") in alone


def conditions_in(value: Any) -> Iterator[Condition]:
    if isinstance(value, Condition):
        yield value
    for inner in value if isinstance(value, tuple) else [getattr(value, f.name) for f in fields(value)]:
        if is_dataclass(inner) or isinstance(inner, tuple):
            yield from conditions_in(inner)


def test_that_conditions_use_every_kind_of_quantity() -> None:
    tested = {c.quantity for path in FILES for c in conditions_in(scheme_of(path))}
    assert set(BUILT_IN_QUANTITIES) <= tested
    for prefix in (RANK_OF, BEFORE):
        assert any(quantity.startswith(prefix) for quantity in tested)


def test_that_every_way_of_forming_groups_of_units_is_used() -> None:
    def within(value: Any) -> Iterator[str]:
        for field in fields(value):
            inner = getattr(value, field.name)
            if field.name == "within" and isinstance(inner, str):
                yield inner.split(":")[0]
            for one in inner if isinstance(inner, tuple) else (inner,):
                if is_dataclass(one):
                    yield from within(one)

    assert {w for path in FILES for w in within(scheme_of(path))} == {"series", "kind", "parent", "level", "tag"}


# ---- each sample


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_that_the_check_of_a_sample_is_clean(path: Path) -> None:
    scheme = scheme_of(path)
    others = [scheme_of(p) for p in FILES if p != path]
    for findings in (check_scheme(scheme), check_scheme(scheme, others)):
        assert [str(f) for f in findings if f.code not in GAPS_OF_THE_RULE] == []


@pytest.mark.parametrize("path", [p for p in FILES if p.name not in PRACTICE], ids=lambda p: p.stem)
def test_that_a_sample_says_which_rule_it_follows_and_with_which_figures(path: Path) -> None:
    scheme = scheme_of(path)
    assert scheme.source.startswith("参照") and "公开" in scheme.source
    assert scheme.note and scheme.level_name and not scheme.practice
    assert any("一" <= letter <= "龥" for letter in path.stem)


def test_that_there_is_a_sample_for_every_family_of_rules() -> None:
    assert len(FILES) >= 25 + len(PRACTICE)
    schemes = [scheme_of(path) for path in FILES]
    assert len({s.id for s in schemes}) == len({s.name for s in schemes}) == len(schemes)


def test_that_the_program_lists_them_all_and_the_practice_year_stays_recognisable() -> None:
    listed = samples()
    assert [s.path for s in listed] == FILES
    assert all(s.name and s.level_name and s.source for s in listed)
    practice = [s for s in listed if s.path.name in PRACTICE]
    assert len(practice) == len(PRACTICE)
    assert all("云岭" in s.name and scheme_of(s.path).practice for s in practice)
    assert not any("云岭" in s.name for s in listed if s.path.name not in PRACTICE)


def test_that_samples_that_take_results_find_them_among_the_samples() -> None:
    known = {scheme_of(path).id for path in FILES}
    taken = {
        part.source.scheme
        for path in FILES
        for part in items_of(scheme_of(path))
        if part.source.kind == "results" and not part.source.years_ago
    }
    assert taken and taken <= known


def test_that_numbers_in_samples_are_exact() -> None:
    thirds = scheme_of(next(p for p in FILES if p.name.startswith("17-")))
    assert Fraction(200, 3) in [c.value for c in conditions_in(thirds)]


def test_that_both_calculators_agree_on_every_sample_with_made_up_facts() -> None:
    schemes = {s.id: s for s in map(scheme_of, FILES)}
    for scheme in schemes.values():
        others = [s for s in schemes.values() if s is not scheme]
        facts = made_up_facts(scheme, others, Facts(), Quality(None, 1))
        wanted = [scheme, *(s for s in others if s.id in _lower(scheme, schemes))]
        engine = plain_results(evaluate(wanted, facts).results())
        assert differences(naive_results(wanted, facts), engine) == [], scheme.name
        assert engine[scheme.id]["units"], scheme.name


def _lower(scheme: Scheme, known: dict[str, Scheme]) -> set[str]:
    below = set(lower_schemes(scheme))
    return below.union(*(_lower(known[id], known) for id in below if id in known))
