"""One intention is one transaction with one entry in the trail; nothing is written outside, nothing half."""

import sqlite3
import threading
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError

from app.domain.errors import AppError, Fault
from app.domain.facts import Facts, Unit
from app.models.schema import KEPT, TRACKED
from app.storage.audit import Intention, write_entry
from app.storage.connections import SCHEMA_VERSION, SETTINGS, connect_engine, settings_in_force
from app.storage.records import Details
from app.storage.year_file import YearFile

UNIT = Unit(code="X", name="演练局", level="department")


def test_that_a_transaction_writes_exactly_one_entry_that_says_who_did_what(year: YearFile) -> None:
    details = Details(subject="单位 X", before="无")
    with year.transaction("save-unit", "李四", "新增单位", reason="新设机构", details=details) as work:
        work.units.save(UNIT)
        work.describe(after="演练局", fingerprint="a" * 64)
    with year.read() as work:
        entry = work.audit.head()
        assert work.audit.count() == 2
        assert work.number == entry.number == 2
    said = (entry.who, entry.action, entry.label, entry.reason, entry.subject, entry.before, entry.after)
    assert said == ("李四", "save-unit", "新增单位", "新设机构", "单位 X", "无", "演练局")
    assert (entry.touched, entry.fingerprint, entry.role) == (("unit",), "a" * 64, "考核办")
    assert entry.computer
    assert entry.at[10] == "T"
    assert entry.at[-6] in "+-"


def test_that_an_entry_is_written_even_when_nothing_else_is(year: YearFile) -> None:
    with year.transaction("export", "李四", "导出"):
        pass
    with year.read() as work:
        assert (work.audit.count(), work.audit.head().touched) == (2, ())


def test_that_an_exception_leaves_everything_as_it_was(year: YearFile) -> None:
    with pytest.raises(KeyError), year.transaction("save-unit", "李四", "新增单位") as work:
        work.units.save(UNIT)
        raise KeyError
    with year.read() as work:
        assert work.units.all() == ()
        assert work.audit.count() == 1


def test_that_errors_of_the_body_keep_their_kind(year: YearFile) -> None:
    with pytest.raises(FileNotFoundError), year.transaction("send", "李四", "发表"):
        raise FileNotFoundError


def test_that_a_change_does_not_stick_when_its_entry_cannot_be_written(year: YearFile) -> None:
    """R-22: the audit insert made to fail."""
    with year._writing.begin() as connection:  # type: ignore[union-attr]
        connection.exec_driver_sql(
            "CREATE TRIGGER sabotage BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'no entry'); END"
        )
    with pytest.raises(IntegrityError, match="no entry"), year.transaction("save-unit", "李四", "新增") as work:
        work.units.save(UNIT)
    with pytest.raises(IntegrityError, match="no entry"), year.transaction("set", "李四", "设置") as work:
        work.settings.set("title", "改名")
        work.snapshots.add("结果", {}, "")
    with year.read() as work:
        assert work.units.all() == work.snapshots.all() == ()
        assert work.settings.get("title") == "演练市 2026 年度"
        assert work.audit.count() == 1


def test_that_nothing_can_be_written_outside_a_transaction(filled: YearFile, path: Path) -> None:
    """Plain SQL, every table, every verb."""
    filled.close()
    connection = sqlite3.connect(path, isolation_level=None)
    values = {"TEXT": "'current'", "INTEGER": "1", "BLOB": "x''"}
    tried = 0
    for table in (t.name for t in (*TRACKED, *KEPT)):
        kinds = [row[2] for row in connection.execute(f"PRAGMA table_info('{table}')")]
        first = connection.execute(f"SELECT name FROM pragma_table_info('{table}') WHERE pk = 0").fetchone()[0]
        rows = connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        statements = [f"INSERT INTO {table} VALUES ({', '.join(values[kind] for kind in kinds)})"]
        if rows:
            statements += [f'UPDATE {table} SET "{first}" = "{first}" || 1', f"DELETE FROM {table}"]
        for statement in statements:
            tried += 1
            with pytest.raises((sqlite3.IntegrityError, sqlite3.OperationalError)):
                connection.execute(statement)
    connection.close()
    assert tried > 40


def test_that_a_promised_entry_that_is_never_written_lets_nothing_be_committed(year: YearFile) -> None:
    with pytest.raises(IntegrityError), year._writing.begin() as connection:  # type: ignore[union-attr]
        connection.exec_driver_sql("INSERT INTO open_entry VALUES (1, 2)")
        connection.exec_driver_sql("INSERT INTO setting (key, value) VALUES ('a', 'b')")
    with year.read() as work:
        assert work.settings.get("a", "nothing") == "nothing"


def test_that_nothing_can_be_written_after_the_entry(year: YearFile) -> None:
    transaction = year._entry("李四", Details())
    connection, work, at = transaction.__enter__()
    write_entry(connection, Intention(action="x", who="李四", label="x"), at, ())
    with pytest.raises(IntegrityError) as caught:
        work.units.save(UNIT)
    assert transaction.__exit__(type(caught.value), caught.value, None) is not True


def test_that_transactions_do_not_nest_and_reading_inside_one_sees_its_changes(year: YearFile) -> None:
    with year.transaction("save-unit", "李四", "新增单位") as work:
        work.units.save(UNIT)
        with year.read() as inside:
            assert inside.units.all() == (UNIT,)
        with pytest.raises(RuntimeError), year.transaction("again", "李四", "又一次"):
            pass


def test_that_a_reader_keeps_its_state_while_nothing_is_committed(year: YearFile) -> None:
    seen: list[int] = []

    def look() -> None:
        with year.read() as work:
            seen.append(len(work.units.all()))

    with year.transaction("save-unit", "李四", "新增单位") as work:
        work.units.save(UNIT)
        worker = threading.Thread(target=look)
        worker.start()
        worker.join()
    look()
    assert seen == [0, 1]


def test_that_eight_threads_write_and_read_without_losing_anything(year: YearFile) -> None:
    failures: list[BaseException] = []

    def write(thread: int) -> None:
        try:
            for i in range(10):
                with year.transaction("save-unit", f"线程{thread}", "新增单位") as work:
                    work.units.save(Unit(code=f"{thread}-{i}", name="演练", level="branch"))
                with year.read() as work:
                    assert work.units.get(f"{thread}-{i}") is not None
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with year.read() as work:
        assert (len(work.units.all()), work.audit.count(), work.audit.verify()) == (80, 81, ())


def test_that_a_file_opened_for_reading_refuses_to_write(filled: YearFile, facts: Facts, path: Path) -> None:
    filled.close()
    opened = YearFile.open(path, read_only=True)
    with opened.read() as work:
        assert work.facts() == facts
    with pytest.raises(AppError) as caught, opened.transaction("x", "李四", "x"):
        pass
    assert caught.value.fault is Fault.FILE_READ_ONLY
    opened.close()


# ----


def test_that_all_settings_are_in_force_on_main_worker_and_migration_connections(year: YearFile, path: Path) -> None:
    wanted = {name: value for name, _, value in SETTINGS} | {
        "application_id": 0x534C4B31,
        "user_version": SCHEMA_VERSION,
    }
    found: dict[str, dict[str, object]] = {}

    def read_settings() -> None:
        for name, engine in (("reading", year._reading), ("writing", year._writing)):
            assert engine is not None
            with engine.connect() as connection:
                found[f"{threading.current_thread().name} {name}"] = settings_in_force(connection)

    read_settings()
    worker = threading.Thread(target=read_settings, name="worker")
    worker.start()
    worker.join()
    upgrading = connect_engine(path, "upgrade")
    with upgrading.connect() as connection:
        found["migration"] = settings_in_force(connection) | {"foreign_keys": 1}
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 0
    upgrading.dispose()
    assert len(found) == 5
    assert found == dict.fromkeys(found, wanted)
    assert len(wanted) - 1 == 9


def test_that_every_writing_transaction_begins_immediately(year: YearFile) -> None:
    statements: list[str] = []
    event.listen(year._writing, "before_cursor_execute", lambda c, cur, sql, *rest: statements.append(sql))
    with year.transaction("x", "李四", "x"):
        pass
    assert statements[0] == "BEGIN IMMEDIATE"
