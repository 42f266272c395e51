"""All tables of the year file in one place, and which of them undo and trail watch over."""

from __future__ import annotations

from sqlalchemy import Table

from app.models.ballots import ballot_batch, ballot_code
from app.models.documents import document, scheme_version, snapshot
from app.models.exchange import package_in, package_out, sender
from app.models.happenings import (
    decision,
    earlier_result,
    event,
    exemption,
    objection,
    office_mark,
    vote_count,
    vote_session,
)
from app.models.marks import batch, batch_file, mark_block, mark_edit, sent_sheet, sheet_entry
from app.models.register import assignment, evaluator, hand_change, unit
from app.models.reports import earlier_report, evidence_file, hearing, list_entry, remark, report, report_version
from app.models.tables import metadata
from app.models.trail import alembic_version, audit, open_entry, setting, undo_image, undo_step

# A change of these is a step of undo.
TRACKED: tuple[Table, ...] = (
    setting,
    scheme_version,
    unit,
    evaluator,
    assignment,
    hand_change,
    batch,
    batch_file,
    mark_block,
    mark_edit,
    vote_session,
    vote_count,
    event,
    office_mark,
    exemption,
    decision,
    earlier_result,
    objection,
    sheet_entry,
    report,
    report_version,
    earlier_report,
    remark,
    hearing,
    list_entry,
    package_in,
    sender,
)

# These are written in transactions too, but no undo takes them back; of secret ballots there must be no image at all.
KEPT: tuple[Table, ...] = (document, snapshot, sent_sheet, ballot_batch, ballot_code, evidence_file, package_out)

# What the engine is never told: a change of these makes no result stale.
NO_FACTS: tuple[Table, ...] = (
    setting,
    objection,
    sheet_entry,
    report,
    report_version,
    earlier_report,
    remark,
    hearing,
    list_entry,
    evidence_file,
    package_in,
    sender,
)

__all__ = [
    "KEPT",
    "NO_FACTS",
    "TRACKED",
    "alembic_version",
    "audit",
    "metadata",
    "open_entry",
    "undo_image",
    "undo_step",
]
