"""Random choices in few words, and the themes of a world: the settings that have their turn in it."""

from __future__ import annotations

from fractions import Fraction
from random import Random
from typing import Any

from app.domain.schemes import Rounding

PARTITIONS = ("series", "kind", "parent", "level", "tag:grp")
MODES = ("half_up", "half_even", "down", "up")

# Settings that the engine does not know yet are named here and not generated.
NOT_YET: frozenset[str] = frozenset()


class Dice:
    """With hypothesis' Random every choice can be shrunk. Each world has a few themes out of all that ``wants`` is
    ever asked for, so that these meet each other and do not drown in everything else."""

    def __init__(self, random: Random, themes: dict[str, bool] | None = None) -> None:
        self.random = random
        self.themes: dict[str, bool] = {} if themes is None else themes
        self.coarse = self.chance(40)  # nearly equal values everywhere: ties
        self.odd = self.chance(8)  # weights and factors that no machine integer holds in the end

    def chance(self, percent: int) -> bool:
        return self.random.randrange(100) >= 100 - percent

    def wants(self, theme: str, percent: int = 40, worlds: int = 15) -> bool:
        """Whether to use the setting here: in ``worlds`` percent of the worlds, there ``percent`` of the times."""
        if theme not in self.themes:
            self.themes[theme] = theme not in NOT_YET and self.chance(worlds)
        return self.themes[theme] and self.chance(percent)

    def pick(self, options: Any) -> Any:
        options = list(options)
        return options[self.random.randrange(len(options))]

    def number(self, low: int, high: int) -> int:
        return low + self.random.randrange(high - low + 1)

    def some(self, options: Any, percent: int = 50) -> tuple[Any, ...]:
        return tuple(o for o in options if self.chance(percent))

    def at_least_one(self, options: Any) -> tuple[Any, ...]:
        return self.some(options) or (self.pick(options),)

    def weight(self, *usual: int | Fraction) -> Fraction:
        odd = (Fraction(1, 7), Fraction(355, 113), Fraction(10**9 + 7, 998244353), Fraction(1, 2**31 - 1))
        return self.pick(odd) if self.odd else Fraction(self.pick(usual))

    def value(self, top: int = 100) -> Fraction:
        """Often a round number, so that ties, halves and lines are hit."""
        kind = 0 if self.coarse else self.number(0, 5)
        if kind <= 2:
            return Fraction(self.number(0, 4) * top, 4)
        if kind == 3:
            return Fraction(self.number(0, 2 * top), 2)
        return Fraction(self.number(0, top * 100), 100)

    def rounding(self, percent: int = 30) -> Rounding | None:
        if not self.chance(percent):
            return None
        return Rounding(digits=self.number(0, 2), mode=self.pick(MODES))
