"""Pages on paper: the layout of official documents, page numbers, a PDF that is one."""

from __future__ import annotations

import re

import pytest
from PySide6.QtWidgets import QApplication

from app.ui.printing import OFFICIAL, Layout, document_of, pdf_of


def pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def lines(count: int) -> str:
    return "".join(f'<p style="margin:0">第 {n} 行</p>' for n in range(count))


@pytest.mark.parametrize(("count", "wanted"), [(22, 1), (23, 2), (44, 2), (45, 3)])
def test_that_an_official_page_holds_22_lines(qapp: QApplication, count: int, wanted: int) -> None:
    assert pages(pdf_of(lines(count), "述职报告", OFFICIAL)) == wanted


def test_that_a_plain_page_is_as_long_as_its_letters_want(qapp: QApplication) -> None:
    assert pages(pdf_of(lines(30), "回执", Layout(points=10.5))) == 1


def test_that_large_letters_get_lines_of_their_own_height(qapp: QApplication) -> None:
    document = document_of('<p style="font-size:22pt">标题</p><p>正文</p>', OFFICIAL)
    title, body = document.begin(), document.begin().next()
    assert title.blockFormat().lineHeight() > body.blockFormat().lineHeight() > 38
