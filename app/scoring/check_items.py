"""The check of items and of what every part may have: sources, periods, overrides, normalisation, variants."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.domain.findings import Finding
from app.domain.schemes import (
    DirectReading,
    EventsSource,
    Item,
    LevelsReading,
    MarksSource,
    Normalisation,
    OfficeSource,
    Part,
    Periods,
    QuantitySource,
    ResultsSource,
    Scheme,
    VotesSource,
    is_rank,
    items_of,
)
from app.scoring.check_places import check_conditions, check_quantity, fault, has_quantity
from app.scoring.check_readings import check_reading
from app.scoring.partitions import is_partition


def check_item(scheme: Scheme, item: Item, path: str, others: Sequence[Scheme]) -> Iterator[Finding]:
    """Findings about one item: readings, what its source needs, what it refers to."""
    yield from check_reading(scheme, item, item.reading, f"{path}.reading")
    if isinstance(item.conversion, LevelsReading):
        message = f"“{item.name}”的换算不能是等级"
        yield fault("S-READING", f"{path}.conversion", message, "请用 bands、direct 等", item.id)
    elif item.conversion is not None:
        yield from check_reading(scheme, item, item.conversion, f"{path}.conversion")
    yield from _check_source(scheme, item, path, others)
    for i, override in enumerate(item.overrides):
        place = f"{path}.overrides[{i}]"
        if not override.when:
            message = f"“{item.name}”的特别规定没有写条件，总是起作用"
            yield fault("S-OVERRIDE", place, message, "请写 when，或删去", item.id)
        if override.points == "full" and item.points is None:
            yield fault("S-NOFULL", f"{place}.points", f"“{item.name}”没有满分", "请写 points", item.id)
        yield from check_conditions(scheme, override.when, f"{place}.when", item.id, ranks=False)
    if item.periods is not None:
        yield from _check_periods(item, item.periods, f"{path}.periods")


def check_part(part: Part, path: str) -> Iterator[Finding]:
    """Findings about what items and nodes have in common besides limits."""
    if part.normalisation is not None:
        yield from _check_normalisation(part, part.normalisation, f"{path}.normalisation")
    for i, variant in enumerate(part.variants):
        place = f"{path}.variants[{i}]"
        if variant.points is None and variant.weight is None:
            message = f"“{part.name}”的另一种规定没有写满分或权重"
            yield fault("S-VARIANT", place, message, "请写 points 或 weight，或删去", part.id)
        if any(v is not None and v < 0 for v in (variant.points, variant.weight)):
            yield fault("S-VARIANT", place, f"“{part.name}”的另一种规定是负数", "请改为正数", part.id)
        if any(v.applies_to == variant.applies_to for v in part.variants[:i]):
            message = f"“{part.name}”对同样的单位规定了两次，后一次不起作用"
            yield fault("S-VARIANT", place, message, "请合并", part.id, warning=True)


def _check_normalisation(part: Part, rule: Normalisation, path: str) -> Iterator[Finding]:
    if not is_partition(rule.within):
        message = f"“{part.name}”的范围“{rule.within}”不对"
        yield fault("S-WITHIN", f"{path}.within", message, "可写 series、kind、parent、level 或 tag:标签名", part.id)
    if rule.within == "level" and rule.method == "mean_ratio":
        message = f"“{part.name}”全层级只有一组，统一口径不起作用"
        yield fault("S-NORMALISE", f"{path}.within", message, "请按系列或考核组", part.id, warning=True)
    if rule.method == "z_score" and rule.digits is None:
        message = f"“{part.name}”没有写标准差保留几位"
        yield fault("S-NORMALISE", f"{path}.digits", message, "标准差要开方，请写 digits，例如 4", part.id)
    if rule.digits is not None and not 0 <= rule.digits <= 12:
        yield fault("S-DIGITS", f"{path}.digits", f"“{part.name}”的位数应在 0 至 12 之间", "请改正", part.id)
    if rule.method != "mean_ratio" and (rule.high or rule.low):
        message = f"“{part.name}”写了去掉的个数，但只有 mean_ratio 才用"
        yield fault("S-NORMALISE", path, message, "请删去，或改方法", part.id, warning=True)
    if rule.target_spread is not None and rule.target_spread < 0:
        yield fault("S-NORMALISE", f"{path}.target_spread", f"“{part.name}”的目标标准差是负数", "请改正", part.id)
    if min(rule.high, rule.low) < 0 or rule.smallest < 1:
        yield fault("S-NORMALISE", path, f"“{part.name}”的个数不对", "high、low 不能是负数，smallest 至少为 1", part.id)
    if rule.method == "best_ratio" and rule.times == "full" and part.points is None and isinstance(part, Item):
        yield fault("S-NOFULL", f"{path}.times", f"“{part.name}”按满分换算，但没有满分", "请写 points", part.id)


def _check_periods(item: Item, periods: Periods, path: str) -> Iterator[Finding]:
    if not periods.names or len(set(periods.names)) < len(periods.names):
        message = f"“{item.name}”的各期没有写，或有重名"
        yield fault("S-PERIODS", f"{path}.names", message, "请逐期写名称，例如 一季度", item.id)
    if periods.weights and len(periods.weights) != len(periods.names):
        message = f"“{item.name}”有 {len(periods.names)} 期，权重却有 {len(periods.weights)} 个"
        yield fault("S-PERIODS", f"{path}.weights", message, "请逐期写一个权重，或都不写", item.id)
    if periods.weights and (any(w < 0 for w in periods.weights) or sum(periods.weights) <= 0):
        yield fault(
            "S-PERIODS", f"{path}.weights", f"“{item.name}”各期的权重不对", "权重不能是负数，合计应大于 0", item.id
        )
    if not isinstance(item.source, VotesSource | OfficeSource):
        message = f"“{item.name}”的来源没有分期的数据"
        yield fault("S-PERIODS", path, message, "分期只用于票决和录入的值；评分表请按期分成几个指标", item.id)


# ---- sources


def _check_source(scheme: Scheme, item: Item, path: str, others: Sequence[Scheme]) -> Iterator[Finding]:
    source = item.source
    if isinstance(source, MarksSource) and _open_ended(item):
        yield fault("S-NOFULL", f"{path}.points", f"“{item.name}”由评议人打分，但没有满分", "请写 points", item.id)
    if isinstance(source, VotesSource):
        yield from _check_votes(scheme, item, source, path)
    if isinstance(source, EventsSource):
        yield from _check_events(scheme, item, source, path)
    if isinstance(source, ResultsSource):
        yield from _check_results(scheme, item, source, path, others)
    if isinstance(source, QuantitySource):
        if is_rank(source.quantity):
            yield fault("S-CIRCLE", f"{path}.source", f"“{item.name}”不能取名次", "名次要在总分之后才有", item.id)
        else:
            yield from check_quantity(scheme, source.quantity, f"{path}.source.quantity", item.id)
    if not isinstance(source, MarksSource | VotesSource | OfficeSource) and isinstance(item.reading, LevelsReading):
        message = f"“{item.name}”的来源是数值，读法不能是等级"
        yield fault("S-READING", f"{path}.reading", message, "请用 direct 或 bands", item.id)


def _open_ended(item: Item) -> bool:
    """Marks "up to the full points" of an item that has none."""
    reading = item.reading
    direct = isinstance(reading, DirectReading) and reading.maximum == "full" and not reading.allowed
    return direct and item.points is None and all(v.points is None for v in item.variants)


def _check_votes(scheme: Scheme, item: Item, source: VotesSource, path: str) -> Iterator[Finding]:
    if not isinstance(item.reading, LevelsReading | DirectReading):
        message = f"“{item.name}”是票决，读法必须是等级或数"
        yield fault("S-READING", f"{path}.reading", message, "请写 levels（选项）或 direct（票上填数）", item.id)
    if (item.gathering or scheme.gathering).within.method == "latest":
        message = f"“{item.name}”是票决，票没有先后，不能取最后一个"
        yield fault("S-GATHERING", f"{path}.gathering", message, "请改汇集的方法", item.id)
    if not source.ballot_of:
        return
    other = next((i for i in items_of(scheme) if i.id == source.ballot_of), None)
    if other is None or not isinstance(other.source, VotesSource) or other.source.ballot_of:
        message = f"“{item.name}”要用“{source.ballot_of}”的计票，但它不是有自己计票的票决指标"
        yield fault("S-REFERENCE", f"{path}.source.ballot_of", message, "请写票决指标的代号", item.id)
    elif isinstance(item.reading, LevelsReading) and isinstance(other.reading, LevelsReading):
        lacking = {lv.id for lv in other.reading.levels} ^ {lv.id for lv in item.reading.levels}
        if lacking:
            message = f"“{item.name}”与“{other.name}”的选项不一样：{'、'.join(sorted(lacking))}"
            yield fault(
                "S-LEVELS",
                f"{path}.reading",
                message,
                "同一次投票的选项应相同，不计入的把 points 写成 null 或 0",
                item.id,
            )


def _check_events(scheme: Scheme, item: Item, source: EventsSource, path: str) -> Iterator[Finding]:
    known = {k.id for k in scheme.event_kinds}
    if not source.kinds:
        yield fault("S-EVENTS", f"{path}.source.kinds", f"“{item.name}”没有写哪些种类的事项", "请写 kinds", item.id)
    for kind in source.kinds:
        if kind not in known:
            message = f"没有“{kind}”这种事项"
            yield fault("S-REFERENCE", f"{path}.source.kinds", message, "请先在 event_kinds 中写明", item.id)
    if source.start == "full" and item.points is None:
        yield fault("S-NOFULL", f"{path}.points", f"“{item.name}”从满分扣起，但没有满分", "请写 points", item.id)
    if source.years < 1:
        yield fault("S-EVENTS", f"{path}.source.years", f"“{item.name}”的年度数至少为 1", "请改正", item.id)
    for kind in (k for k in scheme.event_kinds if k.id in source.kinds):
        if "full" in kind.steps and item.points is None and source.tally == "amount":
            message = f"“{kind.name}”逐次扣到满分，但“{item.name}”没有满分"
            yield fault("S-NOFULL", f"{path}.points", message, "请写 points", item.id)


def _check_results(
    scheme: Scheme, item: Item, source: ResultsSource, path: str, others: Sequence[Scheme]
) -> Iterator[Finding]:
    place = f"{path}.source"
    if source.years_ago < 0:
        yield fault("S-RESULTS", f"{place}.years_ago", f"“{item.name}”的年数不能是负数", "0 是本年，1 是上年", item.id)
    if source.link and source.of not in ("linked", "linking"):
        message = f"“{item.name}”写了联系的名称，但对象不是联系的单位"
        yield fault(
            "S-RESULTS", f"{place}.link", message, "请把 of 改为 linked 或 linking，或删去", item.id, warning=True
        )
    other = next((s for s in (*others, scheme) if s.id == source.scheme), None)
    if other is None:
        if others and not source.years_ago:
            message = f"没有方案“{source.scheme}”"
            yield fault("S-REFERENCE", f"{place}.scheme", message, "请先导入该方案", item.id)
        return
    if source.of == "own" and not source.years_ago and other.level != scheme.level:
        message = f"“{item.name}”要取本单位在“{other.name}”中的结果，但它考核的是另一层级"
        yield fault("S-RESULTS", f"{place}.of", message, "请改 of，或改方案", item.id)
    yield from _check_taken(item, source, place, other)


def _check_taken(item: Item, source: ResultsSource, place: str, other: Scheme) -> Iterator[Finding]:
    if source.quantity != "grade":
        if not has_quantity(other, source.quantity):
            message = f"方案“{other.name}”没有“{source.quantity}”这个量"
            yield fault("S-REFERENCE", f"{place}.quantity", message, "请改正", item.id)
        return
    names = {g.id for g in other.ladder.grades}
    for grade in source.grades:
        if grade not in names and not source.years_ago:
            message = f"方案“{other.name}”没有“{grade}”这个等次"
            yield fault("S-REFERENCE", f"{place}.grades", message, "请改正", item.id)
    if not source.grades:
        yield fault("S-REFERENCE", f"{place}.grades", f"“{item.name}”没有写哪些等次", "请写 grades", item.id)
