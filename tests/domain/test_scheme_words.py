"""Every field and every choice of the language has a word, and two schemes differ in those words."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import scheme_editing as editing
from app.domain.quantities import number_text
from app.domain.scheme_differences import differences
from app.domain.scheme_editing import Spot
from app.domain.scheme_words import (
    CHOICES,
    OWN,
    OWN_CHOICES,
    PARTITION_FIELDS,
    WORDS,
    choice_word,
    field_word,
    in_office_words,
)
from app.domain.schemes import (
    Band,
    BandsReading,
    Limits,
    MarksSource,
    OfficeSource,
    Quota,
    ReportForm,
    Scheme,
    Section,
    TieBreak,
)
from tests.builders import item, ladder, node, scheme
from tests.domain.language import classes
from tests.random_schemes import make_schemes, schemes

CLASSES = classes(Scheme)


@pytest.mark.parametrize("name", CLASSES)
def test_that_every_field_and_choice_has_a_chinese_word(name: str) -> None:
    for one in editing.fields_of(CLASSES[name]):
        assert re.search("[一-鿿]", field_word(name, one.name)), one.name
        for choice in one.choices:
            assert re.search("[一-鿿]", choice_word(name, one.name, choice)), (one.name, choice)


def test_that_no_word_stands_for_a_field_that_is_gone() -> None:
    fields = {(n, f.name) for n, c in CLASSES.items() for f in editing.fields_of(c)}
    choices = {(n, f.name, x) for n, c in CLASSES.items() for f in editing.fields_of(c) for x in f.choices}
    assert set(OWN) <= fields
    assert set(OWN_CHOICES) <= choices
    assert set(WORDS) <= {f for _, f in fields}
    assert set(CHOICES) <= {x for _, _, x in choices}
    assert set(PARTITION_FIELDS) <= fields


def before() -> Scheme:
    return scheme(
        node("work", item("study", 30), item("duty", 20)),
        node("people", item("vote", 50, note="旧说明")),
        ladder=ladder(90, 80),
    )


def said(after: Scheme) -> list[str]:
    return [str(d) for d in differences(before(), after)]


def test_that_a_changed_field_is_told_with_part_field_before_and_after() -> None:
    path = editing.part_path(before(), "study")
    now = editing.change_many(
        before(), [((*path, "points"), Fraction(65, 2)), ((*path, "source"), OfficeSource()), ((*path, "note"), "新")]
    ).scheme
    assert said(now) == [
        "指标树 · “study” 的说明：（空） → 新",
        "指标树 · “study” 的满分：30 → 32.5",
        "指标树 · “study” 的来源：评议人评分 → 考核办录入",
    ]


def test_that_what_came_what_went_and_what_moved_is_told() -> None:
    now = editing.insert(before(), [node("new", item("a", 1), item("b", 1))], Spot("into", "work")).scheme
    assert said(now) == ["指标树 · “work”：新增“new”（含 2 项）"]
    assert said(editing.remove(before(), ["people"]).scheme) == ["指标树 · “root”：删去“people”（含 1 项）"]
    moved = editing.move(before(), ["duty"], Spot("into", "people")).scheme
    assert said(moved) == ["指标树 · “duty” 的所在位置：work → people"]
    turned = editing.move(before(), ["duty"], Spot("before", "study")).scheme
    assert said(turned) == ["指标树 · “work” 的下级的顺序：study、duty → duty、study"]


def test_that_rules_after_the_tree_are_told_too() -> None:
    one = before()
    grades = (replace(one.ladder.grades[0], line=Fraction(92), quota=Quota(share=Fraction(30))), *one.ladder.grades[1:])
    now = replace(
        one,
        ladder=replace(one.ladder, grades=grades),
        ranking=replace(one.ranking, within="tag:片", style="dense", ties=(TieBreak(quantity="vote"),)),
        name="新名",
    )
    assert said(now) == [
        "方案 的名称：s → 新名",
        "排名 的排名范围：本系列 → 按标签“片”",
        "排名 的名次写法：并列同名次 → 并列后接着排",
        "排名：新增量 vote",
        "等次 · “第0档” 的分数线：90 → 92",
        "等次 · “第0档” 的名额：（空） → 比例（%） 30",
    ]


def test_that_inner_records_are_told_by_the_way_to_them() -> None:
    path = editing.part_path(before(), "duty")
    bands = BandsReading(bands=(Band(points=Fraction(5), minimum=Fraction(90)), Band(points=Fraction(0))))
    one = editing.change_many(
        before(), [((*path, "conversion"), bands), ((*path, "limits"), Limits(minimum=None))]
    ).scheme
    two = editing.change(one, (*path, "conversion", "bands", 0, "points"), Fraction(6)).scheme
    assert [str(d) for d in differences(one, two)] == ["指标树 · “duty” 的再换算 › 分段（第 1 项） › 得分：5 → 6"]
    assert "指标树 · “duty” 的限度 › 最低：0 → （空）" in said(one)


@given(schemes())
def test_that_a_scheme_does_not_differ_from_itself(one: Scheme) -> None:
    assert differences(one, one) == ()


@given(st.integers(0, 2**40), st.integers(0, 2**40))
def test_that_two_schemes_that_differ_never_read_the_same(left: int, right: int) -> None:
    one, two = make_schemes(Random(left))[0], make_schemes(Random(right))[0]
    found = differences(one, two)
    assert bool(found) == (one != two)
    assert all(str(d) and d.section for d in found)


@given(schemes(), st.data())
def test_that_one_changed_field_is_exactly_one_difference(one: Scheme, data: st.DataObject) -> None:
    part = data.draw(st.sampled_from([p.id for p in editing.value_at(one, ("tree",)).children]))
    path = (*editing.part_path(one, part), "note")
    found = differences(one, editing.change(one, path, "另一个说明").scheme)
    assert [(d.kind, d.path, d.field, d.after) for d in found] == [("changed", path, "说明", "另一个说明")]


def test_that_numbers_are_written_as_people_write_them() -> None:
    texts = {"12.5": "12.5", "-0.25": "-0.25", "3": "3", "1/3": "1/3", "-7/2": "-3.5", "0": "0"}
    assert {k: number_text(Fraction(k)) for k in texts} == texts
    assert isinstance(item("x").source, MarksSource)


def test_that_shares_called_percents_are_told_as_percents() -> None:
    sections = (Section(id="work", name="做法"),)
    before = scheme(item("a"), report=ReportForm(sections=sections, problem_share=Fraction(1, 4)))
    after = replace(before, report=ReportForm(sections=sections, problem_share=Fraction(3, 10)))
    assert [str(d) for d in differences(before, after)] == ["述职报告 的问题部分至少占（%）：25 → 30"]


def test_that_remarks_of_the_check_name_fields_as_the_editor_does() -> None:
    assert in_office_words("请写 points 或 weight，或删去") == "请写“满分”或“权重”，或删去"
    assert in_office_words("请把它加到 ranking.also") == "请把它加到“排名 › 另外排名的量”"
    assert in_office_words("“count”没有满分") == "“count”没有满分"  # the office's own name
    assert in_office_words("没有方案 department") == "没有方案 department"


def test_that_downgrades_that_add_up_are_not_called_a_bonus() -> None:
    assert choice_word("Stacking", "down", "add") == "全部相加"
