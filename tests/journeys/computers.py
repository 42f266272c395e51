"""Two empty folders as PCs, and the program on them: from its source inside this process, or the built one."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

NAME = "三联考评"
PROGRAM = f"{NAME}.exe" if os.name == "nt" else NAME


@dataclass(frozen=True, slots=True)
class Said:
    """What one call of the program has said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[[Path, Sequence[str]], Said]


@dataclass(frozen=True, slots=True)
class Computer:
    """A folder that stands for a PC: all its files, and the program's own, are in it."""

    folder: Path
    run: Run

    def __truediv__(self, name: str) -> Path:
        return self.folder / name

    def call(self, *words: str | Path) -> Said:
        """One verb, answered as JSON."""
        return self.run(self.folder / "own", [*(str(word) for word in words), "--json"])


def environment(own: Path, **more: str) -> dict[str, str]:
    """A machine without Python and without a display; the program's own files go to ``own``."""
    usual = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    return usual | {"SLK_HOME": str(own), "QT_QPA_PLATFORM": "offscreen"} | more


def built_run(program: Path) -> Run:
    """Runs the built program."""

    def run(own: Path, words: Sequence[str]) -> Said:
        command = [program, *words]
        done = subprocess.run(command, env=environment(own), capture_output=True, check=False, timeout=600)
        return Said(done.returncode, done.stdout.decode(), done.stderr.decode(errors="replace"))

    return run
