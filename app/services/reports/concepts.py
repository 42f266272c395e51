"""Terms that are often mixed up: the office's list, or the one that comes with the program."""

from __future__ import annotations

import json
from collections.abc import Sequence

from app.domain.reports import Concept
from app.storage.work import Work

_KEY = "concepts"
_DIFFERENT = "前者管党治党的全部方面，后者只是其中的党风廉政建设；请按所写内容选用。"
OWN = (
    Concept(term="全面从严治党主体责任", other="党风廉政建设主体责任", advice=_DIFFERENT),
    Concept(term="全面从严治党主体责任", other="党风廉政主体责任", advice=_DIFFERENT),
    Concept(
        term="党建工作责任制",
        other="党风廉政建设责任制",
        advice="党建工作责任制管党的建设各方面，党风廉政建设责任制管廉政；请按所写内容选用。",
    ),
    Concept(term="三会一课", other="三课一会", advice="固定说法是“三会一课”：党员大会、支委会、党小组会和党课。"),
    Concept(term="四个意识", other="四种意识", advice="固定说法是“四个意识”。"),
    Concept(term="四种形态", other="四个形态", advice="固定说法是监督执纪“四种形态”。"),
    Concept(term="两个维护", other="两个拥护", advice="固定说法是“两个维护”。"),
    Concept(term="意识形态工作责任制", other="意识形态安全责任制", advice="固定说法是“意识形态工作责任制”。"),
)


def concepts_of(work: Work) -> tuple[Concept, ...]:
    """The office's list; as long as it has none, the program's own."""
    text = work.settings.get(_KEY)
    return tuple(Concept(term=t, other=o, advice=a) for t, o, a in json.loads(text)) if text else OWN


def set_concepts(work: Work, concepts: Sequence[Concept]) -> None:
    """The office's list from now on; an empty one is a list too."""
    plain = [[c.term, c.other, c.advice] for c in concepts]
    work.settings.set(_KEY, json.dumps(plain, ensure_ascii=False, separators=(",", ":")))
