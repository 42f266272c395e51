"""Reports on paper: the layout of official documents, the same bytes, nothing active, and the way back."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

from app.domain.reports import Report, SectionText
from app.files.word.archive import require_docx
from app.files.word.document import document_of
from app.files.word.papers import Paper, PaperSection, PaperTable
from app.files.word.writing import report_docx
from app.services.container import Services
from app.services.reports.papers import paper_html
from app.services.reports.word_reports import proposal_of
from tests.files.excel.test_result_book import DANGEROUS
from tests.services.reports.samples import FORM, good_reports
from tests.services.reports.writes import PICTURE, SCHEME, UNIT, report

PAPER = Paper(
    title="2026年度述职报告",
    unit="文澜局",
    secrecy="内部",
    practice=True,
    state="草稿",
    at="2026-11-04T10:00:00+08:00",
    sections=(
        PaperSection(heading="一、主要做法", kind="text", lines=("（一）抓学习", "全年 12 次。", "一、存在问题")),
        PaperSection(heading="二、下一步打算", kind="entry", lines=("甲", "1.乙")),
    ),
    annexes=(PaperTable(title="逐项自评", head=("序号", "指标"), rows=(("1", "学习"),), widths=(1, 3)),),
)


def opened(data: bytes) -> Any:
    return docx.Document(io.BytesIO(data))


def test_that_the_page_is_a4_with_the_margins_and_fonts_of_official_documents() -> None:
    document = opened(report_docx(PAPER))
    page = document.sections[0]
    sizes = (
        page.page_width,
        page.page_height,
        page.top_margin,
        page.bottom_margin,
        page.left_margin,
        page.right_margin,
    )
    assert [round(size.mm) for size in sizes] == [210, 297, 37, 35, 28, 26]
    fonts = {
        style.find(f"{qn('w:rPr')}/{qn('w:rFonts')}").get(qn("w:eastAsia"))
        for style in document.styles.element.style_lst
        if style.get(qn("w:type")) != "numbering"
    }
    assert fonts == {"仿宋", "黑体"}
    body = document.styles["述职正文"]
    assert body.font.size.pt == 16
    assert body.paragraph_format.line_spacing.pt == pytest.approx(28.95, abs=0.06)
    footers = page.footer._element.xml + page.even_page_footer._element.xml
    assert footers.count('w:instr="PAGE"') == 2
    assert page.header.paragraphs[0].text == page.even_page_header.paragraphs[0].text == "演练数据"
    texts = [p.text for p in document.paragraphs]
    assert texts[:4] == ["内部", "2026年度述职报告", "文澜局", "（草稿）"]
    assert {"1．甲", "1.乙", "2026年11月4日", "附件：逐项自评"} <= set(texts)
    assert [cell.text for row in document.tables[0].rows for cell in row.cells] == ["序号", "指标", "1", "学习"]


def test_that_the_same_report_is_the_same_file() -> None:
    data = report_docx(PAPER)
    assert data == report_docx(PAPER)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    require_docx(data)


def test_that_dangerous_texts_are_plain_text_everywhere() -> None:
    section = PaperSection(heading="一、主要做法", kind="text", lines=tuple(DANGEROUS))
    rows = tuple((text, text) for text in DANGEROUS)
    for text in DANGEROUS:
        data = report_docx(replace(PAPER, title=text, unit=text, secrecy=text, state=text, annexes=()))
        assert "w:hyperlink" not in opened(data).element.xml
    annex = replace(PAPER.annexes[0], rows=rows)
    data = report_docx(replace(PAPER, sections=(section,), annexes=(annex,)))
    require_docx(data)
    document = opened(data)
    xml = document.element.xml
    assert not re.search(r"w:(?:fldSimple|instrText|hyperlink|object|pict)\b", xml)
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\u200b-\u200f\u202a-\u202e\ufeff]", xml)
    kept = [p.text for p in document.paragraphs if p.style.name == "述职正文"]
    assert "<b>粗</b>" in kept and "=1+1" in kept and "乙丙" in kept
    html = paper_html(replace(PAPER, unit="<b>粗</b>", sections=(section,)))
    assert "<b>粗" not in html and "&lt;b&gt;粗" in html


def test_that_every_section_of_a_good_report_comes_back_as_it_was() -> None:
    names = {s.id: s.name for s in FORM.sections}
    for one in good_reports().values():
        sections = tuple(
            PaperSection(heading=f"一、{names[s.section]}", kind="text", lines=tuple(s.text.split("\n")))
            for s in one.sections
        )
        read = proposal_of("述职.docx", document_of(report_docx(replace(PAPER, sections=sections))), FORM)
        assert {s.section: s.text for s in read.sections()} == {s.section: s.text for s in one.sections}


def test_that_an_exported_report_is_read_back_with_lists_and_lines_that_look_like_headings(
    services: Services, awkward_folder: Path
) -> None:
    form = services.schemes.get(SCHEME).report
    assert form is not None
    given = {
        s.id: "（一）存在的主要问题\n一、下一步打算\n正文 12 处， 有  空格。\n特此报告。"
        if s.shape == "text"
        else "甲\n1.乙\n（二）丙"
        for s in form.sections
    }
    services.reports.save(
        Report(scheme=SCHEME, unit=UNIT, sections=tuple(SectionText(section=s, text=t) for s, t in given.items()))
    )
    path = services.reports.export_docx(SCHEME, UNIT, awkward_folder / "述职 1#.docx").value
    proposal = services.reports.read_docx(path, SCHEME)
    assert {s.section: s.text for s in proposal.sections()} == given
    assert proposal.findings == ()


def test_that_a_line_of_a_list_that_has_a_number_gets_no_second_one() -> None:
    lines = ("1．甲", "2、乙", "（三）丙", "四是丁", "⑤戊", "1.5 倍己", "3 月庚")
    section = PaperSection(heading="一、问题清单", kind="entry", lines=lines)
    wanted = ["1．甲", "2、乙", "（三）丙", "四是丁", "⑤戊", "6．1.5 倍己", "7．3 月庚"]
    paper = replace(PAPER, sections=(section,), annexes=())
    texts = [p.text for p in opened(report_docx(paper)).paragraphs]
    assert texts[texts.index("一、问题清单") + 1 :][: len(wanted)] == wanted
    html = paper_html(paper)
    assert all(f">\u3000\u3000{line}</p>" in html for line in wanted)


def test_that_exports_are_noted_and_all_of_a_level_go_into_one_folder(services: Services, awkward_folder: Path) -> None:
    services.reports.save(report())
    photo = awkward_folder / "照片.png"
    photo.write_bytes(PICTURE)
    services.reports.attach(SCHEME, UNIT, photo, note="现场")
    folder = awkward_folder / "导出 #"
    written = services.reports.export_all([SCHEME], folder).value
    again = services.reports.export_all([SCHEME], folder).value
    assert len(written) == len(again) == 1 and written != again
    assert written[0].read_bytes() == again[0].read_bytes()
    assert (
        written[0].read_bytes()
        == services.reports.export_docx(SCHEME, UNIT, awkward_folder / "单.docx").value.read_bytes()
    )
    assert any("照片.png" in c.text for t in opened(written[0].read_bytes()).tables for r in t.rows for c in r.cells)
    assert "照片.png" in services.reports.paper_html(SCHEME, UNIT)
    noted = [entry.label for entry in services.audit.entries(20) if entry.action == "export"]
    assert len(noted) == 3 and any("1 份述职报告" in label for label in noted)
