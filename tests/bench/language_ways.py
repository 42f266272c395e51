"""A yardstick for the scheme that uses every setting: what its 1.44 million marks come to, by float64 numpy.

The textbook computes the marks part only: readings, who counts, all ways of gathering, the groups' weights, the two
nodes that join before they gather, rounding by stages, the roll-up, then rank and grade by it. Votes, events, figures,
results of others, normalisation, conditions and adjustments are in ours alone.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.bench.bench_compute import rank_and_grade
from tests.bench.compute_world import WEIGHTS
from tests.bench.language_world import ABSTAINED, FullWorld

Values = NDArray[np.float64]
PLAIN = (
    "trimmed", "mean", "counted", "all equal", "two and two", "median", "sum", "best", "lowest", "latest", "by kind", "zeros",
)  # fmt: skip
POINTS = np.array([100, 85, 70, 40, np.nan])


def rounded(x: Values) -> Values:
    return np.floor(x * 10000 + 0.5) / 10000


def within(x: Values, method: str) -> tuple[Values, Values]:
    """x[unit, item, rater] with NaN → value and number of values."""
    there = ~np.isnan(x)
    n = there.sum(-1)
    place = np.arange(x.shape[-1])
    if method in ("trimmed", "two and two"):
        k, above = (1, 4) if method == "trimmed" else (2, 8)
        x.sort(axis=-1)
        cut = np.where(n > above, k, 0)
        keep = (place >= cut[..., None]) & (place < (n - cut)[..., None])
        return np.where(keep, x, 0).sum(-1) / (n - 2 * cut), n
    if method == "median":
        x.sort(axis=-1)
        low, high = (n - 1) // 2, n // 2
        take = np.take_along_axis
        return (take(x, low[..., None], -1)[..., 0] + take(x, high[..., None], -1)[..., 0]) / 2, n
    if method == "all equal":
        out = (x == np.nanmax(x, -1, keepdims=True)) | (x == np.nanmin(x, -1, keepdims=True))
        left = (there & ~out).sum(-1)
        cut = (n > 4) & (left > 0)
        keep = there & ~(out & cut[..., None])
        return np.where(keep, x, 0).sum(-1) / keep.sum(-1), n
    if method == "best":
        return np.nanmax(x, -1), n
    if method == "lowest":
        return np.nanmin(x, -1), n
    if method == "latest":
        last = x.shape[-1] - 1 - np.argmax(there[..., ::-1], -1)
        return np.take_along_axis(x, last[..., None], -1)[..., 0], n
    total = np.where(there, x, 0).sum(-1)
    return (total if method == "sum" else total / n), n


def between(values: list[Values], counts: list[Values], method: str, branch: NDArray[np.bool_]) -> Values:
    """The groups' values by their weights."""
    weights = np.array(WEIGHTS, float)[:, None, None] * np.ones((1, len(branch), 1))
    if method == "by kind":
        weights = np.where(
            branch[:, None],
            np.array([40, 20, 20, 10, 10])[:, None, None],
            np.array([10, 20, 30, 20, 20])[:, None, None],
        ).astype(float)
    v, n = np.array(values), np.array(counts)
    if method == "counted":
        weights = weights * n
    present = (n > 0) * weights if method != "zeros" else weights * np.ones_like(n)
    return (np.where(n > 0, v, 0) * present).sum(0) / present.sum(0)  # fmt: skip


def gathered(x: Values, world: FullWorld, method: str, branch: NDArray[np.bool_]) -> Values:
    """x[rater, unit, item] → [unit, item]."""
    values, counts = [], []
    for g in range(5):
        own = np.ascontiguousarray(x[world.group_of == g].transpose(1, 2, 0))
        value, n = within(own, method)
        values.append(rounded(value))
        counts.append(n)
    return between(values, counts, method, branch)


def textbook(world: FullWorld, leading: NDArray[np.bool_]) -> Callable[[], tuple[Values, Any, Any]]:
    """As one writes it in numpy, family by family; ``leading``: where the condition of the bands with one holds."""
    units = [u for u in world.facts.units if u.level == "department"]
    branch = np.array([u.kind == "branch" for u in units])
    series, tag = np.array([int(u.series[-1]) for u in units]), np.array([int(u.tags[0][-1]) for u in units])
    taking = np.array([u.participation != "not_graded" for u in units])
    kinds = branch.astype(int)

    def direct(at: list[int]) -> Values:
        x = world.marks[:, :, at].astype(np.float64)
        x[x <= ABSTAINED] = np.nan
        x[~world.counting] = np.nan
        return x / 100

    def levels(at: list[int]) -> Values:
        codes = world.marks[:, :, at]
        x = POINTS[np.where(codes < 0, 4, codes)]
        x[~world.counting] = np.nan
        return x

    def bands(x: Values, edges: tuple[float, float], points: tuple[float, float, float]) -> Values:
        read = 1.0 * np.where(x >= edges[0], points[0], np.where(x >= edges[1], points[1], points[2]))
        read[np.isnan(x)] = np.nan
        return read

    def places(x: Values, groups: NDArray[np.int64]) -> tuple[Values, Values]:
        before, equal = np.zeros(x.shape), np.zeros(x.shape)
        for g in range(groups.max() + 1):
            own = np.flatnonzero(groups == g)
            one, other = x[:, own, None], x[:, None, own[taking[own]]]
            before[:, own], equal[:, own] = (other > one).sum(-1), (other == one).sum(-1)
        return before, np.where(taking, equal, 1)

    def share(x: Values, groups: NDArray[np.int64], how: Callable[..., Values]) -> Values:
        found = np.zeros(x.shape)
        for g in range(groups.max() + 1):
            own = groups == g
            found[:, own] = x[:, own] / how(x[:, own & taking], axis=1)[:, None]
        return found

    def plain() -> Values:
        found = np.zeros((len(units), 24))
        for n, method in enumerate(PLAIN):
            x = direct([n, n + 12])
            if n == 0:
                x[:, :, 0] = x[:, :, 0] / 2 + 50
            if method == "sum":
                x = x / 60
            if method == "zeros":
                missing = np.isnan(x[:, :, 0]) & world.counting
                x[missing, 0] = 0
            found[:, [n, n + 12]] = gathered(x, world, method, branch)
        return rounded(np.clip(rounded(found), 0, 100))

    def chosen() -> Values:
        found = np.zeros((len(units), 12))
        for n, method in enumerate(("mean", "trimmed", "median", "counted")):
            at = 24 + 3 * n
            x = np.concatenate(
                [
                    levels([at]),
                    bands(direct([at + 1]), (90, 80), (100, 80, 50)),
                    bands(direct([at + 2]), (89.5, 79.5), (100, 75, 60)),
                ],
                axis=2,
            )
            found[:, 3 * n : 3 * n + 3] = gathered(x, world, method, branch)
        return rounded(np.clip(found, 0, 100))  # fmt: skip

    def judged(at: int, method: str) -> Values:
        x = direct([at, at + 1, at + 3, at + 5]).copy()
        x[:, :, 1] /= 2
        own = x.sum(-1) + levels([at + 2])[:, :, 0] + bands(direct([at + 4])[:, :, 0], (90, 80), (100, 80, 50))
        return rounded(gathered(own[:, :, None], world, method, branch)[:, 0])

    def compared() -> Values:
        full, x = np.where(branch, 110.0, 100.0)[:, None], direct(list(range(48, 60)))
        read = np.empty_like(x)
        read[..., :2] = full - x[..., :2] / np.array([10, 5])
        top = np.where(leading[:, None] & (x[..., 2:4] >= 90), 100, np.where(x[..., 2:4] >= 80, 85, 60))
        read[..., 2:4] = np.where(np.isnan(x[..., 2:4]), np.nan, top)
        beyond = (x[..., 4] - 85) / 5
        read[..., 4] = np.where(beyond >= 0, 100 + np.ceil(beyond), 100 - 2 * np.ceil(-beyond))
        beyond = (85 - x[..., 5]) / 5
        read[..., 5] = np.where(beyond >= 0, 90 + np.floor(beyond), 90 - 2 * np.floor(-beyond))
        read[..., 6:8] = x[..., 6:8]
        read[..., 8] = share(x[..., 8], series, np.nanmax) * 100
        read[..., 9] = share(x[..., 9], kinds, np.nanmean) * 90
        before, _ = places(x[..., 10], series)
        read[..., 10] = np.where(before < 3, 100 - 5 * before, 92 - before)
        before, equal = places(x[..., 11], tag)
        read[..., 11] = 100 - 2 * (before + (np.maximum(equal, 1) - 1) / 2)
        read[np.isnan(x)] = np.nan
        found = np.zeros((len(units), 12))
        found[:, ::2] = gathered(read[..., ::2], world, "trimmed", branch)
        found[:, 1::2] = gathered(read[..., 1::2], world, "mean", branch)
        high, low = np.full((len(units), 12), 100.0), np.zeros(12)
        high[:, :2], high[:, 4], low[7] = full, 110, 10
        return rounded(np.clip(rounded(found), low, high))

    def evaluate() -> tuple[Values, Any, Any]:
        with np.errstate(invalid="ignore", divide="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # rows without any mark
            heads = [
                rounded(plain().mean(1)),
                rounded(chosen().mean(1)),
                judged(36, "trimmed"),
                judged(42, "mean"),
                rounded(compared().mean(1)),
            ]
        marks = rounded(sum(h * k for h, k in zip(heads, (0.24, 0.12, 0.01, 0.01, 0.12), strict=True)))
        return marks, *rank_and_grade(marks, series)  # fmt: skip

    return evaluate
