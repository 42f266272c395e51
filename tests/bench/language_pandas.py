"""Yardsticks for the scheme that uses every setting: its marks part by pandas, the same rules to the end, in two ways.

Both start from long frames with one row for each mark that counts, plain marks as they are read (ours has those too).
Timed are: gathering in the groups, the groups' weights, the readings that compare, the two nodes that join before they
gather, limits, rounding by stages, roll-up, rank and grade. "by columns" uses what pandas computes for whole columns
(rank and filter, transform, agg), as the yardstick of the first year; "by apply" hands each unit, item and group to a
function of a few lines, as an office's script does. bench_language compares their results with the textbook's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas
from numpy.typing import NDArray

from tests.bench.compute_world import WEIGHTS
from tests.bench.language_ways import PLAIN, POINTS, rounded
from tests.bench.language_world import ABSTAINED, FullWorld

KEYS = ["u", "i", "g"]
CHOSEN = ("mean", "trimmed", "median", "counted")
BRANCH_WEIGHTS, OTHER_WEIGHTS = (40, 20, 20, 10, 10), (10, 20, 30, 20, 20)
Frame = Any
Gather = Callable[[str, Frame], Frame]


# ---- gathering in one group


def by_columns(method: str, long: Frame) -> Frame:
    """Unit, item, group → value; whole columns at once."""
    by = long.groupby(KEYS)["v"]
    if method in ("trimmed", "two and two"):
        k, above = (1, 4) if method == "trimmed" else (2, 8)
        size, up = by.transform("size"), by.rank(method="first")
        return long[(size <= above) | ((up > k) & (up <= size - k))].groupby(KEYS)["v"].mean()
    if method == "all equal":
        inside = (long["v"] != by.transform("max")) & (long["v"] != by.transform("min"))
        left = inside.groupby([long[k] for k in KEYS]).transform("sum")
        return long[inside | (by.transform("size") <= 4) | (left == 0)].groupby(KEYS)["v"].mean()
    return by.agg(
        {"median": "median", "sum": "sum", "best": "max", "lowest": "min", "latest": "last"}.get(method, "mean")
    )


def _without_ends(k: int, above: int) -> Callable[[Any], float]:
    return lambda v: v.sort_values().iloc[k:-k].mean() if len(v) > above else v.mean()


def _without_equal_ends(v: Any) -> float:
    left = v[(v != v.max()) & (v != v.min())]
    return left.mean() if len(v) > 4 and len(left) else v.mean()


RULES: dict[str, Callable[[Any], float]] = {
    "trimmed": _without_ends(1, 4),
    "two and two": _without_ends(2, 8),
    "all equal": _without_equal_ends,
    "median": lambda v: v.median(),
    "sum": lambda v: v.sum(),
    "best": lambda v: v.max(),
    "lowest": lambda v: v.min(),
    "latest": lambda v: v.iloc[-1],
}


def by_apply(method: str, long: Frame) -> Frame:
    """The same, group by group."""
    return long.groupby(KEYS)["v"].apply(RULES.get(method, lambda v: v.mean()))


# ---- everything after it


def with_pandas(world: FullWorld, leading: NDArray[np.bool_], gather: Gather) -> Callable[[], NDArray[np.float64]]:
    """The marks part of each unit; ``leading``: where the condition of the bands with one holds."""
    departments = [u for u in world.facts.units if u.level == "department"]
    units = pandas.DataFrame(
        {
            "series": [u.series for u in departments],
            "kind": [u.kind for u in departments],
            "tag": [u.tags[0] for u in departments],
            "taking": [u.participation != "not_graded" for u in departments],
            "leading": leading,
        }
    )
    branch = (units["kind"] == "branch").to_numpy()
    frames = _frames(world)
    compared = frames.pop("compared").join(units, on="u")

    def joined(method: str, long: Frame) -> Frame:
        """Unit by item, over the groups."""
        values = rounded(gather(method, long).unstack("g"))
        weights = np.array(WEIGHTS, dtype=float) * np.ones((len(values), 1))
        if method == "by kind":
            own = branch[values.index.get_level_values("u")]
            weights = np.where(own[:, None], BRANCH_WEIGHTS, OTHER_WEIGHTS).astype(float)
        if method == "counted":
            weights = weights * long.groupby(KEYS)["v"].size().unstack("g").fillna(0).to_numpy()
        there = weights if method == "zeros" else values.notna() * weights
        return ((values.fillna(0) * weights).sum(axis=1) / there.sum(axis=1)).unstack("i")

    def flat(methods: dict[str, Frame]) -> Any:
        columns = pandas.concat([joined(m, long) for m, long in methods.items()], axis=1)
        return rounded(rounded(rounded(columns).clip(0, 100)).mean(axis=1))

    def judged(method: str, long: Frame) -> Any:
        whole = long.groupby(["u", "g", "e"])["v"].agg(["sum", "size"]).query("size == 6")["sum"]
        own = whole.rename("v").reset_index().assign(i=0)
        return rounded(joined(method, own)[0])

    def beside() -> Any:
        read = _read(compared)
        values = pandas.concat(
            [joined("trimmed", read[read["i"] % 2 == 0]), joined("mean", read[read["i"] % 2 == 1])], axis=1
        ).sort_index(axis=1)
        high = pandas.DataFrame(100.0, index=values.index, columns=values.columns)
        high[48] = high[49] = np.where(branch, 110.0, 100.0)
        high[52] = 110.0
        low = pandas.Series(0.0, index=values.columns)
        low[55] = 10.0
        return rounded(rounded(rounded(values).clip(lower=low, axis=1).clip(upper=high)).mean(axis=1))

    def run() -> NDArray[np.float64]:
        heads = (
            (flat(frames["plain"]), 0.24),
            (flat(frames["chosen"]), 0.12),
            (judged("trimmed", frames["judged"]["first"]), 0.01),
            (judged("mean", frames["judged"]["second"]), 0.01),
            (beside(), 0.12),
        )
        marks = rounded(sum(head * share for head, share in heads))
        rank = marks.groupby(units["series"]).rank(method="min", ascending=False)
        places = (rank.groupby(units["series"]).transform("size") * 0.3 + 0.5).astype(int)
        _ = np.select([(marks >= 85) & (rank <= places), marks >= 80, marks >= 60], [0, 1, 2], 3)
        return marks.to_numpy()

    return run


def _read(long: Frame) -> Frame:
    """Marks whose reading looks at more than themselves."""
    parts: list[Frame] = []
    for item, own in long.groupby("i"):
        v = own["v"]
        if item in (48, 49):
            read = np.where(own["kind"] == "branch", 110, 100) - v / (10 if item == 48 else 5)
        elif item in (50, 51):
            read = np.select([own["leading"] & (v >= 90), v >= 80], [100, 85], 60)
        elif item == 52:
            read = np.where(v >= 85, 100 + np.ceil((v - 85) / 5), 100 - 2 * np.ceil((85 - v) / 5))
        elif item == 53:
            read = np.where(v <= 85, 90 + np.floor((85 - v) / 5), 90 - 2 * np.floor((v - 85) / 5))
        elif item == 56:
            read = v / v.where(own["taking"]).groupby([own["e"], own["series"]]).transform("max") * 100
        elif item == 57:
            read = v / v.where(own["taking"]).groupby([own["e"], own["kind"]]).transform("mean") * 90
        elif item == 58:
            before, _ = _places(own, "series")
            read = np.where(before < 3, 100 - 5 * before, 92 - before)
        elif item == 59:
            before, equal = _places(own, "tag")
            read = 100 - 2 * (before + (equal - 1) / 2)
        else:
            read = v
        parts.append(own.assign(v=read))
    return pandas.concat(parts)


def _places(own: Frame, within: str) -> tuple[Any, Any]:
    """How many units that take part are better on the same sheet, and how many are equal (who takes no part: itself)."""
    better, equal = pandas.Series(0.0, index=own.index), pandas.Series(1.0, index=own.index)
    for _, sheet in own.groupby(["e", within]):
        others = np.sort(sheet.loc[sheet["taking"], "v"])
        right = np.searchsorted(others, sheet["v"], side="right")
        better[sheet.index] = len(others) - right
        same = right - np.searchsorted(others, sheet["v"], side="left")
        equal[sheet.index] = np.where(sheet["taking"], same, 1)
    return better, equal


# ---- the frames


def _frames(world: FullWorld) -> dict[str, Any]:
    """One row for each mark that counts."""

    def frame(at: list[int], read: Callable[[int, NDArray[Any]], NDArray[Any]]) -> Frame:
        codes = world.marks[:, :, at]
        values = np.stack([read(i, codes[:, :, n]) for n, i in enumerate(at)], axis=2)
        values[~world.counting] = np.nan
        e, u, i = np.indices(codes.shape)
        long = pandas.DataFrame(
            {
                "e": e.ravel(),
                "u": u.ravel(),
                "i": np.array(at)[i.ravel()],
                "g": world.group_of[e.ravel()],
                "v": values.ravel(),
            }
        )
        return long[long["v"].notna()].reset_index(drop=True)

    def direct(_: int, codes: NDArray[Any]) -> NDArray[Any]:
        return np.where(codes <= ABSTAINED, np.nan, codes / 100)

    def levels(_: int, codes: NDArray[Any]) -> NDArray[Any]:
        return POINTS[np.where(codes < 0, 4, codes)]

    def bands(edges: tuple[float, float], points: tuple[float, float, float], codes: NDArray[Any]) -> NDArray[Any]:
        x = direct(0, codes)
        read = np.where(x >= edges[0], points[0], np.where(x >= edges[1], points[1], points[2]))
        return np.where(np.isnan(x), np.nan, read)

    def plain(i: int, codes: NDArray[Any]) -> NDArray[Any]:
        x = direct(i, codes)
        if PLAIN[i % 12] == "sum":
            return x / 60
        if i == 11:
            return np.where(np.isnan(x), 0, x)
        return x / 2 + 50 if i == 0 else x

    def chosen(i: int, codes: NDArray[Any]) -> NDArray[Any]:
        kinds = (
            lambda: levels(i, codes),
            lambda: bands((90, 80), (100, 80, 50), codes),
            lambda: bands((89.5, 79.5), (100, 75, 60), codes),
        )
        return kinds[(i - 24) % 3]()

    def joined(i: int, codes: NDArray[Any]) -> NDArray[Any]:
        place = (i - 36) % 6
        if place == 2:
            return levels(i, codes)
        if place == 4:
            return bands((90, 80), (100, 80, 50), codes)
        return direct(i, codes) / (2 if place == 1 else 1)

    return {
        "plain": {method: frame([n, n + 12], plain) for n, method in enumerate(PLAIN)},
        "chosen": {m: frame([24 + 3 * n, 25 + 3 * n, 26 + 3 * n], chosen) for n, m in enumerate(CHOSEN)},
        "judged": {"first": frame([*range(36, 42)], joined), "second": frame([*range(42, 48)], joined)},
        "compared": frame([*range(48, 60)], direct),
    }
