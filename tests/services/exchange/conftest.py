"""An office and two departments, each on its own computer, as far as the tasks being opened. Built once, copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.services.container import Services
from tests.services.exchange import pcs


@dataclass(frozen=True)
class Pcs:
    """root: the folder of all of them; task: the task package of each department."""

    root: Path
    office: Services
    units: dict[str, Services]
    tasks: dict[str, Path]

    def place(self, name: str) -> pcs.Place:
        return pcs.place(self.root, name)

    def submit(self, code: str) -> Path:
        """The return package of a department."""
        path = self.units[code].tasks.submit(self.root / f"{code}的电脑").value.path
        assert path is not None
        return path

    def close(self) -> None:
        for services in (self.office, *self.units.values()):
            services.close()


@pytest.fixture(scope="session")
def started(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Closed: the office, and the year files of two departments out of their tasks."""
    root = tmp_path_factory.mktemp("各台电脑")
    _, office = pcs.office(root)
    for code in ("D1", "D2"):
        pcs.department(root, office, code)[1].close()
    office.close()
    return root


@pytest.fixture
def three(started: Path, awkward_folder: Path) -> Iterator[Pcs]:
    """The office and two departments, open."""
    shutil.copytree(started, awkward_folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("备份"))
    found = opened(awkward_folder)
    yield found
    found.close()


def opened(root: Path) -> Pcs:
    tasks = {code: next((root / "盘" / code).glob("*.slp")) for code in ("D1", "D2")}
    home = pcs.place(root, "考核办")
    units = {code: pcs.place(root, f"{code}的电脑") for code in tasks}
    return Pcs(root, home.desk.open(home.year), {c: p.desk.open(p.year) for c, p in units.items()}, tasks)
