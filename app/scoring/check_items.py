"""The check of items: readings with gaps and overlaps, sources that lack something, references that lead nowhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from app.domain.findings import Finding, Severity
from app.domain.schemes import (
    BUILT_IN_QUANTITIES,
    BandsReading,
    DirectReading,
    EventsSource,
    Item,
    LevelsReading,
    MarksSource,
    Node,
    OfficeSource,
    Part,
    QuantitySource,
    Reading,
    ResultsSource,
    Scheme,
    VotesSource,
)
from app.scoring.parts import maximum_of
from app.scoring.wording import exact_text


def placed_parts(scheme: Scheme) -> list[tuple[str, Part]]:
    """Every part with its path in the document, the tree's in order, then the measures."""
    found: list[tuple[str, Part]] = []

    def visit(part: Part, path: str) -> None:
        found.append((path, part))
        if isinstance(part, Node):
            for i, child in enumerate(part.children):
                visit(child, f"{path}.children[{i}]")

    visit(scheme.tree, "$.tree")
    return found + [(f"$.measures[{i}]", measure) for i, measure in enumerate(scheme.measures)]


def paths(scheme: Scheme) -> dict[str, str]:
    """Part id → its path in the document (the first, if the id stands twice)."""
    return {part.id: path for path, part in reversed(placed_parts(scheme))}


def check_item(scheme: Scheme, item: Item, path: str, others: Sequence[Scheme]) -> Iterator[Finding]:
    """Findings about one item: readings, what its source needs, what it refers to."""
    yield from _check_reading(item, item.reading, f"{path}.reading")
    if item.conversion is not None:
        if isinstance(item.conversion, LevelsReading):
            yield Finding(
                "S-READING",
                f"{path}.conversion",
                f"“{item.name}”的换算不能是等级",
                "请用 bands 或 direct",
                node=item.id,
            )
        else:
            yield from _check_reading(item, item.conversion, f"{path}.conversion")
    source = item.source
    if isinstance(source, MarksSource) and _open_ended(item):
        yield Finding(
            "S-NOFULL", f"{path}.points", f"“{item.name}”由评议人打分，但没有满分", "请写 points", node=item.id
        )
    if isinstance(source, VotesSource) and not isinstance(item.reading, LevelsReading):
        yield Finding(
            "S-READING", f"{path}.reading", f"“{item.name}”是票决，读法必须是等级", "请写 levels", node=item.id
        )
    if isinstance(source, EventsSource):
        yield from _check_events(scheme, item, source, path)
    if isinstance(source, ResultsSource):
        yield from _check_children(item, source, path, others)
    if isinstance(source, QuantitySource):
        yield from _check_reference(scheme, item, source, path)
    if not isinstance(source, MarksSource | VotesSource | OfficeSource) and isinstance(item.reading, LevelsReading):
        yield Finding(
            "S-READING",
            f"{path}.reading",
            f"“{item.name}”的来源是数值，读法不能是等级",
            "请用 direct 或 bands",
            node=item.id,
        )


def _open_ended(item: Item) -> bool:
    """Marks "up to the full points" of an item that has none."""
    reading = item.reading
    return (
        isinstance(reading, DirectReading) and reading.maximum == "full" and not reading.allowed and item.points is None
    )


def _check_reading(item: Item, reading: Reading, path: str) -> Iterator[Finding]:
    if isinstance(reading, BandsReading):
        yield from _check_bands(item, reading, path)
    elif isinstance(reading, LevelsReading):
        yield from _check_levels(item, reading, path)
    else:
        yield from _check_direct(item, reading, path)


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
        yield Finding("S-LEVELS", path, f"“{item.name}”没有一个计分的等级", "请写 points", node=item.id)
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
        if upper.minimum is None:
            yield Finding(
                "S-BANDS",
                f"{path}.bands[{i}]",
                f"“{item.name}”收尾的一段后面还有分段，永远用不到",
                "请移到最后",
                node=item.id,
            )
        elif lower.minimum is not None and (lower.minimum, lower.above) >= (upper.minimum, upper.above):
            yield Finding(
                "S-BANDS",
                f"{path}.bands[{i + 1}]",
                f"“{item.name}”的分段不是从高到低，这一段永远用不到",
                "请从高到低排列",
                node=item.id,
            )
        elif lower.maximum is not None:
            yield from _check_joint(item, lower.maximum, upper.minimum, f"{path}.bands[{i + 1}]")
    if bands[-1].minimum is not None:
        yield Finding(
            "S-BANDS-REST",
            f"{path}.bands[{len(bands) - 1}]",
            f"“{item.name}”低于 {exact_text(bands[-1].minimum)} 的值没有对应的分段，将没有结果",
            "请加一段收尾（不写 minimum）",
            Severity.WARNING,
            item.id,
        )


def _check_joint(item: Item, printed_end: Fraction, next_start: Fraction, path: str) -> Iterator[Finding]:
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
            "空档中的值按下一段计；如应归上一段，请改起点",
            Severity.WARNING,
            item.id,
        )


def _check_events(scheme: Scheme, item: Item, source: EventsSource, path: str) -> Iterator[Finding]:
    known = {k.id for k in scheme.event_kinds}
    if not source.kinds:
        yield Finding(
            "S-EVENTS", f"{path}.source.kinds", f"“{item.name}”没有写哪些种类的事项", "请写 kinds", node=item.id
        )
    for kind in source.kinds:
        if kind not in known:
            yield Finding(
                "S-REFERENCE",
                f"{path}.source.kinds",
                f"没有“{kind}”这种事项",
                "请先在 event_kinds 中写明",
                node=item.id,
            )
    if source.start == "full" and item.points is None:
        yield Finding("S-NOFULL", f"{path}.points", f"“{item.name}”从满分扣起，但没有满分", "请写 points", node=item.id)


def _check_children(item: Item, source: ResultsSource, path: str, others: Sequence[Scheme]) -> Iterator[Finding]:
    below = next((s for s in others if s.id == source.scheme), None)
    if below is None:
        if others:
            yield Finding(
                "S-REFERENCE", f"{path}.source.scheme", f"没有方案“{source.scheme}”", "请先导入下级的方案", node=item.id
            )
        return
    if source.quantity == "grade":
        names = {g.id for g in below.ladder.grades}
        for grade in source.grades:
            if grade not in names:
                yield Finding(
                    "S-REFERENCE", f"{path}.source.grades", f"下级方案没有“{grade}”这个等次", "请改正", node=item.id
                )
        if not source.grades:
            yield Finding(
                "S-REFERENCE", f"{path}.source.grades", f"“{item.name}”没有写哪些等次", "请写 grades", node=item.id
            )
    elif source.quantity not in (*BUILT_IN_QUANTITIES, *paths(below)):
        yield Finding(
            "S-REFERENCE", f"{path}.source.quantity", f"下级方案没有“{source.quantity}”这个量", "请改正", node=item.id
        )


def _check_reference(scheme: Scheme, item: Item, source: QuantitySource, path: str) -> Iterator[Finding]:
    if source.quantity == "rank":
        yield Finding("S-CIRCLE", f"{path}.source", f"“{item.name}”不能取名次", "名次要在总分之后才有", node=item.id)
    elif source.quantity not in (*BUILT_IN_QUANTITIES, *paths(scheme)):
        yield Finding(
            "S-REFERENCE", f"{path}.source.quantity", f"没有“{source.quantity}”这个量", "请改正", node=item.id
        )
