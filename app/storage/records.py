"""Values that only the year file has: trail entries, versions, batches, hand-outs, snapshots, backups, boxes of ballots, objections,
reports as they are kept, packages that went out and came in."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal


def checkpoint_code(digest: str) -> str:
    """The short form of a SHA-256 that goes on paper: its first 16 hex digits in groups of four."""
    return "-".join(digest[i : i + 4] for i in range(0, 16, 4))


@dataclass(frozen=True, kw_only=True, slots=True)
class Details:
    """What an entry of the trail says besides who and when. subject: what was changed (``评分表 2026-dept-E012``);
    before, after: the change in short; fingerprint: SHA-256 of the file or batch, hex."""

    subject: str = ""
    before: str = ""
    after: str = ""
    fingerprint: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class AuditEntry:
    """One entry of the trail. number: 1, 2, 3 … without gaps; at: local time with offset; counter: milliseconds that
    never go back, whatever the clock does; touched: the kinds of facts written (names of tables); previous, hash:
    SHA-256 hex, over the canonical form (docs/formats/year-file.md)."""

    number: int
    at: str
    counter: int
    who: str
    role: str
    computer: str
    action: str
    label: str
    subject: str
    before: str
    after: str
    fingerprint: str
    reason: str
    touched: tuple[str, ...]
    previous: str
    hash: str

    @property
    def code(self) -> str:
        """The checkpoint of the trail as it stood after this entry."""
        return checkpoint_code(self.hash)


@dataclass(frozen=True, kw_only=True, slots=True)
class BallotBox:
    """What is known of one box of secret ballots. key: 32 random hex digits; size: ballots in it; digest: SHA-256 of the
    sorted ballots, hex; counted_by, watched_by: who counted and who watched."""

    key: str
    session: str
    size: int
    digest: str
    counted_by: str
    watched_by: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Objection:
    """A review (复核), or an appeal to the level above (申诉), of what came out for a unit. by: who objects; filed, due,
    answered: dates as YYYY-MM-DD, as the office has set them. before: the version of the result it is about; after: the
    one that stands now (0: none yet; the same: upheld)."""

    id: str
    kind: Literal["review", "appeal"] = "review"
    scheme: str
    unit: str
    by: str
    text: str
    filed: str
    due: str
    state: Literal["open", "answered", "withdrawn"] = "open"
    outcome: Literal["", "upheld", "corrected"] = ""
    reason: str = ""
    answered: str = ""
    answered_by: str = ""
    before: int
    after: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class SchemeVersion:
    """One stored version of a scheme. version: 1 is the first; fingerprint: SHA-256 of the text, hex; published: when
    it was frozen (local time with offset), empty: not yet."""

    scheme: str
    version: int
    text: str
    fingerprint: str
    published: str
    made_at: str
    made_by: str


@dataclass(frozen=True, kw_only=True, slots=True)
class BatchFile:
    """A file that was taken in with a batch: its name and the SHA-256 of its bytes, hex; sheet: the id of the score
    sheet it was; content: SHA-256 of what it says."""

    name: str
    sha256: str
    sheet: str = ""
    content: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Batch:
    """One import. number: never used twice, not even after undo; report: any text the services keep with it (JSON);
    withdrawn: the reason why it was taken back, empty: it stands."""

    number: int
    at: str
    by: str
    label: str
    files: tuple[BatchFile, ...]
    report: str = ""
    withdrawn: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class SentSheet:
    """One hand-out. issue: 1 for the first; file: the name of the workbook; fingerprint: of the scheme; form: text from
    which the services rebuild the form as it was sent (JSON)."""

    sheet: str
    scheme: str
    evaluator: str
    issue: int
    at: str
    by: str
    file: str
    fingerprint: str
    form: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class SheetEntry:
    """A paper sheet as one person types it in, before it is compared with what the other has typed. turn: 1 or 2; values:
    cell → text as typed, by names that the services give; at: local time with offset; finished: he has said so."""

    scheme: str
    evaluator: str
    turn: int
    by: str
    at: str
    values: dict[str, str] = field(default_factory=dict[str, str])
    finished: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredReport:
    """A unit's report as it is now. content: canonical text (the services read and write it); fingerprint: its SHA-256,
    hex; at: local time with offset."""

    scheme: str
    unit: str
    state: Literal["draft", "submitted", "returned", "accepted"]
    content: str
    fingerprint: str
    at: str
    by: str


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredVersion:
    """A kept state of a report, as ``StoredReport``. number: 1, 2, … within the unit's report; reason: why it was
    returned, or what it was kept for."""

    scheme: str
    unit: str
    number: int
    state: Literal["draft", "submitted", "returned", "accepted"]
    content: str
    fingerprint: str
    at: str
    by: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class EarlierReport:
    """What a unit reported in an earlier year. content: as ``StoredReport``; source: the file it was taken from."""

    scheme: str
    unit: str
    year: int
    content: str
    source: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class SentPackage:
    """A package that went out. id: 32 hex digits; unit: of the receiver (the office: empty); file: its name; sha256: of
    the file, hex; answers: id of the package it answers; content: canonical text of what it carried (empty in lists
    without contents)."""

    id: str
    kind: Literal["task", "return", "results"]
    unit: str
    sequence: int
    at: str
    by: str
    file: str
    sha256: str
    answers: str = ""
    content: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReceivedPackage:
    """A package that was taken in. unit, key: of the sender; batch: the import it came with (0: none); manifest: as it
    was signed; the rest as ``SentPackage``."""

    id: str
    kind: Literal["task", "return", "results"]
    unit: str
    key: str
    sequence: int
    at: str
    by: str
    file: str
    sha256: str
    batch: int = 0
    manifest: str = ""
    content: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sender:
    """An installation by its public key (64 hex digits). unit: for which it sends; confirmed_by: who has compared the
    key's code with the paper (empty: nobody yet), at: when."""

    key: str
    unit: str
    name: str
    confirmed_by: str = ""
    at: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredSnapshot:
    """One kept result. version: 1, 2, 3 …; text: the results as text (empty in lists: ask for the version); schemes:
    scheme id → fingerprint; facts: fingerprint of the facts; revision: Work.facts_revision() when it was made."""

    version: int
    made_at: str
    made_by: str
    text: str
    schemes: dict[str, str] = field(default_factory=dict[str, str])
    facts: str = ""
    revision: int = 0
    frozen: bool = False
    frozen_by: str = ""
    freeze_reason: str = ""


@dataclass(frozen=True, slots=True)
class Undone:
    """What undo or redo has done: the name of the step, and the kinds of facts it has written (names of tables)."""

    label: str
    touched: frozenset[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Backup:
    """One backup file. made_at: local time (``2026-11-23 22:15:00``); number, code: the trail's last entry in it;
    stage: kept for good; size in bytes."""

    path: Path
    made_at: str
    reason: str
    number: int
    code: str
    stage: bool
    size: int
