"""What the unit says to each indicator: text, figures, evidence, own score. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from app.domain.quantities import number_text
from app.domain.reports import ItemAnswer, Passage, ReportFinding
from app.services.reports.examination.question import Question, finding, quoted
from app.services.reports.examination.question import answers_of as texts_of
from app.services.reports.values import ItemLine

_FIGURE = re.compile(
    r"[0-9０-９]|[二三四五六七八九十百千两]+[余多几]?(?:人次|万元|小时|批次|[次个项名份人条期场篇户件家天分堂本轮成倍页支年月届])"
)


def check_answers(question: Question) -> Iterator[ReportFinding]:
    """R-ITEM-TEXT, R-ITEM-FIGURE, R-ITEM-EVIDENCE, R-ITEM-SCORE, R-SELF-SCORE."""
    answers = {a.item: a for a in question.report.answers}
    shown = {e.item for e in question.report.evidence}
    texts = {w.where: w for w in texts_of(question)}
    asked = question.form.answers
    for item in question.items:
        if item.concern:
            continue
        writing = texts[f"item:{item.id}"]
        answer = answers.get(item.id, ItemAnswer(item=item.id))
        if not answer.text.strip():
            if asked.text == "required":
                yield _lacking("R-ITEM-TEXT", item, writing.whole(), "没有写说明", "请写做了什么、结果怎样。")
        elif asked.text != "none" and not _FIGURE.search(answer.text):
            message = "{}没有一个数字。"
            step = "请写明次数、人数、比例或完成时间。"
            yield finding("R-ITEM-FIGURE", writing, 0, len(writing.text), message, step)
        if asked.evidence == "required" and item.id not in shown:
            step = "请添加能证明的文件（PDF、图片、Word 或 Excel）。"
            yield _lacking("R-ITEM-EVIDENCE", item, writing.whole(), "没有佐证材料", step)
        yield from _scores(question, item, answer, writing.whole())


def _lacking(code: str, item: ItemLine, passage: Passage, what: str, step: str) -> ReportFinding:
    return ReportFinding(code=code, message=f"指标“{item.name}”{what}。", step=step, passage=passage)


def _scores(question: Question, item: ItemLine, answer: ItemAnswer, passage: Passage) -> Iterator[ReportFinding]:
    asked = question.form.answers
    own = answer.score
    if own is None:
        if asked.score == "required":
            yield _lacking("R-ITEM-SCORE", item, passage, "没有自评分", "请填写自评分。")
        return
    if own < 0 or (item.points is not None and own > item.points):
        full = "" if item.points is None else f"，满分 {number_text(item.points)} 分"
        message = f"指标“{item.name}”自评 {number_text(own)} 分{full}。"
        yield ReportFinding(code="R-ITEM-SCORE", message=message, step="请改到 0 分与满分之间。", passage=passage)
        return
    if asked.gap is None or item.given is None or not item.points:
        return
    if abs(own - item.given) > asked.gap * item.points:
        over = "高" if own > item.given else "低"
        message = (
            f"指标{quoted(item.name)}自评 {number_text(own)} 分，评定 {_short(item.given)} 分，"
            f"自评{over} {_short(abs(own - item.given))} 分，超过满分的 {number_text(asked.gap * 100)}%。"
        )
        step = "请核对自评的依据；确有依据的，在说明中写清并附材料。"
        yield ReportFinding(code="R-SELF-SCORE", message=message, step=step, passage=passage)


def _short(value: Fraction) -> str:
    """To two decimals: what is compared stays exact, this is only said."""
    return number_text(Fraction(round(value * 100), 100))
