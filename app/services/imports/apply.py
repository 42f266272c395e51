"""Apply: a finished plan becomes one batch, inside the transaction of the caller."""

from __future__ import annotations

from dataclasses import replace

from app.domain.facts import MarkBlock, MarkEdit
from app.domain.progress import Progress
from app.domain.sheets import FormItem, SheetForm
from app.services.imports.grid import BLANK, is_mark, mark_text, packed_mark, unpack
from app.services.imports.reports import read_report, write_report
from app.services.imports.values import Batch, ReadyPlan
from app.storage.records import Batch as StoredBatch
from app.storage.records import BatchFile
from app.storage.work import Work


def apply_plan(work: Work, plan: ReadyPlan, label: str, progress: Progress) -> StoredBatch:
    """Store the sheets of the plan; refused files are kept in the batch's report."""
    taken = [f for f in plan.files if f.block is not None]
    files = [BatchFile(name=f.name, sha256=f.sha256, sheet=f.sheet, content=f.content) for f in taken]
    batch = work.batches.add(label, files, write_report(plan))
    progress("正在写入分数", 0)
    work.blocks.save([_named(f.block, f.evaluator) for f in taken if f.block is not None], batch.number)
    for n, file in enumerate(taken):
        if file.edits:
            signed = [(replace(e, by=e.by or work.who, at=e.at or work.at), raw) for e, raw in file.edits]
            work.edits.add_all(file.scheme, file.evaluator, signed)
        progress("正在写入分数", 100 * (n + 1) // len(taken))
    refused = [f"{f.name} {f.sha256} {f.reason}" for f in plan.files if f.fate == "refused"]
    work.describe(subject=f"第 {batch.number} 批", before="拒绝导入：" + "；".join(refused) if refused else "")
    work.describe(after=f"写入 {len(taken)} 份，新 {plan.totals.new} 格，改 {plan.totals.changed_there} 格")
    return batch


def _named(block: MarkBlock, evaluator: str) -> MarkBlock:
    """The block under the evaluator it was decided to belong to."""
    return block if block.evaluator == evaluator else replace(block, evaluator=evaluator)


def view_of(batch: StoredBatch) -> Batch:
    """A stored batch as shown."""
    report = read_report(batch.report)
    return Batch(
        number=batch.number,
        at=batch.at,
        by=batch.by,
        label=batch.label,
        sheets=len(report.sheets),
        cells=sum(note.marks for note in report.sheets.values()),
        files=tuple(f.name for f in batch.files),
        undone=bool(batch.withdrawn),
        reason=batch.withdrawn,
    )


def empty_block(form: SheetForm) -> MarkBlock:
    """A sheet on which nothing is filled in yet, for marks entered in the program."""
    low = (-(1 << 31)).to_bytes(4, "little", signed=True)
    return MarkBlock(
        sheet=form.identity.sheet,
        evaluator=form.identity.evaluator,
        scheme=form.identity.scheme,
        units=tuple(u.code for u in form.units),
        items=tuple(i.id for i in form.items),
        values=low * (len(form.units) * len(form.items)),
        width=4,
        digits=tuple(i.digits for i in form.items),
    )


def edit_of(
    block: MarkBlock, item: FormItem, unit: str, value: int, reason: str, by: str, at: str
) -> tuple[MarkEdit, int]:
    """The edit that sets one mark to a value in the item's decimals, and the packed integer."""
    column = block.items.index(item.id) if item.id in block.items else -1
    now = BLANK
    if column >= 0 and unit in block.units:
        now = int(unpack(block)[block.units.index(unit), column])
    digits = block.digits[column] if column >= 0 else item.digits
    levels = tuple(level.name for level in item.levels)
    scaled = value * 10 ** (digits - item.digits) if is_mark(value) and digits >= item.digits else value
    edit = MarkEdit(
        unit=unit,
        item=item.id,
        before=mark_text(now, digits, levels),
        after=mark_text(scaled, digits, levels),
        by=by,
        at=at,
        reason=reason,
    )
    return edit, packed_mark(scaled, block.width)
