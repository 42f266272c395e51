"""What a chart shows, as plain values with their texts ready; floats here are only places on paper."""

from __future__ import annotations

from typing import NamedTuple


class Target(NamedTuple):
    """The figure behind an element of a chart: a click opens the 依据 of this quantity of this unit."""

    unit: str
    quantity: str = "grade"


class Heading(NamedTuple):
    """Title and the small lines around a chart. practice: the picture is marked 演练数据."""

    title: str
    note: str = ""
    practice: bool = False


class Bar(NamedTuple):
    """One unit. value: place on the axis (none: no bar, the text says why). grade: index in the ladder, 0 is best
    (-1: none). moved: name of the grade it would have had without adjustment or decision (empty: the same)."""

    unit: str
    name: str
    rank: str
    value: float | None
    text: str
    grade: int
    grade_name: str
    moved: str = ""


class ScoreLine(NamedTuple):
    """An upright line across the bars: a score line of the ladder, or where a quota closed. A quota line stands
    below the bar of the unit that came in last (``after``: index of the bar), not at a value."""

    text: str
    value: float | None = None
    after: int | None = None


class RankingBars(NamedTuple):
    """Bars sideways, best first. low, high: ends of the axis; low above 0 is said in the picture."""

    heading: Heading
    bars: tuple[Bar, ...]
    lines: tuple[ScoreLine, ...]
    low: float
    high: float
    grade_count: int = 4


class HeatCell(NamedTuple):
    """One value. share: of the full points, 0 to 1 (none: not applicable or no result, as the text says)."""

    share: float | None
    text: str
    quantity: str


class HeatMap(NamedTuple):
    """Units down, items across; colours by share of the full points between low and high (0 to 1)."""

    heading: Heading
    units: tuple[tuple[str, str], ...]
    items: tuple[tuple[str, str], ...]
    cells: tuple[tuple[HeatCell, ...], ...]
    low: float
    high: float


class Spoke(NamedTuple):
    """One direction of the radar: shares (0 to 1) of the unit, and of the series' mean and best; text: the unit's
    points; shares: the three as percent, as shown."""

    quantity: str
    name: str
    own: float | None
    mean: float | None
    best: float | None
    text: str
    shares: tuple[str, str, str] = ("—", "—", "—")


class Radar(NamedTuple):
    """One unit against its series."""

    heading: Heading
    unit: str
    name: str
    spokes: tuple[Spoke, ...]
    low: float = 0.0


class Brick(NamedTuple):
    """One unit in the distribution. moved: came here by an adjustment or a decision."""

    unit: str
    name: str
    rank: str
    moved: bool


class GradeShare(NamedTuple):
    """The units of one grade in one series. grade: index in the ladder (-1: no grade); limit: the quota in words."""

    grade: int
    name: str
    bricks: tuple[Brick, ...]
    share: str
    limit: str = ""


class Distribution(NamedTuple):
    """Grades of each series: (name of the series, its grades best first)."""

    heading: Heading
    series: tuple[tuple[str, tuple[GradeShare, ...]], ...]
    grade_count: int = 4


class Dot(NamedTuple):
    """One unit. x, y: places; texts: the exact values as shown."""

    unit: str
    name: str
    x: float
    y: float
    x_text: str
    y_text: str
    grade: int
    grade_name: str


class Scatter(NamedTuple):
    """Two quantities of all units. x_name, y_name: what the axes show."""

    heading: Heading
    x_name: str
    y_name: str
    dots: tuple[Dot, ...]
    grade_count: int = 4


ChartValue = RankingBars | HeatMap | Radar | Distribution | Scatter
