"""The window of the journeys is the one of the window's tests; the built program is made once."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from tests.journeys.computers import NAME
from tests.ui.conftest import closed_shell, notices

__all__ = ["built", "closed_shell", "notices"]

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the build command has made and tried out. BUILT_PROGRAM names one that is there already."""
    if given := os.environ.get("BUILT_PROGRAM"):
        return Path(given)
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    with closing(sqlite3.connect(shared / "built", timeout=1800, isolation_level=None)) as first:
        first.execute("BEGIN EXCLUSIVE")  # of several test processes one builds, the others wait for it
        if not first.execute("PRAGMA user_version").fetchone()[0]:
            command = ROOT / ("build.bat" if os.name == "nt" else "build")
            done = subprocess.run([command], capture_output=True, encoding="utf-8", errors="replace", check=False)
            assert done.returncode == 0, done.stderr
            first.execute("PRAGMA user_version = 1")
        first.execute("COMMIT")
    return ROOT / "dist" / NAME
