"""What a reading does to one value, what a normalisation did, and which conditions hold, in an office's words."""

from __future__ import annotations

from fractions import Fraction

from app.domain.schemes import (
    BEFORE,
    BandsReading,
    Condition,
    DirectReading,
    Normalisation,
    RankReading,
    RatioReading,
    Reading,
    ThresholdReading,
    looks_across,
)
from app.scoring.board import Board
from app.scoring.normalise import Normalised
from app.scoring.partitions import partition_text
from app.scoring.readings import (
    Given,
    Peers,
    band_of,
    places_of,
    read_value,
    reference_of,
    steps_of,
    target_of,
)
from app.scoring.wording import exact_text, quantity_text

_TESTS = {">=": "不低于", ">": "高于", "<=": "不高于", "<": "低于", "=": "等于", "!=": "不等于"}
_BUILT_IN = {"total": "总分", "zero_items": "得 0 分的指标数"}
_TO = {"target": "目标", "standard": "标准", "number": "参照数", "best": "最高", "lowest": "最低", "average": "平均"}
_COUNTS = {"proportional": "按比例算", "full": "只算满步", "started": "不满一步按一步，算"}


def quantity_name(board: Board, quantity: str) -> str:
    """The name of a part, a measure or a built-in quantity."""
    if quantity.startswith(BEFORE):
        return f"{quantity_name(board, quantity.removeprefix(BEFORE))}（统一口径之前）"
    return _BUILT_IN.get(quantity) or (board.parts[quantity].name if quantity in board.parts else quantity)


def condition_text(board: Board, condition: Condition, place: int) -> str:
    """A condition with the figure it looked at, and its alternatives."""
    value = board.column(condition.quantity).quantity(place)
    name = quantity_name(board, condition.quantity)
    text = f"“{name}”应{_TESTS[condition.test]} {exact_text(condition.value)}，实为 {quantity_text(value)}"
    return "；或".join([text, *(condition_text(board, other, place) for other in condition.alternatives)])


def conditions_text(board: Board, conditions: tuple[Condition, ...], place: int) -> str:
    """Several conditions that all must hold."""
    return "；".join(condition_text(board, c, place) for c in conditions)


def group_text(board: Board, within: str, place: int) -> str:
    """The units that a unit is compared with."""
    return partition_text(board.units[place], within)


def reading_text(board: Board, reading: Reading, value: Fraction, given: Given, place: int) -> str:
    """What the reading makes of the value, with all it looked at; empty when it leaves the value alone."""
    if isinstance(reading, DirectReading):
        return _direct(reading, value, given)
    if isinstance(reading, BandsReading):
        return _bands(board, reading, value, given, place)
    if isinstance(reading, ThresholdReading):
        return _threshold(reading, value, given)
    if isinstance(reading, RatioReading):
        return _ratio(board, reading, value, given, place)
    return _rank(board, reading, value, given, place) if isinstance(reading, RankReading) else ""


def _points(reading: Reading, value: Fraction, given: Given) -> str:
    return quantity_text(read_value(reading, value, given))


def _direct(reading: DirectReading, value: Fraction, given: Given) -> str:
    base = given.amount(reading.base)
    if base == 0:
        return f"{exact_text(value)} 乘 {exact_text(reading.factor)}" if reading.factor != 1 else ""
    start = "满分（没有写）" if base is None else exact_text(base)
    times = f"{exact_text(value)}" + (f"×{exact_text(reading.factor)}" if reading.factor != 1 else "")
    if reading.factor == -1:
        return f"{start} 减 {exact_text(value)}"
    return f"{start} 加 {times}"


def _bands(board: Board, reading: BandsReading, value: Fraction, given: Given, place: int) -> str:
    band = band_of(reading, value, given.holds)
    when = f"（{conditions_text(board, band.when, place)}）" if band is not None and band.when else ""
    return f"{exact_text(value)} 按分段表计 {_points(reading, value, given)}{when}"


def _threshold(reading: ThresholdReading, value: Fraction, given: Given) -> str:
    target = target_of(reading.target, given)
    if target is None or given.amount(reading.reached) is None or reading.step <= 0:
        return read_value(reading, value, given).reason
    beyond = value - target if reading.side == "at_least" else target - value
    goal = f"{'不低于' if reading.side == 'at_least' else '不高于'} {exact_text(target)} 为达标"
    got = f"达标得 {exact_text(given.amount(reading.reached) or Fraction(0))}"
    steps = exact_text(steps_of(reading, abs(beyond)))
    count = f"每 {exact_text(reading.step)} 为一步，{_COUNTS[reading.count]} {steps} 步"
    if beyond >= 0:
        more = f"，超 {exact_text(beyond)}，{count}，每步加 {exact_text(reading.bonus)}" if reading.bonus else ""
        return f"{exact_text(value)} 达标（{goal}），{got}{more}，计 {_points(reading, value, given)}"
    less = f"差 {exact_text(-beyond)}，{count}，每步减 {exact_text(reading.per_step)}"
    return f"{exact_text(value)} 未达标（{goal}，{got}），{less}，计 {_points(reading, value, given)}"


def _ratio(board: Board, reading: RatioReading, value: Fraction, given: Given, place: int) -> str:
    reference, times = reference_of(reading, given), given.amount(reading.times)
    if reference is None or times is None:
        return read_value(reading, value, given).reason
    where = f"{group_text(board, reading.within, place)}的" if looks_across(reading) else ""
    word = f"{where}{_TO[reading.to]} {exact_text(reference)}"
    ratio = f"{word} ÷ {exact_text(value)}" if reading.inverse else f"{exact_text(value)} ÷ {word}"
    return f"{ratio} × {exact_text(times)}，计 {_points(reading, value, given)}"


def _rank(board: Board, reading: RankReading, value: Fraction, given: Given, place: int) -> str:
    peers = given.peers or Peers(())
    places = places_of(reading, value, peers, given.takes_part)
    order = "高的在前" if reading.order == "higher" else "低的在前"
    first = "从最后一名数起第" if reading.from_end else "排第"
    tied = f"（{len(places)} 个相同" + ("，取所占位次分数的平均）" if reading.ties == "mean" else "）")
    text = f"{exact_text(value)} 在{group_text(board, reading.within, place)} {len(peers.ordered)} 个中（{order}）"
    outside = "" if given.takes_part else "（不参评，只作比较）"
    text += f"{first} {places[0]} 名{tied if len(places) > 1 else ''}{outside}"
    return f"{text}，计 {_points(reading, value, given)}"


# ---- normalisation


def normalisation_text(board: Board, done: Normalised, place: int) -> str:
    """Both values, the group's figures, and how one became the other."""
    before, after = done.before.quantity(place), done.after.quantity(place)
    scale, rule = done.scales.get(done.group[place]), done.rule
    if before.value is None or scale is None:
        return ""
    where = f"{group_text(board, rule.within, place)} {scale.count} 个"
    if scale.unchanged:
        return f"；{where}，少于 {rule.smallest} 个，不统一口径"
    if after.value is None:
        return f"；{after.reason}"
    how = _how_scaled(done, place, before.value)
    return f"；统一口径（{where}）：{how}，由 {exact_text(before.value)} 换算为 {exact_text(after.value)}"


def _how_scaled(done: Normalised, place: int, value: Fraction) -> str:
    rule, scale = done.rule, done.scales[done.group[place]]
    if rule.method == "mean_ratio":
        rounded = "" if rule.digits is None else f"（保留 {rule.digits} 位）"
        return (
            f"本组平均 {exact_text(scale.mean)}{_left_out(rule)}，{_reference(rule)} {exact_text(scale.reference)}，"
            f"系数{rounded} {exact_text(scale.factor)}，{exact_text(value)} × {exact_text(scale.factor)}"
        )
    if rule.method == "best_ratio":
        times = done.points[place] if rule.times == "full" else rule.times
        return f"{exact_text(value)} ÷ 本组最高 {exact_text(scale.mean)} × {exact_text(times or Fraction(0))}"
    figures = f"本组平均 {exact_text(scale.mean)}、标准差 {exact_text(scale.spread)}"
    if scale.spread == 0:
        return f"{figures}，都取目标平均 {exact_text(scale.reference)}"
    return (
        f"{figures}，目标平均 {exact_text(scale.reference)}、标准差 {exact_text(scale.target_spread)}，"
        f"{exact_text(scale.reference)} +（{exact_text(value)} − {exact_text(scale.mean)}）÷ "
        f"{exact_text(scale.spread)} × {exact_text(scale.target_spread)}"
    )


def _left_out(rule: Normalisation) -> str:
    return f"（去掉 {rule.high} 个最高、{rule.low} 个最低）" if rule.high or rule.low else ""


def _reference(rule: Normalisation) -> str:
    return "各组平均的平均" if rule.reference == "means" else "全部值的平均"
