"""What cannot be opened is refused by name and stays as it is, to the byte; and a new file is never half there."""

import contextlib
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from app.domain.errors import AppError, Fault
from app.storage.connections import APPLICATION_ID, SCHEMA_VERSION, journal_path
from app.storage.header import judge_header
from app.storage.year_file import YearFile
from tests.volumes import LONG_NAME, refuses_long_names

ROOT = Path(__file__).parents[2]


def fingerprint(folder: Path) -> dict[str, str]:
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def refused(path: Path, **how: bool) -> Fault:
    """The named error of opening; the folder must be as it was, the lock given back."""
    before = fingerprint(path.parent)
    with pytest.raises(AppError) as caught:
        YearFile.open(path, **how)
    assert fingerprint(path.parent) == before
    return caught.value.fault


@pytest.fixture
def closed(filled: YearFile, path: Path) -> Path:
    filled.close()
    return path


def patched(path: Path, at: int, content: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(content)


def make_foreign(path: Path) -> None:
    path.unlink()
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE unit (id)")


def cut(path: Path, share: float) -> None:
    os.truncate(path, int(path.stat().st_size * share))


def flip_page(path: Path) -> None:
    """Garbage in the middle of the page that holds the most: the tree of a table."""
    pages = path.stat().st_size // 4096
    for page in range(2, pages):
        patched(path, page * 4096, b"\x00" * 64)


DAMAGES: dict[str, tuple[Callable[[Path], object], Fault]] = {
    "text": (lambda p: p.write_text("单位,得分\n演练局,95\n" * 20, encoding="utf-8"), Fault.DB_FOREIGN),
    "a few bytes": (lambda p: p.write_bytes(b"GIF8"), Fault.DB_FOREIGN),
    "the first bytes only": (lambda p: p.write_bytes(b"SQLi"), Fault.DB_DAMAGED),
    "zero-length": (lambda p: p.write_bytes(b""), Fault.DB_DAMAGED),
    "a workbook": (lambda p: p.write_bytes(b"PK\x03\x04" + bytes(500)), Fault.DB_FOREIGN),
    "another program's database": (make_foreign, Fault.DB_FOREIGN),
    "foreign application id": (lambda p: patched(p, 68, bytes(4)), Fault.DB_FOREIGN),
    "newer version": (lambda p: patched(p, 60, (99).to_bytes(4, "big")), Fault.DB_NEWER),
    "cut to half": (lambda p: cut(p, 0.5), Fault.DB_DAMAGED),
    "cut in the header": (lambda p: os.truncate(p, 60), Fault.DB_DAMAGED),
    "garbage in its pages": (flip_page, Fault.DB_DAMAGED),
    "garbage in its schema": (lambda p: patched(p, 100, b"\xff" * 200), Fault.DB_DAMAGED),
}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("read_only", [False, True])
def test_that_what_is_no_sound_year_file_is_refused_by_name_and_untouched(
    closed: Path, damage: str, read_only: bool
) -> None:
    spoil, fault = DAMAGES[damage]
    spoil(closed)
    assert refused(closed, read_only=read_only) is fault


def test_that_a_missing_file_and_a_folder_are_named(awkward_folder: Path) -> None:
    assert refused(awkward_folder / "没有.slk") is Fault.FILE_MISSING
    assert refused(awkward_folder) is Fault.DB_FOREIGN
    assert list(awkward_folder.iterdir()) == []


def test_that_a_protected_file_opens_for_reading_only(closed: Path) -> None:
    closed.chmod(0o444)
    assert refused(closed) is Fault.FILE_READ_ONLY
    before = fingerprint(closed.parent)
    opened = YearFile.open(closed, read_only=True)
    with opened.read() as work:
        assert len(work.units.all()) == 3
        assert work.audit.verify() == ()
    opened.close()
    assert fingerprint(closed.parent) == before
    closed.chmod(0o644)


def as_nobody(question: Callable[[], str]) -> str:
    """The answer of a child of ours that has given up its rights: root may write everywhere."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)
            os.write(writing, question().encode())
        finally:
            os._exit(0)
    os.close(writing)
    with open(reading, encoding="utf-8") as pipe:  # noqa: PTH123 - a descriptor
        answer = pipe.read()
    os.waitpid(child, 0)
    return answer


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="only root can become another user")
def test_that_a_folder_without_rights_is_named_read_only(closed: Path) -> None:
    def code_of(action: Callable[[], YearFile]) -> str:
        try:
            action().close()
        except AppError as error:
            return error.code
        return "opened"

    def question() -> str:
        opened = code_of(lambda: YearFile.open(path))
        created = code_of(lambda: YearFile.create(path.with_name("新.slk"), 2026, "", True, ""))
        with YearFile.open(path, read_only=True).read() as work:
            return f"{opened} {created} {len(work.units.all())}"

    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        path = Path(shutil.copy(closed, folder))
        path.chmod(0o644)
        assert as_nobody(question) == "E-FILE-03 E-FILE-03 3"


def test_that_a_read_only_disk_is_named(closed: Path, tmp_path: Path) -> None:
    """A real read-only mount; says so when mounting is not allowed."""
    place = tmp_path / "光盘"
    place.mkdir()
    if sys.platform != "linux" or os.geteuid() != 0 or not shutil.which("mount"):
        pytest.skip("mounting is not possible here")
    mounted = subprocess.run(["mount", "--bind", closed.parent, place], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("mounting is refused here")
    try:
        subprocess.run(["mount", "-o", "remount,bind,ro", place], check=True)
        assert refused(place / closed.name) is Fault.FILE_READ_ONLY
        opened = YearFile.open(place / closed.name, read_only=True)
        with opened.read() as work:
            assert len(work.units.all()) == 3
        opened.close()
        with pytest.raises(AppError) as caught:
            YearFile.create(place / "新.slk", 2026, "", True, "")
        assert caught.value.fault is Fault.FILE_READ_ONLY
    finally:
        subprocess.run(["umount", place], check=True)


def test_that_creating_never_replaces_and_leaves_nothing_behind_when_it_fails(
    closed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = fingerprint(closed.parent)
    with pytest.raises(AppError) as caught:
        YearFile.create(closed, 2026, "", True, "张三")
    assert caught.value.fault is Fault.INPUT_BAD
    with pytest.raises(AppError) as caught:
        YearFile.create(closed.parent / "没有" / "新.slk", 2026, "", True, "张三")
    assert caught.value.fault is Fault.FILE_MISSING
    if refuses_long_names(closed.parent):
        with pytest.raises(AppError) as caught:
            YearFile.create(closed.parent / LONG_NAME, 2026, "", True, "张三")
        assert caught.value.fault is Fault.FILE_PATH_TOO_LONG
    assert fingerprint(closed.parent) == before


def test_that_a_new_file_carries_our_name_and_version_in_its_header(closed: Path) -> None:
    header = closed.read_bytes()[:100]
    assert int.from_bytes(header[68:72], "big") == APPLICATION_ID
    assert int.from_bytes(header[60:64], "big") == SCHEMA_VERSION


def test_that_opening_changes_no_byte_and_leaves_no_file(closed: Path) -> None:
    before = fingerprint(closed.parent)
    opened = YearFile.open(closed)
    assert (opened.recovered, opened.findings, opened.read_only) == ("", (), False)
    opened.close()
    opened.close()
    assert fingerprint(closed.parent) == before


def test_that_a_broken_trail_is_told_at_opening(closed: Path) -> None:
    with contextlib.closing(sqlite3.connect(closed)) as connection, connection:
        connection.execute("DROP TRIGGER audit_rewritten")
        connection.execute("UPDATE audit SET who = '别人' WHERE number = 1")
    connection.close()
    opened = YearFile.open(closed)
    assert [f.code for f in opened.findings] == ["Y-TRAIL-HASH"]
    opened.close()


def test_that_a_link_to_the_file_is_the_file(closed: Path) -> None:
    link = closed.parent / "快捷方式.slk"
    try:
        link.symlink_to(closed)
    except OSError:
        pytest.skip("on Windows only administrators make links")
    if os.name == "nt" and not link.exists():
        pytest.skip("links are made here and not followed")
    opened = YearFile.open(closed)
    assert refused(link) is Fault.DB_LOCKED
    opened.close()


def test_that_opening_loads_neither_alembic_nor_the_orm(closed: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from app.storage.year_file import YearFile\n"
        "YearFile.open(Path(sys.argv[1])).close()\n"
        "print([m for m in ('alembic', 'sqlalchemy.orm', 'numpy', 'openpyxl') if m in sys.modules])"
    )
    child = subprocess.run(
        [sys.executable, "-c", code, str(closed)], cwd=ROOT, capture_output=True, encoding="utf-8", check=True
    )
    assert child.stdout.strip() == "[]"


def test_that_the_length_is_not_judged_while_an_unfinished_write_lies_beside(closed: Path) -> None:
    """A killed writer may leave the header with the new length and not the new pages; the journal takes both back."""
    os.truncate(closed, closed.stat().st_size - 4096)
    with pytest.raises(AppError):
        judge_header(closed)
    journal_path(closed).write_bytes(b"")
    assert judge_header(closed) == SCHEMA_VERSION
