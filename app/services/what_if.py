"""What if: one scheme's totals, ranks and grades kept at hand, so that a changed rule or mark shows at once.

Nothing is read or stored after the start, so it may be asked from the window's own thread: an answer takes about a
millisecond where a whole evaluation takes ten times that.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from app.domain.errors import AppError, Fault
from app.domain.schemes import Scheme
from app.scoring.live import Live
from app.scoring.outcome import Outcome
from app.services.comparison import ResultChange


@dataclass(frozen=True, slots=True)
class Figures:
    """What one unit comes to: exact total (None: no result), rank, final grade id ("" for none)."""

    total: Fraction | None
    rank: int | None
    grade: str


class WhatIf:
    """Changes follow one another; ``reset`` goes back to the start. Only this scheme: what the schemes above make of
    it, a computation shows."""

    def __init__(self, start: Outcome) -> None:
        self._start = start
        self._before = _figures(self._start)
        self._live = Live(self._start)

    def reset(self) -> None:
        """Forget every change."""
        self._live = Live(self._start)

    def with_scheme(self, scheme: Scheme) -> tuple[ResultChange, ...]:
        """Units that stand differently under a changed scheme, against the start, in official order."""
        return self._moved(self._live.reschemed(scheme))

    def with_mark(self, evaluator: str, unit: str, item: str, written: Fraction | str) -> tuple[ResultChange, ...]:
        """Units that stand differently with another mark (a number, a level, 弃权 …). Raises NOT_FOUND, INPUT_BAD."""
        try:
            return self._moved(self._live.remarked(evaluator, unit, item, written))
        except (KeyError, StopIteration) as error:
            raise AppError(Fault.NOT_FOUND, f"没有 {evaluator} 对 {unit} 的 {item}。") from error
        except ValueError as error:
            raise AppError(Fault.INPUT_BAD, f"{error}。") from error

    def figures(self) -> dict[str, Figures]:
        """Unit → what it comes to after the changes so far."""
        return _figures(self._live.outcome)

    def _moved(self, outcome: Outcome) -> tuple[ResultChange, ...]:
        after = _figures(outcome)
        return tuple(
            ResultChange(
                scheme=outcome.board.scheme.id,
                unit=unit.code,
                name=unit.name,
                series=unit.series,
                total_before=old.total,
                total_after=new.total,
                rank_before=old.rank,
                rank_after=new.rank,
                grade_before=old.grade,
                grade_after=new.grade,
            )
            for unit in outcome.board.units
            if (old := self._before[unit.code]) != (new := after[unit.code])
        )


def _figures(outcome: Outcome) -> dict[str, Figures]:
    total, ranks, grades = outcome.board.total, outcome.ranks, outcome.grades
    valued = total.valued().tolist()
    return {
        unit.code: Figures(total.exact.at(i) if valued[i] else None, ranks.get(unit.code), grades[unit.code])
        for i, unit in enumerate(outcome.board.units)
    }
