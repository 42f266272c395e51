"""What goes into packages, gathered from the year file: a unit's task, and a unit's return."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from app.domain.facts import Evaluator, Facts, Unit
from app.domain.packages import PackageContent, SchemeStamp, UnitReport, YearReport
from app.domain.reports import Concept, Hearing, ListEntry
from app.domain.sheets import SheetForm
from app.files.documents.reports import read_report
from app.services.exchange.stored_reports import unit_reports
from app.services.forms import build_forms, letterhead
from app.services.reports.concepts import concepts_of
from app.services.roles import Role
from app.services.session import Session, StoredScheme
from app.storage.records import EarlierReport
from app.storage.work import Work


@dataclass(frozen=True, kw_only=True, slots=True)
class Sources:
    """What tasks are made of, read once for all units. forms: by the unit of the evaluator; entries: by unit."""

    facts: Facts
    schemes: tuple[StoredScheme, ...]
    units: Mapping[str, Unit]
    raters: Mapping[str, tuple[Evaluator, ...]]
    forms: Mapping[str, tuple[SheetForm, ...]]
    entries: tuple[ListEntry, ...]
    hearings: tuple[Hearing, ...]
    concepts: tuple[Concept, ...]
    earlier: tuple[EarlierReport, ...]
    below: Mapping[str, tuple[Unit, ...]]

    def report_schemes(self, unit: Unit) -> tuple[StoredScheme, ...]:
        """The schemes under which the unit writes a report."""
        return tuple(s for s in self.schemes if s.scheme.level == unit.level and s.scheme.report is not None)

    def entries_of(self, unit: Unit) -> tuple[ListEntry, ...]:
        """Lines of lists that concern the unit: its own, and those of its whole level."""
        return tuple(e for e in self.entries if e.unit == unit.code or (not e.unit and e.level == unit.level))

    def asked_of(self, unit: Unit) -> tuple[str, ...]:
        """What the unit has to do, in words; empty: nothing."""
        problems = sum(e.unit == unit.code and e.kind != "duty" and e.state != "done" for e in self.entries)
        sheets = len(self.forms.get(unit.code, ()))
        said = (
            (len(self.report_schemes(unit)), "述职报告"),
            (sheets, f"评分表 {sheets} 份"),
            (problems, f"清单事项 {problems} 条"),
        )
        return tuple(text for count, text in said if count)


def sources(session: Session, work: Work) -> Sources:
    """Everything tasks are made of. A sheet that was sent keeps its issue as long as its scheme is the same."""
    facts, schemes = session.facts(work), session.schemes(work)
    sent = {s.sheet: s for s in work.sent.all()}
    issues = {sheet: s.issue for sheet, s in sent.items()}
    prints = {s.scheme.id: s.fingerprint for s in schemes}
    issues = {n: i + (prints.get(sent[n].scheme, "") != sent[n].fingerprint) for n, i in issues.items()}
    head = letterhead(work)
    owner = {e.code: e.unit for e in facts.evaluators}
    forms: dict[str, list[SheetForm]] = {}
    for stored in schemes:
        for form in build_forms(stored.scheme, stored.fingerprint, facts, head, issues):
            forms.setdefault(owner[form.identity.evaluator], []).append(form)
    raters: dict[str, list[Evaluator]] = {}
    for evaluator in facts.evaluators:
        raters.setdefault(evaluator.unit, []).append(evaluator)
    return Sources(
        facts=facts,
        schemes=schemes,
        units={u.code: u for u in facts.units},
        raters={unit: tuple(found) for unit, found in raters.items()},
        forms={unit: tuple(found) for unit, found in forms.items()},
        entries=work.list_entries.all(),
        hearings=work.hearings.all(),
        concepts=concepts_of(work),
        earlier=work.earlier_reports.all(),
        below=_below(facts.units),
    )


def _below(units: Sequence[Unit]) -> dict[str, tuple[Unit, ...]]:
    """Unit → all units below it, however deep."""
    known = {u.code: u for u in units}
    found: dict[str, list[Unit]] = {}
    for unit in units:
        chain: list[str] = []
        code = unit.parent
        while code in known and code not in chain:
            chain.append(code)
            code = known[code].parent
        for upper in chain:
            found.setdefault(upper, []).append(unit)
    return {upper: tuple(lower) for upper, lower in found.items()}


# ---- a task


def task_content(all_of: Sources, unit: Unit, reports: Iterable[UnitReport]) -> PackageContent:
    """What goes to this unit; reports: its own. Of other units only what its sheets need, code and name; nothing that
    anybody else has scored, written or got."""
    raters = all_of.raters.get(unit.code, ())
    forms = all_of.forms.get(unit.code, ())
    codes = {e.code for e in raters}
    hearings = tuple(h for h in all_of.hearings if h.unit == unit.code)
    own = (unit, *all_of.below.get(unit.code, ()))
    named = {u.code for f in forms for u in f.units} | {h.body for h in hearings} | {unit.parent, *unit.reports_to}
    named |= {r.unit for e in raters for r in e.relations}
    others = [_named(all_of.units[c]) for c in sorted(named - {u.code for u in own}) if c in all_of.units]
    return PackageContent(
        units=(*own, *others),
        evaluators=raters,
        assignments=tuple(a for a in all_of.facts.assignments if a.evaluator in codes),
        exemptions=tuple(x for x in all_of.facts.exemptions if x.unit == unit.code),
        forms=forms,
        blocks=tuple(b for b in all_of.facts.blocks if b.evaluator in codes),
        reports=tuple(reports),
        hearings=hearings,
        entries=all_of.entries_of(unit),
        concepts=all_of.concepts,
        earlier_reports=tuple(
            YearReport(year=e.year, report=read_report(e.content), source=e.source)
            for e in all_of.earlier
            if e.unit == unit.code
        ),
    )


def _named(unit: Unit) -> Unit:
    """Another unit as a rater's sheet shows it."""
    return Unit(code=unit.code, name=unit.name, level=unit.level, order=unit.order)


def task_schemes(all_of: Sources, unit: Unit) -> tuple[StoredScheme, ...]:
    """The schemes a unit needs: of its sheets, of its own level, and of the levels below it, whose review it may run."""
    levels = {unit.level, *(u.level for u in all_of.below.get(unit.code, ()))}
    rated = {f.identity.scheme for f in all_of.forms.get(unit.code, ())}
    return tuple(s for s in all_of.schemes if s.scheme.id in rated or s.scheme.level in levels)


# ---- a return


def return_content(work: Work, role: Role, facts: Facts) -> PackageContent:
    """What the unit has done: its report, the marks of its raters, the state of its lists."""
    raters = {e.code for e in facts.evaluators if e.unit == role.own_unit}
    return PackageContent(
        blocks=tuple(b for b in facts.blocks if b.evaluator in raters),
        reports=tuple(unit_reports(work, (role.own_unit,)).values()),
        entries=tuple(e for e in work.list_entries.all() if e.unit == role.own_unit),
    )


# ---- both


def evidence_of(work: Work, reports: Iterable[UnitReport]) -> dict[str, bytes]:
    """Every attached file that the reports and their versions name."""
    named = {e.digest for r in reports for one in (r.report, *(v.report for v in r.versions)) for e in one.evidence}
    found = {digest: work.evidence.get(digest) for digest in sorted(named)}
    return {digest: data for digest, data in found.items() if data is not None}


def stamps_of(schemes: Iterable[StoredScheme]) -> tuple[SchemeStamp, ...]:
    """Which documents a package rests on."""
    return tuple(SchemeStamp(id=s.scheme.id, fingerprint=s.fingerprint) for s in schemes)


def without_received(content: PackageContent) -> PackageContent:
    """The content, its blocks without the number of an import that means nothing elsewhere."""
    blocks = tuple(replace(b, origin=b.origin and replace(b.origin, batch=0)) for b in content.blocks)
    return replace(content, blocks=blocks)
