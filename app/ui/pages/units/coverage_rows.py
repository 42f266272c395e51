"""Rows and columns of who rates whom: raters per unit and group, and the matrix. Pure but for the words of columns."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.facts import Evaluator, Unit
from app.domain.schemes import Group, Scheme
from app.services.assignment import AssignmentView
from app.services.assignment_rules import GroupRule
from app.services.units import Coverage
from app.ui import colours
from app.ui.colours import BAD_TONE, GOOD_TONE, INFO_TONE, NEUTRAL, WARN_TONE, Tone
from app.ui.widgets.frozen import wrapped
from app.ui.widgets.table import Column

GROUP_TONES = (
    INFO_TONE,
    GOOD_TONE,
    Tone("#f6ecd9", "#6b4a00", "#e0cda3"),
    Tone("#efe6f2", "#5b3a68", "#d3bfdb"),
    Tone("#e3f0f0", "#1f5557", "#b4d4d5"),
    NEUTRAL,
)
BY_HAND = Tone("#ffffff", colours.ACCENT, colours.ACCENT)
RECUSED, TAKEN_OUT, ADDED = "避", "×", "*"


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit and how many raters it has in each group (in the order of the coverage's groups)."""

    unit: Unit
    counts: tuple[int, ...]
    needed: tuple[int, ...]

    def tone(self, group: int) -> Tone | None:
        """Red for a hole, yellow for too few."""
        if self.counts[group] == 0 and self.needed[group] > 0:
            return BAD_TONE
        return WARN_TONE if self.counts[group] < self.needed[group] else None


@dataclass(frozen=True, slots=True)
class EvaluatorRow:
    """One evaluator: for each unit the numbers of the groups in which he counts; units that he must not score; the
    reasons of cells changed by hand, by the unit's number."""

    evaluator: Evaluator
    groups: tuple[tuple[int, ...], ...]
    recused: frozenset[int]
    by_hand: dict[int, str]


def evaluator_rows(data: Coverage, view: AssignmentView | None = None) -> list[EvaluatorRow]:
    """The matrix row by row; evaluators who rate nobody have one when a cell of theirs was changed by hand."""
    numbers = {group: number for number, group in enumerate(data.group_ids)}
    places = {unit.code: at for at, unit in enumerate(data.units)}
    hand: dict[str, dict[int, str]] = {}
    for cell in view.changed if view else ():
        if not cell.idle and cell.change.unit in places:
            said = f"{cell.change.reason}（{cell.change.by}，{cell.change.at[:10]}）"
            hand.setdefault(cell.change.evaluator, {})[places[cell.change.unit]] = said
    recused: dict[str, set[int]] = {}
    for evaluator, unit in data.recused:
        recused.setdefault(evaluator, set()).add(places[unit])
    rows = [
        EvaluatorRow(
            evaluator,
            tuple(tuple(numbers[g] for g in cell if g in numbers) for cell in cells),
            frozenset(recused.get(evaluator.code, ())),
            hand.get(evaluator.code, {}),
        )
        for evaluator, cells in zip(data.evaluators, data.groups, strict=True)
    ]
    empty = tuple(() for _ in data.units)
    idle = [e for e in (view.others if view else ()) if e.code in hand]
    return rows + [EvaluatorRow(e, empty, frozenset(), hand[e.code]) for e in idle]


def groups_of(data: Coverage, scheme: Scheme) -> tuple[Group, ...]:
    """The scheme's groups in the order of the coverage."""
    known = {group.id: group for group in scheme.groups}
    return tuple(known.get(group, Group(id=group, name=group or "全体评议人")) for group in data.group_ids)


def unit_rows(data: Coverage, groups: tuple[Group, ...]) -> list[UnitRow]:
    """Counts per unit; needed comes from the holes and thin cells."""
    needed = {(cell.unit, cell.group): max(cell.needed, 1) for cell in (*data.holes, *data.thin)}
    return [
        UnitRow(
            unit,
            tuple(data.counts.get((unit.code, group.id), 0) for group in groups),
            tuple(needed.get((unit.code, group.id), 0) for group in groups),
        )
        for unit in data.units
    ]


def sentence(data: Coverage) -> str:
    """The coverage in one line."""
    text = f"{len(data.units)} 家单位，{len(data.evaluators)} 名评议人"
    if not data.holes and not data.thin:
        return text + "，各组都有足够的人评。"
    parts = [f"{len(data.holes)} 处无人评" if data.holes else "", f"{len(data.thin)} 处人过少" if data.thin else ""]
    return f"{text}，{'，'.join(p for p in parts if p)}。"


def mark_of(group: int) -> str:
    """The letter that stands for a group in the matrix."""
    return chr(ord("A") + group % 26)


def tone_of_group(group: int) -> Tone:
    """The colours of a group; the letter is always there too."""
    return GROUP_TONES[group % len(GROUP_TONES)]


def count_column(number: int, group: Group) -> Column[UnitRow]:
    return Column(
        key=group.id,
        title=wrapped(group.name, 5, 3),
        text=lambda r: str(r.counts[number]) if r.counts[number] or r.needed[number] else "—",
        sort=lambda r: r.counts[number],
        tone=lambda r: r.tone(number),
        tip=lambda r: (
            f"{r.unit.name}：{group.name} {r.counts[number]} 人"
            + (f"，至少应有 {r.needed[number]} 人" if r.counts[number] < r.needed[number] else "")
        ),
        width=82,
        align="center",
        head_tip=group.name,
    )


def unit_column(at: int, unit: Unit, groups: tuple[Group, ...]) -> Column[EvaluatorRow]:
    def text(row: EvaluatorRow) -> str:
        if at in row.recused:
            return RECUSED
        marks = "".join(mark_of(g) for g in row.groups[at])
        if at in row.by_hand:
            return marks + ADDED if marks else TAKEN_OUT
        return marks

    def tone(row: EvaluatorRow) -> Tone | None:
        if at in row.recused:
            return NEUTRAL
        if at in row.by_hand:
            return BY_HAND
        return tone_of_group(row.groups[at][0]) if row.groups[at] else None

    def tip(row: EvaluatorRow) -> str:
        names = "、".join(groups[g].name for g in row.groups[at])
        state = "回避" if at in row.recused else (f"在“{names}”组评分" if names else "不评")
        why = f"\n手工调整：{row.by_hand[at]}" if at in row.by_hand else ""
        return f"{row.evaluator.name} → {unit.name}：{state}{why}"

    return Column(
        key=unit.code, title=unit.name, text=text, tone=tone, tip=tip, width=34, align="center", head_tip=unit.name
    )


def rule_columns(rules: tuple[GroupRule, ...], marks: dict[str, int]) -> tuple[Column[GroupRule], ...]:
    """The groups as readable rules, and what they bring. marks: group → its number in the matrix."""

    def ballots(rule: GroupRule) -> str:
        if not rule.members:
            return "—"
        return str(rule.most) if rule.fewest == rule.most else f"{rule.fewest}–{rule.most}"

    return (
        Column(
            key="mark",
            title="组",
            text=lambda r: mark_of(marks[r.group]) if r.group in marks else "票",
            tone=lambda r: tone_of_group(marks[r.group]) if r.group in marks else NEUTRAL,
            tip=lambda r: "" if r.on_sheets else "这一组只参加票决，没有评分表。",
            width=48,
            align="center",
        ),
        Column(key="name", title="名称", text=lambda r: r.name, tip=lambda r: r.name, width=190, strong=True),
        Column(key="rule", title="规则", text=lambda r: r.sentence, tip=lambda r: r.sentence, width=300, stretch=True),
        Column(key="members", title="评议人", text=lambda r: f"{r.members} 人", width=76, align="right"),
        Column(
            key="sheets",
            title="评分表",
            text=lambda r: f"{r.sheets} 份" if r.on_sheets else "—",
            tip=lambda r: "这一组应收回的评分表" if r.on_sheets else "这一组只参加票决，没有评分表。",
            width=76,
            align="right",
        ),
        Column(
            key="ballots",
            title="每家应得",
            text=lambda r: f"{ballots(r)} 票" if r.members else "—",
            tip=lambda r: "每家单位应从这一组得到的评分份数" if r.members else "名册中没有人在这一组。",
            width=96,
            align="right",
        ),
        Column(
            key="state",
            title="覆盖",
            text=_covered,
            tone=lambda r: BAD_TONE if r.holes else WARN_TONE if r.thin else None,
            width=150,
        ),
    )


def _covered(rule: GroupRule) -> str:
    if not rule.on_sheets:
        return "只投票"
    parts = [f"{rule.holes} 家无人评" if rule.holes else "", f"{rule.thin} 家人过少" if rule.thin else ""]
    return "，".join(p for p in parts if p) or "足够"
