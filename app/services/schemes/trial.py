"""试算: a scheme that has no scores yet, tried out with made-up or last year's facts. Nothing is stored."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from app.domain.errors import AppError, Fault
from app.domain.facts import Facts
from app.domain.results import SchemeResult, Step
from app.domain.scheme_editing import followed
from app.domain.schemes import Scheme
from app.services.comparison import ResultChange
from app.services.session import Session
from app.storage.year_file import YearFile

if TYPE_CHECKING:
    from app.scoring.engine import Evaluation


@dataclass(frozen=True, kw_only=True, slots=True)
class TrialWay:
    """Where the facts of a try-out come from. stated: every rater gives ``percent`` of what can be reached (0–100);
    random: drawn by ``seed``, the same seed draws the same; other_year: the facts of the year file at ``path``."""

    kind: Literal["stated", "random", "other_year"] = "stated"
    percent: Fraction = Fraction(85)
    seed: int = 1
    path: Path | None = None


class Trial:
    """The results of a try-out. told: what was made up, in sentences; units: by code. ``with_scheme`` tries a
    further changed document on the same facts, at once."""

    def __init__(self, evaluation: Evaluation, scheme: Scheme, told: tuple[str, ...]) -> None:
        from app.services.what_if import WhatIf

        self._evaluation = evaluation
        self._id, self._own = scheme.id, scheme
        self.told = told
        outcome = evaluation.outcomes[scheme.id]
        self.result: SchemeResult = outcome.result("")
        self.units = {u.code: u for u in outcome.board.units}
        self.what_if = WhatIf(outcome)

    def with_scheme(self, scheme: Scheme) -> tuple[ResultChange, ...]:
        """Units that stand differently under a further changed document, against the start of the try-out."""
        return self.what_if.with_scheme(replace(scheme, id=self._id, year=self._own.year))

    def explain(self, unit: str, quantity: str = "grade") -> Step:
        """The way to a figure of the try-out. Raises NOT_FOUND."""
        try:
            return self._evaluation.explain(self._id, unit, quantity)
        except KeyError as error:
            raise AppError(Fault.NOT_FOUND, f"没有 {unit} › {quantity} 这个数。") from error


def try_out(session: Session, scheme: Scheme, way: TrialWay) -> Trial:
    """Raises INPUT_BAD for a share outside 0–100 or a year file that has no such level; the E-FILE and E-DB errors."""
    from app.scoring.engine import evaluate  # numpy: not before somebody asks
    from app.services.schemes.made_up import Quality, made_up_facts

    with session.read() as work:
        others = tuple(s.scheme for s in session.schemes(work) if s.scheme.id != scheme.id)
        register = Facts(units=work.units.all())
    if way.kind == "other_year":
        schemes, facts, told = _of_other_year(session, scheme, others, way.path)
        return Trial(evaluate(schemes, facts), schemes[0], told)
    if not 0 <= way.percent <= 100:
        raise AppError(Fault.INPUT_BAD, "假定的得分率要在 0 到 100 之间。")
    quality = Quality(way.percent / 100 if way.kind == "stated" else None, way.seed)
    facts = made_up_facts(scheme, others, register, quality)
    return Trial(evaluate((scheme, *others), facts), scheme, _told(way, register, facts, scheme))


def _told(way: TrialWay, register: Facts, facts: Facts, scheme: Scheme) -> tuple[str, ...]:
    given = (
        f"每个评议人都给满分的 {float(way.percent):g}%" if way.kind == "stated" else f"分数随机产生（第 {way.seed} 组）"
    )
    real = any(u.level == scheme.level for u in register.units)
    count = sum(u.level == scheme.level for u in facts.units)
    units = f"名册中的 {count} 个单位" if real else f"假设的 {count} 个单位"
    events = "，并随机发生少量事项" if facts.events else "，没有事项"
    return ("试算用的是编造的数据，不会保存，也不影响任何结果。", f"{units}；{given}{events}。")


def _of_other_year(
    session: Session, scheme: Scheme, others: tuple[Scheme, ...], path: Path | None
) -> tuple[tuple[Scheme, ...], Facts, tuple[str, ...]]:
    """This year's rules on another year's facts: the schemes take the ids and the year that those facts speak of."""
    if path is None:
        raise AppError(Fault.INPUT_BAD, "请选择一个年度文件。")
    if path.resolve() == session.file.path.resolve():
        raise AppError(Fault.INPUT_BAD, "这就是现在打开的年度文件，请选择另一个年度的文件。")
    other = YearFile.open(path, read_only=True)
    try:
        with other.read() as work:
            stored = tuple(session.parse(v.text, v.fingerprint) for v in work.schemes.current())
            facts = work.facts()
            year = int(work.settings.get("year"))
    finally:
        other.close()
    then = {s.level: s.id for s in stored}
    if scheme.level not in then:
        raise AppError(Fault.INPUT_BAD, f"{path.name} 里没有层级 {scheme.level} 的方案，不能用它的数据试算。")
    ids = {s.id: then[s.level] for s in (scheme, *others) if s.level in then}
    moved = tuple(replace(followed(s, {"scheme": ids}), id=ids.get(s.id, s.id), year=year) for s in (scheme, *others))
    told = (
        f"试算用的是 {path.name}（{year} 年度）的数据，不会保存。",
        "代号相同的指标按那一年的分数计算，新增的指标没有分数。",
    )
    return moved, facts, told
