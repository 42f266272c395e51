"""R-10: a place that takes no file is named, nothing half is left, and the work goes on or is saved elsewhere."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.domain.errors import AppError, Fault
from app.domain.facts import Event
from app.files.saving.whole import write_whole
from app.services.container import Desk, Services
from tests.services import small_year
from tests.storage.test_opening import as_nobody
from tests.volumes import LONG_NAME, Volume, refuses_long_names, volume

BEFORE = b"what was there before"


@dataclass(frozen=True)
class Place:
    """Where a file should go, and what is to be found there afterwards (none: the folder cannot be looked into)."""

    path: Path
    left: set[str] | None


@contextmanager
def write_protected_disc(folder: Path) -> Iterator[Place]:
    with volume(folder / "光盘", 2048) as disc:
        disc.protect()
        yield Place(disc.place / "结果.xlsx", set())


@contextmanager
def protected_file(folder: Path) -> Iterator[Place]:
    path = folder / "受保护" / "结果.xlsx"
    path.parent.mkdir()
    path.write_bytes(BEFORE)
    path.chmod(0o444)
    yield Place(path, {"结果.xlsx"})
    path.chmod(0o644)


@contextmanager
def pulled_stick(folder: Path) -> Iterator[Place]:
    with volume(folder / "U盘", 2048) as stick:
        (stick.place / "结果").mkdir()
        stick.pull()
        yield Place(stick.place / "结果" / "结果.xlsx", None)


@contextmanager
def long_name(folder: Path) -> Iterator[Place]:
    (folder / "长").mkdir()
    if not refuses_long_names(folder):
        pytest.skip("here long names are cut, not refused")
    yield Place(folder / "长" / LONG_NAME, set())


@contextmanager
def full_disk(folder: Path) -> Iterator[Place]:
    with volume(folder / "满盘", 2048) as disk:
        disk.fill(leave=4096)
        yield Place(disk.place / "结果.xlsx", {"占满"})


@contextmanager
def folder_in_the_way(folder: Path) -> Iterator[Place]:
    (folder / "占" / "结果.xlsx").mkdir(parents=True)
    yield Place(folder / "占" / "结果.xlsx", {"结果.xlsx"})


PLACES = {
    "a write-protected disc": (write_protected_disc, Fault.FILE_READ_ONLY),
    "a file marked read-only": (protected_file, Fault.FILE_READ_ONLY),
    "a stick that was pulled": (pulled_stick, Fault.FILE_MISSING),
    "a name too long": (long_name, Fault.FILE_PATH_TOO_LONG),
    "a full disk": (full_disk, Fault.FILE_NO_SPACE),
    "a folder of that name": (folder_in_the_way, Fault.INPUT_BAD),
}


@pytest.fixture(scope="module")
def computed_folder(full_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = shutil.copytree(full_folder, tmp_path_factory.mktemp("算好") / "年度")
    opened = Desk(small_year.WHO, folder / "own").open(folder / "2026年度.slk")
    opened.results.compute()
    opened.close()
    return folder


@pytest.fixture
def computed(computed_folder: Path, awkward_folder: Path) -> Iterator[Services]:
    path = Path(shutil.copy(computed_folder / "2026年度.slk", awkward_folder))
    opened = Desk(small_year.WHO, awkward_folder / "own").open(path)
    yield opened
    opened.close()


@pytest.mark.parametrize("name", PLACES)
def test_that_a_place_that_takes_no_result_is_named_and_it_is_saved_elsewhere(
    computed: Services, awkward_folder: Path, name: str
) -> None:
    hostile, fault = PLACES[name]
    with hostile(awkward_folder) as place:
        with pytest.raises(AppError) as caught:
            computed.exports.results(place.path)
        assert caught.value.fault is fault
        assert str(place.path.parent) in caught.value.message
        if place.left is not None:
            assert {p.name for p in place.path.parent.iterdir()} == place.left
        if name == "a file marked read-only":
            assert place.path.read_bytes() == BEFORE
        computed.exports.results(awkward_folder / "别处.xlsx")
    assert (awkward_folder / "别处.xlsx").stat().st_size > 10_000


@pytest.mark.parametrize("name", ["a write-protected disc", "a full disk"])
def test_that_a_place_that_takes_no_sheets_is_named_and_none_counts_as_handed_out(
    computed: Services, awkward_folder: Path, name: str
) -> None:
    hostile, fault = PLACES[name]
    with hostile(awkward_folder) as place:
        before = computed.audit.entries(1, 0)
        with pytest.raises(AppError) as caught:
            computed.sheets.send(place.path.parent / "发出")
        assert caught.value.fault is fault
        assert computed.audit.entries(1, 0) == before


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="only root can become another user")
def test_that_a_folder_without_rights_is_named() -> None:
    def question() -> str:
        try:
            write_whole(path, b"after")
        except AppError as error:
            return error.code
        return "written"

    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o555)
        path = Path(folder) / "结果.xlsx"
        assert as_nobody(question) == "E-FILE-03"
        Path(folder).chmod(0o700)
        assert list(Path(folder).iterdir()) == []


# ---- the place of the year file itself, while it is open


@pytest.fixture
def stick(awkward_folder: Path) -> Iterator[Volume]:
    with volume(awkward_folder / "U盘 #1", 12_000) as made:
        yield made


@pytest.fixture
def carried(computed_folder: Path, stick: Volume, awkward_folder: Path) -> Iterator[Services]:
    """A year that is open on the stick."""
    (stick.place / "年度").mkdir()
    path = Path(shutil.copy(computed_folder / "2026年度.slk", stick.place / "年度"))
    opened = Desk(small_year.WHO, awkward_folder / "own").open(path)
    yield opened
    opened.close()


def test_that_an_open_year_whose_disk_takes_no_more_names_it_and_goes_on_when_it_does(
    carried: Services, stick: Volume
) -> None:
    before = carried.events.events()
    large: Event = small_year.inspection("D2", note="巡视" * 40_000)
    stick.fill()
    for step in (lambda: carried.events.save(large), lambda: carried.backups.make("手动")):
        with pytest.raises(AppError) as caught:
            step()
        assert caught.value.fault is Fault.FILE_NO_SPACE
    assert carried.events.events() == before
    (stick.place / "占满").unlink()
    carried.events.save(large)
    assert len(carried.events.events()) == len(before) + 1
    assert carried.audit.verify() == ()
    assert carried.backups.check_file() == ()


def test_that_a_year_whose_stick_was_pulled_names_it_also_when_it_is_closed(carried: Services, stick: Volume) -> None:
    stick.pull()
    save, back_up = lambda: carried.events.save(small_year.inspection("D2")), lambda: carried.backups.make("手动")
    for step in (save, back_up, carried.close):
        with pytest.raises(AppError) as caught:
            step()
        assert caught.value.fault in (Fault.FILE_GONE, Fault.FILE_MISSING)
