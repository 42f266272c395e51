"""Search as you type: text, code, pinyin, initials."""

import subprocess
import sys

import pytest

from app.ui.item_models.search import Finder, plain

NAMES = ["市委组织部 D01", "单县税务局 D02", "曾都区公安局 D03", "重庆路街道办事处 D04", "经济　发展局 D05"]


def found(query: str) -> list[str]:
    mask = Finder(NAMES).mask(query)
    return [name for name, hit in zip(NAMES, mask, strict=True) if hit]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("组织", ["市委组织部 D01"]),
        ("zzb", ["市委组织部 D01"]),
        ("zuzhibu", ["市委组织部 D01"]),
        ("zu zhi b", ["市委组织部 D01"]),
        ("shanxian", ["单县税务局 D02"]),
        ("danxian", ["单县税务局 D02"]),
        ("cengdu", ["曾都区公安局 D03"]),
        ("zdq", ["曾都区公安局 D03"]),
        ("zzbd01", ["市委组织部 D01"]),
        ("cqlu", ["重庆路街道办事处 D04"]),
        ("Ｄ０３", ["曾都区公安局 D03"]),
        ("经济发展", ["经济　发展局 D05"]),
        ("xyz", []),
        ("", NAMES),
    ],
)
def test_that_a_query_finds_text_code_pinyin_and_initials(query: str, expected: list[str]) -> None:
    assert found(query) == expected


def test_that_zero_width_characters_and_blanks_do_not_count() -> None:
    assert plain("组\u200b织 　部") == "组织部"


def test_that_pinyin_is_loaded_only_by_a_query_in_letters() -> None:
    code = (
        "import sys; from app.ui.item_models.search import Finder; f = Finder(['组织部']); f.mask('组');"
        "assert 'pypinyin' not in sys.modules; f.mask('zzb'); assert 'pypinyin' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
