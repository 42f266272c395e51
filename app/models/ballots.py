"""Secret ballots: what is kept of them says nothing about who cast which, nor when. See docs/formats/year-file.md."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Text

from app.models.tables import integer, strict_table, text
from app.models.types import Words


def _session() -> Column[str]:
    return Column("session", Text, ForeignKey("vote_session.id", deferrable=True, initially="DEFERRED"), nullable=False)


# One row is a whole box. key: 128 random bits, hex, and no row number besides. ballots: sorted, as one JSON list, so that
# their order is a function of what they say; digest: SHA-256 of that text. Never in an image of undo.
ballot_batch = strict_table(
    "ballot_batch",
    Column("key", Text, primary_key=True),
    _session(),
    Column("units", Words, nullable=False),
    Column("items", Words, nullable=False),
    text("ballots"),
    integer("size"),
    text("digest"),
    text("counted_by"),
    text("watched_by"),
    CheckConstraint("length(key) = 32", name="key"),
    CheckConstraint("length(digest) = 64", name="digest"),
    rowid=False,
)

# code: SHA-256, hex, of session and one-time code; batch: key of the box it was spent with, empty: not yet.
ballot_code = strict_table(
    "ballot_code",
    Column("code", Text, primary_key=True),
    _session(),
    text("batch"),
    CheckConstraint("length(code) = 64", name="code"),
    rowid=False,
)
