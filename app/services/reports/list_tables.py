"""Lines of lists in tables: into cells, and out of a table that was filled in or pasted. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

from app.domain.errors import Fault
from app.domain.facts import Unit
from app.domain.findings import Finding
from app.domain.reports import EntryKind, EntryState, ListEntry
from app.domain.schemes import Scheme, items_of
from app.files.excel.named_table import NamedRow, NamedTable
from app.files.excel.texts import tight
from app.services.reports.values import EntryPlan

W = TypeVar("W", bound=str)
_CELL = Fault.XLS_BAD_CELL.value.code
NUMBER, KIND, LEVEL, UNIT, TEXT, OWNER = "编号", "种类", "层级", "单位", "内容", "责任人"
DUE, STATE, ITEMS, YEAR, SOURCE = "时限", "状态", "关联指标", "年度", "来源"
COLUMNS = (
    (NUMBER, 12),
    (KIND, 10),
    (LEVEL, 14),
    (UNIT, 24),
    (TEXT, 60),
    (OWNER, 16),
    (DUE, 14),
    (STATE, 10),
    (ITEMS, 30),
    (YEAR, 8),
    (SOURCE, 24),
)
KINDS: dict[EntryKind, str] = {"duty": "责任", "problem": "问题", "promise": "承诺"}
STATES: dict[EntryState, str] = {"open": "未开始", "doing": "进行中", "done": "已完成"}
_KIND_OF: dict[str, EntryKind] = {name: kind for kind, name in KINDS.items()}
_STATE_OF: dict[str, EntryState] = {name: state for state, name in STATES.items()}
GUIDE = (
    "一行一条。种类填：责任、问题、承诺；层级填名册中的层级；单位填编码或名称，对全层级的留空；状态填：未开始、进行中、已完成；"
    "关联指标写 方案代号/指标代号，几个用顿号隔开。编号不要改动，新增的留空。"
)


@dataclass(frozen=True)
class Known:
    """What a line may name."""

    schemes: tuple[Scheme, ...]
    units: tuple[Unit, ...]

    @cached_property
    def levels(self) -> dict[str, str]:
        """Code → what the level is called."""
        return {s.level: s.level_name or s.level for s in self.schemes} | {
            u.level: u.level for u in self.units if u.level not in {s.level for s in self.schemes}
        }

    @cached_property
    def items(self) -> dict[str, str]:
        """``SCHEME/ITEM`` → name."""
        return {f"{s.id}/{i.id}": i.name for s in self.schemes for i in items_of(s)}

    def unit(self, word: str) -> Unit | None:
        """By code, else by name."""
        return self._units.get(tight(word)) if word else None

    @cached_property
    def _units(self) -> dict[str, Unit]:
        return {tight(u.name): u for u in self.units} | {tight(u.code): u for u in self.units}


def cells_of(entry: ListEntry, known: Known) -> tuple[str, ...]:
    """A line of the table."""
    return (
        entry.id,
        KINDS[entry.kind],
        known.levels.get(entry.level, entry.level),
        entry.unit,
        entry.text,
        entry.owner,
        entry.due,
        STATES[entry.state],
        "、".join(entry.items),
        str(entry.year or ""),
        entry.source,
    )


def plan_of(source: str, read: NamedTable, known: Known, there: Sequence[ListEntry]) -> EntryPlan:
    """Lines without any content are left out; a line without number that says the same as one that is there is that one."""
    findings = list(read.findings)
    by_id = {e.id: e for e in there}
    by_words = {_words(e): e for e in there}
    entries: dict[str, ListEntry] = {}
    for row in read.rows:
        entry = _entry(row, known, by_id, by_words, findings)
        if entry is None:
            continue
        if entry.id in entries:
            findings.append(Finding(_CELL, _place(row, TEXT), "同一条写了两次", "请删去一行"))
        entries[entry.id] = entry
    changed = sum(e.id in by_id and by_id[e.id] != e for e in entries.values())
    new = sum(e.id not in by_id for e in entries.values())
    return EntryPlan(
        source=source,
        fingerprint=read.sha256,
        entries=tuple(entries.values()),
        new=new,
        changed=changed,
        same=len(entries) - new - changed,
        findings=tuple(findings),
    )


def _entry(
    row: NamedRow,
    known: Known,
    by_id: Mapping[str, ListEntry],
    by_words: Mapping[tuple[str, ...], ListEntry],
    findings: list[Finding],
) -> ListEntry | None:
    texts = {tight(column): text.strip() for column, text in row.texts.items()}
    if not texts.get(tight(TEXT)):
        if any(text for column, text in texts.items() if column != tight(NUMBER)):
            findings.append(Finding(_CELL, _place(row, TEXT), "没有写内容", "请填写，或删去这一行"))
        return None
    prose = {tight(column): text for column, text in row.prose.items()}
    before = len(findings)
    reader = _Reader(row, texts, findings)
    kind = reader.choice(KIND, _KIND_OF, needed=True)
    state = reader.choice(STATE, _STATE_OF, needed=False)
    level = reader.choice(LEVEL, {n: c for c, n in known.levels.items()} | {c: c for c in known.levels}, needed=True)
    unit = known.unit(texts.get(tight(UNIT), ""))
    if texts.get(tight(UNIT)) and (unit is None or unit.level != level):
        reader.wrong(UNIT, f"这一层级没有单位“{texts[tight(UNIT)][:20]}”", "请填编码或名称；对全层级的留空")
    items = tuple(i for i in texts.get(tight(ITEMS), "").replace(",", "、").replace("，", "、").split("、") if i)
    for item in items:
        if item not in known.items:
            reader.wrong(ITEMS, f"没有指标“{item[:30]}”", "请写成 方案代号/指标代号")
    year = texts.get(tight(YEAR), "")
    if year and not (year.isdecimal() and len(year) == 4):
        reader.wrong(YEAR, f"“{year[:10]}”不是年度", "请填四位年份")
    if len(findings) > before or kind is None or level is None:
        return None
    entry = ListEntry(
        id=texts.get(tight(NUMBER), ""),
        kind=kind,
        level=level,
        unit=unit.code if unit else "",
        text=prose[tight(TEXT)],
        owner=prose.get(tight(OWNER), ""),
        due=prose.get(tight(DUE), ""),
        state=state or "open",
        items=items,
        year=int(year or 0),
        source=prose.get(tight(SOURCE), ""),
    )
    return _with_id(entry, row, by_id, by_words, findings)


def _with_id(
    entry: ListEntry,
    row: NamedRow,
    by_id: Mapping[str, ListEntry],
    by_words: Mapping[tuple[str, ...], ListEntry],
    findings: list[Finding],
) -> ListEntry | None:
    if entry.id:
        if entry.id in by_id:
            return entry
        findings.append(Finding(_CELL, _place(row, NUMBER), f"没有编号“{entry.id[:12]}”的条目", "新增的请把编号留空"))
        return None
    known = by_words.get(_words(entry))
    # The same line pasted twice must be the same entry: its id comes from what it says.
    made = hashlib.sha256("\n".join(_words(entry)).encode()).hexdigest()[:32]
    return replace(entry, id=known.id if known else made)


def _words(entry: ListEntry) -> tuple[str, ...]:
    return (entry.kind, entry.level, entry.unit, tight(entry.text), str(entry.year))


class _Reader:
    """The cells of one line."""

    def __init__(self, row: NamedRow, texts: Mapping[str, str], findings: list[Finding]) -> None:
        self._row = row
        self._texts = texts
        self._findings = findings

    def choice(self, column: str, words: Mapping[str, W], needed: bool) -> W | None:
        """One of the words, also as 责任清单; none for an empty cell, and for one that says something else."""
        text = self._texts.get(tight(column), "")
        if not text:
            if needed:
                self.wrong(column, f"没有填{column}", f"可选：{'、'.join(words)}")
            return None
        for word, key in words.items():
            if tight(word) == tight(text) or (len(word) > 1 and tight(text) == tight(word + "清单")):
                return key
        self.wrong(column, f"“{text[:20]}”不是{column}", f"可选：{'、'.join(words)}")
        return None

    def wrong(self, column: str, message: str, step: str) -> None:
        """Note what is wrong with a cell."""
        self._findings.append(Finding(_CELL, _place(self._row, column), message, step))


def _place(row: NamedRow, column: str) -> str:
    places = {tight(name): place for name, place in row.places.items()}
    return places.get(tight(column)) or next(iter(places.values()), "")
