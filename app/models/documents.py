"""Documents kept whole under the SHA-256 of their text, and what refers to them: schemes and results."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Integer, LargeBinary, Text, UniqueConstraint

from app.models.tables import integer, number, strict_table, text
from app.models.types import JsonObject

# body: the UTF-8 text, packed with zlib when ``packed`` is 1. Written once, never changed.
document = strict_table(
    "document",
    Column("hash", Text, primary_key=True),
    integer("packed"),
    Column("body", LargeBinary, nullable=False),
    CheckConstraint("length(hash) = 64", name="hash"),
    CheckConstraint("packed IN (0, 1)", name="packed"),
)


def refers_to_document(name: str) -> Column[str]:
    """The hash of a document."""
    return Column(name, Text, ForeignKey("document.hash"), nullable=False)


# fingerprint: of the text, and so the document it refers to. The highest version computes.
scheme_version = strict_table(
    "scheme_version",
    number(),
    text("scheme"),
    integer("version"),
    refers_to_document("fingerprint"),
    text("published"),
    text("made_at"),
    text("made_by"),
    UniqueConstraint("scheme", "version"),
)

# schemes: scheme id → fingerprint; facts: fingerprint; revision: the last change of facts before it was made.
snapshot = strict_table(
    "snapshot",
    Column("version", Integer, primary_key=True),
    text("made_at"),
    text("made_by"),
    refers_to_document("results"),
    Column("schemes", JsonObject, nullable=False),
    text("facts"),
    integer("revision"),
    integer("frozen"),
    text("frozen_by"),
    text("freeze_reason"),
    CheckConstraint("frozen IN (0, 1)", name="frozen"),
)
