"""What becomes of each thing in a package: three-way, with a question where both sides have changed it. Pure."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from app.services.exchange.paragraphs import kind_of, stretches, text_of
from app.services.exchange.values import MergeChange, Noun, Rule
from app.services.imports.values import CellKind, CellTotals, Choice, Question

V = TypeVar("V")
OURS, THEIRS = "ours", "theirs"
_LONGEST = 120
_TEXTS: tuple[Noun, ...] = ("text", "answer")


@dataclass(slots=True)
class Decider:
    """Decides one package. package: its id; file: its name; answers: {question id: choice}; rule: for what was not answered.
    Collects every question, every change worth a line, and counts everything."""

    package: str
    file: str
    answers: Mapping[str, str]
    rule: Rule = "ask"
    questions: list[Question] = field(default_factory=list[Question])
    changes: list[MergeChange] = field(default_factory=list[MergeChange])
    counts: dict[Noun, Counter[CellKind]] = field(default_factory=dict[Noun, Counter[CellKind]])

    @property
    def open(self) -> bool:
        """Whether some question waits."""
        return any(not q.answer for q in self.questions)

    def totals(self, *nouns: Noun) -> CellTotals:
        """What was counted of these nouns (none named: of all but marks and texts)."""
        wanted = nouns or tuple(n for n in self.counts if n not in ("mark", *_TEXTS))
        found: Counter[CellKind] = sum((self.counts.get(n, Counter()) for n in wanted), Counter[CellKind]())
        return CellTotals(**{kind.value: found[kind] for kind in CellKind})

    def count(self, noun: Noun, kind: CellKind, number: int = 1) -> None:
        """Note how many came out as this kind."""
        self.counts.setdefault(noun, Counter())[kind] += number

    def take(
        self,
        noun: Noun,
        key: str,
        place: str,
        base: V | None,
        ours: V | None,
        theirs: V | None,
        said: Callable[[V], str] = str,
    ) -> V | None:
        """The one of three that stands; None: it is not there. key: stable, tells this question from the others."""
        kind = kind_of(base, ours, theirs)
        self.count(noun, kind)
        if kind is CellKind.SAME:
            return ours
        before, mine, yours = ("" if v is None else said(v) for v in (base, ours, theirs))
        return theirs if self.side(noun, key, place, kind, before, mine, yours) == THEIRS else ours

    def side(self, noun: Noun, key: str, place: str, kind: CellKind, base: str, ours: str, theirs: str) -> str:
        """Which side a change goes to; a conflict is asked about (as long as it is open: ours)."""
        question, side = "", THEIRS if kind in (CellKind.NEW, CellKind.CHANGED_THERE) else OURS
        if kind is CellKind.BOTH:
            about = hashlib.sha256("\0".join((base, ours, theirs)).encode()).hexdigest()[
                :8
            ]  # asked anew when a side moves
            question = f"merge:{self.package[:12]}:{noun}:{key}:{about}"
            side = self._asked(question, place, base, ours, theirs)
        change = MergeChange(noun=noun, kind=kind, place=place, base=base, ours=ours, theirs=theirs, question=question)
        self.changes.append(change)
        return side

    def _asked(self, identity: str, place: str, base: str, ours: str, theirs: str) -> str:
        given = self.answers.get(identity, "")
        answer = given if given in (OURS, THEIRS) else "" if self.rule == "ask" else self.rule
        self.questions.append(
            Question(
                id=identity,
                kind="merge",
                text=f"{place}：两边都改过，而且不一样。以哪边为准？",
                files=(self.file,),
                choices=(Choice(OURS, f"保留这里的：{_short(ours)}"), Choice(THEIRS, f"采用包里的：{_short(theirs)}")),
                suggested=OURS,
                answer=answer,
                details=(f"原来：{_short(base)}", f"这里：{_short(ours)}", f"包里：{_short(theirs)}"),
            )
        )
        return answer or OURS

    def text(
        self, noun: Noun, key: str, place: str, base: str, ours: str, theirs: str, brought: Sequence[str] = ()
    ) -> str:
        """The merged text, paragraph by paragraph. brought: what has come from others who began with the same base."""
        found: list[str] = []
        for stretch in stretches(base, ours, theirs, brought):
            self.count(noun, stretch.kind, stretch.count)
            if stretch.kind is CellKind.SAME:
                found += stretch.ours
                continue
            where = f"{place} 第 {stretch.first} 段"
            before, mine, yours = (text_of(lines) for lines in (stretch.base, stretch.ours, stretch.theirs))
            side = self.side(noun, f"{key}/{stretch.first}", where, stretch.kind, before, mine, yours)
            found += stretch.theirs if side == THEIRS else stretch.ours
        return text_of(found)

    def fields(
        self, noun: Noun, key: str, place: str, base: Any, ours: Any, theirs: Any, names: Mapping[str, str]
    ) -> Any:
        """One record: new, gone, or field by field (those named, with their Chinese names). A record that one side has taken
        out and the other changed is asked about as a whole."""
        if ours is None or theirs is None:
            return self.take(noun, key, place, base, ours, theirs, lambda v: told(v, tuple(names)))
        if base is None or ours == theirs or base in (ours, theirs):
            before = kind_of(base, ours, theirs)
            if before is not CellKind.BOTH:
                return self.take(noun, key, place, base, ours, theirs, lambda v: told(v, tuple(names)))
        merged = {
            name: self.take(
                noun,
                f"{key}/{name}",
                f"{place} › {chinese}",
                None if base is None else getattr(base, name),
                getattr(ours, name),
                getattr(theirs, name),
            )
            for name, chinese in names.items()
        }
        return replace(ours, **merged)


def told(record: Any, names: Sequence[str]) -> str:
    """A record in short: its fields that say something."""
    return "，".join(str(getattr(record, name)) for name in names if getattr(record, name) not in ("", None, ()))


def _short(text: str) -> str:
    line = text.replace("\n", " ／ ") or "（没有）"
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
