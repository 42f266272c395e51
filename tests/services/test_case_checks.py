"""Assessing a case: what leads nowhere is refused with its path, what the rules leave out is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.domain.cases import Case
from app.domain.findings import Severity
from app.files.documents import read_case
from app.services.case_checks import check_case

CASES = Path(__file__).parents[1] / "cases"


def case_of(**changes: Any) -> Case:
    scheme = {
        "format": "slk-scheme",
        "version": 1,
        "id": "s",
        "name": "例",
        "year": 2026,
        "level": "dept",
        "groups": [{"id": "g", "name": "领导", "roles": ["leader"]}],
        "event_kinds": [{"id": "late", "name": "迟交", "amount": 1}],
        "tree": {
            "kind": "node",
            "id": "root",
            "name": "总分",
            "children": [
                {"kind": "item", "id": "work", "name": "工作", "points": 100, "source": {"kind": "marks"}},
                {
                    "kind": "item",
                    "id": "vote",
                    "name": "测评",
                    "on_top": True,
                    "points": 10,
                    "source": {"kind": "votes", "denominator": "valid"},
                    "reading": {"kind": "levels", "levels": [{"id": "good", "name": "好", "points": 10}]},
                },
            ],
        },
        "ladder": {"grades": [{"id": "good", "name": "好", "line": 90}, {"id": "fair", "name": "一般"}]},
    }
    document: dict[str, Any] = {
        "format": "slk-case",
        "version": 1,
        "schemes": [scheme],
        "units": [{"code": "A", "name": "甲", "level": "dept"}],
        "evaluators": [{"code": "E", "name": "一", "role": "leader"}, {"code": "F", "name": "二", "role": "guest"}],
        "marks": [{"scheme": "s", "evaluator": "E", "unit": "A", "marks": {"work": 90}}],
    }
    case, findings = read_case(json.dumps(document | changes))
    assert case is not None, findings
    return case


def mark(**changes: Any) -> dict[str, Any]:
    return {"scheme": "s", "evaluator": "E", "unit": "A", "marks": {"work": 90}} | changes


def session(counts: dict[str, int], **changes: Any) -> list[dict[str, Any]]:
    votes = [{"unit": "A", "item": "vote", "counts": counts}]
    return [{"id": "v", "name": "会", "scheme": "s", "group": "g", "returned": 10, "counts": votes} | changes]


def boxed(**changes: Any) -> list[dict[str, Any]]:
    return [{"session": "v", "units": ["A"], "items": ["vote"], "ballots": [["good"], [""]]} | changes]


ERRORS: list[tuple[str, dict[str, Any], str]] = [
    ("a mark of nobody", {"marks": [mark(evaluator="X")]}, "$.marks[0].evaluator"),
    ("a mark for no unit", {"marks": [mark(unit="X")]}, "$.marks[0].unit"),
    ("a mark for no item", {"marks": [mark(marks={"x": 1})]}, "$.marks[0].marks.x"),
    ("a mark under no scheme", {"marks": [mark(scheme="x")]}, "$.marks[0].scheme"),
    ("a mark twice", {"marks": [mark(), mark()]}, "$.marks[1]"),
    ("a word that is no mark", {"marks": [mark(marks={"work": "九十"})]}, "$.marks[0].marks.work"),
    ("a unit twice", {"units": [{"code": "A", "name": "甲", "level": "dept"}] * 2}, "$.units[1]"),
    ("an answer that is none", {"sessions": session({"bad": 1})}, "$.sessions[0]：甲 › vote"),
    ("more answers than ballots", {"sessions": session({"good": 11})}, "$.sessions[0]：甲 › vote"),
    ("a vote of no group", {"sessions": session({"good": 10}, group="x")}, "$.sessions[0].group"),
    ("ballots of no session", {"ballots": boxed(session="x")}, "$.ballots[0].session"),
    ("ballots and counts", {"ballots": boxed(), "sessions": session({"good": 10})}, "$.ballots[0].session"),
    ("ballots on no unit", {"ballots": boxed(units=["X"]), "sessions": [{**session({})[0], "counts": []}]}, "$.ballots[0].units"),
    ("ballots on no item", {"ballots": boxed(items=["x"]), "sessions": [{**session({})[0], "counts": []}]}, "$.ballots[0].items"),
    (
        "a ballot too short",
        {"ballots": boxed(ballots=[["good"], []]), "sessions": [{**session({})[0], "counts": []}]},
        "$.ballots[0].ballots[1]",
    ),
    ("an earlier year of nobody", {"earlier": [{"scheme": "s", "unit": "X", "year": 2025}]}, "$.earlier[0]：X 2025"),
    ("an event of no kind", {"events": [{"id": "e", "kind": "x", "unit": "A"}]}, "$.events[0].kind"),
    ("no date", {"events": [{"id": "e", "kind": "late", "unit": "A", "occurred": "五月"}]}, "$.events[0].occurred"),
    ("an office value of no item", {"office_marks": [{"scheme": "s", "unit": "A", "item": "x"}]}, "$.office_marks[0].part"),
    ("a decision on no grade", {"decisions": [{"scheme": "s", "unit": "A", "grade": "x", "reason": "r", "by": "b"}]}, "$.decisions[0].grade"),
]  # fmt: skip


@pytest.mark.parametrize(("fault", "changes", "place"), ERRORS, ids=[e[0] for e in ERRORS])
def test_that_what_leads_nowhere_is_an_error_at_its_path(fault: str, changes: dict[str, Any], place: str) -> None:
    errors = [f for f in check_case(case_of(**changes)) if f.severity is Severity.ERROR]
    assert place in [f.place for f in errors], errors


WARNINGS: list[tuple[str, dict[str, Any], str]] = [
    ("a mark out of range", {"marks": [mark(marks={"work": 195})]}, "$.marks[0].marks.work"),
    ("a mark of somebody in no group", {"marks": [mark(evaluator="F")]}, "$.marks[0]"),
    (
        "an answer on a ballot that is none",
        {"ballots": boxed(ballots=[["bad"]]), "sessions": [{**session({})[0], "counts": []}]},
        "$.ballots[0].ballots[0][0]",
    ),
    ("ballots without an answer", {"sessions": session({"good": 9})}, "$.sessions[0]：甲 › vote"),
]


@pytest.mark.parametrize(("what", "changes", "place"), WARNINGS, ids=[w[0] for w in WARNINGS])
def test_that_what_is_computed_all_the_same_is_a_warning(what: str, changes: dict[str, Any], place: str) -> None:
    findings = check_case(case_of(**changes))
    assert [(f.severity, f.place) for f in findings] == [(Severity.WARNING, place)]


def test_that_a_sound_case_has_no_findings() -> None:
    assert check_case(case_of()) == ()


@pytest.mark.parametrize("path", sorted(CASES.glob("*.json")), ids=lambda p: p.stem)
def test_that_no_worked_case_is_refused(path: Path) -> None:
    case, _ = read_case(path.read_text(encoding="utf-8"))
    assert case is not None
    assert [f for f in check_case(case) if f.severity is Severity.ERROR] == []
