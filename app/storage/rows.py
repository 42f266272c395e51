"""Facts that are ordinary rows: a frozen value per row, field by field, found by its key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Table, delete, select
from sqlalchemy.dialects.sqlite import insert

from app.domain.facts import Assignment, VoteCount, VoteSession
from app.models.happenings import vote_count, vote_session
from app.models.register import assignment

V = TypeVar("V")
Key = tuple[str, ...]
Part = str | int


class Rows(Generic[V]):
    """One kind of fact, by its key: units, evaluators (code), sessions, events (id), office marks (scheme, unit,
    item, period), exemptions (scheme, unit, part), decisions (scheme, unit, scope), earlier results (scheme, unit,
    year), objections, remarks, lines of lists (id), hearings (scheme, unit, body), senders (key), sheets being typed in
    (scheme, evaluator, turn)."""

    def __init__(
        self, connection: Connection, table: Table, kind: type[V], key: Key, order: Key = (), left_out: Key = ()
    ) -> None:
        self._connection = connection
        self._table = table
        self._kind = kind
        self._key = key
        self._names: list[str] = [f.name for f in fields(kind) if f.name not in left_out]  # type: ignore[arg-type]
        self._order = [table.c[name] for name in order] or list(table.primary_key.columns)

    def all(self) -> tuple[V, ...]:
        """In official order where there is one, else as entered."""
        return self._values({})

    def get(self, *key: Part) -> V | None:
        """One of them; none when there is no such key."""
        found = self._values(dict(zip(self._key, key, strict=True)))
        return found[0] if found else None

    def save(self, *values: V) -> None:
        """Insert, or replace what has the same key. A value that is there already is no change."""
        if not values:
            return
        rows = [{name: getattr(value, name) for name in self._names} for value in values]
        adding = insert(self._table)
        others = {name: adding.excluded[name] for name in self._names if name not in self._key}
        self._connection.execute(adding.on_conflict_do_update(index_elements=list(self._key), set_=others), rows)

    def delete(self, *key: Part) -> bool:
        """Whether there was one."""
        gone = delete(self._table)
        for name, value in zip(self._key, key, strict=True):
            gone = gone.where(self._table.c[name] == value)
        return self._connection.execute(gone).rowcount > 0

    def replace_all(self, values: Iterable[V]) -> None:
        """Exactly these from now on; unchanged ones are not touched."""
        wanted = {self._key_of(value): value for value in values}
        present = {self._key_of(value): value for value in self.all()}
        for key in present.keys() - wanted.keys():
            self.delete(*key)
        self.save(*(value for key, value in wanted.items() if present.get(key) != value))

    def _key_of(self, value: V) -> tuple[Part, ...]:
        return tuple(getattr(value, name) for name in self._key)

    def _values(self, where: Mapping[str, Part]) -> tuple[V, ...]:
        query = select(*(self._table.c[name] for name in self._names)).order_by(*self._order)
        for name, value in where.items():
            query = query.where(self._table.c[name] == value)
        return tuple(self._kind(**row) for row in self._connection.execute(query).mappings())


class VoteSessions(Rows[VoteSession]):
    """Vote sessions with their counts, one row per unit and item."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection, vote_session, VoteSession, ("id",), left_out=("counts",))

    def save(self, *values: VoteSession) -> None:
        """Insert, or replace what has the same id, counts included."""
        super().save(*values)
        for value in values:
            counts = _CountsOf(self._connection, value.id)
            counts.replace_all(value.counts)

    def delete(self, *key: Part) -> bool:
        """Whether there was one."""
        self._connection.execute(delete(vote_count).where(vote_count.c.session == key[0]))
        return super().delete(*key)

    def _values(self, where: Mapping[str, Part]) -> tuple[VoteSession, ...]:
        counts: dict[str, list[VoteCount]] = {}
        for row in self._connection.execute(select(vote_count).order_by(vote_count.c.id)):
            counts.setdefault(row.session, []).append(VoteCount(unit=row.unit, item=row.item, counts=row.counts))
        query = select(*(vote_session.c[name] for name in self._names)).order_by(vote_session.c.row)
        for name, value in where.items():
            query = query.where(vote_session.c[name] == value)
        rows = self._connection.execute(query).mappings()
        return tuple(VoteSession(**_plain(row), counts=tuple(counts.get(row["id"], ()))) for row in rows)


def _plain(row: Mapping[Any, Any]) -> dict[str, Any]:
    return dict(row)


class _CountsOf:
    """The counts of one session."""

    def __init__(self, connection: Connection, session: str) -> None:
        self._connection = connection
        self._session = session

    def replace_all(self, counts: Iterable[VoteCount]) -> None:
        """Exactly these; unchanged ones are not touched."""
        wanted = [{"session": self._session, "unit": c.unit, "item": c.item, "counts": c.counts} for c in counts]
        keys = {(row["unit"], row["item"]) for row in wanted}
        mine = select(vote_count.c.id, vote_count.c.unit, vote_count.c.item).where(
            vote_count.c.session == self._session
        )
        gone = [row.id for row in self._connection.execute(mine) if (row.unit, row.item) not in keys]
        for number in gone:
            self._connection.execute(delete(vote_count).where(vote_count.c.id == number))
        if wanted:
            adding = insert(vote_count)
            self._connection.execute(
                adding.on_conflict_do_update(
                    index_elements=["session", "unit", "item"], set_={"counts": adding.excluded["counts"]}
                ),
                wanted,
            )


class Assignments:
    """Who rates whom by hand: lines without a key, kept per evaluator and scheme."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> tuple[Assignment, ...]:
        """In the order they were entered."""
        return self._lines({})

    def replace(self, evaluator: str, scheme: str, lines: Iterable[Assignment]) -> None:
        """Exactly these lines for this evaluator and scheme."""
        mine = {"evaluator": evaluator, "scheme": scheme}
        self._replace(mine, [line for line in lines if (line.evaluator, line.scheme) == (evaluator, scheme)])

    def replace_all(self, lines: Iterable[Assignment]) -> None:
        """Exactly these lines."""
        self._replace({}, list(lines))

    def _replace(self, where: Mapping[str, str], lines: list[Assignment]) -> None:
        if list(self._lines(where)) == lines:
            return
        gone = delete(assignment)
        for name, value in where.items():
            gone = gone.where(assignment.c[name] == value)
        self._connection.execute(gone)
        if lines:
            names = [f.name for f in fields(Assignment)]
            self._connection.execute(insert(assignment), [{n: getattr(line, n) for n in names} for line in lines])

    def _lines(self, where: Mapping[str, str]) -> tuple[Assignment, ...]:
        query = select(*(assignment.c[f.name] for f in fields(Assignment))).order_by(assignment.c.id)
        for name, value in where.items():
            query = query.where(assignment.c[name] == value)
        return tuple(Assignment(**row) for row in self._connection.execute(query).mappings())
