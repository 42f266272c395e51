"""Texts kept whole under their SHA-256: schemes, results, layouts, forms. A text that is there already costs nothing."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable

from sqlalchemy import Connection, insert, select

from app.models.documents import document

_PACK_FROM = 2048  # bytes; shorter texts stay readable in any SQLite browser


def text_hash(text: str) -> str:
    """SHA-256 of the UTF-8 text, hex."""
    return hashlib.sha256(text.encode()).hexdigest()


class Documents:
    """Documents over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, *texts: str) -> tuple[str, ...]:
        """Their hashes, in order."""
        hashes = tuple(text_hash(text) for text in texts)
        wanted = dict(zip(hashes, texts, strict=True))
        there = set(self._connection.execute(select(document.c.hash).where(document.c.hash.in_(wanted))).scalars())
        rows = [_row(digest, text.encode()) for digest, text in wanted.items() if digest not in there]
        if rows:
            self._connection.execute(insert(document), rows)
        return hashes

    def get(self, digest: str) -> str:
        """The text. The foreign keys of the file promise that it is there."""
        return self.many([digest])[digest]

    def many(self, hashes: Iterable[str]) -> dict[str, str]:
        """Hash → text."""
        wanted = select(document.c.hash, document.c.packed, document.c.body).where(document.c.hash.in_(set(hashes)))
        return {row.hash: unpack(row.packed, row.body) for row in self._connection.execute(wanted)}


def _row(digest: str, body: bytes) -> dict[str, object]:
    packed = len(body) >= _PACK_FROM
    return {"hash": digest, "packed": int(packed), "body": zlib.compress(body, 6) if packed else body}


def unpack(packed: int, body: bytes) -> str:
    """The text of a stored body. Raises zlib.error or UnicodeDecodeError when it is damaged."""
    return (zlib.decompress(body) if packed else body).decode()
