"""The open year: what it is, and where it stands in the five acts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from app.domain.findings import Severity
from app.services.changes import Outcome

ActId = Literal["prepare", "report", "review", "assess", "follow_up"]
PageId = Literal["desk", "schemes", "units", "sheets", "results", "charts", "records"]


@dataclass(frozen=True, kw_only=True, slots=True)
class YearInfo:
    """What stands at the top of the window. stage: the act the year is in, in Chinese; secrecy: 密级, may be empty;
    file_id: random id of the year file, part of every sheet's identity."""

    path: Path
    year: int
    title: str
    practice: bool
    secrecy: str
    stage: str
    read_only: bool
    file_id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class OverviewLine:
    """One thing that is missing or to be looked at. who: names of those it waits for; page and target: where it is
    settled (target: id of a scheme, unit or sheet; may be empty)."""

    text: str
    severity: Severity
    page: PageId
    target: str = ""
    who: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Act:
    """One act and its bar: done of total; unit says what is counted (``份评分表``). total 0: nothing to do here."""

    id: ActId
    name: str
    done: int
    total: int
    counted: str
    lines: tuple[OverviewLine, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """Where the year stands, act by act."""

    acts: tuple[Act, ...]


class YearService:
    """The year as a whole."""

    def info(self) -> YearInfo:
        """What the year is."""
        raise NotImplementedError

    def overview(self) -> Overview:
        """Where the year stands: a bar per act, what is missing and from whom."""
        raise NotImplementedError

    def set_secrecy(self, secrecy: str) -> Outcome[YearInfo]:
        """Set the 密级 shown at the top and on exports; empty: none."""
        raise NotImplementedError
