"""Settings on which rules are silent must be written: each one that is used and not stated is named with its path."""

import json
from typing import Any

import pytest

from app.files.documents import read_scheme, read_stored_scheme, write_scheme
from app.files.documents.stated import unstated

ITEM = {"kind": "item", "id": "i", "name": "工作", "points": 100, "source": {"kind": "office"}}
GRADES = [{"id": "a", "name": "好", "line": 90}, {"id": "b", "name": "一般"}]
PLAIN: dict[str, Any] = {
    "format": "slk-scheme",
    "version": 1,
    "id": "s",
    "name": "例",
    "year": 2026,
    "level": "dept",
    "tree": {"kind": "node", "id": "root", "name": "总分", "children": [ITEM]},
    "ladder": {"grades": GRADES},
}
GROUPS = [{"id": "g", "name": "甲"}, {"id": "h", "name": "乙"}]
DOWN = {"id": "d", "name": "降", "effect": "down"}
BANDS = {"kind": "bands", "bands": [{"points": 5, "minimum": 90, "maximum": 100}, {"points": 1}]}
SHARE = {"share": 30}


def with_item(**fields: Any) -> dict[str, Any]:
    return {"tree": PLAIN["tree"] | {"children": [ITEM | fields]}}


def with_grade(**fields: Any) -> dict[str, Any]:
    return {"ladder": {"grades": [GRADES[0] | fields, GRADES[1]]}}


QUOTA = with_grade(quota={"count": 1, "base": "ranked", "ties": "decide"})

SILENT = [
    ({"groups": GROUPS}, ["$.gathering.missing_group"]),
    (with_item(source={"kind": "votes"}), ["$.tree.children[0].source.denominator"]),
    (with_item(source={"kind": "events", "kinds": ["e"]}), ["$.tree.children[0].source.year_by"]),
    (
        with_item(conversion={"kind": "threshold", "target": 95, "per_step": 1}),
        ["$.tree.children[0].conversion.count"],
    ),
    (with_item(reading=BANDS), ["$.tree.children[0].reading.gaps"]),
    (with_grade(quota=SHARE), [f"$.ladder.grades[0].quota.{f}" for f in ("base", "ties", "rounding")]),
    (with_grade(floor={"count": 1}), [f"$.ladder.grades[0].floor.{f}" for f in ("base", "ties")]),
    (QUOTA | {"adjustments": [DOWN]}, ["$.adjustments[0].order", "$.adjustments[0].freed_place"]),
    (QUOTA | {"adjustments": [DOWN | {"order": "before_quota"}]}, []),
    (QUOTA | {"adjustments": [DOWN | {"effect": "remark"}]}, []),
    ({"adjustments": [DOWN, DOWN | {"id": "e"}]}, ["$.stacking.down"]),
]


@pytest.mark.parametrize(("changes", "places"), SILENT)
def test_that_each_silent_setting_in_use_must_be_stated(changes: dict[str, Any], places: list[str]) -> None:
    scheme, findings = read_scheme(json.dumps(PLAIN | changes))
    assert [f.place for f in findings] == places
    assert all(f.code == "D-SILENT" and "稳妥" in f.step for f in findings)
    assert (scheme is None) == bool(places)


@pytest.mark.parametrize(("changes", "places"), SILENT)
def test_that_what_the_program_writes_states_everything(changes: dict[str, Any], places: list[str]) -> None:
    scheme, findings = read_stored_scheme(json.dumps(PLAIN | changes))
    assert scheme is not None, findings
    assert unstated(json.loads(write_scheme(scheme))) == ()
    assert read_scheme(write_scheme(scheme))[0] == scheme


def test_that_a_scheme_without_such_settings_needs_none() -> None:
    assert read_scheme(json.dumps(PLAIN))[1] == ()
