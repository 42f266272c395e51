"""A self-report as a .docx in the layout of official documents (GB/T 9704-2012): the same report is the same file."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from typing import Any, cast

from app.files.word.papers import Paper, PaperSection, PaperTable, is_subheading
from app.files.word.roles import STYLES, Role
from app.files.word.texts import plain_line

SONG, FANG, KAI, HEI, TITLE = "宋体", "仿宋", "楷体", "黑体", "方正小标宋简体"
_LINE = 28.95  # points from line to line: 22 lines fill the page
_BODY, _BIG, _FOOT = 16, 22, 14  # points of 3号, 2号, 4号
_TIGHTER = "-5"  # twentieths of a point between signs: 28 signs fill a line of 156 mm
_TEXT_WIDTH = 156  # mm
_FIXED = (1980, 1, 1, 0, 0, 0)
_FONT_KEYS = ("ascii", "hAnsi", "eastAsia", "cs")


def report_docx(paper: Paper) -> bytes:
    """The whole file. Every word that people wrote is plain text in it: no field, no link, no control character."""
    return _steady(_Writer(paper).document())


class _Writer:
    def __init__(self, paper: Paper) -> None:
        import docx  # 0.2 s that only an export waits for

        self._paper = paper
        self._document: Any = docx.Document()
        self._styles = self._document.styles

    def document(self) -> Any:
        """Everything in reading order."""
        self._set_fonts()
        self._make_styles()
        self._set_page()
        self._set_properties()
        paper = self._paper
        if paper.secrecy:
            self._line(paper.secrecy, font=HEI)
        self._line(paper.title, font=TITLE, size=_BIG, centred=True)
        self._line(paper.unit, font=KAI, centred=True)
        if paper.state:
            self._line(f"（{paper.state}）", font=KAI, centred=True)
        self._line("")
        for section in paper.sections:
            self._section(section)
        self._ending()
        for number, annex in enumerate(paper.annexes, 1):
            self._annex(annex, f"附件{number}" if len(paper.annexes) > 1 else "附件")
        return self._document

    # ---- the parts

    def _section(self, section: PaperSection) -> None:
        self._add("section", section.heading)
        for number, line in zip(section.numbers(), section.lines, strict=True):
            if number:
                self._add("entry", f"{number}{line}")
            else:
                run = self._add("text", line)
                if is_subheading(line):
                    _set_font(run._r.get_or_add_rPr(), KAI)

    def _ending(self) -> None:
        """What is annexed, then who and when at the right."""
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.shared import Pt

        paper = self._paper
        self._line("")
        names = [annex.title for annex in paper.annexes]
        for number, name in enumerate(names, 1):
            counted = f"{number}. {name}" if len(names) > 1 else name
            self._line(counted if number > 1 else f"附件：{counted}", indent=(5 if number > 1 else 2) * _BODY)
        if names:
            self._line("")
        for text, right in ((paper.unit, 2), (paper.date, 4)):
            if text:
                format_ = self._line(text).paragraph_format
                format_.alignment = WD_ALIGN_PARAGRAPH.RIGHT
                format_.right_indent = Pt(right * _BODY)
                format_.keep_together = True

    def _annex(self, annex: PaperTable, name: str) -> None:
        from docx.shared import Mm

        self._line(name, font=HEI).paragraph_format.page_break_before = True
        self._line(annex.title, font=TITLE, size=_BIG, centred=True)
        self._line("")
        table = self._document.add_table(rows=0, cols=len(annex.head))
        table.autofit = False
        _set_borders(table)
        whole = sum(annex.widths)
        widths = [Mm(_TEXT_WIDTH * width / whole) for width in annex.widths]
        for column, width in zip(table.columns, widths, strict=True):
            column.width = width
        for number, row in enumerate((annex.head, *annex.rows)):
            self._row(table, row, widths, head=number == 0)

    def _row(self, table: Any, texts: tuple[str, ...], widths: list[Any], *, head: bool) -> None:
        row = table.add_row()
        properties = row._tr.get_or_add_trPr()
        properties.append(_element("w:cantSplit"))
        if head:
            properties.append(_element("w:tblHeader"))
        for cell, text, width in zip(row.cells, texts, widths, strict=True):
            cell.width = width
            lines = [plain_line(line) for line in text.split("\n")]
            for number, line in enumerate(lines or [""]):
                paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
                paragraph.style = self._styles[STYLES["frame"]]
                _exact(paragraph.paragraph_format, 20)
                self._run(paragraph, line, HEI if head else FANG, 12)

    def _line(self, text: str, *, font: str = FANG, size: float = _BODY, centred: bool = False, indent: int = 0) -> Any:
        """A paragraph that is no part of a section."""
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.shared import Pt

        paragraph = self._document.add_paragraph(style=STYLES["frame"])
        if centred:
            paragraph.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
        if indent:
            paragraph.paragraph_format.left_indent = Pt(indent)
        if size > _BODY:
            _exact(paragraph.paragraph_format, 36)
        self._run(paragraph, plain_line(text), font, size)
        return paragraph

    def _add(self, role: Role, text: str) -> Any:
        return self._document.add_paragraph(style=STYLES[role]).add_run(plain_line(text))

    def _run(self, paragraph: Any, text: str, font: str, size: float) -> None:
        from docx.shared import Pt

        run = paragraph.add_run(text)
        _set_font(run._r.get_or_add_rPr(), font)
        run.font.size = Pt(size)

    # ---- the frame

    def _set_fonts(self) -> None:
        """An east-asian font in every style: a style without one falls back to the Latin font."""
        root = self._styles.element
        for style in root.style_lst:
            if style.type is not None and "NUMBERING" not in str(style.type):
                _set_font(style.get_or_add_rPr(), FANG)
        defaults = root.find(f"{_w('docDefaults')}/{_w('rPrDefault')}/{_w('rPr')}")
        _set_font(defaults, FANG)
        for language in defaults.iter(_w("lang")):
            language.set(_w("eastAsia"), "zh-CN")
        _size(self._styles["Normal"], _BODY)

    def _make_styles(self) -> None:
        from docx.enum.style import WD_STYLE_TYPE
        from docx.shared import Pt

        fonts: dict[Role, str] = {"section": HEI, "text": FANG, "entry": FANG, "frame": FANG}
        for role, font in fonts.items():
            style = self._styles.add_style(STYLES[role], WD_STYLE_TYPE.PARAGRAPH)
            style.base_style = self._styles["Normal"]
            style.quick_style = True
            format_ = style.paragraph_format
            _exact(format_, _LINE)
            format_.space_before = format_.space_after = Pt(0)
            format_.widow_control = False
            if role != "frame":
                format_.first_line_indent = Pt(2 * _BODY)
            if role == "section":
                format_.keep_with_next = True
                _child(style.element.get_or_add_pPr(), "outlineLvl", val="0")
            properties = style.element.get_or_add_rPr()
            _set_font(properties, font)
            _child(properties, "spacing", val=_TIGHTER)
            _size(style, _BODY)

    def _set_page(self) -> None:
        """A4 with the margins of the standard, page numbers outside, 演练数据 at the top of every page."""
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.shared import Mm, Pt

        section = self._document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = Mm(37), Mm(35)
        section.left_margin, section.right_margin = Mm(28), Mm(26)
        section.header_distance, section.footer_distance = Mm(15), Mm(25)
        self._document.settings.odd_and_even_pages_header_footer = True
        sides = ((section.footer, section.header, True), (section.even_page_footer, section.even_page_header, False))
        for footer, header, odd in sides:
            footer.is_linked_to_previous = header.is_linked_to_previous = False
            paragraph = footer.paragraphs[0]
            format_ = paragraph.paragraph_format
            format_.alignment = WD_ALIGN_PARAGRAPH.RIGHT if odd else WD_ALIGN_PARAGRAPH.LEFT
            format_.right_indent = Pt(_FOOT if odd else 0)
            format_.left_indent = Pt(0 if odd else _FOOT)
            self._run(paragraph, "— ", SONG, _FOOT)
            _page_number(paragraph)
            self._run(paragraph, " —", SONG, _FOOT)
            if self._paper.practice:
                header.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
                self._run(header.paragraphs[0], "演练数据", HEI, 12)

    def _set_properties(self) -> None:
        """Nothing of the computer, nothing of the moment."""
        paper, properties = self._paper, self._document.core_properties
        at = datetime.fromisoformat(paper.at[:19] or "1980-01-01")
        properties.created = properties.modified = at
        properties.last_printed = at
        properties.title = plain_line(f"{paper.unit}{paper.title}")[:200]
        properties.author = properties.last_modified_by = "三联考评"
        properties.comments = "演练数据" if paper.practice else ""
        properties.keywords = properties.subject = properties.category = ""
        properties.revision = 1


def _w(name: str) -> str:
    from docx.oxml.ns import qn

    return qn(f"w:{name}")


def _element(name: str) -> Any:
    from docx import oxml

    return cast(Any, oxml).OxmlElement(name)


def _child(parent: Any, name: str, **values: str) -> Any:
    """A new child with these values of Word's own name space, at its place when the parent knows it."""
    made = _element(f"w:{name}")
    for key, value in values.items():
        made.set(_w(key), value)
    insert = getattr(parent, f"_insert_{name}", None)
    if insert is not None:
        insert(made)
    else:
        parent.append(made)
    return made


def _set_font(properties: Any, font: str) -> None:
    """The font for Latin and Chinese signs; a font of the theme would win over it."""
    fonts = properties.find(_w("rFonts"))
    if fonts is None:
        fonts = properties.get_or_add_rFonts()
    fonts.attrib.clear()
    for key in _FONT_KEYS:
        fonts.set(_w(key), font)


def _size(style: Any, points: float) -> None:
    from docx.shared import Pt

    style.font.size = Pt(points)


def _exact(paragraph_format: Any, points: float) -> None:
    from docx.enum.text import WD_LINE_SPACING
    from docx.shared import Pt

    paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    paragraph_format.line_spacing = Pt(points)


def _page_number(paragraph: Any) -> None:
    from docx.shared import Pt
    from docx.text.run import Run

    field = _child(paragraph._p, "fldSimple", instr="PAGE")
    run = _element("w:r")
    field.append(run)
    made = Run(run, paragraph)
    made.text = "1"
    _set_font(run.get_or_add_rPr(), SONG)
    made.font.size = Pt(_FOOT)


def _set_borders(table: Any) -> None:
    borders = _element("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        _child(borders, side, val="single", sz="4", space="0", color="000000")
    layout = table._tbl.tblPr.find(_w("tblLayout"))
    if layout is None:
        table._tbl.tblPr.append(borders)
    else:
        layout.addprevious(borders)


def _steady(document: Any) -> bytes:
    """The file with fixed dates inside the archive."""
    made, steady = io.BytesIO(), io.BytesIO()
    document.save(made)
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(steady, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(source.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            info = zipfile.ZipInfo(name, _FIXED)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 0
            target.writestr(info, source.read(name))
    return steady.getvalue()
