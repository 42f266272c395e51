"""Word reports into the sections of a form: headings by style, number and name; every paragraph is somewhere."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import pytest

from app.files.word.document import document_of
from app.services.container import Services
from app.services.reports import DocxProposal
from app.services.reports.word_reports import guess_section, proposal_of
from tests.services.conftest import opened_copy
from tests.services.reports.samples import FORM
from tests.services.reports.writes import SCHEME


def proposed(document: Any) -> DocxProposal:
    buffer = io.BytesIO()
    document.save(buffer)
    return proposal_of("述职.docx", document_of(buffer.getvalue()), FORM)


def texts(proposal: DocxProposal) -> dict[str, str]:
    return {s.section: s.text for s in proposal.sections()}


def written(*paragraphs: str | tuple[str, int]) -> Any:
    document = docx.Document()
    for paragraph in paragraphs:
        if isinstance(paragraph, tuple):
            document.add_heading(*paragraph)
        else:
            document.add_paragraph(paragraph)
    return document


def test_that_headings_by_style_open_their_sections() -> None:
    proposal = proposed(
        written(
            ("2026年度述职报告", 0),
            "市松涛局党组",
            ("履行责任情况", 1),
            ("加强学习", 2),
            "学了12次。",
            ("上年度整改落实情况", 1),
            "都改了。",
            ("存在的不足", 1),
            "学得不深。",
            ("产生问题的原因", 1),
            "抓得不紧。",
            ("下步打算", 1),
            "抓紧。",
            "2026年12月3日",
        )
    )
    assert texts(proposal) == {
        "work": "加强学习\n学了12次。",
        "promises": "都改了。",
        "problems": "学得不深。",
        "causes": "抓得不紧。",
        "plans": "抓紧。",
    }
    assert [p.text for p in proposal.unassigned()] == ["2026年度述职报告", "市松涛局党组", "2026年12月3日"]
    assert proposal.findings == ()


def test_that_headings_by_number_open_their_sections_and_lower_ones_stay_inside() -> None:
    proposal = proposed(
        written(
            "各位领导、同志们：",
            "一、主要做法和成效",
            "（一）抓问题整改",
            "改了九条。",
            "（二）强化措施",
            "定了三项。",
            "二、问题和不足",
            "1. 学得不深",
            "少学一次。",
            "三、原因剖析。一是抓得不紧。",
            "四、今后努力方向",
            "明年抓紧。",
        )
    )
    assert texts(proposal) == {
        "work": "（一）抓问题整改\n改了九条。\n（二）强化措施\n定了三项。",
        "problems": "1.学得不深\n少学一次。",
        "causes": "三、原因剖析。一是抓得不紧。",
        "plans": "明年抓紧。",
    }
    [missing] = proposal.findings
    assert "上年问题整改和承诺兑现" in missing.message


def test_that_a_heading_like_no_section_closes_the_one_before() -> None:
    proposal = proposed(
        written("一、存在的主要问题", "学得不深。", "二、附表目录", "表一。", "三、原因分析", "抓得不紧。")
    )
    assert texts(proposal) == {"problems": "学得不深。", "causes": "抓得不紧。"}
    assert [p.text for p in proposal.unassigned()] == ["二、附表目录", "表一。"]


def test_that_a_heading_of_two_sections_is_told() -> None:
    proposal = proposed(written("一、存在的问题及原因", "学得不深，抓得不紧。"))
    assert texts(proposal) == {"problems": "学得不深，抓得不紧。"}
    assert any("“原因分析”" in f.message for f in proposal.findings)


def test_that_a_report_without_headings_is_left_to_the_user_whole() -> None:
    proposal = proposed(written("今年抓了很多工作。", "明年继续。"))
    assert proposal.sections() == ()
    assert [p.text for p in proposal.unassigned()] == ["今年抓了很多工作。", "明年继续。"]


@pytest.mark.parametrize(
    ("heading", "section"),
    [
        ("存在的主要问题", "problems"),
        ("存在问题", "problems"),
        ("短板弱项", "problems"),
        ("2025年度述职评议问题整改情况", "promises"),
        ("上一年度承诺事项落实情况", "promises"),
        ("问题产生的主要原因", "causes"),
        ("存在问题及原因分析", "problems"),
        ("巡察反馈问题整改情况", "promises"),
        ("下一步工作打算和措施", "plans"),
        ("2027年工作思路", "plans"),
        ("履职尽责抓党建工作情况", "work"),
        ("特色亮点工作", "work"),
        ("组织机构", None),
    ],
)
def test_that_a_heading_is_guessed_by_name_and_purpose(heading: str, section: str | None) -> None:
    guess = guess_section(heading, FORM, likely=True)
    found = None if guess is None else guess.section.id
    assert found == section or (guess is not None and section in {s.id for s in guess.also})


@pytest.fixture
def year(created_folder: Path, awkward_folder: Path) -> Iterator[Services]:
    services = opened_copy(created_folder, awkward_folder)
    yield services
    services.close()


def test_that_the_service_reads_a_file_for_the_schemes_form(year: Services, awkward_folder: Path) -> None:
    document = written(("做法和成效", 1), "抓了三件事。", ("存在的问题", 1), "学得不深。")
    path = awkward_folder / "述职 #1.docx"
    document.save(str(path))
    proposal = year.reports.read_docx(path, SCHEME)
    assert texts(proposal) == {"work": "抓了三件事。", "problems": "学得不深。"}
    assert year.reports.clean_paste("<p>甲<br>乙</p>") == "甲\n乙"
