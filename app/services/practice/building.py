"""Builds the practice year step by step, the way an office works: create, send out, take in, enter, compute."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from app.domain.progress import Progress, no_progress

if TYPE_CHECKING:
    from app.services.container import Services

YEAR_FILE = "云岭市2026年度（演练）.slk"


class Creates(Protocol):
    """The part of the desk that the builder needs."""

    def create(
        self, path: Path, scheme_paths: Sequence[Path], register_path: Path | None, who: str, title: str
    ) -> Services:
        """A new year file."""
        ...


def build(desk: Creates, directory: Path, progress: Progress = no_progress) -> Path:
    """Write schemes, register, year file, blank and filled score sheets into ``directory`` and compute the year.

    Returns the path of the year file. Raises what the services raise; a folder that already holds the year file is
    refused by ``create``.
    """
    raise NotImplementedError
