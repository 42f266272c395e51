"""The check of votes, of what makes a ballot valid, and of the kinds of events."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.domain.findings import Finding
from app.domain.schemes import (
    BallotRule,
    BandsReading,
    EventKind,
    Item,
    LevelsReading,
    MarksSource,
    Scheme,
    VotesSource,
    items_of,
    looks_across,
)
from app.scoring.check_places import fault


def check_votes(scheme: Scheme) -> Iterator[Finding]:
    """Findings about quorum and validity."""
    for field in ("present", "returned", "invalid"):
        share = getattr(scheme.voting, field)
        if share is not None and not 0 <= share <= 100:
            yield fault("S-VOTING", f"$.voting.{field}", f"比例 {share} 不在 0 至 100 之间", "请按百分数写，例如 50")
        elif share is not None and 0 < share < 1:
            message = "比例不到 1%"
            yield fault("S-VOTING", f"$.voting.{field}", message, "按百分数写：一半写 50", warning=True)
    for i, rule in enumerate(scheme.validity):
        yield from _check_rule(scheme, rule, f"$.validity[{i}]")
        for group in [g for g in rule.groups if g not in {one.id for one in scheme.groups}]:
            message = f"“{rule.name}”所指的组“{group}”不存在"
            yield fault("S-REFERENCE", f"$.validity[{i}].groups", message, "请写评议人分组的代号，或不写", rule.id)


def _check_rule(scheme: Scheme, rule: BallotRule, path: str) -> Iterator[Finding]:
    items = {i.id: i for i in items_of(scheme) if isinstance(i.source, VotesSource | MarksSource)}
    if rule.item and rule.item not in items:
        message = f"“{rule.name}”所指的“{rule.item}”不是评分表或票决的指标"
        yield fault("S-REFERENCE", f"{path}.item", message, "请写指标的代号，或不写", rule.id)
    counts = rule.rule in ("number", "share")
    bounded = rule.at_least is not None or rule.at_most is not None
    named = bool(rule.answers) or rule.minimum is not None or rule.maximum is not None
    if counts and not (bounded and named):
        message = f"“{rule.name}”没有写数哪些、至少或至多几个"
        yield fault("S-VALIDITY", path, message, "请写 answers 或 minimum、maximum，以及 at_least 或 at_most", rule.id)
    if not counts and (bounded or named):
        message = f"“{rule.name}”不数个数，写的界限不起作用"
        yield fault("S-VALIDITY", path, message, "请删去，或把 rule 改为 number、share", rule.id, warning=True)
    if rule.at_least is not None and rule.at_most is not None and rule.at_least > rule.at_most:
        message = f"“{rule.name}”至少的比至多的还多，没有一张票有效"
        yield fault("S-CONFLICT", path, message, "请改正", rule.id)
    if rule.minimum is not None and rule.maximum is not None and rule.minimum > rule.maximum:
        yield fault("S-CONFLICT", path, f"“{rule.name}”的下端高于上端", "请改正", rule.id)
    if rule.basis == "sum" and rule.answers:
        message = f"“{rule.name}”看各项之和，不能再写选项"
        yield fault("S-VALIDITY", f"{path}.answers", message, "请写 minimum、maximum", rule.id)
    yield from _check_points(rule, [i for name, i in items.items() if rule.item in ("", name)], path)
    readings = [i.reading for name, i in items.items() if rule.item in ("", name)]
    known = {level.id for r in readings if isinstance(r, LevelsReading) for level in r.levels}
    for answer in rule.answers:
        if answer not in known:
            message = f"“{rule.name}”所指的选项“{answer}”不存在"
            yield fault("S-REFERENCE", f"{path}.answers", message, "请写选项的代号", rule.id)


def _check_points(rule: BallotRule, items: Sequence[Item], path: str) -> Iterator[Finding]:
    """Points that depend on other sheets cannot say whether this sheet is valid."""
    if rule.basis != "sum" and rule.rule != "not_all_full":
        return
    for item in items:
        banded = isinstance(item.reading, BandsReading) and any(b.when for b in item.reading.bands)
        if banded or looks_across(item.reading):
            message = f"“{rule.name}”要看“{item.name}”的分，而这个分又取决于别的票（表）"
            yield fault("S-CIRCLE", path, message, "请改用原始值（basis: item），或把换算写到 conversion", rule.id)


def check_event_kinds(scheme: Scheme) -> Iterator[Finding]:
    """Findings about amounts, tables and steps of event kinds."""
    for i, kind in enumerate(scheme.event_kinds):
        yield from _check_kind(kind, f"$.event_kinds[{i}]")


def _check_kind(kind: EventKind, path: str) -> Iterator[Finding]:
    numbers = [kind.amount, kind.cap, kind.factor, *(r.amount for r in kind.table)]
    numbers += [s for s in kind.steps if s != "full"]
    if any(n is not None and n < 0 for n in numbers):
        message = f"“{kind.name}”的分数是负数"
        yield fault("S-EVENTS", path, message, "扣分还是加分由指标决定，请写正数", kind.id)
    seen: list[tuple[str, str]] = []
    for i, row in enumerate(kind.table):
        if any(a in ("", row.person_class) and b in ("", row.sanction) for a, b in seen):
            message = f"“{kind.name}”的表中这一行永远用不到，前面的已经包括它"
            yield fault("S-EVENTS", f"{path}.table[{i}]", message, "请调整先后，或删去", kind.id, warning=True)
        seen.append((row.person_class, row.sanction))
    if kind.steps and (kind.amount is not None or kind.table):
        message = f"“{kind.name}”写了逐次的数，每件的数和表不起作用"
        yield fault("S-EVENTS", f"{path}.steps", message, "请只留一种", kind.id, warning=True)
