"""Reports on paper: what stands on it, as a Word file, as a page to print, one report or all of a level."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from app.domain.errors import AppError, Fault
from app.domain.progress import Progress
from app.domain.quantities import number_text
from app.domain.reports import Report
from app.files.excel.texts import safe_file_name
from app.files.saving.together import write_together
from app.files.saving.whole import write_whole
from app.files.word.numbering import chinese
from app.files.word.papers import Paper, PaperSection, PaperTable, is_subheading
from app.files.word.texts import plain_line, plain_lines
from app.services.reports.evidence import KIND_NAMES, size_text
from app.services.reports.old_names import old_section_names
from app.services.reports.store import STATE_NAMES, Place, form_of, items_asked, place_of
from app.services.reports.values import ItemLine
from app.services.session import Session, note_export
from app.storage.work import Work

_INDENT = "\u3000\u3000"
_SIGN = 21  # pixels of 96 to the inch: one sign of the text, which is printed in letters of 16 points
_HEI = "font-family:'黑体','SimHei','Noto Sans CJK SC'"
_KAI = "font-family:'楷体','KaiTi','楷体_GB2312','STKaiti','Noto Serif CJK SC'"
_TITLE = "font-family:'方正小标宋简体','宋体','SimSun','Noto Serif CJK SC'; font-size:22pt; font-weight:600; text-align:center"


class Papers:
    """Writing only files; the year file gets nothing but the notes that something left the house."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def paper(self, scheme: str, unit: str) -> Paper:
        """Raises NOT_FOUND, also when nothing was written."""
        with self._session.read() as work:
            return self._paper(work, place_of(self._session, work, scheme, unit))

    def docx(self, scheme: str, unit: str, path: Path) -> Path:
        """One report as a Word file."""
        from app.files.word.writing import report_docx

        paper = self.paper(scheme, unit)
        data = report_docx(paper)
        write_whole(path, data)
        note_export(self._session, f"导出{paper.unit}的述职报告", path, hashlib.sha256(data).hexdigest())
        return path

    def pdf(self, scheme: str, unit: str, path: Path, pdf: bytes) -> Path:
        """The printed page as the window has set it."""
        paper = self.paper(scheme, unit)
        write_whole(path, pdf)
        note_export(self._session, f"导出{paper.unit}的述职报告（PDF）", path, hashlib.sha256(pdf).hexdigest())
        return path

    def all(self, schemes: Sequence[str], folder: Path, progress: Progress) -> tuple[Path, ...]:
        """Every report of these schemes that was begun: all files or none."""
        from app.files.word.writing import report_docx

        with self._session.read() as work:
            for scheme in schemes:
                form_of(self._session.scheme(work, scheme).scheme)
            begun = [(r.scheme, r.unit) for r in work.reports.all() if r.scheme in schemes]
            order = {u.code: n for n, u in enumerate(work.units.all())}
            places = [
                place_of(self._session, work, scheme, unit)
                for scheme, unit in sorted(begun, key=lambda b: (schemes.index(b[0]), order.get(b[1], 0)))
            ]
            papers = [(place, self._paper(work, place)) for place in places]
        if not papers:
            raise AppError(Fault.INPUT_BAD, "还没有一份报告动笔，没有可导出的。")
        files: list[tuple[str, bytes]] = []
        taken: set[str] = set()
        for number, (place, paper) in enumerate(papers):
            progress(f"正在导出{paper.unit}的报告", 95 * number // len(papers))
            files.append((_free_name(file_name(paper), place.unit.code, taken), report_docx(paper)))
        written = write_together(folder, files)
        digest = hashlib.sha256(b"".join(hashlib.sha256(data).digest() for _, data in files)).hexdigest()
        note_export(self._session, f"导出 {len(written)} 份述职报告", folder, digest)
        progress("导出完成", 100)
        return written

    def _paper(self, work: Work, place: Place) -> Paper:
        if place.stored is None:
            raise AppError(Fault.NOT_FOUND, f"{place.unit.name}还没有写报告。")
        settings = work.settings.all()
        return Paper(
            title=plain_line(_title(place)),
            unit=plain_line(place.unit.name),
            secrecy=plain_line(settings.get("secrecy", "")),
            practice=bool(settings.get("practice")),
            state="" if place.state == "accepted" else STATE_NAMES[place.state],
            at=place.stored.at,
            sections=_sections(place, old_section_names(self._session, work, place)),
            annexes=tuple(_annexes(place.report, items_asked(work, place))),
        )


def file_name(paper: Paper) -> str:
    """演练数据_文澜局_2026年述职报告.docx"""
    mark = "演练数据_" if paper.practice else ""
    return f"{mark}{safe_file_name(paper.unit, 40)}_{safe_file_name(paper.title, 40)}.docx"


def _free_name(name: str, code: str, taken: set[str]) -> str:
    """Units of the same name are told apart by their codes."""
    if name.lower() in taken:
        name = f"{name.removesuffix('.docx')}_{safe_file_name(code, 20)}.docx"
    taken.add(name.lower())
    return name


def _title(place: Place) -> str:
    title, year = place.form.title, str(place.scheme.year)
    return title if year in title else f"{year}年度{title}"


def _sections(place: Place, old: dict[str, str]) -> tuple[PaperSection, ...]:
    """Those of the form that hold something, in its order, then those that the form has lost."""
    known = {s.id: s for s in place.form.sections}
    found: list[PaperSection] = []
    for text in place.report.sections:
        lines = tuple(line for line in plain_lines(text.text).split("\n") if line)
        if not lines:
            continue
        section = known.get(text.section)
        name = section.name if section else f"{old.get(text.section, text.section)}（原栏目）"
        heading = (
            name if name[:1] in "一二三四五六七八九十" and "、" in name[:4] else f"{chinese(len(found) + 1)}、{name}"
        )
        kind = "entry" if section and section.shape == "list" else "text"
        found.append(PaperSection(heading=heading, kind=kind, lines=lines))
    return tuple(found)


def _annexes(report: Report, items: Sequence[ItemLine]) -> Iterator[PaperTable]:
    answers = {a.item: a for a in report.answers}
    names = {i.id: i.name for i in items}
    if answers:
        rows = [
            (
                str(number),
                item.name,
                "" if item.points is None else number_text(item.points),
                "不适用"
                if item.concern
                else ""
                if answer is None or answer.score is None
                else number_text(answer.score),
                answer.text if answer else "",
            )
            for number, item in enumerate(items, 1)
            for answer in (answers.get(item.id),)
        ]
        head = ("序号", "指标", "满分", "自评分", "说明")
        yield PaperTable(title="逐项自评", head=head, rows=tuple(rows), widths=(12, 30, 12, 14, 60))
    if report.evidence:
        lines = [
            (str(n), e.name, KIND_NAMES[e.kind], size_text(e.size), names.get(e.item, e.item), e.note)
            for n, e in enumerate(report.evidence, 1)
        ]
        head = ("序号", "名称", "种类", "大小", "对应指标", "说明")
        yield PaperTable(title="佐证材料目录", head=head, rows=tuple(lines), widths=(13, 36, 18, 16, 24, 30))


def paper_html(paper: Paper) -> str:
    """The same as a page that the window prints; every word of people is escaped."""
    parts = [
        _line(paper.secrecy, _HEI) if paper.secrecy else "",
        _line("演练数据", f"{_HEI}; text-align:right") if paper.practice else "",
        _line(paper.title, _TITLE),
        _line(paper.unit, f"{_KAI}; text-align:center"),
        _line(f"（{paper.state}）", f"{_KAI}; text-align:center") if paper.state else "",
        _line(""),
        *(_section_html(section) for section in paper.sections),
        *_ending(paper),
        *(_table_html(annex, _annex_name(paper, n)) for n, annex in enumerate(paper.annexes, 1)),
    ]
    head = f'<html><head><meta charset="utf-8"><title>{escape(paper.unit + paper.title)}</title></head><body>'
    return f"{head}{''.join(parts)}</body></html>"


def _line(text: str, look: str = "") -> str:
    """One paragraph, as it was written. look: declarations of CSS that Qt knows."""
    return f'<p style="white-space:pre-wrap; margin:0; {look}">{escape(text) or "&nbsp;"}</p>'


def _section_html(section: PaperSection) -> str:
    heading = _line(_INDENT + section.heading, _HEI)
    lines = zip(section.numbers(), section.lines, strict=True)
    return heading + "".join(_line(f"{_INDENT}{n}{t}", _KAI if not n and is_subheading(t) else "") for n, t in lines)


def _annex_name(paper: Paper, number: int) -> str:
    return f"附件{number}" if len(paper.annexes) > 1 else "附件"


def _ending(paper: Paper) -> Iterator[str]:
    """What is annexed, then who and when at the right."""
    yield _line("")
    many = len(paper.annexes) > 1
    for number, annex in enumerate(paper.annexes, 1):
        counted = f"{number}. {annex.title}" if many else annex.title
        yield _line(_INDENT + ("附件：" if number == 1 else "\u3000" * 3) + counted)
    if paper.annexes:
        yield _line("")
    yield _line(paper.unit, f"text-align:right; margin-right:{2 * _SIGN}px")
    yield _line(paper.date, f"text-align:right; margin-right:{4 * _SIGN}px")


def _table_html(table: PaperTable, name: str) -> str:
    whole = sum(table.widths)
    head = "".join(
        f'<th width="{100 * width // whole}%">{escape(name)}</th>'
        for name, width in zip(table.head, table.widths, strict=True)
    )
    rows = "".join("<tr>" + "".join(f"<td>{_lines_html(c)}</td>" for c in row) + "</tr>" for row in table.rows)
    return (
        f"{_line(name, f'{_HEI}; page-break-before:always')}{_line(table.title, _TITLE)}{_line('')}"
        '<table width="100%" border="1" cellspacing="0" cellpadding="4" '
        'style="border-collapse:collapse; border-color:black; font-size:12pt">'
        f"<thead><tr>{head}</tr></thead>{rows}</table>"
    )


def _lines_html(text: str) -> str:
    return "<br>".join(escape(line) for line in plain_lines(text).split("\n"))
