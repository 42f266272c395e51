"""Where the year stands: a bar per act, and a line for everything that is missing, with the page that settles it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from app.domain.facts import Facts, Unit
from app.domain.findings import Severity, has_errors
from app.domain.reports import ReportState
from app.domain.results import Results
from app.domain.schemes import Item, OfficeSource, Scheme, VotesSource, items_of, sheet_items
from app.scoring.checks import check_scheme
from app.scoring.parts import OPEN_STATES
from app.services.applicability import not_applicable
from app.services.coverage import coverage_of
from app.services.returns import SheetState, SheetStatus

ActId = Literal["prepare", "report", "review", "assess", "follow_up"]
PageId = Literal["desk", "schemes", "units", "reports", "sheets", "results", "charts", "exchange", "records"]


@dataclass(frozen=True, kw_only=True, slots=True)
class OverviewLine:
    """One thing that is missing or to be looked at. who: names of those it waits for; page and target: where it is
    settled (target: id of a scheme, unit or sheet; may be empty)."""

    text: str
    severity: Severity
    page: PageId
    target: str = ""
    who: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Act:
    """One act and its bar: done of total; unit says what is counted (``份评分表``). total 0: nothing to do here."""

    id: ActId
    name: str
    done: int
    total: int
    counted: str
    lines: tuple[OverviewLine, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """Where the year stands, act by act."""

    acts: tuple[Act, ...]


def prepare_act(schemes: Sequence[Scheme], facts: Facts) -> Act:
    """备: each scheme is sound, has units, and everybody is rated by somebody."""
    lines: list[OverviewLine] = []
    done = 0
    if not schemes:
        lines.append(OverviewLine(text="还没有方案，请先导入方案文件", severity=Severity.ERROR, page="schemes"))
    for scheme in schemes:
        found = list(_preparation(scheme, schemes, facts))
        done += not any(line.severity is Severity.ERROR for line in found)
        lines += found
    return Act(id="prepare", name="备", done=done, total=len(schemes), counted="个方案已备好", lines=tuple(lines))


def _preparation(scheme: Scheme, schemes: Sequence[Scheme], facts: Facts) -> Iterator[OverviewLine]:
    name = level_name(scheme)
    findings = check_scheme(scheme, tuple(s for s in schemes if s is not scheme))
    if has_errors(findings):
        count = sum(f.severity is Severity.ERROR for f in findings)
        text = f"{name}：方案有 {count} 处错误，不能计算"
        yield OverviewLine(text=text, severity=Severity.ERROR, page="schemes", target=scheme.id)
    units = [u for u in facts.units if u.level == scheme.level]
    if not units:
        text = f"{name}：名册中还没有这一层级的单位"
        yield OverviewLine(text=text, severity=Severity.ERROR, page="units", target=scheme.id)
        return
    if sheet_items(scheme):
        coverage = coverage_of(scheme, facts)
        names = {u.code: u.name for u in units}
        groups = {g.id: g.name for g in scheme.groups}
        for group in coverage.group_ids:
            yield from _holes(
                name,
                scheme.id,
                groups.get(group, "评议人"),
                [c.unit for c in coverage.holes if c.group == group],
                names,
            )


def _holes(level: str, scheme: str, group: str, units: Sequence[str], names: dict[str, str]) -> Iterator[OverviewLine]:
    if units:
        who = tuple(names.get(u, u) for u in units)
        text = f"{level}：{len(units)} 个单位没有“{group}”来评"
        yield OverviewLine(text=text, severity=Severity.WARNING, page="units", target=scheme, who=who)


def report_act(
    schemes: Sequence[Scheme],
    facts: Facts,
    states: Mapping[tuple[str, str], ReportState],
    waiting: Collection[str] = (),
) -> Act:
    """述: every unit whose scheme asks for a report has handed it in. states: (scheme, unit) → state of a report that was
    begun; waiting: units that have not answered their task."""
    lines: list[OverviewLine] = []
    done = total = 0
    for scheme in schemes:
        if scheme.report is None:
            continue
        units = [u for u in facts.units if u.level == scheme.level and u.participation in OPEN_STATES]
        total += len(units)
        done += sum(states.get((scheme.id, u.code)) in ("submitted", "accepted") for u in units)
        for state, text, severity in _REPORTS:
            who = tuple(u.name for u in units if states.get((scheme.id, u.code)) == state)
            if who:
                said = f"{level_name(scheme)}：{len(who)} 份述职报告{text}"
                lines.append(OverviewLine(text=said, severity=severity, page="reports", target=scheme.id, who=who))
    who = tuple(u.name for u in facts.units if u.code in waiting)
    if who:
        text = f"{len(who)} 个单位没有交回任务"
        lines.append(OverviewLine(text=text, severity=Severity.WARNING, page="exchange", target="outstanding", who=who))
    return Act(id="report", name="述", done=done, total=total, counted="份述职报告已交", lines=tuple(lines))


_REPORTS: tuple[tuple[ReportState | None, str, Severity], ...] = (
    ("submitted", "已提交，等待审阅", Severity.WARNING),
    ("returned", "退回后还没有重新提交", Severity.WARNING),
    ("draft", "在写，没有提交", Severity.NOTE),
    (None, "还没有动笔", Severity.NOTE),
)
_MISSING: tuple[tuple[SheetStatus, str, Severity], ...] = (
    (SheetStatus.NOT_SENT, "未发出", Severity.NOTE),
    (SheetStatus.SENT, "未收回", Severity.WARNING),
    (SheetStatus.REFUSED, "被拒绝，要重新交", Severity.ERROR),
    (SheetStatus.HANDED_BACK, "已退回，等改好再交", Severity.WARNING),
    (SheetStatus.GAPS, "有空白", Severity.WARNING),
)


def review_act(schemes: Sequence[Scheme], facts: Facts, sheets: Sequence[SheetState]) -> Act:
    """评: score sheets, votes and values of the office are there; events have basis and approver."""
    lines: list[OverviewLine] = []
    for scheme in schemes:
        mine = [s for s in sheets if s.scheme == scheme.id]
        for status, text, severity in _MISSING:
            who = tuple(s.evaluator_name or s.evaluator for s in mine if s.status is status)
            if who:
                said = f"{level_name(scheme)}：{len(who)} 份评分表{text}"
                lines.append(OverviewLine(text=said, severity=severity, page="sheets", target=scheme.id, who=who))
        lines += _entered(scheme, facts)
    lines += _events(schemes, facts)
    back = sum(s.status in (SheetStatus.RETURNED, SheetStatus.GAPS) for s in sheets)
    return Act(id="review", name="评", done=back, total=len(sheets), counted="份评分表", lines=tuple(lines))


def _entered(scheme: Scheme, facts: Facts) -> Iterator[OverviewLine]:
    """Votes and office values that are still missing."""
    units = [u for u in facts.units if u.level == scheme.level and u.participation in OPEN_STATES]
    mine = {s.id for s in facts.sessions if s.scheme == scheme.id}
    voted = {(c.unit, c.item) for s in facts.sessions if s.id in mine for c in s.counts}
    voted |= {(u, i) for b in facts.ballots if b.session in mine for u in b.units for i in b.items}
    entered = {(m.unit, m.item, m.period) for m in facts.office_marks if m.scheme == scheme.id}
    exempt = set(not_applicable(scheme, units, facts.exemptions))
    for item in items_of(scheme):
        if isinstance(item.source, VotesSource):
            counted = {(unit, item.id) for unit, name in voted if name == (item.source.ballot_of or item.id)}
            yield from _missing(scheme, item, units, counted | exempt, "没有票数", "votes")
        elif isinstance(item.source, OfficeSource):
            periods = item.periods.names if item.periods else ("",)
            whole = {(u.code, item.id) for u in units if all((u.code, item.id, p) in entered for p in periods)}
            yield from _missing(scheme, item, units, whole | exempt, "没有录入", "office")


def _missing(
    scheme: Scheme, item: Item, units: Iterable[Unit], there: set[tuple[str, str]], what: str, where: str
) -> Iterator[OverviewLine]:
    who = tuple(u.name for u in units if (u.code, item.id) not in there)
    if who:
        text = f"{level_name(scheme)}：“{item.name}”有 {len(who)} 个单位{what}"
        target = f"{where}:{scheme.id}"
        yield OverviewLine(text=text, severity=Severity.WARNING, page="sheets", target=target, who=who)


def _events(schemes: Sequence[Scheme], facts: Facts) -> Iterator[OverviewLine]:
    rules = [a for s in schemes for a in s.adjustments]
    basis = {k for a in rules if a.evidence_required for k in a.events}
    approved = {k for a in rules if a.approver_required for k in a.events}
    names = {u.code: u.name for u in facts.units}
    for text, lacking in (
        ("没有写依据，不影响等次", [e for e in facts.events if e.kind in basis and not e.evidence.strip()]),
        ("没有写批准人，不影响等次", [e for e in facts.events if e.kind in approved and not e.approver.strip()]),
    ):
        if lacking:
            who = tuple(f"{names.get(e.unit, e.unit)}：{e.title or e.kind}" for e in lacking)
            said = f"{len(lacking)} 件事项{text}"
            yield OverviewLine(text=said, severity=Severity.WARNING, page="sheets", target="events", who=who)


def assess_act(schemes: Sequence[Scheme], facts: Facts, results: Results | None, fresh: bool, frozen: bool) -> Act:
    """考: every unit that is assessed has its grade, and the result is final."""
    levels = {s.level for s in schemes}
    total = sum(u.level in levels and u.participation in OPEN_STATES for u in facts.units)
    lines: list[OverviewLine] = []
    done = 0
    if results is None:
        lines.append(OverviewLine(text="还没有计算结果", severity=Severity.NOTE, page="results"))
    else:
        if not fresh:
            text = "方案或数据有改动，结果需要重新计算"
            lines.append(OverviewLine(text=text, severity=Severity.WARNING, page="results"))
        open_lines, done = _open_grades(schemes, facts, results)
        lines += open_lines
        if not frozen:
            lines.append(OverviewLine(text="结果还没有定稿", severity=Severity.NOTE, page="results"))
    return Act(id="assess", name="考", done=done, total=total, counted="个单位已定等次", lines=tuple(lines))


def _open_grades(schemes: Sequence[Scheme], facts: Facts, results: Results) -> tuple[list[OverviewLine], int]:
    names = {u.code: u.name for u in facts.units}
    by_id = {s.id: s for s in schemes}
    lines: list[OverviewLine] = []
    done = 0
    for result in results.schemes:
        name = level_name(by_id[result.scheme]) if result.scheme in by_id else result.scheme
        mine = [u for u in result.units.values() if u.participation in OPEN_STATES]
        pending = tuple(names.get(u.unit, u.unit) for u in mine if any(g.pending for g in u.grades))
        without = tuple(names.get(u.unit, u.unit) for u in mine if not u.grade.final)
        done += sum(bool(u.grade.final) and not any(g.pending for g in u.grades) for u in mine)
        for who, text in ((pending, "等次待定，需要人工决定"), (without, "数据未齐，没有等次")):
            if who:
                said = f"{name}：{len(who)} 个单位{text}"
                lines.append(
                    OverviewLine(text=said, severity=Severity.ERROR, page="results", target=result.scheme, who=who)
                )
    return lines, done


def level_name(scheme: Scheme) -> str:
    """What the level is called."""
    return scheme.level_name or scheme.name
