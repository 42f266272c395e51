"""Tasks out: a package for each unit, written aside and moved to its place when all of them are noted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from app.domain.errors import AppError, Fault
from app.domain.facts import Unit
from app.domain.packages import Package, Party, UnitReport
from app.domain.progress import Progress
from app.domain.sheets import SheetForm
from app.files.package import Key, check_passphrase
from app.files.saving.aside import aside
from app.files.saving.whole import file_error
from app.services.changes import Area, Outcome
from app.services.exchange import lists
from app.services.exchange.contents import (
    Sources,
    evidence_of,
    sources,
    stamps_of,
    task_content,
    task_schemes,
)
from app.services.exchange.making import deliver, file_name, manifest_of, package_of, write_and_note
from app.services.exchange.stored_reports import unit_reports
from app.services.exchange.values import SentInfo, SentTasks
from app.services.roles import role_of
from app.services.session import Session, done
from app.storage.records import SentPackage, SentSheet
from app.storage.versions import SENT_SCHEMES
from app.storage.work import Work


def send_tasks(
    session: Session, key: Key, out_dir: Path, codes: Sequence[str] | None, passphrase: str, progress: Progress
) -> Outcome[SentTasks]:
    """Write them and note that they went out."""
    check_passphrase(passphrase)
    with session.read() as work:
        all_of = sources(session, work)
    units = _wanted(all_of.units, codes) if codes is not None else lists.with_tasks(all_of)
    if not units:
        raise AppError(Fault.INPUT_BAD, "没有可发的任务：请先设好述职报告格式，或让单位的评议人参加评分。")
    label = f"发出 {len(units)} 个任务包"
    sent: list[SentInfo] = []
    kept: list[SentPackage] = []
    try:
        out_dir.mkdir(parents=True, exist_ok=True)
        with aside(out_dir) as place:
            with session.write("send-tasks", label, undoable=False, touches_facts=False) as work:
                made = _Making(all_of, work, key, units)
                for number, unit in enumerate(units):
                    package = made.package(unit)
                    name = file_name(package.manifest)
                    noted = write_and_note(work, package, key, place / name, name, passphrase)
                    kept.append(noted)
                    sent.append(lists.sent_info(noted, unit.name))
                    progress("正在生成任务包", 100 * (number + 1) // len(units))
                _note_sheets(work, [(s.file, f) for s in sent for f in all_of.forms.get(s.unit, ())])
                _note_schemes(work, {s.fingerprint for u in units for s in task_schemes(all_of, u)})
                work.describe(subject=out_dir.name, after="；".join(s.file for s in sent)[:2000])
            deliver(session, kept, place, out_dir)
    except OSError as error:
        raise file_error(error, out_dir) from error
    value = SentTasks(folder=out_dir, packages=tuple(sent), files=tuple(out_dir / s.file for s in sent))
    return done(value, label, Area.EXCHANGE, Area.SHEETS, undoable=False)


class _Making:
    """Makes the package of one unit after the other."""

    def __init__(self, all_of: Sources, work: Work, key: Key, units: Sequence[Unit]) -> None:
        self._all_of = all_of
        self._work = work
        self._role = role_of(work)
        self._office = Party(name=work.settings.get("office") or work.settings.get("title"), key=key.public)
        self._returns = {p.unit: p.id for p in work.packages_in.all(contents=False) if p.kind == "return"}
        self._reports = _by_unit(unit_reports(work, (u.code for u in units)).values())

    def package(self, unit: Unit) -> Package:
        """What goes to this unit; it answers the return of the unit that was taken in last."""
        schemes = task_schemes(self._all_of, unit)
        content = task_content(self._all_of, unit, self._reports.get(unit.code, ()))
        receiver, answers = Party(name=unit.name, unit=unit.code), self._returns.get(unit.code, "")
        stamps = stamps_of(schemes)
        manifest = manifest_of(self._work, "task", self._office, receiver, stamps, self._role.forms, answers)
        evidence = evidence_of(self._work, content.reports)
        return package_of(manifest, content, {s.scheme.id: s.text for s in schemes}, evidence)


def _wanted(units: Mapping[str, Unit], codes: Sequence[str]) -> tuple[Unit, ...]:
    missing = [c for c in codes if c not in units]
    if missing:
        raise AppError(Fault.NOT_FOUND, f"名册中没有单位“{missing[0]}”。")
    return tuple(units[c] for c in dict.fromkeys(codes))


def _by_unit(reports: Iterable[UnitReport]) -> dict[str, list[UnitReport]]:
    found: dict[str, list[UnitReport]] = {}
    for report in reports:
        found.setdefault(report.report.unit, []).append(report)
    return found


def _note_sheets(work: Work, handed: Sequence[tuple[str, SheetForm]]) -> None:
    """The sheets in a task are handed out with it, unless this issue was before."""
    there = {(s.sheet, s.issue) for s in work.sent.all()}
    work.sent.add(
        SentSheet(
            sheet=f.identity.sheet,
            scheme=f.identity.scheme,
            evaluator=f.identity.evaluator,
            issue=f.identity.issue,
            at=work.at,
            by=work.who,
            file=file,
            fingerprint=f.identity.fingerprint,
        )
        for file, f in handed
        if (f.identity.sheet, f.identity.issue) not in there
    )


def _note_schemes(work: Work, fingerprints: set[str]) -> None:
    """What has left the house is not changed in place any more."""
    new = {f for f in fingerprints if not work.schemes.is_used(f)}
    if new:
        known = work.settings.get(SENT_SCHEMES).split()
        work.settings.set(SENT_SCHEMES, " ".join(sorted({*known, *new})))
