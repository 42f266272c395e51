"""The groups of a scheme as an office says them: who rates whom, who must not, how many sheets that makes. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from app.domain.schemes import Group, Relation, Scheme
from app.scoring.membership import groups_of
from app.services.coverage import Coverage

# What somebody in this relation to a unit rates, and how it is said when he must not.
_RATES: dict[Relation, str] = {
    "own": "本单位",
    "above": "本单位的下级",
    "below": "本单位的上级",
    "in_charge": "自己分管的单位",
    "same_series": "同系列的单位",
    "same_level": "同层级的单位",
    "other": "没有隶属、分管关系的单位",
}
_RECUSED: dict[Relation, str] = {
    "own": "本单位",
    "above": "下级单位",
    "below": "上级单位",
    "in_charge": "分管的单位",
    "same_series": "同系列的单位",
    "same_level": "同层级的单位",
    "other": "其他单位",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupRule:
    """A group and what its rule brings. members: evaluators who count in it for some unit; sheets: score sheets that
    come back from them; fewest, most: ballots that a unit is to get from the group; holes, thin: units with nobody, or
    with too few; on_sheets: the group marks on score sheets (else it only votes)."""

    group: str
    name: str
    sentence: str
    members: int
    sheets: int
    fewest: int
    most: int
    holes: int
    thin: int
    on_sheets: bool


def sentence_of(group: Group, level_name: str) -> str:
    """``书记互评同系列的单位，本单位回避。``"""
    who = "、".join(group.roles) or "全部评议人"
    rated: tuple[Relation, ...] = tuple(r for r in group.relations if r not in group.recused) or group.relations
    if not rated:
        what = f"评全部{level_name}"
    else:
        mutual = "互" if set(rated) <= {"same_series", "same_level"} else "只"
        what = f"{mutual}评{'、'.join(_RATES[r] for r in rated)}"
    recused = f"，{'、'.join(_RECUSED[r] for r in group.recused)}回避" if group.recused else ""
    return f"{who}{what}{recused}。"


def rules_of(scheme: Scheme, coverage: Coverage) -> tuple[GroupRule, ...]:
    """Every group of the scheme in its order."""
    members: Counter[str] = Counter()
    sheets: Counter[str] = Counter()
    recused: dict[str, set[str]] = {}
    for person, unit in coverage.recused:
        recused.setdefault(person, set()).add(unit)
    for evaluator, row in zip(coverage.evaluators, coverage.groups, strict=True):
        sits = {g for groups in set(row) for g in groups}
        members.update(sits)
        if evaluator.code in recused:
            shut = recused[evaluator.code]
            open_cells = (groups for u, groups in zip(coverage.units, row, strict=True) if u.code not in shut)
            sits = {g for groups in set(open_cells) for g in groups}
        sheets.update(sits)
    return tuple(_rule(scheme, group, coverage, members, sheets) for group in groups_of(scheme))


def _rule(scheme: Scheme, group: Group, coverage: Coverage, members: Counter[str], sheets: Counter[str]) -> GroupRule:
    counts = [coverage.counts.get((u.code, group.id), 0) for u in coverage.units]
    return GroupRule(
        group=group.id,
        name=group.name,
        sentence=sentence_of(group, scheme.level_name or "单位"),
        members=members[group.id],
        sheets=sheets[group.id],
        fewest=min(counts, default=0),
        most=max(counts, default=0),
        holes=sum(c.group == group.id for c in coverage.holes),
        thin=sum(c.group == group.id for c in coverage.thin),
        on_sheets=group.id in coverage.group_ids,
    )
