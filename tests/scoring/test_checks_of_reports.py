"""The check of a report form: each contradiction is named at its place."""

from __future__ import annotations

from typing import Any

import pytest

from app.scoring.checks import check_scheme
from tests.scoring.test_checks import item, scheme_of, tree

WORK = {"id": "work", "name": "成效", "purpose": "done"}
FAULTS_OF = {"id": "problems", "name": "问题", "purpose": "problems"}


def form(**fields: Any) -> dict[str, Any]:
    return {"tree": tree(item("duty", points=100)), "report": {"sections": [WORK, FAULTS_OF]} | fields}


def sections(*some: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return form(sections=list(some), **fields)


CASES: list[tuple[str, dict[str, Any], str, str]] = [
    ("no section", sections(), "S-REPORT", "sections"),
    ("a section twice", sections(WORK, WORK), "S-DOUBLE", "sections[1].id"),
    ("an id with a stroke", sections(WORK | {"id": "a/b"}), "S-ID", "sections[0].id"),
    ("less than nothing", sections(WORK | {"minimum": -1}), "S-REPORT", "sections[0]"),
    ("a section that ends first", sections(WORK | {"minimum": 9, "maximum": 5}), "S-REPORT", "sections[0].maximum"),
    ("entries of a text", sections(WORK | {"entries": 2}), "S-REPORT", "sections[0].entries"),
    ("a report that ends first", form(minimum=900, maximum=800), "S-REPORT", "maximum"),
    ("sections longer than all", sections(WORK | {"minimum": 900}, maximum=800), "S-REPORT", "maximum"),
    ("no room for the least", sections(WORK | {"maximum": 100}, minimum=800), "S-REPORT", "minimum"),
    ("a share of everything", form(problem_share=1), "S-REPORT", "problem_share"),
    ("a share of no section", sections(WORK, problem_share=0.25), "S-REPORT", "problem_share"),
    ("an item that is not there", form(answers={"items": ["x"]}), "S-REFERENCE", "answers.items[0]"),
    ("a gap of nothing", form(answers={"score": "required", "gap": 0}), "S-REPORT", "answers.gap"),
    ("a gap without scores", form(answers={"gap": 0.1}), "S-REPORT", "answers.gap"),
    ("files larger than all", form(evidence={"file": 9, "total": 5}), "S-REPORT", "evidence"),
    ("very much evidence", form(evidence={"total": 900}), "S-REPORT", "evidence.total"),
    (
        "evidence of no kind",
        form(answers={"evidence": "required"}, evidence={"kinds": []}),
        "S-REPORT",
        "evidence.kinds",
    ),
]


@pytest.mark.parametrize(("name", "changes", "code", "place"), CASES, ids=[c[0] for c in CASES])
def test_that_the_check_names(name: str, changes: dict[str, Any], code: str, place: str) -> None:
    findings = check_scheme(scheme_of(**changes))
    assert [(f.code, f.place) for f in findings] == [(code, f"$.report.{place}")]
    assert all(f.step for f in findings)


def test_that_an_ordinary_form_has_no_fault() -> None:
    assert check_scheme(scheme_of(**form(maximum=3000, problem_share=0.25))) == ()
