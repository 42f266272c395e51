"""What the year file knows about sheets, gathered for scanning and planning: forms, stored marks, earlier imports."""

from __future__ import annotations

from app.domain.errors import Fault
from app.domain.facts import Facts, MarkBlock
from app.domain.findings import Finding
from app.domain.schemes import Scheme
from app.domain.sheets import FormUnit, SheetForm, SheetIdentity
from app.scoring.membership import Membership, groups_of
from app.services.forms import Letterhead, build_forms, form_items, rules_of
from app.services.imports.ages import NO_FILE, Stamp
from app.services.imports.draft import ImportState, KnownScheme
from app.services.imports.merge import StoredSheet
from app.services.imports.reports import read_report
from app.services.roles import role_of
from app.services.session import Session, StoredScheme
from app.storage.records import Batch
from app.storage.work import Work


class KnownForms:
    """Finds the form for the identity found in a file. It is generous: also for an evaluator or a year that is not
    ours there is a form, so that the file can be read and the question be asked."""

    def __init__(self, schemes: tuple[StoredScheme, ...], facts: Facts, head: Letterhead) -> None:
        self._schemes = {s.scheme.id: s for s in schemes}
        self._facts = facts
        self._head = head
        self._forms: dict[str, dict[str, SheetForm]] = {}

    def __call__(self, identity: SheetIdentity) -> SheetForm | Finding:
        """The form this file should follow, or why there is none."""
        stored = self._schemes.get(identity.scheme)
        if stored is None:
            text = Fault.XLS_MISMATCH.value
            said = f"表是 {identity.year} 年度方案“{identity.scheme}”的，当前年度文件没有这个方案"
            return Finding(text.code, identity.sheet, said, text.step)
        if identity.scheme not in self._forms:
            made = build_forms(stored.scheme, stored.fingerprint, self._facts, self._head, {})
            self._forms[identity.scheme] = {f.identity.evaluator: f for f in made}
        return self._forms[identity.scheme].get(identity.evaluator) or self._everybody(stored, identity)

    def _everybody(self, stored: StoredScheme, identity: SheetIdentity) -> SheetForm:
        units = Membership(self._facts).units_of(stored.scheme.level)
        return SheetForm(
            identity=identity,
            scheme_name=stored.scheme.name,
            evaluator_name="",
            units=tuple(FormUnit(code=u.code, name=u.name) for u in units),
            items=form_items(stored.scheme),
        )


def import_state(session: Session, work: Work) -> ImportState:
    """Everything planning compares with."""
    schemes = session.schemes(work)
    facts = session.facts(work)
    batches = work.batches.all()
    return ImportState(
        year=int(work.settings.get("year")),
        year_file=role_of(work).forms,
        schemes={s.scheme.id: _known_scheme(session, work, s) for s in schemes},
        evaluators={e.code: e for e in facts.evaluators},
        unit_names={u.code: u.name for u in facts.units},
        stored=_stored(work, facts, batches),
        imported={f.sha256: b.number for b in reversed(batches) if not b.withdrawn for f in b.files},
        own_unit={
            pair: unit for s in schemes for pair, unit in _own_units(s.scheme, facts, _stated(work, s.scheme)).items()
        },
        token=str(work.facts_revision()),
    )


def _known_scheme(session: Session, work: Work, stored: StoredScheme) -> KnownScheme:
    versions = work.schemes.versions(stored.scheme.id)
    return KnownScheme(
        name=stored.scheme.name,
        current=stored.fingerprint[:16],
        rules={v.fingerprint[:16]: rules_of(session.parse(v.text, v.fingerprint)) for v in versions},
        levels={i.id: tuple(level.name for level in i.levels) for i in form_items(stored.scheme)},
        items={i.id: i.name for i in form_items(stored.scheme)},
    )


def _stored(work: Work, facts: Facts, batches: tuple[Batch, ...]) -> dict[tuple[str, str], StoredSheet]:
    notes = {b.number: read_report(b.report) for b in batches}
    edited = {b.origin.batch for b in facts.blocks if b.edits and b.origin and b.origin.batch}
    as_read = {(n, b.scheme, b.evaluator): b for n in edited for b in work.blocks.of_batch(n)}
    found: dict[tuple[str, str], StoredSheet] = {}
    for block in facts.blocks:
        batch = block.origin.batch if block.origin else 0
        note = notes[batch].sheets.get(block.sheet) if batch in notes else None
        found[block.scheme, block.evaluator] = StoredSheet(
            block=block,
            base=_base(block, as_read.get((batch, block.scheme, block.evaluator))),
            content=note.content if note else "",
            stamp=Stamp(note.issue, note.saved, note.modified) if note else NO_FILE,
        )
    return found


def _base(block: MarkBlock, as_read: MarkBlock | None) -> MarkBlock | None:
    if block.origin is None:
        return None
    return as_read if block.edits else block


def _stated(work: Work, scheme: Scheme) -> set[tuple[str, str]]:
    """(evaluator, unit) that the register or a change by hand names: nobody need ask about them again."""
    lines = {(a.evaluator, code) for a in work.assignments.all() if a.scheme == scheme.id for code in a.units}
    return lines | {(c.evaluator, c.unit) for c in work.hand_changes.all() if c.scheme == scheme.id and c.groups}


def _own_units(scheme: Scheme, facts: Facts, assigned: set[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """(scheme, evaluator) → own unit, where the scheme neither foresees marks for the own unit nor rules them out.
    assigned: pairs that somebody has stated."""
    units = {u.code: u for u in facts.units}
    membership = Membership(facts)
    groups = {g.id: g for g in groups_of(scheme)}
    found: dict[tuple[str, str], str] = {}
    for evaluator in facts.evaluators:
        own = units.get(evaluator.unit)
        if own is None or own.level != scheme.level or (evaluator.code, own.code) in assigned:
            continue
        mine = [groups[g] for g in membership.groups_for(scheme, evaluator, own) if g in groups]
        if not any("own" in g.relations for g in mine):
            found[scheme.id, evaluator.code] = own.code
    return found
