"""The practice year, built once through the real services: its story comes out, and its faults are told."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import chain
from pathlib import Path

import pytest
from openpyxl import load_workbook

from app.domain.errors import AppError, Cancelled
from app.domain.facts import OfficeMark, VoteCount, VoteSession
from app.domain.findings import Severity
from app.domain.quantities import MarkState, State
from app.domain.results import SchemeResult, Step, UnitResult
from app.domain.schemes import LevelsReading, OfficeSource, VotesSource, items_of
from app.files.documents import read_scheme
from app.files.excel.filling import filled
from app.scoring.checks import check_scheme
from app.services.container import Desk, Services
from app.services.imports.values import ReadyPlan
from app.services.practice import city, story
from app.services.practice.building import LATE, RETURNED, SENT, YEAR_FILE
from app.services.sheets import SheetStatus
from tests.scoring.naive import naive_results

ROOT = Path(__file__).parents[2]
SCHEMES = [ROOT / "resources" / "schemes" / f"{level}.json" for level in ("branch", "committee", "department")]
SAMPLES = ROOT / "resources" / "samples"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("演练") / "目录 a#b%20c"


@pytest.fixture(scope="module")
def year(folder: Path) -> Iterator[Services]:
    """The practice year, built, closed and opened again."""
    desk = Desk("考核办", folder.parent)
    path = desk.build_practice(folder)
    assert path == folder / YEAR_FILE
    services = desk.open(path)
    yield services
    services.close()


def level(year: Services, scheme: str) -> SchemeResult:
    snapshot = year.results.current()
    assert snapshot is not None
    return next(s for s in snapshot.results.schemes if s.scheme == scheme)


def unit(year: Services, code: str) -> UnitResult:
    scheme = {"D": "department", "J": "committee", "Z": "branch"}[code[0]]
    return level(year, scheme).units[code]


def grades(year: Services, code: str) -> tuple[str, str]:
    grade = unit(year, code).grade
    return grade.by_quota, grade.final


def steps(step: Step) -> Iterator[Step]:
    yield step
    yield from chain.from_iterable(steps(below) for below in step.inputs)


# ---- size and state


def test_that_the_city_has_36_departments_in_4_series_with_a_committee_each_and_110_branches() -> None:
    units = city.units()
    assert Counter(u.level for u in units) == {"department": 36, "committee": 36, "branch": 110}
    departments = [u.code for u in units if u.level == "department"]
    assert [u.parent for u in units if u.level == "committee"] == departments
    assert len({u.series for u in units}) == 4
    assert 85 <= len(city.evaluators()) <= 95


def test_that_the_year_is_marked_as_practice_and_is_computed(year: Services) -> None:
    assert year.year.info().practice
    assert year.year.info().year == 2026
    assert not year.results.is_stale()
    assert [version.version for version in year.results.versions()] == [2, 1]


def test_that_every_step_stands_in_an_unbroken_trail(year: Services) -> None:
    assert [f for f in year.audit.verify() if f.severity is Severity.ERROR] == []
    assert [f for f in year.backups.check_file() if f.severity is Severity.ERROR] == []


def test_that_the_schemes_of_the_year_are_without_findings(year: Services) -> None:
    assert [str(f) for scheme in year.schemes.all() for f in year.schemes.check(scheme.id)] == []


def test_that_every_unit_except_the_new_branch_has_a_grade(year: Services) -> None:
    without = [
        c for s in ("branch", "committee", "department") for c, u in level(year, s).units.items() if not u.grade.final
    ]
    assert without == [city.NEW_BRANCH]


# ---- sheets


def test_that_each_sheet_was_sent_and_the_late_ones_are_still_outside(year: Services, folder: Path) -> None:
    sheets = year.sheets.progress().sheets
    outside = {(s.evaluator, s.scheme) for s in sheets if s.status is SheetStatus.SENT}
    assert len(sheets) == len(list((folder / SENT).glob("*.xlsx"))) == 138
    assert outside - story.CUT_SHORT == story.LATE | story.NEVER_RETURNED
    assert len(list((folder / LATE).glob("*.xlsx"))) == len(story.LATE)


def test_that_unreadable_cells_and_the_cut_file_are_reported_with_their_place(year: Services, folder: Path) -> None:
    plan = year.sheets.plan(year.sheets.scan([folder / RETURNED]))
    refused = [f for f in plan.files if f.fate == "refused"]
    assert [f.name.partition("_")[0] for f in refused] == ["E072"]
    assert refused[0].findings[0].code.startswith("E-XLS-")
    faulty = next(f for f in plan.files if f.evaluator == "E008" and f.scheme == "department")
    errors = [f for f in faulty.findings if f.severity is Severity.ERROR]
    assert len(errors) == 3
    assert all("评分表" in f.place for f in errors)


def test_that_taking_the_same_folder_in_again_would_change_nothing(year: Services, folder: Path) -> None:
    scan = year.sheets.scan([folder / RETURNED])
    question = next(q for q in year.sheets.plan(scan).questions if q.kind == "foreign_year")
    plan = year.sheets.plan(scan, {question.id: question.suggested})
    assert isinstance(plan, ReadyPlan)
    fates = Counter(f.fate for f in plan.files)
    assert fates == {"same": 131, "refused": 1, "skipped": 1}
    assert plan.totals.new == plan.totals.changed_there == plan.totals.both == 0


def test_that_the_late_sheets_can_still_be_taken_in(year: Services, folder: Path) -> None:
    plan = year.sheets.plan(year.sheets.scan([folder / LATE]))
    assert {(f.evaluator, f.scheme, f.fate) for f in plan.files} == {(e, s, "import") for e, s in story.LATE}


def test_that_a_corrected_cell_keeps_its_origin_and_its_reason(year: Services) -> None:
    scheme, evaluator, code, item, _, reason = story.CORRECTED_CELL
    block = year.sheets.block(scheme, evaluator)
    assert block is not None and block.origin is not None
    assert [(e.unit, e.item, e.reason) for e in block.edits] == [(code, item, reason)]


def test_that_a_leader_who_heads_a_department_does_not_score_it(year: Services) -> None:
    coverage = year.units.coverage("department")
    assert {("E002", "D11"), ("E004", "D28")} <= coverage.recused
    block = year.sheets.block("department", "E002")
    assert block is not None and "D11" not in block.units and "D12" in block.units


def test_that_blank_abstained_not_applicable_and_zero_all_occur(year: Services) -> None:
    shown = {
        s.text
        for code in ("D03", "D07", "D19", "D36")
        for s in steps(year.results.explain("department", code, "total"))
    }
    assert "弃权" in shown
    assert "不适用" in shown
    assert unit(year, "D07").parts["found"].value == 0
    assert unit(year, "D19").parts["duty_mass"].state is State.NOT_APPLICABLE


def test_that_every_build_gives_the_same_figures(year: Services) -> None:
    schemes = [level(year, s) for s in ("branch", "committee", "department")]
    lines = [f"{c} {u.total.value} {u.rank} {u.grade.final}" for s in schemes for c, u in sorted(s.units.items())]
    assert hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16] == "525d682c912f69f7"


@pytest.mark.release
def test_that_the_second_calculator_comes_to_the_same_figures(year: Services) -> None:
    with year.session.read() as work:
        facts = year.session.facts(work)
    naive = naive_results(year.schemes.all(), facts)
    for scheme in ("branch", "committee", "department"):
        for code, ours in level(year, scheme).units.items():
            theirs = naive[scheme]["units"][code]
            assert (ours.total.value, ours.rank, ours.grade.final) == (
                theirs["total"],
                theirs["rank"],
                theirs["grades"]["unit"]["final"],
            )


def test_that_the_members_vote_of_one_department_came_in_as_a_box(year: Services) -> None:
    [taken] = year.ballots.boxes()
    session = next(s for s in year.votes.sessions() if s.id == taken.session)
    assert (session.id, session.counts, taken.size) == ("VZ08", (), session.returned - session.invalid)
    printed = next(s for s in year.exports.book().facts.sessions if s.id == session.id)
    assert [sum(c.counts.values()) for c in printed.counts] == [taken.size] * len(printed.counts)


# ---- the story


def test_that_unfinished_rectification_lowers_the_grade_by_one_and_leaves_the_score(year: Services) -> None:
    first, second = year.results.load(1), year.results.load(2)
    before, after = (s.results.schemes[-1].units["D01"] for s in (first, second))
    assert before.total == after.total
    assert (before.grade.final, after.grade.final) == ("good", "rather_good")
    assert after.rank == before.rank == 1
    assert [a.adjustment for a in after.adjustments if a.effective] == ["down_rectify"]


def test_that_two_families_of_downgrades_add_up(year: Services) -> None:
    assert grades(year, "D06") == ("rather_good", "poor")


def test_that_a_veto_fixes_the_lowest_grade(year: Services) -> None:
    assert grades(year, "D15") == ("rather_good", "poor")


def test_that_the_bar_from_good_passes_the_place_on(year: Services) -> None:
    assert grades(year, "D30") == ("good", "rather_good")
    assert grades(year, "D31")[1] == "good"
    assert unit(year, "D31").rank == 3


def test_that_low_satisfaction_caps_the_grade(year: Services) -> None:
    satisfaction = unit(year, "D09").parts["satisfaction"].value
    assert satisfaction is not None and satisfaction < 60
    assert grades(year, "D09") == ("rather_good", "fair")


def test_that_a_leading_group_is_lowered_apart_from_its_department(year: Services) -> None:
    by_scope = {g.scope: g.final for g in unit(year, "D02").grades}
    assert by_scope["unit"] == "rather_good"
    assert by_scope["leading_group"] == "fair"


def test_that_an_event_without_approver_has_no_effect_and_is_reported(year: Services) -> None:
    assert grades(year, "D34") == ("rather_good", "rather_good")
    told = [f for f in level(year, "department").findings if f.node == "down_rectify"]
    assert [f.code for f in told] == ["A-EVIDENCE"]
    assert "市正气局" in told[0].place and "批准人" in told[0].message


def test_that_a_tie_on_the_quota_line_is_settled_by_the_tie_chain(year: Services) -> None:
    first, second = (unit(year, code) for code in city.SETTLED_PAIR)
    assert first.total == second.total
    assert (first.rank, second.rank) == (3, 4)
    assert (first.grade.final, second.grade.final) == ("good", "rather_good")
    assert not first.grade.pending and not second.grade.pending


def test_that_a_tie_on_the_quota_line_that_nothing_settles_waits_for_a_decision(year: Services) -> None:
    first, second = (unit(year, code) for code in city.WAITING_PAIR)
    assert first.total == second.total
    assert first.rank == second.rank == 3
    assert first.grade.pending and second.grade.pending
    quota = next(q for s in level(year, "department").series if s.series == "社会系列" for q in s.quotas)
    assert set(quota.tied) == set(city.WAITING_PAIR)


def test_that_the_unit_listed_apart_has_a_grade_but_neither_rank_nor_place(year: Services) -> None:
    apart = unit(year, city.LISTED_APART)
    assert apart.rank is None
    assert apart.grade.final == "good"
    quota = next(q for s in level(year, "department").series if s.series == "经济系列" for q in s.quotas)
    assert (quota.base, quota.places, quota.taken) == (9, 3, 3)


def test_that_a_branch_too_new_has_a_score_and_no_grade(year: Services) -> None:
    new = unit(year, city.NEW_BRANCH)
    assert new.total.state is State.VALUE
    assert (new.rank, new.grade.final) == (None, "")
    assert "不满一年" in new.grade.note


def test_that_a_poor_branch_caps_its_secretary(year: Services) -> None:
    assert grades(year, "Z0203")[1] == "poor"
    assert grades(year, "J02") == ("good", "rather_good")


def test_that_the_results_below_stand_in_the_score_above(year: Services) -> None:
    secretary = unit(year, "D20").parts["secretary"].value
    below = unit(year, "J20").total.value
    assert below is not None and secretary == below * Fraction(5, 100)


def test_that_a_downgrade_can_be_followed_down_to_a_cell_of_a_workbook(year: Services, folder: Path) -> None:
    cells = [s.source for s in steps(year.results.explain("department", "D01", "grade")) if s.source is not None]
    assert cells
    assert {(folder / RETURNED / cell.file).is_file() for cell in cells} == {True}
    first = next(s for s in steps(year.results.explain("department", "D01")) if s.title == "评议人甲01")
    assert first.source is not None
    assert (first.text, first.source.address) == ("9.4", "F11")  # the manual leads the reader to this cell
    assert any("降" in line for line in year.results.sentences(year.results.explain("department", "D01")))


# ---- when it cannot be built


def test_that_a_folder_which_holds_the_year_already_is_refused_and_left_alone(year: Services, folder: Path) -> None:
    before = (folder / YEAR_FILE).stat().st_size
    with pytest.raises(AppError, match="已经存在"):
        Desk("考核办", folder.parent).build_practice(folder)
    assert (folder / YEAR_FILE).stat().st_size == before


def test_that_a_cancelled_build_leaves_nothing(awkward_folder: Path) -> None:
    def impatient(text: str, percent: int) -> None:
        if percent >= 10:
            raise Cancelled

    with pytest.raises(Cancelled):
        Desk("考核办", awkward_folder).build_practice(awkward_folder / "演练", impatient)
    assert not (awkward_folder / "演练").exists()


# ---- the shipped documents


@pytest.mark.parametrize("path", [*SCHEMES, *sorted(SAMPLES.glob("*.json"))], ids=lambda p: p.name)
def test_that_each_shipped_scheme_reads_and_checks_without_a_finding(path: Path) -> None:
    scheme, findings = read_scheme(path.read_text(encoding="utf-8"), path.name)
    assert findings == ()
    assert scheme is not None
    assert check_scheme(scheme) == ()


def test_that_the_samples_are_the_practice_schemes_without_their_mark() -> None:
    def read(paths: Iterable[Path]) -> dict[str, object]:
        found = [read_scheme(p.read_text(encoding="utf-8"))[0] for p in paths]
        return {s.id: replace(s, practice=False, name="", source="") for s in found if s is not None}

    practice = [read_scheme(p.read_text(encoding="utf-8"))[0] for p in SCHEMES]
    assert all(s is not None and s.practice and "虚构" in s.source for s in practice)
    assert read(SAMPLES.glob("*.json")) == read(SCHEMES)


@pytest.fixture
def sample_year(awkward_folder: Path) -> Iterator[Services]:
    """A new year from the shipped samples and nothing else."""
    desk = Desk("考核办", awkward_folder)
    schemes, register = sorted(SAMPLES.glob("*.json")), next(SAMPLES.glob("*.xlsx"))
    services = desk.create(awkward_folder / "新年度.slk", schemes, register, "张三", "样例年度")
    yield services
    services.close()


def test_that_a_year_is_set_up_from_the_shipped_samples_alone(sample_year: Services) -> None:
    assert not sample_year.year.info().practice and sample_year.remarks == ()
    assert Counter(u.level for u in sample_year.units.units()) == {"department": 6, "committee": 6, "branch": 12}
    assert [s.id for s in sample_year.schemes.all()] == ["branch", "committee", "department"]
    holes = [h for s in sample_year.schemes.all() for h in sample_year.units.coverage(s.id).holes]
    assert {(h.unit[0], h.group) for h in holes} == {("Z", "contacts")}


def test_that_what_is_odd_about_the_register_of_a_new_year_is_told_though_the_year_is_made(
    awkward_folder: Path,
) -> None:
    register = awkward_folder / "名册.xlsx"
    book = load_workbook(next(SAMPLES.glob("*.xlsx")))
    book["单位"]["C4"] = "部门"
    book.save(register)
    path = awkward_folder / "新年度.slk"
    services = Desk("考核办", awkward_folder).create(path, sorted(SAMPLES.glob("*.json")), register, "张三", "样例年度")
    services.close()
    assert [f.place for f in services.remarks] == ["名册.xlsx › 单位 › C4"] and "“部门”" in services.remarks[0].message


def test_that_the_sample_year_leads_to_a_grade_for_every_unit(sample_year: Services, awkward_folder: Path) -> None:
    forms = sample_year.sheets.forms()
    sent = sample_year.sheets.send(awkward_folder / "发出").value
    returned = awkward_folder / "收回"
    returned.mkdir()
    for form, file in zip(forms, sent.files, strict=True):
        best = {i.id: i.levels[0].name if i.levels else str(i.points) for i in form.items}
        answers = {(u.code, i): best[i] for u in form.units for i in best if i not in u.not_applicable}
        (returned / file.name).write_bytes(filled(file.read_bytes(), form, answers))
    plan = sample_year.sheets.plan(sample_year.sheets.scan([returned]))
    assert isinstance(plan, ReadyPlan)
    sample_year.sheets.apply(plan)
    for scheme in sample_year.schemes.all():
        units = [u.code for u in sample_year.units.units() if u.level == scheme.level]
        for item in items_of(scheme):
            best = item.reading.levels[0].id if isinstance(item.reading, LevelsReading) else ""
            if isinstance(item.source, VotesSource) and item.gathering:
                counts = tuple(VoteCount(unit=u, item=item.id, counts={best: 20}) for u in units)
                group = item.gathering.groups[0].group
                sample_year.votes.save(
                    VoteSession(id="", name=item.name, scheme=scheme.id, group=group, returned=20, counts=counts)
                )
            elif isinstance(item.source, OfficeSource):
                value = MarkState.BLANK if best else item.points or Fraction(0)
                mark = OfficeMark(
                    scheme=scheme.id, unit="", item=item.id, value=value, level=best, basis="督导", by="张三"
                )
                concerned = [u for u in sample_year.units.units() if u.code in units]
                tags = set(item.applies_to.tags)
                sample_year.events.save_office_marks(
                    [replace(mark, unit=u.code) for u in concerned if not tags or tags & set(u.tags)]
                )
    results = sample_year.results.compute().value.results
    totals = [u.total.value for s in results.schemes for u in s.units.values()]
    assert len(totals) == 24
    assert set(totals) == {Fraction(100)}
    assert all(u.grade.final for s in results.schemes for u in s.units.values())


# ---- self-reports


def test_that_the_planted_faults_of_the_practice_reports_are_found_and_no_others(year: Services) -> None:
    found = {
        (line.unit, finding.code)
        for form in year.reports.forms()
        for line in year.reports.examine_all(form.scheme)
        for finding in line.findings
    }
    assert found == {
        ("D04", "R-DATE"),
        ("D04", "R-WIDTH"),
        ("D10", "R-OTHER-UNIT"),
        ("D11", "R-OTHER-UNIT"),
        ("D15", "R-SELF-SCORE"),
        ("D17", "R-PLACEHOLDER"),
        ("D26", "R-NO-PROBLEM"),
        ("D30", "R-LIST-COPIED"),
        ("J07", "R-CONCEPT"),
        ("Z0203", "R-NUMBERING"),
    }


def test_that_practice_reports_are_in_every_state_and_leave_the_result_as_it_is(year: Services) -> None:
    states = Counter(line.state for line in year.reports.list("department"))
    assert states == {"accepted": 30, "submitted": 3, "returned": 1, "draft": 1, None: 1}
    assert not year.results.is_stale()
    [remark] = year.reports.get("department", "D26").remarks
    assert remark.found and remark.remark.quote
    [evidence] = year.reports.get("department", "D02").report.evidence
    assert evidence.kind == "image"
    assert year.reports.evidence(evidence.digest).startswith(b"\x89PNG")


def test_that_the_lots_are_drawn_and_some_departments_have_tasks_to_open(year: Services, folder: Path) -> None:
    lines = [h for h in year.hearings.list("department") if h.hearing.body == "" and h.hearing.manner == "oral"]
    assert sorted(h.hearing.order for h in lines) == list(range(1, len(lines) + 1)) and len(lines) == 36
    assert [o.unit for o in year.exchange.outstanding()] == ["D01", "D02", "D03", "D04"]
    packages = sorted(folder.rglob("*.slp"))
    assert len(packages) == 4 and all(p.name.startswith("演练数据_任务包_") for p in packages)
