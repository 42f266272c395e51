"""Self-reports with their versions and remarks, attached files, hearings, and lines of lists. No facts: the engine is not told."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, LargeBinary, Text, UniqueConstraint

from app.models.documents import refers_to_document
from app.models.tables import integer, number, strict_table, text
from app.models.types import Flag, Words

_STATES = "state IN ('draft', 'submitted', 'returned', 'accepted')"


def _unit() -> Column[str]:
    """A unit of the register. Checked at commit, so that a register may be replaced in any order."""
    return Column("unit", Text, ForeignKey("unit.code", deferrable=True, initially="DEFERRED"), nullable=False)


# content: the canonical text of the report as it is now; fingerprint: its SHA-256. In the row and not among the documents,
# because it is saved while somebody writes, and documents stay for ever.
report = strict_table(
    "report",
    number(),
    text("scheme"),
    _unit(),
    text("state"),
    text("content"),
    text("fingerprint"),
    text("at"),
    text("by"),
    UniqueConstraint("scheme", "unit"),
    Index(None, "unit"),
    CheckConstraint(_STATES, name="state"),
    CheckConstraint("length(fingerprint) = 64", name="fingerprint"),
)

# fingerprint: of the content, and so the document it refers to.
report_version = strict_table(
    "report_version",
    number("row"),
    text("scheme"),
    _unit(),
    integer("number"),
    text("state"),
    refers_to_document("fingerprint"),
    text("at"),
    text("by"),
    text("reason"),
    UniqueConstraint("scheme", "unit", "number"),
    Index(None, "unit"),
    CheckConstraint(_STATES, name="state"),
)

# What a unit reported in an earlier year, taken from that year's file to be held against this year's.
earlier_report = strict_table(
    "earlier_report",
    number(),
    text("scheme"),
    _unit(),
    integer("year"),
    text("content"),
    text("source"),
    UniqueConstraint("scheme", "unit", "year"),
    Index(None, "unit"),
)

remark = strict_table(
    "remark",
    number("row"),
    text("id"),
    text("scheme"),
    _unit(),
    text("version"),
    text("where"),
    integer("start"),
    integer("end"),
    text("quote"),
    text("text"),
    text("by"),
    text("at"),
    Column("settled", Flag, nullable=False),
    UniqueConstraint("id"),
    Index(None, "unit"),
)

# digest: SHA-256 of the bytes. Which report it belongs to stands in the reports; here each file lies once. No images of
# undo: a file stays when the step that attached it is taken back, and is cleared away on purpose.
evidence_file = strict_table(
    "evidence_file",
    Column("digest", Text, primary_key=True),
    integer("size"),
    Column("bytes", LargeBinary, nullable=False),
    CheckConstraint("length(digest) = 64", name="digest"),
)

# body: a unit too, but at a unit's own desk it need not be in the register.
hearing = strict_table(
    "hearing",
    number(),
    text("scheme"),
    _unit(),
    text("body"),
    text("manner"),
    integer("order"),
    UniqueConstraint("scheme", "unit", "body"),
    Index(None, "unit"),
    CheckConstraint("manner IN ('oral', 'written')", name="manner"),
)

# unit: a code, or empty for every unit of the level.
list_entry = strict_table(
    "list_entry",
    number("row"),
    text("id"),
    text("kind"),
    text("level"),
    text("unit"),
    text("text"),
    text("owner"),
    text("due"),
    text("state"),
    Column("items", Words, nullable=False),
    integer("year"),
    text("source"),
    UniqueConstraint("id"),
    CheckConstraint("kind IN ('duty', 'problem', 'promise')", name="kind"),
    CheckConstraint("state IN ('open', 'doing', 'done')", name="state"),
)
