"""The result workbook: its numbers are the results' numbers, texts are texts, the same book gives the same bytes."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from app.domain.errors import AppError, Fault
from app.domain.facts import Decision, Event, Facts, HandChange, Unit, VoteCount, VoteSession
from app.domain.quantities import Quantity
from app.domain.results import (
    AppliedAdjustment,
    GradeOutcome,
    QuotaLine,
    Results,
    SchemeResult,
    SeriesResult,
    UnitResult,
)
from app.domain.schemes import (
    Adjustment,
    Condition,
    EventKind,
    EventsSource,
    Grade,
    Item,
    Ladder,
    Level,
    LevelsReading,
    MarksSource,
    Node,
    Quota,
    Rounding,
    RoundingStages,
    Scheme,
    VotesSource,
)
from app.domain.sheets import ResultBook
from app.files.excel import result_bytes, write_result_workbook
from app.files.excel.method import method_lines
from app.scoring.rounding import round_value

DANGEROUS = [
    "=1+1", "+1", "-1", "@SUM(A1)", "=HYPERLINK(\"http://x\")", "{=1}", "=cmd|' /C calc'!A0", "http://example.org", "mailto:a@b",
    "file:///c:/a", "<b>粗</b>", "&lt;x&gt;", "\x00甲\x07", "乙\u202e丙", "\ufeff丁", "'=1", "\t=1", "\r\n=1", "]]>", "<!-- -->", "internal:'a'!A1",
    "__EMPTY", "_x0041_", "1E5", "0123", "TRUE", "#REF!", "2026-01-01", "50%", "　", "a" * 300, "\ud800戊", "𠮷田", "é́", "\\\\server\\x",
    "=\"a\"&\"b\"", "=IMPORTXML(1)", "%0A=1", ";=1", "|=1",
]  # fmt: skip


def scheme(**changes: Any) -> Scheme:
    tree = Node(
        id="all",
        name="总分",
        children=(
            Node(
                id="report",
                name="述职评议",
                children=(
                    Item(id="work", name="履职情况", points=Fraction(40), source=MarksSource()),
                    Item(id="problems", name="问题剖析", points=Fraction(20), source=MarksSource()),
                ),
            ),
            Item(
                id="vote",
                name="民主测评",
                points=Fraction(40),
                source=VotesSource(),
                reading=LevelsReading(
                    levels=(
                        Level(id="y", name="好", points=Fraction(100)),
                        Level(id="n", name="差", points=Fraction(0)),
                    )
                ),
            ),
            Item(id="bonus", name="加分", on_top=True, source=EventsSource(kinds=("award",), direction="add")),
        ),
    )
    start: dict[str, Any] = {
        "id": "department",
        "name": "部门单位考核方案",
        "year": 2026,
        "level": "department",
        "level_name": "部门单位",
        "source": "《考核办法（演练）》",
        "tree": tree,
        "rounding": RoundingStages(shown=Rounding(digits=2)),
        "ladder": Ladder(
            grades=(
                Grade(id="good", name="好", line=Fraction(90), quota=Quota(share=Fraction(30))),
                Grade(id="fair", name="较好", line=Fraction(75)),
                Grade(id="poor", name="一般"),
            )
        ),
        "event_kinds": (
            EventKind(id="award", name="表彰", amount=Fraction(1)),
            EventKind(id="late", name="整改不到位"),
        ),
        "adjustments": (Adjustment(id="drop", name="整改不到位降一档", effect="down", events=("late",)),),
    }
    return Scheme(**(start | changes))


def unit_result(
    code: str, total: Fraction | None, rank: int | None, final: str, by_quota: str = "", **changes: Any
) -> UnitResult:
    work = Fraction(100, 3) if total is None else total / 3
    quantity = Quantity.no_result("没有收回评分表") if total is None else Quantity.of(total)
    parts = {
        "all": quantity,
        "report": Quantity.of(work * 2),
        "work": Quantity.of(work),
        "problems": Quantity.of(Fraction(0)),
        "vote": Quantity.not_applicable("不参加测评"),
        "bonus": Quantity.of(Fraction(1, 8)),
    }
    start: dict[str, Any] = {
        "unit": code,
        "series": "经济系列",
        "participation": "ranked",
        "total": quantity,
        "shown_total": None if total is None else round_value(total, Rounding(digits=2)),
        "rank": rank,
        "shared": False,
        "grades": (GradeOutcome("unit", by_quota or final, final),),
        "adjustments": (),
        "parts": parts,
    }
    return UnitResult(**(start | changes))


def book(name: str = "市晨光局", note: str = "巡视整改未完成", **changes: Any) -> ResultBook:
    dropped = AppliedAdjustment(
        "drop", "整改不到位降一档", "unit", "down", "good", "fair", ("v1",), True, f"{note}，降 1 档"
    )
    no_grade = GradeOutcome("unit", "", "", note=note)
    units = {
        "D01": unit_result("D01", Fraction(2777, 30), 1, "fair", "good", adjustments=(dropped,)),
        "D02": unit_result(
            "D02", Fraction(90125, 1000), 2, "good", grades=(GradeOutcome("unit", "fair", "good", manual=True),)
        ),
        "D03": unit_result("D03", None, None, "", participation="new", grades=(no_grade,)),
    }
    result = SchemeResult(
        "department",
        "fe" * 32,
        units,
        (SeriesResult("经济系列", ("D01", "D02", "D03"), (QuotaLine("good", 1, 2, 1, (), 0, None, "“好”名额 1 个"),)),),
    )
    start: dict[str, Any] = {
        "title": "云岭市2026年度考核",
        "year": 2026,
        "schemes": (scheme(),),
        "facts": Facts(
            units=(
                Unit(code="D01", name=name, level="department", series="经济系列"),
                Unit(code="D02", name="市远山局", level="department", series="经济系列"),
                Unit(code="D03", name="市清波办", level="department", series="经济系列", participation="new", reason=note),
            ),
            sessions=(
                VoteSession(
                    id="s1", name=note, scheme="department", group="g", date="2026-12-01", expected=10, present=9, issued=9, returned=9, invalid=1,
                    counts=(VoteCount(unit="D01", item="vote", counts={"y": 6, "n": 2}),),
                ),
            ),
            events=(Event(id="v1", kind="late", unit="D01", title=note, concluded="2026-10-01", evidence=note, approver="工委会议"),),
            decisions=(Decision(scheme="department", unit="D02", grade="good", reason=note, by="工委会议", date="2026-12-20"),),
        ),
        "results": Results((result,), "da" * 32),
        "rounded": round_value,
        "fingerprints": {"department": "fe" * 32},
        "version": 3,
        "made": "2026-12-21 09:30",
        "checkpoint": "0123-4567-89ab-cdef",
        "office": "考核办",
        "secrecy": "内部资料",
        "practice": True,
    }  # fmt: skip
    return ResultBook(**(start | changes))


@pytest.fixture(scope="module")
def pages() -> Any:
    return load_workbook(io.BytesIO(result_bytes(book())))


def lines(sheet: Any) -> list[list[Any]]:
    return [[c.value for c in row] for row in sheet.iter_rows()]


def line_of(sheet: Any, unit: str) -> list[Any]:
    return next(row for row in lines(sheet) if row[1] == unit)


def test_that_the_pages_are_there(pages: Any) -> None:
    assert pages.sheetnames == [
        "目录",
        "部门单位汇总",
        "部门单位明细",
        "降档与调整",
        "票决",
        "事项",
        "图表",
        "计算方法",
    ]


def test_that_the_summary_shows_figures_as_numbers_with_the_shown_decimals(pages: Any) -> None:
    sheet = pages["部门单位汇总"]
    head = next(row for row in lines(sheet) if row[0] == "序号")
    assert [str(h).split("\n")[0] for h in head] == [
        "序号",
        "单位",
        "述职评议",
        "民主测评",
        "加分",
        "总分",
        "名次",
        "等次",
        "等次",
        "降档与限制",
        "原因",
        "备注",
    ]
    first, second, third = (line_of(sheet, n) for n in ("市晨光局", "市远山局", "市清波办"))
    assert first[2:9] == [61.71, "—", 0.13, 92.57, 1, "好", "较好"]
    assert second[5:9] == [90.13, 2, "较好", "好"] and "人工决定" in second[11] and "巡视整改未完成" in second[11]
    assert third[5:9] == ["无结果", "—", "—", "—"] and "新成立" in third[11] and "没有收回评分表" in third[11]
    assert "整改不到位降一档" in first[9] and "好→较好" in first[9]
    total = next(c for row in sheet.iter_rows() for c in row if c.value == 92.57)
    assert total.number_format == "0.00" and total.data_type == "n"


def graded(ladder: Ladder, units: list[UnitResult], quotas: tuple[QuotaLine, ...] = (), **rules: Any) -> Any:
    """The summary of one series with these results."""
    order = tuple(u.unit for u in units)
    result = SchemeResult(
        "department", "fe" * 32, {u.unit: u for u in units}, (SeriesResult("经济系列", order, quotas),)
    )
    facts = Facts(
        units=tuple(Unit(code=c, name=f"市{c}局", level="department", series="经济系列") for c in order),
        events=rules.pop("events", ()),
    )
    made = book(schemes=(scheme(ladder=ladder, **rules),), results=Results((result,), ""), facts=facts)
    return load_workbook(io.BytesIO(result_bytes(made)))["部门单位汇总"]


def ladder(*conditions: Condition, on: Any = "exact") -> Ladder:
    good = Grade(id="good", name="好", line=Fraction(85), conditions=conditions, quota=Quota(count=2))
    return Ladder(grades=(good, Grade(id="fair", name="较好", line=Fraction(75)), Grade(id="poor", name="一般")), on=on)


def test_that_the_reason_of_a_lowered_grade_is_its_cause_with_document_and_approver(pages: Any) -> None:
    first = line_of(pages["部门单位汇总"], "市晨光局")
    assert first[10] == "巡视整改未完成（2026-10-01），依据：巡视整改未完成，批准：工委会议"


def test_that_a_condition_behind_a_cap_and_an_event_without_title_are_told() -> None:
    rules = (
        Adjustment(id="cap", name="测评低不得评好", effect="cap", grade="fair", when=(Condition(quantity="work", test="<", value=Fraction(30)),)),
        Adjustment(id="drop", name="整改不到位降一档", effect="down", events=("late",)),
    )  # fmt: skip
    done = (
        AppliedAdjustment("cap", "测评低不得评好", "unit", "cap", "good", "fair", (), True, "最高评为“较好”"),
        AppliedAdjustment("drop", "整改不到位降一档", "unit", "down", "fair", "poor", ("v1",), True, "降 1 档"),
    )
    sheet = graded(
        ladder(),
        [unit_result("D1", Fraction(89), 1, "poor", "good", adjustments=done)],
        adjustments=rules,
        events=(Event(id="v1", kind="late", unit="D1", occurred="2026-03-01", evidence="纪要 3 号"),),
    )
    assert line_of(sheet, "市D1局")[10] == "“履职情况”为 29.67，低于 30\n整改不到位（2026-03-01），依据：纪要 3 号"


def test_that_a_unit_above_better_graded_ones_is_told_what_it_lacked() -> None:
    conditions = (
        Condition(quantity="zero_items", test="=", value=Fraction(1)),
        Condition(quantity="work", test=">=", value=Fraction(30)),
    )
    lacking = {**unit_result("x", Fraction(89), 1, "").parts, "work": Quantity.of(Fraction(29999, 1000))}
    units = [
        unit_result("D1", Fraction(89), 1, "fair", parts=lacking),
        unit_result("D2", Fraction(178, 2), 2, "good", shared=True),
        unit_result("D3", Fraction(80), 3, "fair"),
    ]
    sheet = graded(ladder(*conditions), units)
    assert line_of(sheet, "市D1局")[11] == "未达到“好”的条件：“履职情况”应不低于 30，实为 29.999"
    assert line_of(sheet, "市D2局")[11] == "名次并列"
    assert line_of(sheet, "市D3局")[11] == "—"  # its total is below the line: that stands in the row
    no_zero = ladder(Condition(quantity="zero_items", test="=", value=Fraction(0)))
    assert line_of(graded(no_zero, units), "市D1局")[11] == "未达到“好”的条件：有 1 项指标得 0 分"
    shown = ladder(Condition(quantity="work", value=Fraction(30)), on="shown")
    assert line_of(graded(shown, units), "市D1局")[11] == "—"  # 29.999 shows as 30.00


@pytest.mark.parametrize(
    ("tied", "policy", "said"),
    [
        ((), {}, "“好”名额 2 个已用完"),
        (("D3",), {}, "在“好”名额线上并列，并列的均不计入"),
        ((), {"grades": (GradeOutcome("unit", "fair", "fair", pending=True),)}, "名额线上，待决定"),
        ((), {"participation": "listed_apart", "rank": None}, "单列"),
    ],
)
def test_that_a_unit_that_meets_the_line_is_told_why_it_has_no_place(
    tied: tuple[str, ...], policy: dict[str, Any], said: str
) -> None:
    third = replace(unit_result("D3", Fraction(86), 3, "fair"), **policy)
    units = [unit_result(f"D{n}", Fraction(90 - n), n, "good") for n in (1, 2)]
    sheet = graded(ladder(), [*units, third], (QuotaLine("good", 2, 9, 2, tied, 0, None, ""),))
    assert str(line_of(sheet, "市D3局")[11]).startswith(said)
    assert line_of(sheet, "市D1局")[11] == "—"


def test_that_the_points_of_an_event_are_a_number() -> None:
    events = (
        Event(id="v1", kind="award", unit="D01", title="表彰", amount=Fraction(3, 2)),
        Event(id="v2", kind="award", unit="D02", title="表彰"),
        Event(id="v3", kind="late", unit="D03", title="逾期"),
    )
    start = book()
    made = load_workbook(io.BytesIO(result_bytes(book(facts=replace(start.facts, events=events)))))["事项"]
    cells = [row[6] for row in made.iter_rows(min_row=4) if row[6].value is not None]
    assert [(c.value, c.data_type, c.number_format) for c in cells] == [
        (1.5, "n", "0.0"),
        (1, "n", "0"),
        ("—", "s", "General"),
    ]


def test_that_changes_by_hand_of_who_rates_whom_have_a_page_and_nothing_is_shown_without_them(pages: Any) -> None:
    assert "评议关系的手工调整" not in pages.sheetnames
    changes = (
        HandChange(
            scheme="department", evaluator="E1", unit="D01", groups=(), reason="长期病假", by="王某", at="2026-11-20T09:00:00+08:00"
        ),
    )  # fmt: skip
    made = load_workbook(io.BytesIO(result_bytes(book(hand_changes=changes))))["评议关系的手工调整"]
    line = next(row for row in lines(made) if "市晨光局" in row)
    assert line[1:] == ["部门单位", "E1", "市晨光局", "不评", "长期病假", "王某", "2026-11-20 09:00"]


def test_that_a_reason_is_told_once(pages: Any) -> None:
    third = line_of(pages["部门单位汇总"], "市清波办")[11]
    assert third == "新成立：巡视整改未完成；没有收回评分表"
    waiting = GradeOutcome("unit", "fair", "fair", pending=True, note="名额线上并列，待人工决定")
    sheet = graded(ladder(), [unit_result("D1", Fraction(88), 1, "fair", grades=(waiting,))])
    assert line_of(sheet, "市D1局")[11] == "名额线上，待决定"


def test_that_the_detail_has_every_part_under_its_head(pages: Any) -> None:
    row = line_of(pages["部门单位明细"], "市远山局")
    assert row[3:9] == [30.04, 0, 60.08, "—", 0.13, 90.13]
    texts = {v for line in lines(pages["部门单位明细"])[:7] for v in line}
    assert {"述职评议（60）", "履职情况（40）", "小计", "总分"} <= texts


def test_that_adjustments_votes_events_and_method_are_told(pages: Any) -> None:
    adjusted = line_of(pages["降档与调整"], "部门单位")
    assert (
        adjusted[4] == "整改不到位降一档"
        and "2026-10-01" in adjusted[5]
        and adjusted[6] == "工委会议"
        and adjusted[7:10] == ["好", "较好", "是"]
    )
    assert any(row[4] == "人工决定" for row in lines(pages["降档与调整"]))
    voted = next(row for row in lines(pages["票决"]) if row[9] == "市晨光局")
    assert voted[3:9] == [10, 9, 9, 9, 1, 8] and voted[10:13] == [6, 2, 8]
    assert line_of(pages["事项"], "市晨光局")[2:4] == ["整改不到位", "巡视整改未完成"]
    words = "\n".join(str(row[0]) for row in lines(pages["计算方法"]))
    assert "名额：不超过参加排名的单位的 30%" in words and "不计票" not in words and "保留 2 位小数" in words


def test_that_every_page_is_ready_to_print_with_marks_and_fingerprints(pages: Any) -> None:
    for sheet in pages.worksheets:
        assert sheet.page_setup.paperSize in (8, 9) and sheet.print_area
        assert "演练数据" in sheet.oddHeader.right.text and "内部资料" in sheet.oddHeader.left.text
        assert "第3版" in sheet.oddFooter.left.text and "0123-4567-89ab-cdef" in sheet.oddFooter.right.text
        assert "&P" in sheet.oddFooter.center.text or "Page" in sheet.oddFooter.center.text
    summary = pages["部门单位汇总"]
    assert (
        "fefefefe" in summary.oddFooter.left.text
        and summary.print_title_rows == "$3:$3"
        and summary.freeze_panes == "C4"
    )
    assert any("考核组长" in str(v) for row in lines(summary) for v in row)
    assert summary["A1"].value.startswith("【演练数据】")


def test_that_charts_are_native_and_show_units_and_totals() -> None:
    with zipfile.ZipFile(io.BytesIO(result_bytes(book()))) as archive:
        charts = [archive.read(n).decode() for n in archive.namelist() if n.startswith("xl/charts/chart")]
    assert len(charts) == 2 and any("部门单位汇总'!$F$5:$F$7" in c or "部门单位汇总!$F$5:$F$7" in c for c in charts)


def test_that_the_same_book_gives_the_same_bytes() -> None:
    """R-37."""
    assert len({hashlib.sha256(result_bytes(book())).hexdigest() for _ in range(3)}) == 1
    assert result_bytes(book()) != result_bytes(book(version=4))


@pytest.mark.parametrize("text", DANGEROUS)
def test_that_text_from_people_is_never_a_formula_or_a_link(text: str) -> None:
    """R-15."""
    data = result_bytes(
        book(name=text, note=text, title=text, office=text, secrecy=text, schemes=(scheme(name=text, source=text),))
    )
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {n: archive.read(n).decode() for n in archive.namelist()}
    sheets = [x for n, x in parts.items() if n.startswith("xl/worksheets/sheet")]
    assert not [x for x in sheets if re.search(r"<f[ >]", x) or "<hyperlink" in x]
    assert not [n for n, x in parts.items() if "TargetMode" in x]
    assert not [x for x in parts.values() if re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\u202a-\u202e]|_x000[0-9]_", x)]
    assert load_workbook(io.BytesIO(data))["部门单位汇总"].max_row > 5


def test_that_there_are_forty_dangerous_texts() -> None:
    assert len(DANGEROUS) >= 40


def test_that_a_place_where_nothing_can_be_written_is_named(awkward_folder: Path) -> None:
    with pytest.raises(AppError) as raised:
        write_result_workbook(book(), awkward_folder / "没有这个文件夹" / "结果.xlsx")
    assert raised.value.fault is Fault.FILE_MISSING and list(awkward_folder.iterdir()) == []


def test_that_an_existing_workbook_is_replaced_whole(awkward_folder: Path) -> None:
    path = awkward_folder / "结果.xlsx"
    path.write_bytes(b"old")
    write_result_workbook(book(), path)
    assert path.read_bytes() == result_bytes(book()) and [p.name for p in awkward_folder.iterdir()] == ["结果.xlsx"]


def test_that_a_result_without_anything_is_still_a_workbook() -> None:
    empty = replace(book(), results=Results((), ""), facts=Facts(), schemes=())
    assert "目录" in load_workbook(io.BytesIO(result_bytes(empty))).sheetnames


def test_that_the_method_names_every_part_of_the_scheme() -> None:
    words = "\n".join(sentence for _, sentence in method_lines(scheme()))
    assert all(
        name in words
        for name in ("履职情况", "民主测评", "表彰：每件 1 分", "整改不到位降一档", "不低于 90", "《考核办法（演练）》")
    )
