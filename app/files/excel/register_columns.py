"""The vocabulary of the register workbook: its tables, columns and words, and a value as the texts of its cells."""

from __future__ import annotations

from dataclasses import fields

from app.domain.facts import Assignment, Evaluator, Participation, Unit
from app.domain.schemes import Relation

UNITS, EVALUATORS, ASSIGNMENTS = "单位", "评议人", "谁评谁"
SEPARATOR = "、"
PARTICIPATION_NAMES: dict[Participation, str] = {
    "ranked": "参评",
    "listed_apart": "单列",
    "not_graded": "不定等次",
    "new": "新成立",
    "under_investigation": "立案审查",
    "ceased": "已撤并",
}
RELATION_NAMES: dict[Relation, str] = {
    "own": "本单位",
    "above": "上级",
    "below": "下级",
    "in_charge": "分管",
    "same_series": "同系列",
    "same_level": "同层级",
    "other": "其他",
}
PLAIN_KIND = str(next(f.default for f in fields(Unit) if f.name == "kind"))  # an empty cell says the same

# Field of the value → its column, in the order of the workbook. Relations take two columns.
UNIT_FIELDS = {
    "code": "编码",
    "name": "名称",
    "level": "层级",
    "series": "系列",
    "kind": "类别",
    "parent": "上级",
    "order": "排序号",
    "participation": "参评状态",
    "reason": "原因",
    "tags": "标签",
    "since": "起始日期",
    "reports_to": "其他上级",
    "links": "关联",
}
IN_CHARGE, OTHER_RELATIONS = "分管", "其他关系"
EVALUATOR_FIELDS = {"code": "编码", "name": "姓名", "unit": "单位", "role": "角色", "order": "排序号"}
ASSIGNMENT_FIELDS = {"evaluator": "评议人", "scheme": "方案", "units": "单位", "group": "组别"}
UNIT_COLUMNS = tuple(UNIT_FIELDS.values())
EVALUATOR_COLUMNS = (*EVALUATOR_FIELDS.values(), IN_CHARGE, OTHER_RELATIONS)
ASSIGNMENT_COLUMNS = tuple(ASSIGNMENT_FIELDS.values())
COLUMNS = {UNITS: UNIT_COLUMNS, EVALUATORS: EVALUATOR_COLUMNS, ASSIGNMENTS: ASSIGNMENT_COLUMNS}
REQUIRED = {UNITS: 2, EVALUATORS: 2, ASSIGNMENTS: 3}  # so many of the first columns must be there


def register_texts(value: Unit | Evaluator | Assignment) -> dict[str, str]:
    """Column → what stands in its cell; reading these texts gives the value again."""
    if isinstance(value, Unit):
        return _unit_texts(value)
    if isinstance(value, Evaluator):
        return _evaluator_texts(value)
    return {"评议人": value.evaluator, "方案": value.scheme, "单位": SEPARATOR.join(value.units), "组别": value.group}


def _unit_texts(unit: Unit) -> dict[str, str]:
    plain = {column: str(getattr(unit, name)) for name, column in UNIT_FIELDS.items()}
    return plain | {
        "类别": "" if unit.kind == PLAIN_KIND else unit.kind,
        "参评状态": PARTICIPATION_NAMES[unit.participation],
        "标签": SEPARATOR.join(unit.tags),
        "其他上级": SEPARATOR.join(unit.reports_to),
        "关联": SEPARATOR.join(f"{k.unit}={k.name}" if k.name else k.unit for k in unit.links),
    }


def _evaluator_texts(evaluator: Evaluator) -> dict[str, str]:
    plain = {column: str(getattr(evaluator, name)) for name, column in EVALUATOR_FIELDS.items()}
    charge = [r.unit for r in evaluator.relations if r.relation == "in_charge"]
    others = [f"{r.unit}={RELATION_NAMES[r.relation]}" for r in evaluator.relations if r.relation != "in_charge"]
    return plain | {IN_CHARGE: SEPARATOR.join(charge), OTHER_RELATIONS: SEPARATOR.join(others)}
