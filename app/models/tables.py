"""What every table has in common: strict column types and named constraints."""

from __future__ import annotations

from sqlalchemy import Column, Integer, MetaData, Table, Text
from sqlalchemy.schema import SchemaItem

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)


def strict_table(name: str, *items: SchemaItem, autoincrement: bool = False, rowid: bool = True) -> Table:
    """A STRICT table: a value of another type is refused, not converted. rowid: rows are numbered as they come in."""
    return Table(
        name, metadata, *items, sqlite_strict=True, sqlite_autoincrement=autoincrement, sqlite_with_rowid=rowid
    )


def number(name: str = "id") -> Column[int]:
    """The row's own number."""
    return Column(name, Integer, primary_key=True)


def text(name: str) -> Column[str]:
    """A text that may be empty but is never missing."""
    return Column(name, Text, nullable=False)


def integer(name: str) -> Column[int]:
    """A whole number that is never missing."""
    return Column(name, Integer, nullable=False)
