"""退回: which files of a plan can go back to their evaluators, what is written into the copies, and the copies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.domain.errors import AppError, Fault
from app.domain.findings import Finding, Severity
from app.domain.progress import Progress
from app.domain.sheets import HandBack, HandBackRemark, SheetForm, SheetReading
from app.files.excel import FormLookup, returned_copy, scan_bytes
from app.files.excel.preflight import read_file
from app.services.forms import Letterhead
from app.services.imports.values import ImportPlan, PlannedFile


@dataclass(frozen=True, kw_only=True, slots=True)
class HandedBack:
    """What was written: the copies, and which files were left out (name, why)."""

    folder: Path
    files: tuple[Path, ...]
    left_out: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class HandBackOrder:
    """What is common to the copies of one handing back. known: finds the form of a sheet; day: as shown."""

    known: FormLookup
    head: Letterhead
    day: str
    note: str


def faults_of(file: PlannedFile) -> tuple[Finding, ...]:
    """What the evaluator has to mend, or to look at, in a file of ours."""
    if not file.sheet or file.fate == "unread":
        return ()
    return tuple(f for f in file.findings if f.severity is not Severity.NOTE)


def must_be_mended(file: PlannedFile) -> bool:
    """Whether something in the file was refused, which only its evaluator can settle."""
    return any(f.severity is Severity.ERROR for f in faults_of(file))


def faulty_files(plan: ImportPlan) -> tuple[PlannedFile, ...]:
    """The files that can be handed back, those with refused cells first."""
    found = [f for f in plan.files if faults_of(f)]
    return tuple(sorted(found, key=lambda f: not must_be_mended(f)))


def refuse_beside(files: Iterable[PlannedFile], out_dir: Path) -> None:
    """A copy never lies beside the original: somebody would take one for the other. Raises INPUT_BAD."""
    target = out_dir.resolve()
    if any(file.path.resolve().parent == target for file in files):
        raise AppError(Fault.INPUT_BAD, f"“{out_dir}”里放着收回的原件，退回的副本请另选一个文件夹。")


def make_copies(
    files: Sequence[PlannedFile], order: HandBackOrder, progress: Progress
) -> tuple[list[tuple[str, bytes]], list[tuple[str, str]]]:
    """(name, bytes) of the copies, and (name, why) of what could not be handed back. Writes nothing."""
    copies: list[tuple[str, bytes]] = []
    left_out: list[tuple[str, str]] = []
    for number, file in enumerate(files):
        progress("正在写退回的副本", 95 * number // len(files))
        try:
            copies.append((f"{file.path.stem}_退回.xlsx", _copy(file, order)))
        except AppError as error:
            left_out.append((file.name, error.detail or error.fault.value.cause))
    return copies, left_out


def _copy(file: PlannedFile, order: HandBackOrder) -> bytes:
    data = read_file(file.path)
    reading = scan_bytes(file.path.name, data, order.known)
    if reading.sha256 != file.sha256:
        raise AppError(Fault.INPUT_BAD, "预览之后文件有改动，请重新预览。")
    who = reading.identity
    form = order.known(who) if who else None
    if who is None or not isinstance(form, SheetForm) or who.year_file != order.head.year_file:
        raise AppError(Fault.XLS_MISMATCH, "不是本年度文件发出的评分表，不能退回。")
    own = set(reading.findings)
    extra = [f for f in faults_of(file) if f not in own]
    found = [f for f in reading.findings if f.severity is not Severity.NOTE]
    back = HandBack(
        sheet=reading.block.origin.sheet if reading.block and reading.block.origin else "",
        evaluator=form.evaluator_name or who.evaluator,
        scheme_name=form.scheme_name,
        remarks=tuple(_remark(f, reading, form) for f in (*found, *extra)),
        day=order.day,
        note=order.note.strip(),
        office=order.head.office,
        practice=form.practice,
    )
    return returned_copy(file.path.name, data, back)


def _remark(finding: Finding, reading: SheetReading, form: SheetForm) -> HandBackRemark:
    must = finding.severity is Severity.ERROR
    about = next((r for r in reading.remarks if r.finding is finding), None)
    if about is None:
        place = finding.place.split(" › ")
        cell = place[2] if len(place) == 3 else ""  # file › sheet › cell, else the sheet or the file as a whole
        return HandBackRemark(cell=cell, found=finding.message, step=finding.step, must=must)
    return HandBackRemark(
        cell=about.address,
        unit=form.units[about.unit].name,
        item=form.items[about.item].name,
        seen=about.seen,
        found=finding.message,
        step=finding.step,
        must=must,
    )
