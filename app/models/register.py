"""Units, evaluators, and who rates whom: by lines of the register, and changed by hand."""

from __future__ import annotations

from sqlalchemy import Column, Index, Text, UniqueConstraint

from app.models.tables import integer, number, strict_table, text
from app.models.types import Links, Relations, Words

unit = strict_table(
    "unit",
    number(),
    text("code"),
    text("name"),
    text("level"),
    text("series"),
    text("kind"),
    text("parent"),
    integer("order"),
    text("participation"),
    text("reason"),
    Column("tags", Words, nullable=False),
    Column("since", Text, nullable=False, server_default=""),
    Column("reports_to", Words, nullable=False, server_default="[]"),
    Column("links", Links, nullable=False, server_default="[]"),
    UniqueConstraint("code"),
)

evaluator = strict_table(
    "evaluator",
    number(),
    text("code"),
    text("name"),
    text("unit"),
    text("role"),
    integer("order"),
    Column("relations", Relations, nullable=False),
    UniqueConstraint("code"),
)

# Lines without a key of their own: several lines of one evaluator add up.
assignment = strict_table(
    "assignment",
    number(),
    text("evaluator"),
    text("scheme"),
    Column("units", Words, nullable=False),
    text("group"),
    Index(None, "evaluator", "scheme"),
)

# One cell of the matrix of who rates whom, set by hand; groups: those in which the evaluator counts, none: does not rate.
hand_change = strict_table(
    "hand_change",
    number(),
    text("scheme"),
    text("evaluator"),
    text("unit"),
    Column("groups", Words, nullable=False),
    text("reason"),
    text("by"),
    text("at"),
    UniqueConstraint("scheme", "evaluator", "unit"),
)
