"""A year file in a folder with an awkward name, and the values that the tests put into it."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import pytest

from app.domain.facts import (
    Assignment,
    BallotBatch,
    Decision,
    EarlierResult,
    Evaluator,
    Event,
    Exemption,
    Facts,
    MarkBlock,
    OfficeMark,
    Origin,
    Unit,
    UnitRelation,
    VoteCount,
    VoteSession,
)
from app.domain.quantities import MarkState
from app.storage.work import Work
from app.storage.year_file import YearFile
from tests.storage.besides import make_sent, store_besides


@pytest.fixture
def path(awkward_folder: Path) -> Path:
    return awkward_folder / "2026年度.slk"


@pytest.fixture
def year(path: Path) -> Iterator[YearFile]:
    opened = YearFile.create(path, 2026, "演练市 2026 年度", True, "张三")
    yield opened
    opened.close()


def make_block(evaluator: str, seed: int = 1, units: int = 4, items: int = 3, batch: int = 0) -> MarkBlock:
    """A block with repeatable marks, one of them blank; read from a file when it belongs to a batch."""
    values = [(seed * 37 + i * 11) % 10_000 for i in range(units * items)]
    values[seed % len(values)] = -32768
    origin = Origin(
        file=f"{evaluator}.xlsx",
        sha256=f"{seed:064x}",
        sheet="评分表",
        rows=tuple(range(8, 8 + units)),
        columns=tuple(f"C{i}" for i in range(items)),
        batch=batch,
    )
    return MarkBlock(
        sheet=f"2026-department-{evaluator}",
        evaluator=evaluator,
        scheme="department",
        units=tuple(f"D{i:03}" for i in range(units)),
        items=tuple(f"item{i}" for i in range(items)),
        values=b"".join(v.to_bytes(2, "little", signed=True) for v in values),
        width=2,
        digits=(2,) * items,
        origin=origin if batch else None,
    )


@pytest.fixture
def block() -> Callable[..., MarkBlock]:
    return make_block


FACTS = Facts(
    units=(
        Unit(code="D000", name="演练一局", level="department", series="甲", order=1, tags=("重点", "新")),
        Unit(code="D001", name="演练二局", level="department", order=2, participation="listed_apart", reason="单列"),
        Unit(code="B1", name="演练支部", level="branch", parent="D000", kind="branch", order=3),
    ),
    evaluators=(
        Evaluator(code="E01", name="演练甲", unit="D000", role="leader", order=1),
        Evaluator(code="E02", name="演练乙", order=2, relations=(UnitRelation(unit="D001", relation="above"),)),
    ),
    assignments=(
        Assignment(evaluator="E01", scheme="department", units=("D000",), group="leaders"),
        Assignment(evaluator="E01", scheme="department", units=("D001",)),
    ),
    blocks=(make_block("E01", 1), make_block("E02", 2)),
    sessions=(
        VoteSession(
            id="v1",
            name="年度测评会",
            scheme="department",
            group="members",
            date="2026-12-01",
            expected=50,
            present=48,
            issued=48,
            returned=47,
            invalid=1,
            counts=(
                VoteCount(unit="D001", item="view", counts={"差": 1, "好": 40, "不了解": 5}),
                VoteCount(unit="D000", item="view", counts={"好": 46}),
            ),
        ),
        VoteSession(id="v2", name="补测", scheme="department", group="members", replaces="v1", period="下半年"),
    ),
    events=(
        Event(
            id="e1", kind="inspection", unit="D000", title="巡视整改不到位", amount=Fraction(-7, 3), evidence="材料1"
        ),
        Event(
            id="e0",
            kind="award",
            unit="D001",
            occurred="2026-03-01",
            person="演练丙",
            person_class="班子成员",
            sanction="党内警告",
            shared_by=3,
            counted_in=2025,
        ),
    ),
    office_marks=(
        OfficeMark(scheme="department", unit="D000", item="daily", value=Fraction(95, 2), basis="台账", by="张三"),
        OfficeMark(scheme="department", unit="D001", item="daily", value=MarkState.NOT_APPLICABLE, by="张三"),
        OfficeMark(scheme="department", unit="B1", item="daily", level="good"),
        OfficeMark(
            scheme="department",
            unit="B1",
            item="daily",
            period="二季度",
            value=Fraction(7, 3),
            target=Fraction(10),
            standard=Fraction(1, 2),
        ),
    ),
    exemptions=(Exemption(scheme="department", unit="D001", part="item1", reason="无此职能"),),
    decisions=(
        Decision(scheme="department", unit="D000", grade="good", reason="常委会决定", by="李四", scope="person"),
        Decision(scheme="department", unit="D001", grade="good", reason="专项晋优", by="李四", outside_quota=True),
    ),
    ballots=(
        BallotBatch(
            session="v2",
            units=("D000", "D001"),
            items=("view",),
            ballots=(("", "好"), ("好", "好"), ("好", "好"), ("好", "差"), ("差", "好")),
        ),
    ),
    earlier=(
        EarlierResult(
            scheme="department",
            unit="D000",
            year=2025,
            grade="good",
            total=Fraction(271, 3),
            rank=2,
            rank_from_last=1,
            parts={"duty": Fraction(95, 2)},
        ),
        EarlierResult(scheme="department", unit="D000", year=2024),
        EarlierResult(scheme="department", unit="D001", year=2026, total=Fraction(90), package="演练二局.slp"),
    ),
)


@pytest.fixture
def facts() -> Facts:
    return FACTS


def store(work: Work, facts: Facts) -> None:
    """Write every fact but the ballots, which no step of undo may hold."""
    work.units.save(*facts.units)
    work.evaluators.save(*facts.evaluators)
    work.assignments.replace_all(facts.assignments)
    work.blocks.save(facts.blocks)
    work.sessions.save(*facts.sessions)
    work.events.save(*facts.events)
    work.office_marks.save(*facts.office_marks)
    work.exemptions.save(*facts.exemptions)
    work.decisions.save(*facts.decisions)
    work.earlier.save(*facts.earlier)


@pytest.fixture(name="store")
def store_fixture() -> Callable[[Work, Facts], None]:
    return store


@pytest.fixture
def filled(year: YearFile, facts: Facts) -> YearFile:
    """The year with all facts, a scheme, a snapshot, reports, lists and packages; not undoable."""
    with year.transaction("fill", "张三", "填入演练数据", undoable=False) as work:
        store(work, facts)
        for box in facts.ballots:
            work.ballots.add(box, "演练甲", "演练乙")
        fingerprint = work.schemes.add("department", '{"id":"department"}').fingerprint
        work.snapshots.add('{"results":[]}', {"department": fingerprint}, "f" * 64)
        store_besides(work)
        work.packages_out.add(make_sent())
    return year
