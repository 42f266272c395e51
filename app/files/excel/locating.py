"""Which row is which unit and which column is which item: by hidden ids, else by names; never by position."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from app.domain.findings import Severity
from app.domain.sheets import FormItem, SheetForm
from app.files.excel.marks import Remark
from app.files.excel.texts import column_letters, tight
from app.files.excel.values import Grid, Page

STATED = "请用本程序发出的空白表重新填写，不要删除行列或改动表头。"


@dataclass(slots=True)
class Located:
    """rows: sheet row of each unit; columns: sheet column of each item (from 0; −1: not there). bad_units,
    bad_items: indexes whose cells cannot be trusted. remarks: with the address each belongs to."""

    rows: list[int]
    columns: list[int]
    bad_units: set[int] = field(default_factory=set[int])
    bad_items: set[int] = field(default_factory=set[int])
    remarks: list[tuple[str, Remark]] = field(default_factory=list[tuple[str, Remark]])

    @property
    def complete(self) -> int:
        """How much was found; 0 means that this is not the score sheet."""
        return (len(self.rows) - self.rows.count(-1)) * (len(self.columns) - self.columns.count(-1))

    def say(self, address: str, severity: Severity, message: str, step: str = "") -> None:
        """Add a remark."""
        self.remarks.append((address, Remark(severity, message, step)))


@dataclass(frozen=True, slots=True)
class _Looked:
    """All that was looked at in a sheet with hidden ids: the form's names, and the rows from the ids on."""

    items: tuple[FormItem, ...]
    units: list[tuple[str, str]]
    marker: tuple[int, int]
    rows: Grid

    def at(self, other: _Looked) -> bool:
        """Whether another sheet says the same. Most of it is the same object: that costs nothing."""
        same = self.items is other.items and self.marker == other.marker
        return same and self.units == other.units and self.rows == other.rows


def locate(page: Page, form: SheetForm, marker: tuple[int, int] | None) -> Located:
    """Find units and items of the form in a sheet. marker: where the identity stands in it. What was found without a
    remark is not to be changed: it is the answer for the next sheet too, when that says the same."""
    grid = page.grid  # names and ids are texts
    if marker is None:
        return _located(page, grid, form, None)[0]
    row, column = marker
    ids = [*grid[row][:column], "", *grid[row][column + 1 :]]
    looked = _Looked(form.items, [(u.code, u.name) for u in form.units], marker, [ids, *grid[row + 1 :]])
    earlier = _earlier(len(grid))
    for before, found in earlier:
        if before.at(looked):
            return found
    located, id_row = _located(page, [*grid[:row], *looked.rows], form, marker)
    if id_row == row and not located.remarks:
        earlier[:] = [(looked, located)]
    return located


@lru_cache(maxsize=4)
def _earlier(height: int) -> list[tuple[_Looked, Located]]:
    """What was found in the last sheet of so many rows, nothing at first."""
    return []


def _located(page: Page, grid: Grid, form: SheetForm, marker: tuple[int, int] | None) -> tuple[Located, int]:
    """Units and items, and the row of the hidden ids (−1: there is none)."""
    columns, id_row = _columns(grid, form, marker)
    if not any(columns):
        return Located([-1] * len(form.units), _first(columns)), id_row
    rows, code_column = _rows(grid, form, marker, id_row)
    located = Located(_first(rows), _first(columns))
    _report_twins(located, page, rows, columns, form)
    _report_missing(located, form)
    if code_column >= 0:
        _check_names(located, grid, form, code_column)
    if id_row >= 0:
        _check_heads(located, grid, form, id_row)
    return located, id_row


def _first(places: list[list[int]]) -> list[int]:
    return [p[0] if p else -1 for p in places]


def _columns(grid: Grid, form: SheetForm, marker: tuple[int, int] | None) -> tuple[list[list[int]], int]:
    """Columns of each item, and the row of the hidden ids (−1: found by head texts)."""
    wanted = {item.id: n for n, item in enumerate(form.items)}
    row = marker[0] if marker and _matches(grid[marker[0]], wanted) else _best(grid, wanted)
    if row >= 0:
        return _places(grid[row], wanted), row
    names = Counter(tight(i.name) for i in form.items)
    by_name = {tight(i.name): n for n, i in enumerate(form.items) if names[tight(i.name)] == 1}
    row = max(range(min(len(grid), 60)), key=lambda r: _name_matches(grid[r], by_name), default=-1)
    if row < 0 or not _name_matches(grid[row], by_name):
        return [[] for _ in form.items], -1
    places: list[list[int]] = [[] for _ in form.items]
    for head in grid[: min(len(grid), row + 8)]:
        for c, value in enumerate(head):
            n = by_name.get(tight(value)) if isinstance(value, str) and value else None
            if n is not None and c not in places[n]:
                places[n].append(c)
    return places, -1


def _rows(grid: Grid, form: SheetForm, marker: tuple[int, int] | None, id_row: int) -> tuple[list[list[int]], int]:
    """Rows of each unit, and the column of the hidden codes (−1: found by names)."""
    wanted = {unit.code: n for n, unit in enumerate(form.units)}
    start = id_row + 1

    def column(c: int) -> list[object]:
        return [row[c] if c < len(row) else "" for row in grid[start:]]

    best = marker[1] if marker and _matches(column(marker[1]), wanted) else -1
    width = 0 if best >= 0 else max(map(len, grid), default=0)
    if best < 0:
        scores = [_matches(column(c), wanted) for c in range(width)]
        best = scores.index(max(scores)) if scores and max(scores) else -1
    if best >= 0:
        return [[start + r for r in found] for found in _places(column(best), wanted)], best
    names = Counter(tight(u.name) for u in form.units)
    by_name = {tight(u.name): n for n, u in enumerate(form.units) if names[tight(u.name)] == 1}
    scores = [_name_matches(column(c), by_name) for c in range(width)]
    places: list[list[int]] = [[] for _ in form.units]
    if scores and max(scores):
        for r, value in enumerate(column(scores.index(max(scores)))):
            n = by_name.get(tight(value)) if isinstance(value, str) and value else None
            if n is not None:
                places[n].append(start + r)
    return places, -1


def _matches(values: Sequence[object], wanted: dict[str, int]) -> int:
    return sum(isinstance(v, str) and v in wanted for v in values)


def _name_matches(values: Sequence[object], wanted: dict[str, int]) -> int:
    return sum(isinstance(v, str) and v != "" and tight(v) in wanted for v in values)


def _best(grid: Grid, wanted: dict[str, int]) -> int:
    scores = [_matches(row, wanted) for row in grid[:60]]
    return scores.index(max(scores)) if scores and max(scores) >= max(1, len(wanted) // 2) else -1


def _places(values: Sequence[object], wanted: dict[str, int]) -> list[list[int]]:
    places: list[list[int]] = [[] for _ in range(max(wanted.values(), default=-1) + 1)]
    for at, value in enumerate(values):
        n = wanted.get(value) if isinstance(value, str) else None
        if n is not None:
            places[n].append(at)
    return places


def _report_twins(
    located: Located, page: Page, rows: list[list[int]], columns: list[list[int]], form: SheetForm
) -> None:
    """A unit or item that stands there twice: harmless when both say the same, else its cells are refused."""
    for n, places in enumerate(rows):
        if len(places) > 1:
            contents = {tuple(page.at(r, c) for c in located.columns if c >= 0) for r in places}
            _report_twin(
                located, n, located.bad_units, len(contents) == 1, f"A{places[1] + 1}", form.units[n].name, "行"
            )
    for n, places in enumerate(columns):
        if len(places) > 1:
            contents = {tuple(page.at(r, c) for r in located.rows if r >= 0) for c in places}
            address = f"{column_letters(places[1])}1"
            _report_twin(located, n, located.bad_items, len(contents) == 1, address, form.items[n].name, "列")


def _report_twin(located: Located, n: int, bad: set[int], same: bool, address: str, name: str, kind: str) -> None:
    if same:
        located.say(address, Severity.NOTE, f"“{name}”有两{kind}，内容相同，按一{kind}读取。")
    else:
        bad.add(n)
        located.say(
            address, Severity.ERROR, f"“{name}”有两{kind}且内容不同，未读取。", f"请删去多余的一{kind}后重新导入。"
        )


def _at(grid: Grid, row: int, column: int) -> object:
    return grid[row][column] if column < len(grid[row]) else ""


def _report_missing(located: Located, form: SheetForm) -> None:
    if not located.complete:
        return
    for n, row in enumerate(located.rows):
        if row < 0:
            located.say("", Severity.ERROR, f"找不到单位“{form.units[n].name}”的行。", STATED)
    for n, column in enumerate(located.columns):
        if column < 0:
            located.say("", Severity.ERROR, f"找不到指标“{form.items[n].name}”的列。", STATED)


def _check_names(located: Located, grid: Grid, form: SheetForm, code_column: int) -> None:
    """Sorting only the visible columns tears names from hidden codes: then nobody can say whose marks they are."""
    others = {tight(u.name): u.code for u in form.units}
    used = [c for c in located.columns if c >= 0]
    left = min(used, default=0)
    for n, row in enumerate(located.rows):
        if row < 0 or form.units[n].name in grid[row][:left]:
            continue
        seen = [tight(v) for c, v in enumerate(grid[row]) if c not in used and c != code_column and isinstance(v, str)]
        if tight(form.units[n].name) in seen:
            continue
        if any(s in others for s in seen):
            located.bad_units.add(n)
            message = f"隐藏的编码属于“{form.units[n].name}”，行里写的却是别的单位；可能只给部分列排了序。"
            located.say(f"A{row + 1}", Severity.ERROR, message, STATED)
        else:
            located.say(f"A{row + 1}", Severity.WARNING, f"单位名称已被改动，按隐藏编码当作“{form.units[n].name}”。")


def _check_heads(located: Located, grid: Grid, form: SheetForm, id_row: int) -> None:
    first = min((r for r in located.rows if r > id_row), default=len(grid))
    names = {tight(i.name) for i in form.items}
    rows = grid[id_row + 1 : first]
    for n, column in enumerate(located.columns):
        name = form.items[n].name
        if column < 0 or any(column < len(row) and row[column] == name for row in rows):
            continue
        heads = {tight(v) for r in range(id_row + 1, first) if isinstance(v := _at(grid, r, column), str) and v}
        if tight(name) in heads or not heads & names:
            continue
        located.bad_items.add(n)
        message = f"隐藏的指标编号属于“{name}”，表头写的却是别的指标。"
        located.say(f"{column_letters(column)}{id_row + 1}", Severity.ERROR, message, STATED)
