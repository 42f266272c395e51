"""All tables of the year file in one place, and which of them undo and trail watch over."""

from __future__ import annotations

from sqlalchemy import Table

from app.models.ballots import ballot_batch, ballot_code
from app.models.documents import document, scheme_version, snapshot
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
from app.models.marks import batch, batch_file, mark_block, mark_edit, sent_sheet
from app.models.register import assignment, evaluator, hand_change, unit
from app.models.tables import metadata
from app.models.trail import alembic_version, audit, open_entry, setting, undo_image, undo_step

# A change of these is a step of undo, and makes results stale.
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
)

# These are written in transactions too, but no undo takes them back; of secret ballots there must be no image at all.
KEPT: tuple[Table, ...] = (document, snapshot, sent_sheet, ballot_batch, ballot_code)

__all__ = ["KEPT", "TRACKED", "alembic_version", "audit", "metadata", "open_entry", "undo_image", "undo_step"]
