"""What-if through the services: the same as storing the change and computing, without storing anything."""

from __future__ import annotations

from fractions import Fraction

import pytest

from app.domain.errors import AppError, Fault
from app.domain.schemes import sheet_items
from app.services.container import Services
from app.services.what_if import Figures
from tests.services.editing import edit, edited

LEVEL = "department"


def figures_now(services: Services) -> dict[str, Figures]:
    results = {s.scheme: s for s in services.results.compute().value.results.schemes}[LEVEL]
    return {u.unit: Figures(u.total.value, u.rank, u.grade.final) for u in results.units.values()}


def test_that_without_a_change_nobody_moves_and_the_figures_are_the_computed_ones(full: Services) -> None:
    what_if = full.results.what_if(LEVEL)
    assert what_if.figures() == figures_now(full)
    assert what_if.with_scheme(full.schemes.get(LEVEL)) == ()


def test_that_changed_points_show_what_storing_it_would_bring(full: Services) -> None:
    what_if = full.results.what_if(LEVEL)
    what_if.with_scheme(edited(full, LEVEL, "office", points=Fraction(7)))
    edit(full, LEVEL, "office", points=Fraction(7))
    assert what_if.figures() == figures_now(full)


def test_that_a_changed_mark_shows_what_storing_it_would_bring(full: Services) -> None:
    item = sheet_items(full.schemes.get(LEVEL))[0]
    form = next(f for f in full.sheets.forms(LEVEL) if full.sheets.block(LEVEL, f.identity.evaluator))
    evaluator, unit = form.identity.evaluator, form.units[0].code
    what_if = full.results.what_if(LEVEL)
    before = what_if.figures()
    what_if.with_mark(evaluator, unit, item.id, "弃权")
    after = what_if.figures()
    full.sheets.edit_mark(LEVEL, evaluator, unit, item.id, "弃权", "试算")
    assert after == figures_now(full)
    what_if.reset()
    assert what_if.figures() == before


def test_that_an_unknown_unit_or_a_word_that_is_no_mark_is_named(full: Services) -> None:
    what_if = full.results.what_if(LEVEL)
    with pytest.raises(AppError) as unknown:
        what_if.with_mark("E1", "nobody", "work", "弃权")
    assert unknown.value.fault is Fault.NOT_FOUND
    with pytest.raises(AppError) as missing:
        full.results.what_if("none")
    assert missing.value.fault is Fault.NOT_FOUND
