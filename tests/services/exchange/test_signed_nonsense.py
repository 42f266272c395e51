"""Signed by a confirmed sender, and nonsense: it is refused by name or taken in as told, and undo brings everything back."""

from __future__ import annotations

import copy
import json
from random import Random
from typing import Any

from app.domain.errors import AppError
from app.domain.packages import Package
from app.files.documents.packages import read_content, write_content
from app.files.package import load_key, read_package, write_package
from app.services.exchange.values import ReadyMerge
from tests.services.exchange import pcs
from tests.services.exchange.conftest import Pcs

TRIES, SEED = 120, 77
WORDS = ["", "X9", "D2", "P21", "branch", "accepted", "弃权", "12.345", "department"]


def spoilt(plain: Any, dice: Random) -> Any:
    """The same document with one to three places changed."""
    plain = copy.deepcopy(plain)
    for _ in range(dice.randrange(1, 4)):
        where = dice.choice([p for p in _places(plain, []) if p])
        parent = plain
        for key in where[:-1]:
            parent = parent[key]
        value = parent[where[-1]]
        if isinstance(value, str):
            parent[where[-1]] = dice.choice(WORDS)
        elif isinstance(value, int):
            parent[where[-1]] = dice.choice([0, -1, 99, value + 1])
        elif isinstance(value, list) and value:
            dice.choice([lambda v=value: v.append(v[0]), value.pop, value.reverse])()
        else:
            del parent[where[-1]]
    return plain


def _places(node: Any, here: list[Any]) -> list[list[Any]]:
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [here, *(p for key, value in inner for p in _places(value, [*here, key]))]


def test_that_nonsense_is_refused_by_name_or_taken_in_and_taken_back_whole(three: Pcs) -> None:
    unit, office, dice = three.units["D1"], three.office, Random(SEED)
    pcs.fill_in(unit)
    pcs.write(unit, "D1", done="抓责任。\n抓落实。", problems="调研不深。")
    path, key = three.submit("D1"), load_key(three.root / "D1的电脑" / "own")
    package = read_package(path)
    plain, before = json.loads(write_content(package.content)), pcs.state_of(office)
    fates: dict[str, int] = {}
    for number in range(TRIES):
        content, _ = read_content(json.dumps(spoilt(plain, dice), ensure_ascii=False))
        if content is None:
            continue
        made = Package(manifest=package.manifest, content=content, evidence=package.evidence)
        try:
            write_package(made, key, path)
        except AppError as refused:
            assert refused.code == "E-PKG-01"
            continue
        plan = pcs.planned(office, path, rule="theirs")
        assert isinstance(plan, ReadyMerge), f"try {number}, seed {SEED}"
        fates[plan.packages[0].fate] = fates.get(plan.packages[0].fate, 0) + 1
        assert all(p.fault and p.reason for p in plan.packages if p.fate == "refused")
        if plan.writes and number % 4 == 0:
            office.exchange.apply(plan)
            office.results.explain("department", "D2", "total")
            assert office.sheets.progress().sheets and office.reports.list("department")
            assert office.backups.check_file() == ()
            office.history.undo()
            assert pcs.state_of(office) == before, f"try {number}, seed {SEED}"
    assert fates.get("take", 0) > TRIES // 2 and fates.get("refused", 0)
