"""A quantity for every unit of a level: exact values, and for the units without one the reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from app.domain.quantities import Quantity, State
from app.scoring.exact import Exact, Integers

States = NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Column:
    """state: None when every unit has a value (the usual case costs nothing). Values where there is none are 0 and
    mean nothing."""

    exact: Exact
    state: States | None = None
    reasons: dict[int, str] = field(default_factory=dict[int, str])

    @classmethod
    def of(cls, quantities: Sequence[Quantity]) -> Column:
        """From one quantity per unit."""
        exact = Exact.of([q.value if q.value is not None else Fraction(0) for q in quantities])
        if all(q.state is State.VALUE for q in quantities):
            return cls(exact)
        state = np.array([q.state for q in quantities], dtype=np.int8)
        return cls(exact, state, {i: q.reason for i, q in enumerate(quantities) if q.state is not State.VALUE})

    @classmethod
    def merged(cls, count: int, parts: Sequence[tuple[Integers, Column]]) -> Column:
        """From columns of some units each; every unit must be in one of them."""
        exact = Exact(np.zeros(count, np.int64), 1)
        state, reasons = np.zeros(count, np.int8), dict[int, str]()
        for where, part in parts:
            exact = exact.placed(where, part.exact)
            state[where] = part.states()
            if part.reasons:
                reasons.update(zip(where[list(part.reasons)].tolist(), part.reasons.values(), strict=True))
        return cls(exact, state if state.any() else None, reasons)

    def take(self, where: Integers) -> Column:
        """The column of some units."""
        exact = self.exact.take(where)
        if self.state is None:
            return Column(exact)
        state = self.state[where]
        if not self.reasons:
            return Column(exact, state)
        gone = np.flatnonzero(state)
        found = zip(gone.tolist(), where[gone].tolist(), strict=True)
        return Column(exact, state, {i: self.reasons[p] for i, p in found if p in self.reasons})

    @property
    def count(self) -> int:
        """Number of units."""
        return len(self.exact.num)

    def states(self) -> States:
        """The state of every unit, written out."""
        return np.zeros(self.count, np.int8) if self.state is None else self.state

    def valued(self) -> NDArray[np.bool_]:
        """Where there is a value."""
        return np.ones(self.count, np.bool_) if self.state is None else self.state == State.VALUE

    def quantity(self, index: int) -> Quantity:
        """The quantity of one unit."""
        state = State.VALUE if self.state is None else State(int(self.state[index]))
        if state is State.VALUE:
            return Quantity.of(self.exact.at(index))
        return Quantity(state, None, self.reasons.get(index, ""))

    def quantities(self) -> list[Quantity]:
        """The quantity of every unit."""
        if self.state is not None:
            return [self.quantity(index) for index in range(self.count)]
        den = self.exact.den
        return [Quantity(State.VALUE, Fraction(num, den)) for num in self.exact.num.tolist()]

    def mapped(self, change: Callable[[Exact], Exact]) -> Column:
        """The same states with other values."""
        return Column(change(self.exact), self.state, self.reasons)

    def without(self, where: dict[int, str], state: State) -> Column:
        """With the named units (index → reason) turned into units without a value."""
        if not where:
            return self
        states = self.states().copy()
        states[list(where)] = state
        return Column(self.exact, states, {**self.reasons, **where})
