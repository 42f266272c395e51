"""The settings of a scheme told in sentences that an office would write: for the page of methods, the window, people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from app.domain.gatherings import Applies, Gathering, Normalisation, Periods, Within
from app.domain.quantities import number_text as number
from app.domain.readings import (
    Band,
    BandsReading,
    Condition,
    DirectReading,
    LevelsReading,
    RankReading,
    RatioReading,
    Reading,
    ThresholdReading,
)
from app.domain.scheme_words import choice_word, partition_word
from app.domain.schemes import BEFORE, RANK_OF, Override, Scheme, Variant, walk
from app.domain.sources import (
    EventsSource,
    MarksSource,
    OfficeSource,
    QuantitySource,
    ResultsSource,
    Source,
    VotesSource,
)

Names = Mapping[str, str]
_BUILT_IN = {"total": "总分", "rank": "名次", "rank_from_last": "从末位数起的名次", "zero_items": "得 0 分的指标个数"}
_TESTS = {">=": "不低于", ">": "高于", "<=": "不高于", "<": "低于", "=": "等于", "!=": "不等于"}


def amount(value: Fraction | str) -> str:
    """A number of points, or the full ones."""
    return "满分" if isinstance(value, str) else f"{number(value)} 分"


def quantity_names(scheme: Scheme) -> dict[str, str]:
    """Id → name of everything that a rule of the scheme may look at."""
    named = {p.id: p.name for p in [*walk(scheme.tree), *scheme.measures]}
    before = {f"{BEFORE}{i}": f"统一口径之前的{n}" for i, n in named.items()}
    ranks = {f"{RANK_OF}{q}": f"{named.get(q, q)}的名次" for q in scheme.ranking.also}
    return named | before | ranks | _BUILT_IN


def condition(one: Condition, names: Names) -> str:
    """A test of a quantity, with its alternatives."""
    own = f"“{names.get(one.quantity, one.quantity)}”{_TESTS[one.test]} {number(one.value)}"
    return "，或者".join((own, *(condition(c, names) for c in one.alternatives)))


def conditions(some: Sequence[Condition], names: Names) -> str:
    """Tests that must all hold."""
    return "，且".join(condition(c, names) if not c.alternatives else f"（{condition(c, names)}）" for c in some)


def applies(one: Applies) -> str:
    """Which units something concerns."""
    parts = [("系列", one.series), ("类别", one.kinds), ("标签", one.tags)]
    return "且".join(f"{name}为{'、'.join(values)}" for name, values in parts if values) or "全部单位"


# ---- readings


def reading(one: Reading, names: Names) -> str:
    """How a raw value becomes points."""
    match one:
        case LevelsReading():
            told = (f"“{v.name}”{'不计入' if v.points is None else number(v.points)}" for v in one.levels)
            return "按等级：" + "、".join(told)
        case BandsReading():
            gaps = "，落在空档里的归近的一段" if one.gaps == "nearest" else ""
            return "分段：" + "；".join(_band(b, names) for b in one.bands) + gaps
        case DirectReading():
            return _direct(one)
        case ThresholdReading():
            return _threshold(one)
        case RatioReading():
            return _ratio(one)
        case RankReading():
            return _rank(one)


def _band(one: Band, names: Names) -> str:
    reach = "其余" if one.minimum is None else f"{number(one.minimum)} {'以上（不含）' if one.above else '及以上'}"
    also = f"且{conditions(one.when, names)}" if one.when else ""
    return f"{reach}{also} {number(one.points)} 分"


def _direct(one: DirectReading) -> str:
    high = "满分" if one.maximum == "full" else "不限" if one.maximum is None else f" {number(one.maximum)}"
    parts = ["直接计分", f"{number(one.minimum)} 至{high}"]
    if one.allowed:
        parts.append("只可填 " + "、".join(number(a) for a in one.allowed))
    if one.step is not None:
        parts.append(f"每 {number(one.step)} 一格")
    parts.append(f"最多 {one.digits} 位小数" if one.digits else "只填整数")
    if one.base == "full" or one.base:
        how = "减去所填的数" if one.factor == -1 else f"加上所填的数乘 {number(one.factor)}"
        parts.append(f"得分是 {amount(one.base).removesuffix(' 分')}{how}")
    elif one.factor != 1:
        parts.append(f"再乘 {number(one.factor)}")
    return "，".join(parts)


def _threshold(one: ThresholdReading) -> str:
    goal = {"target": "目标值", "standard": "标准值"}.get(str(one.target)) or number(Fraction(one.target))
    side, short, beyond = ("不低于", "差", "超") if one.side == "at_least" else ("不高于", "超", "低")
    count = {"proportional": "按比例", "full": "不足一步不计", "started": "不足一步按一步"}[one.count]
    text = (
        f"{side} {goal} 得{amount(one.reached)}，每{short} {number(one.step)} 扣 {number(one.per_step)} 分（{count}）"
    )
    return text + (f"，每{beyond} {number(one.step)} 加 {number(one.bonus)} 分" if one.bonus else "")


def _ratio(one: RatioReading) -> str:
    where = f"{partition_word(one.within)}的" if one.to in ("best", "lowest", "average") else ""
    other = number(one.number or 0) if one.to == "number" else where + choice_word(RatioReading, "to", one.to)
    pair = f"{other}÷本值" if one.inverse else f"本值÷{other}"
    return f"{pair}×{amount(one.times).removesuffix(' 分')}"


def _rank(one: RankReading) -> str:
    order = "从高到低" if one.order == "higher" else "从低到高"
    listed = "、".join(number(p) for p in one.points)
    rest = f"，以后每名减 {number(one.step)}" if one.step else ""
    end = "从最后一名数起" if one.from_end else ""
    ties = {"shared": "", "mean": "，并列取所占名次的平均", "dense": "，并列后名次连续"}[one.ties]
    return f"{partition_word(one.within)}内{order}的位次，{end}依次得 {listed} 分{rest}{ties}"


# ---- sources


def source(one: Source, scheme: Scheme, names: Names) -> str:
    """Where the raw values come from."""
    match one:
        case MarksSource():
            return "评议人在评分表上评分"
        case VotesSource():
            of = f"用“{names.get(one.ballot_of, one.ballot_of)}”的计票，" if one.ballot_of else ""
            by = (
                "得分直接相加"
                if one.denominator == "none"
                else f"除以{choice_word(VotesSource, 'denominator', one.denominator)}"
            )
            return f"会议票决，{of}{by}"
        case EventsSource():
            return _events(one, scheme)
        case OfficeSource():
            return {
                "office": "考核办录入，写明依据",
                "figure": "录入测得的数据",
                "self": "单位自评",
                "imported": "从别处的考核结果转来",
            }[one.kind]
        case ResultsSource():
            return _results(one, scheme, names)
        case QuantitySource():
            return f"取“{names.get(one.quantity, one.quantity)}”"


def _events(one: EventsSource, scheme: Scheme) -> str:
    kinds = {k.id: k.name for k in scheme.event_kinds}
    listed = "、".join(kinds.get(k, k) for k in one.kinds)
    if one.tally == "count":
        how = f"数出件数（{listed}）"
    else:
        way = "逐件扣分" if one.direction == "deduct" else "逐件加分"
        how = f"从{amount(one.start)}起{way}（{listed}）"
    key = {"matter": "事由", "person": "当事人", "kind": "种类"}[one.same_by]
    same = {"each": "件件都计", "highest": f"同一{key}只计最重一件", "latest": f"同一{key}只计最近一件"}[
        one.same_matter
    ]
    year = f"按{choice_word(EventsSource, 'year_by', one.year_by)}归入年度"
    back = f"，往前 {one.years - 1} 年没有计过的也计" if one.years > 1 else ""
    return f"按事项{how}；{same}；{year}{back}"


def _results(one: ResultsSource, scheme: Scheme, names: Names) -> str:
    who = choice_word(ResultsSource, "of", one.of)
    when = {0: "", 1: "上一年度"}.get(one.years_ago, f"{one.years_ago} 年前")
    only = f"（标有{'、'.join(one.tags)}的）" if one.tags else ""
    link = f"（{one.link}）" if one.link else ""
    if one.quantity == "grade":
        own = {g.id: g.name for g in scheme.ladder.grades}
        what = f"等次为{'、'.join(own.get(g, g) for g in one.grades)}的比例（%）"
    else:
        what = (
            names.get(one.quantity, one.quantity)
            if one.scheme == scheme.id
            else _BUILT_IN.get(one.quantity, one.quantity)
        )
    return f"{who}{link}{only}{when}在方案“{one.scheme}”中的{what}"


# ---- gathering


def within(one: Within) -> str:
    """How several values become one."""
    if one.method != "trimmed":
        return "取" + {"sum": "和", "mean": "平均", "best": "最高", "lowest": "最低", "latest": "最后一个"}.get(
            one.method, "中位数"
        )
    above = f"（多于 {one.above} 个时）" if one.above else ""
    same = "，同样的都去掉" if one.equal == "all" else ""
    return f"去掉 {one.high} 个最高、{one.low} 个最低{same}后取平均{above}"


def gathering(one: Gathering, scheme: Scheme) -> list[tuple[str, str]]:
    """How many values become one, as lines (name, text)."""
    groups = {g.id: g.name for g in scheme.groups}
    shares = [
        f"{groups.get(s.group, s.group)} {number(s.weight)}"
        + ("" if s.applies_to == Applies() else f"（{applies(s.applies_to)}）")
        for s in one.groups
    ] or [f"{g.name} {number(g.weight)}" for g in scheme.groups]
    missing = choice_word(Gathering, "missing_group", one.missing_group)
    if one.missing_group == "use":
        missing = f"用“{groups.get(one.use, one.use)}”的值代替"
    counted = "，再乘各组的人数（票数）" if one.weighting == "counted" else ""
    lines = [
        ("组内", within(one.within)),
        ("各组权重", ("、".join(shares) or "不分组") + counted),
        ("某组缺分", missing),
    ]
    if one.min_marks > 1:
        lines.append(("每组至少", f"{one.min_marks} 人评分，否则算缺分"))
    policies = (choice_word(Gathering, "blank", p) for p in (one.blank, one.abstained))
    lines.append(("空白、弃权", "空白{}；弃权{}".format(*policies)))
    return lines


def periods(one: Periods) -> str:
    """How the periods of a year become one value."""
    listed = "、".join(one.names)
    if one.weights:
        listed = "、".join(f"{n} {number(w)}" for n, w in zip(one.names, one.weights, strict=False))
    how = "按权重平均" if one.weights else within(one.within)
    missing = {"block": "缺一期即无结果", "leave_out": "缺的一期不计", "zero": "缺的一期按 0 分"}[one.missing]
    return f"{listed}各有一个值，{how}；{missing}"


def override(one: Override, names: Names) -> str:
    """A value that stands instead when conditions hold."""
    return f"{conditions(one.when, names)}时，得{amount(one.points)}" + (f"（{one.note}）" if one.note else "")


def variant(one: Variant) -> str:
    """Other points or another weight for some units."""
    said = [f"满分 {number(one.points)}"] if one.points is not None else []
    said += [f"权重 {number(one.weight)}"] if one.weight is not None else []
    return f"{applies(one.applies_to)}的：{'，'.join(said)}"


def normalisation(one: Normalisation) -> str:
    """How groups are made comparable."""
    groups = partition_word(one.within)
    if one.method == "best_ratio":
        how = f"本值÷{groups}最高×{amount(one.times).removesuffix(' 分')}"
    elif one.method == "z_score":
        mean = "全体平均" if one.target_mean is None else number(one.target_mean)
        spread = "全体标准差" if one.target_spread is None else number(one.target_spread)
        how = f"{groups}的平均统一为{mean}、标准差统一为{spread}（标准差保留 {one.digits} 位）"
    else:
        mean = "各组平均的平均" if one.reference == "means" else "全体平均"
        trimmed = f"（算平均时去掉 {one.high} 个最高、{one.low} 个最低）" if one.high or one.low else ""
        digits = "" if one.digits is None else f"，系数保留 {one.digits} 位"
        how = f"本值×{mean}÷{groups}的平均{trimmed}{digits}"
    small = "不换算" if one.small == "keep" else "无结果"
    return f"{how}；不足 {one.smallest} 个的组{small}"
