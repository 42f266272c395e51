"""Apply: a finished plan becomes one batch, inside the transaction of the caller."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from app.domain.packages import YearReport
from app.domain.progress import Progress
from app.files.documents.reports import write_report
from app.services.exchange.evidence import named_evidence
from app.services.exchange.stored_reports import store_report
from app.services.exchange.values import Effects, ReadyMerge
from app.services.reports.concepts import concepts_of, set_concepts
from app.services.roles import note_received_schemes, received_schemes
from app.storage.records import Batch, BatchFile, EarlierReport
from app.storage.work import Work


def apply_merge(work: Work, plan: ReadyMerge, label: str, progress: Progress) -> Batch:
    """Store what the packages bring; the packages themselves are kept as the base of the next merge."""
    files = [BatchFile(name=e.package.name, sha256=e.package.sha256) for e in plan.effects]
    batch = work.batches.add(label, files, _report(work, plan.effects))
    for number, effects in enumerate(plan.effects):
        _write(work, effects, batch.number)
        progress("正在写入", 100 * (number + 1) // len(plan.effects))
    refused = [f"{p.name}（{p.fault}）" for p in plan.packages if p.fate == "refused"]
    work.describe(subject=f"第 {batch.number} 批", before="没有接收：" + "；".join(refused) if refused else "")
    work.describe(
        after="；".join(f"{p.name} {p.reason}" for p in plan.packages if p.fate in ("take", "same")),
        fingerprint=plan.effects[0].package.sha256 if len(plan.effects) == 1 else "",
    )
    return batch


def _report(work: Work, effects: Sequence[Effects]) -> str:
    """As of an import of sheets: what came of each sheet. A package does not tell when a sheet was saved; so that an older
    workbook does not pass for a newer one, it counts as touched now."""
    issues: dict[str, int] = {}
    for sent in work.sent.all():
        issues[sent.sheet] = max(sent.issue, issues.get(sent.sheet, 0))
    now = datetime.fromisoformat(work.at).timestamp()
    sheets = {
        merged.block.sheet: {
            "file": e.package.name,
            "sha256": e.package.sha256,
            "issue": issues.get(merged.block.sheet, 1),
            "modified": now,
            "marks": merged.marks,
        }
        for e in effects
        for merged in e.sheets
    }
    packages = [e.package.manifest.id for e in effects]
    return json.dumps(
        {"sheets": sheets, "refused": {}, "packages": packages}, ensure_ascii=False, separators=(",", ":")
    )


def _write(work: Work, effects: Effects, batch: int) -> None:
    for identity, text in effects.schemes:
        work.schemes.add(identity, text)
    if effects.only_received:
        note_received_schemes(work, received_schemes(work) | frozenset(effects.only_received))
    _write_register(work, effects)
    _write_sheets(work, effects, batch)
    for digest in sorted(named_evidence(effects.reports) & effects.package.evidence.keys()):
        work.evidence.put(effects.package.evidence[digest])
    for report in effects.reports:
        store_report(work, report)
    for identity in effects.gone_entries:
        work.list_entries.delete(identity)
    for result in effects.gone_results:
        work.earlier.delete(result.scheme, result.unit, result.year)
    work.list_entries.save(*effects.entries)
    work.hearings.save(*effects.hearings)
    work.earlier.save(*effects.results)
    if effects.sender is not None:
        work.senders.save(replace(effects.sender, confirmed_by=work.who, at=work.at))
    work.packages_in.add(replace(effects.received, at=work.at, by=work.who, batch=batch))
    if effects.is_task:
        work.settings.set("task", effects.package.manifest.id)


def _write_sheets(work: Work, effects: Effects, batch: int) -> None:
    if effects.sheets:
        work.blocks.save([m.block for m in effects.sheets], batch)
    for merged in effects.sheets:
        if merged.edits:
            signed = [(replace(e, by=e.by or work.who, at=e.at or work.at), raw) for e, raw in merged.edits]
            work.edits.add_all(merged.block.scheme, merged.block.evaluator, signed)


def _write_register(work: Work, effects: Effects) -> None:
    work.units.save(*effects.units)
    work.evaluators.save(*effects.evaluators)
    if effects.assignments is not None:
        work.assignments.replace_all(effects.assignments)
    if effects.exemptions is not None:
        work.exemptions.replace_all(effects.exemptions)
    kept = {(e.scheme, e.unit, e.year): e for e in work.earlier_reports.all()}
    for earlier in (_earlier(e) for e in effects.earlier_reports):
        if kept.get((earlier.scheme, earlier.unit, earlier.year)) != earlier:
            work.earlier_reports.save(earlier)
    if effects.concepts is not None and effects.concepts != concepts_of(work):
        set_concepts(work, effects.concepts)


def _earlier(told: YearReport) -> EarlierReport:
    report = told.report
    return EarlierReport(
        scheme=report.scheme, unit=report.unit, year=told.year, content=write_report(report), source=told.source
    )
