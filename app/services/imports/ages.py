"""Which of two files of one sheet is the newer, and how sure that is. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum, auto

_SLACK = 2  # seconds to which a stick knows the time of a file


@dataclass(frozen=True, slots=True)
class Stamp:
    """What tells how old a sheet is, the surest first. issue: of the hand-out; saved: as the program that saved it
    wrote into it, it travels with the file (seconds since 1970, 0: not told); modified: the file's time on the disk,
    which copying, mail and unpacking may set anew."""

    issue: int
    saved: float
    modified: float

    @property
    def text(self) -> str:
        """The time of saving as people read it, in the time of this computer."""
        if self.saved:
            return f"{_clock(self.saved)} 保存"
        return f"文件里没有保存时间，文件日期 {_clock(self.modified)}"


def _clock(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).astimezone().strftime("%Y-%m-%d %H:%M:%S")


NO_FILE = Stamp(0, 0, 0)


class Age(Enum):
    """How one file stands to another. DOUBTFUL: what counts first says newer, another sign says older. UNKNOWN: nothing
    in the files tells."""

    NEWER = auto()
    DOUBTFUL = auto()
    OLDER = auto()
    UNKNOWN = auto()


def age_of(file: Stamp, other: Stamp) -> Age:
    """The issue counts first, then the time of saving; the time on the disk only breaks a tie, or says when at the
    latest a file without a time of its own was saved. Alone it proves nothing."""
    issue = file.issue - other.issue
    saved = _later(file, other)
    if not issue and saved is None:
        return Age.UNKNOWN
    touched = file.modified - other.modified
    first = issue or saved or touched
    if first <= 0:
        return Age.OLDER if first else Age.UNKNOWN
    return Age.DOUBTFUL if (saved or 0) < 0 or touched < -_SLACK else Age.NEWER


def _later(file: Stamp, other: Stamp) -> float | None:
    """By how many seconds the file was saved later; none: it cannot be told. A file is never saved after the time it
    bears on the disk."""
    if file.saved and other.saved:
        return file.saved - other.saved
    if file.saved > other.modified:
        return file.saved - other.modified
    if other.saved > file.modified:
        return file.modified - other.saved
    return None
