"""What a use case hands back besides its value: which areas have changed, under which name, and whether it can be undone."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Generic, TypeVar

T = TypeVar("T")


class Area(Enum):
    """What a page may show; a change names the areas it has touched."""

    SCHEMES = "schemes"
    UNITS = "units"
    SHEETS = "sheets"
    VOTES = "votes"
    EVENTS = "events"
    RESULTS = "results"
    YEAR = "year"
    EXCHANGE = "exchange"
    REPORTS = "reports"


@dataclass(frozen=True, slots=True)
class Change:
    """The notice after a write. label: the name of the step, as undo shows it (``导入 12 份评分表``)."""

    areas: frozenset[Area]
    label: str
    undoable: bool


@dataclass(frozen=True, slots=True)
class Outcome(Generic[T]):
    """What a writing method returns."""

    value: T
    change: Change
