"""What a field of a scheme can be chosen from, in the words of an office. Pure."""

from __future__ import annotations

from typing import Any

from app.domain.scheme_editing import Field, Path, value_at
from app.domain.scheme_editing.references import REFERENCES
from app.domain.scheme_words import PARTITION_FIELDS, PARTITIONS, choice_word, partition_word
from app.domain.schemes import (
    BallotRule,
    Item,
    LevelsReading,
    MarksSource,
    Node,
    OfficeSource,
    Part,
    ResultsSource,
    Scheme,
    VotesSource,
    items_of,
    walk,
)
from app.ui.pages.schemes.draft import Draft, Known

Choices = list[tuple[str, str]]

# What an empty number means, where it is not simply nothing.
EMPTY: dict[tuple[str, str], str] = {
    ("Item", "points"): "没有满分",
    ("Node", "points"): "下级合计",
    ("Limits", "minimum"): "不限，可倒扣",
    ("Limits", "maximum"): "不限",
    ("DirectReading", "maximum"): "不限",
    ("DirectReading", "step"): "不限",
    ("Level", "points"): "不计入",
    ("Band", "minimum"): "其余",
    ("Band", "maximum"): "没有印",
    ("Grade", "line"): "没有线",
    ("Group", "roles"): "不限",
    ("Group", "relations"): "不限",
    ("Group", "recused"): "没有",
    ("EventKind", "amount"): "每件另写",
    ("EventKind", "cap"): "不封顶",
    ("Stacking", "at_most"): "不限",
    ("Voting", "present"): "不查",
    ("Voting", "returned"): "不查",
    ("Voting", "invalid"): "不查",
    ("BallotRule", "at_least"): "不限",
    ("BallotRule", "at_most"): "不限",
    ("BallotRule", "minimum"): "不限",
    ("BallotRule", "maximum"): "不限",
    ("Variant", "points"): "照旧",
    ("Variant", "weight"): "照旧",
    ("ReportForm", "maximum"): "不限",
    ("ReportForm", "problem_share"): "不查",
    ("Section", "maximum"): "不限",
    ("Answers", "gap"): "不查",
    ("Normalisation", "digits"): "精确",
    ("Normalisation", "target_mean"): "全部的平均",
    ("Normalisation", "target_spread"): "全部的离差",
}
# What an optional record that is not there means.
WITHOUT: dict[tuple[str, str], tuple[str, str]] = {
    ("Scheme", "report"): ("不写述职报告", "写述职报告"),
    ("Item", "gathering"): ("用方案的汇集方式", "单独规定"),
    ("Node", "gathering"): ("下级各自汇集", "先合后汇（每个评议人先合成一个分）"),
    ("Item", "periods"): ("全年一次", "按月、按季分期"),
    ("Item", "conversion"): ("不换算", ""),
    ("Item", "rounding"): ("用方案的取舍", "单独规定"),
    ("Node", "rounding"): ("用方案的取舍", "单独规定"),
    ("Item", "normalisation"): ("不处理", "处理"),
    ("Node", "normalisation"): ("不处理", "处理"),
}
QUANTITIES: Choices = [
    ("total", "总分"),
    ("rank", "名次"),
    ("rank_from_last", "倒数名次"),
    ("zero_items", "得 0 分的指标个数"),
]
RELATION_WORDS = {
    "own": "本单位",
    "above": "上级",
    "below": "下级",
    "in_charge": "分管",
    "same_series": "同系列",
    "same_level": "同层级",
    "other": "其他",
}


def choices_of(draft: Draft, path: Path, record: Any, field: Field) -> Choices | None:
    """(value, word) of everything that can stand in a field that is chosen; none for one that is typed."""
    cls, name = type(record).__name__, field.name
    scheme = draft.scheme
    if (cls, name) in PARTITION_FIELDS:
        tags = [f"tag:{t}" for t in sorted({t.partition("=")[0] for t in draft.known.tags if "=" in t})]
        return [*PARTITIONS.items(), *((t, partition_word(t)) for t in tags)]
    if isinstance(record, ResultsSource):
        return _of_results(draft, record, field)
    if (cls, name) == ("BallotRule", "answers"):
        return _answers(scheme, record)
    space = REFERENCES.get((cls, name))
    if space is not None:
        return _references(scheme, cls, name, space)
    if field.sort in ("choice", "choices"):
        if cls == "Group":
            return [(c, RELATION_WORDS.get(c, c)) for c in field.choices]
        return [(c, choice_word(cls, name, c)) for c in field.choices]
    return None


def offered(known: Known, cls: str, name: str) -> tuple[str, ...]:
    """Texts of the register that fit a field of texts."""
    found = {
        ("Group", "roles"): known.roles,
        ("Applies", "series"): known.series,
        ("Applies", "kinds"): known.kinds,
        ("Applies", "tags"): known.tags,
        ("ResultsSource", "tags"): known.tags,
    }
    return found.get((cls, name), ())


def _references(scheme: Scheme, cls: str, name: str, space: str) -> Choices:
    if space == "group":
        return ([("", "（未选）")] if name == "use" else []) + [(g.id, g.name) for g in scheme.groups]
    if space == "event_kind":
        return [(k.id, k.name) for k in scheme.event_kinds]
    if space == "grade":
        return [("", "（未选）"), *((g.id, g.name) for g in scheme.ladder.grades)]
    if (cls, name) == ("Answers", "items"):
        return [(i.id, i.name) for i in items_of(scheme)]
    if (cls, name) == ("VotesSource", "ballot_of"):
        votes = [i for i in items_of(scheme) if isinstance(i.source, VotesSource)]
        return [("", "本项自己的票"), *((i.id, i.name) for i in votes)]
    if (cls, name) == ("BallotRule", "item"):
        marks = [i for i in items_of(scheme) if isinstance(i.source, MarksSource | VotesSource)]
        return [("", "每个指标各看各的"), *((i.id, i.name) for i in marks)]
    if (cls, name) == ("Ranking", "also"):
        return _parts(scheme)
    return quantities(scheme, ranks=cls != "QuantitySource")


def quantities(scheme: Scheme, ranks: bool = True) -> Choices:
    """Everything computed that a rule can look at."""
    fixed = [q for q in QUANTITIES if ranks or not q[0].startswith("rank")]
    before = [(f"before:{p.id}", f"{p.name}（可比处理前）") for p in _all(scheme) if p.normalisation is not None]
    also = [(f"rank:{i}", f"{n}的名次") for i, n in _parts(scheme) if i in scheme.ranking.also] if ranks else []
    return [*fixed, *_parts(scheme), *also, *before]


def _all(scheme: Scheme) -> list[Part]:
    return [*walk(scheme.tree), *scheme.measures]


def _parts(scheme: Scheme) -> Choices:
    return [(p.id, p.name) for p in _all(scheme) if p is not scheme.tree]


def _of_results(draft: Draft, source: ResultsSource, field: Field) -> Choices | None:
    known = {s.id: s for s in (*draft.known.others, draft.scheme)}
    other = known.get(source.scheme)
    if field.name == "scheme":
        return [("", "（未选）"), *((s.id, s.name) for s in known.values())]
    if field.name == "quantity":
        own = [*QUANTITIES[:3], ("grade", "等次（取得这些等次的比例）")]
        return own + (_parts(other) if other else [])
    if field.name == "grades":
        return [(g.id, g.name) for g in other.ladder.grades] if other else []
    if field.sort == "choice":
        return [(c, choice_word(ResultsSource, field.name, c)) for c in field.choices]
    return None


def _answers(scheme: Scheme, rule: BallotRule) -> Choices | None:
    found: dict[str, str] = {}
    for item in items_of(scheme):
        if (item.id == rule.item or not rule.item) and isinstance(item.reading, LevelsReading):
            found |= {level.id: level.name for level in item.reading.levels}
    return list(found.items()) or None


def kind_words(field: Field) -> Choices:
    """The kinds of a source, of a reading … (of a ``one_of``), with its word."""
    return [(kind, choice_word(cls, "kind", kind)) for kind, cls in zip(field.choices, field.record, strict=True)]


def source_word(part: Part) -> str:
    """One word for the tree: how a node joins, where an item's values come from and how they are read."""
    if isinstance(part, Node):
        return choice_word("Node", "join", part.join)
    word = choice_word(type(part.source), "kind", part.source.kind)
    if isinstance(part.source, OfficeSource | MarksSource | VotesSource) and part.reading.kind != "direct":
        return f"{word} · {choice_word(type(part.reading), 'kind', part.reading.kind)}"
    return word


def item_at(scheme: Scheme, path: Path) -> Item | None:
    """The item that a place belongs to."""
    for end in range(len(path), 0, -1):
        found = value_at(scheme, path[:end])
        if isinstance(found, Item):
            return found
    return None
