"""Packages that went out and came in, and the senders that are known by their key. No facts: the engine is not told."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, UniqueConstraint

from app.models.documents import refers_to_document
from app.models.tables import integer, number, strict_table, text

_KINDS = "kind IN ('task', 'return', 'results')"

# content: what it carried, canonical: the base of the merge until the receiver has delivered something.
package_out = strict_table(
    "package_out",
    number("row"),
    text("id"),
    text("kind"),
    text("unit"),
    integer("sequence"),
    text("at"),
    text("by"),
    text("file"),
    text("sha256"),
    text("answers"),
    refers_to_document("content"),
    UniqueConstraint("id"),
    Index(None, "unit"),
    CheckConstraint(_KINDS, name="kind"),
)

# content: what it carried, canonical: the base of the next merge with the same sender; manifest: as it was signed;
# batch: the import it came with.
package_in = strict_table(
    "package_in",
    number("row"),
    text("id"),
    text("kind"),
    text("unit"),
    text("key"),
    integer("sequence"),
    text("at"),
    text("by"),
    text("file"),
    text("sha256"),
    Column("batch", Integer, ForeignKey("batch.number")),
    text("manifest"),
    refers_to_document("content"),
    UniqueConstraint("id"),
    Index(None, "key", "unit"),
    Index("ix_package_in_batch", "batch"),
    CheckConstraint(_KINDS, name="kind"),
)

# key: the public key, hex. confirmed_by: who has compared its code with the paper, empty: nobody yet.
sender = strict_table(
    "sender",
    number("row"),
    text("key"),
    text("unit"),
    text("name"),
    text("confirmed_by"),
    text("at"),
    UniqueConstraint("key"),
    CheckConstraint("length(key) = 64", name="key"),
)
