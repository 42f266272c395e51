"""Boxes of secret ballots in the file: sorted, whole, guarded, never in an image of undo, wiped when withdrawn."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from app.domain.facts import BallotBatch, VoteSession
from app.storage.backups import Backups
from app.storage.ballot_purge import purge_box
from app.storage.checks import check_year_file
from app.storage.records import BallotBox
from app.storage.year_file import YearFile

CAST = (("好", "差"), ("差", "好"), ("好", "好"), ("", "好"), ("好", "差"))


def batch(*ballots: tuple[str, ...], session: str = "v") -> BallotBatch:
    return BallotBatch(session=session, units=("D000", "D001"), items=("view",), ballots=ballots or CAST)


@pytest.fixture
def boxed(year: YearFile) -> tuple[YearFile, BallotBox]:
    with year.transaction("x", "张三", "收票", undoable=False) as work:
        work.sessions.save(VoteSession(id="v", name="会", scheme="department", group="", returned=5))
        box = work.ballots.add(batch(), "甲", "乙")
    return year, box


def raw(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement)


def test_that_ballots_come_out_sorted_and_boxes_of_a_session_as_one(boxed: tuple[YearFile, BallotBox]) -> None:
    year, box = boxed
    with year.transaction("x", "张三", "再收", undoable=False) as work:
        work.ballots.add(batch(("差", "差")), "甲", "乙")
    with year.read() as work:
        assert work.ballots.all() == (batch(*sorted([*CAST, ("差", "差")])),)
        assert work.ballots.sizes() == {"v": 6}
        assert box in work.ballots.boxes("v")
        assert work.ballots.boxes("other") == ()


def test_that_there_is_no_image_of_a_box_and_none_of_its_rows_has_a_number(boxed: tuple[YearFile, BallotBox]) -> None:
    year, _ = boxed
    with closing(sqlite3.connect(year.path)) as connection:
        assert connection.execute("SELECT count(*) FROM undo_image WHERE \"table\" LIKE 'ballot%'").fetchone() == (0,)
        for table in ("ballot_batch", "ballot_code"):
            with pytest.raises(sqlite3.OperationalError):
                connection.execute(f"SELECT rowid FROM {table}")


def test_that_a_box_cannot_be_part_of_an_undoable_step(year: YearFile) -> None:
    with pytest.raises(RuntimeError, match="step of undo"), year.transaction("x", "张三", "收票") as work:
        work.sessions.save(VoteSession(id="v", name="会", scheme="department", group=""))
        work.ballots.add(batch(), "甲", "乙")
    with year.read() as work:
        assert (work.ballots.all(), work.sessions.all()) == ((), ())


def test_that_results_know_that_ballots_have_come(boxed: tuple[YearFile, BallotBox]) -> None:
    year, box = boxed
    with year.read() as work:
        before = work.facts_revision()
    with year.transaction("x", "张三", "撤出", undoable=False) as work:
        assert work.ballots.withdraw(box.key) == box
        assert work.ballots.withdraw(box.key) is None
    with year.read() as work:
        assert work.facts_revision() == before + 1
        assert work.facts().ballots == ()


def test_that_no_other_program_writes_ballots(boxed: tuple[YearFile, BallotBox]) -> None:
    year, _ = boxed
    for statement in ("DELETE FROM ballot_batch", "UPDATE ballot_batch SET size = 4", "DELETE FROM ballot_code"):
        if "code" in statement:
            with year.transaction("x", "张三", "发码", undoable=False) as work:
                work.ballots.issue_codes("v", 2)
        with pytest.raises(sqlite3.IntegrityError):
            raw(year.path, statement)


def test_that_a_session_with_a_box_stays(boxed: tuple[YearFile, BallotBox]) -> None:
    year, _ = boxed
    with pytest.raises(Exception) as refused, year.transaction("x", "张三", "删除", undoable=False) as work:
        work.sessions.delete("v")
    assert not isinstance(refused.value, IntegrityError)


@pytest.mark.parametrize("change", ["another answer", "another order", "one less"])
def test_that_the_check_names_a_changed_box_and_never_a_ballot(boxed: tuple[YearFile, BallotBox], change: str) -> None:
    year, box = boxed
    year.close()
    ballots = [list(b) for b in sorted(CAST)]
    if change == "another answer":
        ballots[0][0] = "差"
    changed = {"another order": ballots[::-1], "one less": ballots[1:]}.get(change, ballots)
    with closing(sqlite3.connect(year.path)) as connection, connection:
        guards = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'ballot_batch'"
        ).fetchall()
        for name, _ in guards:
            connection.execute(f"DROP TRIGGER {name}")
        text = json.dumps(changed, ensure_ascii=False, separators=(",", ":"))
        connection.execute("UPDATE ballot_batch SET ballots = ?", (text,))
        for _, sql in guards:
            connection.execute(sql)
    [finding] = check_year_file(year.path)
    assert finding.code == "Y-BALLOTS"
    assert finding.place == f"票决 v 的票箱 {box.key[:8]}"
    assert "好" not in finding.message


def test_that_a_box_is_wiped_out_of_the_backups_that_hold_it_and_of_no_other(
    boxed: tuple[YearFile, BallotBox],
) -> None:
    year, box = boxed
    with year.transaction("x", "张三", "另一箱", undoable=False) as work:
        other = work.ballots.add(batch(("好", "好")), "甲", "乙")
    backups = Backups(year)
    made = backups.make("收票后", stage=True)
    names = [b.path.name for b in backups.all()]
    assert purge_box(backups.folder, year.path, box.key) == (1, ())
    assert [b.path.name for b in backups.all()] == names
    assert check_year_file(made.path) == ()
    with closing(sqlite3.connect(made.path)) as connection:
        assert connection.execute("SELECT key FROM ballot_batch").fetchall() == [(other.key,)]
    before = made.path.read_bytes()
    assert purge_box(backups.folder, year.path, box.key) == (0, ())
    assert made.path.read_bytes() == before
    assert sorted(p.name for p in backups.folder.iterdir()) == sorted(names)


def test_that_a_backup_that_cannot_be_read_is_named_and_left_alone(boxed: tuple[YearFile, BallotBox]) -> None:
    year, box = boxed
    backups = Backups(year)
    made = backups.make("收票后")
    data = made.path.read_bytes()
    spoiled = data[: len(data) // 2]
    made.path.write_bytes(spoiled)
    assert purge_box(backups.folder, year.path, box.key) == (0, (made.path,))
    assert made.path.read_bytes() == spoiled
