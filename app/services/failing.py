"""What nobody has named yet: faults of the world get their name, our own bugs a crash file for the technician."""

from __future__ import annotations

import platform
import tempfile
import time
import traceback
from pathlib import Path

from app.domain.errors import AppError, Fault
from app.storage.faults import named_errors


def named(error: Exception, folder: Path) -> AppError:
    """The named error for any exception. One that is no fault of the world is SYS_UNEXPECTED; its traceback is written
    into ``folder`` (or the system's temporary folder, when that cannot be written to)."""
    if isinstance(error, AppError):
        return error
    place = str(getattr(error, "filename", None) or "")
    try:
        with named_errors(Path(place)):
            raise error
    except AppError as known:
        return known if place else AppError(known.fault)
    except Exception:
        return AppError(Fault.SYS_UNEXPECTED, _told(error, folder))


def _told(error: Exception, folder: Path) -> str:
    what = f"{type(error).__name__}（{_place(error)}）。"
    report = _report(error)
    for there in (folder, Path(tempfile.gettempdir())):
        file = there / f"crash-{time.strftime('%Y%m%d-%H%M%S')}-{time.time_ns() % 1_000_000:06d}.txt"
        try:
            there.mkdir(parents=True, exist_ok=True)
            file.write_text(report, encoding="utf-8")
        except OSError:
            continue
        return f"{what}详情已写入 {file}。"
    return what


def _report(error: Exception) -> str:
    system = f"Python {platform.python_version()} · {platform.system()} {platform.release()}"
    return f"{system}\n\n{''.join(traceback.format_exception(error))}"


def _place(error: Exception) -> str:
    """Module and line of the innermost frame."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
