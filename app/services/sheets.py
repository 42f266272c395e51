"""Score sheets: out, back, and how far the returns are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from app.domain.errors import AppError, Fault
from app.domain.facts import MarkBlock
from app.domain.progress import Progress, no_progress, portion
from app.domain.schemes import items_of
from app.domain.sheets import FormItem, SheetForm
from app.files.excel import write_sheets
from app.files.saving.together import write_together
from app.services.changes import Area, Outcome
from app.services.forms import build_forms, letterhead
from app.services.imports.apply import apply_plan, edit_of, empty_block, view_of
from app.services.imports.grid import parse_mark
from app.services.imports.handing_back import HandBackOrder, HandedBack, make_copies, refuse_beside
from app.services.imports.known import KnownForms, import_state
from app.services.imports.plan import make_plan
from app.services.imports.scan import scan_files
from app.services.imports.values import Batch, ImportPlan, OpenPlan, PlannedFile, ReadyPlan, Scan
from app.services.returns import SheetProgress, SheetState, SheetStatus, handed_back, note_handed_back, states_of
from app.services.session import Session, done, need_reason
from app.storage.records import SentSheet
from app.storage.work import Work


@dataclass(frozen=True, kw_only=True, slots=True)
class SentSheets:
    """What was written: the files, in the order of the sheets."""

    folder: Path
    files: tuple[Path, ...]


class SheetService:
    """Score sheets of the open year."""

    def __init__(self, session: Session) -> None:
        self._session = session

    # ---- out

    def forms(self, scheme_id: str | None = None) -> tuple[SheetForm, ...]:
        """The sheets that would be handed out (all schemes when none is named), with their next issue numbers."""
        with self._session.read() as work:
            return self._forms(work, scheme_id, {s.sheet: s.issue + 1 for s in work.sent.all()})

    def _forms(self, work: Work, scheme_id: str | None, issues: Mapping[str, int]) -> tuple[SheetForm, ...]:
        facts, head = self._session.facts(work), letterhead(work)
        stored = (self._session.scheme(work, scheme_id),) if scheme_id else self._session.schemes(work)
        return tuple(f for s in stored for f in build_forms(s.scheme, s.fingerprint, facts, head, issues))

    def send(
        self,
        out_dir: Path,
        scheme_id: str | None = None,
        evaluators: Sequence[str] | None = None,
        progress: Progress = no_progress,
    ) -> Outcome[SentSheets]:
        """Write one workbook per evaluator and scheme and note the hand-out. Existing files of the same name are
        replaced; a cancelled run leaves no new file. Raises INPUT_BAD when there is nothing to send."""
        wanted = None if evaluators is None else set(evaluators)
        forms = [f for f in self.forms(scheme_id) if wanted is None or f.identity.evaluator in wanted]
        if not forms:
            raise AppError(Fault.INPUT_BAD, "没有可发出的评分表：请先导入方案和名册，并检查谁评谁。")
        label = f"发出 {len(forms)} 份评分表"
        with self._session.write("send-sheets", label, undoable=False, touches_facts=False) as work:
            files = write_sheets(forms, out_dir, progress)
            work.describe(subject=out_dir.name, after="、".join(sorted({f.scheme_name for f in forms})))
            there = {
                (s.sheet, s.issue) for s in work.sent.all()
            }  # at a unit an issue is the office's, and may go out again
            noted = (_sent(f, file, work) for f, file in zip(forms, files, strict=True))
            work.sent.add(sent for sent in noted if (sent.sheet, sent.issue) not in there)
        return done(SentSheets(folder=out_dir, files=tuple(files)), label, Area.SHEETS, undoable=False)

    # ---- back

    def scan(self, paths: Sequence[Path], progress: Progress = no_progress) -> Scan:
        """Read files and folders (with everything below them); decides nothing, writes nothing, never raises for
        what is in a file. Raises FILE_MISSING for a path that is not there."""
        with self._session.read() as work:
            facts = self._session.facts(work)
            known = KnownForms(self._session.schemes(work), facts, letterhead(work))
        return scan_files(paths, known, progress)

    def plan(self, scan: Scan, answers: Mapping[str, str] | None = None) -> OpenPlan | ReadyPlan:
        """What importing would do. Call again with answers {question id: choice id} until it is a ReadyPlan."""
        with self._session.read() as work:
            state = import_state(self._session, work)
        return make_plan(scan, state, answers or {})

    def apply(self, plan: ReadyPlan, progress: Progress = no_progress) -> Outcome[Batch]:
        """Carry the plan out as one batch. Refuses an open plan, one made against an older state, and one that would
        write nothing (INPUT_BAD): then there is no batch either."""
        if any(not q.answer for q in plan.questions):  # for callers without a type checker
            raise AppError(Fault.INPUT_BAD, "导入计划还有没有回答的问题。")
        if not plan.writes:
            raise AppError(Fault.INPUT_BAD, "没有新内容，未写入。")
        label = f"导入 {sum(f.block is not None for f in plan.files)} 份评分表"
        progress("正在备份", 0)
        self._session.backups.make("导入前")
        with self._session.write("import-sheets", label) as work:
            if str(work.facts_revision()) != plan.state:
                raise AppError(Fault.INPUT_BAD, "预览之后数据有改动，请重新预览后再导入。")
            batch = apply_plan(work, plan, label, portion(progress, 10, 95))
        progress("导入完成", 100)
        return done(view_of(batch), label, Area.SHEETS)

    def undo_batch(self, number: int, reason: str) -> Outcome[Batch]:
        """撤销导入: what was stored before it stands again. Later edits of its sheets go with them. Raises NOT_FOUND,
        NOT_UNDOABLE when it was taken back before or came in a package, INPUT_BAD without a reason."""
        need_reason(reason, "撤销导入")
        label = f"撤销第 {number} 批导入"
        with self._session.write("undo-batch", label, reason=reason) as work:
            batch = work.batches.get(number)
            if batch is None:
                raise AppError(Fault.NOT_FOUND, f"没有第 {number} 批导入。")
            if batch.withdrawn:
                raise AppError(Fault.NOT_UNDOABLE, f"第 {number} 批导入已经撤销过。")
            if any(p.batch == number for p in work.packages_in.all(contents=False)):
                said = f"第 {number} 批是接收数据包，除分数外还有报告和清单，不能单独撤销导入；请用“撤销”。"
                raise AppError(Fault.NOT_UNDOABLE, said)
            current = work.blocks.withdraw(number)
            batch = work.batches.withdraw(number, reason)
            work.describe(subject=f"第 {number} 批", before=batch.label, after=f"撤回 {current} 份现行评分表")
        return done(view_of(batch), label, Area.SHEETS)

    def hand_back(
        self, files: Sequence[PlannedFile], out_dir: Path, note: str = "", progress: Progress = no_progress
    ) -> Outcome[HandedBack]:
        """退回: write a copy of each of these faulty sheets (``faulty_files`` of a plan), with the remarks at the cells,
        into another folder than that of the originals; nothing there is replaced. note: a word to the evaluators. Raises
        INPUT_BAD when the folder holds an original, or when none of the files can be handed back."""
        if not files:
            raise AppError(Fault.INPUT_BAD, "没有选中要退回的评分表。")
        refuse_beside(files, out_dir)
        with self._session.read() as work:
            head = letterhead(work)
            known = KnownForms(self._session.schemes(work), self._session.facts(work), head)
        day = date.today().isoformat()  # noqa: DTZ011 - dates of the office, without a zone
        order = HandBackOrder(known=known, head=head, day=day, note=note)
        copies, left_out = make_copies(files, order, progress)
        if not copies:
            raise AppError(Fault.INPUT_BAD, "；".join(f"{name}：{why}" for name, why in left_out[:5]))
        label = f"退回 {len(copies)} 份评分表"
        with self._session.write("hand-back", label, touches_facts=False) as work:
            work.describe(subject=out_dir.name, after="、".join(name for name, _ in copies)[:2000])
            left = {name for name, _ in left_out}
            note_handed_back(work, {f.sheet: f.sha256 for f in files if f.name not in left})
            written = write_together(out_dir, copies)
        progress("退回完成", 100)
        back = HandedBack(folder=out_dir, files=written, left_out=tuple(left_out))
        return done(back, label, Area.SHEETS)

    def batches(self) -> tuple[Batch, ...]:
        """All imports, newest first."""
        with self._session.read() as work:
            return tuple(view_of(b) for b in work.batches.all())

    # ---- how it stands

    def progress(self) -> SheetProgress:
        """How far the returns are."""
        with self._session.read() as work:
            forms = self._forms(work, None, {})
            blocks = {(b.scheme, b.evaluator): b for b in self._session.facts(work).blocks}
            return SheetProgress(states_of(forms, blocks, work.sent.all(), work.batches.all(), handed_back(work)))

    def block(self, scheme_id: str, evaluator: str) -> MarkBlock | None:
        """The current marks of one evaluator, with origin and edits; None until something is there."""
        with self._session.read() as work:
            return work.blocks.get(scheme_id, evaluator)

    def edit_mark(
        self, scheme_id: str, evaluator: str, unit: str, item: str, text: str, reason: str
    ) -> Outcome[MarkBlock]:
        """Change one mark in the program; text as it would stand in the cell (``87.5``, ``好``, ``弃权``; empty: blank).
        The cell of origin stays, the edit is kept beside it. Raises INPUT_BAD, NOT_FOUND."""
        return self.edit_marks(scheme_id, evaluator, ((unit, item, text),), reason)

    def edit_marks(
        self, scheme_id: str, evaluator: str, changes: Sequence[tuple[str, str, str]], reason: str
    ) -> Outcome[MarkBlock]:
        """Change marks (unit, item, text) of one sheet as one step, as ``edit_mark`` does; all of them or none."""
        need_reason(reason, "改分")
        if not changes:
            raise AppError(Fault.INPUT_BAD, "没有要改的分数。")
        label = self._edit_label(scheme_id, evaluator, changes)
        with self._session.write("edit-mark", label, reason=reason) as work:
            form = next((f for f in self._forms(work, scheme_id, {}) if f.identity.evaluator == evaluator), None)
            if form is None:
                raise AppError(Fault.NOT_FOUND, f"{evaluator} 没有这一层级的评分表。")
            block = work.blocks.get(scheme_id, evaluator)
            if block is None:
                block = empty_block(form)
                work.blocks.save([block])
            edits = [
                edit_of(block, *_asked(form, unit, item, text), reason, work.who, work.at)
                for (unit, item), text in {(unit, item): text for unit, item, text in changes}.items()
            ]
            work.describe(
                subject=f"{block.sheet} " + "；".join(f"{e.unit} {e.item}" for e, _ in edits),
                before="；".join(e.before or "空白" for e, _ in edits),
                after="；".join(e.after or "空白" for e, _ in edits),
            )
            block = work.edits.add_all(scheme_id, evaluator, edits)
        return done(block, label, Area.SHEETS)

    def _edit_label(self, scheme_id: str, evaluator: str, changes: Sequence[tuple[str, str, str]]) -> str:
        """``改分：张三 → 市清波办 述职报告质量``; for several marks their number."""
        with self._session.read() as work:
            facts, stored = self._session.facts(work), self._session.scheme(work, scheme_id)
        who = {e.code: e.name for e in facts.evaluators}
        units = {u.code: u.name for u in facts.units}
        items = {i.id: i.name for i in items_of(stored.scheme)}
        unit, item, _ = changes[0]
        one = f"{units.get(unit, unit)} {items.get(item, item)}" if len(changes) == 1 else f"{len(changes)} 处"
        return f"改分：{who.get(evaluator, evaluator)} → {one}"


def _asked(form: SheetForm, unit: str, item: str, text: str) -> tuple[FormItem, str, int]:
    """The item of a form, the unit, and the typed mark as its integer. Raises NOT_FOUND, INPUT_BAD."""
    asked = next((i for i in form.items if i.id == item), None)
    if asked is None or unit not in {u.code for u in form.units}:
        raise AppError(Fault.NOT_FOUND, f"{form.evaluator_name}的评分表上没有 {unit} 的 {item}。")
    value = parse_mark(text, asked)
    if isinstance(value, str):
        name = next(u.name for u in form.units if u.code == unit)
        raise AppError(Fault.INPUT_BAD, f"{name} {asked.name}：{value}")
    return asked, unit, value


def _sent(form: SheetForm, file: Path, work: Work) -> SentSheet:
    who = form.identity
    return SentSheet(
        sheet=who.sheet,
        scheme=who.scheme,
        evaluator=who.evaluator,
        issue=who.issue,
        at=work.at,
        by=work.who,
        file=file.name,
        fingerprint=who.fingerprint,
    )


__all__ = [
    "Batch",
    "ImportPlan",
    "OpenPlan",
    "ReadyPlan",
    "Scan",
    "SentSheets",
    "SheetProgress",
    "SheetService",
    "SheetState",
    "SheetStatus",
]
