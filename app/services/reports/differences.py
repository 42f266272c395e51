"""Two versions of a report side by side, paragraph by paragraph, and inside changed paragraphs piece by piece. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from app.domain.quantities import number_text
from app.domain.report_forms import ReportForm
from app.domain.reports import Evidence, ItemAnswer, Report
from app.services.reports.values import Piece, TextDifference

_ALIKE = 0.4  # two paragraphs at the same place with so much in common are one paragraph that was changed
_LONG = 4000  # characters above which a changed paragraph is not taken apart


def compare_reports(
    before: Report, after: Report, form: ReportForm, item_names: dict[str, str]
) -> tuple[TextDifference, ...]:
    """Every paragraph of both, in the order of the form; then the answers to the items, then the evidence."""
    found: list[TextDifference] = []
    names = {s.id: s.name for s in form.sections}
    texts = [{s.section: s.text for s in r.sections} for r in (before, after)]
    for section in dict.fromkeys((*names, *texts[0], *texts[1])):
        pair = [_paragraphs(t.get(section, "")) for t in texts]
        found += _of_place(f"section:{section}", names.get(section, section), *pair)
    answers = [{a.item: a for a in r.answers} for r in (before, after)]
    for item in dict.fromkeys((*item_names, *answers[0], *answers[1])):
        pair = [_answer_lines(a.get(item)) for a in answers]
        found += _of_place(f"item:{item}", item_names.get(item, item), *pair)
    found += _of_place("evidence", "佐证材料", *(_evidence_lines(r.evidence, item_names) for r in (before, after)))
    return tuple(found)


def _paragraphs(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.strip()]


def _answer_lines(answer: ItemAnswer | None) -> list[str]:
    if answer is None:
        return []
    score = [] if answer.score is None else [f"自评分 {number_text(answer.score)}"]
    return [*score, *_paragraphs(answer.text)]


def _evidence_lines(evidence: Sequence[Evidence], names: dict[str, str]) -> list[str]:
    return [
        "　".join(w for w in (names.get(e.item, e.item), e.name, e.note, f"（{e.digest[:8]}）") if w) for e in evidence
    ]


def _of_place(where: str, name: str, before: list[str], after: list[str]) -> Iterator[TextDifference]:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for tag, i, i_end, j, j_end in matcher.get_opcodes():
        if tag == "equal":
            for text in before[i:i_end]:
                piece = (Piece(text=text, differs=False),)
                yield TextDifference(where=where, name=name, kind="same", before=piece, after=piece)
        else:
            yield from _changed(where, name, before[i:i_end], after[j:j_end])


def _changed(where: str, name: str, before: list[str], after: list[str]) -> Iterator[TextDifference]:
    """Paragraphs that stand at the same place of a changed stretch and are alike, as pairs; the others one by one."""
    rest = list(after)
    for text in before:
        partner = next((n for n, other in enumerate(rest) if _alike(text, other)), -1)
        if partner < 0:
            whole = (Piece(text=text, differs=True),)
            yield TextDifference(where=where, name=name, kind="removed", before=whole, after=())
            continue
        yield from (_added(where, name, other) for other in rest[:partner])
        left, right = _pieces(text, rest[partner])
        yield TextDifference(where=where, name=name, kind="changed", before=left, after=right)
        rest = rest[partner + 1 :]
    yield from (_added(where, name, other) for other in rest)


def _added(where: str, name: str, text: str) -> TextDifference:
    piece = (Piece(text=text, differs=True),)
    return TextDifference(where=where, name=name, kind="added", before=(), after=piece)


def _alike(one: str, other: str) -> bool:
    if max(len(one), len(other)) > _LONG:
        return one[:200] == other[:200]
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.quick_ratio() >= _ALIKE and matcher.ratio() >= _ALIKE


def _pieces(one: str, other: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    if max(len(one), len(other)) > _LONG:
        return (Piece(text=one, differs=True),), (Piece(text=other, differs=True),)
    left: list[Piece] = []
    right: list[Piece] = []
    for tag, i, i_end, j, j_end in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if i < i_end:
            left.append(Piece(text=one[i:i_end], differs=tag != "equal"))
        if j < j_end:
            right.append(Piece(text=other[j:j_end], differs=tag != "equal"))
    return tuple(left), tuple(right)
