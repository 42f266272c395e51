"""Pasted text: what Word, WPS, a browser and a plain editor put on the clipboard becomes the same plain paragraphs."""

from __future__ import annotations

import re
from html import escape
from random import Random

import pytest

from app.files.word.paste import clean_paste

WORD = """Version:1.0\r
StartHTML:0000000105\r
EndHTML:0000001234\r
StartFragment:0000000141\r
EndFragment:0000001198\r
<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office">
<head><meta http-equiv=Content-Type content="text/html; charset=utf-8"><title>不要的标题</title>
<!--[if gte mso 9]><xml><o:OfficeDocumentSettings><o:AllowPNG/></o:OfficeDocumentSettings></xml><![endif]-->
<style><!-- p.MsoNormal {mso-style-parent:""; margin:0cm;} --></style></head>
<body lang=ZH-CN><!--StartFragment-->
<p class=MsoNormal style='text-indent:32.0pt'><span lang=EN-US style='font-size:16.0pt'><o:p>&nbsp;</o:p></span></p>
<p class=MsoNormal align=center><b><span style='font-family:黑体'>一、存在的</span></b><b>
问题</b></p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><![if !supportLists]><span lang=EN-US><span
style='mso-list:Ignore'>1.<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp; </span></span></span><![endif]>学习
不够<span class=SpellE>深</span>。</p>
<p class=MsoListParagraph><![if !supportLists]><span style='font-family:Wingdings'><span style='mso-list:Ignore'>l<span
style='font:7.0pt'>&nbsp; </span></span></span><![endif]>调研<br clear=all>不多</p>
<table class=MsoTableGrid><tr><td><p class=MsoNormal>单位<o:p></o:p></p></td><td><p>得分</p></td></tr>
<tr><td><p>甲局</p><p>（窗口）</p></td><td><p align=right>95.5</p></td></tr></table>
<p class=MsoNormal>&#8220;两张皮&#8221;&amp;&lt;短板&gt;<del>删去的</del></p>
<!--EndFragment--></body></html>"""


def test_that_word_html_becomes_plain_paragraphs() -> None:
    assert clean_paste(WORD).split("\n") == [
        "一、存在的问题",
        "1.学习不够深。",
        "调研",
        "不多",
        "单位\u3000得分",
        "甲局\u3000（窗口）\u300095.5",
        "“两张皮”&<短板>",
    ]


WPS = (
    '<html><body><!--StartFragment--><p class="MsoNormal"><span style="mso-spacerun:\'yes\';font-family:仿宋">'
    '　　<font face="仿宋">抓了三件实事</font>，办成</span><span>2</span><span><font>件</font></span><span><o:p></o:p></span></p>'
    "<ol start=3><li>学习</li><li value=7>调研</li></ol><ul><li>无号</li></ul><!--EndFragment--></body></html>"
)


def test_that_wps_html_and_lists_keep_their_numbers() -> None:
    assert clean_paste(WPS).split("\n") == ["抓了三件实事，办成2件", "3.学习", "7.调研", "无号"]


@pytest.mark.parametrize(
    ("pasted", "lines"),
    [
        ("　　第一段\r\n　　第二段\r\n\r\n", ["第一段", "第二段"]),
        ("软回车\x0b之后\u2028又一行\x0c下页", ["软回车", "之后", "又一行", "下页"]),
        ("单位\t得分\r\n甲 局\t95", ["单位\u3000得分", "甲局\u300095"]),
        ("零\u200b宽\ufeff字\u00ad符\u202e", ["零宽字符"]),
        ("Word 2019 和 WPS", ["Word 2019和WPS"]),
        ("a<b 且 b>c，3 < 5", ["a<b且b>c，3 < 5"]),
        ("10. 第十条\n（1） 款", ["10.第十条", "（1）款"]),
        ("", []),
        (" \u3000\n\t\n", []),
    ],
)
def test_that_plain_text_is_tidied_line_by_line(pasted: str, lines: list[str]) -> None:
    assert clean_paste(pasted) == "\n".join(lines)


@pytest.mark.parametrize(
    "html",
    [
        "<p>没有结束",
        "<table><tr><td>甲<td>乙<tr><td>丙</table>",
        "<div><p>甲</div></p></span>乙",
        "<p>甲<![endif]>乙<!-- 未完",
        "<style>p{</style><p>甲",
        "<p>" * 3000 + "深" + "</p>" * 3000,
        "<span style='mso-list:Ignore'>1.甲",
    ],
)
def test_that_broken_html_loses_no_word(html: str) -> None:
    said = clean_paste(html + "<b></b>")
    for word in re.findall(r"[\u4e00-\u9fff]+", re.sub(r"<style>.*?</style>|<!--.*", "", html)):
        assert word in said


def test_that_nothing_that_can_be_read_is_lost_in_random_html() -> None:
    chance = Random(3)
    for _ in range(200):
        words = [f"{'甲乙丙丁'[n % 4]}{n}<&" for n in range(chance.randint(1, 12))]
        html = "<body>"
        for word in words:
            tag = chance.choice(["p", "div", "span", "h1", "b", "td", "li", "font", "o:p", "section"])
            html += f"<{tag} style='mso-x:1' class=MsoNormal>{escape(word)}</{tag}>"
        html += "</body>"
        said = re.sub(r"\s", "", clean_paste(html))
        assert said == "".join(words)
