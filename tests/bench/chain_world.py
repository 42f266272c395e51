"""The year that the whole chain is measured on: 200 evaluators × 120 units × 60 items, workbooks sent out and filled.

python -m tests.bench.chain_world DIR
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from app.bootstrap import desk
from app.domain.sheets import Register
from app.files.documents import write_scheme
from app.files.excel.filling import filled
from app.files.excel.layout import ITEM_COLUMN, plan
from app.files.excel.register import write_register
from tests.bench.compute_world import BLANK, make_world

YEAR, RETURNED, META = "year.slk", "returned", "meta.json"


def build(folder: Path, evaluators: int = 200, units: int = 120, items: int = 60) -> None:
    """Year file (scheme, register, sheets sent), filled workbooks, and where their numbers stand."""
    world = make_world(evaluators, units, items)
    folder.mkdir(parents=True)
    (folder / "scheme.json").write_text(write_scheme(world.scheme), encoding="utf-8")
    register = Register(units=world.facts.units, evaluators=world.facts.evaluators, assignments=())
    write_register(register, folder / "register.xlsx")
    services = desk().create(folder / YEAR, [folder / "scheme.json"], folder / "register.xlsx", "bench", "bench")
    forms = services.sheets.forms()
    sent = services.sheets.send(folder / "sent").value.files
    (folder / RETURNED).mkdir()
    for number, (form, path) in enumerate(zip(forms, sent, strict=True)):
        marks = world.marks[number]
        answers = {
            (unit.code, item.id): f"{marks[u, i] / 100:.2f}"
            for u, unit in enumerate(form.units)
            for i, item in enumerate(form.items)
            if marks[u, i] != BLANK
        }
        (folder / RETURNED / path.name).write_bytes(filled(path.read_bytes(), form, answers))
    services.close()
    where = {
        "row": plan(forms[0]).first + 1,
        "column": ITEM_COLUMN + 1,
        "units": units,
        "items": items,
        "groups": [int((world.group_of == g).sum()) for g in range(5)],
    }
    (folder / META).write_text(json.dumps(where), encoding="utf-8")


if __name__ == "__main__":
    build(Path(sys.argv[1]))
