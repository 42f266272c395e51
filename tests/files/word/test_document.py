"""Word files: every word of the file comes out once, in order; what must not be opened is refused by name."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from app.domain.errors import AppError, Fault
from app.files.word.archive import office_parts, require_docx
from app.files.word.document import document_of, read_document
from app.files.word.numbering import chinese, written_number

DOCUMENT = "word/document.xml"


def saved(document: Any) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def plain(*paragraphs: str) -> bytes:
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    return saved(document)


def with_parts(data: bytes, changes: dict[str, bytes | None]) -> bytes:
    """The archive with parts replaced, added, or (None) left out."""
    source, buffer = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            if name not in changes:
                target.writestr(name, source.read(name))
        for name, content in changes.items():
            if content is not None:
                target.writestr(name, content)
    return buffer.getvalue()


def part(data: bytes, name: str) -> bytes:
    return zipfile.ZipFile(io.BytesIO(data)).read(name)


def edited(data: bytes, before: str, after: str, name: str = DOCUMENT) -> bytes:
    text = part(data, name).decode()
    assert before in text
    return with_parts(data, {name: text.replace(before, after, 1).encode()})


def lines(data: bytes) -> list[tuple[str, str]]:
    return [(p.kind, p.text) for p in document_of(data).paragraphs]


# ---- what is in a document


def test_that_paragraphs_headings_and_tables_come_in_order() -> None:
    document = docx.Document()
    document.add_heading("述职报告", 0)
    document.add_heading("做法", 1)
    document.add_paragraph("　　第一段\n软回车 之后\t制表")
    table = document.add_table(2, 2)
    for row, texts in zip(table.rows, (("甲", "乙"), ("丙\n丁", "")), strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    document.add_paragraph("末段")
    found = document_of(saved(document)).paragraphs
    assert [(p.kind, p.level, p.text) for p in found] == [
        ("heading", 0, "述职报告"),
        ("heading", 1, "做法"),
        ("text", 0, "第一段"),
        ("text", 0, "软回车之后\u3000制表"),
        ("table", 0, "甲\u3000乙"),
        ("table", 0, "丙\u3000丁"),
        ("text", 0, "末段"),
    ]


def test_that_a_table_used_as_a_page_keeps_its_paragraphs() -> None:
    document = docx.Document()
    document.add_table(1, 1).rows[0].cells[0].text = "一段" * 50 + "\n" + "二段" * 50
    assert lines(saved(document)) == [("table", "一段" * 50), ("table", "二段" * 50)]


def test_that_a_table_inside_a_table_is_not_lost_and_not_doubled() -> None:
    document = docx.Document()
    cell = document.add_table(1, 1).rows[0].cells[0]
    cell.text = "外"
    cell.add_table(1, 2).rows[0].cells[1].text = "里"
    assert sorted(text for _, text in lines(saved(document))) == ["外", "里"]


@pytest.mark.parametrize(
    ("wrapped", "said"),
    [
        ("<w:ins w:id='1' w:author='甲'><w:r><w:t>插入</w:t></w:r></w:ins>", "前插入后"),
        ("<w:del w:id='1' w:author='甲'><w:r><w:delText>删除</w:delText></w:r></w:del>", "前后"),
        ("<w:sdt><w:sdtContent><w:r><w:t>控件</w:t></w:r></w:sdtContent></w:sdt>", "前控件后"),
        ("<w:hyperlink><w:r><w:t>链接</w:t></w:r></w:hyperlink>", "前链接后"),
        ("<w:smartTag><w:r><w:t>标记</w:t></w:r></w:smartTag>", "前标记后"),
        ("<w:fldSimple w:instr='DATE'><w:r><w:t>2026年</w:t></w:r></w:fldSimple>", "前2026年后"),
        ("<w:r><w:instrText>PAGE</w:instrText></w:r>", "前后"),
        ("<w:r><w:sym w:font='Wingdings' w:char='F0FE'/></w:r>", "前☑后"),
        ("<w:r><w:noBreakHyphen/></w:r>", "前-后"),
        ("<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r>", "前隐藏后"),
        (
            "<w:r><w:ruby><w:rt><w:r><w:t>pin</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>字</w:t></w:r></w:rubyBase></w:ruby></w:r>",
            "前字后",
        ),
    ],
)
def test_that_text_is_found_in_whatever_it_is_wrapped(wrapped: str, said: str) -> None:
    data = edited(plain("前后"), "<w:t>前后</w:t></w:r>", f"<w:t>前</w:t></w:r>{wrapped}<w:r><w:t>后</w:t></w:r>")
    assert lines(data) == [("text", said)]


BOX = (
    "<w:r><mc:AlternateContent xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006'>"
    "<mc:Choice Requires='wps'><w:txbxContent><w:p><w:r><w:t>框中的字</w:t></w:r></w:p></w:txbxContent></mc:Choice>"
    "<mc:Fallback><w:txbxContent><w:p><w:r><w:t>框中的字</w:t></w:r></w:p></w:txbxContent></mc:Fallback>"
    "</mc:AlternateContent></w:r>"
)


def test_that_a_text_box_comes_once_and_after_the_body() -> None:
    data = edited(plain("正文", "尾"), "<w:t>正文</w:t></w:r>", f"<w:t>正文</w:t></w:r>{BOX}")
    assert lines(data) == [("text", "正文"), ("text", "尾"), ("box", "框中的字")]


def test_that_footnotes_comments_and_headers_are_shown() -> None:
    document = docx.Document()
    run = document.add_paragraph("有注的话").runs[0]
    document.add_comment(run, text="批语", author="领导")
    document.sections[0].header.paragraphs[0].text = "内部资料"
    document.sections[0].footer.paragraphs[0].text = "第 3 页 共 9 页"
    data = edited(
        saved(document), "有注的话</w:t></w:r>", "有注的话</w:t></w:r><w:r><w:footnoteReference w:id='2'/></w:r>"
    )
    notes = (
        f"<w:footnotes {nsdecls('w')}><w:footnote w:type='separator' w:id='0'><w:p/></w:footnote>"
        "<w:footnote w:id='2'><w:p><w:r><w:t>脚注文字</w:t></w:r></w:p></w:footnote></w:footnotes>"
    )
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    rels = part(data, "word/_rels/document.xml.rels").decode()
    types = part(data, "[Content_Types].xml").decode()
    data = with_parts(
        data,
        {
            "word/footnotes.xml": notes.encode(),
            "word/_rels/document.xml.rels": rels.replace(
                "</Relationships>", f'<Relationship Id="rId99" Type="{kind}" Target="footnotes.xml"/></Relationships>'
            ).encode(),
            "[Content_Types].xml": types.replace(
                "</Types>",
                '<Override PartName="/word/footnotes.xml" ContentType="application/vnd.openxmlformats-officedocument.'
                'wordprocessingml.footnotes+xml"/></Types>',
            ).encode(),
        },
    )
    assert lines(data) == [
        ("text", "有注的话［注1］"),
        ("note", "［注1］脚注文字"),
        ("comment", "［批注领导］批语"),
        ("header", "内部资料"),
    ]


def numbered(document: Any, text: str, number: int, depth: int = 0) -> None:
    paragraph = document.add_paragraph(text)
    paragraph._p.get_or_add_pPr().append(
        parse_xml(f"<w:numPr {nsdecls('w')}><w:ilvl w:val='{depth}'/><w:numId w:val='{number}'/></w:numPr>")
    )


def test_that_numbers_which_word_makes_itself_are_written_out() -> None:
    document = docx.Document()
    root = document.part.numbering_part.element
    levels = "".join(
        f"<w:lvl w:ilvl='{n}'><w:start w:val='1'/><w:numFmt w:val='{style}'/><w:lvlText w:val='{text}'/></w:lvl>"
        for n, (style, text) in enumerate(
            (("chineseCounting", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3."))
        )
    )
    root.insert(0, parse_xml(f"<w:abstractNum {nsdecls('w')} w:abstractNumId='77'>{levels}</w:abstractNum>"))
    for number, override in ((77, ""), (78, "<w:lvlOverride w:ilvl='0'><w:startOverride w:val='5'/></w:lvlOverride>")):
        root.append(
            parse_xml(f"<w:num {nsdecls('w')} w:numId='{number}'><w:abstractNumId w:val='77'/>{override}</w:num>")
        )
    for text, number, depth in (
        ("甲", 77, 0),
        ("子", 77, 1),
        ("丑", 77, 1),
        ("寅", 77, 2),
        ("乙", 77, 0),
        ("卯", 77, 1),
        ("丙", 78, 0),
    ):
        numbered(document, text, number, depth)
    document.add_paragraph("无号", style="List Bullet")
    assert [text for _, text in lines(saved(document))] == [
        "一、甲", "（一）子", "（二）丑", "1.寅", "二、乙", "（一）卯", "五、丙", "无号",
    ]  # fmt: skip


def test_that_numbers_are_written_in_words_styles() -> None:
    assert [chinese(n) for n in (1, 10, 11, 20, 21, 105, 110, 0)] == [
        "一",
        "十",
        "十一",
        "二十",
        "二十一",
        "一百零五",
        "一百一十",
        "0",
    ]
    styles = ("chineseLegalSimplified", "decimalEnclosedCircle", "upperRoman", "lowerLetter", "decimalZero", "odd")
    assert [written_number(12, s) for s in styles] == ["拾贰", "⑫", "XII", "l", "12", "12"]


def test_that_pictures_and_objects_are_counted(tmp_path: Path) -> None:
    document = docx.Document()
    picture = tmp_path / "图.png"
    picture.write_bytes(PNG)
    document.add_picture(str(picture))
    document.add_paragraph("说明")
    found = document_of(saved(document))
    assert (found.pictures, found.objects, len(found.paragraphs)) == (1, 0, 1)


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a49444154789c6360000000020001e221bc330000000049454e44ae426082"
)


def test_that_no_word_of_a_random_document_is_lost_or_doubled() -> None:
    chance = random.Random(4)
    for _ in range(15):
        document, expected = docx.Document(), []
        for n in range(40):
            word = f"词{n:02d}" + "".join(chance.choices("甲乙丙丁戊己庚辛", k=chance.randint(1, 30)))
            expected.append(word)
            kind = chance.randrange(4)
            if kind == 0:
                document.add_heading(word, chance.randint(1, 4))
            elif kind == 1:
                document.add_table(1, 2).rows[0].cells[chance.randrange(2)].text = word
            elif kind == 2:
                paragraph = document.add_paragraph()
                for sign in word:
                    paragraph.add_run(sign).bold = chance.random() < 0.5
            else:
                document.add_paragraph(word)
        assert [text for _, text in lines(saved(document))] == expected


# ---- what is refused


def entity(data: bytes) -> bytes:
    text = part(data, DOCUMENT).decode()
    head, _, rest = text.partition("?>")
    return with_parts(data, {DOCUMENT: f'{head}?><!DOCTYPE x [<!ENTITY a "aaaa">]>{rest}'.encode()})


def external(data: bytes, kind: str) -> bytes:
    rels = part(data, "word/_rels/document.xml.rels").decode()
    relation = (
        f'<Relationship Id="rId98" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" '
        'Target="http://example.invalid/x" TargetMode="External"/></Relationships>'
    )
    return with_parts(data, {"word/_rels/document.xml.rels": rels.replace("</Relationships>", relation).encode()})


def deep(data: bytes) -> bytes:
    return edited(data, "<w:t>字</w:t>", "<w:smartTag>" * 500 + "<w:t>字</w:t>" + "</w:smartTag>" * 500)


def bomb(data: bytes) -> bytes:
    return with_parts(data, {"word/media/big.bin": bytes(30_000_000)})


def encrypted(data: bytes) -> bytes:
    place = data.index(b"PK\x01\x02") + 8
    return data[:place] + b"\x01" + data[place + 1 :]


def twice(data: bytes) -> bytes:
    buffer = io.BytesIO(data)
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr(DOCUMENT, b"<x/>")
    return buffer.getvalue()


HOSTILE: dict[str, Callable[[bytes], bytes]] = {
    "nothing": lambda d: b"",
    "text": lambda d: "述职报告".encode(),
    "an old .doc": lambda d: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(900),
    "a password": lambda d: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
    "rtf": lambda d: b"{\\rtf1 x}",
    "half a file": lambda d: d[: len(d) // 2],
    "no document inside": lambda d: with_parts(d, {DOCUMENT: None}),
    "no content types": lambda d: with_parts(d, {"[Content_Types].xml": None}),
    "broken xml": lambda d: edited(d, "</w:body>", ""),
    "an entity": entity,
    "a template from outside": lambda d: external(d, "attachedTemplate"),
    "an object from outside": lambda d: external(d, "oleObject"),
    "macros": lambda d: with_parts(d, {"word/vbaProject.bin": b"x"}),
    "a macro type": lambda d: edited(d, "wordprocessingml.document.main", "macroEnabled.main", "[Content_Types].xml"),
    "a path outside": lambda d: with_parts(d, {"../x.xml": b"<x/>"}),
    "too deep": deep,
    "a bomb": bomb,
    "encryption": encrypted,
    "a part twice": twice,
    "another root": lambda d: with_parts(d, {DOCUMENT: b"<x/>"}),
    "a workbook": lambda d: with_parts(d, {DOCUMENT: None, "xl/workbook.xml": b"<x/>"}),
    "odt": lambda d: with_parts(d, {"mimetype": b"x", "content.xml": b"<x/>"}),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_that_a_hostile_or_damaged_file_is_refused_by_name(what: str) -> None:
    data = HOSTILE[what](plain("字"))
    with pytest.raises(AppError) as error:
        document_of(data)
    assert error.value.fault is Fault.DOC_BAD


def test_that_links_and_linked_pictures_are_no_reason_to_refuse() -> None:
    for kind in ("hyperlink", "image"):
        require_docx(external(plain("字"), kind))


def test_that_damaged_bytes_end_in_a_document_or_a_named_refusal() -> None:
    """A flipped bit in the packed bytes is found by the checksum; one in the directory by the directory."""
    chance = random.Random(9)
    data = plain("一、做法", "抓了三件事", "二、问题", "学得不深")
    for _ in range(300):
        damaged = bytearray(data)
        for _ in range(chance.randint(1, 4)):
            damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
        try:
            document_of(bytes(damaged))
        except AppError as error:
            assert error.fault is Fault.DOC_BAD


def test_that_files_are_read_from_awkward_places_and_missing_ones_are_named(awkward_folder: Path) -> None:
    path = awkward_folder / "述职 #1%20.docx"
    path.write_bytes(plain("一段"))
    assert read_document(path).paragraphs[0].text == "一段"
    with pytest.raises(AppError) as error:
        read_document(awkward_folder / "没有.docx")
    assert error.value.fault is Fault.FILE_MISSING


def test_that_the_parts_of_an_office_file_are_listed_with_their_sizes() -> None:
    parts = office_parts(plain("字"))
    assert parts[DOCUMENT] == len(part(plain("字"), DOCUMENT))
