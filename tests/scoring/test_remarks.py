"""A consequence of the grade is recorded with the grade that came out in the end, and changes nothing."""

from __future__ import annotations

import json
from typing import Any

from app.domain.results import Results
from app.files.documents import read_case
from app.scoring.cases import facts_of
from app.scoring.engine import evaluate

GRADES = [{"id": "a", "name": "好", "line": 90}, {"id": "b", "name": "较好", "line": 80}, {"id": "c", "name": "一般"}]
RULES: list[dict[str, Any]] = [
    {"id": "d", "name": "降档", "effect": "down", "events": ["bad"]},
    {"id": "r", "name": "取消评先资格", "effect": "remark", "grades": ["c"]},
]


def computed() -> Results:
    item = {"kind": "item", "id": "t", "name": "t", "points": 100, "source": {"kind": "office"}}
    document = {
        "format": "slk-case",
        "version": 1,
        "schemes": [
            {
                "format": "slk-scheme",
                "version": 1,
                "id": "s",
                "name": "例",
                "year": 2026,
                "level": "dept",
                "tree": {"kind": "node", "id": "root", "name": "总分", "children": [item]},
                "ladder": {"grades": GRADES},
                "event_kinds": [{"id": "bad", "name": "整改不到位"}],
                "adjustments": RULES,
            }
        ],
        "units": [{"code": u, "name": u, "level": "dept"} for u in "甲乙丙"],
        "office_marks": [
            {"scheme": "s", "unit": u, "item": "t", "value": v} for u, v in (("甲", 85), ("乙", 85), ("丙", 70))
        ],
        "events": [{"id": "1", "kind": "bad", "unit": "甲", "evidence": "文件", "approver": "工委"}],
    }
    case, findings = read_case(json.dumps(document))
    assert case is not None, findings
    facts, faults = facts_of(case)
    assert not faults
    return evaluate(case.schemes, facts).results()


def test_that_a_remark_looks_at_the_grade_after_every_other_adjustment() -> None:
    units = computed().schemes[0].units
    recorded = {u: [a.adjustment for a in units[u].adjustments] for u in "甲乙丙"}
    assert recorded == {"甲": ["d", "r"], "乙": [], "丙": ["r"]}
    remark = units["甲"].adjustments[-1]
    assert (remark.before, remark.after, remark.effective) == ("c", "c", True)
    assert [units[u].grade.final for u in "甲乙丙"] == ["c", "b", "c"]
