"""The check of a scheme names every contradiction with its part and path, and leaves a sound scheme alone."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.domain.findings import Finding, Severity
from app.domain.schemes import Scheme
from app.files.documents import read_stored_scheme
from app.scoring.checks import check_scheme


def scheme_of(**changes: Any) -> Scheme:
    document: dict[str, Any] = {
        "format": "slk-scheme",
        "version": 1,
        "id": "s",
        "name": "例",
        "year": 2026,
        "level": "dept",
        "groups": [{"id": "a", "name": "甲组", "weight": 60}, {"id": "b", "name": "乙组", "weight": 40}],
        "tree": tree(item("work", points=60), item("report", points=40)),
        "ladder": {"grades": [{"id": "good", "name": "好", "line": 90}, {"id": "fair", "name": "一般"}]},
    }
    scheme, findings = read_stored_scheme(json.dumps(document | changes))
    assert scheme is not None, [str(f) for f in findings]
    return scheme


def tree(*children: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"kind": "node", "id": "root", "name": "总分", "children": list(children), **fields}


def item(name: str, **fields: Any) -> dict[str, Any]:
    return {"kind": "item", "id": name, "name": name, "source": {"kind": "marks"}, **fields}


def found(scheme: Scheme, code: str) -> list[Finding]:
    return [f for f in check_scheme(scheme) if f.code == code]


def ladder(*grades: dict[str, Any]) -> dict[str, Any]:
    return {"grades": list(grades)}


def test_that_a_sound_scheme_has_no_findings() -> None:
    assert check_scheme(scheme_of()) == ()


def test_that_a_line_in_reach_only_with_points_on_top_is_sound() -> None:
    grades = ladder({"id": "good", "name": "好", "line": 105}, {"id": "fair", "name": "一般"})
    for more in (item("more", points=5, on_top=True), item("more", on_top=True, limits={"maximum": None})):
        assert not found(scheme_of(tree=tree(item("work", points=100), more), ladder=grades), "S-UNREACHABLE")


BANDS = {
    "gap": [{"points": 10, "minimum": 90}, {"points": 5, "minimum": 75, "maximum": 89}, {"points": 0}],
    "overlap": [{"points": 10, "minimum": 90}, {"points": 5, "minimum": 75, "maximum": 91}, {"points": 0}],
    "order": [{"points": 5, "minimum": 75}, {"points": 10, "minimum": 90}, {"points": 0}],
    "rest": [{"points": 10, "minimum": 90}, {"points": 5, "minimum": 75}],
}
EVENTS = {"kind": "events", "kinds": ["late"]}
WEIGHTED = tree(item("work", points=100, weight=60), item("report", points=100, weight=30), join="weighted")
DOWN = {"id": "d", "name": "降档", "effect": "down", "events": ["late"]}
KINDS = [{"id": "late", "name": "迟交", "amount": 1}]

FAULTS: list[tuple[str, dict[str, Any], str, str]] = [
    ("weights that do not add up", {"tree": WEIGHTED}, "S-WEIGHT-SUM", "$.tree"),
    ("points that do not add up", {"tree": tree(item("work", points=60), points=100)}, "S-POINTS-SUM", "$.tree"),
    (
        "group weights that do not add up",
        {"groups": [{"id": "a", "name": "甲", "weight": 60}, {"id": "b", "name": "乙", "weight": 30}]},
        "S-WEIGHT-SUM",
        "$.groups",
    ),
    (
        "a weight left out",
        {"tree": tree(item("work", points=100, weight=100), item("report", points=100), join="weighted")},
        "S-WEIGHT",
        "$.tree",
    ),
    (
        "a name used twice",
        {"tree": tree(item("work", points=1), item("work", points=1))},
        "S-DOUBLE",
        "$.tree.children[1].id",
    ),
    ("a name of the program", {"tree": tree(item("rank", points=1))}, "S-ID", "$.tree.children[0].id"),
    (
        "a gap of bands",
        {"tree": tree(item("work", points=10, conversion={"kind": "bands", "bands": BANDS["gap"]}))},
        "S-GAP",
        "$.tree.children[0].conversion.bands[1]",
    ),
    (
        "an overlap of bands",
        {"tree": tree(item("work", points=10, conversion={"kind": "bands", "bands": BANDS["overlap"]}))},
        "S-OVERLAP",
        "$.tree.children[0].conversion.bands[1]",
    ),
    (
        "bands out of order",
        {"tree": tree(item("work", points=10, conversion={"kind": "bands", "bands": BANDS["order"]}))},
        "S-BANDS",
        "$.tree.children[0].conversion.bands[1]",
    ),
    (
        "bands without a rest",
        {"tree": tree(item("work", points=10, conversion={"kind": "bands", "bands": BANDS["rest"]}))},
        "S-BANDS-REST",
        "$.tree.children[0].conversion.bands[1]",
    ),
    (
        "a line above the full points",
        {"ladder": ladder({"id": "good", "name": "好", "line": 101}, {"id": "fair", "name": "一般"})},
        "S-UNREACHABLE",
        "$.ladder.grades[0].line",
    ),
    (
        "a line above the full points and the most that may be added",
        {
            "tree": tree(item("work", points=100), item("more", points=5, on_top=True)),
            "ladder": ladder({"id": "good", "name": "好", "line": "105.5"}, {"id": "fair", "name": "一般"}),
        },
        "S-UNREACHABLE",
        "$.ladder.grades[0].line",
    ),
    (
        "lines that rise",
        {
            "ladder": ladder(
                {"id": "a", "name": "甲", "line": 80}, {"id": "b", "name": "乙", "line": 90}, {"id": "c", "name": "丙"}
            )
        },
        "S-LADDER",
        "$.ladder.grades[1].line",
    ),
    (
        "a lowest grade with a line",
        {"ladder": ladder({"id": "a", "name": "甲", "line": 80}, {"id": "b", "name": "乙", "line": 60})},
        "S-LADDER",
        "$.ladder.grades[1]",
    ),
    (
        "a grade that hides all below",
        {"ladder": ladder({"id": "a", "name": "甲"}, {"id": "b", "name": "乙"})},
        "S-UNREACHABLE",
        "$.ladder.grades[0]",
    ),
    (
        "a quota without a size",
        {"ladder": ladder({"id": "a", "name": "甲", "quota": {}}, {"id": "b", "name": "乙"})},
        "S-QUOTA",
        "$.ladder.grades[0].quota",
    ),
    (
        "a share written as a fraction of one",
        {"ladder": ladder({"id": "a", "name": "甲", "quota": {"share": "0.3"}}, {"id": "b", "name": "乙"})},
        "S-QUOTA",
        "$.ladder.grades[0].quota.share",
    ),
    (
        "conditions that exclude each other",
        {
            "ladder": ladder(
                {
                    "id": "a",
                    "name": "甲",
                    "conditions": [{"quantity": "work", "value": 50}, {"quantity": "work", "test": "<", "value": 40}],
                },
                {"id": "b", "name": "乙"},
            )
        },
        "S-CONFLICT",
        "$.ladder.grades[0].conditions",
    ),
    (
        "a condition on nothing",
        {
            "ladder": ladder(
                {"id": "a", "name": "甲", "conditions": [{"quantity": "none", "value": 50}]}, {"id": "b", "name": "乙"}
            )
        },
        "S-REFERENCE",
        "$.ladder.grades[0].conditions[0].quantity",
    ),
    (
        "an adjustment without a trigger",
        {"adjustments": [{"id": "d", "name": "降档", "effect": "down"}]},
        "S-ADJUST",
        "$.adjustments[0]",
    ),
    ("an adjustment on an unknown event", {"adjustments": [DOWN]}, "S-REFERENCE", "$.adjustments[0].events"),
    (
        "an adjustment to an unknown grade",
        {"event_kinds": KINDS, "adjustments": [DOWN | {"effect": "fix", "grade": "x"}]},
        "S-REFERENCE",
        "$.adjustments[0].grade",
    ),
    (
        "a bar from the lowest grade",
        {"event_kinds": KINDS, "adjustments": [DOWN | {"effect": "bar", "grade": "fair"}]},
        "S-ADJUST",
        "$.adjustments[0].grade",
    ),
    (
        "two adjustments of which one is idle",
        {
            "event_kinds": KINDS,
            "adjustments": [
                DOWN | {"effect": "cap", "grade": "fair"},
                DOWN | {"id": "e", "effect": "fix", "grade": "fair"},
            ],
        },
        "S-CONFLICT",
        "$.adjustments[1]",
    ),
    (
        "an item without raters",
        {"groups": [{"id": "a", "name": "甲组", "relations": ["own"], "recused": ["own"]}]},
        "S-NORATER",
        "$.groups[0]",
    ),
    (
        "a gathering by an unknown group",
        {"gathering": {"groups": [{"group": "x", "weight": 1}]}},
        "S-REFERENCE",
        "$.gathering.groups[0].group",
    ),
    ("a stand-in that does not exist", {"gathering": {"missing_group": "use"}}, "S-REFERENCE", "$.gathering"),
    (
        "trimming more than the least number of marks",
        {"gathering": {"within": {"method": "trimmed", "high": 3, "low": 3, "above": 2}}},
        "S-TRIM",
        "$.gathering",
    ),
    (
        "more steps down than grades",
        {"event_kinds": KINDS, "adjustments": [DOWN | {"steps": 9}]},
        "S-ADJUST",
        "$.adjustments[0].steps",
    ),
    ("trimming nothing", {"gathering": {"within": {"method": "trimmed"}}}, "S-TRIM", "$.gathering"),
    (
        "a circle",
        {
            "measures": [
                item("x", source={"kind": "quantity", "quantity": "y"}),
                item("y", source={"kind": "quantity", "quantity": "x"}),
            ]
        },
        "S-CIRCLE",
        "$.measures[0]",
    ),
    (
        "a part that not all have, and no rule for it",
        {"tree": tree(item("work", points=60, applies_to={"series": ["甲"]}), item("report", points=40))},
        "S-NOTAPPLICABLE",
        "$.tree",
    ),
    (
        "somebody's mean where no mean is taken",
        {"tree": tree(item("work", points=60, mean_of={"series": ["甲"]}), item("report", points=40))},
        "S-NOTAPPLICABLE",
        "$.tree",
    ),
    ("marks without full points", {"tree": tree(item("work"))}, "S-NOFULL", "$.tree.children[0].points"),
    (
        "a step that its decimals cannot write",
        {"tree": tree(item("work", points=10, reading={"kind": "direct", "digits": 0, "step": "0.5"}))},
        "S-DIGITS",
        "$.tree.children[0].reading",
    ),
    (
        "votes that are neither levels nor numbers",
        {"tree": tree(item("work", points=10, source={"kind": "votes"}, reading={"kind": "rank", "points": [10]}))},
        "S-READING",
        "$.tree.children[0].reading",
    ),
    (
        "events of an unknown kind",
        {"tree": tree(item("work", points=10, source=EVENTS))},
        "S-REFERENCE",
        "$.tree.children[0].source.kinds",
    ),
    (
        "a node without counted children",
        {"tree": tree(item("work", points=10, on_top=True))},
        "S-EMPTY",
        "$.tree.children",
    ),
    (
        "a limit upside down",
        {"tree": tree(item("work", points=10, limits={"minimum": 20}))},
        "S-LIMITS",
        "$.tree.children[0].limits",
    ),
    ("a tie broken by the total", {"ranking": {"ties": [{"quantity": "total"}]}}, "S-TIES", "$.ranking.ties[0]"),
    ("seven decimals", {"rounding": {"total": {"digits": 7}}}, "S-DIGITS", "$.rounding"),
]


@pytest.mark.parametrize(("fault", "changes", "code", "path"), FAULTS, ids=[f[0] for f in FAULTS])
def test_that_the_check_names(fault: str, changes: dict[str, Any], code: str, path: str) -> None:
    findings = check_scheme(scheme_of(**changes))
    assert (code, path) in [(f.code, f.place) for f in findings], [str(f) for f in findings]
    assert all(f.message and f.step for f in findings)


def test_that_schemes_that_use_each_other_in_a_circle_are_named() -> None:
    def using(name: str, other: str) -> Scheme:
        source = {"kind": "results", "scheme": other}
        return scheme_of(id=name, level=name, tree=tree(item("x", points=100, source=source)))

    first, second = using("one", "two"), using("two", "one")
    assert "S-CIRCLE" in [f.code for f in check_scheme(first, (second,))]


def test_that_relative_weights_are_a_warning_and_not_an_error() -> None:
    findings = found(scheme_of(tree=WEIGHTED), "S-WEIGHT-SUM")
    assert [f.severity for f in findings] == [Severity.WARNING]
