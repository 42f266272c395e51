"""Lists (清单): duties of a level or unit, last year's problems, promises, with owner and state; and terms often mixed up."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from app.domain.errors import AppError, Fault
from app.domain.findings import Finding
from app.domain.reports import Concept, EntryKind, EntryState, ListEntry
from app.files.excel.named_table import named_table_of_cells, read_named_table, write_named_table
from app.services.changes import Area, Outcome
from app.services.reports.concepts import concepts_of, set_concepts
from app.services.reports.list_tables import COLUMNS, GUIDE, KIND, KINDS, LEVEL, STATES, TEXT, Known, cells_of, plan_of
from app.services.reports.values import EntryPlan
from app.services.session import Session, done, need_reason, note_export, refuse_when_wrong
from app.storage.records import Details
from app.storage.work import Work

_BAD = Fault.INPUT_BAD.value.code


class ListService:
    """The lists of the open year, and the terms that the examination of reports looks at."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def entries(self, kind: EntryKind | None = None, level: str = "", unit: str = "") -> tuple[ListEntry, ...]:
        """Lines of one kind or of all, of a level or of all. unit: its own, and those of every unit of its level."""
        with self._session.read() as work:
            here = work.units.get(unit) if unit else None
            level = here.level if here else level
            return tuple(
                e
                for e in work.list_entries.all()
                if kind in (None, e.kind) and level in ("", e.level) and (not unit or e.unit in ("", unit))
            )

    def save(self, entry: ListEntry) -> Outcome[ListEntry]:
        """Add or change a line; an empty id is a new one. Raises INPUT_BAD with findings."""
        label = f"保存{KINDS[entry.kind]}"
        with self._session.write("save-list-entry", label, details=Details(), touches_facts=False) as work:
            refuse_when_wrong(check_entry(entry, self._known(work)))
            entry = entry if entry.id else replace(entry, id=secrets.token_hex(16))
            before = work.list_entries.get(entry.id)
            work.describe(subject=f"清单 {entry.id[:8]}", before=_said(before) if before else "", after=_said(entry))
            work.list_entries.save(entry)
        return done(entry, label, Area.REPORTS)

    def set_state(self, entry_id: str, state: EntryState) -> Outcome[ListEntry]:
        """Note how far a line is. Raises NOT_FOUND."""
        label = f"清单状态：{STATES[state]}"
        with self._session.write("set-list-state", label, details=Details(), touches_facts=False) as work:
            before = _found(work, entry_id)
            entry = replace(before, state=state)
            work.describe(
                subject=f"清单 {entry_id[:8]} {entry.text[:30]}", before=STATES[before.state], after=STATES[state]
            )
            work.list_entries.save(entry)
        return done(entry, label, Area.REPORTS)

    def delete(self, entry_id: str, reason: str) -> Outcome[None]:
        """Take a line out. Raises NOT_FOUND, INPUT_BAD."""
        need_reason(reason, "删除")
        label = "删除清单条目"
        with self._session.write("delete-list-entry", label, reason=reason, touches_facts=False) as work:
            before = _found(work, entry_id)
            work.describe(subject=f"清单 {entry_id[:8]}", before=_said(before))
            work.list_entries.delete(entry_id)
        return done(None, label, Area.REPORTS)

    # ---- tables

    def write_table(self, path: Path, kind: EntryKind | None = None) -> Path:
        """The lines there are, as a table to fill in and take in again."""
        with self._session.read() as work:
            known = self._known(work)
            rows = [cells_of(e, known) for e in work.list_entries.all() if kind in (None, e.kind)]
            title = "清单（演练数据）" if work.settings.get("practice") else "清单"
        write_named_table(path, title, GUIDE, COLUMNS, rows)
        note_export(self._session, "导出清单", path)
        return path

    def plan_table(self, path: Path) -> EntryPlan:
        """What a table says. Never raises for what is in the file."""
        with self._session.read() as work:
            known, there = self._known(work), work.list_entries.all()
        return plan_of(path.name, read_named_table(path, (KIND, LEVEL, TEXT)), known, there)

    def plan_cells(self, cells: Sequence[Sequence[str]]) -> EntryPlan:
        """The same for a pasted block with its head."""
        with self._session.read() as work:
            known, there = self._known(work), work.list_entries.all()
        return plan_of("粘贴的表", named_table_of_cells(cells, (KIND, LEVEL, TEXT), "粘贴的表"), known, there)

    def apply(self, plan: EntryPlan) -> Outcome[int]:
        """Take the lines of a plan in, as one step; returns how many are new or changed. Raises INPUT_BAD with findings."""
        refuse_when_wrong(plan.findings)
        label = f"导入 {len(plan.entries)} 条清单"
        details = Details(subject=plan.source, fingerprint=plan.fingerprint)
        with self._session.write("import-list", label, details=details, touches_facts=False) as work:
            known = self._known(work)
            refuse_when_wrong(tuple(f for e in plan.entries for f in check_entry(e, known)))
            work.describe(after=f"新增 {plan.new} 条，更改 {plan.changed} 条")
            work.list_entries.save(*plan.entries)
        return done(plan.new + plan.changed, label, Area.REPORTS)

    # ---- terms

    def concepts(self) -> tuple[Concept, ...]:
        """Terms often mixed up: the office's list; as long as it has none, the one that comes with the program. ``term``
        is the one that is meant in these reports, ``other`` the one often put in its place."""
        with self._session.read() as work:
            return concepts_of(work)

    def set_concepts(self, concepts: Sequence[Concept]) -> Outcome[tuple[Concept, ...]]:
        """The office's list from now on. Raises INPUT_BAD when a pair is incomplete or names one term twice."""
        for concept in concepts:
            if not concept.term.strip() or not concept.other.strip() or concept.term == concept.other:
                raise AppError(Fault.INPUT_BAD, f"“{concept.term}”和“{concept.other}”不是一对不同的概念。")
        label = f"易混概念 {len(concepts)} 对"
        with self._session.write("set-concepts", label, details=Details(), touches_facts=False) as work:
            before = "；".join(f"{c.term}≠{c.other}" for c in concepts_of(work))
            work.describe(subject="易混概念", before=before, after="；".join(f"{c.term}≠{c.other}" for c in concepts))
            set_concepts(work, concepts)
        return done(tuple(concepts), label, Area.REPORTS)

    def _known(self, work: Work) -> Known:
        return Known(schemes=tuple(s.scheme for s in self._session.schemes(work)), units=work.units.all())


def check_entry(entry: ListEntry, known: Known) -> tuple[Finding, ...]:
    """Every fault of a line."""
    place = entry.text[:20] or "清单"
    found: list[Finding] = []
    if not entry.text.strip():
        found.append(Finding(_BAD, place, "没有写内容", "请填写"))
    if entry.level not in known.levels:
        found.append(Finding(_BAD, place, f"没有层级“{entry.level}”", f"可选：{'、'.join(known.levels.values())}"))
    unit = known.unit(entry.unit)
    if entry.unit and (unit is None or unit.level != entry.level):
        found.append(Finding(_BAD, place, f"这一层级没有单位“{entry.unit}”", "请选择单位；对全层级的，单位留空"))
    for item in entry.items:
        if item not in known.items:
            found.append(Finding(_BAD, place, f"没有指标“{item}”", "请写成 方案代号/指标代号"))
    return tuple(found)


def _found(work: Work, entry_id: str) -> ListEntry:
    entry = work.list_entries.get(entry_id)
    if entry is None:
        raise AppError(Fault.NOT_FOUND, "没有这条清单，可能已经删除。")
    return entry


def _said(entry: ListEntry) -> str:
    words = (KINDS[entry.kind], entry.level, entry.unit, entry.text, entry.owner, entry.due, STATES[entry.state])
    return " ".join(w for w in (*words, *entry.items, entry.source) if w)
