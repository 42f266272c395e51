"""What a reader or a writer of the year file holds: its repositories, by noun. Values in, values out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Generic, TypeVar

from app.domain.facts import (
    Assignment,
    Decision,
    Evaluator,
    Event,
    Exemption,
    Facts,
    MarkBlock,
    MarkEdit,
    OfficeMark,
    Unit,
    VoteSession,
)
from app.domain.findings import Finding
from app.storage.records import AuditEntry, Batch, BatchFile, Details, SchemeVersion, SentSheet, StoredSnapshot

V = TypeVar("V")


class Rows(Generic[V]):
    """One kind of fact, by its key: units and evaluators and sessions and events (code or id), office marks (scheme,
    unit, item), exemptions (scheme, unit, part), decisions (scheme, unit, scope)."""

    def all(self) -> tuple[V, ...]:
        """In official order where there is one, else as entered."""
        raise NotImplementedError

    def get(self, *key: str) -> V | None:
        """One of them; none when there is no such key."""
        raise NotImplementedError

    def save(self, *values: V) -> None:
        """Insert, or replace what has the same key."""
        raise NotImplementedError

    def delete(self, *key: str) -> bool:
        """Whether there was one."""
        raise NotImplementedError

    def replace_all(self, values: Iterable[V]) -> None:
        """Exactly these from now on; unchanged ones are not touched."""
        raise NotImplementedError


class Assignments:
    """Who rates whom by hand: lines without a key, kept per evaluator and scheme."""

    def all(self) -> tuple[Assignment, ...]:
        raise NotImplementedError

    def replace(self, evaluator: str, scheme: str, lines: Iterable[Assignment]) -> None:
        """Exactly these lines for this evaluator and scheme."""
        raise NotImplementedError

    def replace_all(self, lines: Iterable[Assignment]) -> None:
        """Exactly these lines."""
        raise NotImplementedError


class Schemes:
    """Scheme documents by version; the highest version is the current one."""

    def current(self) -> tuple[SchemeVersion, ...]:
        """The current version of each scheme, in the order they were first added."""
        raise NotImplementedError

    def get(self, scheme: str, version: int | None = None) -> SchemeVersion | None:
        """One version; none named: the current one."""
        raise NotImplementedError

    def versions(self, scheme: str) -> tuple[SchemeVersion, ...]:
        """Newest first."""
        raise NotImplementedError

    def add(self, scheme: str, text: str) -> SchemeVersion:
        """A new version."""
        raise NotImplementedError

    def publish(self, scheme: str) -> SchemeVersion:
        """Mark the current version as published now. Raises NOT_FOUND."""
        raise NotImplementedError


class Blocks:
    """Marks: one packed block per returned sheet, superseded ones kept. What comes out has the later edits applied."""

    def all(self) -> tuple[MarkBlock, ...]:
        """The current block of every evaluator and scheme, ordered by scheme and evaluator."""
        raise NotImplementedError

    def get(self, scheme: str, evaluator: str) -> MarkBlock | None:
        """The current one."""
        raise NotImplementedError

    def versions(self, scheme: str, evaluator: str) -> tuple[MarkBlock, ...]:
        """Every block that ever stood there and was not withdrawn, newest first."""
        raise NotImplementedError

    def of_batch(self, batch: int) -> tuple[MarkBlock, ...]:
        """What a batch brought, superseded ones included, as they were read (without edits)."""
        raise NotImplementedError

    def save(self, blocks: Sequence[MarkBlock], batch: int = 0) -> None:
        """Each becomes the current one of its evaluator and scheme. batch 0: entered in the program."""
        raise NotImplementedError

    def withdraw(self, batch: int) -> int:
        """Take a batch's blocks back; what they had replaced stands again. Returns how many blocks were current."""
        raise NotImplementedError


class Edits:
    """Later changes of single marks; they belong to the block that was current then."""

    def add(self, scheme: str, evaluator: str, edit: MarkEdit, raw: int) -> MarkBlock:
        """raw: the new packed integer. Returns the block as it is now. Raises NOT_FOUND."""
        raise NotImplementedError

    def of(self, scheme: str, evaluator: str) -> tuple[MarkEdit, ...]:
        """Oldest first, of the current block."""
        raise NotImplementedError


class Batches:
    """Imports."""

    def add(self, label: str, files: Iterable[BatchFile], report: str = "") -> Batch:
        """A new batch with the next number."""
        raise NotImplementedError

    def all(self) -> tuple[Batch, ...]:
        """Newest first."""
        raise NotImplementedError

    def get(self, number: int) -> Batch | None:
        raise NotImplementedError

    def of_file(self, sha256: str) -> Batch | None:
        """The newest standing batch that took in a file with these bytes."""
        raise NotImplementedError

    def withdraw(self, number: int, reason: str) -> Batch:
        """Mark as taken back (Blocks.withdraw does it). Raises NOT_FOUND."""
        raise NotImplementedError


class SentSheets:
    """Hand-outs. They have left the house: no undo takes them back."""

    def add(self, sheets: Iterable[SentSheet]) -> None:
        raise NotImplementedError

    def all(self) -> tuple[SentSheet, ...]:
        """Every issue, oldest first."""
        raise NotImplementedError

    def newest(self, sheet: str) -> SentSheet | None:
        """The highest issue of a sheet."""
        raise NotImplementedError


class Snapshots:
    """Computed results, kept whole. No undo takes them or their freezing back."""

    def add(self, text: str, schemes: Mapping[str, str], facts: str) -> StoredSnapshot:
        """Keep a result as the next version."""
        raise NotImplementedError

    def newest(self) -> StoredSnapshot | None:
        """With its text."""
        raise NotImplementedError

    def get(self, version: int) -> StoredSnapshot | None:
        """With its text."""
        raise NotImplementedError

    def all(self) -> tuple[StoredSnapshot, ...]:
        """Newest first, without texts."""
        raise NotImplementedError

    def freeze(self, version: int, by: str, reason: str) -> StoredSnapshot:
        """Raises NOT_FOUND."""
        raise NotImplementedError

    def unfreeze(self, version: int) -> StoredSnapshot:
        """Raises NOT_FOUND."""
        raise NotImplementedError


class Settings:
    """Texts by key. ``year``, ``title``, ``practice`` (1 or empty) and ``file_id`` are there from the start."""

    def get(self, key: str, default: str = "") -> str:
        raise NotImplementedError

    def set(self, key: str, text: str) -> None:
        raise NotImplementedError

    def all(self) -> dict[str, str]:
        raise NotImplementedError


class Audit:
    """The trail, for reading; entries are written by YearFile.transaction alone."""

    def entries(self, limit: int = 200, offset: int = 0) -> tuple[AuditEntry, ...]:
        """Newest first."""
        raise NotImplementedError

    def count(self) -> int:
        raise NotImplementedError

    def head(self) -> AuditEntry:
        """The newest entry."""
        raise NotImplementedError

    def verify(self) -> tuple[Finding, ...]:
        """Findings of the chain; empty: intact."""
        raise NotImplementedError

    def checkpoint(self) -> str:
        """The code of the newest entry: 16 hex digits in groups of four."""
        raise NotImplementedError

    def find_checkpoint(self, code: str) -> AuditEntry | None:
        """The entry a printed code stands for (blanks and dashes do not matter); none: this trail does not hold it."""
        raise NotImplementedError


class Work:
    """The repositories over one connection. ``number``, ``at``, ``who``: the entry of the trail that this transaction
    will write (reading: the newest one)."""

    number: int
    at: str
    who: str
    details: Details
    schemes: Schemes
    units: Rows[Unit]
    evaluators: Rows[Evaluator]
    assignments: Assignments
    blocks: Blocks
    edits: Edits
    sessions: Rows[VoteSession]
    events: Rows[Event]
    office_marks: Rows[OfficeMark]
    exemptions: Rows[Exemption]
    decisions: Rows[Decision]
    batches: Batches
    sent: SentSheets
    snapshots: Snapshots
    settings: Settings
    audit: Audit

    def facts(self) -> Facts:
        """Everything the engine is told."""
        raise NotImplementedError

    def facts_revision(self) -> int:
        """Number of the last entry of the trail that has changed a scheme, a setting or a fact (0: none)."""
        raise NotImplementedError

    def describe(self, *, subject: str = "", before: str = "", after: str = "", fingerprint: str = "") -> None:
        """Say in the trail what only became known during the transaction; given words replace earlier ones."""
        raise NotImplementedError
