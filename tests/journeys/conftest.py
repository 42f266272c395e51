"""The window of the journeys is the one of the window's tests; the built program is made once."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.journeys.computers import NAME
from tests.ui.conftest import closed_shell, notices

__all__ = ["built", "closed_shell", "notices"]

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def built() -> Path:
    """The folder that the build command has made and tried out. BUILT_PROGRAM names one that is there already."""
    if given := os.environ.get("BUILT_PROGRAM"):
        return Path(given)
    command = ROOT / ("build.bat" if os.name == "nt" else "build")
    done = subprocess.run([command], capture_output=True, encoding="utf-8", errors="replace", check=False)
    assert done.returncode == 0, done.stderr
    return ROOT / "dist" / NAME
