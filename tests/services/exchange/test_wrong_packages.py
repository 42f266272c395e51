"""Packages that are cut, edited, renamed, doubled, old, foreign or of another year: each is named, none does harm."""

from __future__ import annotations

from app.services.exchange.values import ReadyMerge
from tests.services.exchange import pcs
from tests.services.exchange.conftest import Pcs
from tests.services.exchange.wrong_packages import wrong_packages


def test_that_every_kind_of_wrong_package_has_its_own_name(three: Pcs) -> None:
    wrong = wrong_packages(three)
    before = pcs.state_of(three.office)
    assert len({w.code for w in wrong.values()}) == len(wrong), "no two kinds are told by the same code"
    for case, one in wrong.items():
        plan = pcs.planned(three.office, one.path)
        assert isinstance(plan, ReadyMerge), case
        [package] = plan.packages
        assert package.fate == one.fate and plan.writes == (one.fate == "take"), (case, package)
        [finding] = [f for f in package.findings if f.code == one.code]
        assert finding.place == one.path.name and finding.message and finding.step, case
    assert pcs.state_of(three.office) == before


def test_that_a_folder_of_wrong_packages_brings_only_the_sound_one_whatever_it_is_called(three: Pcs) -> None:
    wrong = wrong_packages(three)
    plan = pcs.planned(three.office, *(w.path for w in wrong.values()))
    assert isinstance(plan, ReadyMerge)
    told = {p.path: (p.fate, {f.code for f in p.findings}) for p in plan.packages}
    assert told == {w.path: (w.fate, {w.code}) for w in wrong.values()}
    three.office.exchange.apply(plan)
    assert pcs.marks_of(three.office) == pcs.marks_of(three.units["D1"])
    said = "；".join(three.office.audit.entries(limit=1)[0].details)
    assert all(w.path.name in said for w in wrong.values() if w.fate == "refused")
