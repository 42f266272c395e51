"""Results of the level below: computed there, sent up, standing in the place of computed ones with their whole way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.errors import AppError, Fault
from app.domain.facts import Evaluator
from app.domain.results import Step
from app.domain.schemes import Scheme
from app.services.container import Services
from app.services.exchange.values import ReadyMerge
from app.services.results import unsettled
from tests.services import small_year
from tests.services.exchange import pcs


def below(root: Path, name: str, code: str, scheme: Scheme | None = None) -> tuple[pcs.Place, Services]:
    """The department's own year file, in which it runs the review of its branches: from workbooks."""
    from app.files.documents import write_scheme

    here = pcs.place(root, name)
    path = here.folder / "branch.json"
    path.write_text(write_scheme(scheme or pcs.branch_scheme()), encoding="utf-8")
    services = here.desk.create(here.folder / "支部考核.slk", [path], None, "", f"第{code[1]}局支部考核")
    for unit in pcs.units():
        if unit.parent == code or unit.code == code:
            services.units.save_unit(unit)
    for number in (1, 2):
        leader = Evaluator(code=f"K{code[1]}{number}", name=f"局领导{number}", role="leader", order=number)
        services.units.save_evaluator(leader)
    forms = services.sheets.forms()
    sent = services.sheets.send(here.folder / "发出").value
    filled: list[Path] = []
    for form, file in zip(forms, sent.files, strict=True):
        target = here.folder / "收回" / file.name
        filled.append(small_year.fill(form, file, target))
    small_year.take_in(services, *filled)
    services.results.compute()
    return here, services


def leaves(step: Step) -> Iterator[Step]:
    if not step.inputs:
        yield step
    for inner in step.inputs:
        yield from leaves(inner)


def sent_up(root: Path, office: Services, code: str) -> tuple[Path, Services]:
    task = office.exchange.send_tasks(root / "盘", [code]).value.files[0]
    here, services = below(root, f"{code}支部", code)
    upper = services.exchange.upper(task)
    assert upper is not None and upper.unit == code
    services.exchange.send_results(here.folder, upper)
    return next(here.folder.glob("*.slp")), services


def test_that_results_sent_up_count_and_show_their_way_down_to_the_branches_cells(awkward_folder: Path) -> None:
    _, office = pcs.office(awkward_folder)
    path, branch = sent_up(awkward_folder, office, "D1")
    batch = pcs.receive(office, path)
    assert batch > 0
    told = {e.unit: e for e in office.earlier.all("branch")}
    computed = branch.results.current()
    assert computed is not None
    of_branch = computed.results.schemes[0].units
    assert {u: e.total for u, e in told.items()} == {u: of_branch[u].total.value for u in ("B11", "B12")}
    step = office.results.explain("department", "D1", "below")
    cells = {str(s.source) for s in leaves(step) if s.source}
    assert len(cells) == 8, "two branches, two leaders, two items"
    assert all(".xlsx" in cell for cell in cells)
    assert path.name in "".join(office.results.sentences(step))
    way = office.results.explain("branch", "B11", "grade")
    assert path.name in way.sentence
    office.close()
    branch.close()


def test_that_a_scheme_that_only_came_with_results_is_known_and_not_computed(awkward_folder: Path) -> None:
    _, office = pcs.office(awkward_folder, pcs.department_scheme(), branches=False)
    path, branch = sent_up(awkward_folder, office, "D1")
    pcs.receive(office, path)
    office.history.undo()
    assert {s.id for s in office.schemes.all()} == {"department"} and "B11" not in {
        u.code for u in office.units.units()
    }
    office.history.redo()
    assert {s.id for s in office.schemes.all()} == {"branch", "department"}
    assert {u.code for u in office.units.units()} >= {"B11", "B12"}
    assert {f.identity.scheme for f in office.sheets.forms()} == {"department"}, "no sheets for the branches here"
    assert office.schemes.check("department") == ()
    result = office.results.compute().value.results
    by_scheme = {r.scheme: r for r in result.schemes}
    assert (
        by_scheme["branch"].units["B11"].grade.final
        == branch.results.current().results.schemes[0].units["B11"].grade.final
    )  # pyright: ignore[reportOptionalMemberAccess]
    assert [u for s in by_scheme["branch"].series for u in s.order] == sorted(
        ("B11", "B12"), key=lambda u: by_scheme["branch"].units[u].rank or 0
    )
    assert by_scheme["department"].units["D1"].parts["below"].value is not None
    office.close()
    branch.close()


def test_that_newer_results_replace_older_ones_and_a_hand_correction_is_asked_about(awkward_folder: Path) -> None:
    _, office = pcs.office(awkward_folder)
    path, branch = sent_up(awkward_folder, office, "D1")
    pcs.receive(office, path)
    first = {e.unit: e for e in office.earlier.all("branch")}
    office.earlier.save([replace(first["B12"], total=first["B12"].total and first["B12"].total - 1)])
    for unit, item in (("B11", "study"), ("B12", "study")):
        branch.sheets.edit_mark("branch", "K11", unit, item, "60", "复核更正")
    branch.results.compute()
    upper = branch.exchange.upper()
    assert upper is not None
    branch.exchange.send_results(path.parent / "第二次.slp", upper)
    plan = pcs.planned(office, path.parent / "第二次.slp")
    assert [q.text.split("：")[0] for q in pcs.conflicts(plan)] == ["branch › 第1局第2支部"]
    plan = pcs.planned(office, path.parent / "第二次.slp", rule="theirs")
    assert isinstance(plan, ReadyMerge)
    office.exchange.apply(plan)
    now = {e.unit: e for e in office.earlier.all("branch")}
    assert now["B11"].total != first["B11"].total and now["B12"].package == "第二次.slp"
    office.close()
    branch.close()


def test_that_nobody_sends_results_of_other_peoples_units(awkward_folder: Path) -> None:
    _, office = pcs.office(awkward_folder)
    task = office.exchange.send_tasks(awkward_folder / "盘", ["D2"]).value.files[0]
    here, services = below(awkward_folder, "D1支部", "D1")
    upper = services.exchange.upper(task)
    assert upper is not None
    services.exchange.send_results(here.folder / "结果.slp", upper)
    plan = pcs.planned(office, here.folder / "结果.slp")
    assert [(p.fate, p.fault) for p in plan.packages] == [("refused", "E-PKG-05")]
    office.close()
    services.close()


def test_that_stale_results_and_another_year_are_refused_by_name(awkward_folder: Path) -> None:
    _, office = pcs.office(awkward_folder)
    task = office.exchange.send_tasks(awkward_folder / "盘", ["D1"]).value.files[0]
    here, services = below(awkward_folder, "D1支部", "D1")
    upper = services.exchange.upper(task)
    assert upper is not None
    with pytest.raises(AppError) as wrong_year:
        services.exchange.send_results(here.folder, replace(upper, year=2025))
    assert wrong_year.value.fault is Fault.PKG_YEAR
    services.sheets.edit_mark("branch", "K11", "B11", "study", "58", "更正")
    with pytest.raises(AppError) as stale:
        services.exchange.send_results(here.folder, upper)
    assert stale.value.fault is Fault.CALC_STALE
    assert list(here.folder.glob("*.slp")) == []
    office.close()
    services.close()


def test_that_a_level_of_the_offices_own_is_shown_from_below_once_all_its_units_have_sent_up(
    awkward_folder: Path,
) -> None:
    _, office = pcs.office(awkward_folder)
    reviews = [sent_up(awkward_folder, office, code) for code in ("D1", "D2", "D3")]
    pcs.receive(office, reviews[0][0])
    partly = {r.scheme: r for r in office.results.compute().value.results.schemes}["branch"]
    assert {u: bool(r.grade.final) for u, r in partly.units.items()} == {
        "B11": True, "B12": True, "B21": False, "B22": False, "B31": False, "B32": False,
    }  # fmt: skip
    pcs.receive(office, *(path for path, _ in reviews[1:]))
    result = {r.scheme: r for r in office.results.compute().value.results.schemes}
    assert all("报来" in u.grade.note and u.grade.final for u in result["branch"].units.values())
    assert all(u.parts["below"].value is not None for u in result["department"].units.values())
    with office.session.read() as work:
        told = {(e.scheme, e.unit): e for e in work.earlier.all()}
    assert not [f for f in unsettled(office.results.load(2).results, {}, told) if f.place.startswith("branch")]
    for services in (office, *(s for _, s in reviews)):
        services.close()
