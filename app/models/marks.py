"""Score sheets handed out, imports, the packed marks they brought, and sheets that are being typed in."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, LargeBinary, Text, UniqueConstraint
from sqlalchemy import text as sql

from app.models.documents import refers_to_document
from app.models.tables import integer, number, strict_table, text
from app.models.types import Flag, JsonObject, Words

# number: AUTOINCREMENT, so that a number is never used twice, not even after undo. report: what the services keep.
batch = strict_table(
    "batch",
    number("number"),
    text("at"),
    text("by"),
    text("label"),
    refers_to_document("report"),
    text("withdrawn"),
    autoincrement=True,
)

batch_file = strict_table(
    "batch_file",
    number(),
    Column("batch", Integer, ForeignKey("batch.number"), nullable=False),
    text("name"),
    text("sha256"),
    text("sheet"),
    text("content"),
    Index(None, "batch"),
    Index("ix_batch_file_sha256", "sha256"),
)

# layout: document with units, items, digits, width, rows and columns; shared by all sheets that look alike.
# marks: MarkBlock.values as they were read, never changed; digest: their SHA-256. file: none when typed in here.
# entry: number of the trail's entry that brought it. packages: names of the packages it travelled in, first to last.
mark_block = strict_table(
    "mark_block",
    number(),
    text("sheet"),
    text("evaluator"),
    text("scheme"),
    refers_to_document("layout"),
    text("digest"),
    Column("file", Text),
    text("sha256"),
    Column("batch", Integer, ForeignKey("batch.number")),
    text("state"),
    integer("entry"),
    Column("marks", LargeBinary, nullable=False),
    Column("packages", Words, nullable=False, server_default="[]"),
    CheckConstraint("state IN ('current', 'superseded', 'withdrawn')", name="state"),
    Index("ix_mark_block_current", "scheme", "evaluator", unique=True, sqlite_where=sql("state = 'current'")),
    Index("ix_mark_block_batch", "batch"),
)

# raw: the packed integer that stands instead of the one in the block.
mark_edit = strict_table(
    "mark_edit",
    number(),
    Column("block", Integer, ForeignKey("mark_block.id"), nullable=False),
    text("unit"),
    text("item"),
    integer("raw"),
    text("before"),
    text("after"),
    text("by"),
    text("at"),
    text("reason"),
    integer("entry"),
    Index(None, "block"),
)

sent_sheet = strict_table(
    "sent_sheet",
    number(),
    text("sheet"),
    text("scheme"),
    text("evaluator"),
    integer("issue"),
    text("at"),
    text("by"),
    text("file"),
    text("fingerprint"),
    refers_to_document("form"),
    UniqueConstraint("sheet", "issue"),
)

# A paper sheet typed in twice, each time by somebody else, before the two are compared. turn: 1 or 2; values: cell → text.
sheet_entry = strict_table(
    "sheet_entry",
    number(),
    text("scheme"),
    text("evaluator"),
    integer("turn"),
    text("by"),
    text("at"),
    Column("values", JsonObject, nullable=False),
    Column("finished", Flag, nullable=False),
    UniqueConstraint("scheme", "evaluator", "turn"),
)
