"""A unit's year file out of its task package: whole, or not at all."""

from __future__ import annotations

from pathlib import Path

from app.domain.errors import AppError, Fault
from app.domain.packages import Package, key_code
from app.domain.progress import no_progress
from app.files.documents import read_scheme
from app.files.package import read_package
from app.files.saving.aside import aside
from app.files.saving.whole import file_error, move_over
from app.services.exchange.apply import apply_merge
from app.services.exchange.plan import make_plan
from app.services.exchange.state import standing
from app.services.exchange.trust import CONFIRM, KINDS
from app.services.exchange.values import PackageScan, ReadyMerge, ScannedPackage, TaskView
from app.services.open_year import Services
from app.services.opening import services_of
from app.services.roles import UNIT_ROLE, WORKER
from app.services.session import Session
from app.storage.records import Details
from app.storage.work import Work
from app.storage.year_file import YearFile


def look_at_task(path: Path, passphrase: str) -> TaskView:
    """What the package says."""
    package = _task(path, passphrase)
    manifest, content = package.manifest, package.content
    return TaskView(
        unit=manifest.receiver.unit,
        unit_name=manifest.receiver.name,
        office=manifest.sender.name,
        year=manifest.year,
        title=manifest.title,
        practice=manifest.practice,
        secrecy=manifest.secrecy,
        key_code=key_code(manifest.sender.key),
        sequence=manifest.sequence,
        made=manifest.made,
        sheets=len(content.forms),
        reports=_reports_to_write(package),
        entries=sum(e.unit == manifest.receiver.unit for e in content.entries),
    )


def _reports_to_write(package: Package) -> int:
    """How many reports the unit has to write, begun or not: one under each scheme of its level that asks for one."""
    levels = {u.level for u in package.content.units if u.code == package.manifest.receiver.unit}
    schemes = [read_scheme(text)[0] for text in package.schemes.values()]
    return sum(s is not None and s.report is not None and s.level in levels for s in schemes)


def _task(path: Path, passphrase: str) -> Package:
    package = read_package(path, passphrase)
    if package.manifest.kind != "task":
        raise AppError(Fault.PKG_KIND, f"这是{KINDS[package.manifest.kind]}，不是任务包。")
    return package


def open_task(path: Path, year_path: Path, passphrase: str, who: str, own_folder: Path) -> Services:
    """The file is made aside and moved to its place when everything is in it. who: the person who works in it; the year
    file remembers the name."""
    package = _task(path, passphrase)
    manifest = package.manifest
    year_path = year_path.absolute()
    if year_path.exists():
        said = f"{year_path} 已经存在，不会覆盖。是同一个单位的，请打开它再接收这个任务包。"
        raise AppError(Fault.INPUT_BAD, said)
    if not year_path.parent.is_dir():
        raise AppError(Fault.FILE_MISSING, f"文件夹 {year_path.parent} 不存在。")
    title = f"{manifest.year} 年度 {manifest.receiver.name}（{manifest.sender.name}任务）"
    try:
        with aside(year_path.parent) as place:
            making = place / year_path.name
            said = Details(subject=title)
            file = YearFile.create(making, manifest.year, title, manifest.practice, who, details=said, role=UNIT_ROLE)
            try:
                session = Session(file, who, own_folder)
                session.role = UNIT_ROLE  # what the settings will say
                _fill(session, package, path)
            finally:
                file.close()
            move_over(making, year_path)
    except OSError as error:
        raise file_error(error, year_path.parent) from error
    return services_of(YearFile.open(year_path), who, own_folder)


def _fill(session: Session, package: Package, path: Path) -> None:
    """One transaction: what the year file is, and what the task brings."""
    label = f"打开任务包：{package.manifest.receiver.name}"
    with session.write("open-task", label, undoable=False) as work:
        _settle(work, package)
        work.settings.set(WORKER, session.who)
        scan = PackageScan((ScannedPackage(path=path, name=path.name, package=package),))
        answers: dict[str, str] = {}
        plan = make_plan(scan, standing(session, work, (package.manifest,)), answers, "ask")
        answers |= {q.id: CONFIRM for q in plan.questions}
        plan = make_plan(scan, standing(session, work, (package.manifest,)), answers, "ask")
        if not isinstance(plan, ReadyMerge) or not plan.writes:
            raise AppError(Fault.PKG_FORMAT, "；".join(p.reason for p in plan.packages))
        apply_merge(work, plan, label, no_progress)
        work.describe(subject=path.name, fingerprint=package.sha256)


def _settle(work: Work, package: Package) -> None:
    manifest = package.manifest
    texts: dict[str, str] = {
        "role": "unit",
        "own_unit": manifest.receiver.unit,
        "office_file": manifest.year_file,
        "office_key": manifest.sender.key,
        "office": manifest.sender.name,
        "secrecy": manifest.secrecy,
    }
    for key, text in texts.items():
        work.settings.set(key, text)
