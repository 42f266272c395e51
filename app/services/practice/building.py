"""Builds the practice year step by step, the way an office works: create, send out, take in, enter, compute."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from app.domain.errors import AppError, Fault
from app.domain.facts import Evaluator, VoteSession
from app.domain.progress import Progress, no_progress, portion
from app.domain.schemes import Item, OfficeSource, items_of
from app.domain.sheets import SheetForm
from app.files.excel.filling import filled
from app.files.excel.handing_out import file_name, sheet_bytes
from app.files.excel.register import write_register
from app.services.ballot_checks import BallotEntry
from app.services.imports.values import OpenPlan, ReadyPlan, Scan
from app.services.practice import city, judgement, story
from app.services.practice.reports import hand_in_reports
from app.storage.faults import named_errors

if TYPE_CHECKING:
    from app.services.container import Services
    from app.services.sheets import SheetService

YEAR_FILE = "云岭市2026年度（演练）.slk"
TITLE = "云岭市2026年度三级联述联评联考（演练）"
REGISTER = "名册.xlsx"
SCHEMES, SENT, RETURNED, LATE, EVIDENCE, TASKS = "方案", "发出的评分表", "收回的评分表", "迟交", "佐证材料", "任务包"
WHO = "考核办（演练）"


class Creates(Protocol):
    """The part of the desk that the builder needs."""

    def create(
        self, path: Path, scheme_paths: Sequence[Path], register_path: Path | None, who: str, title: str
    ) -> Services:
        """A new year file."""
        ...


def build(desk: Creates, directory: Path, progress: Progress = no_progress) -> Path:
    """Write schemes, register, year file, blank and filled score sheets into ``directory`` and compute the year.

    Returns the path of the year file. A folder that already holds the year file is refused. When a step fails or is
    cancelled, no year file is left, and a folder that was made for it is gone again.
    """
    path = directory / YEAR_FILE
    with named_errors(directory):
        if path.exists():
            raise AppError(Fault.INPUT_BAD, f"“{path}”已经存在，不会覆盖。请换一个文件夹，或先移走旧的演练年度。")
        made = _make_folder(directory)
        try:
            _build(desk, path, progress)
        except BaseException:
            path.unlink(missing_ok=True)
            if made:
                shutil.rmtree(directory, ignore_errors=True)
            raise
    return path


def _make_folder(directory: Path) -> bool:
    """Whether it had to be made."""
    if directory.is_dir():
        return False
    if directory.exists():
        raise AppError(Fault.INPUT_BAD, f"“{directory}”是一个文件，不是文件夹。请换一个文件夹。")
    try:
        directory.mkdir(parents=True)
    except FileNotFoundError as error:  # a place where the system lets nobody make folders
        raise AppError(Fault.FILE_READ_ONLY, f"“{directory}”不能建立。") from error
    return True


def _build(desk: Creates, path: Path, progress: Progress) -> None:
    progress("正在写方案和名册", 0)
    directory = path.parent
    schemes = _write_schemes(directory / SCHEMES)
    write_register(city.register(), directory / REGISTER)
    services = desk.create(path, schemes, directory / REGISTER, WHO, TITLE)
    try:
        _live_through(services, directory, progress)
    finally:
        services.close()


def _live_through(services: Services, directory: Path, progress: Progress) -> None:
    for exemption in story.exemptions():
        services.events.exempt(exemption)
    forms = services.sheets.forms()
    sent = services.sheets.send(directory / SENT, progress=portion(progress, 5, 20)).value
    progress("正在填写评分表", 20)
    _return_sheets(services, directory, forms, sent.files)
    scan = services.sheets.scan([directory / RETURNED], portion(progress, 25, 45))
    services.sheets.apply(_careful_plan(services.sheets, scan), portion(progress, 45, 55))
    services.sheets.edit_mark(*story.CORRECTED_CELL)
    _enter(services, portion(progress, 55, 85))
    services.results.compute(portion(progress, 85, 92))
    for event in story.grade_events():
        services.events.save(event)
    services.results.compute(portion(progress, 92, 95))
    hand_in_reports(services, directory / EVIDENCE, portion(progress, 95, 100))
    services.hearings.draw_lots("department", "")  # at the office; the order is as chance has it
    services.exchange.send_tasks(directory / TASKS, story.WITH_TASKS)


def _write_schemes(folder: Path) -> list[Path]:
    root = Path(getattr(sys, "_MEIPASS", Path(__file__).resolve().parents[3]))
    folder.mkdir(exist_ok=True)
    written: list[Path] = []
    for level in ("branch", "committee", "department"):
        written.append(folder / f"{level}.json")
        written[-1].write_bytes((root / "resources" / "schemes" / f"{level}.json").read_bytes())
    return written


def _return_sheets(services: Services, directory: Path, forms: Sequence[SheetForm], files: Sequence[Path]) -> None:
    """Fill every sheet as its evaluator does; put it where it ends up in this story."""
    for folder in (RETURNED, LATE):
        (directory / folder).mkdir(exist_ok=True)
    evaluators = {e.code: e for e in city.evaluators()}
    items = {(s.id, i.id): i for s in services.schemes.all() for i in items_of(s)}
    for form, file in zip(forms, files, strict=True):
        who = (form.identity.evaluator, form.identity.scheme)
        if who in story.NEVER_RETURNED:
            continue
        data = filled(file.read_bytes(), form, _answers(form, evaluators[who[0]], items))
        target = directory / (LATE if who in story.LATE else RETURNED) / file.name
        target.write_bytes(data[: len(data) // 2] if who in story.CUT_SHORT else data)
        if who in story.COPIED:
            target.with_name(f"{file.stem} - 副本.xlsx").write_bytes(data)
        if who in story.LAST_YEARS:
            old = _of_last_year(form)
            blank = sheet_bytes(old)
            target.with_name(file_name(old)).write_bytes(filled(blank, old, _answers(old, evaluators[who[0]], items)))


def _answers(form: SheetForm, evaluator: Evaluator, items: dict[tuple[str, str], Item]) -> dict[tuple[str, str], str]:
    scheme = form.identity.scheme
    answers = {
        (unit.code, item.id): judgement.written_mark(evaluator, unit.code, items[scheme, item.id])
        for unit in form.units
        for item in form.items
        if item.id not in unit.not_applicable
    }
    return answers | story.ODD_CELLS.get((evaluator.code, scheme), {})


def _of_last_year(form: SheetForm) -> SheetForm:
    identity = form.identity
    sheet = identity.sheet.replace(str(identity.year), str(identity.year - 1), 1)
    return replace(form, identity=replace(identity, sheet=sheet, year=identity.year - 1, year_file="0" * 32))


def _careful_plan(sheets: SheetService, scan: Scan) -> ReadyPlan:
    """The plan with the careful answer to every question."""
    answers: dict[str, str] = {}
    plan = sheets.plan(scan)
    while isinstance(plan, OpenPlan):
        answers |= {q.id: q.suggested for q in plan.questions if not q.answer}
        plan = sheets.plan(scan, answers)
    assert isinstance(plan, ReadyPlan)
    return plan


def _enter(services: Services, progress: Progress) -> None:
    sessions, events = judgement.sessions(), story.score_events()
    for n, session in enumerate(sessions):
        secret = session.id == judgement.SECRET_VOTE
        services.votes.save(replace(session, counts=()) if secret else session)
        if secret:
            services.ballots.take_in(_box(session))
        progress("正在录入票决", 60 * n // len(sessions))
    for n, event in enumerate(events):
        services.events.save(event)
        progress("正在录入事项", 60 + 35 * n // len(events))
    schemes = services.schemes.all()
    office = {s.level: tuple(i for i in items_of(s) if isinstance(i.source, OfficeSource)) for s in schemes}
    for scheme in schemes:
        services.events.save_office_marks([m for m in judgement.office_marks(office) if m.scheme == scheme.id])


def _box(session: VoteSession) -> BallotEntry:
    """The ballots of a secret vote, all on one item."""
    return BallotEntry(
        session=session.id,
        units=tuple(count.unit for count in session.counts),
        items=(session.counts[0].item,),
        ballots=judgement.single_ballots(session),
        counted_by="计票人（演练）",
        watched_by="监票人（演练）",
    )
