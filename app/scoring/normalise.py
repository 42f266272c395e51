"""Normalisation: the groups of a level made comparable by each group's mean, mean and spread, or best value.

What was used (means, reference, factor) is kept as values, because the explanation tells the very same numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt

from app.domain.facts import Unit
from app.domain.quantities import Quantity, State
from app.domain.schemes import Normalisation, Rounding
from app.scoring.columns import Column
from app.scoring.partitions import partition_of
from app.scoring.parts import takes_part
from app.scoring.rounding import round_value


@dataclass(frozen=True, slots=True)
class Scale:
    """How the values of one group are changed. count: values that take part. mean, spread: the group's own (best:
    its best, as ``mean``). reference, target_spread: what they are brought to. reason: why there is no result.
    unchanged: the group is too small and stays as it is."""

    count: int
    mean: Fraction = Fraction(0)
    spread: Fraction = Fraction(0)
    reference: Fraction = Fraction(0)
    target_spread: Fraction = Fraction(0)
    factor: Fraction = Fraction(1)
    reason: str = ""
    unchanged: bool = False


class Normalised:
    """A column before and after, and the scale of each group."""

    def __init__(
        self, rule: Normalisation, units: Sequence[Unit], before: Column, points: Sequence[Fraction | None]
    ) -> None:
        self.rule = rule
        self.before = before
        self.points = points
        self.group = [partition_of(u, rule.within) for u in units]
        valued = before.valued()
        taking = [i for i, u in enumerate(units) if valued[i] and takes_part(u)]
        self.values: dict[str, list[Fraction]] = {}
        for i in taking:
            self.values.setdefault(self.group[i], []).append(before.exact.at(i))
        self.everything = [v for values in self.values.values() for v in values]
        self.means = [self._mean(v) for v in self.values.values() if len(v) >= self._smallest]
        names = dict.fromkeys(self.group[i] for i in range(len(units)) if valued[i])
        self.scales = {name: self._scale(self.values.get(name, [])) for name in names}
        self.after = Column.of([self._changed(i) for i in range(len(units))])

    @property
    def _smallest(self) -> int:
        return max(self.rule.smallest, 1)

    def _scale(self, values: list[Fraction]) -> Scale:
        count = len(values)
        if count < self._smallest:
            if self.rule.small == "keep":
                return Scale(count, unchanged=True)
            return Scale(count, reason=f"本组参加统一口径的只有 {count} 个，少于 {self._smallest} 个，方案规定无结果")
        if self.rule.method == "mean_ratio":
            return self._mean_ratio(values)
        return self._z_score(values) if self.rule.method == "z_score" else _best(values)

    # ---- mean_ratio

    def _mean(self, values: list[Fraction]) -> Fraction:
        """The mean; for a mean ratio without the extremes, when enough values are there."""
        high, low = (self.rule.high, self.rule.low) if self.rule.method == "mean_ratio" else (0, 0)
        ordered = sorted(values)
        if len(ordered) > high + low:
            ordered = ordered[low : len(ordered) - high]
        return sum(ordered, Fraction(0)) / len(ordered)

    @property
    def reference(self) -> Fraction:
        """What the means are brought to: the mean of the groups' means, or of all values."""
        if self.rule.reference == "all":
            return self._mean(self.everything)
        return sum(self.means, Fraction(0)) / len(self.means)

    def _mean_ratio(self, values: list[Fraction]) -> Scale:
        mean, reference = self._mean(values), self.reference
        if mean == 0:
            return Scale(len(values), mean, reference=reference, reason="本组平均为 0，不能统一口径")
        factor = reference / mean
        if self.rule.digits is not None:
            factor = round_value(factor, Rounding(digits=self.rule.digits))
        return Scale(len(values), mean, reference=reference, factor=factor)

    # ---- z_score

    def _z_score(self, values: list[Fraction]) -> Scale:
        digits = self.rule.digits
        if digits is None:
            return Scale(len(values), reason="方案没有写标准差保留几位，不能统一口径")
        stated_mean, stated_spread = self.rule.target_mean, self.rule.target_spread
        target = self._mean(self.everything) if stated_mean is None else stated_mean
        target_spread = spread_of(self.everything, digits) if stated_spread is None else stated_spread
        return Scale(len(values), self._mean(values), spread_of(values, digits), target, target_spread)

    # ---- one value

    def _changed(self, place: int) -> Quantity:
        before = self.before.quantity(place)
        if before.state is not State.VALUE or before.value is None:
            return before
        scale = self.scales[self.group[place]]
        if scale.unchanged:
            return before
        if scale.reason:
            return Quantity.no_result(scale.reason)
        if self.rule.method == "mean_ratio":
            return Quantity.of(before.value * scale.factor)
        if self.rule.method == "best_ratio":
            return self._of_best(before.value, scale, place)
        if scale.spread == 0:
            return Quantity.of(scale.reference)
        return Quantity.of(scale.reference + (before.value - scale.mean) / scale.spread * scale.target_spread)

    def _of_best(self, value: Fraction, scale: Scale, place: int) -> Quantity:
        times = self.points[place] if self.rule.times == "full" else self.rule.times
        if times is None:
            return Quantity.no_result("没有写满分，不能按本组最高折算")
        return Quantity.of(value / scale.mean * times)


def _best(values: list[Fraction]) -> Scale:
    best = max(values)
    return Scale(len(values), best, reason="" if best else "本组最高为 0，不能统一口径")


def spread_of(values: Sequence[Fraction], digits: int) -> Fraction:
    """The standard deviation (÷ n), its root rounded half up to so many decimals without any binary float."""
    mean = sum(values, Fraction(0)) / len(values)
    variance = sum(((v - mean) ** 2 for v in values), Fraction(0)) / len(values)
    scale = 10**digits
    doubled = isqrt(4 * scale * scale * variance.numerator // variance.denominator)  # of 2 × root × scale, downwards
    return Fraction((doubled + 1) // 2, scale)
