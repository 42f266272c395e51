"""A returned sheet as rows: sums, gaps, locked cells, places of origin."""

from fractions import Fraction

from app.domain.facts import MarkBlock, Origin
from app.domain.sheets import FormItem, FormLevel, FormUnit, SheetForm, SheetIdentity
from app.ui.score_sheet.rows import filled, origin_of, sheet_rows, sheet_rules

WHO = SheetIdentity(sheet="2026-s-E1", year=2026, year_file="0" * 32, scheme="s", fingerprint="0" * 64, evaluator="E1")
LEVELS = (FormLevel(id="a", name="好", points=Fraction(10)), FormLevel(id="b", name="一般", points=Fraction(20, 3)))
FORM = SheetForm(
    identity=WHO,
    scheme_name="方案",
    evaluator_name="评议人甲",
    units=(
        FormUnit(code="D1", name="第1局"),
        FormUnit(code="D2", name="第2局", not_applicable=("i2",)),
        FormUnit(code="D3", name="第3局", recused=True),
    ),
    items=(
        FormItem(id="i1", name="述职", points=Fraction(30), maximum=Fraction(30), digits=1),
        FormItem(id="i2", name="作风", levels=LEVELS),
    ),
)


def test_that_sums_are_exact_and_levels_count_with_their_points() -> None:
    rules = sheet_rules(FORM, None)
    row = sheet_rows(rules, None)[0]
    assert rules.total_text(row) == "—"
    row = rules.changed(rules.changed(row, 0, "28.5"), 1, "一般")
    assert rules.total(row) == Fraction(57, 2) + Fraction(20, 3)
    assert rules.gaps(row) == 0


def test_that_what_must_not_be_filled_in_is_no_gap_and_takes_nothing() -> None:
    rules = sheet_rules(FORM, None)
    rows = sheet_rows(rules, None)
    assert [rules.gaps(row) for row in rows] == [2, 1, 0]
    assert filled(rows) == (0, 3)
    assert rules.text(rows[1], 1) == "—"
    assert rules.text(rows[2], 0) == "回避"
    assert rules.problem(rows[2], 0, "20") == "应当回避的单位，不能评分。"
    assert rules.problem(rows[1], 1, "好") == "这一项不涉及该单位。"


def test_that_a_mark_out_of_range_says_why() -> None:
    rules = sheet_rules(FORM, None)
    row = sheet_rows(rules, None)[0]
    assert rules.problem(row, 0, "31") == "31 高于最高分 30。"
    assert rules.problem(row, 0, "2.55") == "2.55 的小数超过 1 位。"
    assert "可选：好、一般" in rules.problem(row, 1, "很好")
    assert rules.problem(row, 0, "弃权") == ""


def test_that_stored_marks_keep_their_decimals_and_their_place_of_origin() -> None:
    values = b"".join(number.to_bytes(2, "little", signed=True) for number in (2855, 0))
    origin = Origin(file="甲.xlsx", sha256="0" * 64, sheet="评分表", rows=(12,), columns=("F", "G"), batch=1)
    block = MarkBlock(
        sheet=WHO.sheet,
        evaluator="E1",
        scheme="s",
        units=("D1",),
        items=("i1", "i2"),
        values=values,
        width=2,
        digits=(2, 0),
        origin=origin,
    )
    rules = sheet_rules(FORM, block)
    row = sheet_rows(rules, block)[0]
    assert (rules.text(row, 0), rules.text(row, 1)) == ("28.55", "好")
    assert rules.text(rules.changed(row, 0, "9"), 0) == "9"
    assert origin_of(block, "D1", "i2") == "甲.xlsx › 评分表 › G12"
    assert origin_of(block, "D2", "i1") == ""
