"""What hangs on a unit or an evaluator, so that it cannot be deleted. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from app.domain.errors import Fault
from app.domain.facts import Evaluator, Facts, Unit
from app.domain.findings import Finding

_BAD = Fault.INPUT_BAD.value.code
_MOST_NAMED = 3


def ties_of_units(facts: Facts, codes: Collection[str]) -> tuple[Finding, ...]:
    """Marks, votes, events, values, exemptions, decisions, units below and people of these units."""
    return tuple(f for unit in facts.units if unit.code in codes for f in _ties_of_unit(facts, unit, codes))


def facts_of_unit(facts: Facts, code: str) -> tuple[str, ...]:
    """What has been entered about a unit, in words (``4 份评分表上有它的评分``); empty: nothing."""
    hanging = {
        "份评分表上有它的评分": sum(code in b.units for b in facts.blocks),
        "次票决有它的票数": sum(any(c.unit == code for c in s.counts) for s in facts.sessions),
        "件事项": sum(e.unit == code for e in facts.events),
        "个考核办录入的数值": sum(m.unit == code for m in facts.office_marks),
        "条不适用": sum(x.unit == code for x in facts.exemptions),
        "项人工决定": sum(d.unit == code for d in facts.decisions),
        "个往年结果": sum(r.unit == code for r in facts.earlier),
        "个票箱的选票上有它": sum(code in b.units for b in facts.ballots),
    }
    return tuple(f"{count} {what}" for what, count in hanging.items() if count)


def moved_levels(before: Iterable[Unit], after: Iterable[Unit], facts: Facts) -> dict[str, str]:
    """Unit → why its level cannot become another one: what was entered about it belongs to the scheme of its level."""
    levels = {u.code: u.level for u in before}
    moved = [u.code for u in after if levels.get(u.code, u.level) != u.level]
    return {code: "、".join(said) for code in moved if (said := facts_of_unit(facts, code))}


def _ties_of_unit(facts: Facts, unit: Unit, leaving: Collection[str]) -> Iterator[Finding]:
    code = unit.code
    for said in facts_of_unit(facts, code):
        step = "请先撤销或删除这些数据；已经评过的单位，请改参评状态为“已撤并”"
        yield Finding(_BAD, f"单位 {unit.name}", f"不能删除：有 {said}", step)
    below = [u.name for u in facts.units if u.parent == code and u.code not in leaving]
    if below:
        yield Finding(_BAD, f"单位 {unit.name}", f"不能删除：{_named(below)}以它为上级", "请先改正这些单位的上级")
    people = [e.name for e in facts.evaluators if e.unit == code]
    if people:
        yield Finding(
            _BAD, f"单位 {unit.name}", f"不能删除：评议人{_named(people)}在这个单位", "请先改正或删除这些评议人"
        )


def ties_of_evaluators(facts: Facts, codes: Collection[str]) -> tuple[Finding, ...]:
    """Score sheets of these evaluators that have come back."""
    sheets = Counter(b.evaluator for b in facts.blocks)
    step = "请先撤销导入他的评分表；只是不再评的，请在“评议关系”里取消"
    return tuple(
        Finding(_BAD, f"评议人 {e.name}", f"不能删除：已收回他的 {sheets[e.code]} 份评分表", step)
        for e in facts.evaluators
        if e.code in codes and sheets[e.code]
    )


def _named(names: list[str]) -> str:
    text = "、".join(names[:_MOST_NAMED])
    return f"{text} 等 {len(names)} 个" if len(names) > _MOST_NAMED else text


def without_units(units: Iterable[Unit], gone: Collection[str]) -> list[Unit]:
    """The units whose further bodies or ties name one that goes, without those names."""
    return [u for u in (_cut(unit, gone) for unit in units if unit.code not in gone) if u is not None]


def _cut(unit: Unit, gone: Collection[str]) -> Unit | None:
    bodies = tuple(code for code in unit.reports_to if code not in gone)
    links = tuple(link for link in unit.links if link.unit not in gone)
    return None if (bodies, links) == (unit.reports_to, unit.links) else replace(unit, reports_to=bodies, links=links)


def without_relations(evaluators: Iterable[Evaluator], gone: Collection[str]) -> list[Evaluator]:
    """The evaluators with a stated relation to a unit that goes, without it."""
    touched = (e for e in evaluators if any(r.unit in gone for r in e.relations))
    return [replace(e, relations=tuple(r for r in e.relations if r.unit not in gone)) for e in touched]
