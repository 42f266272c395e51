"""The audit trail in words: names for codes, nothing else changed."""

from __future__ import annotations

from app.ui.audit_words import at_length, in_short, in_words

NAMES = {"D01": "市文澜办", "department": "部门单位", "good": "好", "E001": "评议人甲01"}


def test_that_codes_become_names_and_file_names_stay() -> None:
    assert in_words("述职报告 department D01", NAMES) == "述职报告 部门单位 市文澜办"
    assert in_words("D01.docx、2026-department-E001、D01", NAMES) == "D01.docx、2026-department-E001、市文澜办"
    assert in_words("D01 vote good=153", NAMES) == "市文澜办 vote 好=153"
    assert in_words("原：D011", NAMES) == "原：D011"


def test_that_a_cell_leaves_out_fingerprints_and_the_whole_entry_does_not() -> None:
    details = ("对象：D01", "现：" + "；".join(f"D01 {n}" for n in range(4)), "现：f312ced69c491eff", "指纹：f312")
    assert in_short(details, NAMES).startswith("对象：市文澜办；现：市文澜办 0；")
    assert "f312" not in in_short(details, NAMES)
    assert at_length(details, NAMES).splitlines()[-1] == "指纹：f312"
    assert at_length(details, NAMES).splitlines()[2] == "　　市文澜办 1"
    assert len(in_short(("长" * 900,), NAMES)) == 241
