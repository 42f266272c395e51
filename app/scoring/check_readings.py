"""The check of readings: tables with gaps and overlaps, levels, steps, references that are not there."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from app.domain.findings import Finding, Severity
from app.domain.schemes import (
    Band,
    BandsReading,
    DirectReading,
    Item,
    LevelsReading,
    OfficeSource,
    RankReading,
    RatioReading,
    Reading,
    Scheme,
    ThresholdReading,
    VotesSource,
    looks_across,
)
from app.scoring.check_places import check_conditions, fault
from app.scoring.partitions import is_partition
from app.scoring.parts import maximum_of
from app.scoring.wording import exact_text


def check_reading(scheme: Scheme, item: Item, reading: Reading, path: str) -> Iterator[Finding]:
    """Findings of one reading or conversion."""
    if isinstance(reading, BandsReading):
        yield from _check_bands(item, reading, path)
        for i, band in enumerate(reading.bands):
            yield from check_conditions(scheme, band.when, f"{path}.bands[{i}].when", item.id, ranks=False)
    elif isinstance(reading, LevelsReading):
        yield from _check_levels(item, reading, path)
    elif isinstance(reading, DirectReading):
        yield from _check_direct(item, reading, path)
    elif isinstance(reading, ThresholdReading):
        yield from _check_threshold(item, reading, path)
    elif isinstance(reading, RatioReading):
        yield from _check_ratio(item, reading, path)
    else:
        yield from _check_rank(item, reading, path)
    yield from _check_full(item, reading, path)
    if looks_across(reading) and isinstance(item.source, VotesSource) and reading is item.reading:
        message = f"“{item.name}”的票不能在单位之间比较着读"
        yield fault("S-READING", path, message, "请写成 conversion：先得出票决的值，再比较", item.id)


def _check_full(item: Item, reading: Reading, path: str) -> Iterator[Finding]:
    """Full points that the reading needs and the item has not."""
    amounts = {
        "base": getattr(reading, "base", None),
        "reached": getattr(reading, "reached", None),
        "times": getattr(reading, "times", None),
    }
    for field, amount in amounts.items():
        if amount == "full" and item.points is None and not any(v.points is not None for v in item.variants):
            message = f"“{item.name}”按满分换算，但没有满分"
            yield fault("S-NOFULL", f"{path}.{field}", message, f"请写 points，或把 {field} 写成数", item.id)


def _check_figure(item: Item, path: str, word: str) -> Iterator[Finding]:
    if not isinstance(item.source, OfficeSource) or (item.periods is not None and path.endswith("conversion")):
        message = f"“{item.name}”用到录入的{word}，但来源不是录入的值"
        yield fault("S-READING", path, message, "来源请用 figure，或写成数", item.id)


def _check_threshold(item: Item, reading: ThresholdReading, path: str) -> Iterator[Finding]:
    if not isinstance(reading.target, Fraction):
        yield from _check_figure(item, path, "目标" if reading.target == "target" else "标准")
    if reading.step <= 0:
        yield fault("S-STEP", f"{path}.step", f"“{item.name}”的步长应大于 0", "请改正", item.id)
    if reading.per_step < 0 or reading.bonus < 0:
        message = f"“{item.name}”每步的分数是负数"
        yield fault("S-STEP", f"{path}.per_step", message, "减分和加分都写正数", item.id)
    if reading.per_step == 0:
        message = f"“{item.name}”差多少都不减分"
        yield fault("S-STEP", f"{path}.per_step", message, "请写每步减几分", item.id, warning=True)
    if reading.bonus and item.limits.maximum == "full" and reading.reached == "full":
        message = f"“{item.name}”超标加分，但上限就是满分，加不上去"
        yield fault("S-LIMITS", f"{path}.bonus", message, "请放宽 limits.maximum，或去掉 bonus", item.id, warning=True)


def _check_ratio(item: Item, reading: RatioReading, path: str) -> Iterator[Finding]:
    if reading.to in ("target", "standard"):
        yield from _check_figure(item, path, "目标" if reading.to == "target" else "标准")
    if (reading.to == "number") != (reading.number is not None):
        yield fault(
            "S-READING", f"{path}.number", f"“{item.name}”与一个数相比时才写 number，并且必须写", "请改正", item.id
        )
    if reading.number == 0:
        yield fault("S-READING", f"{path}.number", f"“{item.name}”的除数是 0", "请改正", item.id)
    yield from _check_partition(item, reading.within, path)


def _check_rank(item: Item, reading: RankReading, path: str) -> Iterator[Finding]:
    if not reading.points:
        yield fault("S-RANK", f"{path}.points", f"“{item.name}”没有写第一名的分", "请至少写一个", item.id)
    if reading.step < 0:
        yield fault("S-RANK", f"{path}.step", f"“{item.name}”列完以后每名减的分是负数", "请写正数", item.id)
    ordered = sorted(reading.points, reverse=True)
    if list(reading.points) not in (ordered, ordered[::-1]):
        message = f"“{item.name}”各名次的分不是依次增减"
        yield fault("S-RANK", f"{path}.points", message, "请核对", item.id, warning=True)
    if item.points is not None and any(p > item.points for p in reading.points) and item.conversion is None:
        message = f"“{item.name}”有的名次分高于满分 {exact_text(item.points)}"
        yield fault("S-RANK", f"{path}.points", message, "请改正", item.id)
    yield from _check_partition(item, reading.within, path)


def _check_partition(item: Item, within: str, path: str) -> Iterator[Finding]:
    if not is_partition(within):
        message = f"“{item.name}”的范围“{within}”不对"
        yield fault("S-WITHIN", f"{path}.within", message, "可写 series、kind、parent、level 或 tag:标签名", item.id)


def _check_direct(item: Item, reading: DirectReading, path: str) -> Iterator[Finding]:
    high = maximum_of(reading.maximum, item)
    if not 0 <= reading.digits <= 4:
        yield Finding("S-DIGITS", f"{path}.digits", f"“{item.name}”的小数位应在 0 至 4 之间", "请改正", node=item.id)
    if high is not None and reading.minimum > high:
        yield Finding("S-LIMITS", path, f"“{item.name}”可填的最低分高于最高分", "请改正", node=item.id)
    if reading.step is not None and reading.step <= 0:
        yield Finding("S-STEP", f"{path}.step", f"“{item.name}”的步长应大于 0", "请改正", node=item.id)
    values = [reading.step, reading.minimum, *reading.allowed, *([high] if high is not None else [])]
    unfit = [v for v in values if v is not None and (v * 10 ** min(max(reading.digits, 0), 4)).denominator != 1]
    if unfit:
        text = "、".join(exact_text(v) for v in unfit)
        yield Finding(
            "S-DIGITS",
            path,
            f"“{item.name}”只许 {reading.digits} 位小数，但用到了 {text}",
            "请增加 digits",
            node=item.id,
        )
    if any(v < reading.minimum or (high is not None and v > high) for v in reading.allowed):
        yield Finding("S-LIMITS", f"{path}.allowed", f"“{item.name}”有的可选分值超出范围", "请改正", node=item.id)


def _check_levels(item: Item, reading: LevelsReading, path: str) -> Iterator[Finding]:
    levels = reading.levels
    if not any(lv.points is not None for lv in levels):
        yield Finding(
            "S-LEVELS", path, f"“{item.name}”没有一个计分的等级", "请加上等级，并写明各等级的分值", node=item.id
        )
    ids, names = [lv.id for lv in levels], [lv.name for lv in levels]
    if len(set(ids)) < len(ids) or len(set(names)) < len(names):
        yield Finding("S-DOUBLE", path, f"“{item.name}”有重复的等级", "请改名", node=item.id)
    scored = [lv.points for lv in levels if lv.points is not None]
    if scored != sorted(scored, reverse=True):
        yield Finding(
            "S-LEVELS", path, f"“{item.name}”的等级不是从高到低", "请按从好到差排列", Severity.WARNING, item.id
        )
    full = item.points
    if full is not None and item.conversion is None and any(p > full for p in scored):
        yield Finding("S-LEVELS", path, f"“{item.name}”有的等级分值高于满分 {exact_text(full)}", "请改正", node=item.id)


def _check_bands(item: Item, reading: BandsReading, path: str) -> Iterator[Finding]:
    bands = reading.bands
    if not bands:
        yield Finding("S-BANDS", path, f"“{item.name}”的分段表是空的", "请写 bands", node=item.id)
        return
    for i, (upper, lower) in enumerate(pairwise(bands)):
        if upper.minimum is None and not upper.when:
            yield Finding(
                "S-BANDS",
                f"{path}.bands[{i}]",
                f"“{item.name}”收尾的一段后面还有分段，永远用不到",
                "请移到最后",
                node=item.id,
            )
        elif lower.minimum is not None and _hidden(upper, lower):
            yield Finding(
                "S-BANDS",
                f"{path}.bands[{i + 1}]",
                f"“{item.name}”的分段不是从高到低，这一段永远用不到",
                "请从高到低排列",
                node=item.id,
            )
        elif lower.maximum is not None and upper.minimum is not None:
            nearest = reading.gaps == "nearest"
            yield from _check_joint(item, lower.maximum, upper.minimum, f"{path}.bands[{i + 1}]", nearest)
    if bands[-1].minimum is not None:
        yield Finding(
            "S-BANDS-REST",
            f"{path}.bands[{len(bands) - 1}]",
            f"“{item.name}”低于 {exact_text(bands[-1].minimum)} 的值没有对应的分段，将没有结果",
            "请加一段收尾（不写 minimum）",
            Severity.WARNING,
            item.id,
        )


def _hidden(upper: Band, lower: Band) -> bool:
    """Whether the upper band takes every value of the lower one."""
    if upper.when or upper.minimum is None or lower.minimum is None:
        return False
    return (lower.minimum, lower.above) >= (upper.minimum, upper.above)


def _check_joint(
    item: Item, printed_end: Fraction, next_start: Fraction, path: str, nearest: bool
) -> Iterator[Finding]:
    if printed_end > next_start:
        yield Finding(
            "S-OVERLAP",
            path,
            f"“{item.name}”的分段重叠：{exact_text(next_start)} 至 {exact_text(printed_end)}",
            "重叠处归上一段；请改正印出的上端",
            Severity.WARNING,
            item.id,
        )
    elif printed_end < next_start:
        yield Finding(
            "S-GAP",
            path,
            f"“{item.name}”的分段有空档：{exact_text(printed_end)} 与 {exact_text(next_start)} 之间",
            "空档中的值" + ("归近的一段" if nearest else "按下一段计；如应归上一段，请改起点，或写 gaps: nearest"),
            Severity.WARNING,
            item.id,
        )
