"""The register workbook: what is written reads back, and every fault is told with its cell."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from app.domain.facts import Assignment, Evaluator, Unit, UnitRelation
from app.domain.findings import Severity
from app.domain.sheets import Register, RegisterReading
from app.files.excel import read_register, write_register, write_register_template
from app.files.excel.register import register_bytes
from app.files.excel.register_columns import PARTICIPATION_NAMES, RELATION_NAMES, UNIT_COLUMNS

REGISTER = Register(
    units=(
        Unit(code="D01", name="市晨光局", level="department", series="经济系列", order=1, tags=("窗口", "垂直管理")),
        Unit(code="C01", name="市晨光局机关党委", level="committee", parent="D01", kind="committee", order=101),
        Unit(
            code="D02",
            name="市远山局（原，含分局）",
            level="department",
            participation="listed_apart",
            reason="垂直管理，单列",
            order=2,
        ),
    ),
    evaluators=(
        Evaluator(code="E001", name="评议人甲", unit="D01", role="工委领导", order=1),
        Evaluator(
            code="E002",
            name="评议人乙",
            relations=(UnitRelation(unit="D01", relation="in_charge"), UnitRelation(unit="D02", relation="above")),
        ),
    ),
    assignments=(Assignment(evaluator="E002", scheme="department", units=("D01", "D02"), group="leaders"),),
)


def changed(change: Any, folder: Path, register: Register = REGISTER) -> RegisterReading:
    book = load_workbook(io.BytesIO(register_bytes(register)))
    change(book)
    path = folder / "名册.xlsx"
    book.save(path)
    return read_register(path)


def set_cell(sheet: str, address: str, value: Any) -> Any:
    def change(book: Any) -> None:
        book[sheet][address] = value

    return change


def test_that_a_register_reads_back_whole(awkward_folder: Path) -> None:
    write_register(REGISTER, awkward_folder / "名册.xlsx")
    reading = read_register(awkward_folder / "名册.xlsx")
    assert reading.register == REGISTER and reading.findings == () and len(reading.sha256) == 64


CODES = st.from_regex(r"[A-Z][A-Z0-9]{0,5}", fullmatch=True)
NAMES = (
    st.text("市晨光局远山办（原）,，。<>&\"'=+-@ 甲1", min_size=1, max_size=12)
    .map(lambda t: " ".join(t.split()))
    .filter(bool)
)
TEXTS = st.one_of(st.just(""), NAMES)
UNITS = st.builds(
    Unit, code=CODES, name=NAMES, level=CODES, series=TEXTS, parent=st.one_of(st.just(""), CODES), order=st.integers(0, 9999),
    participation=st.sampled_from(list(PARTICIPATION_NAMES)), reason=TEXTS, tags=st.lists(CODES, unique=True, max_size=3).map(tuple),
)  # fmt: skip


@settings(max_examples=25)
@given(st.lists(UNITS, unique_by=lambda u: u.code, max_size=4))
def test_that_any_units_read_back_whole(tmp_path_factory: pytest.TempPathFactory, units: list[Unit]) -> None:
    path = tmp_path_factory.mktemp("名册 #") / "名册.xlsx"
    write_register(Register(units=tuple(units)), path)
    assert read_register(path).register.units == tuple(units)


def test_that_the_template_is_empty_and_has_every_column(awkward_folder: Path) -> None:
    path = awkward_folder / "模板.xlsx"
    write_register_template(path)
    assert read_register(path) == RegisterReading(Register(), (), read_register(path).sha256)
    book = load_workbook(path)
    assert book.sheetnames == ["单位", "评议人", "谁评谁"]
    assert [c.value for c in book["单位"][3]] == list(UNIT_COLUMNS)


def test_that_the_same_register_gives_the_same_bytes() -> None:
    assert register_bytes(REGISTER) == register_bytes(REGISTER)


def test_that_level_names_may_stand_for_their_codes(awkward_folder: Path) -> None:
    book = load_workbook(io.BytesIO(register_bytes(REGISTER)))
    book["单位"]["C4"] = "部门单位"
    book.save(awkward_folder / "名册.xlsx")
    reading = read_register(awkward_folder / "名册.xlsx", {"部门单位": "department"})
    assert reading.register == REGISTER


@pytest.mark.parametrize(
    ("sheet", "address", "value", "said"),
    [
        ("单位", "A5", "D01", "重复"),
        ("单位", "A4", None, "没有填“编码”"),
        ("单位", "B4", "  ", "没有填“名称”"),
        ("单位", "G4", "第一", "不是整数"),
        ("单位", "H4", "参加", "不是参评状态"),
        ("单位", "B4", "=A1", "没有保存计算结果"),
        ("单位", "B4", True, "不是文字"),
        ("评议人", "B4", None, "没有填“姓名”"),
        ("评议人", "G5", "D02", "看不懂"),
        ("评议人", "G5", "D02=同事", "看不懂"),
        ("谁评谁", "C4", None, "没有填评哪些单位"),
        ("谁评谁", "B4", None, "没有填“方案”"),
    ],
)
def test_that_a_fault_is_told_with_its_cell(
    awkward_folder: Path, sheet: str, address: str, value: Any, said: str
) -> None:
    reading = changed(set_cell(sheet, address, value), awkward_folder)
    found = [f for f in reading.findings if f.severity is Severity.ERROR]
    assert [said in f.message for f in found] == [True], found
    assert found[0].place == f"名册.xlsx › {sheet} › {address}" and found[0].step and found[0].code == "E-REG-01"


def test_that_a_line_in_error_is_left_out_and_the_others_stay(awkward_folder: Path) -> None:
    reading = changed(set_cell("单位", "G4", "第一"), awkward_folder)
    assert [u.code for u in reading.register.units] == ["C01", "D02"]


def test_that_columns_may_be_moved_and_rows_put_above_the_head(awkward_folder: Path) -> None:
    book = Workbook()
    book.active.title = "单位"
    rows = [
        ["我局名册"],
        [],
        ["层级", "名称", "编码", "电话"],
        ["department", "市晨光局", 1001, "不读"],
        [],
        ["department", "市远山局", "Ｄ０２", ""],
    ]
    for row in rows:
        book.active.append(row)
    book.save(awkward_folder / "名册.xlsx")
    reading = read_register(awkward_folder / "名册.xlsx")
    assert [(u.code, u.name) for u in reading.register.units] == [("1001", "市晨光局"), ("D02", "市远山局")]
    assert {f.severity for f in reading.findings} == {Severity.NOTE}


def test_that_one_cell_joined_over_several_units_is_refused_at_each_that_it_covers(awkward_folder: Path) -> None:
    def change(book: Any) -> None:
        book["单位"].merge_cells("D4:D6")
        book["单位"].merge_cells("A1:F1")  # above the head: no matter

    reading = changed(change, awkward_folder)
    told = [f.place.rpartition(" › ")[2] for f in reading.findings if f.severity is Severity.ERROR]
    assert told == ["D5", "D6"] and "D4:D6" in reading.findings[0].message
    assert [u.code for u in reading.register.units] == ["D01"]


def test_that_what_stands_beside_the_table_is_not_passed_over_in_silence(awkward_folder: Path) -> None:
    def change(book: Any) -> None:
        book["单位"]["P5"] = "D01 已更名"
        book["单位"]["O3"] = "名称"

    reading = changed(change, awkward_folder)
    told = [(f.place.rpartition(" › ")[2], f.severity) for f in reading.findings]
    assert told == [("O3", Severity.WARNING), ("P5", Severity.NOTE)] and reading.register == REGISTER


def test_that_a_renamed_sheet_or_column_is_told_with_what_is_there_instead(awkward_folder: Path) -> None:
    def rename(book: Any) -> None:
        book["单位"].title = "考核单位名单"

    found = changed(rename, awkward_folder).findings[0]
    assert "考核单位名单" in found.message and "改名为“单位”" in found.step
    found = changed(set_cell("单位", "B3", "单位全称"), awkward_folder).findings[0]
    assert found.place.endswith("单位 › A3") and "“名称”" in found.message


def test_that_a_broken_number_is_called_no_whole_number(awkward_folder: Path) -> None:
    found = changed(set_cell("单位", "G4", 1.5), awkward_folder).findings[0]
    assert found.place.endswith("单位 › G4") and "“1.5”不是整数" in found.message


def test_that_several_codes_may_be_separated_in_any_usual_way(awkward_folder: Path) -> None:
    reading = changed(set_cell("谁评谁", "C4", "D01，D02;D03\nD04、 D05"), awkward_folder)
    assert reading.register.assignments[0].units == ("D01", "D02", "D03", "D04", "D05")


def test_that_a_file_that_is_no_register_is_a_finding(awkward_folder: Path) -> None:
    path = awkward_folder / "别的.xlsx"
    path.write_bytes(b"not a workbook")
    assert [f.code for f in read_register(path).findings] == ["E-XLS-01"]
    Workbook().save(path)
    assert any(f.severity is Severity.ERROR and "没有这张表" in f.message for f in read_register(path).findings)


def test_that_every_state_and_relation_has_a_word() -> None:
    assert len(set(PARTICIPATION_NAMES.values())) == 6 and len(set(RELATION_NAMES.values())) == 7
