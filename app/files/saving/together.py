"""Several new files into one folder: all of them or none, and nothing that lies there is replaced."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from app.domain.errors import AppError
from app.files.saving.aside import aside
from app.files.saving.whole import file_error, move_over


def write_together(out_dir: Path, files: Sequence[tuple[str, bytes]]) -> tuple[Path, ...]:
    """Write (name, bytes) into the folder, made when missing; a name that is taken gets a number. Raises a named
    AppError; then none of them is there."""
    moved: list[Path] = []
    try:
        out_dir.mkdir(parents=True, exist_ok=True)
        with aside(out_dir) as place:
            for number, (_, data) in enumerate(files):
                with (place / f"{number}.part").open("xb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
            for number, (name, _) in enumerate(files):
                target = _free(out_dir / name)
                move_over(place / f"{number}.part", target)
                moved.append(target)
    except (OSError, AppError) as error:
        for path in moved:
            path.unlink(missing_ok=True)
        raise error if isinstance(error, AppError) else file_error(error, out_dir) from error
    return tuple(moved)


def _free(path: Path) -> Path:
    number, free = 2, path
    while free.exists():
        free, number = path.with_stem(f"{path.stem}（{number}）"), number + 1
    return free
