"""Files get to their place whole or not at all, through whoever holds them for a while (R-05, R-11)."""

from __future__ import annotations

import errno
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.domain import patience
from app.domain.errors import AppError, Fault
from app.files.saving.aside import aside, clear_abandoned
from app.files.saving.whole import move_over, write_whole

ROOT = Path(__file__).parents[3]


class Held:
    """A target that another program holds for the first tries; the system's own replacing afterwards."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, times: int) -> None:
        self.left, self.tries, self.replace = times, 0, os.replace
        monkeypatch.setattr(os, "replace", self)

    def __call__(self, source: Path, target: Path) -> None:
        self.tries += 1
        if self.left:
            self.left -= 1
            raise PermissionError(errno.EACCES, "Access is denied", str(source))
        self.replace(source, target)


def owner_file(name: str, size: int, at: int) -> bytes:
    """As Excel (165 bytes) and Word (162) leave it: the name in the machine's code page, then in UTF-16."""
    short = name.encode("gbk")
    content = bytes([len(short)]) + short.ljust(at - 1)
    wide = len(name).to_bytes(2, "little") + name.encode("utf-16-le")
    return content + wide + " ".encode("utf-16-le") * ((size - at - len(wide)) // 2)


@pytest.mark.parametrize("times", range(1, 9))
def test_that_a_target_held_up_to_eight_times_is_written_within_three_seconds(
    awkward_folder: Path, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    target = awkward_folder / "结果.xlsx"
    target.write_bytes(b"before")
    waited: list[float] = []
    monkeypatch.setattr(time, "sleep", waited.append)
    held = Held(monkeypatch, times)
    write_whole(target, b"after")
    assert target.read_bytes() == b"after"
    assert held.tries == times + 1
    assert sum(waited) <= 2.9
    assert [p.name for p in awkward_folder.iterdir()] == ["结果.xlsx"]


def test_that_the_waits_grow_and_really_last_less_than_three_seconds(
    awkward_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert list(patience.DELAYS) == sorted(patience.DELAYS)
    Held(monkeypatch, 8)
    begun = time.monotonic()
    write_whole(awkward_folder / "结果.xlsx", b"after")
    assert time.monotonic() - begun < 3


OWNERS = {
    "~$结果.xlsx": owner_file("张三", 165, 55),
    ".~结果.xlsx": owner_file("张三", 165, 55),
    ".~lock.结果.xlsx#": "张三,zs,考核办-2,24.11.2026 09:00,file:///home/zs;".encode(),
}


@pytest.mark.parametrize("name", OWNERS)
def test_that_a_target_held_longer_is_named_with_who_holds_it_and_stays_as_it_was(
    awkward_folder: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    target = awkward_folder / "结果.xlsx"
    target.write_bytes(b"before")
    (awkward_folder / name).write_bytes(OWNERS[name])
    monkeypatch.setattr(time, "sleep", lambda seconds: None)
    Held(monkeypatch, 99)
    with pytest.raises(AppError) as caught:
        write_whole(target, b"after")
    assert caught.value.fault is Fault.FILE_BUSY
    assert "正由“张三" in caught.value.message
    assert "重试" in caught.value.message
    assert "另存" in caught.value.message
    assert target.read_bytes() == b"before"
    assert sorted(p.name for p in awkward_folder.iterdir()) == sorted([name, "结果.xlsx"])


def test_that_words_mark_over_the_first_two_letters_is_known(
    awkward_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = awkward_folder / "述职报告正文.docx"
    target.write_bytes(b"before")
    (awkward_folder / "~$报告正文.docx").write_bytes(owner_file("李四", 162, 54))
    monkeypatch.setattr(time, "sleep", lambda seconds: None)
    Held(monkeypatch, 99)
    with pytest.raises(AppError, match="正由“李四”打开"):
        write_whole(target, b"after")


@pytest.mark.parametrize("content", [b"", b"\xff" * 165, b"\x00" * 162, b",,,,", b"\xff\xfe"])
def test_that_rubbish_in_an_owner_file_says_nothing_and_harms_nobody(
    awkward_folder: Path, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    target = awkward_folder / "结果.xlsx"
    target.write_bytes(b"before")
    (awkward_folder / "~$结果.xlsx").write_bytes(content)
    (awkward_folder / ".~lock.结果.xlsx#").write_bytes(content)
    monkeypatch.setattr(time, "sleep", lambda seconds: None)
    Held(monkeypatch, 99)
    with pytest.raises(AppError) as caught:
        write_whole(target, b"after")
    assert caught.value.fault is Fault.FILE_BUSY


def test_that_a_file_marked_read_only_is_not_replaced_and_named_at_once(awkward_folder: Path) -> None:
    target = awkward_folder / "结果.xlsx"
    target.write_bytes(b"before")
    target.chmod(0o444)
    begun = time.monotonic()
    with pytest.raises(AppError) as caught:
        write_whole(target, b"after")
    assert time.monotonic() - begun < 1
    assert caught.value.fault is Fault.FILE_READ_ONLY
    assert target.read_bytes() == b"before"
    target.chmod(0o644)


# ---- killed while writing


WRITING = """
import sys
from pathlib import Path
from app.files.saving.aside import aside
from app.files.saving.whole import move_over, write_whole

folder = Path(sys.argv[1])
content = bytes(range(256)) * 8000
print("writing", flush=True)
for n in range(10**6):
    write_whole(folder / "结果.xlsx", bytes([n % 256]) + content + bytes([n % 256]))
    with aside(folder) as place:
        for i in range(3):
            (place / f"{i}").write_bytes(bytes([n % 256]) + content + bytes([n % 256]))
        for i in range(3):
            move_over(place / f"{i}", folder / f"表 {i}.xlsx")
"""


def torn(path: Path) -> bool:
    content = path.read_bytes()
    return len(content) != 256 * 8000 + 2 or content[0] != content[-1]


def test_that_thirty_kills_tear_no_file_and_the_next_write_clears_away(awkward_folder: Path) -> None:
    rng = random.Random(5)
    left_behind = 0
    for kill in range(30):
        command = [sys.executable, "-c", WRITING, str(awkward_folder)]
        child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
        assert child.stdout is not None
        child.stdout.readline()
        end = time.perf_counter() + rng.random() * 0.08
        while time.perf_counter() < end:  # a moment that is not a step of the child's
            pass
        child.kill()
        child.wait(timeout=20)
        child.stdout.close()
        left_behind += any(awkward_folder.glob(".slk-*"))
        assert [p.name for p in awkward_folder.glob("*.xlsx") if torn(p)] == [], f"kill {kill}"
        clear_abandoned(awkward_folder)
        assert list(awkward_folder.glob(".slk-*")) == []
    assert left_behind >= 10  # or the kills have missed the writes


def test_that_what_somebody_is_still_making_is_not_cleared_away(awkward_folder: Path) -> None:
    with aside(awkward_folder) as place:
        (place / "half").write_bytes(b"1")
        clear_abandoned(awkward_folder)
        write_whole(awkward_folder / "另一个.xlsx", b"2")
        move_over(place / "half", awkward_folder / "一个.xlsx")
    (awkward_folder / ".slk-config").mkdir()  # somebody else's
    clear_abandoned(awkward_folder)
    assert sorted(p.name for p in awkward_folder.iterdir()) == [".slk-config", "一个.xlsx", "另一个.xlsx"]
