"""The small year as fixtures: just created, and with everything in it. Built once, copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.services.container import Desk, Services
from tests.services import small_year


@pytest.fixture(scope="session")
def created_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed year with schemes and register."""
    folder = tmp_path_factory.mktemp("建好")
    small_year.create(folder).close()
    return folder


@pytest.fixture(scope="session")
def full_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed year with every kind of fact in it, not yet computed."""
    folder = tmp_path_factory.mktemp("填好")
    services = small_year.create(folder)
    small_year.live_through(services, folder)
    services.close()
    return folder


def opened_copy(source: Path, target: Path) -> Services:
    shutil.copytree(source, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns("备份"))
    return Desk(small_year.WHO, target / "own").open(target / "2026年度.slk")


@pytest.fixture
def services(created_folder: Path, awkward_folder: Path) -> Iterator[Services]:
    """A year with schemes and register."""
    opened = opened_copy(created_folder, awkward_folder)
    yield opened
    opened.close()


@pytest.fixture
def full(full_folder: Path, awkward_folder: Path) -> Iterator[Services]:
    """A year with every kind of fact in it, not yet computed. Its filled sheets lie in ``收回``."""
    opened = opened_copy(full_folder, awkward_folder)
    yield opened
    opened.close()
