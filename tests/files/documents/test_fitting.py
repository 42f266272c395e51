"""The quick way of reading documents takes exactly what the converter takes, and makes the same of it."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from app.domain.cases import Case
from app.domain.schemes import Scheme
from app.files.documents.converter import build_converter
from app.files.documents.exact_json import parse
from app.files.documents.fitting import reader_of

ROOT = Path(__file__).parents[3]
KINDS = {"slk-scheme": Scheme, "slk-case": Case}
ODD: tuple[Any, ...] = (
    None, True, 0, 1, -3, "", "x", "full", "12.5", "1/3", "1/0", 1.5, [], ["a"], {}, {"kind": "direct"}, {"kind": []}
)  # fmt: skip


def documents() -> list[tuple[Any, type]]:
    paths = [*ROOT.glob("resources/**/*.json"), *ROOT.glob("tests/cases/*.json")]
    plain = [parse(path.read_text(encoding="utf-8"), path.name)[0] for path in sorted(paths)]
    return [(d, KINDS[d["format"]]) for d in plain if isinstance(d, dict) and d.get("format") in KINDS]


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every container in the document with every key or place in it."""
    for key in list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        yield value, key
        yield from places(value[key])


def broken(value: Any, dice: random.Random) -> Any:
    """A copy with one thing changed, taken away or added."""
    changed = copy.deepcopy(value)
    inside, key = dice.choice(list(places(changed)))
    way = dice.choice(("change", "take", "add"))
    if way == "change" or isinstance(inside, list):
        inside[key] = dice.choice(ODD)
    elif way == "take":
        del inside[key]
    else:
        inside["zzz"] = dice.choice(ODD)
    return changed


def outcome(read: Any, value: Any) -> tuple[bool, Any]:
    try:
        return True, read(value)
    except Exception:
        return False, None


def test_that_the_quick_reader_takes_what_the_converter_takes_and_nothing_else() -> None:
    converter, dice = build_converter(), random.Random(5)
    known = documents()
    assert len(known) > 20
    tried = known + [(broken(value, dice), kind) for value, kind in dice.choices(known, k=600)]
    taken = 0
    for value, kind in tried:
        quick = outcome(reader_of(kind), value)
        assert quick == outcome(lambda v, k=kind: converter.structure(v, k), value)
        taken += quick[0]
    assert len(known) <= taken < len(tried) - 300
