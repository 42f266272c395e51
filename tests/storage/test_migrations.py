"""Migrations: the same tables as a new file, all of it or nothing, whatever fails and whenever (R-04)."""

import gzip
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from app.domain.errors import AppError, Fault
from app.domain.facts import Facts
from app.storage import migrate
from app.storage.checks import check_year_file
from app.storage.connections import SCHEMA_VERSION, connect_engine
from app.storage.creation import make_schema
from app.storage.migrate import MIGRATIONS, run_migrations, upgrade, upgrade_in_transaction
from app.storage.year_file import YearFile
from tests.storage.besides import make_report

ROOT = Path(__file__).parents[2]

# What a later version of the program might do: rebuild a table that others refer to, and fill a new column.
NEXT = '''"""A later version, for the tests."""

import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{last}"


def upgrade() -> None:
    with op.batch_alter_table("unit", recreate="always", table_kwargs={"sqlite_strict": True}) as batch:
        batch.add_column(sa.Column("short_name", sa.Text, nullable=False, server_default=""))
    op.execute("UPDATE unit SET short_name = substr(name, 1, 2)")
    op.create_table("later", sa.Column("id", sa.Integer, primary_key=True), sqlite_strict=True)
    op.execute("UPDATE event SET note = note || '（升级）'")
'''


@pytest.fixture
def later(awkward_folder: Path) -> Path:
    """The migrations of a later version, in a folder with an awkward name."""
    folder = awkward_folder / "升级 100%"
    shutil.copytree(MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / "9999_later.py").write_text(NEXT.replace("{last}", f"{SCHEMA_VERSION:04}"), encoding="utf-8")
    return folder


# Year files as released versions of the program left them, packed. Rows: by table, as they were made.
SAMPLES = Path(__file__).with_name("samples")
ROWS_OF_VERSION_3 = {
    "assignment": 2, "ballot_batch": 1, "ballot_code": 3, "batch": 1, "batch_file": 3, "decision": 2, "document": 6,
    "earlier_result": 2, "evaluator": 2, "event": 2, "exemption": 1, "hand_change": 1, "mark_block": 5, "mark_edit": 1,
    "objection": 1, "office_mark": 4, "scheme_version": 1, "sent_sheet": 1, "setting": 4, "snapshot": 1, "unit": 3,
    "vote_count": 2, "vote_session": 2,
}  # fmt: skip
MACHINERY = {"alembic_version": 1, "audit": 8, "sqlite_sequence": 2}  # after the upgrade


@pytest.fixture
def third(awkward_folder: Path) -> Path:
    """A year file of version 3 with something of everything, three steps of undo included."""
    path = awkward_folder / "第三版 #1.slk"
    path.write_bytes(gzip.decompress((SAMPLES / "version-3.slk.gz").read_bytes()))
    return path


@pytest.fixture
def old(filled: YearFile, path: Path) -> Path:
    filled.close()
    return path


def schema(path: Path) -> dict[str, str]:
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"
        )
        return {name: re.sub(r"\s+", " ", sql).strip() for name, sql in rows}


def test_that_tables_made_by_migrations_equal_those_made_by_the_models(awkward_folder: Path) -> None:
    made: list[dict[str, str]] = []
    for name, fill in (("新", make_schema), ("升级", run_migrations)):
        path = awkward_folder / name
        path.touch()
        engine = connect_engine(path, "upgrade")
        with engine.begin() as connection:
            fill(connection)
        engine.dispose()
        with closing(sqlite3.connect(path)) as connection:
            assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [
                (f"{SCHEMA_VERSION:04}",)
            ]
        made.append({n: sql for n, sql in schema(path).items() if not sql.startswith("CREATE TRIGGER")})
    assert made[0] == made[1]
    assert len(made[0]) > 30


def test_that_an_upgrade_keeps_every_row_and_enters_the_trail(old: Path, later: Path, facts: Facts) -> None:
    with closing(sqlite3.connect(old)) as connection:
        tables = [n for (n,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        counts = {n: connection.execute(f"SELECT count(*) FROM {n}").fetchone()[0] for n in tables}
    upgrade(old, later)
    with closing(sqlite3.connect(old)) as connection:
        after = {n: connection.execute(f"SELECT count(*) FROM {n}").fetchone()[0] for n in tables}
        assert connection.execute("SELECT short_name FROM unit WHERE code = 'D000'").fetchall() == [("演练",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    assert after == counts | {"audit": counts["audit"] + 1, "sqlite_sequence": counts["sqlite_sequence"]}
    opened = YearFile.open(old)
    with opened.read() as work:
        assert work.units.all() == facts.units
        assert (work.audit.head().action, work.audit.verify()) == ("upgrade", ())
        assert work.events.all()[0].note == "（升级）"
    with opened.transaction("x", "张三", "之后仍可修改") as work:
        work.settings.set("a", "b")
    opened.close()


def dump(path: Path) -> str:
    with closing(sqlite3.connect(path)) as connection:
        return "\n".join(connection.iterdump())


def statements_of(path: Path, directory: Path) -> int:
    """How many statements the upgrade takes, rolled back."""
    engine = connect_engine(path, "upgrade")
    seen: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda c, cur, sql, *rest: seen.append(sql))
    with engine.connect() as connection:
        upgrade_in_transaction(connection, directory)
        connection.rollback()
    engine.dispose()
    return len(seen)


def failing_engine(path: Path, at: int) -> Any:
    engine = connect_engine(path, "upgrade")
    count = iter(range(1_000_000))

    def fail(*arguments: object) -> None:
        if next(count) == at:
            raise sqlite3.OperationalError("disk I/O error")

    event.listen(engine, "before_cursor_execute", fail)
    return engine


def test_that_an_upgrade_failing_at_any_statement_leaves_the_file_as_it_was(
    third: Path, later: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the sample of version 3 through ours to a later one."""
    old = third
    before = dump(old)
    count = statements_of(old, later)
    assert dump(old) == before
    assert count > 150
    copy = old.with_name("升级.slk")
    swallowed = 0
    shutil.copy(old, copy)
    for at in range(count):
        with monkeypatch.context() as patch:
            patch.setattr(migrate, "connect_engine", lambda path, mode, at=at: failing_engine(path, at))
            try:
                upgrade(copy, later)
            except AppError as error:
                assert error.fault is Fault.DB_UPGRADE
                if at % 10 == 0 or at > count - 10:
                    assert dump(copy) == before, f"statement {at}"
                continue
        swallowed += 1  # a question of SQLAlchemy's reflection that it asks again in another way
        assert "later" in schema(copy)
        shutil.copy(old, copy)
    assert dump(copy) == before
    assert swallowed <= 5
    upgrade(copy, later)
    assert "later" in schema(copy)


@pytest.fixture
def before_ours(old: Path) -> Iterator[Path]:
    """A file that says it is of version 0, as one from before the first version would."""
    with closing(sqlite3.connect(old)) as connection:
        connection.execute("PRAGMA user_version = 0")
    yield old


def test_that_opening_an_older_file_makes_a_backup_and_upgrades(before_ours: Path, facts: Facts) -> None:
    opened = YearFile.open(before_ours)
    with opened.read() as work:
        assert work.facts() == facts
        assert work.audit.head().before == "版本 0"
    opened.close()
    kept = list((before_ours.parent / "备份").iterdir())
    assert len(kept) == 1
    assert "升级前" in kept[0].name
    assert kept[0].stem.endswith("留存")
    assert int.from_bytes(kept[0].read_bytes()[60:64], "big") == 0
    assert check_year_file(before_ours) == ()


# An upgrade that ends itself hard after so many statements.
KILLED = (
    "import os, sys; from pathlib import Path; from sqlalchemy import event\n"
    "from app.storage import migrate; from app.storage.connections import SCHEMA_VERSION, connect_engine\n"
    "path, later, at = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])\n"
    "engine = connect_engine(path, 'upgrade'); count = iter(range(10**6))\n"
    "event.listen(engine, 'after_cursor_execute', lambda *a: os._exit(9) if next(count) == at else None)\n"
    "with engine.begin() as connection:\n"
    "    connection.exec_driver_sql('PRAGMA cache_size = 2')\n"
    "    migrate.upgrade_in_transaction(connection, later)\n"
)


def killed(path: Path, directory: Path, at: int) -> bool:
    """Whether it has left an unfinished write."""
    child = subprocess.run([sys.executable, "-c", KILLED, str(path), str(directory), str(at)], cwd=ROOT, check=False)
    assert child.returncode == 9
    return Path(f"{path}-journal").exists()


def test_that_a_killed_upgrade_is_taken_back_at_the_next_opening(old: Path, later: Path) -> None:
    """The child ends itself hard, with half of the pages of the rebuilt tables already in the file."""
    before = dump(old)
    unfinished = 0
    for at in (20, 90, 120, 160):
        unfinished += killed(old, later, at)
        opened = YearFile.open(old)
        opened.close()
        assert dump(old) == before
    assert unfinished >= 2
    upgrade(old, later)


def rows_of(path: Path) -> dict[str, int]:
    """Table → rows, of those that have any."""
    with closing(sqlite3.connect(path)) as connection:
        names = [n for (n,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        counts = {n: connection.execute(f"SELECT count(*) FROM {n}").fetchone()[0] for n in names}
    return {n: count for n, count in counts.items() if count}


def test_that_a_file_of_version_3_opens_with_every_row_it_had(third: Path) -> None:
    opened = YearFile.open(third)
    assert rows_of(third) == ROWS_OF_VERSION_3 | MACHINERY
    with opened.read() as work:
        assert [work.audit.head().before, work.audit.head().after] == ["版本 3", f"版本 {SCHEMA_VERSION}"]
        assert [b.origin and b.origin.packages for b in work.blocks.all()] == [None, (), (), ()]
        assert [e.package for e in work.earlier.all()] == ["", ""]
        assert work.edits.of("department", "E03")[0].reason == "核对原件"
    assert (opened.undo_label, opened.recovered, opened.findings) == (None, "", ())
    with opened.transaction("x", "张三", "写报告") as work:
        work.reports.save(make_report("D001"))
    opened.undo("张三")
    opened.close()
    assert check_year_file(third) == ()


def test_that_a_file_of_version_3_opens_whole_after_its_upgrade_was_killed(third: Path) -> None:
    sample = third.read_bytes()
    last = statements_of(third, MIGRATIONS) - 1
    unfinished = 0
    for at in (20, 100, last - 1, last):
        third.write_bytes(sample)
        unfinished += killed(third, MIGRATIONS, at)
        YearFile.open(third).close()
        assert rows_of(third) == ROWS_OF_VERSION_3 | MACHINERY
        assert check_year_file(third) == ()
    assert unfinished >= 3


def test_that_rows_of_the_first_version_come_through_every_migration(awkward_folder: Path) -> None:
    first = awkward_folder / "第一版"
    newer = ("000[2-9]*", "__pycache__")
    shutil.copytree(MIGRATIONS, first, ignore=shutil.ignore_patterns(*newer))
    path = awkward_folder / "旧 #1.slk"
    path.touch()
    engine = connect_engine(path, "upgrade")
    with engine.begin() as connection:
        run_migrations(connection, first)
        connection.exec_driver_sql(
            'INSERT INTO unit (code, name, level, series, kind, parent, "order", participation, reason, tags) '
            "VALUES ('D1', '第1局', 'department', '', 'organisation', '', 1, 'new', '三月成立', '[\"窗口\"]')"
        )
        connection.exec_driver_sql(
            'INSERT INTO office_mark (scheme, unit, item, value, level, basis, "by") '
            "VALUES ('department', 'D1', 'office', '19/2', '', '台账', '甲')"
        )
        run_migrations(connection)
        unit = connection.exec_driver_sql("SELECT code, reason, tags, since, reports_to, links FROM unit").one()
        assert tuple(unit) == ("D1", "三月成立", '["窗口"]', "", "[]", "[]")
        mark = connection.exec_driver_sql("SELECT unit, item, value, period, target FROM office_mark").one()
        assert tuple(mark) == ("D1", "office", "19/2", "", None)
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
    engine.dispose()
