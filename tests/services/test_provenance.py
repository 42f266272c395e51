"""R-23: from every computed grade one walks back to a file, its hash and the very cells that were read."""

from __future__ import annotations

import hashlib
from fractions import Fraction
from pathlib import Path

import openpyxl

from app.domain.results import Cell, Step
from app.services.container import Services
from tests.services.small_year import LEVELS


def steps_with_cells(step: Step) -> list[Step]:
    return ([step] if step.source else []) + [s for below in step.inputs for s in steps_with_cells(below)]


def cell_of(step: Step) -> Cell:
    assert step.source is not None
    return step.source


def test_that_every_grade_leads_to_cells_that_hold_exactly_the_marks_that_counted(
    full: Services, awkward_folder: Path
) -> None:
    snapshot = full.results.compute().value
    files = {hashlib.sha256(p.read_bytes()).hexdigest(): p for p in (awkward_folder / "收回").iterdir()}
    books = {digest: openpyxl.load_workbook(path) for digest, path in files.items()}
    names = {level.name: level.points for level in LEVELS.levels}
    graded = walked = 0
    for scheme in snapshot.results.schemes:
        for unit in scheme.units.values():
            assert unit.grade.final
            graded += 1
            found = steps_with_cells(full.results.explain(scheme.scheme, unit.unit))
            assert found, f"{unit.unit}: no cell behind the grade"
            for step in found:
                cell = cell_of(step)
                assert files[cell.sha256].name == cell.file
                seen = books[cell.sha256][cell.sheet][cell.address].value
                expected = names[seen] if seen in names else Fraction(str(seen))
                assert step.value is not None
                assert step.value.value == expected, f"{cell}: {seen!r}"
                walked += 1
    assert graded == 9
    assert walked == 72  # 6 branches × 2 raters × 2 items, twice (their own grade, and inside their department) + 24


def test_that_the_snapshot_itself_names_schemes_and_facts_by_fingerprint(full: Services) -> None:
    snapshot = full.results.compute().value
    assert snapshot.info.fingerprints == {s.id: full.schemes.fingerprint(s.id) for s in full.schemes.all()}
    assert snapshot.results.facts == snapshot.info.facts != ""
    assert {s.scheme: s.fingerprint for s in snapshot.results.schemes} == snapshot.info.fingerprints
    [entry] = full.audit.entries(1)
    assert any(snapshot.info.facts in line for line in entry.details)
