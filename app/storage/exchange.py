"""Packages that went out and came in, each with what it carried."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Table, delete, insert, select

from app.models.exchange import package_in, package_out
from app.storage.documents import Documents
from app.storage.records import ReceivedPackage, SentPackage

P = TypeVar("P", SentPackage, ReceivedPackage)


class _Packages(Generic[P]):
    """Packages of one direction. What they carried is a document."""

    def __init__(self, connection: Connection, table: Table, kind: type[P]) -> None:
        self._connection = connection
        self._documents = Documents(connection)
        self._table = table
        self._kind = kind

    def add(self, *packages: P) -> None:
        """Keep some; an id that is there already is our bug."""
        if not packages:
            return
        names = [f.name for f in fields(self._kind)]
        contents = self._documents.put(*(package.content for package in packages))
        rows = [
            {n: getattr(package, n) for n in names} | {"content": content}
            for package, content in zip(packages, contents, strict=True)
        ]
        self._connection.execute(insert(self._table), [self._stored(row) for row in rows])

    def all(self, *, contents: bool = True) -> tuple[P, ...]:
        """Oldest first. contents: with what they carried; without, for lists, it is empty."""
        return self._load(contents=contents)

    def get(self, package: str) -> P | None:
        """One of them, by its id."""
        found = self._load(self._table.c.id == package)
        return found[0] if found else None

    def _newest(self, *conditions: Any) -> P | None:
        """The highest sequence, of several the last one kept."""
        order = (self._table.c.sequence.desc(), self._table.c.row.desc())
        newest = select(self._table.c.id).where(*conditions).order_by(*order).limit(1)
        found = self._connection.execute(newest).scalar()
        return None if found is None else self.get(found)

    def _load(self, *conditions: Any, contents: bool = True) -> tuple[P, ...]:
        rows = self._connection.execute(select(self._table).where(*conditions).order_by(self._table.c.row)).mappings()
        found = [dict(row) for row in rows]
        texts = self._documents.many({row["content"] for row in found}) if contents else {}
        return tuple(self._kind(**self._told(row | {"content": texts.get(row["content"], "")})) for row in found)

    def _stored(self, row: dict[str, Any]) -> dict[str, Any]:
        return row

    def _told(self, row: dict[str, Any]) -> dict[str, Any]:
        return {f.name: row[f.name] for f in fields(self._kind)}


class PackagesOut(_Packages[SentPackage]):
    """What went out. It has left the house: no undo takes it back."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection, package_out, SentPackage)

    def withdraw(self, *packages: str) -> int:
        """Forget those that could not be written after all; how many."""
        return self._connection.execute(delete(package_out).where(package_out.c.id.in_(packages))).rowcount

    def newest(self, unit: str, kind: str) -> SentPackage | None:
        """The last one of this kind to this unit."""
        return self._newest(package_out.c.unit == unit, package_out.c.kind == kind)


class PackagesIn(_Packages[ReceivedPackage]):
    """What came in; undo of the import takes it back."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection, package_in, ReceivedPackage)

    def newest(self, key: str, unit: str, kind: str) -> ReceivedPackage | None:
        """The last one of this kind from this installation for this unit."""
        mine = (package_in.c.key == key, package_in.c.unit == unit, package_in.c.kind == kind)
        return self._newest(*mine)

    def withdraw(self, batch: int) -> int:
        """Forget what came with a batch that is taken back, so that it may come again; how many."""
        return self._connection.execute(delete(package_in).where(package_in.c.batch == batch)).rowcount

    def _stored(self, row: dict[str, Any]) -> dict[str, Any]:
        return row | {"batch": row["batch"] or None}

    def _told(self, row: dict[str, Any]) -> dict[str, Any]:
        return super()._told(row) | {"batch": row["batch"] or 0}
