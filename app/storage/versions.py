"""What is kept as versions: scheme documents and computed results; and the settings of the year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from app.domain.errors import AppError, Fault
from app.models.documents import scheme_version, snapshot
from app.models.marks import sent_sheet
from app.models.schema import NO_FACTS
from app.models.trail import audit, setting
from app.storage.documents import Documents
from app.storage.records import SchemeVersion, StoredSnapshot

SENT_SCHEMES = "sent_schemes"  # setting: fingerprints of the documents that went out with tasks
_NO_FACTS = frozenset(table.name for table in NO_FACTS)


class Schemes:
    """Scheme documents by version; the highest version is the current one."""

    def __init__(self, connection: Connection, at: str, who: str) -> None:
        self._connection = connection
        self._documents = Documents(connection)
        self._at = at
        self._who = who

    def current(self) -> tuple[SchemeVersion, ...]:
        """The current version of each scheme, in the order they were first added."""
        found: dict[str, SchemeVersion] = {}
        for version in self._load():
            found[version.scheme] = version
        return tuple(found.values())

    def get(self, scheme: str, version: int | None = None) -> SchemeVersion | None:
        """One version; none named: the current one."""
        found = self._load(scheme_version.c.scheme == scheme)
        return next((v for v in reversed(found) if version is None or v.version == version), None)

    def versions(self, scheme: str) -> tuple[SchemeVersion, ...]:
        """Newest first."""
        return self._load(scheme_version.c.scheme == scheme)[::-1]

    def save(self, scheme: str, text: str) -> SchemeVersion:
        """The text as the draft: in the place of the newest version while that is a draft on which nothing rests
        (no kept result, no sheet that was sent), else as a new version. The same text again changes nothing."""
        newest = self.get(scheme)
        if newest is not None and newest.text == text:
            return newest
        if newest is None or newest.published or self.is_used(newest.fingerprint):
            return self.add(scheme, text)
        changes = {"fingerprint": self._documents.put(text)[0], "made_at": self._at, "made_by": self._who}
        mine = (scheme_version.c.scheme == scheme, scheme_version.c.version == newest.version)
        self._connection.execute(update(scheme_version).where(*mine).values(changes))
        return replace(newest, text=text, **changes)

    def is_used(self, fingerprint: str) -> bool:
        """Whether a kept result was computed with this document, or a sheet or a task was sent under it."""
        sent = select(sent_sheet.c.id).where(sent_sheet.c.fingerprint == fingerprint).limit(1)
        if self._connection.execute(sent).first() is not None:
            return True
        if fingerprint in Settings(self._connection).get(SENT_SCHEMES).split():
            return True
        return any(fingerprint in s.values() for s in self._connection.execute(select(snapshot.c.schemes)).scalars())

    def add(self, scheme: str, text: str) -> SchemeVersion:
        """A new version."""
        newest = self.get(scheme)
        added = SchemeVersion(
            scheme=scheme,
            version=newest.version + 1 if newest else 1,
            text=text,
            fingerprint=self._documents.put(text)[0],
            published="",
            made_at=self._at,
            made_by=self._who,
        )
        names = ("scheme", "version", "fingerprint", "published", "made_at", "made_by")
        self._connection.execute(insert(scheme_version), {n: getattr(added, n) for n in names})
        return added

    def publish(self, scheme: str) -> SchemeVersion:
        """Mark the current version as published now. Raises NOT_FOUND."""
        newest = self.get(scheme)
        if newest is None:
            raise AppError(Fault.NOT_FOUND, f"没有方案 {scheme}。")
        mine = (scheme_version.c.scheme == scheme, scheme_version.c.version == newest.version)
        self._connection.execute(update(scheme_version).where(*mine).values(published=self._at))
        return replace(newest, published=self._at)

    def _load(self, *conditions: Any) -> tuple[SchemeVersion, ...]:
        query = select(scheme_version).where(*conditions).order_by(scheme_version.c.id)
        rows = self._connection.execute(query).all()
        texts = self._documents.many({row.fingerprint for row in rows})
        return tuple(
            SchemeVersion(
                scheme=row.scheme,
                version=row.version,
                text=texts[row.fingerprint],
                fingerprint=row.fingerprint,
                published=row.published,
                made_at=row.made_at,
                made_by=row.made_by,
            )
            for row in rows
        )


class Snapshots:
    """Computed results, kept whole. No undo takes them or their freezing back."""

    def __init__(self, connection: Connection, at: str, who: str) -> None:
        self._connection = connection
        self._documents = Documents(connection)
        self._at = at
        self._who = who

    def add(self, text: str, schemes: Mapping[str, str], facts: str) -> StoredSnapshot:
        """Keep a result as the next version."""
        newest = self._connection.execute(select(func.max(snapshot.c.version))).scalar()
        added = StoredSnapshot(
            version=(newest or 0) + 1,
            made_at=self._at,
            made_by=self._who,
            text=text,
            schemes=dict(schemes),
            facts=facts,
            revision=facts_revision(self._connection),
        )
        row = {
            "version": added.version,
            "made_at": self._at,
            "made_by": self._who,
            "results": self._documents.put(text)[0],
            "schemes": added.schemes,
            "facts": facts,
            "revision": added.revision,
        }
        self._connection.execute(insert(snapshot), {**row, "frozen": 0, "frozen_by": "", "freeze_reason": ""})
        return added

    def newest(self) -> StoredSnapshot | None:
        """With its text."""
        number = self._connection.execute(select(func.max(snapshot.c.version))).scalar()
        return None if number is None else self.get(number)

    def get(self, version: int) -> StoredSnapshot | None:
        """With its text."""
        row = self._connection.execute(select(snapshot).where(snapshot.c.version == version)).first()
        return None if row is None else _snapshot(row, self._documents.get(row.results))

    def all(self) -> tuple[StoredSnapshot, ...]:
        """Newest first, without texts."""
        rows = self._connection.execute(select(snapshot).order_by(snapshot.c.version.desc()))
        return tuple(_snapshot(row, "") for row in rows)

    def freeze(self, version: int, by: str, reason: str) -> StoredSnapshot:
        """Raises NOT_FOUND."""
        return self._mark(version, 1, by, reason)

    def unfreeze(self, version: int) -> StoredSnapshot:
        """Raises NOT_FOUND."""
        return self._mark(version, 0, "", "")

    def _mark(self, version: int, frozen: int, by: str, reason: str) -> StoredSnapshot:
        marks = {"frozen": frozen, "frozen_by": by, "freeze_reason": reason}
        self._connection.execute(update(snapshot).where(snapshot.c.version == version).values(marks))
        marked = self.get(version)
        if marked is None:
            raise AppError(Fault.NOT_FOUND, f"没有第 {version} 版结果。")
        return marked


def _snapshot(row: Any, text: str) -> StoredSnapshot:
    return StoredSnapshot(
        version=row.version,
        made_at=row.made_at,
        made_by=row.made_by,
        text=text,
        schemes=row.schemes,
        facts=row.facts,
        revision=row.revision,
        frozen=bool(row.frozen),
        frozen_by=row.frozen_by,
        freeze_reason=row.freeze_reason,
    )


def facts_revision(connection: Connection) -> int:
    """Number of the last entry of the trail that has changed a scheme or a fact (0: none)."""
    query = select(audit.c.number, audit.c.touched).where(audit.c.touched.not_in(("", *_NO_FACTS)))
    rows = connection.execute(query.order_by(audit.c.number.desc()))
    return next((number for number, touched in rows if are_facts(touched.split())), 0)


def are_facts(tables: Iterable[str]) -> bool:
    """Whether the engine is told what stands in any of these tables."""
    return not _NO_FACTS.issuperset(tables)


def changes_revision(connection: Connection) -> int:
    """Number of the last entry of the trail that has changed anything that undo watches over (0: none)."""
    return connection.execute(select(func.max(audit.c.number)).where(audit.c.touched != "")).scalar() or 0


class Settings:
    """Texts by key. ``year``, ``title``, ``practice`` (1 or empty) and ``file_id`` are there from the start."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, key: str, default: str = "") -> str:
        """The text of a key."""
        found = self._connection.execute(select(setting.c.value).where(setting.c.key == key)).scalar()
        return default if found is None else found

    def set(self, key: str, text: str) -> None:
        """Set the text of a key."""
        adding = upsert(setting).values(key=key, value=text)
        self._connection.execute(adding.on_conflict_do_update(index_elements=["key"], set_={"value": text}))

    def all(self) -> dict[str, str]:
        """Key → text."""
        return {row.key: row.value for row in self._connection.execute(select(setting).order_by(setting.c.key))}
