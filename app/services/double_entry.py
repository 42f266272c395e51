"""双人录入: two people type one paper sheet, each without seeing the other; what differs is decided cell by cell, and only
then the marks are stored."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import replace

from app.domain.errors import AppError, Fault
from app.domain.facts import MarkBlock
from app.domain.sheets import SheetForm
from app.services.changes import Area, Outcome
from app.services.entry_comparison import (
    TURNS,
    Cell,
    Entry,
    EntryComparison,
    EntryDifference,
    EntryState,
    EntryTurn,
    Side,
    cells_of,
    compared,
    decided,
    filled_in,
    refuse_what_cannot_stand,
    state,
)
from app.services.forms import build_forms, letterhead
from app.services.imports.apply import edit_of, empty_block
from app.services.session import Session, done, need_reason
from app.storage.records import SheetEntry
from app.storage.work import Work


class DoubleEntryService:
    """Double entry of paper sheets in the open year."""

    def __init__(self, session: Session) -> None:
        self._session = session

    # ---- looking

    def states(self, scheme_id: str) -> tuple[EntryState, ...]:
        """One state per sheet of the scheme, in the order of the register."""
        with self._session.read() as work:
            forms = self._forms(work, scheme_id)
            entries = [e for e in work.entries.all() if e.scheme == scheme_id]
            blocks = {b.evaluator: b for b in self._session.facts(work).blocks if b.scheme == scheme_id}
        return tuple(state(form, entries, blocks.get(form.identity.evaluator)) for form in forms)

    def own(self, scheme_id: str, evaluator: str, by: str) -> Entry | None:
        """What this person has typed; None when there is nothing by this name. Nobody sees the other's turn."""
        with self._session.read() as work:
            form = self._form(work, scheme_id, evaluator)
            known = _entries(work, scheme_id, evaluator).values()
        return next((_entry(form, e) for e in known if _plain(e.by) == _plain(by)), None)

    def compare(self, scheme_id: str, evaluator: str) -> EntryComparison:
        """What the two have typed differently. Raises INPUT_BAD until both have said that they are done."""
        with self._session.read() as work:
            form = self._form(work, scheme_id, evaluator)
            first, second = _both(work, scheme_id, evaluator)
            return compared(form, first, second, work.blocks.get(scheme_id, evaluator))

    # ---- typing

    def begin(self, scheme_id: str, evaluator: str, by: str) -> Outcome[Entry]:
        """Begin a turn, or go on with one's own. by: who types; the second must be somebody else. Raises INPUT_BAD
        when no name is given, when two others are at it already, or when one's own turn is finished."""
        name = _plain(by)
        if not name:
            raise AppError(Fault.INPUT_BAD, "请写明录入人的姓名。")
        with self._session.read() as work:
            form = self._form(work, scheme_id, evaluator)
            known = _entries(work, scheme_id, evaluator)
        own = next((e for e in known.values() if _plain(e.by) == name), None)
        if own is not None:
            if own.finished:
                raise AppError(Fault.INPUT_BAD, f"{own.by} 已录完{TURNS[own.turn]}；另一遍要由另一个人录。")
            return done(_entry(form, own), f"继续{TURNS[own.turn]}录入")
        if len(known) == 2:
            names = "、".join(e.by for e in known.values())
            raise AppError(Fault.INPUT_BAD, f"这份表已由 {names} 录入；要换人，请先作废其中一遍。")
        turn = 2 if 1 in known else 1
        label = f"双人录入{TURNS[turn]}：{form.evaluator_name}"
        with self._session.write("begin-entry", label, touches_facts=False) as work:
            work.describe(subject=form.identity.sheet, after=by.strip())
            made = SheetEntry(scheme=scheme_id, evaluator=evaluator, turn=turn, by=by.strip(), at=work.at)
            work.entries.save(made)
        return done(_entry(form, made), label, Area.SHEETS)

    def save(self, scheme_id: str, evaluator: str, turn: int, changes: Mapping[Cell, str]) -> Outcome[Entry]:
        """Keep what was typed since the last time: (unit code, item id) → text, empty: blank. Raises INPUT_BAD for a text
        that cannot be a mark there (nothing is kept then), or when the turn is finished."""
        return self._keep(scheme_id, evaluator, turn, changes, finished=False)

    def finish(self, scheme_id: str, evaluator: str, turn: int, changes: Mapping[Cell, str]) -> Outcome[Entry]:
        """Keep the last changes and say that the turn is done; blank cells stay blank on purpose."""
        return self._keep(scheme_id, evaluator, turn, changes, finished=True)

    def discard(self, scheme_id: str, evaluator: str, turn: int, reason: str) -> Outcome[str]:
        """Throw one turn away, so that it can be typed anew. Raises NOT_FOUND, INPUT_BAD without a reason."""
        need_reason(reason, "作废录入")
        label = f"作废双人录入{TURNS.get(turn, '')}"
        with self._session.write("discard-entry", label, reason=reason, touches_facts=False) as work:
            gone = _own(work, scheme_id, evaluator, turn)
            work.entries.delete(scheme_id, evaluator, turn)
            work.describe(subject=f"{scheme_id} {evaluator}", before=f"{gone.by}，已录 {filled_in(gone)} 格")
        return done(gone.by, label, Area.SHEETS)

    # ---- taking over

    def adopt(self, scheme_id: str, evaluator: str, decisions: Mapping[Cell, Side]) -> Outcome[MarkBlock]:
        """Store the marks: what is equal, and of every difference the side decided for. Both turns are gone then; undo
        brings them back. Raises INPUT_BAD while a difference is undecided, or its text cannot be stored."""
        with self._session.read() as work:
            form = self._form(work, scheme_id, evaluator)
        label = f"双人录入：{form.evaluator_name}的评分表"
        with self._session.write("adopt-entries", label) as work:
            first, second = _both(work, scheme_id, evaluator)
            block = work.blocks.get(scheme_id, evaluator)
            found = compared(form, first, second, block)
            values = decided(form, found, (first, second), decisions)
            names = f"{first.by}、{second.by}"
            by_side = [
                sum(decisions[d.unit, d.item] == side for d in found.differences) for side in ("first", "second")
            ]
            told = f"双人录入（{names}），相同 {found.equal} 格，不同 {len(found.differences)} 格"
            if found.differences:
                told += f"（按{first.by} {by_side[0]} 格，按{second.by} {by_side[1]} 格）"
            if block is None:
                block = empty_block(form)
                work.blocks.save([block])
            items = {item.id: item for item in form.items}
            made = [edit_of(block, items[i], u, value, told, names, work.at) for (u, i), value in values.items()]
            edits = [(edit, packed) for edit, packed in made if edit.before != edit.after]
            work.describe(subject=form.identity.sheet, before=names, after=told)
            block = work.edits.add_all(scheme_id, evaluator, edits)
            work.entries.delete(scheme_id, evaluator, 1)
            work.entries.delete(scheme_id, evaluator, 2)
        return done(block, label, Area.SHEETS)

    # ---- inside

    def _keep(
        self, scheme_id: str, evaluator: str, turn: int, changes: Mapping[Cell, str], *, finished: bool
    ) -> Outcome[Entry]:
        with self._session.read() as work:
            form = self._form(work, scheme_id, evaluator)
        refuse_what_cannot_stand(form, changes)
        what = "录完" if finished else f"录入 {len(changes)} 格"
        label = f"双人录入{TURNS.get(turn, '')}：{form.evaluator_name}，{what}"
        with self._session.write("keep-entry", label, touches_facts=False) as work:
            own = _own(work, scheme_id, evaluator, turn)
            if own.finished:
                raise AppError(Fault.INPUT_BAD, f"{own.by} 的{TURNS[turn]}已经录完，不能再改；请作废后重录。")
            values = {**own.values, **{f"{unit}/{item}": text for (unit, item), text in changes.items()}}
            kept = replace(
                own, values={k: text for k, text in values.items() if text.strip()}, at=work.at, finished=finished
            )
            work.entries.save(kept)
            work.describe(subject=form.identity.sheet, before=own.by, after=f"已录 {filled_in(kept)} 格")
        return done(_entry(form, kept), label, Area.SHEETS)

    def _forms(self, work: Work, scheme_id: str) -> tuple[SheetForm, ...]:
        stored = self._session.scheme(work, scheme_id)
        return build_forms(stored.scheme, stored.fingerprint, self._session.facts(work), letterhead(work), {})

    def _form(self, work: Work, scheme_id: str, evaluator: str) -> SheetForm:
        form = next((f for f in self._forms(work, scheme_id) if f.identity.evaluator == evaluator), None)
        if form is None:
            raise AppError(Fault.NOT_FOUND, f"{evaluator} 没有这一层级的评分表。")
        return form


def _plain(name: str) -> str:
    """A name without blanks and in one width: 李 四 is 李四."""
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()


def _entries(work: Work, scheme: str, evaluator: str) -> dict[int, SheetEntry]:
    return {e.turn: e for e in work.entries.all() if (e.scheme, e.evaluator) == (scheme, evaluator)}


def _own(work: Work, scheme: str, evaluator: str, turn: int) -> SheetEntry:
    own = work.entries.get(scheme, evaluator, turn)
    if own is None:
        raise AppError(Fault.NOT_FOUND, f"没有 {evaluator} 的{TURNS.get(turn, '这一遍')}录入。")
    return own


def _both(work: Work, scheme: str, evaluator: str) -> tuple[SheetEntry, SheetEntry]:
    known = _entries(work, scheme, evaluator)
    if len(known) < 2 or not all(e.finished for e in known.values()):
        raise AppError(Fault.INPUT_BAD, "两个人都录完以后才能核对。")
    return known[1], known[2]


def _entry(form: SheetForm, kept: SheetEntry) -> Entry:
    return Entry(form=form, turn=kept.turn, by=kept.by, values=cells_of(kept), finished=kept.finished)


__all__ = [
    "DoubleEntryService",
    "Entry",
    "EntryComparison",
    "EntryDifference",
    "EntryState",
    "EntryTurn",
]
