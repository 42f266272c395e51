"""What may be wrong with an event: its kind, dates, amount, class of person and sanction, and what keeps it from acting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.domain.errors import Fault
from app.domain.facts import Event, Unit
from app.domain.findings import Finding, Severity
from app.domain.schemes import EventAmount, EventKind, EventsSource, Scheme, items_of
from app.services.votes import is_date

_BAD = Fault.INPUT_BAD.value.code


def check_event(event: Event, schemes: Mapping[str, Scheme], units: Mapping[str, Unit]) -> tuple[Finding, ...]:
    """Every fault of an event; what keeps it from acting on a grade is a warning."""
    unit = units.get(event.unit)
    if unit is None:
        return (Finding(_BAD, "unit", f"没有单位“{event.unit}”", "请选择单位"),)
    mine = [s for s, kind in kinds_for(unit.level, tuple(schemes.values())) if kind.id == event.kind]
    kinds = [k for s in mine for k in s.event_kinds if k.id == event.kind]
    if not kinds:
        return (Finding(_BAD, "kind", f"{unit.name}的方案中没有事项种类“{event.kind}”", "请选择种类"),)
    found = [
        Finding(_BAD, field, f"日期“{text}”不对", "请写成 2026-05-01 这样")
        for field, text in (("occurred", event.occurred), ("concluded", event.concluded))
        if not is_date(text)
    ]
    if not found and event.occurred and event.concluded and event.concluded < event.occurred:
        found.append(Finding(_BAD, "concluded", "办结日期早于发生日期", "请核对日期"))
    if event.amount is not None and event.amount < 0:
        found.append(Finding(_BAD, "amount", "分值不能是负数", "扣分还是加分由方案决定，请填正数"))
    return (
        *found,
        *_of_table(event, kinds),
        *_sharing(event, mine),
        *_amount(event, kinds, mine),
        *_adjusting(event, mine),
    )


def kinds_for(level: str, schemes: Sequence[Scheme]) -> list[tuple[Scheme, EventKind]]:
    """The kinds that an event of a unit of this level can be of: those of its own scheme, then those of other schemes
    by which it acts on other units."""
    own = [(s, k) for s in schemes if s.level == level for k in s.event_kinds]
    others = [(s, k) for s in schemes if s.level != level for k in s.event_kinds if _acts_on_others(s, k.id)]
    return own + others


def _acts_on_others(scheme: Scheme, kind: str) -> bool:
    """Whether events of other subjects of this kind act on the scheme's units."""
    return any(a.events_of != "own" and kind in a.events for a in scheme.adjustments)


def _amount(event: Event, kinds: Sequence[EventKind], schemes: Sequence[Scheme]) -> list[Finding]:
    """An amount is wanted where one is added up and the kind does not say it."""
    added_up = any(
        isinstance(i.source, EventsSource) and event.kind in i.source.kinds and i.source.tally == "amount"
        for s in schemes
        for i in items_of(s)
    )
    stated = all(k.amount is not None or k.steps or k.table for k in kinds)
    if not added_up or event.amount is not None or stated:
        return []
    return [Finding(_BAD, "amount", f"“{kinds[0].name}”没有规定分值，每件要单独填写", "请填写分值")]


def row_of(kind: EventKind, event: Event) -> EventAmount | None:
    """The first row of the kind's table that fits the event."""
    fits = (r for r in kind.table if r.person_class in ("", event.person_class) and r.sanction in ("", event.sanction))
    return next(fits, None)


def _of_table(event: Event, kinds: Sequence[EventKind]) -> list[Finding]:
    """Person class and sanction are words of the kind's table; where it tells them apart they must be filled in."""
    rows = [row for kind in kinds for row in kind.table]
    found: list[Finding] = []
    for field, name, given in (
        ("person_class", "人员类别", event.person_class),
        ("sanction", "处理种类", event.sanction),
    ):
        words = tuple(dict.fromkeys(str(getattr(r, field)) for r in rows if getattr(r, field)))
        open_row = any(not getattr(r, field) for r in rows)
        if words and given not in words and (given or not open_row):
            said = f"{name}“{given}”不在分值表中" if given else f"没有填{name}"
            found.append(Finding(_BAD, field, said, f"可选：{'、'.join(words)}"))
    if rows and not found and all(row_of(k, event) is None for k in kinds):
        found.append(Finding(_BAD, "sanction", "分值表中没有这样的人员类别与处理种类", "请核对，或在方案中补上这一行"))
    return found


def _sharing(event: Event, schemes: Sequence[Scheme]) -> list[Finding]:
    found: list[Finding] = []
    if event.shared_by < 1:
        found.append(Finding(_BAD, "shared_by", "分摊的家数至少为 1", "请改正"))
    year = max((s.year for s in schemes), default=0)
    if event.counted_in and not 2000 <= event.counted_in <= year:
        found.append(
            Finding(_BAD, "counted_in", f"“{event.counted_in}”不是已计过的年度", "请填四位年份，没有计过的填 0")
        )
    return found


def _adjusting(event: Event, schemes: Sequence[Scheme]) -> list[Finding]:
    rules = [a for s in schemes for a in s.adjustments if event.kind in a.events]
    found: list[Finding] = []
    if any(a.evidence_required for a in rules) and not event.evidence.strip():
        found.append(Finding(_BAD, "evidence", "没有写依据，不会影响等次", "请写明文件或材料", Severity.WARNING))
    if any(a.approver_required for a in rules) and not event.approver.strip():
        found.append(Finding(_BAD, "approver", "没有写批准人，不会影响等次", "请写明批准人", Severity.WARNING))
    return found
