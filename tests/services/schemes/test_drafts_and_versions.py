"""Drafts are replaced, published versions stay, what rests on a version keeps it, and undo brings every byte back."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from app.domain import scheme_editing as editing
from app.domain.errors import AppError, Fault
from app.domain.scheme_editing import Spot
from app.domain.schemes import EventKind, Item, MarksSource, Scheme
from app.services.container import Services

LABEL = "修改“学习”的满分"


def with_points(scheme: Scheme, part: str, points: int) -> Scheme:
    return editing.change(scheme, (*editing.part_path(scheme, part), "points"), Fraction(points)).scheme


def refusal(doing: Any, *args: Any) -> AppError:
    with pytest.raises(AppError) as caught:
        doing(*args)
    return caught.value


def numbers(services: Services, scheme: str = "branch") -> list[tuple[int, bool]]:
    return [(v.version, bool(v.published)) for v in services.schemes.versions(scheme)]


def test_that_a_draft_is_replaced_and_does_not_pile_up(services: Services) -> None:
    for points in (61, 62, 63):
        services.schemes.save("branch", with_points(services.schemes.get("branch"), "study", points), LABEL)
    assert numbers(services) == [(1, False)]
    assert editing.value_at(services.schemes.get("branch"), ("tree", "children", 0, "points")) == 63


def test_that_each_saving_is_one_step_of_undo_and_undo_brings_the_bytes_back(services: Services) -> None:
    texts = [services.schemes.text("branch")]
    for points in (61, 62, 63):
        services.schemes.save("branch", with_points(services.schemes.get("branch"), "study", points), LABEL)
        texts.append(services.schemes.text("branch"))
    assert services.history.undo_label() == LABEL
    for text in reversed(texts[:-1]):
        services.history.undo()
        assert services.schemes.text("branch") == text
    for text in texts[1:]:
        services.history.redo()
        assert services.schemes.text("branch") == text


def test_that_the_trail_tells_what_was_changed_in_office_words(services: Services) -> None:
    services.schemes.save("branch", with_points(services.schemes.get("branch"), "study", 61), LABEL)
    entry = services.audit.entries()[0]
    assert entry.label == LABEL
    told = "\n".join(entry.details)
    for said in ("branch 第 1 版", "指标树 · “study” 的满分：60 → 61", services.schemes.fingerprint("branch")):
        assert said in told


def test_that_after_publishing_the_next_edit_starts_a_new_version_and_both_stay(services: Services) -> None:
    first = services.schemes.get("branch")
    published = services.schemes.publish("branch", "工委书记", "会议通过").value
    assert published.published and published.version == 1
    services.schemes.save("branch", with_points(first, "study", 70), LABEL)
    services.schemes.save("branch", with_points(first, "study", 75), LABEL)
    assert numbers(services) == [(2, False), (1, True)]
    assert services.schemes.version("branch", 1) == first
    told = [str(d) for d in services.schemes.compare_versions("branch", 1, 2)]
    assert told == ["指标树 · “study” 的满分：60 → 75"]
    services.schemes.publish("branch", "书记", "再次通过")
    assert numbers(services) == [(2, True), (1, True)]


def test_that_publishing_can_be_undone_and_needs_a_name_and_a_reason(services: Services) -> None:
    assert refusal(services.schemes.publish, "branch", " ", "理由").fault is Fault.INPUT_BAD
    assert refusal(services.schemes.publish, "branch", "书记", "").fault is Fault.INPUT_BAD
    services.schemes.publish("branch", "书记", "通过")
    assert "没有改动" in refusal(services.schemes.publish, "branch", "书记", "通过").detail
    assert services.audit.entries()[0].reason == "通过"
    services.history.undo()
    assert numbers(services) == [(1, False)]


def test_that_a_scheme_with_errors_may_be_saved_but_not_published_or_computed(services: Services) -> None:
    wrong = replace(services.schemes.get("branch"), groups=())
    broken = editing.change(wrong, ("ladder", "grades", 0, "line"), None).scheme
    broken = replace(broken, tree=replace(broken.tree, points=Fraction(7)))
    services.schemes.save("branch", broken, "改坏")
    assert services.schemes.check_of(broken) == services.schemes.check("branch")
    error = refusal(services.schemes.publish, "branch", "书记", "通过")
    assert error.fault is Fault.CALC_WEIGHTS and error.findings
    assert refusal(services.results.compute).fault is Fault.CALC_WEIGHTS


def test_that_a_version_on_which_a_result_rests_is_kept(full: Services) -> None:
    first = full.schemes.get("department")
    full.schemes.save("department", with_points(first, "office", 9), "一")
    used = full.schemes.get("department")
    snapshot = full.results.compute().value
    full.schemes.save("department", with_points(used, "office", 8), "二")
    full.schemes.save("department", with_points(used, "office", 7), "三")
    versions = full.schemes.versions("department")
    # the sheets were sent under the first, the result was computed with the second, the third is the draft
    assert [(v.version, v.used, v.current) for v in versions] == [(3, False, True), (2, True, False), (1, True, False)]
    assert snapshot.info.fingerprints["department"] == versions[1].fingerprint
    assert full.schemes.version("department", 2) == used


def test_that_an_older_version_can_be_computed_and_shown(full: Services) -> None:
    before = full.results.compute().value.results
    scheme = full.schemes.get("department")
    full.schemes.save("department", with_points(scheme, "office", 5), "改分")
    old = full.schemes.results_of_version("department", 1)
    assert old.schemes == before.schemes
    moves = full.schemes.version_moves("department", 1, 2)
    assert moves == full.schemes.who_moves("department", full.schemes.version("department", 2)) or moves
    assert refusal(full.schemes.results_of_version, "department", 9).fault is Fault.NOT_FOUND


def test_that_saving_refuses_what_is_no_document_of_this_scheme(services: Services) -> None:
    one = services.schemes.get("branch")
    save = services.schemes.save
    assert refusal(save, "branch", replace(one, id="other"), "x").fault is Fault.INPUT_BAD
    assert refusal(save, "branch", replace(one, year=2020), "x").fault is Fault.INPUT_BAD
    assert refusal(save, "nobody", one, "x").fault is Fault.NOT_FOUND
    badly = editing.change(one, ("tree", "children", 0, "points"), "六十").scheme
    error = refusal(save, "branch", badly, "x")
    assert error.fault is Fault.SCHEME_BAD and "$.tree.children[0].points" in error.detail
    assert services.schemes.get("branch") == one


def test_that_a_frozen_result_closes_the_schemes(full: Services) -> None:
    full.results.compute()
    full.results.freeze("审定", "主任")
    one = full.schemes.get("branch")
    for doing in (
        lambda: full.schemes.save("branch", with_points(one, "study", 50), "x"),
        lambda: full.schemes.publish("branch", "书记", "通过"),
        lambda: full.schemes.create(full.schemes.from_nothing("area", "片区", "片区方案")),
    ):
        assert refusal(doing).fault is Fault.CALC_FROZEN


# ---- who moves


def test_that_who_moves_says_which_part_made_the_difference(full: Services) -> None:
    one = full.schemes.get("department")
    moves = full.schemes.who_moves("department", with_points(one, "office", 7))
    assert [m.unit for m in moves] == ["D1", "D2"]
    assert [r.sentence for r in moves[0].reasons][:1] == ["“office” 9.00 → 7.00"]
    assert full.schemes.get("department") == one


def test_that_a_new_part_and_a_part_that_is_gone_are_reasons(full: Services) -> None:
    one = full.schemes.get("department")
    gone = editing.remove(one, ["office"]).scheme
    assert "删去“office”，原得 9.00" in [r.sentence for r in full.schemes.who_moves("department", gone)[0].reasons]
    new = Item(id="extra", name="新增项", points=Fraction(5), source=MarksSource())
    more = editing.insert(one, [new], Spot("into", "root")).scheme
    assert full.schemes.who_moves("department", more)[0].reasons[0].sentence == "新增“新增项”，得 无结果"


def test_that_a_moved_line_is_the_reason_for_a_grade(full: Services) -> None:
    one = full.schemes.get("department")
    top = full.schemes.results_of_version("department", 1).schemes[-1]
    best = max(u.total.value or 0 for u in top.units.values())
    moves = full.schemes.who_moves("department", editing.change(one, ("ladder", "grades", 0, "line"), best + 1).scheme)
    assert moves and all(m.total_before == m.total_after for m in moves)
    assert all("的分数线：80 →" in m.reasons[0].sentence for m in moves)


def test_that_an_adjustment_that_no_longer_acts_is_the_reason(full: Services) -> None:
    one = full.schemes.get("department")
    moves = full.schemes.who_moves("department", replace(one, adjustments=()))
    assert [m.unit for m in moves] == ["D1"]
    assert moves[0].reasons[0].sentence == "“整改不到位降一档”不再起作用"


def test_that_facts_that_would_no_longer_count_are_named(full: Services) -> None:
    one = full.schemes.get("department")
    now = editing.remove(one, ["problems", "office"]).scheme
    now = replace(now, event_kinds=(EventKind(id="late", name="迟报"),), adjustments=())
    assert [f.message for f in full.schemes.losing("department", now)] == [
        "“problems”已有 5 份评分表的分数，删去后不再计入",
        "“office”已有 3 个录入的值，删去后不再计入",
        "事项种类“巡视整改不到位”已有 1 件事项，删去后不再计入",
    ]
    other = editing.switch(one, (*editing.part_path(one, "office"), "source"), "marks").scheme
    assert [f.message for f in full.schemes.losing("department", other)] == [
        "“office”换了来源，已有的 3 个录入的值不再计入"
    ]
    assert full.schemes.losing("department", one) == ()


# ---- starts


def test_that_a_scheme_starts_from_nothing_and_its_check_is_clean_but_for_raters(services: Services) -> None:
    one = services.schemes.from_nothing("area", "片区", "片区考核方案")
    services.schemes.create(one)
    assert services.schemes.get("area") == one
    assert [f for f in services.schemes.check("area") if f.severity == "error"] == []
    assert "已经有代号为 area" in refusal(services.schemes.create, one).detail
    assert refusal(services.schemes.from_nothing, " ", "", "名").fault is Fault.INPUT_BAD
    assert services.schemes.from_nothing("area", "片区", "第二个").id == "area-2"
    services.history.undo()
    assert [s.id for s in services.schemes.all()] == ["branch", "department"]


def test_that_every_sample_becomes_a_scheme_of_this_year(services: Services) -> None:
    samples = services.schemes.samples()
    assert len(samples) >= 3
    for sample in samples:
        one = services.schemes.from_file(sample.path)
        assert one.year == 2026 and not one.practice and one.id not in ("branch", "department")
        services.schemes.create(one)


def test_that_last_years_schemes_come_over_with_this_year(
    services: Services,
    full_folder: Path,
    awkward_folder: Path,
) -> None:
    other = full_folder / "2026年度.slk"
    before = other.read_bytes()
    found = services.schemes.of_other_year(other)
    assert [(s.id, s.year) for s in found] == [("branch-2", 2026), ("department-2", 2026)]
    assert other.read_bytes() == before
    mine = services.session.file.path
    assert "现在打开的" in refusal(services.schemes.of_other_year, mine).detail
    foreign = awkward_folder / "别的.slk"
    foreign.write_bytes(b"nothing")
    assert refusal(services.schemes.of_other_year, foreign).fault is Fault.DB_FOREIGN


def test_that_an_indicator_table_becomes_a_scheme(services: Services) -> None:
    from app.domain.indicator_tables import parts_of

    table = services.schemes.read_indicator_text("项目\t分值\t评分标准\n学习\t40\t少一次扣 1 分\n落实\t60\t")
    one = services.schemes.from_parts("area", "片区", "片区方案", parts_of(table))
    services.schemes.create(one)
    assert [(c.name, c.points, c.note) for c in one.tree.children] == [("学习", 40, "少一次扣 1 分"), ("落实", 60, "")]
    assert refusal(services.schemes.from_parts, "a", "", "名", ()).fault is Fault.INPUT_BAD


def test_that_the_tree_is_written_for_the_file_cabinet_and_read_back(services: Services, awkward_folder: Path) -> None:
    path = services.schemes.export_indicators("department", awkward_folder / "指标表.xlsx")
    table = services.schemes.read_indicators(path)
    assert [r.name for r in table.rows] == [c.name for c in services.schemes.get("department").tree.children]
    assert services.audit.entries()[0].label == "导出“department”的指标表"
