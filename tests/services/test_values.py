"""Values that no evaluator gave: what is needed, and tables of them, judged cell by cell before anything is stored."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from app.domain.errors import AppError
from app.domain.facts import Exemption, OfficeMark
from app.domain.quantities import MarkState
from app.domain.schemes import OfficeSource, Periods, RatioReading, Scheme
from app.files.documents import write_scheme
from app.services.container import Desk, Services
from tests.builders import item, ladder, scheme, units
from tests.services.small_year import LEVELS, WHO


def figured() -> Scheme:
    """A figure per quarter against its target, an imported level, and a value of the office."""
    return scheme(
        item(
            "growth",
            40,
            OfficeSource(kind="figure"),
            reading=RatioReading(to="target"),
            periods=Periods(names=("上半年", "下半年")),
        ),
        item("outside", 20, OfficeSource(kind="imported"), reading=LEVELS),
        item("daily", 40, OfficeSource()),
        id="figured",
        ladder=ladder(85),
    )


@pytest.fixture
def figures(awkward_folder: Path) -> Iterator[Services]:
    path = awkward_folder / "figured.json"
    path.write_text(write_scheme(figured()), encoding="utf-8")
    opened = Desk(WHO, awkward_folder / "own").create(awkward_folder / "2026年度.slk", [path], None, "", "试验年度")
    for unit in units("A B"):
        opened.units.save_unit(unit)
    yield opened
    opened.close()


def mark(unit: str = "A", item: str = "daily", **more: Any) -> OfficeMark:
    plain = OfficeMark(scheme="figured", unit=unit, item=item, value=Fraction(30), basis="台账", by=WHO)
    return replace(plain, **more)


def test_that_every_place_for_a_value_is_listed_by_item_unit_and_period(figures: Services) -> None:
    figures.events.save_office_marks([mark("B")])
    figures.events.exempt(Exemption(scheme="figured", unit="B", part="outside", reason="没有这项工作"))
    needed = figures.values.needed("figured")
    assert [(n.item, n.unit, n.period) for n in needed] == [
        ("growth", "A", "上半年"),
        ("growth", "A", "下半年"),
        ("growth", "B", "上半年"),
        ("growth", "B", "下半年"),
        ("outside", "A", ""),
        ("daily", "A", ""),
        ("daily", "B", ""),
    ]
    assert needed[0].references == {"target"}
    assert needed[4].levels == (("good", "好"), ("fair", "一般"), ("unknown", "不了解"))
    assert (needed[0].kind, needed[4].kind, needed[5].kind) == ("figure", "imported", "office")
    assert [n.mark for n in needed] == [None] * 6 + [mark("B")]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (mark(item="growth", value=Fraction(9), target=Fraction(10)), "没有“空白”这一期"),
        (mark(item="growth", value=Fraction(9), period="三季度", target=Fraction(10)), "没有“三季度”这一期"),
        (mark(item="growth", value=Fraction(9), period="上半年"), "没有填目标"),
        (mark(period="上半年"), "没有“上半年”这一期"),
        (mark(basis=" "), "没有写依据"),
        (mark(item="outside"), "应选等级"),
    ],
)
def test_that_a_value_without_its_period_target_or_basis_is_refused(
    figures: Services, wrong: OfficeMark, said: str
) -> None:
    with pytest.raises(AppError) as refused:
        figures.events.save_office_marks([mark("B"), wrong])
    assert said in refused.value.detail
    assert figures.events.office_marks("figured") == ()


def test_that_periods_of_one_item_stand_side_by_side(figures: Services) -> None:
    both = [
        mark(item="growth", period=p, value=Fraction(n), target=Fraction(10)) for n, p in ((8, "上半年"), (9, "下半年"))
    ]
    figures.events.save_office_marks(both)
    assert list(figures.events.office_marks("figured")) == both
    figures.events.save_office_marks([replace(both[0], value=MarkState.BLANK)])
    assert list(figures.events.office_marks("figured")) == both[1:]
    figures.history.undo()
    assert set(figures.events.office_marks("figured")) == set(both)


# ---- tables


@pytest.fixture
def table(figures: Services, awkward_folder: Path) -> Callable[[dict[str, Any]], Path]:
    """The exported table with other values in some cells."""

    def filled(cells: dict[str, Any]) -> Path:
        path = figures.values.write_table("figured", awkward_folder / "数值.xlsx")
        book = openpyxl.load_workbook(path)
        for address, value in cells.items():
            book.worksheets[0][address] = value
        book.save(path)
        return path

    return filled


def test_that_an_exported_table_filled_in_comes_back_whole(
    figures: Services, table: Callable[[dict[str, Any]], Path]
) -> None:
    cells = {
        "E4": 9.3,
        "F4": 10,
        "H4": "统计公报",
        "E5": "８.５",
        "F5": "10",
        "H5": "统计公报",
        "E8": "好",
        "H8": "通报",
    }
    cells |= {"E10": 0, "H10": "台账", "E11": "不适用", "H11": "新设"}
    plan = figures.values.plan("figured", table(cells))
    assert plan.findings == ()
    assert (len(plan.changes), plan.refused, plan.empty) == (5, 0, 3)
    assert {c.state for c in plan.changes} == {"new"}
    outcome = figures.values.apply(plan)
    assert outcome.value == 5
    stored = {(m.unit, m.item, m.period): m for m in figures.events.office_marks("figured")}
    assert stored["A", "growth", "上半年"] == mark(
        item="growth", period="上半年", value=Fraction("9.3"), target=Fraction(10), basis="统计公报"
    )
    assert stored["A", "outside", ""].level == "good"
    assert stored["A", "daily", ""].value == 0
    assert stored["B", "daily", ""].value is MarkState.NOT_APPLICABLE
    again = figures.values.plan("figured", table({}))
    assert {c.state for c in again.changes} == {"same"}
    assert figures.values.apply(again).value == 0
    figures.history.undo()
    figures.history.undo()
    assert figures.events.office_marks("figured") == ()


@pytest.mark.parametrize(
    ("cells", "place", "said"),
    [
        ({"E10": "三十", "H10": "台账"}, "E10", "“三十”不是数字"),
        ({"E10": 41, "H10": "台账"}, "E10", "不在 0 至 40 之间"),
        ({"E10": 30}, "E10", "没有写依据"),
        ({"E4": 9, "H4": "公报"}, "E4", "没有填目标"),
        ({"E4": 9, "F4": "十", "H4": "公报"}, "F4", "“十”不是数字"),
        ({"D4": "三季度", "E4": 9, "F4": 10, "H4": "公报"}, "E4", "没有“三季度”这一期"),
        ({"A10": "X", "E10": 9, "H10": "台账"}, "A10", "没有编码为“X”的单位"),
        ({"C10": "日常", "E10": 9, "H10": "台账"}, "C10", "没有“日常”"),
        ({"E8": "特好", "H8": "通报"}, "E8", "不是“outside”的等级"),
        ({"E10": "=1+1", "H10": "台账"}, "E10", "公式"),
        ({"A11": "A", "E10": 9, "H10": "台账", "E11": 8, "H11": "台账"}, "E11", "已经写过"),
    ],
)
def test_that_a_faulty_cell_is_named_and_only_its_line_stays_out(
    figures: Services, table: Callable[[dict[str, Any]], Path], cells: dict[str, Any], place: str, said: str
) -> None:
    plan = figures.values.plan("figured", table({"E9": "好", "H9": "通报", **cells}))
    [finding] = plan.findings
    assert finding.place.endswith(f"› {place}")
    assert finding.place.startswith("数值.xlsx")
    assert said in finding.message
    assert ("B", "outside") in {(c.mark.unit, c.mark.item) for c in plan.changes}
    assert figures.events.office_marks("figured") == ()


def test_that_a_table_with_a_column_for_each_item_is_read_too(figures: Services, awkward_folder: Path) -> None:
    path = awkward_folder / "宽表.xlsx"
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (
        ["某市数值表"],
        ["单位编码", "单位", "daily", "outside", "奖金"],
        ["A", "甲", 31, "一般"],
        ["B", "乙", 32, None, 5],
    ):
        sheet.append(row)
    book.save(path)
    plan = figures.values.plan("figured", path, basis="年终台账")
    assert [(c.mark.unit, c.mark.item, c.mark.basis) for c in plan.changes] == [
        ("A", "daily", "年终台账"),
        ("A", "outside", "年终台账"),
        ("B", "daily", "年终台账"),
    ]
    assert ["奖金" in f.message for f in plan.findings] == [True, True]


def test_that_a_file_that_is_no_table_is_a_finding(figures: Services, awkward_folder: Path) -> None:
    path = awkward_folder / "乱.xlsx"
    path.write_bytes(b"not a workbook")
    assert figures.values.plan("figured", path).findings[0].code == "E-XLS-01"
    openpyxl.Workbook().save(path)
    assert "找不到表头" in figures.values.plan("figured", path).findings[0].message


def test_that_a_plan_is_judged_again_when_it_is_applied(
    figures: Services, table: Callable[[dict[str, Any]], Path]
) -> None:
    plan = figures.values.plan("figured", table({"E10": 40, "H10": "台账"}))
    changed = replace(figured(), tree=replace(figured().tree, children=figured().tree.children[:2]))
    figures.schemes.save("figured", changed, "删去一项")
    with pytest.raises(AppError):
        figures.values.apply(plan)
    assert figures.events.office_marks("figured") == ()
