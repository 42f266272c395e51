"""Editing a scheme: one step after the other, refusals by name, nothing else touched."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from fractions import Fraction
from random import Random
from typing import Any, get_args, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import scheme_editing as editing
from app.domain.errors import AppError, Fault
from app.domain.scheme_editing import GROUPS, MEASURES, Edited, Spot
from app.domain.scheme_editing.references import REFERENCES, references
from app.domain.schemes import (
    Adjustment,
    Condition,
    DirectReading,
    EventKind,
    EventsSource,
    Group,
    Item,
    LevelsReading,
    MarksSource,
    QuantitySource,
    Scheme,
    TieBreak,
    walk,
)
from app.files.documents import read_fragment, write_fragment, write_scheme
from app.scoring.checks import check_scheme
from tests.builders import item, ladder, node, scheme
from tests.domain.language import classes
from tests.random_schemes import make_schemes, schemes


def small() -> Scheme:
    return scheme(
        node("work", item("study", 30), item("duty", 20), points=Fraction(50)),
        node("people", item("vote", 40), points=Fraction(40)),
        item("bonus", 10, EventsSource(kinds=("prize",), direction="add"), on_top=True),
        measures=(item("measure", None, QuantitySource(quantity="study")),),
        groups=(Group(id="leaders", name="领导", weight=Fraction(60)), Group(id="peers", name="同级")),
        event_kinds=(EventKind(id="prize", name="表彰", amount=Fraction(2)),),
        ladder=ladder(90, 80, 60),
        adjustments=(
            Adjustment(
                id="a1", name="甲", effect="cap", grade="g1", when=(Condition(quantity="duty", value=Fraction(5)),)
            ),
            Adjustment(id="a2", name="乙", effect="down"),
        ),
    )


def ids(one: Scheme) -> list[str]:
    return [p.id for p in walk(one.tree)]


def refusal(doing: Any, *args: Any, **more: Any) -> AppError:
    with pytest.raises(AppError) as caught:
        doing(*args, **more)
    return caught.value


# ---- branches


def test_that_a_part_is_put_in_before_after_and_into() -> None:
    new = item("new", 5)
    assert ids(editing.insert(small(), [new], Spot("before", "study")).scheme)[2] == "new"
    assert ids(editing.insert(small(), [new], Spot("after", "duty")).scheme)[4] == "new"
    assert editing.insert(small(), [new], Spot("into", "people")).scheme.tree.children[1].children[-1].id == "new"  # pyright: ignore
    assert editing.insert(small(), [new], Spot("into", MEASURES)).scheme.measures[-1].id == "new"


def test_that_a_step_has_a_name_and_says_what_to_select() -> None:
    step = editing.move(small(), ["people", "duty"], Spot("into", "root"))
    assert (step.label, step.ids) == ("移动“duty”等 2 项", ("duty", "people"))
    step = editing.move(small(), ["vote", "study"], Spot("into", "people"))
    assert (step.label, step.ids) == ("移动“study”等 2 项", ("study", "vote"))


def test_that_an_id_that_is_taken_is_made_unique() -> None:
    step = editing.insert(small(), [item("study", 5)], Spot("into", "people"))
    assert step.ids == ("study-2",)
    assert editing.insert(step.scheme, [item("study", 5)], Spot("into", "people")).ids == ("study-3",)


@pytest.mark.parametrize(
    ("step", "why"),
    [
        (lambda s: editing.move(s, ["work"], Spot("into", "work")), "自己里面"),
        (lambda s: editing.move(s, ["work"], Spot("before", "study")), "自己里面"),
        (lambda s: editing.remove(s, ["vote"]), "“people”至少要留一个下级"),
        (lambda s: editing.move(s, ["vote"], Spot("into", "work")), "“people”至少要留一个下级"),
        (lambda s: editing.remove(s, ["root"]), "总分"),
        (lambda s: editing.move(s, ["root"], Spot("before", "study")), "自己里面"),
        (lambda s: editing.insert(s, [item("x")], Spot("into", "study")), "是指标"),
        (lambda s: editing.insert(s, [item("x")], Spot("after", "root")), "总分的旁边"),
        (lambda s: editing.insert(s, [node("x", item("y"))], Spot("into", MEASURES)), "是节点"),
        (lambda s: editing.move(s, ["work"], Spot("before", "measure")), "是节点"),
        (lambda s: editing.insert(s, [], Spot("into", "work")), "没有选择"),
        (lambda s: editing.remove(s, ["nobody"]), "没有“nobody”"),
    ],
)
def test_that_what_cannot_be_is_refused_with_its_reason(step: Any, why: str) -> None:
    assert why in refusal(step, small()).detail


def test_that_what_lies_below_a_chosen_part_goes_with_it() -> None:
    step = editing.remove(small(), ["work", "study"])
    assert ids(step.scheme) == ["root", "people", "vote", "bonus"]


def test_that_removing_a_part_names_the_rules_that_refer_to_it() -> None:
    found = {f.node: f.message for f in editing.remove(small(), ["study", "bonus"]).findings}
    assert found == {"measure": "“measure”引用的量“study”在本方案中没有"}


def test_that_several_parts_gather_beside_one_of_themselves() -> None:
    wide = editing.insert(small(), [item("survey", 5)], Spot("into", "people")).scheme
    step = editing.move(wide, ["study", "vote", "duty"], Spot("before", "duty"))
    assert ids(step.scheme) == ["root", "work", "study", "duty", "vote", "people", "survey", "bonus"]
    assert editing.move(wide, ["duty"], Spot("after", "duty")).scheme == wide
    assert "至少要留" in refusal(editing.move, small(), ["study", "vote", "duty"], Spot("before", "duty")).detail


def test_that_a_copy_follows_its_own_references_and_leaves_the_original() -> None:
    branch = node("b", item("x", 5), item("y", 5, QuantitySource(quantity="x")))
    start = editing.insert(small(), [branch], Spot("into", "root")).scheme
    step = editing.duplicate(start, ["b"])
    copied = {p.id: p for p in walk(step.scheme.tree)}
    assert step.ids == ("b-2",) and copied["b-2"].name == "b（副本）"
    assert copied["y-2"].source == QuantitySource(quantity="x-2")  # pyright: ignore
    assert copied["y"].source == QuantitySource(quantity="x")  # pyright: ignore


def test_that_a_branch_goes_through_the_clipboard_into_another_scheme() -> None:
    other = scheme(item("study", 10), id="other")
    text = write_fragment(editing.copy(small(), ["work", "bonus"]))
    fragment, findings = read_fragment(text)
    assert findings == () and fragment is not None
    step = editing.paste(other, fragment, Spot("into", "root"))
    assert ids(step.scheme) == ["root", "study", "work", "study-2", "duty", "bonus"]
    assert [k.id for k in step.scheme.event_kinds] == ["prize"]
    assert [f.message for f in step.findings] == ["事项种类“表彰”一并加入了本方案"]


def test_that_a_reference_that_leads_nowhere_is_named_when_pasting() -> None:
    start = editing.insert(small(), [item("z", 5, QuantitySource(quantity="study"))], Spot("into", "root")).scheme
    other = scheme(item("only", 10), id="other")
    step = editing.paste(other, editing.copy(start, ["z"]), Spot("into", "root"))
    assert [(f.code, f.node, f.place) for f in step.findings] == [
        ("S-REFERENCE", "z", "$.tree.children[1].source.quantity")
    ]


def test_that_foreign_text_on_the_clipboard_is_a_finding() -> None:
    for text in (
        "",
        "组织建设\t10",
        '{"format": "slk-scheme"}',
        '{"format": "slk-fragment", "version": 1, "parts": 3}',
    ):
        fragment, findings = read_fragment(text)
        assert fragment is None and findings


# ---- fields and lists


def test_that_any_field_is_changed_by_its_place() -> None:
    step = editing.change(small(), ("ladder", "grades", 1, "line"), Fraction(82))
    assert (step.scheme.ladder.grades[1].line, step.label) == (Fraction(82), "修改“第1档”的分数线")
    path = (*editing.part_path(small(), "duty"), "reading", "step")
    assert editing.change(small(), path, Fraction(1, 2)).label == "修改“duty”的步长"
    assert editing.change(small(), ("source",), "某办法").label == "修改方案的依据的办法"


def test_that_several_parts_take_the_same_value_in_one_step() -> None:
    paths = [(*editing.part_path(small(), id), "points") for id in ("study", "duty", "vote")]
    step = editing.change_many(small(), [(p, Fraction(15)) for p in paths])
    assert step.label == "修改“study”的满分等 3 处"
    assert {editing.value_at(step.scheme, p) for p in paths} == {Fraction(15)}


def test_that_another_kind_of_source_keeps_what_both_have() -> None:
    path = (*editing.part_path(small(), "bonus"), "source")
    assert editing.switch(small(), path, "marks").scheme.tree.children[2].source == MarksSource()  # pyright: ignore
    reading = (*editing.part_path(small(), "duty"), "reading")
    assert editing.value_at(editing.switch(small(), reading, "levels").scheme, reading) == LevelsReading(levels=())
    assert refusal(editing.switch, small(), reading, "magic").fault is Fault.NOT_FOUND


def test_that_a_renamed_id_is_followed_by_everything_that_names_it() -> None:
    now = editing.change(small(), (*editing.part_path(small(), "study"), "id"), "learning").scheme
    assert now.measures[0].source == QuantitySource(quantity="learning")
    now = editing.change(small(), ("event_kinds", 0, "id"), "award").scheme
    assert now.tree.children[2].source.kinds == ("award",)  # pyright: ignore
    assert editing.missing_references(now) == ()
    assert "已经有了" in refusal(editing.change, small(), ("adjustments", 0, "id"), "a2").detail
    assert "名称不能为空" in refusal(editing.change, small(), ("adjustments", 0, "name"), " ").detail


def test_that_lists_grow_shrink_and_change_their_order() -> None:
    grown = editing.add_entry(small(), ("adjustments",)).scheme
    assert [a.id for a in grown.adjustments] == ["a1", "a2", "adjustment"]
    moved = editing.move_entries(grown, ("adjustments",), [2], 0)
    assert ([a.id for a in moved.scheme.adjustments], moved.label) == (
        ["adjustment", "a1", "a2"],
        "调整方案的等次调整的顺序",
    )
    shrunk = editing.remove_entries(moved.scheme, ("adjustments",), [0]).scheme
    assert shrunk == small()
    several = editing.move_entries(small(), ("ladder", "grades"), [2, 0], 2).scheme
    assert [g.id for g in several.ladder.grades] == ["g1", "g0", "g2", "g3"]
    assert "至少要留" in refusal(editing.remove_entries, small(), ("ladder", "grades"), [0, 1, 2, 3]).detail
    assert refusal(editing.remove_entries, small(), ("groups",), [9]).fault is Fault.NOT_FOUND


def test_that_a_place_is_what_a_finding_says() -> None:
    path = ("tree", "children", 0, "children", 1, "points")
    assert editing.path_text(path) == "$.tree.children[0].children[1].points"
    assert editing.parse_path(editing.path_text(path)) == path
    assert refusal(editing.value_at, small(), ("tree", "children", 9)).fault is Fault.NOT_FOUND
    for finding in check_scheme(replace(small(), ladder=replace(small().ladder, grades=()))):
        editing.parse_path(finding.place)


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("points", " １２．５分 ", Fraction(25, 2)),
        ("points", "1/3", Fraction(1, 3)),
        ("points", "", None),
        ("name", " 名 ", "名"),
        ("on_top", "是", None),
    ],
)
def test_that_typed_texts_become_values(field: str, text: str, value: Any) -> None:
    one = editing.field_at(small(), (*editing.part_path(small(), "duty"), field))
    if one.sort == "yes_no":
        assert refusal(editing.typed, one, text, "另加").fault is Fault.INPUT_BAD
    else:
        assert editing.typed(one, text) == value


def test_that_a_number_beside_a_word_and_a_row_of_numbers_can_be_typed() -> None:
    limit = editing.field_at(small(), (*editing.part_path(small(), "duty"), "limits", "maximum"))
    assert (editing.typed(limit, "full"), editing.typed(limit, "8"), editing.typed(limit, "")) == ("full", 8, None)
    allowed = editing.field_at(small(), (*editing.part_path(small(), "duty"), "reading", "allowed"))
    assert editing.typed(allowed, "100、95 90") == (100, 95, 90)
    assert "不是数字" in refusal(editing.typed, limit, "很多", "最高").detail


# ---- points and weights


def test_that_shares_say_what_is_given_and_what_is_left() -> None:
    work = editing.shares_of(small(), "work", "points")
    assert (work.given, work.target, work.left, work.open) == (50, 50, 0, 0)
    root = editing.shares_of(small(), "root", "points")
    assert ([r.id for r in root.rows], root.given, root.target, root.left) == (["work", "people"], 90, 100, 10)
    groups = editing.shares_of(small(), GROUPS, "weight")
    assert (groups.given, groups.target, groups.left) == (61, 100, 39)


def test_that_an_uneven_division_gives_the_rest_to_the_last() -> None:
    three = scheme(item("a", None), item("b", None), item("c", None))
    step = editing.spread(three, "root", "points")
    assert [c.points for c in step.scheme.tree.children] == [33, 33, 34]
    half = editing.spread(three, "root", "points", step=Fraction(1, 2)).scheme
    assert [c.points for c in half.tree.children] == [Fraction(33), Fraction(33), Fraction(34)]
    fine = editing.spread(three, "root", "points", total=Fraction(10), step=Fraction(1, 2)).scheme
    assert [c.points for c in fine.tree.children] == [3, 3, 4]


def test_that_the_chosen_ones_share_what_the_others_leave_in_proportion() -> None:
    step = editing.spread(small(), "work", "points", ["study", "duty"], way="proportion", total=Fraction(45))
    assert [c.points for c in step.scheme.tree.children[0].children] == [27, 18]  # pyright: ignore
    one = editing.spread(small(), "root", "points", ["people"]).scheme
    assert one.tree.children[1].points == 50


def test_that_weights_of_groups_are_spread_too() -> None:
    now = editing.spread(small(), GROUPS, "weight", way="proportion", step=Fraction(5)).scheme
    assert [g.weight for g in now.groups] == [95, 5]
    weighted = scheme(item("a", 100, weight=Fraction(3, 10)), item("b", 100, weight=Fraction(1, 2)))
    shares = editing.shares_of(weighted, "root", "weight")
    assert (shares.target, shares.left) == (1, Fraction(1, 5))


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"ids": ["study"], "total": Fraction(0)}, "没有剩余"),
        ({"step": Fraction(0)}, "步长"),
        ({"total": Fraction(1), "step": Fraction(1)}, "分不开"),
        ({"ids": ["nobody"]}, "nobody"),
    ],
)
def test_that_what_cannot_be_spread_is_refused(more: dict[str, Any], why: str) -> None:
    assert why in refusal(editing.spread, small(), "work", "points", **more).detail


@given(
    st.integers(1, 100_000),
    st.lists(st.integers(1, 50), min_size=1, max_size=12),
    st.sampled_from(["1", "0.5", "0.01"]),
)
def test_that_what_is_spread_adds_up_exactly(total: int, given_points: list[int], step: str) -> None:
    from app.domain.scheme_editing.shares import proportional

    whole = Fraction(total, 100)
    try:
        parts = proportional(whole, [Fraction(g) for g in given_points], Fraction(step))
    except AppError as error:
        assert "分不开" in error.detail
        return
    assert sum(parts) == whole
    assert all((p / Fraction(step)).denominator == 1 for p in parts[:-1])
    exact = [whole * g / sum(given_points) for g in given_points]
    assert all(0 <= e - p < Fraction(step) for e, p in zip(exact[:-1], parts[:-1], strict=True))


# ---- properties


def some_step(one: Scheme, random: Random) -> Edited | None:
    """A random step that the editor allows, or none when it refused."""
    parts = [p.id for p in (*walk(one.tree), *one.measures)]
    chosen = random.sample(parts, min(len(parts), random.randint(1, 3)))
    spot = Spot(random.choice(("before", "after", "into")), random.choice([*parts, MEASURES]))
    try:
        return random.choice(
            (
                lambda: editing.move(one, chosen, spot),
                lambda: editing.remove(one, chosen),
                lambda: editing.duplicate(one, chosen),
                lambda: editing.paste(one, editing.copy(one, chosen), spot),
            )
        )()
    except AppError as error:
        assert error.fault in (Fault.INPUT_BAD, Fault.NOT_FOUND)
        return None


@given(schemes(), st.integers(0, 10_000))
def test_that_no_step_doubles_an_id_or_loses_a_part_it_did_not_name(one: Scheme, seed: int) -> None:
    random = Random(seed)
    now = one
    for _ in range(6):
        step = some_step(now, random)
        if step is None:
            continue
        all_ids = [p.id for p in (*walk(step.scheme.tree), *step.scheme.measures)]
        assert len(all_ids) == len(set(all_ids))
        assert set(step.ids) <= set(all_ids)
        if step.label.startswith("移动"):
            assert sorted(all_ids) == sorted(p.id for p in (*walk(now.tree), *now.measures))
        now = step.scheme


@given(schemes(), st.integers(0, 10_000))
def test_that_moving_and_moving_back_is_the_same_scheme(one: Scheme, seed: int) -> None:
    random = Random(seed)
    parts = [p.id for p in walk(one.tree)][1:]
    moved = random.choice(parts)
    above = editing.parent_of(one, moved)
    assert above is not None
    place = [c.id for c in above.children].index(moved)
    back = Spot("after", above.children[place - 1].id) if place else None
    if back is None and len(above.children) > 1:
        back = Spot("before", above.children[1].id)
    try:
        away = editing.move(one, [moved], Spot(random.choice(("before", "after", "into")), random.choice(parts))).scheme
        again = editing.move(away, [moved], back or Spot("into", above.id)).scheme
    except AppError:
        return
    assert again == one
    assert write_scheme(again) == write_scheme(one)


@given(st.integers(0, 2**40))
def test_that_a_branch_copied_to_the_same_place_keeps_what_the_check_says_of_it(seed: int) -> None:
    """Copy a part, remove the original, paste it back: the ids are free again, so everything is as before."""
    random = Random(seed)
    one = make_schemes(random)[0]
    parts = [p.id for p in walk(one.tree)][1:]
    chosen = random.choice(parts)
    above = editing.parent_of(one, chosen)
    assert above is not None
    if len(above.children) < 2:
        return
    place = [c.id for c in above.children].index(chosen)
    spot = Spot("after", above.children[place - 1].id) if place else Spot("before", above.children[1].id)
    fragment, _ = read_fragment(write_fragment(editing.copy(one, [chosen])))
    assert fragment is not None
    now = editing.paste(editing.remove(one, [chosen]).scheme, fragment, spot).scheme
    assert now == one
    assert check_scheme(now) == check_scheme(one)


@given(schemes())
def test_that_everything_a_copied_branch_names_inside_itself_is_its_own(one: Scheme) -> None:
    tops = [c.id for c in one.tree.children]
    step = editing.duplicate(one, tops[:1])
    original = {p.id for p in walk(editing.value_at(one, editing.part_path(one, tops[0])))}
    copied = editing.value_at(step.scheme, editing.part_path(step.scheme, step.ids[0]))
    assert not [name for _, space, name in references(copied) if space == "part" and name in original]


# ---- the whole language


# Texts that are only texts: shown, printed, compared with words of the register; nothing of the scheme is named by them.
PLAIN = {
    "id", "name", "note", "level", "level_name", "source", "roles", "relations", "recused", "series", "kinds", "tags",
    "basis", "family", "link", "names", "title", "guide", "person_class", "sanction", "answers", "within", "quantity", "grades",
}  # fmt: skip


def test_that_every_text_of_the_language_is_a_text_or_follows_what_it_names() -> None:
    texts = {
        (name, one.name)
        for name, cls in classes(Scheme).items()
        for one in editing.fields_of(cls)
        if one.sort in ("text", "texts")
    }
    assert {t for t in texts if t not in REFERENCES and t[1] not in PLAIN} == set()
    assert set(REFERENCES) <= texts
    foreign = {("ResultsSource", "quantity"), ("ResultsSource", "grades")}  # names of another scheme
    assert {t for t in texts if t[1] in ("quantity", "grades")} - set(REFERENCES) == foreign


def test_that_every_field_of_the_language_has_a_sort_and_an_empty_record() -> None:
    for cls in classes(Scheme).values():
        hints = get_type_hints(cls)
        fixed = [n for n, h in hints.items() if len(get_args(h)) == 1 and isinstance(get_args(h)[0], str | int)]
        assert [f.name for f in editing.fields_of(cls)] == [f.name for f in fields(cls) if f.name not in fixed]
        assert is_dataclass(editing.blank(cls))


def test_that_ties_follow_a_moved_part_because_ids_stay() -> None:
    one = replace(small(), ranking=replace(small().ranking, ties=(TieBreak(quantity="vote"),)))
    now = editing.move(one, ["study"], Spot("into", "people")).scheme
    assert editing.missing_references(now) == ()
    assert isinstance(editing.value_at(now, editing.part_path(now, "study")), Item)
    assert editing.field_at(now, (*editing.part_path(now, "study"), "reading")).record[0] is DirectReading
