"""Facts of the year that a changed scheme would no longer count. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from app.domain.facts import Facts
from app.domain.findings import Finding, Severity
from app.domain.schemes import Scheme, items_of, walk

_CODE, _STEP = "S-LOST", "数据仍保存在年度文件里；撤销这一步，它们又计入。"


def lost_facts(before: Scheme, after: Scheme, facts: Facts) -> tuple[Finding, ...]:
    """A warning for each part, event kind or grade that is gone while facts name it."""
    return tuple(_lost(before, after, facts))


def _lost(before: Scheme, after: Scheme, facts: Facts) -> Iterator[Finding]:
    names = {p.id: p.name for p in (*walk(before.tree), *before.measures)}
    kept = {p.id for p in (*walk(after.tree), *after.measures)}
    for id, name in names.items():
        if id not in kept:
            counts = _of_part(before.id, id, facts)
            for word, count in ((w, n) for w, n in counts.items() if n):
                yield _finding(f"“{name}”已有 {count} {word}，删去后不再计入", id)
    for item in items_of(before):
        now = next((i for i in items_of(after) if i.id == item.id), None)
        if now is not None and now.source.kind != item.source.kind:
            for word, count in ((w, n) for w, n in _of_part(before.id, item.id, facts).items() if n):
                yield _finding(f"“{item.name}”换了来源，已有的 {count} {word}不再计入", item.id)
    yield from _kinds_and_grades(before, after, facts)


def _of_part(scheme: str, part: str, facts: Facts) -> dict[str, int]:
    return {
        "份评分表的分数": sum(b.scheme == scheme and part in b.items for b in facts.blocks),
        "次票决的票数": sum(s.scheme == scheme and any(c.item == part for c in s.counts) for s in facts.sessions),
        "个录入的值": sum(m.scheme == scheme and m.item == part for m in facts.office_marks),
        "条“不适用”": sum(e.scheme == scheme and e.part == part for e in facts.exemptions),
    }


def _kinds_and_grades(before: Scheme, after: Scheme, facts: Facts) -> Iterator[Finding]:
    events = Counter(e.kind for e in facts.events)
    gone = {k.id: k.name for k in before.event_kinds}
    for id, name in gone.items():
        if events[id] and id not in {k.id for k in after.event_kinds}:
            yield _finding(f"事项种类“{name}”已有 {events[id]} 件事项，删去后不再计入", id)
    decided = Counter(d.grade for d in facts.decisions if d.scheme == before.id)
    for grade in before.ladder.grades:
        if decided[grade.id] and grade.id not in {g.id for g in after.ladder.grades}:
            yield _finding(f"等次“{grade.name}”已有 {decided[grade.id]} 个人工决定，删去后不再起作用", grade.id)


def _finding(message: str, node: str) -> Finding:
    return Finding(_CODE, "", message, _STEP, Severity.WARNING, node=node)
