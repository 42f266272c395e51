"""Which settings matter in the chosen combination: shown, folded away, or not there. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, cast

from app.domain.errors import AppError
from app.domain.scheme_editing import Field, Path, value_at
from app.domain.schemes import (
    BandsReading,
    EventsSource,
    Gathering,
    Item,
    MarksSource,
    Node,
    OfficeSource,
    QuantitySource,
    RatioReading,
    ResultsSource,
    Scheme,
    VotesSource,
)

Matter = Literal["show", "fold", "hide"]
SHOW, FOLD, HIDE = cast(tuple[Matter, Matter, Matter], ("show", "fold", "hide"))
Rule = Callable[[Scheme, Path, Any], Matter]


def matters(scheme: Scheme, path: Path, record: Any, field: Field) -> Matter:
    """Whether the field of the record at this path is shown. A setting that differs from what is usual is never folded
    away; one that has no effect in this combination is not there."""
    cls = type(record).__name__
    rule = _RULES.get((cls, field.name))
    found: Matter = SHOW if rule is None else rule(scheme, path, record) if callable(rule) else rule
    if found == FOLD and not field.required and field.name != "id" and getattr(record, field.name) != field.default:
        return SHOW
    return found


# ---- what stands around


def owner(scheme: Scheme, path: Path) -> Any:
    """The nearest item or node on the way; the scheme itself when there is none."""
    for end in range(len(path), 0, -1):
        try:
            found = value_at(scheme, path[:end])
        except AppError:
            continue
        if isinstance(found, Item | Node):
            return found
    return scheme


def above(scheme: Scheme, path: Path) -> Node | None:
    """The node above a part."""
    found = value_at(scheme, path[:-2]) if len(path) > 2 else None
    return found if isinstance(found, Node) else None


def has_places(scheme: Scheme) -> bool:
    """Whether any grade has a quota or a floor."""
    return any(g.quota is not None or g.floor is not None for g in scheme.ladder.grades)


def _if(test: bool, otherwise: Matter = HIDE) -> Matter:
    return SHOW if test else otherwise


# ---- rules


def _weight(scheme: Scheme, path: Path, record: Any) -> Matter:
    node = above(scheme, path)
    return _if(record.weight is not None or (node is not None and node.join in ("weighted", "scaled")))


def _on_top(scheme: Scheme, path: Path, record: Any) -> Matter:
    return _if(above(scheme, path) is not None)


def _not_root(scheme: Scheme, path: Path, record: Any) -> Matter:
    return FOLD if above(scheme, path) is not None else HIDE


def _stand_in(scheme: Scheme, path: Path, record: Any) -> Matter:
    return FOLD if record.not_applicable == "series_mean" and above(scheme, path) is not None else HIDE


def _reading(scheme: Scheme, path: Path, record: Item) -> Matter:
    plain = record.reading.kind == "direct"
    return FOLD if plain and isinstance(record.source, QuantitySource | ResultsSource | EventsSource) else SHOW


def _item_gathering(scheme: Scheme, path: Path, record: Item) -> Matter:
    if isinstance(record.source, MarksSource | VotesSource | ResultsSource):
        return SHOW
    return HIDE if record.gathering is None else FOLD


def _periods(scheme: Scheme, path: Path, record: Item) -> Matter:
    return FOLD if isinstance(record.source, VotesSource | OfficeSource) or record.periods else HIDE


def _trimmed(scheme: Scheme, path: Path, record: Any) -> Matter:
    return _if(record.method == "trimmed")


def _several_groups(scheme: Scheme, path: Path, record: Gathering) -> Matter:
    found = owner(scheme, path)
    if isinstance(found, Item) and isinstance(found.source, ResultsSource):
        return HIDE
    return _if(len(record.groups or scheme.groups) > 1)


def _with_groups(scheme: Scheme, path: Path, record: Gathering) -> Matter:
    found = owner(scheme, path)
    if isinstance(found, Item) and isinstance(found.source, ResultsSource):
        return HIDE
    return _if(bool(scheme.groups))


def _marks(scheme: Scheme, path: Path, record: Gathering) -> Matter:
    found = owner(scheme, path)
    return HIDE if isinstance(found, Item) and not isinstance(found.source, MarksSource) else SHOW


def _of_marks(scheme: Scheme, path: Path, record: Any) -> Matter:
    """Settings of what may be entered on a sheet."""
    found = owner(scheme, path)
    return (
        FOLD if isinstance(found, Item) and isinstance(found.source, MarksSource | VotesSource | OfficeSource) else HIDE
    )


def _entered(scheme: Scheme, path: Path, record: Any) -> Matter:
    found = owner(scheme, path)
    return _if(isinstance(found, Item) and isinstance(found.source, MarksSource | OfficeSource), HIDE)


def _gaps(scheme: Scheme, path: Path, record: BandsReading) -> Matter:
    return _if(any(b.maximum is not None for b in record.bands))


def _share(scheme: Scheme, path: Path, record: Any) -> Matter:
    return _if(record.share is not None)


def _effect(*effects: str) -> Rule:
    return lambda scheme, path, record: _if(record.effect in effects)


def _order(scheme: Scheme, path: Path, record: Any) -> Matter:
    return _if(has_places(scheme) and record.effect != "remark" and record.scope == "unit")


def _freed(scheme: Scheme, path: Path, record: Any) -> Matter:
    return _if(_order(scheme, path, record) == SHOW and record.order == "after_quota")


def _by_events(scheme: Scheme, path: Path, record: Any) -> Matter:
    return _if(bool(record.events))


def _methods(*methods: str) -> Rule:
    return lambda scheme, path, record: _if(record.method in methods)


def _rules_of(*rules: str) -> Rule:
    return lambda scheme, path, record: _if(record.rule in rules)


def _downs(scheme: Scheme, path: Path, record: Any) -> Matter:
    return _if(sum(a.effect == "down" for a in scheme.adjustments) > 1 or record.down != "worst", FOLD)


def _lowest(scheme: Scheme, path: Path) -> bool:
    """Whether it is the lowest grade, as long as nothing stands there that it should not have."""
    grade = value_at(scheme, path)
    return path[-1] == len(scheme.ladder.grades) - 1 and grade.line is None and not grade.conditions and not grade.quota


def _upper(scheme: Scheme, path: Path, record: Any) -> Matter:
    return HIDE if _lowest(scheme, path) else FOLD


_RULES: dict[tuple[str, str], Rule | Matter] = {
    # ---- the document
    ("Scheme", "id"): HIDE,
    ("Scheme", "year"): HIDE,
    ("Scheme", "practice"): HIDE,
    **{("Scheme", name): HIDE for name in (
        "groups", "gathering", "voting", "validity", "tree", "measures", "rounding", "ranking", "ladder", "event_kinds",
        "adjustments", "stacking", "report",
    )},
    ("Scheme", "level"): FOLD,
    # ---- parts
    ("Item", "weight"): _weight,
    ("Node", "weight"): _weight,
    ("Item", "on_top"): _on_top,
    ("Node", "on_top"): _on_top,
    ("Item", "reading"): _reading,
    ("Item", "gathering"): _item_gathering,
    ("Item", "periods"): _periods,
    **{(cls, name): FOLD for cls in ("Item", "Node") for name in ("id", "applies_to", "normalisation", "rounding", "variants")},
    ("Item", "not_applicable"): _not_root,
    ("Node", "not_applicable"): _not_root,
    ("Item", "mean_of"): _stand_in,
    ("Node", "mean_of"): _stand_in,
    ("Item", "conversion"): FOLD,
    ("Item", "overrides"): FOLD,
    ("Node", "gathering"): FOLD,
    ("Node", "limits"): FOLD,
    ("Node", "children"): HIDE,
    # ---- readings
    ("DirectReading", "minimum"): _entered,
    ("DirectReading", "maximum"): _entered,
    ("DirectReading", "step"): _of_marks,
    ("DirectReading", "allowed"): _of_marks,
    ("DirectReading", "digits"): _of_marks,
    ("DirectReading", "factor"): FOLD,
    ("DirectReading", "base"): FOLD,
    ("Level", "id"): FOLD,
    ("BandsReading", "gaps"): _gaps,
    ("Band", "maximum"): FOLD,
    ("Band", "above"): FOLD,
    ("Band", "when"): FOLD,
    ("ThresholdReading", "bonus"): FOLD,
    ("ThresholdReading", "reached"): FOLD,
    ("RatioReading", "number"): lambda s, p, r: _if(cast(RatioReading, r).to == "number"),
    ("RatioReading", "within"): lambda s, p, r: _if(cast(RatioReading, r).to in ("best", "lowest", "average")),
    ("RatioReading", "inverse"): FOLD,
    ("RankReading", "from_end"): FOLD,
    ("RankReading", "ties"): FOLD,
    ("Condition", "alternatives"): FOLD,
    # ---- sources
    ("OfficeSource", "kind"): SHOW,
    ("VotesSource", "ballot_of"): FOLD,
    ("EventsSource", "tally"): FOLD,
    ("EventsSource", "same_by"): lambda s, p, r: FOLD if cast(EventsSource, r).same_matter != "each" else HIDE,
    ("EventsSource", "years"): FOLD,
    ("ResultsSource", "link"): lambda s, p, r: _if(r.of in ("linked", "linking")),
    ("ResultsSource", "tags"): FOLD,
    ("ResultsSource", "years_ago"): FOLD,
    ("ResultsSource", "grades"): lambda s, p, r: _if(r.quantity == "grade"),
    # ---- gathering
    ("Within", "high"): _trimmed,
    ("Within", "low"): _trimmed,
    ("Within", "above"): _trimmed,
    ("Within", "equal"): lambda s, p, r: FOLD if r.method == "trimmed" else HIDE,
    ("Gathering", "groups"): _with_groups,
    ("Gathering", "weighting"): lambda s, p, r: FOLD if _several_groups(s, p, r) == SHOW else HIDE,
    ("Gathering", "missing_group"): _several_groups,
    ("Gathering", "use"): lambda s, p, r: _if(r.missing_group == "use"),
    ("Gathering", "min_marks"): lambda s, p, r: FOLD if _marks(s, p, r) == SHOW else HIDE,
    ("Gathering", "blank"): _marks,
    ("Gathering", "abstained"): _marks,
    ("GroupShare", "applies_to"): FOLD,
    ("Normalisation", "reference"): _methods("mean_ratio"),
    ("Normalisation", "high"): _methods("mean_ratio"),
    ("Normalisation", "low"): _methods("mean_ratio"),
    ("Normalisation", "digits"): _methods("mean_ratio", "z_score"),
    ("Normalisation", "target_mean"): _methods("z_score"),
    ("Normalisation", "target_spread"): _methods("z_score"),
    ("Normalisation", "times"): _methods("best_ratio"),
    ("Normalisation", "smallest"): FOLD,
    ("Normalisation", "small"): FOLD,
    # ---- after the tree
    ("Group", "id"): FOLD,
    ("Ranking", "listed"): FOLD,
    ("Ranking", "also"): FOLD,
    ("Ranking", "on"): FOLD,
    ("Grade", "id"): FOLD,
    ("Grade", "maximum"): _upper,
    ("Grade", "line"): lambda s, p, r: _if(not _lowest(s, p)),
    ("Grade", "conditions"): lambda s, p, r: _if(not _lowest(s, p)),
    ("Grade", "quota"): lambda s, p, r: _if(not _lowest(s, p)),
    ("Grade", "floor"): FOLD,
    ("Ladder", "on"): FOLD,
    ("Quota", "share"): _share,
    ("Quota", "count"): lambda s, p, r: _if(r.share is None),
    ("Quota", "rounding"): _share,
    ("Quota", "base"): _share,
    ("Quota", "promoted"): FOLD,
    ("Quota", "at_least"): FOLD,
    ("Quota", "with_above"): FOLD,
    ("EventKind", "id"): FOLD,
    ("EventKind", "table"): FOLD,
    ("EventKind", "steps"): FOLD,
    ("EventKind", "factor"): FOLD,
    ("EventKind", "cap"): SHOW,
    ("EventKind", "note"): FOLD,
    ("Adjustment", "id"): FOLD,
    ("Adjustment", "family"): lambda s, p, r: FOLD if r.effect == "down" else HIDE,
    ("Adjustment", "grade"): _effect("bar", "cap", "fix"),
    ("Adjustment", "steps"): _effect("down"),
    ("Adjustment", "scope"): FOLD,
    ("Adjustment", "events_of"): FOLD,
    ("Adjustment", "link"): lambda s, p, r: _if(r.events_of in ("linked", "linking")),
    ("Adjustment", "years"): FOLD,
    ("Adjustment", "year_by"): lambda s, p, r: FOLD if r.events else HIDE,
    ("Adjustment", "events_at_least"): _by_events,
    ("Adjustment", "evidence_required"): _by_events,
    ("Adjustment", "approver_required"): _by_events,
    ("Adjustment", "order"): _order,
    ("Adjustment", "freed_place"): _freed,
    ("Stacking", "down"): _downs,
    ("Stacking", "at_most"): lambda s, p, r: FOLD,
    ("Stacking", "order"): FOLD,
    ("Voting", "present_more"): lambda s, p, r: _if(r.present is not None),
    ("Voting", "returned_more"): lambda s, p, r: _if(r.returned is not None),
    ("BallotRule", "id"): FOLD,
    ("BallotRule", "item"): FOLD,
    ("BallotRule", "on"): FOLD,
    ("BallotRule", "answers"): _rules_of("number", "share"),
    ("BallotRule", "minimum"): _rules_of("number", "share"),
    ("BallotRule", "maximum"): _rules_of("number", "share"),
    ("BallotRule", "at_least"): _rules_of("number", "share"),
    ("BallotRule", "at_most"): _rules_of("number", "share"),
    ("BallotRule", "rounding"): _rules_of("share"),
    ("BallotRule", "basis"): FOLD,
    ("BallotRule", "groups"): lambda s, p, r: FOLD if s.groups else HIDE,
    # ---- the self-report
    ("Section", "id"): FOLD,
    ("Section", "entries"): lambda s, p, r: _if(r.shape == "list"),
    ("ReportForm", "problem_purposes"): lambda s, p, r: _if(r.problem_share is not None),
    ("ReportForm", "lots"): lambda s, p, r: SHOW if r.manner == "oral" else FOLD,
    ("Answers", "items"): FOLD,
    ("Answers", "gap"): lambda s, p, r: _if(r.score != "none"),
}  # fmt: skip
