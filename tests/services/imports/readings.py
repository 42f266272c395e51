"""Readings and stored states made by hand, for the tests of planning."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from app.domain.facts import Evaluator, MarkBlock, MarkEdit, Origin
from app.domain.findings import Finding
from app.domain.sheets import CellCounts, CellRemark, SheetIdentity, SheetReading
from app.services.imports.ages import Stamp
from app.services.imports.draft import ImportState, KnownScheme
from app.services.imports.grid import BLANK, pack, width_of
from app.services.imports.merge import StoredSheet
from app.services.imports.values import Scan, ScannedFile

FINGERPRINT = "a" * 64
UNITS = ("U1", "U2", "U3")
ITEMS = ("i1", "i2")
Rows = Sequence[Sequence[int | None]]


def grid_of(rows: Rows) -> np.ndarray:
    return np.array([[BLANK if v is None else v for v in row] for row in rows], dtype=np.int64)


def block_of(
    rows: Rows, *, file: str = "表.xlsx", units: tuple[str, ...] = UNITS, evaluator: str = "E1", batch: int = 0
) -> MarkBlock:
    """A block as read from a file; a mark is an integer, None is blank."""
    grid = grid_of(rows)
    width = width_of(grid)
    return MarkBlock(
        sheet=f"2026-s-{evaluator}",
        evaluator=evaluator,
        scheme="s",
        units=units,
        items=ITEMS,
        values=pack(grid, width),
        width=width,
        digits=(0, 0),
        origin=Origin(
            file=file,
            sha256=hashlib.sha256(repr((rows, file)).encode()).hexdigest(),
            sheet="评分表",
            rows=tuple(range(11, 11 + len(units))),
            columns=("F", "G"),
            batch=batch,
        ),
    )


def scanned(
    rows: Rows,
    *,
    name: str = "表.xlsx",
    modified: float = 100,
    saved: float | None = None,
    refused: Sequence[tuple[int, int]] = (),
    units: tuple[str, ...] = UNITS,
    evaluator: str = "E1",
    **identity: object,
) -> ScannedFile:
    """One accepted file; saved when it was modified unless it says otherwise."""
    block = block_of(rows, file=name, units=units, evaluator=evaluator)
    who = SheetIdentity(
        sheet=block.sheet, year=2026, year_file="here", scheme="s", fingerprint=FINGERPRINT, evaluator=evaluator
    )
    who = replace(who, **identity)  # type: ignore[arg-type]
    cells = len(units) * len(ITEMS)
    remarks = tuple(
        CellRemark(u, i, f"{'FG'[i]}{11 + u}", "优秀", Finding("E-XLS-12", "格", "不能识别")) for u, i in refused
    )
    reading = SheetReading(
        file=name,
        sha256=block.origin.sha256 if block.origin else "",
        identity=who,
        block=block,
        content=hashlib.sha256(repr((rows, who.issue)).encode()).hexdigest(),
        remarks=remarks,
        findings=tuple(r.finding for r in remarks),
        refused=frozenset(refused),
        counts=CellCounts(cells=cells),
        saved=modified if saved is None else saved,
    )
    return ScannedFile(path=Path(name), name=name, modified=modified, reading=reading)


def stored(
    rows: Rows,
    *,
    edits: Mapping[tuple[int, int], int] | None = None,
    modified: float = 100,
    saved: float | None = None,
    issue: int = 1,
) -> StoredSheet:
    """What an earlier import of these rows has left, with marks changed in the program since."""
    base = block_of(rows, file="上次.xlsx", batch=1)
    now = [list(row) for row in rows]
    notes: list[MarkEdit] = []
    for (u, i), value in (edits or {}).items():
        notes.append(
            MarkEdit(
                unit=UNITS[u], item=ITEMS[i], before=str(now[u][i]), after=str(value), by="甲", at="昨天", reason="核对"
            )
        )
        now[u][i] = value
    changed = block_of(now)
    block = replace(base, values=changed.values, width=changed.width, edits=tuple(notes))
    stamp = Stamp(issue, modified if saved is None else saved, modified)
    return StoredSheet(block=block, base=base, content="另一个内容", stamp=stamp)


def state(*sheets: StoredSheet, **more: object) -> ImportState:
    """A year with one scheme and two evaluators."""
    known = KnownScheme(name="方案", current=FINGERPRINT[:16], rules={FINGERPRINT[:16]: "r"}, levels={})
    plain: dict[str, object] = {
        "schemes": {"s": known},
        "evaluators": {c: Evaluator(code=c, name=f"评{c}") for c in ("E1", "E2")},
        "stored": {(s.block.scheme, s.block.evaluator): s for s in sheets},
        "imported": {s.block.origin.sha256: 1 for s in sheets if s.block.origin},
        "token": "7",
    }
    return ImportState(year=2026, year_file="here", **{**plain, **more})  # type: ignore[arg-type]


def scan_of(*files: ScannedFile) -> Scan:
    return Scan(files)
