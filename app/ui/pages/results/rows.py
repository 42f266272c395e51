"""A result as rows of the ranking: what stands in each column, and which figure it is. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.facts import Decision
from app.domain.quantities import Quantity
from app.domain.results import AppliedAdjustment, GradeOutcome, SchemeResult, SeriesResult, UnitResult
from app.domain.schemes import Part, Scheme, walk
from app.services.figures import shown, shown_quantity

NO_GRADE = "无等次"
STATES = {
    "listed_apart": "单列",
    "not_graded": "不定等次",
    "new": "新成立",
    "under_investigation": "立案审查",
    "ceased": "已撤并",
}
SCOPES = {"unit": "单位", "leading_group": "领导班子", "person": "个人"}


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One unit in the ranking of its scheme. place: its number in the order of the result."""

    place: int
    name: str
    result: UnitResult
    scheme: Scheme
    decision: Decision | None = None

    @property
    def rank(self) -> str:
        """``3``, ``3=`` when shared, or a dash."""
        return "—" if self.result.rank is None else f"{self.result.rank}{'=' if self.result.shared else ''}"

    @property
    def total(self) -> str:
        """The total as shown."""
        if self.result.shown_total is not None:
            return shown(self.result.shown_total, self.scheme.rounding.shown)
        return shown_quantity(self.result.total, self.scheme.rounding.shown)

    def part(self, part: Part) -> str:
        """The value of a part as shown."""
        quantity = self.result.parts.get(part.id, Quantity.not_applicable(""))
        return shown_quantity(quantity, part.rounding or self.scheme.rounding.shown)

    @property
    def before(self) -> str:
        """Name of the grade by line and quota."""
        return grade_name(self.scheme, self.result.grade.by_quota)

    @property
    def after(self) -> str:
        """Name of the final grade; 待定 while it waits for a decision."""
        if self.result.grade.pending and not self.result.grade.manual:
            return f"{grade_name(self.scheme, self.result.grade.final)}（待定）"
        return grade_name(self.scheme, self.result.grade.final)

    def figure(self, quantity: str) -> str:
        """Any other quantity of the result as shown: ``before:ID``, ``rank:ID``."""
        found = self.result.parts.get(quantity)
        if found is None:
            return "—"
        if quantity.startswith("rank:"):
            return "—" if found.value is None else str(found.value)
        return shown_quantity(found, self.scheme.rounding.shown)

    @property
    def effective(self) -> tuple[AppliedAdjustment, ...]:
        """The adjustments that changed a grade."""
        return tuple(a for a in self.result.adjustments if a.effective and a.effect != "remark")

    @property
    def recorded(self) -> tuple[AppliedAdjustment, ...]:
        """What is only recorded (取消评先资格): it changes no grade."""
        return tuple(a for a in self.result.adjustments if a.effect == "remark" and a.effective)

    @property
    def adjustment(self) -> str:
        """The adjustments that took effect, in short."""
        return "；".join(a.name if a.scope == "unit" else f"{a.name}（{SCOPES[a.scope]}）" for a in self.effective)

    @property
    def remark(self) -> str:
        """Why the row is not an ordinary one."""
        grade = self.result.grade
        parts = [STATES.get(self.result.participation, "")]
        by_hand = "专项晋优" if self.decision is not None and self.decision.outside_quota else "人工决定"
        parts += [by_hand] if grade.manual else ["等待决定"] if grade.pending else []
        parts += [grade.note] if grade.note and not grade.final else []
        parts += [_other_scope(self.scheme, other) for other in self.result.grades[1:] if other.final != grade.final]
        ineffective = [a for a in self.result.adjustments if not a.effective and a.effect != "remark"]
        parts += [f"{len(ineffective)} 项调整没有改变等次"] if ineffective else []
        return "；".join(part for part in parts if part)

    @property
    def remark_tip(self) -> str:
        """The remark at length."""
        lines = [self.remark, self.result.grade.note, self.result.total.reason]
        lines += [a.sentence for a in self.result.adjustments]
        if self.decision is not None:
            what = "专项晋优，不占名额" if self.decision.outside_quota else "人工决定"
            lines.append(
                f"{what}：{grade_name(self.scheme, self.decision.grade)}（{self.decision.by}）{self.decision.reason}"
            )
        return "\n".join(dict.fromkeys(line for line in lines if line))


def grade_name(scheme: Scheme, grade: str) -> str:
    """The name of a grade id."""
    return next((g.name for g in scheme.ladder.grades if g.id == grade), grade or NO_GRADE)


def main_parts(scheme: Scheme) -> list[Part]:
    """The parts that have a column of their own: the root's children."""
    return list(scheme.tree.children) if len(scheme.tree.children) <= 10 else []


def rows_of(
    scheme: Scheme, result: SchemeResult, series: SeriesResult, names: dict[str, str], decisions: tuple[Decision, ...]
) -> list[ResultRow]:
    """The rows of one series in the order of the result."""
    decided = {d.unit: d for d in decisions if d.scheme == scheme.id and d.scope == "unit"}
    return [
        ResultRow(place, names.get(unit, unit), result.units[unit], scheme, decided.get(unit))
        for place, unit in enumerate(series.order)
    ]


@dataclass(frozen=True, slots=True)
class DrawnLine:
    """A quota line in the ranking: below the row with this place, with its words."""

    after: int
    text: str


def quota_lines(scheme: Scheme, series: SeriesResult, rows: list[ResultRow]) -> list[DrawnLine]:
    """Where each ceiling closed: below the last ranked unit that has its place by line and quota; where each floor begins:
    above the first ranked unit that counts for it. Units listed apart, and those promoted outside the quota, take no
    place, so they do not move a line. Lines at the same place are one, with the words of all."""
    ladder = [grade.id for grade in scheme.ladder.grades]
    ranked = [
        row
        for row in rows
        if row.result.participation == "ranked" and not (row.decision is not None and row.decision.outside_quota)
    ]
    words: dict[int, list[str]] = {}
    for quota in series.quotas:
        name = grade_name(scheme, quota.grade)
        if quota.kind == "ceiling":
            inside = [row.place for row in ranked if row.result.grade.by_quota == quota.grade]
            after, text = max(inside, default=-1), f"“{name}”名额线 · {quota.taken}/{quota.places}"
        else:
            rung = ladder.index(quota.grade)
            floor = scheme.ladder.grades[rung].floor
            below = ladder[rung:] if floor is not None and floor.with_above else [quota.grade]
            inside = [row.place for row in ranked if row.result.grade.by_quota in below]
            after, text = min(inside, default=0) - 1, f"“{name}”下限 · {quota.taken}/{quota.places}"
        words.setdefault(after, []).append(text)
    return [DrawnLine(after, "　".join(texts)) for after, texts in words.items()]


def further_ranks(scheme: Scheme) -> list[tuple[str, str]]:
    """The further rankings: (quantity, name of what is ranked)."""
    names = {part.id: part.name for part in (*walk(scheme.tree), *scheme.measures)}
    return [(f"rank:{part}", names.get(part, part)) for part in scheme.ranking.also]


def _other_scope(scheme: Scheme, grade: GradeOutcome) -> str:
    return f"{SCOPES[grade.scope]}：{grade_name(scheme, grade.final)}"
