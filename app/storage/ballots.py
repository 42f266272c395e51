"""Secret ballots: whole boxes in, sums out. Nothing here can tell in which order ballots came, or from whom.

Ballots of a box are kept sorted: their order is a function of what they say, so it holds nothing about how they came in.
Shuffling would do as well, but nobody can see afterwards whether something was shuffled; that it is sorted the check
verifies. One box is one row under a random key, so no row numbers, free pages or images of undo speak of single ballots.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable

from sqlalchemy import Connection, delete, func, insert, select, update

from app.domain.facts import BallotBatch
from app.models.ballots import ballot_batch, ballot_code
from app.models.types import json_text
from app.storage.records import BallotBox

Ballot = tuple[str, ...]


def sorted_text(ballots: Iterable[Ballot]) -> str:
    """The canonical text of a box."""
    return json_text([list(ballot) for ballot in sorted(ballots)])


def text_digest(text: str) -> str:
    """SHA-256 of the canonical text, hex: the fingerprint of the sorted box."""
    return hashlib.sha256(text.encode()).hexdigest()


class Ballots:
    """Boxes of single ballots. ``touched`` gets the name of the table with every change, as there are no images that
    would tell; a transaction that writes here must not be undoable."""

    def __init__(self, connection: Connection, touched: set[str]) -> None:
        self._connection = connection
        self._touched = touched

    def all(self) -> tuple[BallotBatch, ...]:
        """What the engine is told: boxes of one session on the same units and items are one."""
        together: dict[tuple[str, Ballot, Ballot], list[Ballot]] = {}
        for row in self._connection.execute(select(ballot_batch)).mappings():
            alike = (row["session"], row["units"], row["items"])
            together.setdefault(alike, []).extend(tuple(ballot) for ballot in json.loads(row["ballots"]))
        return tuple(
            BallotBatch(session=session, units=units, items=items, ballots=tuple(sorted(ballots)))
            for (session, units, items), ballots in sorted(together.items())
        )

    def boxes(self, session: str = "") -> tuple[BallotBox, ...]:
        """What is known of each box, by key; of one session, or of all."""
        columns = [ballot_batch.c[name] for name in ("key", "session", "size", "digest", "counted_by", "watched_by")]
        query = select(*columns).order_by(ballot_batch.c.key)
        rows = self._connection.execute(query.where(ballot_batch.c.session == session) if session else query)
        return tuple(BallotBox(**row) for row in rows.mappings())

    def sizes(self) -> dict[str, int]:
        """Session → ballots taken in."""
        query = select(ballot_batch.c.session, func.sum(ballot_batch.c.size)).group_by(ballot_batch.c.session)
        return {session: size for session, size in self._connection.execute(query)}

    def add(self, batch: BallotBatch, counted_by: str, watched_by: str) -> BallotBox:
        """Take a box in."""
        text = sorted_text(batch.ballots)
        box = BallotBox(
            key=secrets.token_hex(16),
            session=batch.session,
            size=len(batch.ballots),
            digest=text_digest(text),
            counted_by=counted_by,
            watched_by=watched_by,
        )
        kept = {"units": batch.units, "items": batch.items, "ballots": text}
        told = {name: getattr(box, name) for name in ("key", "session", "size", "digest", "counted_by", "watched_by")}
        self._connection.execute(insert(ballot_batch), {**told, **kept})
        self._touched.add(ballot_batch.name)
        return box

    def withdraw(self, key: str) -> BallotBox | None:
        """Take a whole box out; the codes spent with it may be used again. None: there is no such box."""
        box = next((b for b in self.boxes() if b.key == key), None)
        if box is None:
            return None
        self._connection.execute(delete(ballot_batch).where(ballot_batch.c.key == key))
        self._connection.execute(update(ballot_code).where(ballot_code.c.batch == key).values(batch=""))
        self._touched.add(ballot_batch.name)
        return box

    # ---- one-time codes

    def issue_codes(self, session: str, count: int) -> tuple[str, ...]:
        """New one-time codes. Only their hashes are kept: what was handed to whom nobody can look up."""
        codes = tuple(_spoken(secrets.randbits(60)) for _ in range(count))
        hashes = sorted(_code_hash(session, code) for code in codes)
        self._connection.execute(insert(ballot_code), [{"code": h, "session": session, "batch": ""} for h in hashes])
        self._touched.add(ballot_code.name)
        return codes

    def code_states(self, session: str, codes: Iterable[str]) -> dict[str, bool | None]:
        """Code → whether it is spent; None: it was never issued for this session."""
        hashes = {_code_hash(session, code): code for code in codes}
        query = select(ballot_code.c.code, ballot_code.c.batch).where(ballot_code.c.code.in_(hashes))
        known = {hashes[code]: bool(batch) for code, batch in self._connection.execute(query)}
        return {code: known.get(code) for code in hashes.values()}

    def count_codes(self, session: str) -> tuple[int, int]:
        """How many codes were issued for a session, and how many of them are spent."""
        mine = select(func.count()).where(ballot_code.c.session == session)
        issued = self._connection.execute(mine).scalar_one()
        return issued, self._connection.execute(mine.where(ballot_code.c.batch != "")).scalar_one()

    def spend_codes(self, session: str, codes: Iterable[str], key: str) -> None:
        """Mark codes as spent with a box, in the order of their hashes."""
        for digest in sorted(_code_hash(session, code) for code in codes):
            self._connection.execute(update(ballot_code).where(ballot_code.c.code == digest).values(batch=key))
        self._touched.add(ballot_code.name)


_SPOKEN = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # without those that look alike


def _spoken(number: int) -> str:
    """Sixty bits as twelve signs in groups of four."""
    signs = "".join(_SPOKEN[number >> 5 * place & 31] for place in range(12))
    return "-".join(signs[i : i + 4] for i in range(0, 12, 4))


def _code_hash(session: str, code: str) -> str:
    plain = "".join(sign for sign in code.upper() if sign.isalnum())
    return hashlib.sha256(f"{session}|{plain}".encode()).hexdigest()
