"""Every fault of a document is told, all of them at once, each with the exact path of the field."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.findings import Finding
from app.domain.schemes import Scheme
from app.files.documents import read_case, read_scheme, write_scheme
from tests.random_schemes import schemes

CASES = Path(__file__).parents[2] / "cases"

PLAIN: dict[str, Any] = {
    "format": "slk-scheme",
    "version": 1,
    "id": "s",
    "name": "例",
    "year": 2026,
    "level": "dept",
    "groups": [{"id": "g", "name": "组", "weight": "1/3", "relations": ["own"]}],
    "gathering": {"within": {"method": "trimmed", "high": 1}},
    "tree": {
        "kind": "node",
        "id": "root",
        "name": "总分",
        "children": [
            {
                "kind": "item",
                "id": "a",
                "name": "甲",
                "points": 100,
                "source": {"kind": "marks"},
                "reading": {"kind": "bands", "bands": [{"points": 10, "minimum": 60}, {"points": 0}]},
            },
            {"kind": "node", "id": "n", "name": "乙", "children": [], "on_top": True},
        ],
    },
    "ladder": {
        "grades": [
            {"id": "good", "name": "好", "line": 85, "quota": {"count": 1, "base": "ranked", "ties": "decide"}},
            {"id": "rest", "name": "差"},
        ]
    },
}
ITEM, BANDS = ("tree", "children", 0), ("tree", "children", 0, "reading", "bands")


def path_text(path: tuple[str | int, ...]) -> str:
    return "$" + "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in path)


def changed(document: Any, path: tuple[str | int, ...], value: Any) -> Any:
    """A copy with another value there (``...`` takes the field away)."""
    copy = deepcopy(document)
    place = copy
    for step in path[:-1]:
        place = place[step]
    if value is ...:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return copy


def faults(document: Any) -> dict[str, str]:
    """Place → code of what is found."""
    text = document if isinstance(document, str) else json.dumps(document, ensure_ascii=False)
    scheme, findings = read_scheme(text, "方案.json")
    assert (scheme is None) == bool(findings)
    assert all(f.message and f.step for f in findings), "a finding says what is wrong and what to do"
    return {f.place: f.code for f in findings}


def test_that_the_plain_document_has_no_fault() -> None:
    assert faults(PLAIN) == {}


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        (("name",), ..., "D-MISSING"),
        (("ladder",), ..., "D-MISSING"),
        (("tree", "name"), ..., "D-MISSING"),
        ((*ITEM, "source"), ..., "D-MISSING"),
        ((*BANDS, 1, "points"), ..., "D-MISSING"),
        (("ladder", "grades", 1, "id"), ..., "D-MISSING"),
        (("weigth",), 1, "D-UNKNOWN"),
        ((*ITEM, "weigth"), 1, "D-UNKNOWN"),
        ((*BANDS, 0, "max"), 1, "D-UNKNOWN"),
        (("groups", 0, "Weight"), 1, "D-UNKNOWN"),
        (("ladder", "grades", 0, "quota", "percent"), 20, "D-UNKNOWN"),
        (("year",), "2026", "D-TYPE"),
        (("year",), 2026.5, "D-TYPE"),
        (("year",), True, "D-TYPE"),
        (("name",), 7, "D-TYPE"),
        (("name",), None, "D-TYPE"),
        (("practice",), "yes", "D-TYPE"),
        (("practice",), 1, "D-TYPE"),
        (("groups",), {}, "D-TYPE"),
        (("groups",), "g", "D-TYPE"),
        (("groups", 0), "g", "D-TYPE"),
        (("groups", 0, "roles"), "a", "D-TYPE"),
        (("groups", 0, "roles"), [1], "D-TYPE"),
        (("gathering",), [], "D-TYPE"),
        (("gathering", "within", "high"), "1", "D-TYPE"),
        (("tree",), [], "D-TYPE"),
        (("ladder", "grades", 0, "line"), [], "D-TYPE"),
        (("ladder", "grades", 0, "line"), True, "D-TYPE"),
        ((*ITEM, "points"), {}, "D-TYPE"),
        (("ladder", "grades", 0, "line"), "85分", "D-NUMBER"),
        (("ladder", "grades", 0, "line"), "1/0", "D-NUMBER"),
        (("ladder", "grades", 0, "line"), "", "D-NUMBER"),
        ((*BANDS, 0, "minimum"), "六十", "D-NUMBER"),
        ((*ITEM, "points"), 0.1 + 0.2, "D-FLOAT"),
        (("groups", 0, "weight"), 1 / 3, "D-FLOAT"),
        (("ladder", "grades", 0, "line"), 84.99999999999999, "D-FLOAT"),
        (("gathering", "within", "method"), "average", "D-CHOICE"),
        (("gathering", "missing_group"), "ignore", "D-CHOICE"),
        (("groups", 0, "relations", 0), "self", "D-CHOICE"),
        (("tree", "join"), "total", "D-CHOICE"),
        ((*ITEM, "kind"), "leaf", "D-CHOICE"),
        ((*ITEM, "source", "kind"), "ballot", "D-CHOICE"),
        ((*ITEM, "source"), "marks", "D-TYPE"),
        ((*ITEM, "limits"), {"maximum": "all"}, "D-NUMBER"),
    ],
)
def test_that_a_fault_is_found_at_its_path(path: tuple[str | int, ...], value: Any, code: str) -> None:
    at = path_text(path) + (".maximum" if value == {"maximum": "all"} else "")
    at += "[0]" if value == [1] else ""
    assert faults(changed(PLAIN, path, value)) == {at: code}


@pytest.mark.parametrize("path", [ITEM, (*ITEM, "source"), ("tree",)])
def test_that_a_missing_kind_is_told_with_the_kinds_there_are(path: tuple[str | int, ...]) -> None:
    found = faults(changed(PLAIN, (*path, "kind"), ...))
    if path == ("tree",):  # the root can only be a node
        assert found == {}
    else:
        assert found == {path_text((*path, "kind")): "D-MISSING"}


def test_that_all_faults_are_told_at_once() -> None:
    document = changed(PLAIN, ("year",), "2026")
    document = changed(document, (*BANDS, 1, "points"), ...)
    document = changed(document, ("groups", 0, "wieght"), 3)
    document = changed(document, ("ladder", "grades", 0, "line"), 0.1 + 0.2)
    assert faults(document) == {
        "$.year": "D-TYPE",
        "$.tree.children[0].reading.bands[1].points": "D-MISSING",
        "$.groups[0].wieght": "D-UNKNOWN",
        "$.ladder.grades[0].line": "D-FLOAT",
    }


def test_that_a_misspelt_field_is_answered_with_the_likely_one() -> None:
    _, findings = read_scheme(json.dumps(changed(PLAIN, (*ITEM, "weigth"), 1)))
    assert "weight" in findings[0].step


def test_that_a_binary_remainder_is_answered_with_the_number_that_was_meant() -> None:
    _, findings = read_scheme(json.dumps(changed(PLAIN, (*ITEM, "points"), 0.1 + 0.2)))
    assert "0.3" in findings[0].step


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("", "D-JSON", "第 1 行"),
        ("{", "D-JSON", "第 1 行第 2 列"),
        ('{"a": 1,\n "b" 2}', "D-JSON", "第 2 行"),
        ("[]", "D-TYPE", "$"),
        ("12", "D-TYPE", "$"),
        ('{"format": "slk-scheme", "version": 1, "version": 1}', "D-DOUBLE", "方案.json"),
        ('{"format": "slk-scheme", "version": NaN}', "D-NUMBER", "方案.json"),
        ('{"format": "slk-scheme", "version": -Infinity}', "D-NUMBER", "方案.json"),
        ("[" * 100_000, "D-DEEP", "方案.json"),
        ('{"format": "slk-case", "version": 1}', "D-FORMAT", "$.format"),
        ("{}", "D-FORMAT", "$.format"),
        ('{"format": "slk-scheme"}', "D-VERSION", "$.version"),
        ('{"format": "slk-scheme", "version": 2}', "D-VERSION", "$.version"),
        ('{"format": "slk-scheme", "version": 0}', "D-VERSION", "$.version"),
        ('{"format": "slk-scheme", "version": "1"}', "D-VERSION", "$.version"),
        ('{"format": "slk-scheme", "version": true}', "D-VERSION", "$.version"),
    ],
)
def test_that_a_text_that_is_no_such_document_is_one_finding(text: str, code: str, place: str) -> None:
    found = faults(text)
    assert list(found.values()) == [code]
    assert place in next(iter(found))


def places_of(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every field and element of a document."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [p for key, child in inner for p in [(*path, key), *places_of(child, (*path, key))]]


def value_at(document: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        document = document[step]
    return document


@settings(max_examples=80)
@given(schemes(), st.data())
def test_that_nonsense_anywhere_in_any_scheme_is_found_there_and_only_there(
    scheme: Scheme, data: st.DataObject
) -> None:
    document = json.loads(write_scheme(scheme))
    path = data.draw(st.sampled_from([p for p in places_of(document) if p[0] not in ("format", "version")]))
    here = path_text(path)
    found = faults(changed(document, path, [["nonsense"]]))
    assert found
    assert all(place.startswith(here) for place in found), found
    if isinstance(value_at(document, path), dict):
        assert faults(changed(document, (*path, "nonsense"), 1)) == {f"{here}.nonsense": "D-UNKNOWN"}


def test_that_every_fault_of_a_case_has_its_path_too() -> None:
    document = json.loads((CASES / "gathering-trimmed.json").read_text(encoding="utf-8"))
    document = changed(document, ("schemes", 0, "tree", "children", 0, "source", "kind"), "votess")
    document = changed(document, ("units", 1, "level"), ...)
    document = changed(document, ("marks", 0, "marks", "work"), 0.1 + 0.2)
    document = changed(document, ("expect", 0, "totl"), 1)
    _, findings = read_case(json.dumps(document))
    assert {f.place: f.code for f in findings} == {
        "$.schemes[0].tree.children[0].source.kind": "D-CHOICE",
        "$.units[1].level": "D-MISSING",
        "$.marks[0].marks.work": "D-FLOAT",
        "$.expect[0].totl": "D-UNKNOWN",
    }
    assert all(isinstance(f, Finding) for f in findings)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(list(PLAIN)), inner, max_size=4),
    max_leaves=12,
)


@given(st.text(max_size=40) | JSON_VALUES.map(json.dumps))
def test_that_no_text_whatever_takes_the_reader_down(text: str) -> None:
    for read in (read_scheme, read_case):
        value, findings = read(text)
        assert value is None and findings


@given(st.dictionaries(st.sampled_from([k for k in PLAIN if k not in ("format", "version")]), JSON_VALUES, min_size=1))
def test_that_no_content_whatever_takes_the_reader_down(changes: dict[str, Any]) -> None:
    scheme, findings = read_scheme(json.dumps({**PLAIN, **changes}))
    assert (scheme is None) == bool(findings)
    assert all(f.place.startswith("$") or f.code == "D-NUMBER" for f in findings)
