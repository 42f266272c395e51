"""The form of a self-report is told as an office would write it."""

from __future__ import annotations

from fractions import Fraction

from app.domain.report_forms import Answers, EvidenceLimits, ReportForm, Section
from app.domain.report_sentences import report_form


def test_that_a_form_with_sections_lengths_and_a_share_of_problems_is_told_line_by_line() -> None:
    form = ReportForm(
        sections=(
            Section(id="done", name="工作成效", purpose="done", minimum=400, maximum=2500),
            Section(id="problems", name="问题清单", purpose="problems", shape="list", entries=2),
            Section(id="more", name="其他", required=False),
        ),
        maximum=3000,
        problem_share=Fraction(1, 4),
        answers=Answers(score="required", evidence="optional"),
        evidence=EvidenceLimits(kinds=("pdf",), file=5, total=20),
        manner="oral",
        lots=True,
    )
    assert report_form(form) == [
        ("工作成效", "必填，不少于 400 字，不超过 2500 字"),
        ("问题清单", "必填，一行一条，至少 2 条"),
        ("其他", "可不写"),
        ("全文", "不超过 3000 字"),
        ("问题部分", "写问题、原因的栏目不少于全文的 25%"),
        ("逐项填写", "自评分必填、佐证可填"),
        ("佐证材料", "PDF 文件；单个不超过 5 MB，合计不超过 20 MB"),
        ("述职方式", "口头，先后由抽签决定"),
    ]
