"""The built program's files against SHA256SUMS, as the build writes it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from app.services.own_files import SUMS, built_folder, file_faults
from tools.built_folder import write_sums


@pytest.fixture
def program(awkward_folder: Path) -> Path:
    """A folder with a list of its files."""
    for name in ("三联考评", "_internal/Qt6Core.dll", "_internal/docs/手册 一.md"):
        path = awkward_folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"content of {name}", encoding="utf-8")
    write_sums(awkward_folder)
    return awkward_folder


def places(folder: Path) -> list[tuple[str, str]]:
    return [(f.place, f.message) for f in file_faults(folder)]


def test_that_a_complete_folder_has_no_faults_and_the_usual_tool_agrees(program: Path) -> None:
    assert file_faults(program) == ()
    if sys.platform == "linux":
        assert subprocess.run(["sha256sum", "-c", "--strict", SUMS], cwd=program, check=False).returncode == 0


def test_that_a_missing_and_a_changed_file_are_named(program: Path) -> None:
    (program / "_internal" / "Qt6Core.dll").unlink()
    with (program / "_internal" / "docs" / "手册 一.md").open("a", encoding="utf-8") as file:
        file.write(".")
    assert places(program) == [
        ("_internal/Qt6Core.dll", "文件缺失"),
        ("_internal/docs/手册 一.md", "文件内容已改变"),
    ]
    assert all(f.code == "E-SYS-01" and "重新复制" in f.step for f in file_faults(program))


def test_that_a_folder_in_the_place_of_a_file_is_named(program: Path) -> None:
    (program / "三联考评").unlink()
    (program / "三联考评").mkdir()
    assert [place for place, _ in places(program)] == ["三联考评"]


def test_that_the_users_own_files_beside_the_program_are_no_fault(program: Path) -> None:
    (program / "2026年度.slk").write_bytes(b"")
    assert file_faults(program) == ()


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_that_a_list_that_is_missing_or_unreadable_is_named(program: Path, content: bytes | None) -> None:
    (program / SUMS).unlink()
    if content is not None:
        (program / SUMS).write_bytes(content)
    assert [place for place, _ in places(program)] == [SUMS]


def test_that_a_list_without_any_file_is_named(program: Path) -> None:
    (program / SUMS).write_text("", encoding="utf-8")
    assert [place for place, _ in places(program)] == [SUMS]


def test_that_a_program_run_from_its_source_has_no_list() -> None:
    assert built_folder() is None
