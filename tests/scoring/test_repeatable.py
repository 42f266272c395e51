"""The same facts give the same bytes: twice, in another order, in other processes, under other locales (R-36)."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from app.files.documents import dump_facts, fingerprint, write_results, write_scheme
from app.scoring.engine import evaluate
from app.storage.backups import Backups, restore
from app.storage.year_file import YearFile
from tests.builders import shuffled
from tests.worlds import make_world

HERE = Path(__file__).parent
WORLDS = 200
ELSEWHERE = f"""
import json, locale, sys
locale.setlocale(locale.LC_ALL, "")
from tests.scoring.test_repeatable import prints
print(json.dumps(prints(range({WORLDS}))))
"""


def prints(seeds: range, mixed: int | None = None) -> list[str]:
    """Fingerprints of facts and results of random worlds, perhaps with the facts in another order."""
    found: list[str] = []
    for seed in seeds:
        schemes, facts = make_world(Random(seed))
        if mixed is not None:
            facts = shuffled(facts, Random(mixed))
        known = {s.id: fingerprint(write_scheme(s)) for s in schemes}
        results = evaluate(schemes, facts).results(known, fingerprint(dump_facts(facts)))
        found.append(fingerprint(write_results(results)))
    return found


@pytest.mark.parametrize(("hash_seed", "language"), [("1", "C"), ("2", "C.UTF-8")])
def test_that_results_are_the_same_in_another_process_under_another_locale(hash_seed: str, language: str) -> None:
    surroundings = {**os.environ, "PYTHONHASHSEED": hash_seed, "LC_ALL": language, "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, "-c", ELSEWHERE], cwd=HERE.parents[1], env=surroundings, capture_output=True, check=True
    )
    assert json.loads(done.stdout) == prints(range(WORLDS), mixed=7)


def test_that_results_are_the_same_out_of_a_restored_backup(awkward_folder: Path) -> None:
    for seed in range(8):
        schemes, facts = make_world(Random(seed))
        year = YearFile.create(awkward_folder / f"{seed}.slk", 2026, "演练", True, "张三")
        with year.transaction("fill", "张三", "填入", undoable=False) as work:
            work.units.save(*facts.units)
            work.evaluators.save(*facts.evaluators)
            work.assignments.replace_all(facts.assignments)
            work.blocks.save(facts.blocks)
            work.sessions.save(*facts.sessions)
            for batch in facts.ballots:
                work.ballots.add(batch, "计票人", "监票人")
            work.events.save(*facts.events)
            work.office_marks.save(*facts.office_marks)
            work.exemptions.save(*facts.exemptions)
            work.decisions.save(*facts.decisions)
            work.earlier.save(*facts.earlier)
        backup = Backups(year).make("试验")
        year.close()
        restore(backup.path, awkward_folder / f"{seed} 恢复.slk")
        again = YearFile.open(awkward_folder / f"{seed} 恢复.slk")
        with again.read() as work:
            kept = work.facts()
        again.close()
        assert dump_facts(kept) == dump_facts(facts)
        assert evaluate(schemes, kept).results() == evaluate(schemes, facts).results()


def test_that_the_second_calculator_knows_nothing_of_the_engine() -> None:
    for path in (HERE / "naive").glob("*.py"):
        for inner in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [a.name for a in inner.names] if isinstance(inner, ast.Import) else []
            names += [inner.module or ""] if isinstance(inner, ast.ImportFrom) else []
            allowed = ("__future__", "fractions", "math", "app.domain.", "tests.scoring.naive")
            assert all(name.startswith(allowed) for name in names), f"{path.name}: {names}"
