"""The tables are what undo, the trail and the values need them to be."""

from dataclasses import fields

import pytest
from sqlalchemy import Integer, LargeBinary, Table, Text

from app.domain.facts import (
    Assignment,
    Decision,
    EarlierResult,
    Evaluator,
    Event,
    Exemption,
    OfficeMark,
    Unit,
    VoteSession,
)
from app.domain.reports import Hearing, ListEntry, Remark
from app.models import ballots, exchange, happenings, marks, register, reports
from app.models.schema import KEPT, TRACKED, metadata
from app.models.trail import IMAGE_VALUES
from app.storage.records import (
    BallotBox,
    EarlierReport,
    Objection,
    ReceivedPackage,
    Sender,
    SentPackage,
    SheetEntry,
    StoredReport,
    StoredVersion,
)

OWN = [t for t in metadata.sorted_tables if t.name != "alembic_version"]
VALUES = [
    (register.unit, Unit, set[str]()),
    (register.evaluator, Evaluator, set[str]()),
    (register.assignment, Assignment, set[str]()),
    (happenings.vote_session, VoteSession, {"counts"}),
    (happenings.event, Event, set[str]()),
    (happenings.office_mark, OfficeMark, set[str]()),
    (happenings.exemption, Exemption, set[str]()),
    (happenings.decision, Decision, set[str]()),
    (happenings.earlier_result, EarlierResult, set[str]()),
    (happenings.objection, Objection, set[str]()),
    (reports.report, StoredReport, set[str]()),
    (reports.report_version, StoredVersion, {"content"}),
    (reports.earlier_report, EarlierReport, set()),
    (reports.remark, Remark, set[str]()),
    (reports.hearing, Hearing, set[str]()),
    (reports.list_entry, ListEntry, set[str]()),
    (exchange.package_out, SentPackage, set[str]()),
    (exchange.package_in, ReceivedPackage, set[str]()),
    (exchange.sender, Sender, set[str]()),
    (marks.sheet_entry, SheetEntry, set[str]()),
    (ballots.ballot_batch, BallotBox, {"units", "items", "ballots"}),
]


@pytest.mark.parametrize(("table", "kind", "elsewhere"), VALUES, ids=lambda v: getattr(v, "name", ""))
def test_that_a_table_has_a_column_for_every_field_of_its_value(table: Table, kind: type, elsewhere: set[str]) -> None:
    own = {c.name for c in table.columns if not c.primary_key or isinstance(c.type, Text)}
    assert {f.name for f in fields(kind)} ^ elsewhere == own


@pytest.mark.parametrize("table", TRACKED, ids=lambda t: t.name)
def test_that_undo_can_hold_an_image_of_every_row_of_facts(table: Table) -> None:
    blobs = [c for c in table.columns if isinstance(c.type, LargeBinary)]
    keys = list(table.primary_key.columns)
    assert len(blobs) <= 1
    assert len(table.columns) - len(blobs) <= len(IMAGE_VALUES)
    assert len(keys) == 1
    assert isinstance(keys[0].type, Integer)


def test_that_every_table_is_tracked_kept_or_belongs_to_trail_and_undo() -> None:
    machinery = {"audit", "open_entry", "undo_step", "undo_image"}
    assert {t.name for t in OWN} == {t.name for t in (*TRACKED, *KEPT)} | machinery


@pytest.mark.parametrize("table", OWN, ids=lambda t: t.name)
def test_that_every_table_is_strict_and_knows_no_binary_floats(table: Table) -> None:
    assert table.dialect_options["sqlite"]["strict"]
    assert {type(c.type).__name__ for c in table.columns} <= {
        "Integer", "Text", "LargeBinary", "Exact", "ExactOrState", "Flag", "Words", "Relations", "Links", "Exacts", "JsonObject", "Anything",
    }  # fmt: skip


def test_that_only_what_may_be_absent_may_be_missing() -> None:
    nullable = {f"{t.name}.{c.name}" for t in OWN for c in t.columns if c.nullable and t.name != "undo_image"}
    assert nullable == {
        "event.amount", "office_mark.target", "office_mark.standard", "mark_block.file", "mark_block.batch",
        "earlier_result.total", "earlier_result.rank", "earlier_result.rank_from_last", "package_in.batch",
    }  # fmt: skip
