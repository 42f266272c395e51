"""The trail: hash-chained entries, written in the transaction they tell of, verified as a whole."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from json import JSONEncoder
from typing import Any

from sqlalchemy import Connection, func, insert, select

from app.domain.findings import Finding, Severity
from app.models.trail import audit as audit_table
from app.storage.records import AuditEntry, Details

GENESIS = "0" * 64
_COLUMNS = [c for c in audit_table.columns if c.name != "hash"]
_canonical = JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def entry_hash(fields: Sequence[str | int]) -> str:
    """SHA-256, hex, over the canonical form: all fields before the hash, in the order of the table, as one JSON array
    without blanks, UTF-8."""
    return hashlib.sha256(_canonical(list(fields)).encode()).hexdigest()


@dataclass(frozen=True, kw_only=True, slots=True)
class Intention:
    """What a transaction says before it starts: who does what, under which name, and why."""

    action: str
    who: str
    label: str
    role: str = ""
    reason: str = ""
    details: Details = field(default_factory=Details)


@dataclass(frozen=True, slots=True)
class Head:
    """The newest entry, as far as the next one needs it; at the very start number 0."""

    number: int
    counter: int
    hash: str


def read_head(connection: Connection) -> Head:
    """The newest entry of the trail."""
    newest = select(audit_table.c.number, audit_table.c.counter, audit_table.c.hash)
    row = connection.execute(newest.order_by(audit_table.c.number.desc()).limit(1)).first()
    return Head(row[0], row[1], row[2]) if row else Head(0, 0, GENESIS)


def local_now() -> datetime:
    """Local time with its offset."""
    return datetime.now().astimezone()


def write_entry(connection: Connection, intention: Intention, at: datetime, touched: Iterable[str]) -> None:
    """Append the entry. Its counter goes up even when the clock went back: both can be read off it later."""
    head = read_head(connection)
    said = intention.details
    values: dict[str, str | int] = {
        "number": head.number + 1,
        "at": at.isoformat(timespec="milliseconds"),
        "counter": max(head.counter + 1, int(at.timestamp() * 1000)),
        "who": intention.who,
        "role": intention.role,
        "computer": platform.node(),
        "action": intention.action,
        "label": intention.label,
        "subject": said.subject,
        "before": said.before,
        "after": said.after,
        "fingerprint": said.fingerprint,
        "reason": intention.reason,
        "touched": " ".join(sorted(touched)),
        "previous": head.hash,
    }
    values["hash"] = entry_hash([values[c.name] for c in _COLUMNS])
    connection.execute(insert(audit_table), values)


def verify_chain(connection: Connection) -> tuple[Finding, ...]:
    """Every link, the numbering, the clock and the length that SQLite remembers. Empty: intact."""
    # Straight from the driver: the chain is verified at every opening, and may be tens of thousands of links long.
    cursor = connection.connection.cursor()
    try:
        cursor.execute("SELECT {}, hash FROM audit ORDER BY number".format(", ".join(f'"{c.name}"' for c in _COLUMNS)))
        last, findings = _walk(iter(cursor.fetchone, None))
    finally:
        cursor.close()
    remembered = connection.exec_driver_sql("SELECT seq FROM sqlite_sequence WHERE name = 'audit'").scalar()
    if isinstance(remembered, int) and remembered > last:
        message = f"记录应有 {remembered} 条，现只到第 {last} 条：末尾被删去。"
        findings.append(_finding("Y-TRAIL-CUT", f"第 {last} 条之后", message))
    if not last:
        findings.append(_finding("Y-TRAIL-EMPTY", "记录", "操作记录一条也没有。"))
    return tuple(findings)


def _walk(rows: Iterable[Any]) -> tuple[int, list[Finding]]:
    findings: list[Finding] = []
    previous, number, latest = GENESIS, 0, ""
    for row in rows:
        fields, own = row[:-1], row[-1]
        intact = hashlib.sha256(_canonical(fields).encode()).hexdigest() == own
        if not intact or fields[0] != number + 1 or fields[-1] != previous or fields[1] < latest:
            findings += _remarks(fields, intact, previous, number, latest)
        previous, number, latest = own, fields[0], fields[1]
    return number, findings


def _remarks(fields: Sequence[Any], intact: bool, previous: str, number: int, latest: str) -> list[Finding]:
    place = f"第 {fields[0]} 条"
    found: list[Finding] = []
    if fields[0] != number + 1:
        found.append(_finding("Y-TRAIL-GAP", place, f"第 {number} 条之后缺了记录。"))
    if fields[-1] != previous:
        found.append(_finding("Y-TRAIL-LINK", place, "这一条与前一条接不上：前面的记录被改动、调换或删去。"))
    if not intact:
        found.append(_finding("Y-TRAIL-HASH", place, "这一条的内容与它的指纹不符：内容被改动。"))
    if fields[1] < latest and _went_back(fields[1], latest):
        found.append(_clock_note(place, fields[1], latest))
    return found


def _went_back(at: str, before: str) -> bool:
    try:
        return datetime.fromisoformat(at) < datetime.fromisoformat(before)
    except ValueError:
        return True


def _clock_note(place: str, at: str, before: str) -> Finding:
    message = f"记录时间 {at} 早于前一条的 {before}：当时电脑的时钟被调回过。"
    return Finding("Y-TRAIL-CLOCK", place, message, "记录仍按编号排序，无需处理；请核对电脑日期。", Severity.NOTE)


def _finding(code: str, place: str, message: str) -> Finding:
    return Finding(code, place, message, "请用纸面上的审计码核对，并与备份比较。")


class Audit:
    """The trail, for reading; entries are written by YearFile.transaction alone."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def entries(self, limit: int = 200, offset: int = 0) -> tuple[AuditEntry, ...]:
        """Newest first."""
        query = select(audit_table).order_by(audit_table.c.number.desc()).limit(limit).offset(offset)
        return tuple(_entry(row) for row in self._connection.execute(query).mappings())

    def count(self) -> int:
        """How many entries there are."""
        return self._connection.execute(select(func.count()).select_from(audit_table)).scalar_one()

    def head(self) -> AuditEntry:
        """The newest entry."""
        return self.entries(1)[0]

    def verify(self) -> tuple[Finding, ...]:
        """Findings of the chain; empty: intact."""
        return verify_chain(self._connection)

    def checkpoint(self) -> str:
        """The code of the newest entry: 16 hex digits in groups of four."""
        return self.head().code

    def changed_since(self, number: int) -> bool:
        """Whether anything but the making of backups was entered after this entry."""
        later = select(audit_table.c.number).where(audit_table.c.number > number, audit_table.c.action != "backup")
        return self._connection.execute(later.limit(1)).first() is not None

    def find_checkpoint(self, code: str) -> AuditEntry | None:
        """The entry a printed code stands for (blanks, dashes and capitals do not matter); none: this trail does not
        hold it."""
        digits = "".join(c for c in code.lower() if c in "0123456789abcdef")
        if len(digits) != 16:
            return None
        query = select(audit_table).where(func.substr(audit_table.c.hash, 1, 16) == digits)
        row = self._connection.execute(query).mappings().first()
        return _entry(row) if row else None


def _entry(row: Any) -> AuditEntry:
    fields: dict[str, Any] = dict(row)
    fields["touched"] = tuple(fields["touched"].split())
    return AuditEntry(**fields)
