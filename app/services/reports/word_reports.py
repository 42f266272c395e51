"""A Word file's paragraphs proposed to the sections of a form. Reading and proposing only: the user decides."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from pathlib import Path

from app.domain.errors import Fault
from app.domain.findings import Finding, Severity
from app.domain.report_forms import Purpose, ReportForm, Section
from app.domain.schemes import Scheme
from app.files.word.document import WordDocument, WordParagraph, read_document
from app.services.reports.store import form_of
from app.services.reports.values import DocxProposal, ProposedParagraph

_BAD = Fault.DOC_BAD.value.code
_NUMBER = re.compile(
    r"^(?:(?P<one>第?[一二三四五六七八九十]{1,3}(?:部分|、|[.．，,:：])|附[:：])|(?P<two>[（(][一二三四五六七八九十]{1,3}[)）]、?)"
    r"|(?P<three>\d{1,2}[.．、])|(?P<four>[（(]\d{1,2}[)）]))\s*"
)
_LEVELS = {"one": 1, "two": 2, "three": 3, "four": 4}
_LONGEST_HEADING = 36
_RUN_IN = re.compile(r"^(.{2,36}?)[。：:](?=.)")
_SENTENCE_END = re.compile(r"[。；;，,！？!?]$")
_WORDS: dict[Purpose, re.Pattern[str]] = {
    "done": re.compile(r"做法|成效|主要工作|工作(?:开展)?情况|履[行职]|落实.{0,10}责任|特色|亮点|成绩|工作措施"),
    "problems": re.compile(r"问题|不足|差距|短板|薄弱"),
    "causes": re.compile(r"原因|根源|剖析"),
    "plans": re.compile(r"下一?步|打算|努力方向|今后|明年|来年|工作思路|改进措施|整改措施|任务清单|计划"),
    "promises": re.compile(r"承诺|上一?年|去年|兑现|整改(?:落实|完成|进展)?情况|整改落实"),
    "inspection": re.compile(r"巡视|巡察|督导|督查|检查反馈|反馈(?:问题|意见)"),
}
_CLOSING = re.compile(
    r"^(?:(?:述职|报告|汇报)(?:人|单位)[:：]?.{0,20}|.{0,20}[（(](?:公章|盖章|签字|签名)[)）]|[\d〇○零一二三四五六七八九十]{4}年.{1,3}月.{1,3}日"
    r"|(?:特此|现)?(?:报告|汇报)(?:完毕)?[。！]?|以上(?:报告|述职).{0,20}|谢谢(?:大家)?[。！]?)$"
)
_EXACT, _SURE, _LIKELY = 0.95, 0.72, 0.5
_ASIDE = {
    "note": "脚注或尾注",
    "box": "文本框里的文字",
    "header": "页眉或页脚",
    "contents": "目录",
    "comment": "批注",
    "frame": "题头、落款或附件",
}
_COUNTED = re.compile(r"(\d{1,4})．")


@dataclass(frozen=True, slots=True)
class _Guess:
    section: Section
    likeness: float  # 0 to 1
    also: tuple[Section, ...]


def propose(path: Path, scheme: Scheme) -> DocxProposal:
    """Read the file and propose. Raises DOC_BAD, NOT_FOUND, E-FILE errors."""
    form = form_of(scheme)
    document = read_document(path)
    return proposal_of(path.name, document, form)


def proposal_of(name: str, document: WordDocument, form: ReportForm) -> DocxProposal:
    """Headings decide: one that is like a section's name, or speaks of its purpose, opens it; one of the same level that is
    like none closes it. What stands before, between and after is shown without section."""
    sorter = _Sorter(form)
    paragraphs = [sorter.take(p) for p in document.paragraphs]
    if not sorter.written_here:
        paragraphs = _without_closing(paragraphs)
    findings = [*sorter.findings(name), *_not_text(name, document)]
    filled = {p.section for p in paragraphs if p.section and not p.names_section}
    missing = [s.name for s in form.sections if s.required and s.id not in filled]
    if missing:
        said = f"没有认出{'、'.join(f'“{m}”' for m in missing)}的内容。"
        findings.append(Finding(_BAD, name, said, "请在没有归栏的段落里找，指定到相应的栏目", Severity.WARNING))
    return DocxProposal(file=name, sha256=document.sha256, paragraphs=tuple(paragraphs), findings=tuple(findings))


class _Sorter:
    """Takes paragraphs in order and remembers which section is open and how high its heading was."""

    def __init__(self, form: ReportForm) -> None:
        self._form = form
        self._open: Section | None = None
        self._level = 0
        self._doubtful: list[tuple[str, Section, tuple[Section, ...]]] = []
        self.written_here = False  # the file says itself what each paragraph is

    def take(self, paragraph: WordParagraph) -> ProposedParagraph:
        """Where it is proposed to go."""
        if paragraph.role:
            return self._as_written(paragraph)
        if paragraph.kind in _ASIDE:
            return _proposed(paragraph, None, why=_ASIDE[paragraph.kind])
        heading = _heading_text(paragraph)
        if heading is not None:
            level, text = heading
            guess = guess_section(text, self._form, likely=paragraph.kind == "heading" or level in (1, 2))
            if guess is not None and self._opens(guess, level):
                return self._opened(paragraph, guess, level, text)
            if guess is None and self._closes(level, paragraph):
                self._open, self._level = None, level
                return _proposed(paragraph, None, why="标题不像任何一栏")
        if self._open is None:
            return _proposed(paragraph, None, why="前面没有栏目的标题")
        return _proposed(paragraph, self._open)

    def _as_written(self, paragraph: WordParagraph) -> ProposedParagraph:
        """A paragraph of a report that this program wrote: nothing is guessed but which section a heading names."""
        self.written_here = True
        if paragraph.role == "section":
            words = _without_number(paragraph.text)
            guesses = [g for t in (paragraph.text, words) if (g := guess_section(t, self._form, likely=False))]
            guess = max(guesses, key=lambda g: g.likeness, default=None)
            if guess is not None:
                return self._opened(replace(paragraph, text=words), guess, 1, words)
        elif paragraph.role != "frame" and self._open is not None:
            text = _COUNTED.sub("", paragraph.text, count=1) if paragraph.role == "entry" else paragraph.text
            return _proposed(replace(paragraph, text=text), self._open)
        self._open, self._level = None, 1
        return _proposed(paragraph, None, why=_ASIDE["frame"])

    def _opens(self, guess: _Guess, level: int) -> bool:
        """A lower heading inside a section is part of its text, unless it clearly names another one."""
        if self._open is None or level <= self._level:
            return True
        return guess.section is not self._open and guess.likeness >= _SURE

    def _closes(self, level: int, paragraph: WordParagraph) -> bool:
        is_high = paragraph.kind == "heading" or level == 1
        return self._open is not None and is_high and level <= self._level

    def _opened(self, paragraph: WordParagraph, guess: _Guess, level: int, text: str) -> ProposedParagraph:
        same = guess.section is self._open
        self._open, self._level = guess.section, level
        if guess.also:
            self._doubtful.append((text, guess.section, guess.also))
        only_name = guess.likeness >= _LIKELY and text == _without_number(paragraph.text)
        why = "这一栏的标题，不写入正文" if only_name and not same else ""
        return _proposed(paragraph, guess.section, names=bool(why), why=why)

    def findings(self, name: str) -> Iterator[Finding]:
        """Headings that fit several sections."""
        for text, chosen, also in self._doubtful:
            said = f"标题“{text}”同时像{'、'.join(f'“{s.name}”' for s in (chosen, *also))}，下面的内容先放在“{chosen.name}”。"
            yield Finding(_BAD, name, said, "请核对，需要时把段落移到另一栏", Severity.WARNING)


def guess_section(text: str, form: ReportForm, likely: bool) -> _Guess | None:
    """The section whose name is most like the heading; likely: the paragraph is a heading by its form, so that a word
    of the section's purpose is enough."""
    rated = sorted(
        ((_likeness(text, s, likely), n, s) for n, s in enumerate(form.sections)), key=lambda r: (-r[0], r[1])
    )
    if not rated:
        return None
    best = rated[0]
    if best[0] < (_LIKELY if likely else _SURE):
        return None
    also = tuple(s for likeness, _, s in rated[1:] if likely and likeness >= _LIKELY and best[0] < _EXACT)
    return _Guess(best[2], best[0], also)


def _likeness(text: str, section: Section, likely: bool) -> float:
    here, name = _tight(text), _tight(section.name)
    if not here or not name:
        return 0.0
    if here == name:
        return 1.0
    likeness = SequenceMatcher(None, here, name, autojunk=False).ratio()
    if len(name) >= 4 and (name in here or (len(here) >= 4 and here in name)):
        likeness = max(likeness, 0.8)
    match = _of_purpose(section.purpose, here)
    if likely and match:
        # of several purposes in one heading the one named first
        likeness = max(likeness, 0.7 - min(match.start(), 30) / 200)
    return min(likeness, 0.94)


def _of_purpose(purpose: Purpose, heading: str) -> re.Match[str] | None:
    """Where the heading speaks of the purpose. 上年问题 and 巡视反馈的问题 are not the problems of this year."""
    words = _WORDS.get(purpose)
    if words is None or (purpose == "problems" and _not_of_problems(heading)):
        return None
    return words.search(heading)


def _not_of_problems(heading: str) -> bool:
    """问题产生的原因 speaks of causes only; 问题和原因 of both."""
    elsewhere = any(_WORDS[p].search(heading) for p in ("promises", "inspection"))
    return elsewhere or bool(re.search(r"(?:问题|不足)(?:的|产生|形成|存在)+.{0,4}(?:原因|根源)", heading))


def _heading_text(paragraph: WordParagraph) -> tuple[int, str] | None:
    """Level and words of a heading; none: a plain paragraph. A heading by style, by its number, or a short line that
    ends without punctuation."""
    match = _NUMBER.match(paragraph.text)
    numbered = _LEVELS[str(match.lastgroup)] if match else 0
    words = _without_number(paragraph.text)
    if paragraph.kind == "heading":
        return (paragraph.level, words) if paragraph.level else None
    if paragraph.kind == "table" or not words:
        return None
    if numbered in (1, 2) and len(words) > _LONGEST_HEADING:
        run_in = _RUN_IN.match(words)  # 一、存在的问题。一是……
        return (numbered, run_in[1]) if run_in else None
    if len(words) > _LONGEST_HEADING or (_SENTENCE_END.search(words) and numbered not in (1, 2)):
        return None
    return numbered or 5, words.rstrip("。：:；")


def _without_number(text: str) -> str:
    return _NUMBER.sub("", text, count=1).strip()


def _tight(text: str) -> str:
    return re.sub(r"[\W_]", "", text).lower()


def _proposed(
    paragraph: WordParagraph, section: Section | None, *, names: bool = False, why: str = ""
) -> ProposedParagraph:
    return ProposedParagraph(
        text=paragraph.text,
        section=section.id if section else "",
        found=paragraph.kind,
        names_section=names,
        why=why,
    )


def _without_closing(paragraphs: Sequence[ProposedParagraph]) -> list[ProposedParagraph]:
    """Signature and date at the end of the text belong to no section."""
    found = list(paragraphs)
    for n in range(len(found) - 1, -1, -1):
        paragraph = found[n]
        if not paragraph.section and paragraph.found in _ASIDE:
            continue
        if not (paragraph.section and _CLOSING.match(paragraph.text)):
            break
        found[n] = ProposedParagraph(text=paragraph.text, section="", found=paragraph.found, why="落款")
    return found


def _not_text(name: str, document: WordDocument) -> Iterator[Finding]:
    if document.pictures:
        said = f"文件里有 {document.pictures} 幅图片，没有取。"
        yield Finding(_BAD, name, said, "需要的请作为佐证材料另行添加", Severity.NOTE)
    if document.objects:
        said = f"文件里有 {document.objects} 个嵌入的对象，没有取。"
        yield Finding(_BAD, name, said, "需要的请另存后作为佐证材料添加", Severity.NOTE)
    if not document.paragraphs:
        yield Finding(_BAD, name, "文件里没有文字。", "请确认选对了文件；扫描件请作为佐证材料添加", Severity.WARNING)


__all__ = ["guess_section", "proposal_of", "propose"]
