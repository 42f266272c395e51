"""Results of earlier years: entered, taken from a table, or from the frozen result of an earlier year file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from app.domain.errors import AppError, Fault
from app.domain.facts import EarlierResult, Unit
from app.domain.findings import Finding, Severity
from app.domain.results import SchemeResult, UnitResult
from app.domain.schemes import Scheme
from app.files.documents import read_results, read_stored_scheme
from app.files.excel.named_table import NamedRow, NamedTable, named_table_of_cells, read_named_table, write_named_table
from app.files.excel.texts import tight
from app.services.changes import Area, Outcome
from app.services.session import Session, done, need_reason, note_export, refuse_when_wrong
from app.services.votes import exact_number
from app.storage.records import Details
from app.storage.work import Work
from app.storage.year_file import YearFile

_BAD = Fault.INPUT_BAD.value.code
_CELL = Fault.XLS_BAD_CELL.value.code
UNIT, NAME, YEAR, GRADE, TOTAL, RANK, LAST = "单位编码", "单位", "年度", "等次", "总分", "名次", "倒数名次"
_COLUMNS = ((UNIT, 12), (NAME, 30), (YEAR, 8), (GRADE, 14), (TOTAL, 12), (RANK, 8), (LAST, 10))


@dataclass(frozen=True, kw_only=True, slots=True)
class EarlierPlan:
    """Earlier results before they are taken in. source: where they were read; fingerprint: SHA-256 of the table, or the
    audit code of the year file; replaced: how many are there already and differ."""

    source: str
    fingerprint: str
    rows: tuple[EarlierResult, ...]
    replaced: int
    findings: tuple[Finding, ...]


class EarlierService:
    """Earlier results of the open year."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def all(self, scheme_id: str = "") -> tuple[EarlierResult, ...]:
        """By scheme, newest year first, official order; of one scheme, or of all."""
        with self._session.read() as work:
            place = {u.code: n for n, u in enumerate(work.units.all())}
            found = [e for e in work.earlier.all() if scheme_id in ("", e.scheme)]
            return tuple(sorted(found, key=lambda e: (e.scheme, -e.year, place.get(e.unit, 0))))

    def save(self, results: Sequence[EarlierResult]) -> Outcome[int]:
        """Enter or change some. Raises INPUT_BAD with findings."""
        return self._store(results, "save-earlier", f"录入 {len(results)} 条往年结果", Details())

    def delete(self, scheme_id: str, unit: str, year: int, reason: str) -> Outcome[None]:
        """Take one out. Raises NOT_FOUND, INPUT_BAD."""
        need_reason(reason, "删除")
        label = f"删除 {unit} {year} 年的结果"
        details = Details(subject=f"{scheme_id} {unit} {year}")
        with self._session.write("delete-earlier", label, reason=reason, details=details) as work:
            before = work.earlier.get(scheme_id, unit, year)
            if before is None:
                raise AppError(Fault.NOT_FOUND, f"没有 {unit} {year} 年的结果。")
            work.describe(before=_said(before))
            work.earlier.delete(scheme_id, unit, year)
        return done(None, label, Area.RESULTS)

    def apply(self, plan: EarlierPlan) -> Outcome[int]:
        """Take the rows of a plan in, as one step; returns how many. Raises INPUT_BAD with findings."""
        details = Details(subject=plan.source, fingerprint=plan.fingerprint)
        return self._store(plan.rows, "import-earlier", f"导入 {len(plan.rows)} 条往年结果", details)

    def _store(self, results: Sequence[EarlierResult], action: str, label: str, details: Details) -> Outcome[int]:
        with self._session.write(action, label, details=details) as work:
            schemes, units = self._known(work)
            refuse_when_wrong(tuple(f for r in results for f in check_earlier(r, schemes, units)))
            before = [work.earlier.get(r.scheme, r.unit, r.year) for r in results]
            work.describe(before="；".join(_said(b) for b in before if b), after="；".join(_said(r) for r in results))
            work.earlier.save(*results)
        return done(len(results), label, Area.RESULTS)

    def _known(self, work: Work) -> tuple[dict[str, Scheme], dict[str, Unit]]:
        schemes = {s.scheme.id: s.scheme for s in self._session.schemes(work)}
        return schemes, {u.code: u for u in work.units.all()}

    # ---- from last year's file

    def plan_year_file(self, path: Path, schemes: Mapping[str, str] | None = None) -> EarlierPlan:
        """What the newest frozen result of an earlier year file says of the units of this one. schemes: id there → id here
        (none: those of the same id). The file is opened for reading only. Raises the E-DB and E-FILE errors, and INPUT_BAD
        when it is of this year, later, or has no frozen result."""
        file = YearFile.open(path, read_only=True)
        try:
            with file.read() as old:
                year, code = int(old.settings.get("year", "0")), old.audit.checkpoint()
                frozen = next((s for s in old.snapshots.all() if s.frozen), None)
                kept = old.snapshots.get(frozen.version) if frozen else None
                used = kept.schemes if kept else {}
                texts = {v.scheme: v.text for s in used for v in old.schemes.versions(s) if v.fingerprint == used[s]}
        finally:
            file.close()
        with self._session.read() as work:
            this_year = int(work.settings.get("year"))
            known, units = self._known(work)
            there = {(e.scheme, e.unit, e.year): e for e in work.earlier.all()}
        if year >= this_year:
            raise AppError(Fault.INPUT_BAD, f"{path.name} 是 {year} 年度的文件，不早于本年度 {this_year}。")
        if kept is None:
            raise AppError(Fault.INPUT_BAD, f"{path.name} 没有定稿的结果，不能作为往年结果。请先在那里定稿。")
        rows: list[EarlierResult] = []
        findings: list[Finding] = []
        wanted = schemes or {s: s for s in known}
        for result in read_results(kept.text).schemes:
            here = known.get(wanted.get(result.scheme, ""))
            if here is not None:
                translate = _grades_here(_grade_names(texts.get(result.scheme, "")), here)
                rows += _rows_of(result, here, year, units, translate, findings)
        missing = [s for s in wanted.values() if s in known and s not in {r.scheme for r in rows}]
        findings += [
            Finding(_BAD, s, f"{path.name} 中没有“{known[s].name}”的结果", "请指定对应的方案", Severity.WARNING)
            for s in missing
        ]
        source = f"{path.name} 第 {kept.version} 版结果"
        return _plan(source, code, rows, there, findings)

    # ---- tables

    def write_table(self, scheme_id: str, path: Path) -> Path:
        """The table of a scheme's units with the earlier results there are, to fill in and take in again."""
        with self._session.read() as work:
            scheme = self._session.scheme(work, scheme_id).scheme
            units = [u for u in work.units.all() if u.level == scheme.level]
            year = int(work.settings.get("year")) - 1
            there: dict[str, list[EarlierResult]] = {}
            for result in work.earlier.all():
                if result.scheme == scheme_id:
                    there.setdefault(result.unit, []).append(result)
        names = {g.id: g.name for g in scheme.ladder.grades}
        none = EarlierResult(scheme=scheme_id, unit="", year=year)
        rows = [_cells(u, r, names) for u in units for r in there.get(u.code, [none])]
        guide = f"每行一个单位的一个年度。等次填：{'、'.join(names.values())}；没有的留空。名次和倒数名次填整数。"
        write_named_table(path, f"往年结果 {scheme.name}"[:31], guide, _COLUMNS, rows)
        note_export(self._session, f"导出往年结果表：{scheme.name}", path)
        return path

    def plan_table(self, scheme_id: str, path: Path) -> EarlierPlan:
        """What a table says. Lines without grade, total and rank are left out. Never raises for what is in the file."""
        return self._plan_read(scheme_id, read_named_table(path, (UNIT, YEAR)), path.name)

    def plan_cells(self, scheme_id: str, cells: Sequence[Sequence[str]]) -> EarlierPlan:
        """The same for a pasted block with its head."""
        return self._plan_read(scheme_id, named_table_of_cells(cells, (UNIT, YEAR), "粘贴的表"), "粘贴的表")

    def _plan_read(self, scheme_id: str, read: NamedTable, source: str) -> EarlierPlan:
        with self._session.read() as work:
            scheme = self._session.scheme(work, scheme_id).scheme
            _, units = self._known(work)
            there = {(e.scheme, e.unit, e.year): e for e in work.earlier.all()}
        findings = list(read.findings)
        rows: dict[tuple[str, int], EarlierResult] = {}
        for line in read.rows:
            result = _read_line(line, scheme, units, findings)
            if result is None:
                continue
            if (result.unit, result.year) in rows:
                message = f"{result.unit} {result.year} 年写了两次"
                findings.append(Finding(_CELL, line.places[UNIT], message, "以先写的为准；请删去一行"))
            rows.setdefault((result.unit, result.year), result)
        return _plan(source, read.sha256, list(rows.values()), there, findings)


def _plan(
    source: str,
    fingerprint: str,
    rows: list[EarlierResult],
    there: Mapping[tuple[str, str, int], EarlierResult],
    findings: list[Finding],
) -> EarlierPlan:
    replaced = sum(there.get((r.scheme, r.unit, r.year), r) != r for r in rows)
    return EarlierPlan(
        source=source, fingerprint=fingerprint, rows=tuple(rows), replaced=replaced, findings=tuple(findings)
    )


# ---- what may be wrong


def check_earlier(
    result: EarlierResult, schemes: Mapping[str, Scheme], units: Mapping[str, Unit]
) -> tuple[Finding, ...]:
    """Every fault of an earlier result."""
    scheme, unit = schemes.get(result.scheme), units.get(result.unit)
    place = f"{unit.name if unit else result.unit} {result.year}"
    if scheme is None:
        return (Finding(_BAD, place, f"没有方案“{result.scheme}”", "请选择方案"),)
    if unit is None or unit.level != scheme.level:
        return (Finding(_BAD, place, f"单位“{result.unit}”不由“{scheme.name}”考核", "请选择单位"),)
    found: list[Finding] = []
    newest = scheme.year if result.package else scheme.year - 1  # a result sent up is of this year
    if not scheme.year - 50 <= result.year <= newest:
        found.append(Finding(_BAD, place, f"{result.year} 不是往年", f"请填 {scheme.year} 以前的年份"))
    if result.grade and result.grade not in {g.id for g in scheme.ladder.grades}:
        names = "、".join(g.name for g in scheme.ladder.grades)
        found.append(Finding(_BAD, place, f"没有等次“{result.grade}”", f"可选：{names}"))
    if any(rank is not None and rank < 1 for rank in (result.rank, result.rank_from_last)):
        found.append(Finding(_BAD, place, "名次从 1 开始", "请改正"))
    return tuple(found)


# ---- rows out of a kept result


def _grade_names(text: str) -> dict[str, str]:
    """Grade id → name, by the scheme as it was."""
    scheme, _ = read_stored_scheme(text)
    return {g.id: g.name for g in scheme.ladder.grades} if scheme else {}


def _grades_here(names: Mapping[str, str], scheme: Scheme) -> dict[str, str]:
    """Grade id there → id here: the same id, else the grade of the same name."""
    ids = {g.id for g in scheme.ladder.grades}
    by_name = {tight(g.name): g.id for g in scheme.ladder.grades}
    here = {old: old if old in ids else by_name.get(tight(name), "") for old, name in names.items()}
    return {old: new for old, new in here.items() if new} | {i: i for i in ids if i not in names}


def _rows_of(
    result: SchemeResult,
    scheme: Scheme,
    year: int,
    units: Mapping[str, Unit],
    grades: Mapping[str, str],
    findings: list[Finding],
) -> Iterator[EarlierResult]:
    ranked: dict[str, list[int]] = {}
    for old in result.units.values():
        if old.rank is not None:
            ranked.setdefault(old.series, []).append(old.rank)
    for old in result.units.values():
        unit = units.get(old.unit)
        if unit is None or unit.level != scheme.level:
            message = f"“{old.unit}”今年不由“{scheme.name}”考核，没有取"
            findings.append(Finding(_BAD, f"{old.unit} {year}", message, "撤并、改编码的，请手工录入", Severity.NOTE))
            continue
        if old.grade.final and old.grade.final not in grades:
            message = f"往年等次“{old.grade.final}”在今年的方案中没有"
            step = "请手工补录对应的等次"
            findings.append(Finding(_BAD, f"{unit.name} {year}", message, step, Severity.WARNING))
        yield row_of(old, scheme.id, year, grades, ranked.get(old.series, []))


def row_of(old: UnitResult, scheme: str, year: int, grades: Mapping[str, str], ranks: Sequence[int]) -> EarlierResult:
    """A computed result as one that was told. grades: their ids there → here; ranks: of its series; rank from the last: as
    many units of the series are behind it, plus one."""
    from_last = None if old.rank is None else sum(rank > old.rank for rank in ranks) + 1
    return EarlierResult(
        scheme=scheme,
        unit=old.unit,
        year=year,
        grade=grades.get(old.grade.final, ""),
        total=old.total.value,
        rank=old.rank,
        rank_from_last=from_last,
        parts={part: q.value for part, q in old.parts.items() if q.value is not None},
    )


# ---- rows out of a table, and into one


def _cells(unit: Unit, result: EarlierResult, names: Mapping[str, str]) -> tuple[str | Fraction, ...]:
    numbers = (result.total, result.rank, result.rank_from_last)
    grade = names.get(result.grade, result.grade)
    return (unit.code, unit.name, str(result.year), grade, *("" if n is None else Fraction(n) for n in numbers))


def _read_line(
    line: NamedRow, scheme: Scheme, units: Mapping[str, Unit], findings: list[Finding]
) -> EarlierResult | None:
    known = {tight(name): name for name, _ in _COLUMNS}
    texts = {known.get(tight(c), c): t for c, t in line.texts.items()}
    places = {known.get(tight(c), c): p for c, p in line.places.items()}
    if not any(texts.get(name) for name in (GRADE, TOTAL, RANK, LAST)):
        return None
    before = len(findings)

    def number(name: str, whole: bool) -> Fraction | None:
        text = texts.get(name, "")
        value = exact_number(text)
        if text and (value is None or (whole and value.denominator != 1)):
            kind = "整数" if whole else "数字"
            findings.append(Finding(_CELL, places[name], f"“{text[:20]}”不是{kind}", f"请填{kind}，没有的留空"))
            return None
        return value

    grades = {tight(key): g.id for g in scheme.ladder.grades for key in (g.id, g.name)}
    grade = grades.get(tight(texts.get(GRADE, "")), texts.get(GRADE, ""))
    year, rank, last = number(YEAR, True), number(RANK, True), number(LAST, True)
    result = EarlierResult(
        scheme=scheme.id,
        unit=texts.get(UNIT, ""),
        year=int(year or 0),
        grade=grade,
        total=number(TOTAL, False),
        rank=None if rank is None else int(rank),
        rank_from_last=None if last is None else int(last),
    )
    wrong = check_earlier(result, {scheme.id: scheme}, units) if len(findings) == before else ()
    findings += [Finding(_CELL, places[UNIT], f"{f.place}：{f.message}", f.step) for f in wrong]
    return None if len(findings) > before else result


def _said(result: EarlierResult) -> str:
    rank = "" if result.rank is None else f"第 {result.rank} 名"
    return " ".join(w for w in (result.scheme, result.unit, str(result.year), result.grade, rank) if w)
