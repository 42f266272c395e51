"""The trail: chained, append-only, verified fast; with one code on paper every edit up to it is found (R-21, R-23)."""

import hashlib
import random
import shutil
import sqlite3
import time
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import insert

from app.models.schema import open_entry
from app.storage import year_file as year_file_module
from app.storage.audit import GENESIS, Intention, entry_hash, local_now, verify_chain, write_entry
from app.storage.connections import connect_engine
from app.storage.records import Details
from app.storage.year_file import YearFile

SEED = 20261123


def fill_trail(year: YearFile, count: int) -> None:
    """Entries only, in one commit: what counts here is the chain."""
    with year._writing.begin() as connection:  # type: ignore[union-attr]
        start = connection.exec_driver_sql("SELECT max(number) FROM audit").scalar_one()
        for number in range(start + 1, start + 1 + count):
            connection.execute(insert(open_entry), {"id": 1, "number": number})
            said = Intention(
                action="edit-mark",
                who="张三",
                label="修改评分",
                reason="录入有误，经核对原件更正",
                details=Details(subject=f"D{number:03} item03", before="87.5", after="88.0"),
            )
            write_entry(connection, said, local_now(), ("mark_edit",))


def test_that_each_entry_holds_the_hash_of_the_one_before(year: YearFile) -> None:
    fill_trail(year, 5)
    with year.read() as work:
        entries = work.audit.entries()[::-1]
        assert work.audit.entries(2, 1) == (entries[4], entries[3])
        assert work.audit.verify() == ()
    assert [e.number for e in entries] == [1, 2, 3, 4, 5, 6]
    assert [e.previous for e in entries] == [GENESIS, *(e.hash for e in entries[:-1])]
    assert all(b.counter > a.counter for a, b in pairwise(entries))


def test_that_the_canonical_form_is_what_the_format_page_says(year: YearFile) -> None:
    with year.read() as work:
        e = work.audit.head()
    fields = [e.number, e.at, e.counter, e.who, e.role, e.computer, e.action, e.label, e.subject, e.before, e.after]
    assert e.hash == entry_hash([*fields, e.fingerprint, e.reason, " ".join(e.touched), e.previous])
    text = '[1,"2026-11-23T21:40:00.000+08:00",5,"张三","引\\"号","\\n",""]'
    fields = [1, "2026-11-23T21:40:00.000+08:00", 5, "张三", '引"号', "\n", ""]
    assert entry_hash(fields) == hashlib.sha256(text.encode()).hexdigest()


def test_that_a_clock_set_back_is_recorded_and_the_order_kept(year: YearFile, monkeypatch: pytest.MonkeyPatch) -> None:
    earlier = local_now() - timedelta(days=400)
    monkeypatch.setattr(year_file_module, "local_now", lambda: earlier)
    with year.transaction("x", "张三", "x"):
        pass
    with year.read() as work:
        newest, first = work.audit.entries()
        assert [f.code for f in work.audit.verify()] == ["Y-TRAIL-CLOCK"]
    assert newest.at < first.at
    assert newest.counter > first.counter


def test_that_a_code_from_paper_is_found_however_it_was_typed(year: YearFile) -> None:
    fill_trail(year, 3)
    with year.read() as work:
        code = work.audit.checkpoint()
    fill_trail(year, 3)
    assert len(code) == 19
    with year.read() as work:
        for typed in (code, code.upper(), code.replace("-", ""), f" {code.replace('-', ' ')} "):
            found = work.audit.find_checkpoint(typed)
            assert found is not None
            assert found.number == 4
        for wrong in ("", "0000-0000-0000-0000", code[:-1], code + "0"):
            assert work.audit.find_checkpoint(wrong) is None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET who = '别人' WHERE number = 2",
        "DELETE FROM audit WHERE number = 3",
        "REPLACE INTO audit SELECT 3, at, counter, '别人', role, computer, action, label, subject, before, after, "
        "fingerprint, reason, touched, previous, hash FROM audit WHERE number = 3",
        "INSERT INTO audit SELECT 9, at, counter, who, role, computer, action, label, subject, before, after, "
        "fingerprint, reason, touched, previous, hash FROM audit WHERE number = 3",
    ],
)
@pytest.mark.parametrize("recursive", ["ON", "OFF"])
def test_that_sql_cannot_rewrite_the_trail(year: YearFile, path: Path, statement: str, recursive: str) -> None:
    """R-23, also for a program without our settings."""
    fill_trail(year, 3)
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(f"PRAGMA recursive_triggers = {recursive}")
    before = connection.execute("SELECT * FROM audit").fetchall()
    with pytest.raises(sqlite3.IntegrityError):
        connection.execute(statement)
    assert connection.execute("SELECT * FROM audit").fetchall() == before
    connection.close()


# ----

Row = list[str | int]


def change(rows: list[Row], rng: random.Random, at: int) -> None:
    column = rng.choice([1, 3, 5, 6, 7, 8, 9, 10, 12, 13])
    rows[at][column] = f"{rows[at][column]}改"


def remove(rows: list[Row], rng: random.Random, at: int) -> None:
    del rows[at]


def add(rows: list[Row], rng: random.Random, at: int) -> None:
    rows.insert(at, [rows[at][0], *rows[at - 1][1:]])
    for row in rows[at + 1 :]:
        row[0] = int(row[0]) + 1


def swap(rows: list[Row], rng: random.Random, at: int) -> None:
    other = (at + 1 + rng.randrange(len(rows) - 2)) % len(rows)
    rows[at][1:], rows[other][1:] = rows[other][1:], rows[at][1:]


def cut_tail(rows: list[Row], rng: random.Random, at: int) -> None:
    del rows[at:]


def rebuild(rows: list[Row], rng: random.Random, at: int) -> None:
    rows[at][3] = "别人"
    previous = GENESIS
    for row in rows:
        row[14] = previous
        row[15] = previous = entry_hash(row[:15])


KINDS: list[Callable[[list[Row], random.Random, int], None]] = [change, remove, add, swap, cut_tail, rebuild]


def write_rows(path: Path, rows: list[Row], remembered: int) -> None:
    """As somebody who owns the file and knows it well: triggers dropped, afterwards put back."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("BEGIN")
    triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in triggers:
        connection.execute(f'DROP TRIGGER "{name}"')
    connection.execute("DELETE FROM audit")
    connection.executemany(f"INSERT INTO audit VALUES ({', '.join('?' * 16)})", rows)
    connection.execute("UPDATE sqlite_sequence SET seq = ? WHERE name = 'audit'", (remembered,))
    for _, sql in triggers:
        connection.execute(sql)
    connection.execute("COMMIT")
    connection.close()


def test_that_of_three_hundred_edits_all_are_found_with_one_printed_code(year: YearFile, path: Path) -> None:
    fill_trail(year, 29)
    with year.read() as work:
        printed = work.audit.checkpoint()
    year.close()
    rng = random.Random(SEED)
    connection = sqlite3.connect(path)
    original = [list(row) for row in connection.execute("SELECT * FROM audit ORDER BY number")]
    connection.close()
    by_chain: dict[str, int] = {}
    unnoticed: list[str] = []
    copy = path.with_name("改动.slk")
    shutil.copy(path, copy)
    engine = connect_engine(copy, "read")
    for i in range(300):
        kind = KINDS[i % len(KINDS)]
        rows = [list(row) for row in original]
        kind(rows, rng, rng.randrange(1, len(rows) - 1))
        hidden = i // len(KINDS) % 2 == 0
        write_rows(copy, rows, len(rows) if hidden else max(len(rows), len(original)))
        with engine.begin() as connection:
            seen = bool(verify_chain(connection))
            contained = connection.exec_driver_sql(
                "SELECT count(*) FROM audit WHERE substr(hash, 1, 16) = ?", (printed.replace("-", ""),)
            ).scalar_one()
        by_chain[kind.__name__] = by_chain.get(kind.__name__, 0) + seen
        if not seen and contained:
            unnoticed.append(f"{i} {kind.__name__} (seed {SEED})")
    engine.dispose()
    assert unnoticed == []
    assert {name: count for name, count in by_chain.items() if name not in ("cut_tail", "rebuild")} == {
        "change": 50,
        "remove": 50,
        "add": 50,
        "swap": 50,
    }
    assert by_chain["cut_tail"] == 25  # those who did not also hide it from SQLite's own counter
    assert by_chain["rebuild"] == 0


def test_that_verifying_twenty_thousand_links_costs_little_more_than_hashing_them(year: YearFile, path: Path) -> None:
    """A ratio of processor times, so that a busy machine does not decide; on the measuring machine it is 0.15 s at every opening."""
    fill_trail(year, 1)
    year.close()
    connection = sqlite3.connect(path)
    first = [list(row) for row in connection.execute("SELECT * FROM audit ORDER BY number")]
    connection.close()
    rows: list[Row] = []
    for number in range(1, 20_001):
        rows.append([number, *first[-1][1:]])
        rows[-1][14] = rows[-2][15] if number > 1 else GENESIS
        rows[-1][15] = entry_hash(rows[-1][:15])
    write_rows(path, rows, len(rows))

    def best(action: Callable[[], object]) -> float:
        times: list[float] = []
        for _ in range(6):
            start = time.process_time()
            action()
            times.append(time.process_time() - start)
        return min(times)

    engine = connect_engine(path, "read")
    with engine.begin() as connection:
        assert verify_chain(connection) == ()
        bare = best(lambda: [entry_hash(row[:15]) for row in rows])
        whole = best(lambda: verify_chain(connection))
    engine.dispose()
    assert whole / bare <= 3
