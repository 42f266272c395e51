"""Results of this year file for the office above: figures, ways to them, the units and the schemes they rest on."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path

from app.domain.errors import AppError, Fault
from app.domain.facts import EarlierResult, Unit
from app.domain.packages import PackageContent, Party, SchemeStamp, Way
from app.domain.progress import Progress
from app.domain.results import Results, SchemeResult
from app.domain.schemes import Scheme
from app.files.package import Key, read_package
from app.files.saving.aside import aside
from app.files.saving.whole import file_error
from app.services.changes import Area, Outcome
from app.services.earlier import row_of
from app.services.exchange.lists import sent_info
from app.services.exchange.making import SUFFIX, deliver, file_name, manifest_of, package_of, write_and_note
from app.services.exchange.trust import KINDS
from app.services.exchange.values import SentInfo, Upper
from app.services.results import ResultService, is_fresh
from app.services.roles import role_of
from app.services.session import Session, done
from app.storage.work import Work
from app.storage.year_file import YearFile

_UPPER = "upper"
_QUANTITIES = ("total", "rank", "grade")


def upper_of(session: Session, path: Path | None, passphrase: str) -> Upper | None:
    """The office above."""
    if path is None:
        with session.read() as work:
            kept = work.settings.get(_UPPER)
        return Upper(**json.loads(kept)) if kept else None
    return _of_task(path, passphrase) if path.suffix.lower() == SUFFIX else _of_year(path)


def _of_task(path: Path, passphrase: str) -> Upper:
    manifest = read_package(path, passphrase).manifest
    if manifest.kind != "task":
        raise AppError(Fault.PKG_KIND, f"{path.name} 是{KINDS[manifest.kind]}，请选择上级发来的任务包。")
    return Upper(
        office=manifest.sender.name,
        year_file=manifest.year_file,
        year=manifest.year,
        unit=manifest.receiver.unit,
        unit_name=manifest.receiver.name,
        key=manifest.sender.key,
    )


def _of_year(path: Path) -> Upper:
    file = YearFile.open(path, read_only=True)
    try:
        with file.read() as work:
            role, unit = role_of(work), work.units.get(role_of(work).own_unit)
            if not role.is_unit or unit is None:
                raise AppError(Fault.PKG_KIND, f"{path.name} 不是由任务包建立的年度文件。")
            return Upper(
                office=work.settings.get("office"),
                year_file=role.forms,
                year=int(work.settings.get("year")),
                unit=unit.code,
                unit_name=unit.name,
                key=role.office_key,
            )
    finally:
        file.close()


def send_results(
    session: Session,
    results: ResultService,
    key: Key,
    path: Path,
    upper: Upper,
    schemes: Sequence[str] | None,
    passphrase: str,
    progress: Progress,
) -> Outcome[SentInfo]:
    """Write the package and note it."""
    kept, used = _kept(session, results, upper)
    wanted = [s for s in kept.schemes if schemes is None or s.scheme in schemes]
    missing = sorted(set(schemes or ()) - {s.scheme for s in wanted})
    if missing or not wanted:
        raise AppError(Fault.NOT_FOUND, f"结果中没有方案“{missing[0] if missing else ''}”。")
    with session.read() as work:
        known = {s.scheme.id: s.scheme for s in session.schemes(work)}
        units = {u.code: u for u in work.units.all()}
        texts = {
            v.scheme: v.text for s in wanted for v in work.schemes.versions(s.scheme) if v.fingerprint == used[s.scheme]
        }
    told = tuple(r for s in wanted for r in _told(s, upper.year))
    content = PackageContent(
        units=tuple(_units(told, units, upper)),
        results=told,
        ways=tuple(_ways(results, wanted, known, told, progress)),
    )
    label = f"报送结果：{'、'.join(known[s.scheme].name for s in wanted)}"
    folder = path if path.is_dir() else path.parent
    try:
        with aside(folder) as place:
            with session.write("send-results", label, undoable=False, touches_facts=False) as work:
                sender = Party(name=upper.unit_name, unit=upper.unit, key=key.public)
                receiver = Party(name=upper.office, key=upper.key)
                stamps = tuple(SchemeStamp(id=i, fingerprint=used[i]) for i in texts)
                manifest = manifest_of(work, "results", sender, receiver, stamps, upper.year_file)
                name = file_name(manifest) if path.is_dir() else path.name
                package = package_of(manifest, content, texts, {})
                sent = write_and_note(work, package, key, place / name, name, passphrase)
                _remember(work, upper)
                work.describe(subject=name, after=f"{len(told)} 个单位的结果", fingerprint=sent.sha256)
            deliver(session, (sent,), place, folder)
    except OSError as error:
        raise file_error(error, folder) from error
    progress("已生成结果包", 100)
    return done(sent_info(sent, upper.office), label, Area.EXCHANGE, undoable=False)


def _kept(session: Session, results: ResultService, upper: Upper) -> tuple[Results, dict[str, str]]:
    """The result that is sent, and the fingerprints of its schemes."""
    with session.read() as work:
        if role_of(work).is_unit:
            raise AppError(Fault.INPUT_BAD, "这是填报单位的年度文件，请在本级组织考核的年度文件里报送结果。")
        if int(work.settings.get("year")) != upper.year:
            raise AppError(
                Fault.PKG_YEAR, f"上级的任务是 {upper.year} 年度的，当前是 {work.settings.get('year')} 年度。"
            )
        all_kept = work.snapshots.all()
        kept = next((s for s in all_kept if s.frozen), next(iter(all_kept), None))
        if kept is None or not is_fresh(session, work, kept):
            raise AppError(Fault.CALC_STALE, "没有与现在的数据一致的结果，请先计算（最好定稿）再报送。")
        snapshot = results.loaded(work, kept)
    return snapshot.results, snapshot.info.fingerprints


def _remember(work: Work, upper: Upper) -> None:
    text = json.dumps(asdict(upper), ensure_ascii=False, sort_keys=True)
    if work.settings.get(_UPPER) != text:
        work.settings.set(_UPPER, text)


def _told(result: SchemeResult, year: int) -> Iterator[EarlierResult]:
    """What is known of each unit; one without total and grade has no result to tell."""
    ranks: dict[str, list[int]] = {}
    for unit in result.units.values():
        if unit.rank is not None:
            ranks.setdefault(unit.series, []).append(unit.rank)
    for unit in result.units.values():
        grades = {unit.grade.final: unit.grade.final}
        told = row_of(unit, result.scheme, year, grades, ranks.get(unit.series, []))
        if told.grade or told.total is not None:
            yield replace(told, package="")


def _units(told: Sequence[EarlierResult], units: dict[str, Unit], upper: Upper) -> Iterator[Unit]:
    """The units of the results and those between them and the sender; whoever stands at the top here stands under it."""
    wanted: dict[str, Unit] = {}
    for result in told:
        code = result.unit
        while code in units and code not in wanted and code != upper.unit:
            wanted[code] = units[code]
            code = units[code].parent
    for code, unit in wanted.items():
        top = unit.parent not in wanted
        yield replace(unit, parent=upper.unit, links=()) if top else replace(wanted[code], links=())


def _ways(
    results: ResultService,
    wanted: Sequence[SchemeResult],
    schemes: dict[str, Scheme],
    told: Sequence[EarlierResult],
    progress: Progress,
) -> Iterator[Way]:
    """To total, rank and grade of each, and to each measure; the parts of the tree lie on the way to the total."""
    measures = {s.scheme: tuple(m.id for m in schemes[s.scheme].measures) for s in wanted}
    for number, one in enumerate(told):
        for quantity in (*_QUANTITIES, *measures[one.scheme]):
            step = results.explain(one.scheme, one.unit, quantity)
            yield Way(scheme=one.scheme, unit=one.unit, quantity=quantity, step=step)
        progress("正在写明由来", 95 * (number + 1) // len(told))
