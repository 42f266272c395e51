"""Attached files under the SHA-256 of their bytes: the same file, attached twice, lies there once."""

from __future__ import annotations

import hashlib

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert

from app.models.reports import evidence_file
from app.storage.report_checks import named_files


class EvidenceFiles:
    """Attached files over one connection. A file once put stays, whatever undo takes back, until it is cleared away.
    ``touched`` gets the name of the table when files are cleared away: that cannot be a step of undo, and ends those
    before it, because they might bring back a report whose files are gone."""

    def __init__(self, connection: Connection, touched: set[str]) -> None:
        self._connection = connection
        self._touched = touched

    def put(self, data: bytes) -> str:
        """Its digest, hex. A file that is there already is not written again."""
        digest = hashlib.sha256(data).hexdigest()
        adding = insert(evidence_file).on_conflict_do_nothing()
        self._connection.execute(adding, {"digest": digest, "size": len(data), "bytes": data})
        return digest

    def get(self, digest: str) -> bytes | None:
        """The bytes; none: there is no such file."""
        return self._connection.execute(
            select(evidence_file.c.bytes).where(evidence_file.c.digest == digest)
        ).scalar_one_or_none()

    def size(self, digest: str) -> int | None:
        """How many bytes; none: there is no such file."""
        return self._connection.execute(
            select(evidence_file.c.size).where(evidence_file.c.digest == digest)
        ).scalar_one_or_none()

    def digests(self) -> frozenset[str]:
        """Of every file."""
        return frozenset(self._connection.execute(select(evidence_file.c.digest)).scalars())

    def named(self) -> frozenset[str]:
        """Of every file that a report or a kept version names, also one of a report that is gone."""
        return frozenset(named_files(self._connection))

    def purge(self, keep: frozenset[str]) -> int:
        """Clear away every file but these; how many went. Only in a transaction that is not undoable."""
        gone = self.digests() - keep
        for digest in gone:
            self._connection.execute(delete(evidence_file).where(evidence_file.c.digest == digest))
        if gone:
            self._touched.add(evidence_file.name)
        return len(gone)
