"""A whole year without a window, from the shipped sample files alone: sheets with faults, 降档, explanation, export."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from app import bootstrap
from app.domain.facts import Event, OfficeMark, VoteCount, VoteSession
from app.domain.quantities import number_text
from app.domain.results import Step
from app.domain.schemes import Item, LevelsReading, OfficeSource, Scheme, VotesSource, full_points, items_of
from app.domain.sheets import FormItem, SheetForm
from app.files.excel import file_name
from app.files.excel.filling import filled
from app.scoring.board import concerns
from app.services.container import Desk, Services
from app.services.plain import to_plain
from app.services.sheets import SheetStatus

SAMPLES = Path(__file__).parents[2] / "resources" / "samples"
SAVED, SAVED_BEFORE = datetime(2026, 12, 2, 9, tzinfo=UTC), datetime(2026, 12, 1, 9, tzinfo=UTC)


# ---- what people write


def written(item: FormItem, evaluator: str, unit: str) -> str:
    """A steady answer within the limits of the item."""
    seed = sum(map(ord, evaluator + unit + item.id)) % 4
    if item.levels:
        return item.levels[seed % 2].name
    low = item.minimum or Fraction(0)
    top = item.maximum if item.maximum is not None else item.points or Fraction(100)
    step = item.step or Fraction(1, 10**item.digits)
    return number_text(low + (top - low) * Fraction(19 - seed, 20) // step * step)


def answers(form: SheetForm) -> dict[tuple[str, str], str]:
    return {(u.code, i.id): written(i, form.identity.evaluator, u.code) for u in form.units for i in form.items}


def enter_everything(year: Path, folder: Path) -> None:
    """Votes and office values for every unit that needs them."""
    services = opened(year, folder)
    for scheme in services.schemes.all():
        units = [u for u in services.units.units() if u.level == scheme.level]
        for item in items_of(scheme):
            codes = [u.code for u in units if concerns(item.applies_to, u)]
            if isinstance(item.source, VotesSource):
                _vote(services, scheme, item, codes)
            elif isinstance(item.source, OfficeSource):
                services.events.save_office_marks([_office_mark(scheme, item, code) for code in codes])
    services.close()


def _vote(services: Services, scheme: Scheme, item: Item, codes: list[str]) -> None:
    assert isinstance(item.reading, LevelsReading)
    first, second = item.reading.levels[0].id, item.reading.levels[1].id
    counts = tuple(
        VoteCount(unit=code, item=item.id, counts={first: 30 - n % 5, second: 10 + n % 5})
        for n, code in enumerate(codes)
    )
    shares = (item.gathering or scheme.gathering).groups
    for group in [s.group for s in shares] or [g.id for g in scheme.groups] or [""]:
        session = VoteSession(
            id="", name=f"{item.name}", scheme=scheme.id, group=group, returned=41, invalid=1, issued=45, counts=counts
        )
        services.votes.save(session)


def _office_mark(scheme: Scheme, item: Item, code: str) -> OfficeMark:
    if isinstance(item.reading, LevelsReading):
        return OfficeMark(scheme=scheme.id, unit=code, item=item.id, level=item.reading.levels[0].id, basis="台账")
    points = full_points(item) or Fraction(10)
    return OfficeMark(scheme=scheme.id, unit=code, item=item.id, value=points * Fraction(9, 10), basis="台账")


# ---- the journey


Call = Callable[..., tuple[int, Any]]


@pytest.fixture
def call(awkward_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """Runs a verb with --json; its exit code and document."""
    monkeypatch.setenv("SLK_HOME", str(awkward_folder / "own"))

    def run(*words: str | Path) -> tuple[int, Any]:
        capsys.readouterr()
        code = bootstrap.main([*map(str, words), "--json"])
        return code, json.loads(capsys.readouterr().out)

    return run


def cells_below(step: Step) -> list[Step]:
    return ([step] if step.source else []) + [c for below in step.inputs for c in cells_below(below)]


def test_a_year_from_the_sample_files_to_grades(call: Call, awkward_folder: Path) -> None:
    year, back = awkward_folder / "2026年度.slk", awkward_folder / "收回"
    code, made = call("new", year, "--scheme", *sorted(SAMPLES.glob("*.json")), "--register", SAMPLES / "名册.xlsx")
    assert code in (0, 1), made
    code, sent = call("sheets", year, "--out", awkward_folder / "发出")
    forms = everything_filled_in(year, awkward_folder)
    assert len(sent["files"]) == len(forms)

    torn, second = with_faults(forms, awkward_folder)
    whole = torn.read_bytes()
    torn.write_bytes(whole[: len(whole) // 2])
    code, dry = call("import", year, back, "--dry-run")
    fates = {f["name"]: f["fate"] for f in dry["files"]}
    assert (code, fates[torn.name], fates[second.name]) == (1, "refused", "skipped")
    assert dry["totals"]["refused"] == 1
    assert [q["kind"] for q in dry["questions"]] == ["two_versions"]
    code, taken = call("import", year, back)
    assert taken["batch"]["sheets"] == len(forms) - 1
    torn.write_bytes(whole)
    code, late = call("import", year, torn)
    assert (code, late["batch"]["sheets"]) == (0, 1)

    enter_everything(year, awkward_folder)
    _, first = call("compute", year)
    department = next(s for s in first["results"]["schemes"] if s["scheme"] == "department")
    best = department["series"][0]["order"][0]
    assert department["units"][best]["grades"][0]["final"] == "good"
    inspection_fails(year, awkward_folder, best)
    _, second_result = call("compute", year)
    assert grade_in(second_result, best) == "rather_good"

    told = explained(year, awkward_folder, best)
    assert "降" in told and "巡视办通报〔2026〕7 号" in told
    code, exported = call("export", year, "--out", awkward_folder / "结果.xlsx")
    assert code == 0
    again = opened(year, awkward_folder)
    assert to_plain(again.results.load(2).results) == second_result["results"]
    assert again.audit.find_checkpoint(exported["checkpoint"]).found
    assert again.audit.verify() == ()
    assert not again.results.is_stale()
    assert_workbook_shows(awkward_folder / "结果.xlsx", again)
    again.close()
    assert call("check", year)[0] == 0


# ---- its stages


def opened(year: Path, folder: Path) -> Services:
    return Desk("考核办", folder / "own").open(year)


def everything_filled_in(year: Path, folder: Path) -> tuple[SheetForm, ...]:
    """Every sheet comes back, filled in."""
    services = opened(year, folder)
    forms = services.sheets.forms()
    assert {s.status for s in services.sheets.progress().sheets} == {SheetStatus.SENT}
    services.close()
    (folder / "收回").mkdir()
    for form in forms:
        blank = folder / "发出" / file_name(form)
        (folder / "收回" / blank.name).write_bytes(filled(blank.read_bytes(), form, answers(form), SAVED))
    return forms


def with_faults(forms: Sequence[SheetForm], folder: Path) -> tuple[Path, Path]:
    """A cell that is no mark, and an older second version of a sheet; a file to be torn, and the second version."""
    torn, faulty, doubled = forms[:3]
    number = next(i for i in faulty.items if not i.levels)
    wrong = answers(faulty) | {(faulty.units[0].code, number.id): "很好，建议表扬"}
    name = file_name(faulty)
    (folder / "收回" / name).write_bytes(filled((folder / "发出" / name).read_bytes(), faulty, wrong))
    fewer = dict(list(answers(doubled).items())[1:])
    second = folder / "收回" / "第二份.xlsx"
    second.write_bytes(filled((folder / "发出" / file_name(doubled)).read_bytes(), doubled, fewer, SAVED_BEFORE))
    return folder / "收回" / file_name(torn), second


def inspection_fails(year: Path, folder: Path, unit: str) -> None:
    """降档: the unit has not put right what the inspection found."""
    services = opened(year, folder)
    event = Event(
        id="",
        kind="rectify_failed",
        unit=unit,
        title="巡视整改逾期未完成",
        concluded="2026-09-30",
        evidence="巡视办通报〔2026〕7 号",
        approver="工委会议",
    )
    services.events.save(event)
    services.close()


def grade_in(document: dict[str, Any], unit: str) -> str:
    return next(s["units"][unit]["grades"][0]["final"] for s in document["results"]["schemes"] if unit in s["units"])


def explained(year: Path, folder: Path, unit: str) -> str:
    """The sentences of the grade; every cell named there is in a file that was returned."""
    services = opened(year, folder)
    step = services.results.explain("department", unit)
    hashes = {hashlib.sha256(p.read_bytes()).hexdigest() for p in (folder / "收回").iterdir()}
    cells = cells_below(step)
    assert cells and all(c.source is not None and c.source.sha256 in hashes for c in cells)
    text = "\n".join(services.results.sentences(step))
    services.close()
    return text


def assert_workbook_shows(path: Path, services: Services) -> None:
    """Every total and grade of the snapshot stands in the workbook, in the row of its unit."""
    book = openpyxl.load_workbook(path, read_only=True)
    rows = [[v for v in row if v is not None] for sheet in book for row in sheet.iter_rows(values_only=True)]
    book.close()
    names = {u.code: u.name for u in services.units.units()}
    snapshot = services.results.current()
    assert snapshot is not None
    for scheme in snapshot.results.schemes:
        grades = {g.id: g.name for g in services.schemes.get(scheme.scheme).ladder.grades}
        for unit in scheme.units.values():
            if unit.shown_total is None or not unit.grade.final:
                continue
            mine = [row for row in rows if names[unit.unit] in row]
            wanted = Fraction(unit.shown_total)
            assert any(
                grades[unit.grade.final] in row
                and any(isinstance(v, int | float) and Fraction(str(v)) == wanted for v in row)
                for row in mine
            ), f"{names[unit.unit]}: {wanted} {grades[unit.grade.final]}"
