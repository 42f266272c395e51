"""The unit's side: what is still to do, handing it in, and the receipt that goes along on paper."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.domain.errors import AppError, Fault
from app.domain.findings import Finding, Severity
from app.domain.packages import Manifest, PackageContent, Party, key_code
from app.domain.progress import Progress, no_progress
from app.domain.quantities import MarkState
from app.domain.schemes import Scheme
from app.files.package import check_passphrase, load_key
from app.files.saving.aside import aside
from app.files.saving.whole import file_error
from app.scoring.marks import STATE_CODES, codes_of
from app.services.changes import Area, Outcome
from app.services.exchange.contents import evidence_of, return_content, stamps_of
from app.services.exchange.making import SUFFIX, code_of, deliver, file_name, manifest_of, package_of, write_and_note
from app.services.exchange.reports import STATES
from app.services.exchange.state import content_of
from app.services.exchange.stored_reports import unit_reports
from app.services.forms import build_forms, letterhead
from app.services.overview import PageId
from app.services.receipts import Receipt, receipt_html
from app.services.reports import ReportService
from app.services.returns import SheetState, SheetStatus, handed_back, states_of
from app.services.roles import WORKER, Role, role_of
from app.services.session import Session, done, refuse_when_wrong
from app.storage.records import SentPackage
from app.storage.work import Work

_BAD = Fault.INPUT_BAD.value.code


@dataclass(frozen=True, kw_only=True, slots=True)
class TaskLine:
    """One thing the unit has to do: done of total. page, target: where (a scheme, a sheet id, or empty); detail: what is
    missing, in words; severity: a note when it is done."""

    text: str
    done: int
    total: int
    page: PageId
    target: str = ""
    detail: str = ""
    severity: Severity = Severity.WARNING

    @property
    def finished(self) -> bool:
        """Whether nothing is left."""
        return self.done >= self.total


class TaskService:
    """The tasks of a unit, in its own year file. At the office there are none."""

    def __init__(self, session: Session, reports: ReportService) -> None:
        self._session = session
        self._reports = reports

    # ---- what is to do

    def checklist(self) -> tuple[TaskLine, ...]:
        """Reports, remarks, lists, sheets, and handing in, in the order in which one does them."""
        with self._session.read() as work:
            role = role_of(work)
            if not role.is_unit:
                return ()
            return (
                *_report_lines(self._session, work, role),
                *_entry_lines(work, role),
                *_sheet_lines(self._sheets(work)),
                _handing_in(work, self._session, role),
            )

    def last_check(self) -> tuple[Finding, ...]:
        """What to know before handing in: what is unfinished (warnings), and what cannot be (errors)."""
        with self._session.read() as work:
            role = role_of(work)
            if not role.is_unit:
                return (Finding(_BAD, "", "这是考核办的年度文件，没有要提交的任务", "请打开由任务包建立的年度文件"),)
            name = work.settings.get("title")
        lines = [line for line in self.checklist() if line.page != "exchange" and not line.finished]
        return tuple(
            Finding(
                _BAD, name, f"{line.text}：{line.detail or '没有完成'}", "可以先提交，之后补齐再提交一次", line.severity
            )
            for line in lines
        )

    def _sheets(self, work: Work) -> tuple[SheetState, ...]:
        facts, head = self._session.facts(work), letterhead(work)
        forms = [f for s in self._session.schemes(work) for f in build_forms(s.scheme, s.fingerprint, facts, head, {})]
        blocks = {(b.scheme, b.evaluator): b for b in facts.blocks}
        return states_of(forms, blocks, work.sent.all(), work.batches.all(), handed_back(work))

    def set_worker(self, name: str) -> Outcome[str]:
        """Who works in this year file from now on: the name in the trail, in packages and on receipts. Raises INPUT_BAD
        for an empty name and at the office."""
        name = name.strip()
        if not name:
            raise AppError(Fault.INPUT_BAD, "请填写经办人姓名。")
        label = f"经办人：{name}"
        with self._session.write("set-worker", label, undoable=False, touches_facts=False) as work:
            if not role_of(work).is_unit:
                raise AppError(Fault.INPUT_BAD, "经办人在填报单位的年度文件里设定。")
            work.describe(subject=WORKER, before=self._session.who, after=name)
            work.settings.set(WORKER, name)
        self._session.who = name
        return done(name, label, Area.EXCHANGE, Area.YEAR, undoable=False)

    # ---- handing in

    def submit(
        self,
        path: Path,
        passphrase: str = "",
        with_reports: bool = True,
        progress: Progress = no_progress,
        who: str = "",
    ) -> Outcome[Receipt]:
        """Write the return package: the report, the marks, the lists. A run cancelled while it looks leaves nothing; from then
        on it is carried through. path: the file, or a folder (one without
        the ending of a package that is not there is a folder, and made). with_reports: reports
        that are drafts or were given back are submitted before (and locked), each as a step of its own. who: the person, when it is another one now. Raises INPUT_BAD
        with findings, PKG_KEY, PKG_TOO_LARGE, E-FILE errors; then no file is left."""
        refuse_when_wrong(self.last_check())
        if who.strip() and who.strip() != self._session.who:
            self.set_worker(who)
        key = load_key(self._session.own_folder)
        check_passphrase(passphrase)
        progress("正在核对", 10)
        label = "提交：回传包"
        try:
            if path.suffix.lower() != SUFFIX and not path.exists():
                path.mkdir(parents=True)
            folder = path if path.is_dir() else path.parent
            with aside(folder) as place:  # what is locked now can be written there
                progress("正在打包", 20)  # the last moment at which nothing is done yet and it can be cancelled
                if with_reports:
                    self._submit_reports()
                with self._session.write("submit", label, undoable=False, touches_facts=False) as work:
                    role, facts = role_of(work), self._session.facts(work)
                    content = return_content(work, role, facts)
                    manifest = self._manifest(work, role, content)
                    name = file_name(manifest) if path.is_dir() else path.name
                    package = package_of(manifest, content, {}, evidence_of(work, content.reports))
                    sent = write_and_note(work, package, key, place / name, name, passphrase)
                    label = f"提交：第 {manifest.sequence} 号回传包"
                    work.describe(subject=name, after=f"{len(content.reports)} 份报告，{len(content.blocks)} 份评分表")
                    work.describe(fingerprint=sent.sha256)
                deliver(self._session, (sent,), place, folder)
        except OSError as error:
            raise file_error(error, path if path.is_dir() else path.parent) from error
        return done(self.receipt(sent.id, folder / name), label, Area.EXCHANGE, undoable=False)

    def _manifest(self, work: Work, role: Role, content: PackageContent) -> Manifest:
        unit = work.units.get(role.own_unit)
        key = load_key(self._session.own_folder)
        sender = Party(name=unit.name if unit else role.own_unit, unit=role.own_unit, key=key.public)
        receiver = Party(name=work.settings.get("office"), key=role.office_key)
        used = {b.scheme for b in content.blocks} | {r.report.scheme for r in content.reports}
        schemes = [s for s in self._session.schemes(work) if s.scheme.id in used]
        return manifest_of(work, "return", sender, receiver, stamps_of(schemes), role.forms, role.task)

    def _submit_reports(self) -> None:
        with self._session.read() as work:
            own = unit_reports(work, (role_of(work).own_unit,))
        for (scheme, unit), report in own.items():
            if report.state in ("draft", "returned") and any(s.text.strip() for s in report.report.sections):
                self._reports.submit(scheme, unit)

    # ---- the receipt

    def receipt(self, package: str = "", path: Path | None = None) -> Receipt:
        """The receipt of a return that went out; none named: of the newest. Raises NOT_FOUND."""
        with self._session.read() as work:
            role = role_of(work)
            sent = [p for p in work.packages_out.all() if p.kind == "return" and package in ("", p.id)]
            if not sent:
                raise AppError(Fault.NOT_FOUND, "还没有提交过。")
            newest, settings, unit = sent[-1], work.settings.all(), work.units.get(role.own_unit)
            checkpoint = _checkpoint(work, newest)
            names = {s.scheme.id: s.scheme for s in self._session.schemes(work)}
        content = content_of(newest.content) or PackageContent()
        marks, blanks = _counted(content)
        key = load_key(self._session.own_folder)
        return Receipt(
            path=path,
            file=newest.file,
            id=newest.id,
            code=code_of(newest.id),
            key_code=key_code(key.public),
            sequence=newest.sequence,
            at=newest.at,
            by=newest.by,
            unit=role.own_unit,
            unit_name=unit.name if unit else role.own_unit,
            office=settings.get("office", ""),
            year=int(settings["year"]),
            title=settings.get("title", ""),
            practice=bool(settings.get("practice")),
            secrecy=settings.get("secrecy", ""),
            sha256=newest.sha256,
            checkpoint=checkpoint,
            reports=tuple(
                _report_text(names.get(r.report.scheme), r.report.scheme, STATES[r.state]) for r in content.reports
            ),
            sheets=len(content.blocks),
            marks=marks,
            blanks=blanks,
            evidence=len({e.digest for r in content.reports for e in r.report.evidence}),
            entries=len(content.entries),
        )

    def receipt_html(self, receipt: Receipt) -> str:
        """The receipt as a page to print and to sign."""
        return receipt_html(receipt)


def _checkpoint(work: Work, sent: SentPackage) -> str:
    """The code of the trail with the entry that handed the package in."""
    entry = next((e for e in work.audit.entries(50) if e.action == "submit" and e.fingerprint == sent.sha256), None)
    return entry.code if entry else work.audit.checkpoint()


def _report_text(scheme: Scheme | None, identity: str, state: str) -> str:
    title = scheme.report.title if scheme and scheme.report else "述职报告"
    return f"{title}（{scheme.name if scheme else identity}）：{state}"


def _counted(content: PackageContent) -> tuple[int, int]:
    """Marks given (abstentions too), and blanks, on all sheets."""
    blank = STATE_CODES[MarkState.BLANK]
    codes = [codes_of(b) for b in content.blocks]
    blanks = sum(int((c == blank).sum()) for c in codes)
    return sum(int(c.size) for c in codes) - blanks, blanks


# ---- lines of the checklist


def _report_lines(session: Session, work: Work, role: Role) -> Sequence[TaskLine]:
    unit = work.units.get(role.own_unit)
    lines: list[TaskLine] = []
    for stored in session.schemes(work):
        form = stored.scheme.report
        if form is None or unit is None or stored.scheme.level != unit.level:
            continue
        report = unit_reports(work, (unit.code,)).get((stored.scheme.id, unit.code))
        state = report.state if report else "draft"
        handed = state in ("submitted", "accepted")
        written = report is not None and any(s.text.strip() for s in report.report.sections)
        detail = STATES[state] if written else "还没有写"
        weight = Severity.NOTE if handed else Severity.WARNING
        lines.append(
            TaskLine(
                text=form.title,
                done=int(handed),
                total=1,
                page="reports",
                target=stored.scheme.id,
                detail=detail,
                severity=weight,
            )
        )
        remarks = report.remarks if report else ()
        if remarks:
            settled = sum(r.settled for r in remarks)
            left = len(remarks) - settled
            lines.append(
                TaskLine(
                    text=f"{form.title}：考核办的批注",
                    done=settled,
                    total=len(remarks),
                    page="reports",
                    target=stored.scheme.id,
                    detail=f"还有 {left} 条没有处理" if left else "",
                    severity=Severity.WARNING if left else Severity.NOTE,
                )
            )
    return lines


def _entry_lines(work: Work, role: Role) -> Sequence[TaskLine]:
    mine = [e for e in work.list_entries.all() if e.unit == role.own_unit and e.kind != "duty"]
    if not mine:
        return ()
    finished = sum(e.state == "done" for e in mine)
    left = len(mine) - finished
    return (
        TaskLine(
            text="上年问题和承诺",
            done=finished,
            total=len(mine),
            page="reports",
            detail=f"还有 {left} 条没有办结" if left else "",
            severity=Severity.NOTE,
        ),
    )


def _sheet_lines(sheets: Sequence[SheetState]) -> Sequence[TaskLine]:
    return [
        TaskLine(
            text=f"评分：{sheet.evaluator_name or sheet.evaluator}",
            done=sheet.returned,
            total=sheet.expected,
            page="sheets",
            target=sheet.sheet,
            detail="" if sheet.returned >= sheet.expected else _left(sheet),
            severity=Severity.NOTE if sheet.returned >= sheet.expected else Severity.WARNING,
        )
        for sheet in sheets
    ]


def _left(sheet: SheetState) -> str:
    left = sheet.expected - sheet.returned
    return f"还有 {left} 项未评" if sheet.status in (SheetStatus.GAPS, SheetStatus.RETURNED) else "还没有评分"


def _handing_in(work: Work, session: Session, role: Role) -> TaskLine:
    """Whether what there is has been handed in."""
    sent = [p for p in work.packages_out.all() if p.kind == "return" and p.answers == role.task]
    newest = sent[-1] if sent else None
    now = json.dumps(_state(return_content(work, role, session.facts(work))))
    before = content_of(newest.content) if newest else None
    current = before is not None and json.dumps(_state(before)) == now
    detail = "" if current else "上次提交之后又有改动" if newest else "还没有提交"
    if newest is not None and current:
        detail = f"{newest.at[:16].replace('T', ' ')} 第 {newest.sequence} 号"
    weight = Severity.NOTE if current else Severity.WARNING
    return TaskLine(text="提交回传包", done=int(current), total=1, page="exchange", detail=detail, severity=weight)


def _state(content: PackageContent) -> list[object]:
    """What of a return can be told apart from another one."""
    blocks = [(b.scheme, b.evaluator, b.units, b.items, b.width, b.values.hex()) for b in content.blocks]
    reports = [(r.report.scheme, r.state, repr(r.report), [repr(m) for m in r.remarks]) for r in content.reports]
    return [blocks, reports, [repr(e) for e in content.entries]]
