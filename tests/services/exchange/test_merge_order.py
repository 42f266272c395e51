"""Packages of several units, and of two computers of one unit, in every order: the same state after the same decisions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import permutations
from pathlib import Path
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.facts import MarkBlock
from app.domain.packages import Manifest, Package, PackageContent, Party, SchemeStamp, UnitReport
from app.domain.reports import ItemAnswer, ListEntry, Report, ReportState, SectionText
from app.files.documents import fingerprint, write_scheme
from app.files.documents.packages import write_content
from app.files.documents.reports import write_report
from app.services.exchange.plan import make_plan
from app.services.exchange.state import KnownPackage, Standing
from app.services.exchange.values import PackageScan, ReadyMerge, ScannedPackage
from app.services.roles import Role
from app.storage.records import Sender
from tests.builders import block
from tests.services.exchange import pcs
from tests.services.exchange.conftest import Pcs

SCHEME = pcs.department_scheme()
PRINT = fingerprint(write_scheme(SCHEME))
OFFICE_FILE = "ab" * 8
PARAGRAPHS = ["抓责任", "抓落实", "抓整改", "办法不多", "调研不深"]


def tasks() -> dict[str, PackageContent]:
    """What was sent out: a report as a draft, a blank list."""
    return {
        code: PackageContent(
            reports=(UnitReport(report=report(code, "抓责任\n抓落实\n抓整改"), state="draft"),),
            entries=(
                ListEntry(id=f"{code}e".ljust(32, "0"), kind="problem", level="department", unit=code, text="旧问题"),
            ),
        )
        for code in ("D1", "D2")
    }


def report(code: str, text: str, score: int | None = None) -> Report:
    answer = () if score is None else (ItemAnswer(item="problems", score=Fraction(score)),)
    return Report(scheme="department", unit=code, sections=(SectionText(section="done", text=text),), answers=answer)


def standing() -> Standing:
    """The office after sending the tasks."""
    sent = {f"task{c}": c for c in ("D1", "D2")}
    carried = tasks()
    return Standing(
        role=Role(name="office", file=OFFICE_FILE, forms=OFFICE_FILE),
        year=2026,
        schemes={"department": SCHEME},
        versions={"department": (PRINT,)},
        units={u.code: u for u in pcs.units(branches=False)},
        evaluators={e.code: e for e in pcs.evaluators()},
        reports={("department", c): carried[c].reports[0] for c in carried},
        entries={e.id: e for c in carried for e in carried[c].entries},
        senders={key(n): Sender(key=key(n), unit="D1\nD2", name="") for n in range(4)},
        sent={
            i: KnownPackage(id=i, kind="task", unit=c, sequence=1, content=write_content(carried[c]))
            for i, c in sent.items()
        },
        token="1",
    )


def key(number: int) -> str:
    return f"{number:064x}"


@dataclass(frozen=True)
class Dice:
    """crowded: many edits of a few paragraphs, also inserted, joined, taken out and moved."""

    random: Random
    crowded: bool = False

    def content(self, code: str) -> PackageContent:
        """What somebody at this unit has made of the task."""
        text = list(tasks()[code].reports[0].report.sections[0].text.split("\n"))
        for _ in range(self.random.randrange(5 if self.crowded else 3)):
            at = self.random.randrange(len(text) + 1)
            new = [self.random.choice(PARAGRAPHS) + str(self.random.randrange(3))]
            if self.crowded:
                new = self.random.choice([new, new, [], [*new, f"又{self.random.randrange(3)}"]])
            text[at : at + self.random.randrange(3 if self.crowded else 2)] = new
        state: ReportState = self.random.choice(["draft", "submitted"])
        score = self.random.choice([None, 40, 41])
        before = tasks()[code].entries[0]
        entry = replace(
            before, state=self.random.choice(["open", "doing", "done"]), owner=self.random.choice(["", "张", "李"])
        )
        return PackageContent(
            blocks=self.blocks(code),
            reports=(UnitReport(report=report(code, "\n".join(text), score), state=state),),
            entries=(entry,) if self.random.random() < 0.9 else (),
        )

    def blocks(self, code: str) -> tuple[MarkBlock, ...]:
        """Some of the cells of the unit's raters."""
        others = [u for u in ("D1", "D2", "D3") if u != code]
        cells = {
            (u, i): self.random.choice([30, 31, 32])
            for u in others
            for i in ("problems", "manner")
            if self.random.random() < 0.6
        }
        return (block(SCHEME, f"P{code[1]}1", cells),) if cells else ()

    def package(self, number: int, code: str) -> ScannedPackage:
        content = self.content(code)
        manifest = Manifest(
            id=f"{number:032x}",
            kind="return",
            year=2026,
            year_file=OFFICE_FILE,
            title="",
            sender=Party(name=code, unit=code, key=key(number)),
            receiver=Party(name="考核办"),
            sequence=1,
            answers=f"task{code}",
            schemes=(SchemeStamp(id="department", fingerprint=PRINT),),
        )
        name = f"{number}.slp"
        package = Package(manifest=manifest, content=content, sha256=f"{number:064x}", name=name)
        return ScannedPackage(path=Path(name), name=name, package=package)


def taken(packages: tuple[ScannedPackage, ...], together: bool) -> Standing:
    """The state after all of them, each conflict decided for the smaller text, whoever's it is."""
    state = standing()
    for scan in [PackageScan(packages)] if together else [PackageScan((p,)) for p in packages]:
        answers: dict[str, str] = {}
        while True:
            trying = Standing(**{name: _copy(getattr(state, name)) for name in Standing.__slots__})
            plan = make_plan(scan, trying, answers, "ask")
            if isinstance(plan, ReadyMerge):
                break
            changes = {c.question: c for p in plan.packages for c in p.changes if c.question}
            answers |= {
                q: "theirs" if (not c.theirs, c.theirs) < (not c.ours, c.ours) else "ours" for q, c in changes.items()
            }
        assert all(p.fate in ("take", "same") for p in plan.packages), plan.packages
        state = trying
    return state


def _copy(value: object) -> object:
    return dict(value) if isinstance(value, dict) else value  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]


def asked(packages: tuple[ScannedPackage, ...]) -> list[tuple[str, tuple[str, ...]]]:
    """What is asked when all come at once, in the order in which it is asked."""
    plan = make_plan(PackageScan(packages), standing(), {}, "ask")
    return [(q.id, q.details) for q in plan.questions]


def told(state: Standing) -> object:
    marks: dict[tuple[str, ...], int] = {}
    from app.services.imports.grid import BLANK, unpack

    for (scheme, evaluator), one in state.blocks.items():
        grid = unpack(one)
        for u, unit in enumerate(one.units):
            for i, item in enumerate(one.items):
                if grid[u, i] != BLANK:
                    marks[scheme, evaluator, unit, item] = int(grid[u, i])
    reports = {k: (write_report(r.report), r.state) for k, r in state.reports.items()}
    return marks, reports, state.entries


@settings(max_examples=40)
@given(seed=st.integers(0, 2**32))
def test_that_every_order_of_import_gives_the_same_state(seed: int) -> None:
    dice = Dice(Random(seed))
    packages = (dice.package(0, "D1"), dice.package(1, "D1"), dice.package(2, "D2"))
    wanted = told(taken(packages, together=True))
    for order in permutations(packages):
        assert told(taken(order, together=False)) == wanted
        assert told(taken(order, together=True)) == wanted


@settings(max_examples=40)
@given(seed=st.integers(0, 2**32), data=st.data())
def test_that_three_computers_of_one_unit_give_the_same_state_and_questions_in_every_order(
    seed: int, data: st.DataObject
) -> None:
    dice = Dice(Random(seed), crowded=True)
    packages = (*(dice.package(n, "D1") for n in range(3)), dice.package(3, "D2"))
    wanted, questions = told(taken(packages, together=True)), asked(packages)
    for _ in range(3):
        order = tuple(data.draw(st.permutations(packages)))
        assert told(taken(order, together=False)) == wanted
        assert told(taken(order, together=True)) == wanted
        assert asked(order) == questions


@settings(max_examples=40)
@given(seed=st.integers(0, 2**32))
def test_that_a_package_alone_needs_no_decision_and_brings_all_it_says(seed: int) -> None:
    one = Dice(Random(seed)).package(0, "D1")
    state = standing()
    plan = make_plan(PackageScan((one,)), state, {}, "ask")
    assert isinstance(plan, ReadyMerge) and plan.questions == ()
    assert one.package is not None
    content = one.package.content
    merged = state.reports["department", "D1"]
    assert write_report(merged.report) == write_report(content.reports[0].report)
    assert merged.state == content.reports[0].state
    assert {e.id: e for e in content.entries} == {i: e for i, e in state.entries.items() if e.unit == "D1"}
    again = Dice(Random(seed)).package(3, "D1")
    assert again.package is not None
    same = replace(again, package=replace(again.package, content=content))
    plan = make_plan(PackageScan((same,)), state, {}, "ask")
    assert plan.questions == () and plan.packages[0].fate == "same"


def test_that_a_paragraph_moved_up_by_one_computer_is_not_taken_for_the_one_another_has_taken_out(three: Pcs) -> None:
    office, texts = three.office, ("抓落实\n抓整改", "抓责任\n抓责任\n抓整改", "抓责任\n抓责任\n抓整改。")
    pcs.write(office, "D1", done="抓责任\n抓落实\n抓整改")
    task = office.exchange.send_tasks(three.root / "盘" / "新", ["D1"]).value.files[0]
    paths: list[Path] = []
    for number, text in enumerate(texts):
        there = pcs.place(three.root, f"D1的第{number}台")
        unit = there.desk.open_task(task, there.year)
        pcs.write(unit, "D1", done=text)
        path = unit.tasks.submit(there.folder, with_reports=False).value.path
        assert path is not None
        paths.append(path)
        unit.close()
    for order in permutations(paths):
        for path in order:
            plan = pcs.planned(office, path)
            assert pcs.conflicts(plan) == () and isinstance(plan, ReadyMerge), "each has changed another paragraph"
            office.exchange.apply(plan)
        assert pcs.sections(office, "D1")["done"] == "抓责任\n抓整改。"
        for _ in order:
            office.history.undo()
        assert pcs.sections(office, "D1")["done"] == "抓责任\n抓落实\n抓整改"
