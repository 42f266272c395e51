"""Backups are whole, checked, named, thinned, and restored without overwriting anything (R-05, R-06, R-08)."""

import hashlib
import os
import random
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from app.domain.errors import AppError, Fault
from app.domain.facts import Facts, MarkBlock, Unit
from app.storage.backup_files import DAYS_KEPT, LAST_KEPT, superfluous
from app.storage.backups import Backups, restore
from app.storage.connections import file_uri, journal_path
from app.storage.copying import read_state
from app.storage.records import Backup
from app.storage.work import Work
from app.storage.year_file import YearFile
from tests.storage.besides import make_received, make_report

ROOT = Path(__file__).parents[2]


def dump(path: Path) -> str:
    """The canonical dump: every row of every table, in order."""
    connection = sqlite3.connect(f"{file_uri(path)}?mode=ro", uri=True)
    text = "\n".join(connection.iterdump())
    connection.close()
    return text


def test_that_a_backup_is_a_whole_year_file_that_says_what_it_is(filled: YearFile, facts: Facts) -> None:
    made = Backups(filled).make("导入前: 第 1/2 批?")
    with filled.read() as work:
        assert made.code == work.audit.checkpoint()
    assert (made.reason, made.number, made.stage) == ("导入前 第 1 2 批", 2, False)
    assert made.path.parent.name == "备份"
    assert made.path.name.startswith("2026年度 20")
    assert made.size == made.path.stat().st_size > 0
    opened = YearFile.open(made.path, read_only=True)
    with opened.read() as work:
        assert work.facts() == facts
    opened.close()
    assert dump(made.path) == dump(filled.path)


def test_that_backups_are_listed_newest_first_and_foreign_files_are_left_alone(filled: YearFile) -> None:
    kept = Backups(filled)
    assert kept.all() == ()
    first, second = kept.make("一", stage=True), kept.make("二")
    (kept.folder / "别的.slk").write_bytes(b"")
    (kept.folder / "2026年度 说明.txt").write_bytes(b"")
    assert set(kept.all()) == {first, second}
    assert [b.stage for b in sorted(kept.all(), key=lambda b: b.reason)] == [True, False]
    assert first.path != kept.make("一", stage=True).path


def test_that_a_backup_may_go_to_another_folder(filled: YearFile, tmp_path: Path) -> None:
    made = Backups(filled, tmp_path / "数据").make("只读")
    assert made.path.parent == tmp_path / "数据"


def test_that_a_backup_is_due_when_something_changed_and_the_last_one_is_old(filled: YearFile) -> None:
    kept = Backups(filled)
    assert kept.is_due()
    kept.make("打开")
    assert not kept.is_due(0)
    with filled.transaction("backup", "张三", "备份", undoable=False):
        pass
    assert not kept.is_due(0)
    with filled.transaction("save-unit", "张三", "新增") as work:
        work.units.save(Unit(code="Z", name="演练", level="branch"))
    assert not kept.is_due(30)
    assert kept.is_due(0)


def test_that_a_failed_backup_leaves_nothing_and_keeps_the_others(filled: YearFile, path: Path) -> None:
    kept = Backups(filled)
    made = kept.make("一")
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(bytes(path.stat().st_size - 8192))
    with pytest.raises(AppError) as caught:
        kept.make("二")
    assert caught.value.fault is Fault.DB_DAMAGED
    assert [f.name for f in kept.folder.iterdir()] == [made.path.name]


def test_that_fifty_random_states_come_back_from_their_backup_alike(
    year: YearFile, facts: Facts, store: Callable[[Work, Facts], None], block: Callable[..., MarkBlock], tmp_path: Path
) -> None:
    rng = random.Random(6)
    kept = Backups(year)
    for i in range(50):
        with year.transaction("step", "张三", f"第 {i} 步", undoable=rng.random() < 0.7) as work:
            store(work, replace(facts, blocks=(block(f"E{i:02}", rng.randrange(1, 99), 30, 20),)))
            work.schemes.add("department", str(rng.random()) * rng.randrange(1, 300))
            digest = work.evidence.put(rng.randbytes(rng.randrange(1, 9000)))
            work.reports.save(make_report("D000", f"第 {i} 稿", digest))
            work.packages_in.add(make_received(i))
        if rng.random() < 0.3 and year.undo_label:
            year.undo("张三")
        made = kept.make(f"状态 {i}")
        target = tmp_path / f"恢复 {i}.slk"
        assert restore(made.path, target) == target
        assert dump(target) == dump(year.path)
        assert target.read_bytes() == made.path.read_bytes()


def test_that_restoring_moves_what_stands_there_aside_with_its_journal(filled: YearFile, path: Path) -> None:
    made = Backups(filled).make("恢复前")
    with pytest.raises(AppError) as caught:
        restore(made.path, path)
    assert caught.value.fault is Fault.DB_LOCKED
    filled.close()
    content = path.read_bytes()
    journal_path(path).write_bytes(b"")
    aside = restore(made.path, path)
    assert aside.read_bytes() == content
    assert journal_path(aside).exists()
    assert not journal_path(path).exists()
    assert path.read_bytes() == made.path.read_bytes()
    assert restore(made.path, path) != aside
    YearFile.open(path).close()


def test_that_a_bad_backup_is_refused_and_nothing_is_touched(filled: YearFile, path: Path) -> None:
    made = Backups(filled).make("坏")
    filled.close()
    os.truncate(made.path, made.size // 2)
    before = hashlib.sha256(path.read_bytes()).digest()
    with pytest.raises(AppError) as caught:
        restore(made.path, path)
    assert caught.value.fault is Fault.DB_DAMAGED
    assert hashlib.sha256(path.read_bytes()).digest() == before
    assert sorted(f.name for f in path.parent.iterdir()) == ["2026年度.slk", "备份"]


def test_that_three_years_of_use_keep_at_most_120_backups_and_every_stage() -> None:
    """R-08: a working day with six backups, a stage every fortnight."""
    rng = random.Random(8)
    kept: list[Backup] = []
    stages = 0
    start = datetime(2026, 1, 5, 9)  # noqa: DTZ001 - as the names of backups show it
    for day in range(3 * 365):
        for i in range(rng.randrange(7)):
            made = start + timedelta(days=day, minutes=61 * i)
            stage = day % 60 == 0 and i == 0
            stages += stage
            newest = Backup(
                path=Path(f"{day}-{i}"),
                made_at=made.isoformat(" "),
                reason="",
                number=day,
                code="",
                stage=stage,
                size=1,
            )
            kept.append(newest)
            gone = superfluous(kept, date.fromisoformat(newest.made_at[:10]))
            kept = [b for b in kept if b not in gone]
            assert newest in kept
            assert len(kept) <= 120
    assert sum(b.stage for b in kept) == stages
    assert LAST_KEPT + 30 <= len(kept) - stages <= LAST_KEPT + DAYS_KEPT


def test_that_a_killed_backup_leaves_no_torn_file_under_a_backups_name(filled: YearFile, path: Path) -> None:
    """R-05 for this writer: killed at random moments, by its own number."""
    filled.close()
    code = (
        "import sys; from pathlib import Path; from app.storage.backup_files import backup_file\n"
        "path = Path(sys.argv[1])\n"
        "for i in range(1000): print(i, flush=True); backup_file(path, path.parent / '备份', f'第 {i} 份')"
    )
    rng = random.Random(5)
    for _ in range(6):
        child = subprocess.Popen(
            [sys.executable, "-c", code, str(path)], cwd=ROOT, stdout=subprocess.PIPE, encoding="utf-8"
        )
        assert child.stdout is not None
        for _ in range(rng.randrange(1, 6)):
            child.stdout.readline()
        for _ in range(rng.randrange(200_000)):
            pass  # a moment that is not a step of the child's
        child.kill()
        child.wait(timeout=20)
        child.stdout.close()
    made = list((path.parent / "备份").glob("2026年度 *.slk"))
    assert made
    for file in made:
        assert read_state(file).number == 2
    (path.parent / f".{path.name}.0123abcd.new").touch()
    (path.parent / f".{path.name}.txt").touch()
    YearFile.open(path).close()
    assert sorted((path.parent / "备份").iterdir()) == sorted(made)
    assert sorted(f.name for f in path.parent.iterdir()) == [f".{path.name}.txt", path.name, "备份"]
