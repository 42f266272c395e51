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
    """The issue counts first, then the time of saving; the time on the disk only breaks a tie. A time on the disk alone
    proves nothing."""
    issue = file.issue - other.issue
    both = bool(file.saved and other.saved)
    if not issue and not both:
        return Age.UNKNOWN
    saved = file.saved - other.saved if both else 0
    touched = file.modified - other.modified
    first = issue or saved or touched
    if first <= 0:
        return Age.OLDER if first else Age.UNKNOWN
    return Age.DOUBTFUL if saved < 0 or touched < -_SLACK else Age.NEWER
