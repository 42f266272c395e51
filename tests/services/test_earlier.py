"""Earlier results: entered, from a table, and out of last year's frozen year file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from app.domain.errors import AppError, Fault
from app.domain.facts import EarlierResult, Unit
from app.domain.schemes import Scheme
from app.files.documents import write_scheme
from app.services.container import Desk, Services
from tests.builders import block, evaluators, item, ladder, scheme
from tests.services.small_year import WHO

GRADES = ("好", "较好", "一般")


def plain(year: int, **more: Any) -> Scheme:
    return replace(scheme(item("work", 60), item("duty", 40), id="s", ladder=ladder(85, 60)), year=year, **more)


def created(folder: Path, one: Scheme, codes: str) -> Services:
    folder.mkdir(exist_ok=True)
    path = folder / "s.json"
    path.write_text(write_scheme(one), encoding="utf-8")
    services = Desk(WHO, folder / "own").create(folder / f"{one.year}年度.slk", [path], None, "", "试验年度")
    for order, code in enumerate(codes.split(), start=1):
        services.units.save_unit(Unit(code=code, name=f"单位{code}", level="dept", order=order))
    return services


@pytest.fixture
def last_year(awkward_folder: Path) -> Path:
    """A frozen year file of 2025: A 90, B and C 80, D none."""
    services = created(awkward_folder / "去年", plain(2025), "A B C")
    for evaluator in evaluators("E1"):
        services.units.save_evaluator(evaluator)
    marks = {
        ("A", "work"): 55,
        ("A", "duty"): 35,
        ("B", "work"): 50,
        ("B", "duty"): 30,
        ("C", "work"): 45,
        ("C", "duty"): 35,
    }
    with services.session.write("fill", "填表") as work:
        work.blocks.save([block(plain(2025), "E1", marks)])  # pyright: ignore[reportArgumentType]
    services.results.compute()
    services.results.freeze("审定", "主任")
    path = services.session.file.path
    services.close()
    return path


@pytest.fixture
def this_year(awkward_folder: Path) -> Iterator[Services]:
    services = created(awkward_folder / "今年", plain(2026), "A B D")
    yield services
    services.close()


def test_that_the_frozen_result_of_last_year_becomes_earlier_results(this_year: Services, last_year: Path) -> None:
    before = last_year.read_bytes()
    plan = this_year.earlier.plan_year_file(last_year)
    assert [(r.unit, r.year, r.grade, r.total, r.rank, r.rank_from_last) for r in plan.rows] == [
        ("A", 2025, "g0", Fraction(90), 1, 3),
        ("B", 2025, "g1", Fraction(80), 2, 1),
    ]
    assert plan.rows[0].parts["work"] == 55
    assert ["“C”今年不由" in f.message for f in plan.findings] == [True]
    assert this_year.earlier.apply(plan).value == 2
    assert this_year.earlier.all("s") == plan.rows
    with this_year.session.read() as work:
        assert work.facts().earlier == plan.rows
        assert work.audit.head().fingerprint == plan.fingerprint
    assert last_year.read_bytes() == before
    assert not last_year.with_name(last_year.name + ".lock").exists()


def test_that_grades_are_found_by_name_and_schemes_by_the_given_pairs(awkward_folder: Path, last_year: Path) -> None:
    renamed = ladder(85, 60)
    grades = tuple(replace(g, id=f"n{n}") for n, g in enumerate(renamed.grades))
    services = created(
        awkward_folder / "改名", plain(2026, id="new", ladder=replace(renamed, grades=(grades[0], *grades[2:]))), "A B"
    )
    assert "没有" in services.earlier.plan_year_file(last_year).findings[0].message
    plan = services.earlier.plan_year_file(last_year, {"s": "new"})
    assert [(r.scheme, r.grade) for r in plan.rows] == [("new", "n0"), ("new", "")]
    assert any("今年的方案中没有" in f.message for f in plan.findings)
    services.close()


def test_that_a_file_of_this_year_or_without_a_frozen_result_is_refused(
    this_year: Services, awkward_folder: Path
) -> None:
    for folder, year, said in (("同年", 2026, "不早于本年度"), ("未定稿", 2024, "没有定稿的结果")):
        other = created(awkward_folder / folder, plain(year), "A")
        path = other.session.file.path
        other.close()
        with pytest.raises(AppError) as refused:
            this_year.earlier.plan_year_file(path)
        assert said in refused.value.detail
    with pytest.raises(AppError) as refused:
        this_year.earlier.plan_year_file(awkward_folder / "没有.slk")
    assert refused.value.fault is Fault.FILE_MISSING


def row(**more: Any) -> EarlierResult:
    return replace(EarlierResult(scheme="s", unit="A", year=2025, grade="g0", total=Fraction(90), rank=1), **more)


@pytest.mark.parametrize(
    "wrong", [row(scheme="x"), row(unit="x"), row(year=2026), row(year=1900), row(grade="好"), row(rank=0)], ids=str
)
def test_that_one_wrong_earlier_result_keeps_all_of_them_out(this_year: Services, wrong: EarlierResult) -> None:
    with pytest.raises(AppError) as refused:
        this_year.earlier.save([row(unit="B"), wrong])
    assert refused.value.fault is Fault.INPUT_BAD
    assert this_year.earlier.all() == ()


def test_that_earlier_results_are_changed_deleted_and_undone(this_year: Services) -> None:
    this_year.earlier.save([row(), row(year=2024, rank=None)])
    this_year.earlier.save([row(rank=2)])
    assert [(e.year, e.rank) for e in this_year.earlier.all("s")] == [(2025, 2), (2024, None)]
    this_year.earlier.delete("s", "A", 2025, "录错")
    assert [e.year for e in this_year.earlier.all()] == [2024]
    this_year.history.undo()
    assert [e.rank for e in this_year.earlier.all()] == [2, None]
    with pytest.raises(AppError):
        this_year.earlier.delete("s", "A", 1999, "录错")


def test_that_a_table_of_earlier_results_comes_back_and_names_what_is_wrong(
    this_year: Services, awkward_folder: Path
) -> None:
    this_year.earlier.save([row()])
    path = this_year.earlier.write_table("s", awkward_folder / "往年.xlsx")
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    assert [c.value for c in sheet[4]] == ["A", "单位A", "2025", "第0档", 90, 1, None]
    sheet["D5"], sheet["E5"], sheet["G5"] = "第1档", 80.5, 2
    sheet["F6"] = "第一"
    sheet.append(["A", "单位A", 2025, "第1档"])
    sheet.append(["X", "没有", 2025, "第1档"])
    book.save(path)
    plan = this_year.earlier.plan_table("s", path)
    assert [(r.unit, r.grade, r.total, r.rank_from_last) for r in plan.rows] == [
        ("A", "g0", Fraction(90), None),
        ("B", "g1", Fraction("80.5"), 2),
    ]
    assert plan.replaced == 0
    assert [f.place.rpartition(" ")[2] for f in plan.findings] == ["F6", "A7", "A8"]
    assert this_year.earlier.apply(plan).value == 2
