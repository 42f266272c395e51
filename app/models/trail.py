"""Settings, the audit trail, the steps that can be undone, and the entry being written just now."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)

from app.models.tables import integer, metadata, number, strict_table, text
from app.models.types import Anything

setting = strict_table("setting", number(), Column("key", Text, nullable=False, unique=True), text("value"))

# number: AUTOINCREMENT, so that SQLite itself remembers how long the trail was when its tail is cut off.
audit = strict_table(
    "audit",
    number("number"),
    text("at"),
    integer("counter"),
    text("who"),
    text("role"),
    text("computer"),
    text("action"),
    text("label"),
    text("subject"),
    text("before"),
    text("after"),
    text("fingerprint"),
    text("reason"),
    text("touched"),
    text("previous"),
    text("hash"),
    CheckConstraint("length(hash) = 64 AND length(previous) = 64", name="hash"),
    autoincrement=True,
)

# One row while a transaction writes, none in any committed state: it must name an entry that exists at commit, and
# the entry, once written, takes it away.
open_entry = strict_table(
    "open_entry",
    number(),
    Column("number", Integer, ForeignKey("audit.number", deferrable=True, initially="DEFERRED"), nullable=False),
    CheckConstraint("id = 1", name="single"),
)

# entry: the trail's entry that did the step; direction: what can be done with it now.
undo_step = strict_table(
    "undo_step",
    number("entry"),
    text("label"),
    text("direction"),
    CheckConstraint("direction IN ('undo', 'redo')", name="direction"),
)

# One changed row. change: ``insert`` and ``delete`` hold the row's values, ``update`` takes two lines, with those before
# (``update_from``) and after (``update_to``). v0, v1 …: the values of its table's columns but for the BLOB, in order; bytes:
# the BLOB of a deleted row. Plain columns, because JSON functions may not run inside triggers (trusted_schema).
IMAGE_VALUES = tuple(f"v{i}" for i in range(24))
undo_image = strict_table(
    "undo_image",
    number(),
    integer("entry"),
    text("table"),
    integer("row"),
    text("change"),
    *(Column(name, Anything) for name in IMAGE_VALUES),
    Column("bytes", LargeBinary),
    CheckConstraint("change IN ('insert', 'update_from', 'update_to', 'delete')", name="change"),
    Index(None, "entry"),
)

# As alembic makes it; here so that a new file carries the number of the newest migration without loading alembic.
alembic_version = Table(
    "alembic_version",
    metadata,
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)
