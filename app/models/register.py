"""Units, evaluators, and who rates whom."""

from __future__ import annotations

from sqlalchemy import Column, Index, UniqueConstraint

from app.models.tables import integer, number, strict_table, text
from app.models.types import Relations, Words

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
