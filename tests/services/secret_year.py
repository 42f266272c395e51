"""A year with a secret vote: two items, one answered by a level and one by a number, three departments, two groups."""

from __future__ import annotations

import random
from pathlib import Path

from app.domain.facts import Unit, VoteSession
from app.domain.schemes import BallotRule, DirectReading, Group, LevelsReading, Scheme, VotesSource
from app.files.documents import write_scheme
from app.services.ballots import BallotEntry
from app.services.container import Desk, Services
from tests.builders import item, ladder, scheme
from tests.services.small_year import LEVELS, WHO

UNITS, ITEMS = ("D1", "D2", "D3"), ("vote", "score")
ANSWERS = tuple(level.id for level in LEVELS.levels)


def voted_scheme(*rules: BallotRule) -> Scheme:
    """Two items of one ballot."""
    return scheme(
        item("vote", 20, VotesSource(), reading=LevelsReading(levels=LEVELS.levels)),
        item("score", 100, VotesSource(), reading=DirectReading(digits=4)),
        id="voted",
        level="department",
        level_name="部门",
        groups=(Group(id="cadres", name="干部", roles=("a",)), Group(id="people", name="群众", roles=("b",))),
        ladder=ladder(80, 60),
        validity=rules,
    )


def create(folder: Path, *rules: BallotRule) -> Services:
    """The year file with scheme and units."""
    path = folder / "voted.json"
    path.write_text(write_scheme(voted_scheme(*rules)), encoding="utf-8")
    services = Desk(WHO, folder / "own").create(folder / "2026年度.slk", [path], None, "", "试验年度")
    for n, code in enumerate(UNITS, start=1):
        services.units.save_unit(Unit(code=code, name=f"第{n}局", level="department", order=n))
    return services


def meeting(services: Services, voters: int, group: str = "people", invalid: int = 0, name: str = "测评会") -> str:
    """A session with so many ballots back; its id."""
    session = VoteSession(
        id="",
        name=name,
        scheme="voted",
        group=group,
        date="2026-12-08",
        expected=voters + invalid,
        present=voters + invalid,
        issued=voters + invalid,
        returned=voters + invalid,
        invalid=invalid,
    )
    return services.votes.save(session).value.id


def number(tenthousandths: int) -> str:
    """Four decimals, the last one not 0, so that it is written in one way only."""
    return f"{tenthousandths // 10_000}.{tenthousandths % 10_000:04}"


def ballots(voters: int, seed: int) -> list[tuple[str, ...]]:
    """As they would come in, voter by voter; no two are alike."""
    rng = random.Random(seed)
    scores = rng.sample(range(100_001, 999_999, 10), voters * len(UNITS))
    return [
        tuple(answer for n in range(len(UNITS)) for answer in (rng.choice(ANSWERS), number(scores[v * len(UNITS) + n])))
        for v in range(voters)
    ]


def box(session: str, given: list[tuple[str, ...]], codes: tuple[str, ...] = ()) -> BallotEntry:
    """Ready to be taken in."""
    return BallotEntry(
        session=session,
        units=UNITS,
        items=ITEMS,
        ballots=tuple(given),
        counted_by="计票甲",
        watched_by="监票乙",
        codes=codes,
    )
