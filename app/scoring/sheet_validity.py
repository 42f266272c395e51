"""Score sheets that break a rule of the scheme count as if they had not come back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from app.domain.findings import Finding, Severity
from app.domain.quantities import MarkState
from app.domain.schemes import BallotRule
from app.scoring.marks import NO_SHEET, STATE_CODES
from app.scoring.tables import MarkTable
from app.scoring.validity import Flags, Ground, Papers, broken_rules


def without_void_sheets(table: MarkTable, ground: Ground) -> MarkTable:
    """The table without the sheets that a rule makes void; the same table when there is no rule or no such sheet."""
    rules = [rule for rule in table.scheme.validity if rule.on != "ballots"]
    if not rules or not table.codes.size:
        return table
    broken = _broken(rules, table, ground, slice(None))
    rows = np.flatnonzero(broken.any(axis=0)).tolist()
    if not rows:
        return table
    codes = table.codes.copy()
    codes[rows] = NO_SHEET
    void = {table.evaluators[r].code: _of_row(rules, broken, r) for r in rows}
    return replace(table, codes=codes, void=void)


def still_valid(table: MarkTable, ground: Ground, row: int) -> bool:
    """Whether the sheet of one row breaks no rule."""
    rules = [rule for rule in table.scheme.validity if rule.on != "ballots"]
    if not rules:
        return True
    return not _broken(rules, table, ground, slice(row, row + 1)).any()


def _broken(rules: Sequence[BallotRule], table: MarkTable, ground: Ground, rows: slice) -> Flags:
    """broken[rule, row]; a rule for groups looks only at what is scored as one of them."""
    places = tuple(range(len(table.units)))
    papers = Papers(table.items, table.digits, table.codes[rows], asked(table, ground, rows), places, ground)
    everybody = broken_rules([rule for rule in rules if not rule.groups], papers)
    if not any(rule.groups for rule in rules):
        return everybody
    broken = np.zeros((len(rules), len(papers.codes)), dtype=np.bool_)
    broken[[i for i, rule in enumerate(rules) if not rule.groups]] = everybody
    for i, rule in enumerate(rules):
        if rule.groups:
            mine = replace(papers, asked=papers.asked & table.rates_in(rule.groups)[rows][:, :, None])
            broken[i] = broken_rules([rule], mine)[0]
    return broken


def _of_row(rules: Sequence[BallotRule], broken: Flags, row: int) -> tuple[BallotRule, ...]:
    return tuple(rule for rule, bad in zip(rules, broken[:, row].tolist(), strict=True) if bad)


def asked(table: MarkTable, ground: Ground, rows: slice = slice(None)) -> Flags:
    """Where a returned sheet (of these rows) has something to fill in: a unit on it that its owner rates without being
    recused, and an item that concerns the unit."""
    codes = table.codes[rows]
    found = table.rates[rows][:, :, None] & (codes != NO_SHEET) & (codes != STATE_CODES[MarkState.RECUSED])
    for column, item in enumerate(table.items):
        found[:, list(ground.outside(item)), column] = False
    return found


def void_sheet_findings(table: MarkTable) -> list[Finding]:
    """Whose sheets are void, rule by rule."""
    names = {e.code: e.name for e in table.evaluators}
    found: list[Finding] = []
    for rule in table.scheme.validity:
        people = [names[code] for code, rules in table.void.items() if rule in rules]
        if people:
            message = f"{len(people)} 张评分表不符合“{rule.name}”，整张无效，分数不计：{'、'.join(people)}"
            step = "请核对；需要重评的，请本人重新填报后再导入"
            found.append(Finding("V-SHEETS", rule.name, message, step, Severity.WARNING))
    return found
