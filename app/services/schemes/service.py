"""Schemes of the year: drafts and published versions, read, checked, saved, compared, exchanged as files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.domain.errors import AppError, Fault
from app.domain.findings import Finding
from app.domain.indicator_tables import IndicatorTable
from app.domain.results import Results
from app.domain.scheme_differences import Difference, differences
from app.domain.schemes import Part, Scheme
from app.files.documents import write_scheme
from app.scoring.checks import check_scheme
from app.services.changes import Area, Outcome
from app.services.comparison import ResultChange
from app.services.schemes import starts
from app.services.schemes.files import as_stored, read_scheme_file
from app.services.schemes.lost import lost_facts
from app.services.schemes.starts import Sample
from app.services.session import Session, StoredScheme, done, need_reason, note_export, refuse_when_wrong
from app.storage.records import SchemeVersion as StoredVersion
from app.storage.work import Work

if TYPE_CHECKING:
    from app.services.schemes.examples import Example, Meeting
    from app.services.schemes.trial import Trial, TrialWay


@dataclass(frozen=True, kw_only=True, slots=True)
class SchemeVersion:
    """One stored version of a scheme. current: the one that computes now; published: since when it is frozen (local
    time with offset), empty: it is a draft; used: a kept result or a sheet that was sent rests on it."""

    scheme: str
    version: int
    fingerprint: str
    made_at: str
    made_by: str
    current: bool
    published: str = ""
    used: bool = False


class SchemeService:
    """The schemes of the open year. What computes is always the newest version, draft or published."""

    def __init__(self, session: Session) -> None:
        self._session = session

    # ---- reading

    def all(self) -> tuple[Scheme, ...]:
        """The current version of every scheme, lowest level first (a level before those that use its results)."""
        with self._session.read() as work:
            return tuple(s.scheme for s in self._session.schemes(work))

    def get(self, scheme_id: str) -> Scheme:
        """One scheme. Raises NOT_FOUND."""
        return self._stored(scheme_id).scheme

    def text(self, scheme_id: str) -> str:
        """The document as canonical JSON text."""
        return self._stored(scheme_id).text

    def fingerprint(self, scheme_id: str) -> str:
        """SHA-256 of the canonical text, hex."""
        return self._stored(scheme_id).fingerprint

    def _stored(self, scheme_id: str) -> StoredScheme:
        with self._session.read() as work:
            return self._session.scheme(work, scheme_id)

    def check(self, scheme_id: str) -> tuple[Finding, ...]:
        """Findings of the scheme check; Finding.node is the part."""
        return self.check_of(self.get(scheme_id))

    def check_of(self, scheme: Scheme) -> tuple[Finding, ...]:
        """What the check says of a document that is being edited, among the other schemes of the year."""
        return check_document(scheme, self.all())

    # ---- drafts and versions

    def save(self, scheme_id: str, scheme: Scheme, label: str) -> Outcome[Scheme]:
        """Store the edited document: in the place of the draft, or as a new draft when the newest version is published
        or a kept result or sent sheet rests on it. label: the name of the step. Errors of the check do not hinder.
        Raises NOT_FOUND, SCHEME_BAD (a value that cannot stand there), INPUT_BAD (another id or year)."""
        with self._session.write("edit-scheme", label) as work:
            stored = self._session.scheme(work, scheme_id)
            if scheme.id != scheme_id:
                raise AppError(Fault.INPUT_BAD, f"方案代号是 {scheme_id}，不能改成 {scheme.id}。")
            _refuse_other_year(work, scheme)
            said = differences(stored.scheme, as_stored(scheme))
            version = work.schemes.save(scheme_id, write_scheme(scheme))
            first = said[0] if said else None
            work.describe(
                subject=f"{scheme_id} 第 {version.version} 版",
                before=first.before if first else "",
                after=_told(said),
                fingerprint=version.fingerprint,
            )
        return done(scheme, label, Area.SCHEMES)

    def create(self, scheme: Scheme, label: str = "") -> Outcome[Scheme]:
        """Store a new scheme. Raises INPUT_BAD when the id is taken or the year is another, SCHEME_BAD."""
        label = label or f"新建方案“{scheme.name}”"
        with self._session.write("create-scheme", label) as work:
            if work.schemes.get(scheme.id) is not None:
                raise AppError(Fault.INPUT_BAD, f"已经有代号为 {scheme.id} 的方案，请换一个代号。")
            _refuse_other_year(work, scheme)
            as_stored(scheme)
            version = work.schemes.add(scheme.id, write_scheme(scheme))
            work.describe(subject=f"{scheme.id} 第 1 版", fingerprint=version.fingerprint)
        return done(scheme, label, Area.SCHEMES, Area.UNITS, Area.SHEETS)

    def publish(self, scheme_id: str, by: str, reason: str) -> Outcome[SchemeVersion]:
        """Freeze the newest version: from now on an edit starts a new one. Raises CALC_WEIGHTS with the findings while
        the check has errors, INPUT_BAD without name or reason, or when it is published already."""
        need_reason(reason, "发布")
        if not by.strip():
            raise AppError(Fault.INPUT_BAD, "请写明由谁发布。")
        label = f"发布方案“{self.get(scheme_id).name}”"
        with self._session.write("publish-scheme", label, reason=reason) as work:
            stored = work.schemes.get(scheme_id)
            if stored is None or stored.published:
                raise AppError(Fault.INPUT_BAD, "这一版已经发布，之后没有改动。")
            others = tuple(s.scheme for s in self._session.schemes(work) if s.scheme.id != scheme_id)
            scheme = self._session.parse(stored.text, stored.fingerprint)
            refuse_when_wrong(check_scheme(scheme, others), Fault.CALC_WEIGHTS)
            published = work.schemes.publish(scheme_id)
            work.describe(subject=f"{scheme_id} 第 {published.version} 版", after=by, fingerprint=published.fingerprint)
            used = work.schemes.is_used(published.fingerprint)
        return done(_version(published, True, used), label, Area.SCHEMES)

    def versions(self, scheme_id: str) -> tuple[SchemeVersion, ...]:
        """All stored versions, newest first."""
        with self._session.read() as work:
            stored = work.schemes.versions(scheme_id)
            return tuple(_version(v, n == 0, work.schemes.is_used(v.fingerprint)) for n, v in enumerate(stored))

    def version(self, scheme_id: str, number: int) -> Scheme:
        """The document of one version. Raises NOT_FOUND."""
        with self._session.read() as work:
            return self._version(work, scheme_id, number)

    def _version(self, work: Work, scheme_id: str, number: int) -> Scheme:
        stored = work.schemes.get(scheme_id, number)
        if stored is None:
            raise AppError(Fault.NOT_FOUND, f"方案 {scheme_id} 没有第 {number} 版。")
        return self._session.parse(stored.text, stored.fingerprint)

    def compare_versions(self, scheme_id: str, before: int, after: int) -> tuple[Difference, ...]:
        """What differs between two versions, in office words. Raises NOT_FOUND."""
        return differences(self.version(scheme_id, before), self.version(scheme_id, after))

    def results_of_version(self, scheme_id: str, number: int) -> Results:
        """What an older version would give with the facts of now (the other schemes as they are); nothing is stored.
        Raises NOT_FOUND."""
        from app.scoring.engine import evaluate

        with self._session.read() as work:
            stored = self._session.schemes(work)
            version = work.schemes.get(scheme_id, number)
            if version is None:
                raise AppError(Fault.NOT_FOUND, f"方案 {scheme_id} 没有第 {number} 版。")
            facts = self._session.facts(work)
        scheme = self._session.parse(version.text, version.fingerprint)
        schemes = [scheme if s.scheme.id == scheme_id else s.scheme for s in stored]
        fingerprints = {s.scheme.id: s.fingerprint for s in stored} | {scheme_id: version.fingerprint}
        return evaluate(schemes, facts).results(fingerprints)

    def version_moves(self, scheme_id: str, before: int, after: int) -> tuple[ResultChange, ...]:
        """Whose total, rank or grade differs between two versions with the facts of now, and why. Raises NOT_FOUND."""
        with self._session.read() as work:
            return self._moves(work, self._version(work, scheme_id, before), self._version(work, scheme_id, after))

    # ---- before a change is accepted

    def who_moves(self, scheme_id: str, scheme: Scheme) -> tuple[ResultChange, ...]:
        """Whose total, rank or grade the changed document would change, and why; nothing is stored."""
        with self._session.read() as work:
            now = self._session.scheme(work, scheme_id).scheme
            return self._moves(work, now, scheme)

    def _moves(self, work: Work, before: Scheme, after: Scheme) -> tuple[ResultChange, ...]:
        from app.scoring.engine import evaluate  # numpy: not before somebody asks; the first page must not wait for it
        from app.services.schemes.moves import moves

        schemes = tuple(s.scheme for s in self._session.schemes(work))
        facts = self._session.facts(work)
        sides = ([one if s.id == one.id else s for s in schemes] for one in (before, after))
        return moves(*(evaluate(side, facts) for side in sides))

    def trial(self, scheme: Scheme, way: TrialWay) -> Trial:
        """试算: what a document (stored or not) would give on made-up facts, or on those of another year file; nothing is
        stored. Raises INPUT_BAD, and the E-FILE and E-DB errors of another year file."""
        from app.services.schemes.trial import try_out

        return try_out(self._session, scheme, way)

    def examples(self, scheme: Scheme, item_id: str) -> tuple[Example, ...]:
        """What an item of a document (stored or not) makes of some telling values, computed by the engine; empty when
        nothing can be shown. Reads nothing, so it may be asked from any thread."""
        from app.services.schemes.examples import examples_of

        return examples_of(scheme, item_id)

    def meetings(self, scheme: Scheme) -> tuple[Meeting, ...]:
        """The truth table of the adjustments: what each of them, and each two together, make of every grade."""
        from app.services.schemes.examples import meetings

        return meetings(scheme)

    def losing(self, scheme_id: str, scheme: Scheme) -> tuple[Finding, ...]:
        """Facts of the year that the changed document would no longer count: marks, votes, values and exemptions of parts
        that are gone, events of kinds that are gone, decisions for grades that are gone."""
        with self._session.read() as work:
            now = self._session.scheme(work, scheme_id).scheme
            facts = self._session.facts(work)
        return lost_facts(now, scheme, facts)

    # ---- where a new scheme starts from: values, which ``create`` stores

    def samples(self) -> tuple[Sample, ...]:
        """The sample schemes that come with the program."""
        return starts.samples()

    def from_nothing(self, level: str, level_name: str, name: str) -> Scheme:
        """A scheme with one item and the usual four grades, to be edited. Raises INPUT_BAD."""
        return self._fitted(starts.empty(self._year(), level, level_name, name))

    def from_file(self, path: Path) -> Scheme:
        """A sample, or any scheme file, as a scheme of this year. Raises SCHEME_BAD, FILE_MISSING."""
        return self._fitted(read_scheme_file(path))

    def of_other_year(self, path: Path) -> tuple[Scheme, ...]:
        """The schemes of another year file (last year's) as schemes of this year. The file is only read. Raises the
        E-FILE and E-DB errors, INPUT_BAD for the file that is open."""
        taken = self._ids()
        found: list[Scheme] = []
        for scheme in starts.schemes_of_year(self._session, path):
            found.append(self._fitted(scheme, taken))
        return tuple(found)

    def from_parts(self, level: str, level_name: str, name: str, parts: tuple[Part, ...]) -> Scheme:
        """A scheme whose tree holds these parts, such as those of an indicator table. Raises INPUT_BAD."""
        return self._fitted(starts.of_parts(self._year(), level, level_name, name, parts))

    def read_indicators(self, path: Path, sheet: str = "") -> IndicatorTable:
        """The table of indicators in a workbook (on this sheet, or the first that holds one), as a proposal; what was not
        understood is among its findings. ``parts_of`` makes parts of it. Never raises for what is in the file."""
        from app.files.excel.indicators import read_indicators

        return read_indicators(path, sheet)

    def read_indicator_text(self, text: str) -> IndicatorTable:
        """The same out of cells pasted from Excel."""
        from app.files.excel.indicators import read_indicator_text

        return read_indicator_text(text)

    def _fitted(self, scheme: Scheme, taken: set[str] | None = None) -> Scheme:
        with self._session.read() as work:
            practice = work.settings.get("practice") == "1"
        return starts.for_year(scheme, self._year(), practice, self._ids() if taken is None else taken)

    def _ids(self) -> set[str]:
        return {s.id for s in self.all()}

    def _year(self) -> int:
        with self._session.read() as work:
            return int(work.settings.get("year"))

    # ---- files

    def import_file(self, path: Path) -> Outcome[Scheme]:
        """Take in a scheme file as a new scheme or a new version of one. Raises SCHEME_BAD with findings."""
        scheme = read_scheme_file(path)
        label = f"导入方案“{scheme.name}”"
        with self._session.write("import-scheme", label) as work:
            year = work.settings.get("year")
            if str(scheme.year) != year:
                raise AppError(Fault.SCHEME_BAD, f"{path.name} 是 {scheme.year} 年度的方案，当前年度是 {year}。")
            version = work.schemes.add(scheme.id, write_scheme(scheme))
            work.describe(subject=f"{scheme.id} 第 {version.version} 版", fingerprint=version.fingerprint)
        return done(scheme, label, Area.SCHEMES, Area.UNITS, Area.SHEETS)

    def export_file(self, scheme_id: str, path: Path) -> Path:
        """Write the scheme file; returns the path written."""
        from app.files.saving.whole import write_whole  # with it all of the workbooks' room is loaded

        stored = self._stored(scheme_id)
        write_whole(path, stored.text.encode())
        note_export(self._session, f"导出方案“{stored.scheme.name}”", path, stored.fingerprint)
        return path

    def export_indicators(self, scheme_id: str, path: Path) -> Path:
        """Write the tree as a workbook for the file cabinet; returns the path written."""
        from app.files.excel.indicators import write_indicators

        stored = self._stored(scheme_id)
        write_indicators(stored.scheme, path)
        note_export(self._session, f"导出“{stored.scheme.name}”的指标表", path, stored.fingerprint)
        return path


def check_document(scheme: Scheme, schemes: Iterable[Scheme]) -> tuple[Finding, ...]:
    """Findings of a document among the schemes of the year (those of another id). Reads nothing: for the window's own
    thread, while somebody types."""
    return check_scheme(scheme, tuple(s for s in schemes if s.id != scheme.id))


def _refuse_other_year(work: Work, scheme: Scheme) -> None:
    year = work.settings.get("year")
    if str(scheme.year) != year:
        raise AppError(Fault.INPUT_BAD, f"当前年度是 {year}，方案的年度不能是 {scheme.year}。")


def _version(stored: StoredVersion, current: bool, used: bool) -> SchemeVersion:
    return SchemeVersion(
        scheme=stored.scheme,
        version=stored.version,
        fingerprint=stored.fingerprint,
        made_at=stored.made_at,
        made_by=stored.made_by,
        current=current,
        published=stored.published,
        used=used,
    )


def _told(said: tuple[Difference, ...]) -> str:
    """The change in short, for the trail."""
    if not said:
        return ""
    first, *others = said
    return f"{first}（另有 {len(others)} 处）" if others else str(first)
