"""The check of the wider language: each contradiction that a scheme may contain is named at its place."""

from __future__ import annotations

from typing import Any

import pytest

from app.scoring.checks import check_scheme
from tests.scoring.test_checks import item, ladder, scheme_of, tree

OFFICE: dict[str, Any] = {"source": {"kind": "office"}}
FIGURE: dict[str, Any] = {"source": {"kind": "figure"}}
VOTES: dict[str, Any] = {
    "source": {"kind": "votes"},
    "reading": {
        "kind": "levels",
        "levels": [{"id": "y", "name": "好", "points": 10}, {"id": "n", "name": "差", "points": 0}],
    },
}
GOOD, FAIR = {"id": "good", "name": "好", "line": 90}, {"id": "fair", "name": "一般"}
KIND = {"id": "late", "name": "迟交"}
EVENTS = {"kind": "events", "kinds": ["late"]}
ROOT = "$.tree.children[0]"


def one(**fields: Any) -> dict[str, Any]:
    return {"tree": tree(item("work", points=100, **({"source": {"kind": "office"}} | fields)))}


def threshold(**fields: Any) -> dict[str, Any]:
    return {"kind": "threshold", "target": 95, "per_step": 1} | fields


def rule(**fields: Any) -> dict[str, Any]:
    return {"id": "r", "name": "限额", "rule": "number", "answers": ["y"], "at_most": 2} | fields


def votes_with(*rules: dict[str, Any], **voting: Any) -> dict[str, Any]:
    return {"tree": tree(item("work", points=10, **VOTES)), "validity": list(rules), "voting": voting}


def floor(**fields: Any) -> dict[str, Any]:
    return {"ladder": ladder(GOOD, FAIR | {"floor": {"count": 1} | fields})}


def adjusted(**fields: Any) -> dict[str, Any]:
    return {
        "event_kinds": [KIND],
        "adjustments": [{"id": "d", "name": "降", "effect": "down", "events": ["late"]} | fields],
    }


def normalised(**fields: Any) -> dict[str, Any]:
    return one(normalisation={"method": "mean_ratio"} | fields)


FAULTS: list[tuple[str, dict[str, Any], str, str]] = [
    ("a step of nothing", one(reading=threshold(step=0)), "S-STEP", f"{ROOT}.reading.step"),
    ("a deduction below zero", one(reading=threshold(per_step=-1)), "S-STEP", f"{ROOT}.reading.per_step"),
    ("a threshold that takes nothing", one(reading=threshold(per_step=0)), "S-STEP", f"{ROOT}.reading.per_step"),
    ("a bonus above the limit", one(reading=threshold(bonus=1)), "S-LIMITS", f"{ROOT}.reading.bonus"),
    (
        "a target where nothing is entered",
        {
            "tree": tree(
                item("a", points=10, source={"kind": "quantity", "quantity": "b"}, reading=threshold(target="target")),
                item("b", points=10),
            )
        },
        "S-READING",
        f"{ROOT}.reading",
    ),
    (
        "a number that is not written",
        one(reading={"kind": "ratio", "to": "number"}),
        "S-READING",
        f"{ROOT}.reading.number",
    ),
    (
        "a number that is not used",
        one(reading={"kind": "ratio", "to": "best", "number": 3}),
        "S-READING",
        f"{ROOT}.reading.number",
    ),
    (
        "a division by nothing",
        one(reading={"kind": "ratio", "to": "number", "number": 0}),
        "S-READING",
        f"{ROOT}.reading.number",
    ),
    (
        "a comparison within what is not there",
        one(reading={"kind": "ratio", "to": "best", "within": "group"}),
        "S-WITHIN",
        f"{ROOT}.reading.within",
    ),
    ("ranks without points", one(reading={"kind": "rank", "points": []}), "S-RANK", f"{ROOT}.reading.points"),
    ("rank points in no order", one(reading={"kind": "rank", "points": [5, 9, 7]}), "S-RANK", f"{ROOT}.reading.points"),
    ("rank points above the full", one(reading={"kind": "rank", "points": [110]}), "S-RANK", f"{ROOT}.reading.points"),
    (
        "full points that are not there",
        {"tree": tree(item("a", **OFFICE, reading={"kind": "direct", "base": "full", "factor": -1}))},
        "S-NOFULL",
        f"{ROOT}.reading.base",
    ),
    (
        "votes compared between units",
        one(**(VOTES | {"reading": {"kind": "rank", "points": [9]}})),
        "S-READING",
        f"{ROOT}.reading",
    ),
    (
        "a band condition on a rank",
        one(
            reading={
                "kind": "bands",
                "bands": [{"points": 9, "minimum": 1, "when": [{"quantity": "rank", "value": 1}]}, {"points": 0}],
            }
        ),
        "S-CIRCLE",
        f"{ROOT}.reading.bands[0].when[0].quantity",
    ),
    (
        "an override without a condition",
        one(overrides=[{"when": [], "points": 5}]),
        "S-OVERRIDE",
        f"{ROOT}.overrides[0]",
    ),
    (
        "an override on what is not there",
        one(overrides=[{"when": [{"quantity": "x", "value": 1}], "points": 5}]),
        "S-REFERENCE",
        f"{ROOT}.overrides[0].when[0].quantity",
    ),
    (
        "an alternative on what is not there",
        one(
            overrides=[
                {"when": [{"quantity": "m", "value": 1, "alternatives": [{"quantity": "x", "value": 1}]}], "points": 5}
            ]
        )
        | {"measures": [item("m", points=1, **OFFICE)]},
        "S-REFERENCE",
        f"{ROOT}.overrides[0].when[0].alternatives[0].quantity",
    ),
    (
        "an override that looks at its own sum",
        one(overrides=[{"when": [{"quantity": "total", "value": 1}], "points": 5}]),
        "S-CIRCLE",
        ROOT,
    ),
    ("periods without names", one(periods={"names": []}), "S-PERIODS", f"{ROOT}.periods.names"),
    (
        "weights of other periods",
        one(periods={"names": ["一", "二"], "weights": [1]}),
        "S-PERIODS",
        f"{ROOT}.periods.weights",
    ),
    (
        "periods of score sheets",
        one(source={"kind": "marks"}, periods={"names": ["一"]}),
        "S-PERIODS",
        f"{ROOT}.periods",
    ),
    ("a spread without digits", normalised(method="z_score"), "S-NORMALISE", f"{ROOT}.normalisation.digits"),
    ("a normalisation of one group", normalised(within="level"), "S-NORMALISE", f"{ROOT}.normalisation.within"),
    ("a normalisation within what is not there", normalised(within="tag:"), "S-WITHIN", f"{ROOT}.normalisation.within"),
    (
        "extremes that nobody leaves out",
        normalised(method="best_ratio", high=1),
        "S-NORMALISE",
        f"{ROOT}.normalisation",
    ),
    ("groups of no size", normalised(smallest=0), "S-NORMALISE", f"{ROOT}.normalisation"),
    (
        "a value before what is not there",
        {"ladder": ladder(GOOD | {"conditions": [{"quantity": "before:work", "value": 1}]}, FAIR)},
        "S-REFERENCE",
        "$.ladder.grades[0].conditions[0].quantity",
    ),
    (
        "a rank that nobody makes",
        {"ladder": ladder(GOOD | {"conditions": [{"quantity": "rank:work", "value": 1}]}, FAIR)},
        "S-REFERENCE",
        "$.ladder.grades[0].conditions[0].quantity",
    ),
    ("a ranking of what is not there", {"ranking": {"also": ["x"]}}, "S-REFERENCE", "$.ranking.also[0]"),
    ("a ranking of ranks", {"ranking": {"also": ["total"]}}, "S-REFERENCE", "$.ranking.also[0]"),
    ("a ranking within what is not there", {"ranking": {"within": "group"}}, "S-WITHIN", "$.ranking.within"),
    ("a variant of nothing", one(variants=[{"applies_to": {"kinds": ["x"]}}]), "S-VARIANT", f"{ROOT}.variants[0]"),
    (
        "a variant said twice",
        one(variants=[{"applies_to": {"kinds": ["x"]}, "weight": 1}, {"applies_to": {"kinds": ["x"]}, "weight": 2}]),
        "S-VARIANT",
        f"{ROOT}.variants[1]",
    ),
    (
        "raters' sums of what nobody rates",
        {"tree": tree(item("work", points=10, **OFFICE), gathering={"within": {"method": "trimmed", "high": 1}})},
        "S-GATHERING",
        "$.tree.gathering",
    ),
    (
        "a series' mean of one rater",
        {"tree": tree(item("work", points=10, not_applicable="series_mean"), gathering={"min_marks": 2})},
        "S-GATHERING",
        "$.tree.gathering",
    ),
    (
        "counts of what has none",
        {
            "tree": tree(
                item("work", points=10, **VOTES),
                item("m", points=10, source={"kind": "votes", "ballot_of": "x"}, reading=VOTES["reading"]),
            )
        },
        "S-REFERENCE",
        "$.tree.children[1].source.ballot_of",
    ),
    (
        "other answers to the same vote",
        {
            "tree": tree(
                item("work", points=10, **VOTES),
                item(
                    "m",
                    points=10,
                    source={"kind": "votes", "ballot_of": "work"},
                    reading={"kind": "levels", "levels": [{"id": "y", "name": "好", "points": 1}]},
                ),
            )
        },
        "S-LEVELS",
        "$.tree.children[1].reading",
    ),
    (
        "events of no year",
        one(source=EVENTS | {"years": 0}) | {"event_kinds": [KIND]},
        "S-EVENTS",
        f"{ROOT}.source.years",
    ),
    (
        "a last step without full points",
        {"tree": tree(item("a", source=EVENTS)), "event_kinds": [KIND | {"steps": [1, "full"]}]},
        "S-NOFULL",
        f"{ROOT}.points",
    ),
    ("negative amounts", {"event_kinds": [KIND | {"table": [{"amount": -1}]}]}, "S-EVENTS", "$.event_kinds[0]"),
    (
        "a row behind one that takes all",
        {"event_kinds": [KIND | {"table": [{"amount": 1}, {"amount": 2, "sanction": "警告"}]}]},
        "S-EVENTS",
        "$.event_kinds[0].table[1]",
    ),
    (
        "steps beside an amount",
        {"event_kinds": [KIND | {"amount": 1, "steps": [1]}]},
        "S-EVENTS",
        "$.event_kinds[0].steps",
    ),
    (
        "years before this one below zero",
        one(source={"kind": "results", "scheme": "s", "years_ago": -1}),
        "S-RESULTS",
        f"{ROOT}.source.years_ago",
    ),
    (
        "a link that is not looked at",
        one(source={"kind": "results", "scheme": "s", "years_ago": 1, "link": "x"}),
        "S-RESULTS",
        f"{ROOT}.source.link",
    ),
    ("its own result of this year", one(source={"kind": "results", "scheme": "s", "of": "own"}), "S-CIRCLE", "$"),
    (
        "an unknown quantity of last year",
        one(source={"kind": "results", "scheme": "s", "of": "own", "years_ago": 1, "quantity": "x"}),
        "S-REFERENCE",
        f"{ROOT}.source.quantity",
    ),
    ("a quorum above all", votes_with(present=120), "S-VOTING", "$.voting.present"),
    ("a quorum as a fraction", votes_with(present="0.5"), "S-VOTING", "$.voting.present"),
    ("a rule on what nobody answers", votes_with(rule(item="x")), "S-REFERENCE", "$.validity[0].item"),
    ("a rule on an answer that is not there", votes_with(rule(answers=["x"])), "S-REFERENCE", "$.validity[0].answers"),
    ("a rule for a group that is not there", votes_with(rule(groups=["x"])), "S-REFERENCE", "$.validity[0].groups"),
    ("a rule without bounds", votes_with({"id": "r", "name": "限额", "rule": "share"}), "S-VALIDITY", "$.validity[0]"),
    ("bounds that nobody counts", votes_with(rule(rule="complete")), "S-VALIDITY", "$.validity[0]"),
    ("more at least than at most", votes_with(rule(at_least=3)), "S-CONFLICT", "$.validity[0]"),
    (
        "the last of votes",
        {"tree": tree(item("work", points=10, gathering={"within": {"method": "latest"}}, **VOTES))},
        "S-GATHERING",
        f"{ROOT}.gathering",
    ),
    (
        "a sum that rests on other sheets",
        {
            "tree": tree(item("work", points=10, reading={"kind": "rank", "points": [10]})),
            "validity": [{"id": "r", "name": "和", "rule": "number", "basis": "sum", "minimum": 9, "at_most": 1}],
        },
        "S-CIRCLE",
        "$.validity[0]",
    ),
    ("a sum of answers", votes_with(rule(basis="sum")), "S-VALIDITY", "$.validity[0].answers"),
    ("a floor without a size", floor(share=20), "S-QUOTA", "$.ladder.grades[1].floor"),
    ("a floor of eligible ones", floor(base="eligible"), "S-QUOTA", "$.ladder.grades[1].floor.base"),
    (
        "a floor of the best grade",
        {"ladder": ladder(GOOD | {"floor": {"count": 1}}, FAIR)},
        "S-QUOTA",
        "$.ladder.grades[0].floor",
    ),
    (
        "a floor above the ceiling",
        {
            "ladder": ladder(
                GOOD, {"id": "m", "name": "中", "line": 60, "quota": {"count": 1}, "floor": {"count": 2}}, FAIR
            )
        },
        "S-CONFLICT",
        "$.ladder.grades[1].floor",
    ),
    (
        "floors of more than everybody",
        {
            "ladder": ladder(
                GOOD, {"id": "m", "name": "中", "line": 60, "floor": {"share": 60}}, FAIR | {"floor": {"share": 50}}
            )
        },
        "S-CONFLICT",
        "$.ladder.grades",
    ),
    (
        "a gap between printed grades",
        {"ladder": ladder(GOOD, {"id": "m", "name": "中", "line": 75, "maximum": 89}, FAIR)},
        "S-GAP",
        "$.ladder.grades[1].maximum",
    ),
    (
        "printed grades that overlap",
        {"ladder": ladder(GOOD, {"id": "m", "name": "中", "line": 75, "maximum": 91}, FAIR)},
        "S-OVERLAP",
        "$.ladder.grades[1].maximum",
    ),
    ("a downgrade of no year", adjusted(years=0), "S-ADJUST", "$.adjustments[0].years"),
    ("a downgrade with an idle link", adjusted(link="x"), "S-ADJUST", "$.adjustments[0].link"),
    ("a downgrade by what it makes", adjusted(grades=["fair"]), "S-CIRCLE", "$.adjustments[0].grades"),
    ("a remark on no grade", adjusted(effect="remark", grades=["x"]), "S-REFERENCE", "$.adjustments[0].grades"),
    ("a code with a colon", {"tree": tree(item("rank:a", points=100))}, "S-ID", f"{ROOT}.id"),
]


@pytest.mark.parametrize(("name", "changes", "code", "place"), FAULTS, ids=[f[0] for f in FAULTS])
def test_that_the_check_names(name: str, changes: dict[str, Any], code: str, place: str) -> None:
    findings = check_scheme(scheme_of(**changes))
    assert (code, place) in [(f.code, f.place) for f in findings], [(f.code, f.place) for f in findings]
    assert all(f.step for f in findings)


def test_that_last_years_own_result_is_no_circle() -> None:
    source = {"kind": "results", "scheme": "s", "of": "own", "years_ago": 1, "quantity": "rank_from_last"}
    assert check_scheme(scheme_of(measures=[item("m", source=source, limits={"maximum": None})])) == ()


def test_that_a_remark_needs_no_grade() -> None:
    assert not [
        f for f in check_scheme(scheme_of(**adjusted(effect="remark"))) if f.code in ("S-REFERENCE", "S-ADJUST")
    ]
