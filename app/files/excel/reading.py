"""One returned score sheet: bytes in, packed marks and remarks out. Decides nothing and never raises for the content."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from app.domain.errors import AppError, Fault
from app.domain.findings import Finding, Severity
from app.domain.progress import Progress, no_progress
from app.domain.sheets import SheetForm, SheetIdentity, SheetReading
from app.files.excel import identity as identities
from app.files.excel.cellscan import empty_cells
from app.files.excel.content import may_hold, read_content, shared_texts
from app.files.excel.locating import Located, locate
from app.files.excel.marking import MarkGrid, read_marks
from app.files.excel.preflight import Preflight, check_bytes, empty_strings, read_file
from app.files.excel.values import Grid, Page, read_grids, read_slowly

# The form that a sheet with this identity was made from, or the finding that says why it cannot be taken.
FormLookup = Callable[[SheetIdentity], SheetForm | Finding]
_OWNER_FILES = ("~$", ".~")
_WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".et")
_KEPT_FREE = 2_000_000  # bytes; several times what reading one sheet takes and gives back


def workbook_paths(paths: Iterable[Path]) -> list[Path]:
    """The files, and every workbook below the folders, in a steady order; owner files of Excel and WPS are left out.
    A file that was named itself is kept whatever it is called, so that its refusal can be shown."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = (p for p in path.rglob("*") if p.suffix.lower() in _WORKBOOKS)
            found.extend(sorted(p for p in inside if not p.name.startswith(_OWNER_FILES) and p.is_file()))
        elif not path.name.startswith(_OWNER_FILES):
            found.append(path)
    return list(dict.fromkeys(found))


def scan_sheets(paths: Sequence[Path], lookup: FormLookup, progress: Progress = no_progress) -> Iterator[SheetReading]:
    """Read many files in the order given. Progress may raise Cancelled: nothing is left behind."""
    _keep_freed_memory()
    for n, path in enumerate(paths):
        reading = scan_sheet(path, lookup)
        progress("正在读取评分表", 100 * (n + 1) // len(paths))
        yield reading


def _keep_freed_memory() -> None:
    """Let the C library (glibc) keep some megabytes that are free: it gives back what stands at the end of its heap
    after every sheet, and getting it again, page by page, is a quarter of the time of reading. Having freed one larger
    block raises what it keeps; the block itself is never touched, so it takes no memory."""
    np.empty(_KEPT_FREE, dtype=np.uint8)


def scan_sheet(path: Path, lookup: FormLookup) -> SheetReading:
    """Read one file; whatever is wrong with it is a finding with file, sheet and cell."""
    try:
        data = read_file(path)
    except AppError as error:
        return SheetReading(file=path.name, sha256="", findings=(_refusal(path.name, error),))
    return scan_bytes(path.name, data, lookup)


def scan_bytes(name: str, data: bytes, lookup: FormLookup) -> SheetReading:
    """Read a workbook that is already in memory."""
    sha256 = hashlib.sha256(data).hexdigest()
    identity: SheetIdentity | None = None
    try:
        checked = check_bytes(name, data)
        found = _Search(checked)
        identity = found.identity
        known = lookup(identity)
        if isinstance(known, Finding):
            return SheetReading(file=name, sha256=sha256, identity=identity, findings=(known,))
        return _read(checked, found, known)
    except AppError as error:
        return SheetReading(file=name, sha256=sha256, identity=identity, findings=(_refusal(name, error),))


def _refusal(name: str, error: AppError) -> Finding:
    text = error.fault.value
    return Finding(text.code, name, f"{text.title}：{error.detail or text.cause}", text.step)


class _Search:
    """The pages of a workbook, read when wanted, and the identity found in it."""

    def __init__(self, checked: Preflight) -> None:
        self._checked = checked
        self._pages: dict[str, Page] = {}
        self.markers: dict[str, tuple[int, int] | None] = {}
        self._open: Callable[[str], Grid] | None = None
        self._shared = shared_texts(checked.strings)
        self._marking = [n for n, text in (self._shared or {}).items() if text.startswith(identities.PREFIX)]
        found = identities.from_parts(checked)
        for title in checked.scans:
            self.markers[title] = self._marker(title)
            if self.markers[title]:
                found |= identities.from_grid(self.page(title).grid, self.markers[title])
        self.identity = identities.agreed(found)

    def _marker(self, title: str) -> tuple[int, int] | None:
        """Where the identity stands in a sheet; one on which no text begins so is not read for it."""
        table = self._checked.scans[title].table
        if table is not None and self._shared is not None and not may_hold(table, self._marking):
            return None
        return identities.find_marker(self.page(title).grid)

    def page(self, title: str) -> Page:
        """The sheet's values, every cell of which the preflight has counted."""
        if title not in self._pages:
            self._pages[title] = self._from_table(title) or Page(self._from_calamine(title))
        return self._pages[title]

    def _from_table(self, title: str) -> Page | None:
        table = self._checked.scans[title].table
        if table is None or self._shared is None:
            return None
        return read_content(table, self._shared, self._checked.plain)

    def _from_calamine(self, title: str) -> Grid:
        if self._open is None:
            self._open = read_grids(self._checked.data)
        try:
            grid = self._open(title)
        except AppError as error:
            if error.fault is not Fault.XLS_BROKEN:
                raise
            grid = []  # some things only the slow way can read, such as a sheet in UTF-16
        return _counted(self._checked, title, grid)


def _counted(checked: Preflight, title: str, grid: Grid) -> Grid:
    """The grid, if it holds as many cells as the preflight saw; else the slow and exact way, or a refusal."""
    scan = checked.scans[title]
    held = sum(len(row) - row.count("") for row in grid)
    missing = scan.values - held - len(scan.errors)
    if not missing or missing == empty_cells(scan.xml, empty_strings(checked.strings)):
        return grid
    slow, count = read_slowly(checked.data, title)
    if count != scan.values:
        raise AppError(Fault.XLS_BROKEN, f"工作表“{title}”应有 {scan.values} 个单元格，只读到 {count} 个。")
    return slow


def _read(checked: Preflight, found: _Search, form: SheetForm) -> SheetReading:
    title, located, extra = _score_sheet(checked, found, form)
    marks = read_marks(checked, title, found.page(title), located, form)
    findings = (*extra, *marks.findings)
    return SheetReading(
        file=checked.name,
        sha256=checked.sha256,
        identity=found.identity,
        block=marks.block(checked, title, form, located),
        content=_content(found.identity, marks),
        findings=findings,
        remarks=marks.remarks,
        refused=marks.refused,
        counts=marks.counts,
        saved=checked.saved,
    )


def _score_sheet(checked: Preflight, found: _Search, form: SheetForm) -> tuple[str, Located, tuple[Finding, ...]]:
    """The sheet on which the form stands, whatever it is called now."""
    marked = [title for title in checked.scans if found.markers[title]]
    candidates = [(title, locate(found.page(title), form, found.markers[title])) for title in marked]
    if not any(located.complete for _, located in candidates):
        candidates = [(title, locate(found.page(title), form, found.markers[title])) for title in checked.scans]
    best = max(candidates, key=lambda c: c[1].complete)
    if not best[1].complete:
        raise AppError(Fault.XLS_FOREIGN, "找不到填有单位和指标的评分表。")
    rivals = [c for c in candidates if c is not best and 2 * c[1].complete >= best[1].complete]
    notes: list[Finding] = []
    for title, located in rivals:
        same = _inputs(found.page(title), located) == _inputs(found.page(best[0]), best[1])
        if not same:
            raise AppError(
                Fault.XLS_MISMATCH, f"文件里有两张内容不同的评分表：“{best[0]}”和“{title}”，请删去不要的一张。"
            )
        notes.append(
            Finding("E-XLS-10", f"{checked.name} › {title}", "与另一张评分表内容相同，只读一张。", "", Severity.NOTE)
        )
    return best[0], best[1], tuple(notes)


def _inputs(page: Page, located: Located) -> list[list[object]]:
    return [[page.at(r, c) for c in located.columns] for r in located.rows if r >= 0]


def _content(identity: SheetIdentity, marks: MarkGrid) -> str:
    """What the sheet says, free of how and by which program it was saved."""
    seen = "\n".join(f"{r.unit},{r.item},{r.seen}" for r in marks.remarks if (r.unit, r.item) in marks.refused)
    digest = hashlib.sha256(f"{identity.sheet}|{identity.issue}|{seen}|".encode())
    digest.update(marks.packed)
    return digest.hexdigest()
