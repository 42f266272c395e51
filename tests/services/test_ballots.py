"""Secret ballots: what is taken in comes out as sums and as nothing else (R-28 to R-31 at the size of every change)."""

from __future__ import annotations

import random
import shutil
import sqlite3
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import combinations
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import event

from app.domain.errors import AppError, Fault
from app.domain.facts import BallotBatch, VoteSession
from app.domain.findings import Severity
from app.domain.schemes import BallotRule, Rounding
from app.services.ballot_tallies import merged, tallies
from app.services.ballots import BallotEntry
from app.services.container import Desk, Services
from app.storage.checks import check_year_file
from app.storage.records import AuditEntry
from tests.services import secret_year
from tests.services.secret_year import ITEMS, UNITS, ballots, box, meeting

FULL = BallotRule(id="full", name="不得全填满分", rule="not_all_full")


@pytest.fixture(scope="session")
def secret_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("密投")
    secret_year.create(folder).close()
    return folder


@pytest.fixture
def secret(secret_folder: Path, awkward_folder: Path) -> Iterator[Services]:
    shutil.copytree(secret_folder, awkward_folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("备份"))
    opened = Desk("考核办甲", awkward_folder / "own").open(awkward_folder / "2026年度.slk")
    yield opened
    opened.close()


def every_byte(folder: Path) -> bytes:
    """All files of the year: year file, journals, backups, the program's own folder, what was exported."""
    return b"\n".join(f.read_bytes() + f.name.encode() for f in sorted(folder.rglob("*")) if f.is_file())


# ---- the re-link attack


def relinked(data: bytes, cast: list[tuple[str, ...]]) -> int:
    """How many ballots an attacker gives back to their voters who lays the ballots that he finds, in the order in which
    they lie there, beside the list of voters in the order in which they came."""
    places = sorted((data.find(text.encode()), text) for text in map(unlike, cast) if text.encode() in data)
    return sum(found == unlike(ballot) for (_, found), ballot in zip(places, cast, strict=False))


def newest(services: Services) -> AuditEntry:
    """The newest entry of the trail."""
    with services.session.read() as work:
        return work.audit.head()


def unlike(ballot: tuple[str, ...]) -> str:
    """The number by which a ballot can be told from all others."""
    return ballot[1]


@pytest.mark.parametrize("meetings", [20, pytest.param(200, marks=pytest.mark.release)])
def test_that_no_file_gives_a_ballot_back_to_its_voter(secret: Services, awkward_folder: Path, meetings: int) -> None:
    places: dict[str, Counter[str]] = {}
    journals: list[bytes] = []
    engine = secret.session.file._writing  # pyright: ignore[reportPrivateUsage]
    assert engine is not None
    journal = awkward_folder / "2026年度.slk-journal"

    def copied(connection: object) -> None:
        journals.append(journal.read_bytes() if journal.exists() else b"")

    event.listen(engine, "commit", copied)
    crowds = [20 + seed * 2 % 41 for seed in range(meetings)]
    for seed, voters in enumerate(crowds):
        cast = ballots(voters, seed)
        session = meeting(secret, voters, name=f"第{seed}次")
        secret.ballots.take_in(box(session, cast))
        secret.backups.make(f"会后{seed}")
        year = (awkward_folder / "2026年度.slk").read_bytes()
        backup = secret.backups.all()[0].path.read_bytes()
        with sqlite3.connect(awkward_folder / "2026年度.slk") as connection:
            dumped = "\n".join(connection.iterdump()).encode()
            images = str(connection.execute("SELECT * FROM undo_image").fetchall()).encode()
            trail = str(connection.execute("SELECT * FROM audit").fetchall()).encode()
        found = {
            "year file": year, "backup": backup, "rows": dumped, "images": images, "trail": trail, "journal": journals[-1],
        }  # fmt: skip
        for place, data in found.items():
            counted = places.setdefault(place, Counter())
            counted["hits"] += relinked(data, cast)
            counted["ballots"] += sum(unlike(b).encode() in data for b in cast)
            counted["meetings"] += 1
    assert {p: c["ballots"] for p, c in places.items() if p in ("images", "trail", "journal")} == dict.fromkeys(
        ("images", "trail", "journal"), 0
    )
    assert places["rows"]["ballots"] == sum(crowds)
    assert places["year file"]["ballots"] > sum(crowds) * 0.99  # a few lie across two pages
    assert any(journals)
    exported = exports(secret, awkward_folder)  # where the sums name the answers, though no ballot
    for seed, voters in enumerate(crowds):
        places.setdefault("exports", Counter())["hits"] += relinked(exported, ballots(voters, seed))
        places["exports"]["meetings"] += 1
    for place, counted in places.items():  # by chance one of each meeting
        assert counted["hits"] <= 1.5 * counted["meetings"], place


def exports(services: Services, folder: Path) -> bytes:
    """The result workbook, unpacked, and an explanation."""
    services.results.compute()
    services.exports.results(folder / "结果.xlsx")
    services.exports.explanation(folder / "依据.txt", "voted", "D1")
    with zipfile.ZipFile(folder / "结果.xlsx") as book:
        return b"".join(book.read(name) for name in book.namelist()) + (folder / "依据.txt").read_bytes()


def test_that_the_attack_finds_every_voter_where_ballots_lie_in_order() -> None:
    cast = ballots(40, 1)
    assert relinked("\n".join(map(str, cast)).encode(), cast) == 40


def test_that_the_order_of_entry_leaves_no_trace_at_all(secret_folder: Path, tmp_path: Path) -> None:
    texts: list[list[tuple[str, str]]] = []
    cast = ballots(30, 7)
    for n, order in enumerate((cast, cast[::-1], random.Random(3).sample(cast, 30))):
        folder = tmp_path / str(n)
        shutil.copytree(secret_folder, folder)
        services = Desk("考核办甲", folder / "own").open(folder / "2026年度.slk")
        services.ballots.take_in(box(meeting(services, 30), order))
        services.close()
        with sqlite3.connect(folder / "2026年度.slk") as connection:
            texts.append(connection.execute("SELECT ballots, digest FROM ballot_batch").fetchall())
    assert texts[0] == texts[1] == texts[2]


def test_that_the_trail_has_one_entry_for_a_whole_box_with_its_count_and_people(secret: Services) -> None:
    session = meeting(secret, 20)
    before = secret.audit.count()
    taken = secret.ballots.take_in(box(session, ballots(20, 1))).value
    entry = newest(secret)
    assert secret.audit.count() == before + 1
    assert entry.fingerprint == taken.digest
    assert entry.after.startswith("20 张，计票 计票甲，监票 监票乙")
    assert entry.touched == ("ballot_batch",)


def test_that_a_box_is_no_step_of_undo(secret: Services) -> None:
    session = meeting(secret, 20)
    assert secret.history.undo_label() is not None
    outcome = secret.ballots.take_in(box(session, ballots(20, 1)))
    assert not outcome.change.undoable
    assert secret.history.undo_label() is None


def test_that_different_ways_of_writing_a_number_become_one(secret: Services) -> None:
    session = meeting(secret, 5)
    written = [("good", text, "", "", "", "") for text in ("8.5", "8.50", "08.5", "8.500", "+8.5")]
    secret.ballots.take_in(box(session, written))
    with secret.session.read() as work:
        assert {b for batch in work.ballots.all() for b in batch.ballots} == {("good", "8.5", "", "", "", "")}


# ---- the difference attack


def test_that_no_difference_of_published_parts_tells_fewer_than_the_minimum() -> None:
    rng = random.Random(29)
    for _ in range(300):
        sizes = {f"g{i}": rng.choice((0, 1, 2, 3, 4, 5, 8, 40)) for i in range(rng.randint(1, 6))}
        parts = merged(sizes, 5)
        names = [name for part in parts for name in part]
        assert len(names) == len(set(names))
        assert not parts or set(names) == {g for g, n in sizes.items() if n}
        unions = [set[str]().union(*some) for n in range(len(parts) + 1) for some in combinations(parts, n)]
        for one, other in combinations(unions, 2):
            if one < other:
                left = sum(sizes[g] for g in other - one)
                assert left == 0 or left >= 5


def test_that_groups_that_are_large_enough_stay_apart() -> None:
    assert merged({"a": 5, "b": 9}, 5) == (("a",), ("b",))
    assert merged({"a": 3, "b": 9, "c": 20}, 5) == (("a", "b"), ("c",))
    assert merged({"a": 2, "b": 2}, 5) == ()
    assert merged({}, 5) == ()


def test_that_a_box_with_too_few_ballots_is_refused(secret: Services) -> None:
    with pytest.raises(AppError) as refused:
        secret.ballots.take_in(box(meeting(secret, 4), ballots(4, 1)))
    assert refused.value.fault is Fault.INPUT_BAD
    assert "合并为一箱" in str(refused.value.findings[0])
    assert secret.ballots.boxes() == ()


def test_that_the_office_may_ask_for_more_ballots_but_not_for_fewer(secret: Services) -> None:
    session = meeting(secret, 8)
    secret.ballots.set_minimum(9)
    with pytest.raises(AppError):
        secret.ballots.take_in(box(session, ballots(8, 1)))
    with pytest.raises(AppError):
        secret.ballots.set_minimum(4)
    assert secret.ballots.minimum() == 9


def test_that_a_box_of_which_the_rules_leave_too_few_valid_is_refused(tmp_path: Path) -> None:
    services = secret_year.create(tmp_path, FULL)
    full = [("good", "100", "good", "100", "good", "100")] * 3
    with pytest.raises(AppError) as refused:
        services.ballots.take_in(box(meeting(services, 7), [*full, *ballots(4, 1)]))
    assert "3 张无效" in refused.value.detail
    services.ballots.take_in(box(meeting(services, 8), [*full, *ballots(5, 1)]))
    [tally] = services.ballots.tallies("voted")
    assert (tally.ballots, tally.valid) == (8, 5)
    services.close()


def test_that_what_is_shown_of_groups_adds_up_to_what_was_taken_in(secret: Services) -> None:
    cast = {"cadres": ballots(6, 1), "people": ballots(30, 2)}
    for group, given in cast.items():
        secret.ballots.take_in(box(meeting(secret, len(given), group), given))
    shown = {t.groups: t for t in secret.ballots.tallies("voted")}
    assert set(shown) == {("cadres",), ("people",)}
    for group, given in cast.items():
        counts = {(c.unit, c.item): c.counts for c in shown[(group,)].counts}
        assert counts["D2", "vote"] == dict(sorted(Counter(b[2] for b in given).items()))
    secret.ballots.set_minimum(10)
    [together] = secret.ballots.tallies("voted")
    assert (together.groups, together.valid) == (("cadres", "people"), 36)


def test_that_ballots_told_apart_by_what_they_leave_out_are_warned_of(secret: Services) -> None:
    session = meeting(secret, 12)
    recused = [("", "", *b[2:]) if n < 2 else b for n, b in enumerate(ballots(12, 1))]
    [finding] = secret.ballots.check(box(session, recused))
    assert finding.severity is Severity.WARNING
    assert "2 张选票空着的栏与众不同" in finding.message


# ---- withdrawal


def test_that_nothing_of_a_withdrawn_box_is_left_in_any_file(secret: Services, awkward_folder: Path) -> None:
    session, other = meeting(secret, 100), meeting(secret, 20, "cadres")
    planted, staying = ballots(100, 30), ballots(20, 31)
    secret.ballots.take_in(box(other, staying))
    secret.backups.make("收票前")
    taken = secret.ballots.take_in(box(session, planted)).value
    secret.backups.make("收票后")
    secret.votes.save(VoteSession(id="", name="其他", scheme="voted", group="people", date="2026-12-09"))
    assert all(unlike(b).encode() in every_byte(awkward_folder) for b in planted)
    outcome = secret.ballots.withdraw(taken.key, "装错了箱", "甲", "乙").value
    assert (outcome.backups, outcome.untouched) == (1, ())
    left = every_byte(awkward_folder)
    assert [b for b in planted if unlike(b).encode() in left] == []
    assert all(unlike(b).encode() in left for b in staying)
    assert [b.session for b in secret.ballots.boxes()] == [other]
    entry = newest(secret)
    assert (entry.action, entry.reason, entry.after) == ("withdraw-ballots", "装错了箱", "由甲、乙撤出")
    for file in [awkward_folder / "2026年度.slk", *(b.path for b in secret.backups.all())]:
        assert check_year_file(file) == ()


@pytest.mark.parametrize(("reason", "first", "second"), [("", "甲", "乙"), ("错", "甲", ""), ("错", "甲", " 甲 ")])
def test_that_a_box_is_withdrawn_by_two_persons_with_a_reason(
    secret: Services, reason: str, first: str, second: str
) -> None:
    taken = secret.ballots.take_in(box(meeting(secret, 20), ballots(20, 1))).value
    with pytest.raises(AppError) as refused:
        secret.ballots.withdraw(taken.key, reason, first, second)
    assert refused.value.fault is Fault.INPUT_BAD
    assert len(secret.ballots.boxes()) == 1


def test_that_a_withdrawn_box_can_be_taken_in_again_and_an_unknown_one_is_not_found(secret: Services) -> None:
    session = meeting(secret, 20)
    codes = secret.ballots.issue_codes(session, 20).value
    given = box(session, ballots(20, 1), codes)
    taken = secret.ballots.take_in(given).value
    secret.ballots.withdraw(taken.key, "重数", "甲", "乙")
    assert secret.ballots.codes(session) == (20, 0)
    secret.ballots.take_in(given)
    with pytest.raises(AppError) as refused:
        secret.ballots.withdraw(taken.key, "重数", "甲", "乙")
    assert refused.value.fault is Fault.NOT_FOUND


# ---- sums and codes


def test_that_a_thousand_random_boxes_come_out_as_they_went_in(secret: Services) -> None:
    rng = random.Random(31)
    scheme = secret.schemes.get("voted")
    wanted: dict[str, Counter[tuple[str, str, str]]] = {}
    with secret.session.file.transaction("fill", "甲", "一千箱", undoable=False) as work:
        for n in range(1000):
            given = ballots(rng.randint(5, 12), n)
            size = len(given)
            session = VoteSession(id=f"S{n}", name="会", scheme="voted", group="people", returned=size, issued=size)
            work.sessions.save(session)
            rng.shuffle(given)
            work.ballots.add(
                BallotBatch(session=session.id, units=UNITS, items=ITEMS, ballots=tuple(given)), "甲", "乙"
            )
            fields = [(unit, item) for unit in UNITS for item in ITEMS]
            wanted[session.id] = Counter((u, i, a) for b in given for (u, i), a in zip(fields, b, strict=True))
    with secret.session.read() as work:
        facts = work.facts()
    total: Counter[tuple[str, str, str]] = Counter()
    for batch in facts.ballots:
        fields = [(unit, item) for unit in batch.units for item in batch.items]
        counted = Counter((u, i, a) for b in batch.ballots for (u, i), a in zip(fields, b, strict=True))
        assert counted == wanted[batch.session]
        total += counted
    [tally] = tallies(scheme, facts, 5)
    assert {(c.unit, c.item, a): n for c in tally.counts for a, n in c.counts.items()} == dict(total)
    assert check_year_file(secret.session.file.path) == ()


def test_that_a_spent_an_unknown_or_a_doubled_code_is_refused_every_time(secret: Services) -> None:
    session, other = meeting(secret, 100), meeting(secret, 40)
    codes = secret.ballots.issue_codes(session, 80).value
    foreign = secret.ballots.issue_codes(other, 10).value
    assert len(set(codes)) == 80
    secret.ballots.take_in(box(session, ballots(40, 1), codes[:40]))
    for n in range(40):
        for bad in (codes[n], codes[n].lower().replace("-", ""), foreign[n % 10], f"AAAA-BBBB-{n:04}", codes[41]):
            tried = (bad, *codes[41:46])
            with pytest.raises(AppError) as refused:
                secret.ballots.take_in(box(session, ballots(6, n), tried))
            assert all(bad not in str(f) for f in refused.value.findings)
    assert secret.ballots.codes(session) == (80, 40)
    with pytest.raises(AppError):  # a ballot without a code, where codes were handed out
        secret.ballots.take_in(box(session, ballots(6, 1)))


def test_that_codes_stand_nowhere_in_clear(secret: Services, awkward_folder: Path) -> None:
    codes = secret.ballots.issue_codes(meeting(secret, 20), 20).value
    secret.backups.make("发码后")
    data = every_byte(awkward_folder)
    assert [c for c in codes if c.encode() in data or c.replace("-", "").encode() in data] == []


# ---- what else may be wrong


def wrong(given: BallotEntry, **changes: object) -> BallotEntry:
    return replace(given, **changes)  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    "changes",
    [
        {"units": ("D1", "D2", "X")},
        {"items": ("vote", "x")},
        {"units": ("D1", "D1", "D3")},
        {"ballots": (("good",),) * 8},
        {"ballots": (("excellent", "9", "", "", "", ""),) * 8},
        {"ballots": (("good", "101", "", "", "", ""),) * 8},
        {"ballots": (("good", "many", "", "", "", ""),) * 8},
        {"ballots": (("good", "9", "", "", "", ""),) * 9},
        {"watched_by": "计票甲"},
        {"counted_by": ""},
        {"units": ()},
    ],
    ids=str,
)
def test_that_what_is_no_box_of_this_session_is_refused(secret: Services, changes: dict[str, object]) -> None:
    given = wrong(box(meeting(secret, 8), ballots(8, 1)), **changes)
    with pytest.raises(AppError):
        secret.ballots.take_in(given)
    assert secret.ballots.boxes() == ()


def test_that_boxes_of_one_session_add_up_to_the_ballots_returned(secret: Services) -> None:
    session, cast = meeting(secret, 20, invalid=3), ballots(20, 1)
    [finding] = secret.ballots.check(box(session, cast[:8]))
    assert finding.severity is Severity.WARNING
    secret.ballots.take_in(box(session, cast[:8]))
    secret.ballots.take_in(box(session, cast[8:]))
    with pytest.raises(AppError) as refused:
        secret.ballots.take_in(box(session, cast[:8]))
    assert refused.value.fault is Fault.VOTE_BAD_COUNT
    with secret.session.read() as work:
        [batch] = work.facts().ballots
    assert batch.ballots == tuple(sorted(cast))


def test_that_a_session_with_ballots_keeps_its_group_has_no_counts_and_is_not_deleted(secret: Services) -> None:
    session = meeting(secret, 20)
    secret.ballots.take_in(box(session, ballots(20, 1)))
    [stored] = secret.votes.sessions()
    for changed in (replace(stored, group="cadres"), replace(stored, returned=19)):
        with pytest.raises(AppError):
            secret.votes.save(changed)
    with pytest.raises(AppError) as refused:
        secret.votes.delete(session, "录错")
    assert "整箱撤出" in refused.value.detail
    secret.votes.save(replace(stored, name="改名"))


def test_that_the_result_is_computed_from_the_ballots_and_printed_as_sums(
    secret: Services, awkward_folder: Path
) -> None:
    cast = ballots(20, 1)
    for group in ("people", "cadres"):
        secret.ballots.take_in(box(meeting(secret, 20, group), cast))
    lines = [line.text for act in secret.year.overview().acts for line in act.lines]
    assert not [line for line in lines if "没有票数" in line]
    result = secret.results.compute().value.results.schemes[0].units["D1"]
    mean = sum((Fraction(b[1]) for b in cast), Fraction(0)) / 20
    assert result.parts["score"].value == mean
    facts = secret.exports.book().facts
    assert facts.ballots == ()
    printed = {(c.unit, c.item): c.counts for c in facts.sessions[0].counts}
    assert printed["D1", "vote"] == Counter(b[0] for b in cast)
    secret.exports.results(awkward_folder / "结果.xlsx")
    sheet = openpyxl.load_workbook(awkward_folder / "结果.xlsx")["票决"]
    rounded = secret.exports.book().rounded(mean, Rounding())
    assert f"{float(rounded):.2f}" in [cell.value for row in sheet.iter_rows() for cell in row]
    assert sheet.max_column < 20


def test_that_a_table_of_ballots_is_read_without_its_order_and_refused_with_names(
    secret: Services, awkward_folder: Path
) -> None:
    session = meeting(secret, 8)
    path = secret.ballots.write_table(session, awkward_folder / "选票.xlsx")
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    heads = [cell.value for cell in sheet[3]]
    assert heads == [f"{unit}·{item}" for unit in ("第1局", "第2局", "第3局") for item in ("vote", "score")]
    names = {level.id: level.name for level in secret_year.LEVELS.levels}
    cast = ballots(8, 1)
    for r, ballot in enumerate(cast, start=4):
        for c, answer in enumerate(ballot, start=1):
            sheet.cell(r, c, names.get(answer) or float(answer))
    book.save(path)
    read = secret.ballots.read_table(session, path, "计票甲", "监票乙")
    assert read.findings == ()
    assert read.entry.ballots == tuple(sorted(cast))
    secret.ballots.take_in(read.entry)
    entry = newest(secret)
    assert "选票.xlsx" not in f"{entry.subject}{entry.after}{entry.label}"
    sheet.cell(3, 7, "姓名")
    sheet.cell(4, 7, "张三")
    sheet.cell(5, 1, "特好")
    book.save(path)
    messages = [str(f) for f in secret.ballots.read_table(session, path).findings]
    assert len(messages) == 2
    assert "姓名" in messages[0]
    assert "A5" in messages[1]
