"""Votes, events, values that no evaluator gave, exemptions, decisions, earlier results and objections."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, Text, UniqueConstraint

from app.models.tables import integer, number, strict_table, text
from app.models.types import Exact, ExactOrState, Exacts, Flag, JsonObject


def _unit() -> Column[str]:
    """A unit of the register. Checked at commit, so that a register may be replaced in any order."""
    return Column("unit", Text, ForeignKey("unit.code", deferrable=True, initially="DEFERRED"), nullable=False)


vote_session = strict_table(
    "vote_session",
    number("row"),
    text("id"),
    text("name"),
    text("scheme"),
    text("group"),
    text("date"),
    integer("expected"),
    integer("present"),
    integer("issued"),
    integer("returned"),
    integer("invalid"),
    text("replaces"),
    Column("period", Text, nullable=False, server_default=""),
    UniqueConstraint("id"),
)

# counts: answer (id of the level) → number of ballots.
vote_count = strict_table(
    "vote_count",
    number(),
    Column("session", Text, ForeignKey("vote_session.id", deferrable=True, initially="DEFERRED"), nullable=False),
    _unit(),
    text("item"),
    Column("counts", JsonObject, nullable=False),
    UniqueConstraint("session", "unit", "item"),
    Index(None, "unit"),
)

event = strict_table(
    "event",
    number("row"),
    text("id"),
    text("kind"),
    _unit(),
    text("title"),
    text("occurred"),
    text("concluded"),
    text("matter"),
    Column("amount", Exact),
    text("evidence"),
    text("provider"),
    text("approver"),
    text("note"),
    Column("person", Text, nullable=False, server_default=""),
    Column("person_class", Text, nullable=False, server_default=""),
    Column("sanction", Text, nullable=False, server_default=""),
    Column("shared_by", Integer, nullable=False, server_default="1"),
    Column("counted_in", Integer, nullable=False, server_default="0"),
    UniqueConstraint("id"),
    Index(None, "unit"),
)

office_mark = strict_table(
    "office_mark",
    number(),
    text("scheme"),
    _unit(),
    text("item"),
    Column("value", ExactOrState, nullable=False),
    text("level"),
    text("basis"),
    text("by"),
    text("period"),
    Column("target", Exact),
    Column("standard", Exact),
    UniqueConstraint("scheme", "unit", "item", "period"),
    Index(None, "unit"),
)

exemption = strict_table(
    "exemption",
    number(),
    text("scheme"),
    _unit(),
    text("part"),
    text("reason"),
    UniqueConstraint("scheme", "unit", "part"),
    Index(None, "unit"),
)

decision = strict_table(
    "decision",
    number(),
    text("scheme"),
    _unit(),
    text("grade"),
    text("reason"),
    text("by"),
    text("scope"),
    text("date"),
    Column("outside_quota", Flag, nullable=False, server_default="0"),
    UniqueConstraint("scheme", "unit", "scope"),
    Index(None, "unit"),
)

# parts: id of a part → exact value; package: name of the one it came in.
earlier_result = strict_table(
    "earlier_result",
    number(),
    text("scheme"),
    _unit(),
    integer("year"),
    text("grade"),
    Column("total", Exact),
    Column("rank", Integer),
    Column("rank_from_last", Integer),
    Column("parts", Exacts, nullable=False),
    Column("package", Text, nullable=False, server_default=""),
    UniqueConstraint("scheme", "unit", "year"),
    Index(None, "unit"),
)

# before, after: versions of the result; after 0: none yet. No fact: the engine is not told.
objection = strict_table(
    "objection",
    number("row"),
    text("id"),
    text("kind"),
    text("scheme"),
    _unit(),
    text("by"),
    text("text"),
    text("filed"),
    text("due"),
    text("state"),
    text("outcome"),
    text("reason"),
    text("answered"),
    text("answered_by"),
    integer("before"),
    integer("after"),
    UniqueConstraint("id"),
    Index(None, "unit"),
    CheckConstraint("state IN ('open', 'answered', 'withdrawn')", name="state"),
)
