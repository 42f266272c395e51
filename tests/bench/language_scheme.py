"""A scheme that uses every setting of the language: 60 items of score sheets in four families, and everything else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any, Literal

from app.domain.schemes import (
    Adjustment,
    Applies,
    BallotRule,
    Band,
    BandsReading,
    Condition,
    DirectReading,
    EventAmount,
    EventKind,
    EventsSource,
    Gathering,
    Grade,
    Group,
    GroupShare,
    Item,
    Ladder,
    Level,
    LevelsReading,
    Limits,
    MarksSource,
    Node,
    Normalisation,
    OfficeSource,
    Override,
    Periods,
    QuantitySource,
    Quota,
    Ranking,
    RankReading,
    RatioReading,
    ResultsSource,
    Rounding,
    RoundingStages,
    Scheme,
    Stacking,
    ThresholdReading,
    TieBreak,
    Variant,
    VotesSource,
    Voting,
    Within,
)
from tests.bench.compute_world import WEIGHTS

F = Fraction
EVERYBODY = Applies()
BRANCH = Applies(kinds=("branch",))
ORGANISATION = Applies(kinds=("organisation",))
NO_LIMITS = Limits(minimum=None, maximum=None)
LEVELS = LevelsReading(
    levels=tuple(
        Level(id=i, name=n, points=p)
        for i, n, p in (
            ("A", "好", F(100)),
            ("B", "较好", F(85)),
            ("C", "一般", F(70)),
            ("D", "差", F(40)),
            ("N", "不了解", None),
        )
    )
)
HALF_OPEN = BandsReading(
    bands=(Band(points=F(100), minimum=F(90)), Band(points=F(80), minimum=F(80)), Band(points=F(50)))
)
NEAREST = BandsReading(
    bands=(
        Band(points=F(100), minimum=F(90), maximum=F(100)),
        Band(points=F(75), minimum=F(80), maximum=F(89)),
        Band(points=F(60), maximum=F(79)),
    ),
    gaps="nearest",
)
GROUPS = tuple(f"g{n}" for n in range(5))


def shares(*weights: int, to: Applies = EVERYBODY) -> tuple[GroupShare, ...]:
    """One line for each group."""
    return tuple(GroupShare(group=g, weight=F(w), applies_to=to) for g, w in zip(GROUPS, weights, strict=True))


TRIMMED = Gathering(within=Within(method="trimmed", high=1, low=1, above=4), missing_group="renormalise")
MEAN = Gathering(missing_group="renormalise")
GATHERINGS: dict[str, Gathering | None] = {
    "the scheme's": None,
    "mean": MEAN,
    "counted": replace(MEAN, weighting="counted"),
    "all equal extremes": replace(TRIMMED, within=Within(method="trimmed", high=1, low=1, above=4, equal="all")),
    "two and two": replace(TRIMMED, within=Within(method="trimmed", high=2, low=2, above=8)),
    "median": replace(MEAN, within=Within(method="median")),
    "sum": replace(MEAN, within=Within(method="sum")),
    "best": replace(MEAN, within=Within(method="best")),
    "lowest": replace(MEAN, within=Within(method="lowest")),
    "latest": replace(MEAN, within=Within(method="latest")),
    "shares by kind": Gathering(
        groups=(*shares(40, 20, 20, 10, 10, to=BRANCH), *shares(10, 20, 30, 20, 20)), missing_group="use", use="g2"
    ),
    "blanks count zero": Gathering(blank="zero", abstained="zero", missing_group="zero", min_marks=2),
}


HEADS: dict[str, Any] = {"relations": ("own", "same_series", "same_level"), "recused": ("own",)}
STRICT = 23  # the item on whose marks nothing may be missing


# ---- the items of the score sheets


def _plain() -> list[Item]:
    """24 items of numbers, two of each gathering."""
    found: list[Item] = []
    for number, (name, gathering) in enumerate([*GATHERINGS.items()] * 2):
        reading = DirectReading()
        if name == "sum":
            reading = DirectReading(factor=F(1, 60))
        if number == 0:
            reading = DirectReading(factor=F(1, 2), base=F(50), maximum=F(100), step=F(1, 20))
        if number == STRICT:
            gathering = Gathering(blank="block", abstained="block", missing_group="block")
        found.append(mark(f"i{number}", reading, gathering))
    return found


def _levels_and_bands() -> list[Item]:
    """12 items."""
    readings = (LEVELS, HALF_OPEN, NEAREST)
    names = ("mean", "the scheme's", "median", "counted")
    return [mark(f"i{24 + n}", readings[n % 3], GATHERINGS[names[n // 3]]) for n in range(12)]


def _joined_first(at: int, gathering: Gathering) -> Node:
    """Six items whose sum each evaluator's sheet is gathered by."""
    readings = (DirectReading(), DirectReading(factor=F(1, 2)), LEVELS, DirectReading(), HALF_OPEN, DirectReading())
    items = tuple(mark(f"i{at + n}", r) for n, r in enumerate(readings))
    return Node(id=f"judged{at}", name=f"先合后汇{at}", gathering=gathering, children=items, weight=F(6))


def _compared() -> list[Item]:
    """12 items whose marks are read with more than themselves."""
    doubled = (Variant(applies_to=BRANCH, points=F(110)),)
    bands = BandsReading(
        bands=(
            Band(points=F(100), minimum=F(90), when=(Condition(quantity="leading", value=F(50)),)),
            Band(points=F(85), minimum=F(80)),
            Band(points=F(60)),
        )
    )
    threshold = ThresholdReading(target=F(85), step=F(5), per_step=F(2), bonus=F(1), count="started")
    at_most = replace(threshold, side="at_most", count="full", reached=F(90))
    readings: list[tuple[Any, dict[str, Any]]] = [
        (DirectReading(base="full", factor=F(-1, 10)), {"variants": doubled}),
        (DirectReading(base="full", factor=F(-1, 5)), {"variants": doubled}),
        (bands, {}),
        (bands, {}),
        (threshold, {"limits": Limits(maximum=F(110))}),
        (at_most, {}),
        (RatioReading(to="number", number=F(100), times=F(100)), {}),
        (RatioReading(to="number", number=F(50), times=F(50)), {"limits": Limits(minimum=F(10), maximum="full")}),
        (RatioReading(to="best", times=F(100)), {}),
        (RatioReading(to="average", times=F(90), within="kind"), {}),
        (RankReading(points=(F(100), F(95), F(90)), step=F(1)), {}),
        (RankReading(points=(F(100),), step=F(2), within="tag:grp", ties="mean"), {}),
    ]
    return [mark(f"i{48 + n}", r, MEAN if n % 2 else None, **more) for n, (r, more) in enumerate(readings)]


def mark(id: str, reading: Any, gathering: Gathering | None = None, **more: Any) -> Item:
    """An item of the score sheets worth 100 points."""
    more = {"weight": F(1), **more}
    return Item(
        id=id, name=f"指标{id}", points=F(100), source=MarksSource(), reading=reading, gathering=gathering, **more
    )


def marks_part() -> Node:
    """Everything that the 1.44 million marks go into."""
    heads = (
        Node(id="plain", name="打分", join="weighted", points=F(100), weight=F(24), children=tuple(_plain())),
        Node(
            id="chosen",
            name="等级和分段",
            join="mean",
            points=F(100),
            weight=F(12),
            children=tuple(_levels_and_bands()),
        ),
        _joined_first(36, TRIMMED),
        _joined_first(42, MEAN),
        Node(id="compared", name="比较读出", join="weighted", points=F(100), weight=F(12), children=tuple(_compared())),
    )
    return Node(id="marks", name="评分", join="scaled", weight=F(30), children=heads)


# ---- everything else


def office(id: str, kind: Literal["office", "figure", "self", "imported"] = "office", **more: Any) -> Item:
    """An item with one value per unit."""
    more = {"points": F(100), "limits": NO_LIMITS, **more}
    return Item(id=id, name=f"录入{id}", source=OfficeSource(kind=kind), **more)


def _votes() -> Node:
    answers = replace(LEVELS, levels=LEVELS.levels[:3] + LEVELS.levels[4:])
    denominators = ("answers", "valid", "returned", "issued", "present", "expected", "none")
    items: list[Item] = [
        Item(
            id=f"v{n}",
            name=f"测评{n}",
            points=F(100),
            source=VotesSource(denominator=d, ballot_of="" if n == 0 else "v0"),  # type: ignore[arg-type]
            reading=answers,
            gathering=replace(MEAN, weighting="counted" if n == 2 else "stated"),
        )
        for n, d in enumerate(denominators)
    ]
    items.append(
        Item(
            id="v7",
            name="评分票",
            points=F(10),
            source=VotesSource(denominator="answers"),
            reading=DirectReading(digits=1),
            gathering=replace(MEAN, within=Within(method="trimmed", high=1, low=1)),
        )
    )
    items.append(
        Item(
            id="v8",
            name="季度测评",
            points=F(100),
            source=VotesSource(denominator="valid"),
            reading=answers,
            gathering=MEAN,
            periods=Periods(names=("上半年", "下半年"), missing="leave_out"),
        )
    )
    return Node(id="votes", name="民主测评", join="mean", points=F(100), weight=F(10), children=tuple(items))


def _events() -> Node:
    def source(n: int, **more: Any) -> Item:
        return Item(
            id=f"e{n}",
            name=f"事项{n}",
            points=F(100),
            source=EventsSource(kinds=("late", "fault", "praise"), **more),
            limits=Limits(minimum=None if n == 3 else F(0), maximum="full"),
        )

    items = (
        source(0, start="full"),
        source(1, start="full", same_matter="latest", same_by="person", year_by="occurred", years=2),
        replace(
            source(2, direction="add", tally="count", same_matter="each"), on_top=True, limits=Limits(maximum=F(3))
        ),
        source(3, start=F(100), same_by="kind"),
    )
    return Node(id="events", name="事项", join="minimum", points=F(100), weight=F(10), children=items)


def _results() -> Node:
    """Results of other subjects, other schemes and earlier years, all of them as values from 0 to 100."""
    quarters = ("一季度", "二季度", "三季度", "四季度")
    wanted: list[tuple[ResultsSource, dict[str, Any]]] = [
        (ResultsSource(scheme="offices"), {"gathering": TRIMMED}),
        (ResultsSource(scheme="offices", quantity="grade", grades=("good",), tags=("sampled",)), {}),
        (ResultsSource(scheme="bureaus", of="parent", quantity="total"), {}),
        (ResultsSource(scheme="offices", of="linked", link="member", quantity="work"), {}),
        (ResultsSource(scheme="offices", of="linking", quantity="rank"), {"conversion": RankReading(points=(F(100),), step=F(1, 2), order="lower", ties="dense")}),
        (ResultsSource(scheme="full", of="own", years_ago=1), {}),
    ]  # fmt: skip
    items = tuple(
        Item(
            id=f"r{n}", name=f"结果{n}", points=F(100), source=s, not_applicable="mean_of_others", limits=NO_LIMITS, **m
        )
        for n, (s, m) in enumerate(wanted)
    )
    by_quarter = (
        office("q0", periods=Periods(names=quarters, weights=(F(1), F(1), F(2), F(2)))),
        office("q1", periods=Periods(names=quarters, within=Within(method="trimmed", low=1), missing="leave_out")),
        office("q2", periods=Periods(names=quarters, within=Within(method="median"), missing="zero")),
        office(
            "q3", periods=Periods(names=quarters, within=Within(method="sum")), conversion=DirectReading(factor=F(1, 4))
        ),
        office("q4", periods=Periods(names=quarters, within=Within(method="best"))),
    )
    return Node(id="results", name="结果运用", join="mean", points=F(100), weight=F(10), children=(*items, *by_quarter))


def _figures() -> Node:
    """Measured values; parts that do not concern everybody, each with another policy; all normalisations."""
    target = ThresholdReading(target="target", step=F(5), per_step=F(1), bonus=F(1, 2))
    norms = (
        Normalisation(method="mean_ratio", within="kind", high=1, low=1, digits=4),
        Normalisation(method="z_score", within="level", digits=4, target_mean=F(80), target_spread=F(5)),
        Normalisation(method="best_ratio", within="series"),
        Normalisation(method="mean_ratio", within="tag:grp", reference="all", smallest=3, small="block"),
    )
    policies = ("renormalise", "mean_of_others", "series_mean", "full", "zero")
    some = {"applies_to": ORGANISATION, "weight": F(1)}
    items: list[Item] = [
        office("f0", "figure", reading=target),
        office("f1", "figure", reading=RatioReading(to="target", times="full")),
        office("f2", "figure", reading=RatioReading(to="standard", inverse=True, times=F(100))),
        office("f3", "imported", reading=RatioReading(to="lowest", inverse=True, times=F(100), within="parent")),
        office("f4", "self", reading=HALF_OPEN),
        office("f5", reading=LEVELS),
        office("f6", reading=RankReading(points=(F(100), F(98)), step=F(1), order="lower", from_end=True)),
        office("f7", conversion=replace(HALF_OPEN, bands=(*HALF_OPEN.bands[:2], Band(points=F(40), above=False)))),
        office("f9", "figure", reading=replace(target, target="standard", side="at_most", reached=F(90), count="full")),
        office("f8", conversion=RatioReading(to="average", times=F(85))),
        *(office(f"n{n}", normalisation=rule) for n, rule in enumerate(norms)),
        *(office(f"a{n}", not_applicable=p, **some) for n, p in enumerate(policies)),  # type: ignore[arg-type]
    ]
    items.append(
        Item(
            id="again",
            name="沿用",
            points=F(100),
            source=QuantitySource(quantity="before:n0"),
            overrides=(
                Override(when=(Condition(quantity="e0", test="<", value=F(60)),), points=F(0), note="事项过多"),
                Override(when=(Condition(quantity="v0", test="=", value=F(100)),), points="full"),
            ),
            rounding=Rounding(digits=1, mode="half_even"),
        )
    )
    children = tuple(replace(i, weight=F(1)) for i in items)
    return Node(id="figures", name="指标", join="weighted", points=F(100), weight=F(30), children=children)


def _leading() -> Node:
    """A score times a coefficient, the better of two."""
    coefficient = office("c0", points=F(1), rounding=Rounding(digits=2, mode="down"))
    product = Node(
        id="by_coefficient", name="乘系数", join="product", points=F(100), children=(office("c1"), coefficient)
    )
    return Node(
        id="leading",
        name="取高",
        join="maximum",
        points=F(100),
        weight=F(10),
        variants=(Variant(applies_to=BRANCH, weight=F(20)), Variant(applies_to=ORGANISATION, points=F(100))),
        rounding=Rounding(digits=3, mode="up"),
        normalisation=Normalisation(method="best_ratio", times=F(100), within="level"),
        children=(product, office("c2")),
    )


def _ladder() -> Ladder:
    either = Condition(quantity="v0", value=F(60), alternatives=(Condition(quantity="v1", test=">", value=F(60)),))
    in_front = Condition(quantity="rank", test="<=", value=F(20))
    by_marks = Condition(quantity="rank:marks", test="<=", value=F(25))
    few_zeros = Condition(quantity="zero_items", test="!=", value=F(9))
    not_last = Condition(quantity="rank_from_last", test=">=", value=F(2))
    return Ladder(
        on="shown",
        grades=(
            Grade(
                id="good",
                name="好",
                line=F(70),
                conditions=(either, in_front, by_marks),
                quota=Quota(share=F(30), base="without_vetoed", rounding="floor", at_least=1, promoted=False),
            ),
            Grade(
                id="better",
                name="较好",
                line=F(65),
                quota=Quota(share=F(70), base="all", with_above=True, ties="all_in"),
                floor=Quota(count=1, ties="none_in"),
            ),
            Grade(
                id="fair",
                name="一般",
                conditions=(few_zeros, not_last),
                quota=Quota(count=29, base="eligible", rounding="ceiling", ties="none_in"),
            ),
            Grade(id="poor", name="差", floor=Quota(share=F(5), base="ranked", rounding="half_up", ties="all_in")),
        ),
    )


def _adjustments() -> tuple[Adjustment, ...]:
    """Every effect, scope, order and whose events."""
    return (
        Adjustment(id="bar", name="不得评优", effect="bar", grade="good", events=("fault",), events_at_least=2, order="before_quota"),
        Adjustment(id="cap", name="最高一般", effect="cap", grade="fair", when=(Condition(quantity="e0", test="<", value=F(60)),), freed_place="passed_on"),
        Adjustment(id="veto", name="一票否决", effect="fix", grade="poor", events=("veto",), freed_place="passed_on"),
        Adjustment(id="down", name="降档", effect="down", events=("late",), events_at_least=3, family="纪律", freed_place="decide", year_by="occurred", years=2),
        Adjustment(id="down2", name="连带降档", effect="down", steps=2, events=("fault",), events_of="children", family="责任"),
        Adjustment(id="person", name="主要负责人降档", effect="down", scope="person", events=("veto",), events_of="linked", link="member"),
        Adjustment(id="team", name="班子不得评优", effect="bar", grade="good", scope="leading_group", events=("fault",), events_of="parent", evidence_required=False),
        Adjustment(id="remark", name="警示", effect="remark", events=("late",), events_of="linking", approver_required=False),
    )  # fmt: skip


def _kinds() -> tuple[EventKind, ...]:
    rows = (EventAmount(person_class="正职", sanction="警告", amount=F(4)), EventAmount(sanction="警告", amount=F(2)))
    return (
        EventKind(id="late", name="迟报", amount=F(1), steps=(F(1), F(2), "full"), cap=F(20)),
        EventKind(id="fault", name="问责", amount=F(3), table=rows, factor=F(3, 2)),
        EventKind(id="praise", name="表扬"),
        EventKind(id="veto", name="一票否决"),
    )


def _validity() -> tuple[BallotRule, ...]:
    return (
        BallotRule(id="many", name="好评过多", rule="share", item="v0", answers=("A",), at_most=F(60), on="ballots"),
        BallotRule(id="few", name="至少", rule="number", item="v7", minimum=F(2), at_least=F(1), on="both"),
        BallotRule(id="high", name="高分过多", rule="share", minimum=F(9900), basis="sum", at_most=F(90), rounding="half_up", on="sheets"),
        BallotRule(id="same", name="全部相同", rule="not_all_equal", item="v7"),
        BallotRule(id="full", name="全部满分", rule="not_all_full", item="i3", on="sheets"),
        BallotRule(id="complete", name="未填完", rule="complete", item="v0", rounding="ceiling", on="ballots"),
    )  # fmt: skip


STAGED = RoundingStages(
    group=Rounding(digits=4), item=Rounding(digits=4), node=Rounding(digits=4), total=Rounding(digits=3)
)


def full_scheme(rounding: RoundingStages = STAGED) -> Scheme:
    """The scheme of the departments; ``lower_schemes`` are those whose results it uses."""
    parts: Sequence[Node] = (marks_part(), _votes(), _events(), _results(), _figures(), _leading())
    extra = office("extra", on_top=True, limits=Limits(maximum=F(2)))
    return Scheme(
        id="full",
        name="测速：全部设置",
        year=2026,
        level="department",
        groups=tuple(
            Group(id=g, name=f"第{n + 1}组", weight=F(w), roles=(f"r{n}",), **HEADS if n == 4 else {})
            for n, (g, w) in enumerate(zip(GROUPS, WEIGHTS, strict=True))
        ),
        gathering=TRIMMED,
        voting=Voting(present=F(50), returned=F(80), returned_more=True, invalid=F(20)),
        validity=_validity(),
        tree=Node(id="root", name="总分", join="scaled", points=F(100), children=(*parts, extra)),
        measures=(
            Item(id="growth", name="进步", source=QuantitySource(quantity="total"), conversion=RatioReading(to="average", times=F(100)), limits=NO_LIMITS),
        ),
        rounding=rounding,
        ranking=Ranking(on="shown", ties=(TieBreak(quantity="marks"), TieBreak(quantity="zero_items", order="lower")), also=("marks",)),
        ladder=_ladder(),
        event_kinds=_kinds(),
        adjustments=_adjustments(),
        stacking=Stacking(down="worst_per_family", at_most=2, order="caps_first"),
    )  # fmt: skip


def lower_schemes() -> tuple[Scheme, ...]:
    """Of the offices below the departments, and of the bureaus above."""

    def small(id: str, level: str) -> Scheme:
        grades = (Grade(id="good", name="好", line=F(85), quota=Quota(share=F(30))), Grade(id="fair", name="一般"))
        tree = Node(id="root", name="总分", children=(office("work"),))
        return Scheme(id=id, name=id, year=2026, level=level, tree=tree, ladder=Ladder(grades=grades))

    return small("offices", "office"), small("bureaus", "bureau")
