"""What was meant to be filled in or deleted and still stands there. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.domain.reports import ReportFinding
from app.services.reports.examination.question import Question, Writing, at_most, finding, writings_of

_SIGNS = re.compile(
    r"[×✕╳〤]{2,}|[XxＸｘ]{2,}|[○〇◯]{2,}(?![年一二三四五六七八九])|[□▢■]{2,}|_{2,}|＿{2,}|\*{3,}|＊{2,}|\.{6,}"
    r"|(?<![0-9０-９A-Za-z])[×XxＸｘ✕](?=[年月日号名次个项件人场期同局处委办市县区%％])"
    r"|20[XxＸｘ×]{1,2}年?|某某|某[单局处委办]位?(?=[党机支书，。、])"
    r"|[（(【\[〔][^（）()【】\[\]〔〕\n]{0,12}(?:此处|这里|请填|填写|填入|待补|待填|待定|补充具体)[^（）()【】\[\]〔〕\n]{0,12}[）)】\]〕]"
    r"|[（(【](?:此处|从|以下)?略[）)】]|(?:请在)?此处(?:填写|填入|插入|输入|补充|写)|请填写|请在此|单击(?:此处|或点击)[^。\n]{0,12}"
    r"|点击输入|(?<!有)待(?:补充|填写|核实后填)(?=[。，；、）】\s]|$)|TODO|todo|Lorem"
    r"|（\s*）(?=[个名次项人件%场期])|\(\s*\)(?=[个名次项人件%场期])|[0-9]{4}年\s+月|(?<=年)\s+月\s+日"
)
_GUIDE = 10  # characters of a guide that are taken for the guide itself


def check_leftovers(question: Question) -> Iterator[ReportFinding]:
    """R-PLACEHOLDER: placeholders, blanks to fill in, and the form's own guidance."""
    guides = {f"section:{s.id}": s.guide for s in question.form.sections}
    for writing in writings_of(question):
        yield from at_most(_placeholders(writing))
        yield from _guide(writing, guides.get(writing.where, ""))


def _placeholders(writing: Writing) -> Iterator[ReportFinding]:
    for match in _SIGNS.finditer(writing.text):
        start, end = max(0, match.start() - 6), min(len(writing.text), match.end() + 6)
        around = writing.text[start:end].replace("\n", " ")
        message = f"“{match.group()}”是没有填写的占位内容（……{around}……）。"
        step = "请填上实际内容，或删去这句话。"
        yield finding("R-PLACEHOLDER", writing, match.start(), match.end(), message, step)


def _guide(writing: Writing, guide: str) -> Iterator[ReportFinding]:
    """A sentence of the guide that was left standing."""
    for sentence in re.split(r"(?<=[。；！？])", guide):
        said = sentence.strip()
        at = writing.text.find(said) if len(said) >= _GUIDE else -1
        if at >= 0:
            message = "{}是填写说明，没有删去。"
            yield finding("R-PLACEHOLDER", writing, at, at + len(said), message, "请删去填写说明，只留自己写的内容。")
