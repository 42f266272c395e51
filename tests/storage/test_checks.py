"""检查数据库: planted faults are found and named, and the check changes not one byte (R-07)."""

import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from app.domain.errors import AppError
from app.domain.facts import MarkBlock, MarkEdit
from app.domain.findings import Finding, Severity
from app.storage.checks import check_year_file
from app.storage.connections import journal_path
from app.storage.documents import text_hash
from app.storage.year_file import YearFile
from tests.storage.besides import report_text

ROOT = Path(__file__).parents[2]


@pytest.fixture
def sound(filled: YearFile, path: Path, block: Callable[..., MarkBlock]) -> Path:
    """A file with something of everything, closed."""
    with filled.transaction("import", "张三", "导入") as work:
        number = work.batches.add("导入", []).number
        work.blocks.save([block(f"E{i}", i, 60, 40, number) for i in range(30)], number)
        edit = MarkEdit(unit="D001", item="item2", before="", after="1", by="张三", at="", reason="核对")
        work.edits.add("department", "E3", edit, 100)
        work.schemes.add("branch", "方案" * 3000)
    filled.close()
    return path


def check(path: Path) -> list[str]:
    """The codes of the findings; the folder must be as it was."""
    return [f.code for f in look(path)]


def look(path: Path) -> tuple[Finding, ...]:
    """The findings; the folder must be as it was."""

    def everything() -> dict[str, bytes]:
        return {f.name: hashlib.sha256(f.read_bytes()).digest() for f in path.parent.iterdir() if f.is_file()}

    before = everything()
    findings = check_year_file(path)
    assert everything() == before
    assert all(f.place and f.message and f.step for f in findings)
    return findings


def rewrite(*statements: str) -> Callable[[Path], None]:
    """Plain SQL by somebody who drops the triggers first and puts them back."""

    def spoil(path: Path) -> None:
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("BEGIN")
            triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
            for name, _ in triggers:
                connection.execute(f'DROP TRIGGER "{name}"')
            for statement in statements:
                connection.execute(statement)
            for _, sql in triggers:
                connection.execute(sql)
            connection.execute("COMMIT")

    return spoil


def root_page(path: Path, name: str) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (name,)).fetchone()[0]


def patched(path: Path, at: int, content: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(content)


def flip_table_page(path: Path) -> None:
    patched(path, (root_page(path, "mark_block") - 1) * 4096, b"\xff" * 8)


def lose_index_entry(path: Path) -> None:
    """The number of cells of a leaf page, one less: the entry is there but no longer counted."""
    at = (root_page(path, "sqlite_autoindex_unit_1") - 1) * 4096 + 3
    with path.open("r+b") as file:
        file.seek(at)
        count = int.from_bytes(file.read(2), "big")
    patched(path, at, (count - 1).to_bytes(2, "big"))


def drop_trigger(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TRIGGER audit_deleted")


FAULTS: dict[str, tuple[Callable[[Path], object], set[str]]] = {
    "flipped page bytes": (flip_table_page, {"E-DB-03"}),
    "truncated file": (lambda p: os.truncate(p, p.stat().st_size // 2), {"E-DB-03"}),
    "missing index entry": (lose_index_entry, {"E-DB-03", "Y-ORPHAN"}),
    "orphan row": (rewrite("UPDATE event SET unit = 'D999' WHERE id = 'e1'"), {"Y-ORPHAN"}),
    "changed score": (
        rewrite("UPDATE mark_block SET marks = zeroblob(length(marks)) WHERE evaluator = 'E5'"),
        {"Y-MARKS"},
    ),
    "cut audit tail": (rewrite("DELETE FROM audit WHERE number = 3"), {"Y-TRAIL-CUT"}),
    "swapped audit rows": (
        rewrite(
            "UPDATE audit SET number = -2 WHERE number = 2",
            "UPDATE audit SET number = 2 WHERE number = 1",
            "UPDATE audit SET number = 1 WHERE number = -2",
        ),
        {"Y-TRAIL-LINK", "Y-TRAIL-HASH", "Y-TRAIL-CLOCK"},
    ),
    "changed document": (
        rewrite("UPDATE document SET body = CAST('{}' AS BLOB), packed = 0 WHERE packed = 1"),
        {"Y-DOCUMENT", "Y-UNREADABLE"},
    ),
    "wrong length of marks": (
        rewrite("UPDATE mark_block SET marks = zeroblob(10) WHERE evaluator = 'E5'"),
        {"Y-MARKS", "Y-MARKS-SIZE"},
    ),
    "foreign application id": (lambda p: patched(p, 68, bytes(4)), {"E-DB-01"}),
    "newer version": (lambda p: patched(p, 60, (99).to_bytes(4, "big")), {"E-DB-02"}),
    "zero-length file": (lambda p: p.write_bytes(b""), {"E-DB-03"}),
    "changed audit entry": (rewrite("UPDATE audit SET who = '别人' WHERE number = 2"), {"Y-TRAIL-HASH"}),
    "dropped trigger": (drop_trigger, {"Y-SCHEMA"}),
    "edit of a cell that is not there": (rewrite("UPDATE mark_edit SET unit = 'D999'"), {"Y-ORPHAN"}),
    "marks of an unknown entry": (
        rewrite("UPDATE mark_block SET entry = 77 WHERE evaluator = 'E5'"),
        {"Y-TRAIL-CUT"},
    ),
    "scheme version taken out": (
        rewrite("UPDATE scheme_version SET version = 3 WHERE scheme = 'department'"),
        {"Y-VERSION"},
    ),
    "result taken out": (rewrite("UPDATE snapshot SET version = 2"), {"Y-VERSION"}),
    "result of an unknown scheme": (rewrite("""UPDATE snapshot SET schemes = '{"x":"0"}'"""), {"Y-SNAPSHOT"}),
    "changed attachment": (
        rewrite("UPDATE evidence_file SET bytes = CAST(zeroblob(size) AS BLOB)"),
        {"Y-EVIDENCE"},
    ),
    "lost attachment": (rewrite("DELETE FROM evidence_file"), {"Y-EVIDENCE"}),
    "changed report": (rewrite("UPDATE report SET content = replace(content, '五', '六')"), {"Y-REPORT"}),
    "version of a report taken out": (rewrite("DELETE FROM report_version WHERE number = 1"), {"Y-VERSION"}),
    "report of an unknown unit": (rewrite("UPDATE report SET unit = 'D999' WHERE unit = 'D001'"), {"Y-ORPHAN"}),
    "line of a list for an unknown unit": (
        rewrite("UPDATE list_entry SET unit = 'D999' WHERE id = 'L1'"),
        {"Y-ORPHAN"},
    ),
    "file that no report names": (
        rewrite(f"INSERT INTO evidence_file VALUES ('{hashlib.sha256(b'x').hexdigest()}', 1, x'78')"),
        {"Y-EVIDENCE-SPARE"},
    ),
    "missing document": (
        rewrite("DELETE FROM document WHERE packed = 1"),
        {"Y-ORPHAN", "Y-MARKS"},
    ),
}
NOTES = {"line of a list for an unknown unit", "file that no report names"}


def test_that_a_sound_file_has_no_findings(sound: Path) -> None:
    assert check(sound) == []


@pytest.mark.parametrize("fault", FAULTS)
def test_that_a_planted_fault_is_found_and_named(sound: Path, fault: str) -> None:
    spoil, codes = FAULTS[fault]
    spoil(sound)
    found = look(sound)
    assert found
    assert {f.code for f in found} <= codes
    assert all((f.severity is Severity.NOTE) == (fault in NOTES) for f in found if f.code != "Y-TRAIL-CLOCK")


def test_that_a_changed_attachment_is_named_by_its_report(sound: Path) -> None:
    FAULTS["changed attachment"][0](sound)
    [finding] = look(sound)
    assert finding.place == "D000 的述职报告（方案 department）的附件“会议记录.pdf”"


def test_that_a_file_missing_only_for_an_older_version_is_a_note(sound: Path) -> None:
    digest = "f" * 64
    text = report_text("D000", "旧稿", digest)
    rewrite(
        f"INSERT INTO document VALUES ('{text_hash(text)}', 0, CAST('{text}' AS BLOB))",
        f"UPDATE report_version SET fingerprint = '{text_hash(text)}' WHERE number = 1",
    )(sound)
    [finding] = look(sound)
    assert (finding.code, finding.severity) == ("Y-EVIDENCE", Severity.NOTE)
    assert "第 1 版" in finding.place


def test_that_a_missing_file_is_a_finding(awkward_folder: Path) -> None:
    assert check(awkward_folder / "没有.slk") == ["E-FILE-01"]


def test_that_the_check_works_beside_an_open_window(sound: Path) -> None:
    opened = YearFile.open(sound)
    with opened.transaction("x", "张三", "x") as work:
        work.settings.set("a", "b")
        assert check_year_file(sound) == ()
    opened.close()


def test_that_an_unfinished_write_is_named_and_left_alone(sound: Path) -> None:
    code = (
        "import os, sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "c.execute('PRAGMA cache_size = 2'); c.execute('BEGIN')\n"
        "c.execute('CREATE TABLE big AS SELECT * FROM mark_block'); c.execute('UPDATE big SET id = 1')\n"
        "os._exit(9)"
    )
    subprocess.run([sys.executable, "-c", code, str(sound)], cwd=ROOT, check=False)
    assert journal_path(sound).stat().st_size > 0
    assert check(sound) == ["Y-UNFINISHED"]
    with pytest.raises(AppError, match="未完成的写入"):
        YearFile.open(sound, read_only=True)
    assert journal_path(sound).exists()
    opened = YearFile.open(sound)
    assert opened.recovered.startswith("上次没有正常关闭，一项未完成的写入已经撤回。数据停在第 3 条记录：导入")
    opened.close()
    assert check(sound) == []


def test_that_a_backup_passes_the_check(sound: Path) -> None:
    copy = sound.with_name("副本.slk")
    shutil.copy(sound, copy)
    assert check(copy) == []
