"""What the year file knows, as far as a package can meet it: gathered for planning, and carried along while planning."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from app.domain.facts import Assignment, EarlierResult, Evaluator, Exemption, MarkBlock, Unit
from app.domain.packages import Manifest, PackageContent, PackageKind, UnitReport
from app.domain.reports import Hearing, ListEntry, Report
from app.domain.schemes import Scheme, items_of
from app.files.documents.packages import read_content
from app.services.exchange.answering import answers_of
from app.services.exchange.reports import ReportWords
from app.services.exchange.stored_reports import unit_reports
from app.services.forms import form_items
from app.services.imports.merge import ItemWords
from app.services.roles import Role, role_of
from app.services.session import Session
from app.storage.records import ReceivedPackage, Sender, SentPackage
from app.storage.work import Work

Known = tuple[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownPackage:
    """A package that came in or went out. answers: id of the package it answers; content: what it carried, as text."""

    id: str
    kind: PackageKind
    unit: str
    sequence: int
    key: str = ""
    answers: str = ""
    batch: int = 0
    content: str = ""


@dataclass(kw_only=True, slots=True)
class Standing:
    """What is stored. Planning several packages in a row changes it (never what is in the file): the next one meets what the
    one before has brought. schemes: current documents; versions: scheme id → fingerprints of all stored versions, oldest first;
    sent, received: by package id; results: of this year, by (scheme, unit)."""

    role: Role
    year: int
    schemes: dict[str, Scheme]
    versions: Mapping[str, tuple[str, ...]]
    units: dict[str, Unit]
    evaluators: dict[str, Evaluator] = field(default_factory=dict[str, Evaluator])
    assignments: tuple[Assignment, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
    blocks: dict[Known, MarkBlock] = field(default_factory=dict[Known, MarkBlock])
    reports: dict[Known, UnitReport] = field(default_factory=dict[Known, UnitReport])
    entries: dict[str, ListEntry] = field(default_factory=dict[str, ListEntry])
    hearings: dict[tuple[str, str, str], Hearing] = field(default_factory=dict[tuple[str, str, str], Hearing])
    results: dict[Known, EarlierResult] = field(default_factory=dict[Known, EarlierResult])
    evidence: frozenset[str] = frozenset()
    senders: dict[str, Sender] = field(default_factory=dict[str, Sender])
    sent: dict[str, KnownPackage] = field(default_factory=dict[str, KnownPackage])
    received: dict[str, KnownPackage] = field(default_factory=dict[str, KnownPackage])
    hashes: frozenset[str] = frozenset()
    token: str = ""

    def unit_name(self, code: str) -> str:
        """As people say it."""
        return self.units[code].name if code in self.units else code

    def evaluator_name(self, code: str) -> str:
        """As people say it."""
        return self.evaluators[code].name if code in self.evaluators else code

    def item_words(self, scheme: str) -> dict[str, ItemWords]:
        """How the items of a scheme's sheets are called."""
        known = self.schemes.get(scheme)
        items = form_items(known) if known else ()
        return {i.id: ItemWords(i.name, tuple(level.name for level in i.levels)) for i in items}

    def report_words(self, scheme: str, unit: str) -> ReportWords:
        """How the places of a report are called."""
        known = self.schemes.get(scheme)
        form = known.report if known else None
        return ReportWords(
            place=f"{self.unit_name(unit)} › {form.title if form else '述职报告'}",
            sections={s.id: s.name for s in form.sections} if form else {},
            items={i.id: i.name for i in items_of(known)} if known else {},
        )

    def newest(self, key: str, unit: str, kind: PackageKind) -> KnownPackage | None:
        """What this installation has delivered last for this unit."""
        mine = [p for p in self.received.values() if (p.key, p.unit, p.kind) == (key, unit, kind)]
        return max(mine, key=self.order, default=None)

    def order(self, package: KnownPackage | Manifest) -> tuple[int, int]:
        """Newer is larger. What answers a newer task comes after everything that answers an older one: an installation that
        starts anew with a newer task counts from one again."""
        answered = self.sent.get(package.answers) if package.kind == "return" else None
        return (answered.sequence if answered else 0, package.sequence)

    def base_of(self, manifest: Manifest) -> PackageContent | None:
        """What both sides agreed on last: what the sender delivered last, or, when it has since taken in a newer package of
        ours, that one; else nothing."""
        last = self.newest(manifest.sender.key, unit_of(manifest), manifest.kind)
        answered = self.sent.get(manifest.answers)
        known = last if last and (answered is None or last.answers == manifest.answers) else answered
        content = content_of(known.content) if known else None
        if manifest.kind != "task" or content is None or last is None or known is last:
            return content
        # What we have sent up carries only what is our own; of the rest, the last task is what both sides agreed on.
        before, own = content_of(last.content) or PackageContent(), self.role.own_unit
        others = tuple(e for e in before.entries if e.unit != own)
        return replace(content, entries=(*content.entries, *others), hearings=before.hearings)

    def beside(self, manifest: Manifest) -> tuple[KnownPackage, ...]:
        """What other computers have delivered for the same unit in answer to the same task, as long as that task is what
        this one began with too."""
        last, unit = self.newest(manifest.sender.key, unit_of(manifest), manifest.kind), unit_of(manifest)
        if manifest.kind != "return" or not manifest.answers or (last and last.answers == manifest.answers):
            return ()
        mine = (unit, manifest.kind, manifest.answers)
        found = [p for p in self.received.values() if (p.unit, p.kind, p.answers) == mine]
        return tuple(p for p in found if p.key != manifest.sender.key)

    def brought_beside(self, manifest: Manifest) -> tuple[Report, ...]:
        """The reports in them."""
        contents = [content_of(p.content) for p in self.beside(manifest)]
        return tuple(r.report for content in contents if content for r in content.reports)


def content_of(text: str) -> PackageContent | None:
    """What a kept package carried; none when nothing was kept."""
    return read_content(text)[0] if text else None


def standing(session: Session, work: Work, manifests: Iterable[Manifest]) -> Standing:
    """Everything planning compares these packages with; of what came and went, the contents that may be their base."""
    year = int(work.settings.get("year"))
    units = {u.code: u for u in work.units.all()}
    found = Standing(
        role=role_of(work),
        year=year,
        schemes={s.scheme.id: s.scheme for s in session.schemes(work)},
        versions={
            s.scheme.id: tuple(v.fingerprint for v in work.schemes.versions(s.scheme.id)[::-1])
            for s in session.schemes(work)
        },
        units=units,
        evaluators={e.code: e for e in work.evaluators.all()},
        assignments=work.assignments.all(),
        exemptions=work.exemptions.all(),
        blocks={(b.scheme, b.evaluator): b for b in work.blocks.all()},
        reports=unit_reports(work),
        entries={e.id: e for e in work.list_entries.all()},
        hearings={(h.scheme, h.unit, h.body): h for h in work.hearings.all()},
        results={(e.scheme, e.unit): e for e in work.earlier.all() if e.year == year},
        evidence=work.evidence.digests(),
        senders={s.key: s for s in work.senders.all()},
        sent={p.id: _sent(p) for p in work.packages_out.all(contents=False)},
        received={p.id: _received(p) for p in work.packages_in.all(contents=False)},
        hashes=frozenset(p.sha256 for p in work.packages_in.all(contents=False)),
        token=str(work.changes_revision()),
    )
    for manifest in manifests:
        _load_bases(found, work, manifest)
    return found


def _load_bases(found: Standing, work: Work, manifest: Manifest) -> None:
    last = found.newest(manifest.sender.key, unit_of(manifest), manifest.kind)
    if last is not None and (whole := work.packages_in.get(last.id)):
        found.received[last.id] = replace(last, content=whole.content)
    for other in found.beside(manifest):
        if not other.content and (kept := work.packages_in.get(other.id)):
            found.received[other.id] = replace(other, content=kept.content)
    if manifest.answers in found.sent and (out := work.packages_out.get(manifest.answers)):
        found.sent[out.id] = replace(found.sent[out.id], content=out.content)


def unit_of(manifest: Manifest) -> str:
    """The unit a package is about: the receiver of a task, else the sender."""
    return manifest.receiver.unit if manifest.kind == "task" else manifest.sender.unit


def _sent(package: SentPackage) -> KnownPackage:
    return KnownPackage(
        id=package.id,
        kind=package.kind,
        unit=package.unit,
        sequence=package.sequence,
        answers=package.answers,
    )


def _received(package: ReceivedPackage) -> KnownPackage:
    return KnownPackage(
        id=package.id,
        kind=package.kind,
        unit=package.unit,
        sequence=package.sequence,
        key=package.key,
        answers=answers_of(package),
        batch=package.batch,
    )
