"""How far the returns are: one line per sheet. Pure."""

from __future__ import annotations

import json
import sys
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from app.domain.facts import MarkBlock
from app.domain.quantities import MARK_STATES, MarkState
from app.domain.sheets import SheetForm
from app.services.imports.reports import Report, read_report
from app.storage.records import Batch, SentSheet
from app.storage.work import Work

_HANDED_BACK = "handed_back"  # setting: sheet → file and time, as JSON


class SheetStatus(StrEnum):
    """Where one evaluator's sheet stands."""

    NOT_SENT = "not_sent"
    SENT = "sent"
    RETURNED = "returned"
    GAPS = "gaps"
    REFUSED = "refused"
    HANDED_BACK = "handed_back"


@dataclass(frozen=True, kw_only=True, slots=True)
class SheetState:
    """One evaluator's sheet under one scheme. expected: cells on the sheet; returned: cells with a mark or a stated
    abstention; refused: cells of the last import that could not be read; edited: marks changed in the program.
    file, sent_at, returned_at: empty until then; batch 0 until returned. reason: why the last file was refused.
    handed_back: when the file that counts was handed back to be mended; empty: it was not, or another one has come."""

    sheet: str
    evaluator: str
    evaluator_name: str
    scheme: str
    status: SheetStatus
    expected: int
    returned: int
    refused: int
    edited: int
    file: str
    batch: int
    sent_at: str
    returned_at: str
    reason: str = ""
    handed_back: str = ""


@dataclass(frozen=True, slots=True)
class SheetProgress:
    """All sheets of the year, by scheme (lowest level first) and evaluator."""

    sheets: tuple[SheetState, ...]

    @property
    def expected(self) -> int:
        """Cells on all sheets."""
        return sum(s.expected for s in self.sheets)

    @property
    def returned(self) -> int:
        """Cells that came back with a mark."""
        return sum(s.returned for s in self.sheets)


def states_of(
    forms: Sequence[SheetForm],
    blocks: Mapping[tuple[str, str], MarkBlock],
    sent: Sequence[SentSheet],
    batches: Sequence[Batch],
    handed_back: Mapping[str, tuple[str, str]],
) -> tuple[SheetState, ...]:
    """One state per form, in their order. batches: newest first; handed_back: sheet →
    the file (SHA-256) that went back to its evaluator, and when."""
    standing = [b for b in batches if not b.withdrawn]
    reports = {b.number: read_report(b.report) for b in standing}
    made_at = {b.number: b.at for b in standing}
    sent_at = {s.sheet: s.at for s in sent}
    found: list[SheetState] = []
    for form in forms:
        who = form.identity
        block = blocks.get((who.scheme, who.evaluator))
        refusal = next((r.refused[who.sheet].reason for r in reports.values() if who.sheet in r.refused), "")
        state = _state(form, block, sent_at.get(who.sheet, ""), reports, made_at, refusal)
        file, at = handed_back.get(who.sheet, ("", ""))
        if at and (block is None or (block.origin is not None and block.origin.sha256 == file)):
            state = replace(state, status=SheetStatus.HANDED_BACK, handed_back=at)
        found.append(state)
    return tuple(found)


def handed_back(work: Work) -> dict[str, tuple[str, str]]:
    """What went back to be mended: sheet → SHA-256 of the file, and when."""
    kept: dict[str, list[str]] = json.loads(work.settings.get(_HANDED_BACK) or "{}")
    return {sheet: (file, at) for sheet, (file, at) in kept.items()}


def note_handed_back(work: Work, files: Mapping[str, str]) -> None:
    """Keep that these went back now. files: sheet → SHA-256 of the file."""
    known = handed_back(work) | {sheet: (file, work.at) for sheet, file in files.items()}
    work.settings.set(_HANDED_BACK, json.dumps(known, sort_keys=True))


def _state(
    form: SheetForm,
    block: MarkBlock | None,
    sent_at: str,
    reports: Mapping[int, Report],
    made_at: Mapping[int, str],
    refusal: str,
) -> SheetState:
    expected = sum(len(form.items) - len(u.not_applicable) for u in form.units if not u.recused)
    returned = 0 if block is None else min(expected, _given(form, block))
    batch = block.origin.batch if block is not None and block.origin else 0
    note = reports[batch].sheets.get(form.identity.sheet) if batch in reports else None
    return SheetState(
        sheet=form.identity.sheet,
        evaluator=form.identity.evaluator,
        evaluator_name=form.evaluator_name,
        scheme=form.identity.scheme,
        status=_status(block is not None, expected - returned, bool(refusal), bool(sent_at)),
        expected=expected,
        returned=returned,
        refused=note.refused if note else 0,
        edited=len({(e.unit, e.item) for e in block.edits}) if block else 0,
        file=block.origin.file if block and block.origin else "",
        batch=batch,
        sent_at=sent_at,
        returned_at=made_at.get(batch, ""),
        reason="" if block else refusal,
    )


def _status(back: bool, missing: int, refused: bool, sent: bool) -> SheetStatus:
    if back:
        return SheetStatus.GAPS if missing else SheetStatus.RETURNED
    if refused:
        return SheetStatus.REFUSED
    return SheetStatus.SENT if sent else SheetStatus.NOT_SENT


def _given(form: SheetForm, block: MarkBlock) -> int:
    """Cells of the form that are not blank; cells that do not concern the unit are not counted."""
    cells, blank = _cells(block)
    if not any(u.not_applicable for u in form.units) and block.units == tuple(u.code for u in form.units):
        return len(cells) - cells.count(blank)
    items = {i: n for n, i in enumerate(block.items)}
    rows = {u: n * len(items) for n, u in enumerate(block.units)}
    asked = {i.id: items[i.id] for i in form.items if i.id in items}
    given = 0
    for unit in form.units:
        if unit.code in rows and not unit.recused:
            row = cells[rows[unit.code] : rows[unit.code] + len(items)]
            if not unit.not_applicable and len(asked) == len(items):
                given += len(row) - row.count(blank)
            else:
                given += sum(row[n] != blank for i, n in asked.items() if i not in unit.not_applicable)
    return given


def _cells(block: MarkBlock) -> tuple[array[int], int]:
    """The packed integers row by row, and the one that stands for a blank. Without numpy: the window's first page
    asks for this, and must not wait until numpy is loaded."""
    cells = array("h" if block.width == 2 else "i", block.values)
    if sys.byteorder == "big":
        cells.byteswap()
    return cells, -(2 ** (8 * block.width - 1)) + MARK_STATES.index(MarkState.BLANK)
