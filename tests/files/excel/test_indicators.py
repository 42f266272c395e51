"""Tables of indicators as offices lay them out, through real workbooks and the clipboard, and back into a file."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from app.domain.findings import Severity
from app.domain.indicator_tables import Indicator, IndicatorTable, full_of, parts_of, walk_rows
from app.domain.schemes import EventsSource, Item, Node, Part, Scheme, full_points, walk
from app.files.excel.indicators import indicator_bytes, read_indicator_text, read_indicators, write_indicators
from app.files.excel.indicators.amounts import read_amount
from app.files.excel.indicators.columns import role_of
from tests.builders import item, node, scheme
from tests.files.excel.hostile import hostile_files
from tests.random_schemes import schemes

Row = list[Any]


def book(
    folder: Path, rows: list[Row], *merged: tuple[int, int, int, int], more: dict[str, list[Row]] | None = None
) -> Path:
    """A workbook with these rows; merged: first row, first column, last row, last column, around what stands first."""
    path = folder / "指标 表#1.xlsx"
    made: Any = xlsxwriter.Workbook(path)
    for title, lines in {"考核表": rows, **(more or {})}.items():
        sheet = made.add_worksheet(title)
        for r, line in enumerate(lines):
            for c, value in enumerate(line):
                if value is not None:
                    sheet.write(r, c, value)
        if title == "考核表":
            for r1, c1, r2, c2 in merged:
                sheet.merge_range(r1, c1, r2, c2, rows[r1][c1])
    made.close()
    return path


def said(table: IndicatorTable) -> list[tuple[Any, ...]]:
    """The tree as (depth, name, points, note)."""

    def below(rows: tuple[Indicator, ...], depth: int) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = []
        for row in rows:
            found += [(depth, row.name, None if row.points is None else str(row.points), row.note)]
            found += below(row.children, depth + 1)
        return found

    return below(table.rows, 0)


def messages(table: IndicatorTable) -> list[str]:
    return [f"{f.place.split(' › ')[-1]}：{f.message}" for f in table.findings]


# ---- layouts


def test_the_layout_with_merged_classes_numbers_title_total_and_note(awkward_folder: Path) -> None:
    """项目 / 序号 / 责任内容 / 标准分 / 考核标准 / 扣分原因 / 得分."""
    path = book(
        awkward_folder,
        [
            ["附件2"],
            ["云岭市直机关党建责任制考核评分表"],
            ["单位：", None, None, None, "日期："],
            ["项目", "序号", "责任内容", "标准分", "考核标准", "扣分原因", "得分"],
            ["政治建设", 1, "理论学习", 10, "少一次扣 1 分", None, None],
            [None, 2, "民主集中制", 8.5, "未执行扣 2 分", None, None],
            ["组织建设", 3, "三会一课", 15, "少一次扣 1 分，扣完为止", None, None],
            [None, 4, "按期换届", 6.5, None, None, None],
            ["合计", None, None, 40, None, None, None],
            ["注：本表由考核办填写。"],
        ],
        (4, 0, 5, 0),
        (6, 0, 7, 0),
    )
    table = read_indicators(path)
    assert said(table) == [
        (0, "政治建设", None, ""),
        (1, "理论学习", "10", "少一次扣 1 分"),
        (1, "民主集中制", "17/2", "未执行扣 2 分"),
        (0, "组织建设", None, ""),
        (1, "三会一课", "15", "少一次扣 1 分，扣完为止"),
        (1, "按期换届", "13/2", ""),
    ]
    assert (table.title, table.total, table.lines) == ("云岭市直机关党建责任制考核评分表", 40, 4)
    assert messages(table) == ["A10：表外的说明没有读入：注：本表由考核办填写。"]
    learning = table.rows[0].children[0]
    assert (learning.place.split(" › ")[1:], learning.points_place) == (["考核表", "C5"], f"{path.name} › 考核表 › D5")
    assert [c.role for c in table.columns] == ["name", "number", "name", "points", "text", "entry", "entry"]


def test_the_layout_with_points_at_each_scoring_point(awkward_folder: Path) -> None:
    """类别 / 项目 / 要求 / 分值 / 评分要点 / 考评方式 / 得分, several points below one item."""
    path = book(
        awkward_folder,
        [
            ["类别", "项目", "要求", "分值", "评分要点", "考评方式", "得分"],
            ["一、基础工作（30分）", "班子建设", "班子健全", 10, "缺一人扣 1 分", "查资料", None],
            [None, None, "分工明确", "5分", "不明确扣 1 分", "查资料", None],
            [None, "制度建设", "制度齐全", 15, "少一项扣 1 分", "实地查看", None],
        ],
        (1, 0, 3, 0),
        (1, 1, 2, 1),
    )
    table = read_indicators(path)
    assert said(table) == [
        (0, "一、基础工作", "30", ""),
        (1, "班子建设", None, ""),
        (2, "班子健全", "10", "评分要点：缺一人扣 1 分\n考评方式：查资料"),
        (2, "分工明确", "5", "评分要点：不明确扣 1 分\n考评方式：查资料"),
        (1, "制度建设", "15", "要求：制度齐全\n评分要点：少一项扣 1 分\n考评方式：实地查看"),
    ]
    assert table.findings == ()


def test_that_points_merged_over_several_lines_belong_to_the_item_and_the_lines_to_its_note(
    awkward_folder: Path,
) -> None:
    path = book(
        awkward_folder,
        [
            ["类别", "项目", "分值", "评分要点"],
            ["基础", "班子", 10, "缺一人扣 1 分"],
            [None, None, None, "不团结扣 2 分"],
            [None, "制度", 20, "少一项扣 1 分"],
        ],
        (1, 0, 3, 0),
        (1, 1, 2, 1),
        (1, 2, 2, 2),
    )
    assert said(read_indicators(path)) == [
        (0, "基础", None, ""),
        (1, "班子", "10", "缺一人扣 1 分\n不团结扣 2 分"),
        (1, "制度", "20", "少一项扣 1 分"),
    ]


def test_that_points_merged_over_a_class_belong_to_the_class(awkward_folder: Path) -> None:
    path = book(
        awkward_folder,
        [["分类", "分值", "项目", "评分标准"], ["组织", 30, "换届", "a"], [None, None, "党课", "b"]],
        (1, 0, 2, 0),
        (1, 1, 2, 1),
    )
    # the class stands before its points, the items behind them
    table = read_indicators(path)
    assert table.rows[0].name == "组织" and table.rows[0].points == 30


def test_the_layout_without_classes(awkward_folder: Path) -> None:
    """考评内容 / 分值 / 评分标准 / 考评依据 / 得分, with points that are no plain numbers."""
    rows: list[Row] = [
        ["支部工作考评表"],
        ["考评内容", "分值", "评分标准", "考评依据", "得分"],
        ["组织生活", "20 分", "少一次扣 2 分", "会议记录", None],
        ["党员教育", "0～30", "酌情扣分", "台账", None],
        ["党费收缴", "视情", "按时足额", "票据", None],
        ["阵地建设", "不超过5分", None, None, None],
        ["队伍", None, "x", None, None],
    ]
    table = read_indicators(book(awkward_folder, rows))
    assert [(n, p) for _, n, p, _ in said(table)] == [
        ("组织生活", "20"),
        ("党员教育", "30"),
        ("党费收缴", None),
        ("阵地建设", "5"),
        ("队伍", None),
    ]
    assert messages(table) == [
        "B4：“0~30”按满分 30 读入",
        "B5：“视情”不是一个分值，没有读入",
        "B6：“不超过5分”按满分 5 读入",
        "B7：“队伍”没有分值",
    ]
    assert all(f.step for f in table.findings)


def test_the_layout_of_the_self_review_sheet_which_has_no_points(awkward_folder: Path) -> None:
    """分类 / 项目 / 支部自评得分 / 审核得分."""
    rows: list[Row] = [["分类", "项目", "支部自评得分", "审核得分"], ["组织", "三会一课"], [None, "主题党日"]]
    assert said(read_indicators(book(awkward_folder, rows))) == [
        (0, "组织", None, ""),
        (1, "三会一课", None, ""),
        (1, "主题党日", None, ""),
    ]


def test_the_layouts_with_the_points_in_the_name(awkward_folder: Path) -> None:
    """项目及分值 / 赋分办法 / 总牵头单位 / 考核责任单位, and 评分要点 / 评分办法 / 单位自评 / 上级评定."""
    rows: list[Row] = [
        ["考核项目及分值", "赋分办法", "总牵头单位"],
        ["组织建设（20 分）", "按次扣", "组织部"],
        ["宣传（满分5分）：", "按件计", "宣传部"],
    ]
    assert said(read_indicators(book(awkward_folder, rows))) == [
        (0, "组织建设", "20", "赋分办法：按次扣\n总牵头单位：组织部"),
        (0, "宣传", "5", "赋分办法：按件计\n总牵头单位：宣传部"),
    ]
    rows = [["评分要点", "评分办法", "单位自评", "上级评定"], ["按期开会（3分）", "少一次扣 1 分"]]
    assert said(read_indicators(book(awkward_folder, rows))) == [(0, "按期开会", "3", "少一次扣 1 分")]


def test_that_numbering_tells_the_levels_of_a_single_column(awkward_folder: Path) -> None:
    rows: list[Row] = [
        ["考核内容", "分值", "评分标准"],
        ["一、政治建设", 40, None],
        ["（一）理论学习", 20, "x"],
        ["（二）意识形态", 20, "y"],
        ["二、组织建设", 60, None],
        ["1.三会一课", 30, "a"],
        ["2．主题党日", 20, "b"],
    ]
    table = read_indicators(book(awkward_folder, rows))
    assert said(table) == [
        (0, "政治建设", "40", ""),
        (1, "理论学习", "20", "x"),
        (1, "意识形态", "20", "y"),
        (0, "组织建设", "60", ""),
        (1, "三会一课", "30", "a"),
        (1, "主题党日", "20", "b"),
    ]
    assert messages(table) == ["B5：“组织建设”写 60 分，下面合计 50 分"]


def test_that_points_written_as_a_percentage_are_told(awkward_folder: Path) -> None:
    table = read_indicators(book(awkward_folder, [["指标", "分值"], ["党建", "20%"], ["业务", 80]]))
    assert said(table) == [(0, "党建", "20", ""), (0, "业务", "80", "")]
    assert [f.message for f in table.findings] == ["分值写成了百分数，“20%”按 20 分读入"]


def test_that_weights_and_points_of_each_level_stay_with_their_own_names(awkward_folder: Path) -> None:
    rows: list[Row] = [
        ["一级指标", "权重", "二级指标", "权重", "三级指标", "分值"],
        ["政治建设", "60%", "理论学习", "50%", "次数", 10],
        [None, None, None, None, "效果", 90],
        [None, None, "意识形态", "50%", "阵地", 100],
        ["作风建设", "40%", "纪律", "100%", "查处", 100],
    ]
    table = read_indicators(book(awkward_folder, rows, (1, 0, 3, 0), (1, 1, 3, 1), (1, 2, 2, 2), (1, 3, 2, 3)))
    found = [(r.name, r.weight, r.points) for r in walk_rows(table.rows)]
    assert found == [
        ("政治建设", 60, None), ("理论学习", 50, None), ("次数", None, 10), ("效果", None, 90),
        ("意识形态", 50, None), ("阵地", None, 100),
        ("作风建设", 40, None), ("纪律", 100, None), ("查处", None, 100),
    ]  # fmt: skip
    assert messages(table) == []


def test_that_each_of_two_columns_of_points_counts_behind_its_own_names(awkward_folder: Path) -> None:
    rows: list[Row] = [
        ["一级指标", "分值", "二级指标", "分值", "评分标准"],
        ["政治建设", 60, "理论学习", 20, "甲"],
        ["政治建设", 60, "意识形态", 40, "乙"],
        ["作风建设", 40, "纪律", 30, "丙"],
        ["作风建设", 50, "查处", 10, "丁"],
    ]
    table = read_indicators(book(awkward_folder, rows))
    assert said(table) == [
        (0, "政治建设", "60", ""), (1, "理论学习", "20", "甲"), (1, "意识形态", "40", "乙"),
        (0, "作风建设", "40", ""), (1, "纪律", "30", "丙"), (1, "查处", "10", "丁"),
    ]  # fmt: skip
    assert messages(table) == ["B5：“作风建设”前面写 40，这里写 50，按前面的读入"]


def test_that_contents_between_full_points_and_given_points_stay_a_note(awkward_folder: Path) -> None:
    rows: list[Row] = [
        ["项目", "分值", "考核内容", "考核分"],
        ["政治建设", 60, "学习等", None],
        ["作风建设", 40, "纪律", None],
    ]
    table = read_indicators(book(awkward_folder, rows))
    assert said(table) == [(0, "政治建设", "60", "学习等"), (0, "作风建设", "40", "纪律")] and messages(table) == []


def test_that_lines_across_the_table_are_classes(awkward_folder: Path) -> None:
    rows: list[Row] = [
        ["序号", "考核内容", "分值", "评分标准"],
        ["政治建设（20分）"],
        [1, "学习", 20, "s"],
        ["序号", "考核内容", "分值", "评分标准"],
        ["组织建设（80分）"],
        [2, "生活", 80, "u"],
        ["总分", None, 100],
    ]
    table = read_indicators(book(awkward_folder, rows, (1, 0, 1, 3), (4, 0, 4, 3)))
    assert said(table) == [
        (0, "政治建设", "20", ""),
        (1, "学习", "20", "s"),
        (0, "组织建设", "80", ""),
        (1, "生活", "80", "u"),
    ]
    assert table.findings == () and table.total == 100


def test_that_a_head_of_two_rows_is_one(awkward_folder: Path) -> None:
    rows: list[Row] = [
        ["一级指标", "二级指标", "分值", None, "评分标准"],
        [None, None, "标准分", "得分", None],
        ["甲", "乙", 5, None, "n"],
    ]
    table = read_indicators(book(awkward_folder, rows, (0, 2, 0, 3)))
    assert said(table) == [(0, "甲", None, ""), (1, "乙", "5", "n")]
    assert [c.role for c in table.columns] == ["name", "name", "points", "entry", "text"]


def test_that_a_bonus_beyond_the_total_stands_on_top(awkward_folder: Path) -> None:
    rows: list[Row] = [["类别", "项目", "分值"], ["基础", "生活", 100], ["加分项", "表彰", 5], ["合计", None, 100]]
    table = read_indicators(book(awkward_folder, rows))
    assert [r.on_top for r in table.rows] == [False, True]
    assert messages(table) == ["A3：“加分项”不在 100 分之内，按加在总分之上读入"]
    within = [["类别", "项目", "分值"], ["基础", "生活", 95], ["加分项", "表彰", 5], ["合计", None, 100]]
    assert [r.on_top for r in read_indicators(book(awkward_folder, within)).rows] == [False, False]


def test_that_weights_make_a_weighted_node(awkward_folder: Path) -> None:
    rows: list[Row] = [["一级指标", "二级指标", "权重（%）"], ["甲", "乙", 30], [None, "丙", "70%"]]
    (part,) = parts_of(read_indicators(book(awkward_folder, rows)))
    assert isinstance(part, Node) and part.join == "weighted"
    assert [(c.weight, full_points(c)) for c in part.children] == [(30, 100), (70, 100)]


def test_that_sums_that_do_not_agree_are_named_with_their_cells(awkward_folder: Path) -> None:
    rows: list[Row] = [
        ["项目", "内容", "分值"],
        ["甲", "a", 10],
        [None, "b", 10],
        ["小计", None, 25],
        ["合计", None, 30],
    ]
    assert messages(read_indicators(book(awkward_folder, rows))) == [
        "C4：“甲”小计写 25 分，实际 20 分",
        "C5：合计写 30 分，各项相加是 20 分",
    ]


def test_that_every_row_and_column_not_understood_is_named(awkward_folder: Path) -> None:
    rows: list[Row] = [
        ["项目", "分值", "评分标准", "魔法", None],
        [None, None, "孤零零的一句", None, None],
        ["甲", 10, None, "?", "散落"],
    ]
    table = read_indicators(book(awkward_folder, rows))
    assert messages(table) == [
        "D1：不认识的栏“魔法”，没有读入",
        "E1：这一栏没有表头，没有读入（跨栏的标题除外）",
        "C2：这一行没有名称，没有读懂：孤零零的一句",
    ]
    assert {f.severity for f in table.findings} == {Severity.NOTE, Severity.WARNING}


def test_that_the_other_tables_of_a_workbook_are_offered(awkward_folder: Path) -> None:
    path = book(
        awkward_folder, [["项目", "分值"], ["甲", 1]], more={"附表": [["项目", "分值"], ["乙", 2]], "说明": [["文字"]]}
    )
    assert [r.name for r in read_indicators(path).rows] == ["甲"]
    assert messages(read_indicators(path)) == ["附表：这张表也像指标表，没有读入"]
    assert [r.name for r in read_indicators(path, "附表").rows] == ["乙"]


def test_that_a_formula_without_value_and_an_error_are_named(awkward_folder: Path) -> None:
    path = awkward_folder / "公式.xlsx"
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    for line in (["项目", "分值"], ["甲", "=1+2"], ["乙", 5]):
        sheet.append(line)
    made.save(path)
    table = read_indicators(path)
    assert messages(table) == ["B2：这一格是公式，没有保存计算结果，没有读入"]
    assert [str(r.points) for r in table.rows] == ["None", "5"]


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"", "E-XLS-01"), (b"not a workbook", "E-XLS-01"), (b"PK\x03\x04" + b"x" * 40, "E-XLS-06")],
)
def test_that_a_hostile_or_broken_file_is_a_finding(awkward_folder: Path, data: bytes, code: str) -> None:
    path = awkward_folder / "坏.xlsx"
    path.write_bytes(data)
    table = read_indicators(path)
    assert [f.code for f in table.findings] == [code] and table.rows == ()
    assert read_indicators(awkward_folder / "没有.xlsx").findings[0].code == "E-FILE-01"


def test_that_a_workbook_without_such_a_table_says_so(awkward_folder: Path) -> None:
    table = read_indicators(book(awkward_folder, [["会议记录"], ["张三发言"], [1, 2, 3]]))
    assert table.rows == () and "找不到表头" in table.findings[0].message


# ---- cells


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (10, "10"), (0.1, "1/10"), ("１０", "10"), (" 10分 ", "10"), ("（10分）", "10"), ("2.5", "5/2"), ("1/3", "1/3"), ("—", None),
        ("", None), (True, None), (-5, None), ("扣5分", None), ("30%", "30"), ("最高10分", "10"), ("10分以内", "10"), ("5-8", "8"),
        (0.1 + 0.2, "3/10"), (1e30, None), (float("inf"), None), (float("nan"), None),
    ],
)  # fmt: skip
def test_that_points_are_read_as_people_write_them(cell: Any, value: str | None) -> None:
    amount = read_amount(cell)
    assert amount.value == (None if value is None else Fraction(value))
    plain = cell in (10, 0.1, "１０", " 10分 ", "（10分）", "2.5", "1/3", "—", "", "30%")
    assert bool(amount.doubt) is not plain


@pytest.mark.parametrize(
    ("word", "role"),
    [
        ("分类", "name"), ("考评项目", "name"), ("一级指标", "name"), ("责任内容", "name"), ("主要内容", "name"), ("指标名称", "name"),
        ("要求", "text"), ("评分要点", "text"), ("考核标准", "text"), ("评分细则", "text"), ("赋分办法", "text"), ("考评方式", "text"),
        ("考核责任单位", "text"), ("总牵头单位", "text"), ("备注", "text"), ("佐证材料", "text"), ("分 值", "points"), ("标准分", "points"),
        ("满分", "points"), ("分数（分）", "points"), ("权重", "weight"), ("权重（%）", "weight"), ("序号", "number"), ("得分", "entry"),
        ("单位自评", "entry"), ("上级评定", "entry"), ("扣分原因", "entry"), ("支部自评得分", "entry"), ("姓名", None), ("", None),
    ],
)  # fmt: skip
def test_that_heads_are_known_by_what_offices_call_them(word: str, role: str | None) -> None:
    assert role_of(word) == role


# ---- the clipboard


def test_that_pasted_cells_without_a_head_are_understood_by_what_they_hold() -> None:
    table = read_indicator_text(
        '组织建设\t三会一课\t10\t少一次扣1分\r\n\t主题党日\t5\t"两行\n说明"\r\n宣传\t信息\t3\t\r\n'
    )
    assert said(table) == [
        (0, "组织建设", None, ""),
        (1, "三会一课", "10", "少一次扣1分"),
        (1, "主题党日", "5", "两行\n说明"),
        (0, "宣传", None, ""),
        (1, "信息", "3", ""),
    ]
    assert table.rows[0].children[1].place == "粘贴的内容 › 第 2 行第 2 列"
    assert table.findings == ()


def test_that_pasted_names_alone_and_numbered_names_are_understood() -> None:
    assert said(read_indicator_text("学习\n贯彻")) == [(0, "学习", None, ""), (0, "贯彻", None, "")]
    numbered = read_indicator_text("一、政治\t30\n（一）学习\t10\n（二）贯彻\t20\n二、组织\t70\n")
    assert [(d, n) for d, n, *_ in said(numbered)] == [(0, "政治"), (1, "学习"), (1, "贯彻"), (0, "组织")]


def test_that_nothing_to_paste_is_a_finding() -> None:
    for text in ("", "\n\n", "1\t2\n3\t4"):
        table = read_indicator_text(text)
        assert table.rows == () and len(table.findings) == 1
    assert "上限" in read_indicator_text("甲\n" * 5001).findings[0].message


@given(st.lists(st.lists(st.text(max_size=6), max_size=5), max_size=8))
def test_that_no_pasted_text_makes_it_fall_over(cells: list[list[str]]) -> None:
    table = read_indicator_text("\n".join("\t".join(line) for line in cells))
    assert table.rows or table.findings
    ids = [p.id for part in parts_of(table) for p in walk(part)]
    assert len(ids) == len(set(ids)) == len(list(walk_rows(table.rows)))


# ---- and back


def practice() -> Scheme:
    return scheme(
        node("甲", item("a", 10, note="少一次\n扣 1 分"), item("b", Fraction(25, 2)), points=Fraction(20), note="说明"),
        node("乙", node("丙", item("c", 5), item("d", Fraction(1, 3))), item("e", 7)),
        item("加", 3, EventsSource(kinds=()), on_top=True),
        practice=True,
    )


def shape(parts: tuple[Part, ...]) -> list[Any]:
    return [
        (p.name, p.points, p.weight, p.note, p.on_top, shape(p.children) if isinstance(p, Node) else None)
        for p in parts
    ]


def test_that_a_tree_comes_back_whole_from_the_file_cabinet(awkward_folder: Path) -> None:
    path = awkward_folder / "指标表.xlsx"
    write_indicators(practice(), path)
    table = read_indicators(path)
    assert shape(parts_of(table)) == shape(practice().tree.children)
    sums = [f.message for f in table.findings if "合计" in f.message]
    assert sums == ["“甲”写 20 分，下面合计 22.5 分"]
    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None and "演练数据" in str(sheet["A1"].value)
    assert indicator_bytes(practice()) == indicator_bytes(practice())


def named(one: Scheme) -> Scheme:
    """Names as offices write them, all of their own: what cannot be told from a table is left out."""

    def renamed(part: Part, n: list[int]) -> Part:
        n[0] += 1
        name = f"指标{n[0]}号"
        if isinstance(part, Node):
            children = tuple(renamed(c, n) for c in part.children)
            return replace(part, name=name, note=part.note.strip(), children=children, weight=None)
        return replace(part, name=name, note=part.note.strip(), weight=None)

    tree = renamed(one.tree, [0])
    assert isinstance(tree, Node)
    return replace(one, tree=tree)


@given(schemes())
def test_that_any_tree_comes_back_whole(tmp_path_factory: pytest.TempPathFactory, one: Scheme) -> None:
    path = tmp_path_factory.getbasetemp() / "往返.xlsx"
    kept = named(one)
    write_indicators(kept, path)
    assert shape(parts_of(read_indicators(path))) == shape(kept.tree.children)


def test_that_full_points_of_a_proposal_are_those_of_its_parts(awkward_folder: Path) -> None:
    write_indicators(practice(), awkward_folder / "表.xlsx")
    table = read_indicators(awkward_folder / "表.xlsx")
    assert [full_of(r) for r in table.rows] == [full_points(p) for p in parts_of(table)]
    assert all(isinstance(p, Item | Node) for p in parts_of(table, {"p1", "p2"}))
    assert "p1" not in {q.id for p in parts_of(table, {"p1", "p2"}) for q in walk(p)}


def test_that_no_hostile_workbook_gets_through(awkward_folder: Path) -> None:
    for number, (what, data, code) in enumerate(hostile_files()):
        path = awkward_folder / f"{number:03d}.xlsx"
        path.write_bytes(data)
        table = read_indicators(path)
        assert table.rows == () and table.findings, (what, code)
