"""A Word report on its way into the sections: looked at first, changeable, nothing lost, one step of undo."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

from app.services.container import Services
from app.ui.pages.reports.desk import ReportDesk
from app.ui.workspace import Workspace
from tests.ui.recording_notices import RecordingNotices

Settle = Callable[[], None]
NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.document.main+xml"/></Types>'
)
RELATIONS = (
    '<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
    'relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
    'officeDocument" Target="word/document.xml"/></Relationships>'
)


def word_file(path: Path, *paragraphs: str) -> Path:
    """A Word file with these paragraphs."""
    body = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in paragraphs)
    document = (
        f'<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="{NAMESPACE}"><w:body>{body}</w:body></w:document>'
    )
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("[Content_Types].xml", TYPES)
        made.writestr("_rels/.rels", RELATIONS)
        made.writestr("word/document.xml", document)
    return path


def test_that_a_word_report_is_laid_out_by_sections_and_taken_after_a_look(
    desk: ReportDesk, year: Services, work: Workspace, notices: RecordingNotices, awkward_folder: Path, settle: Settle
) -> None:
    notices.files = [
        word_file(
            awkward_folder / "述职 报告.docx",
            "文澜局述职报告",
            "一、主要做法",
            "全年讲党课十二次。",
            "二、存在问题",
            "谈心谈话不经常。",
            "此致",
        )
    ]
    desk.pane.editor.insertPlainText("原来写的。")
    desk.commands.bring.trigger()
    settle()
    dialog = desk.commands.docx
    rows = [dialog.table.contents.texts(at) for at in range(dialog.table.contents.rowCount())]
    assert {"全年讲党课十二次。", "谈心谈话不经常。", "此致", "文澜局述职报告"} <= {row[1] for row in rows}
    assert "不放入任何栏目" in dialog.summary.text()
    dialog.only.setChecked(True)
    assert all(row[1].section == "" for row in _shown(dialog))
    dialog.only.setChecked(False)

    # one paragraph goes elsewhere by hand, what was there before stays in front
    dialog.table.clearSelection()
    dialog.table.go_to(lambda row: row[1].text == "此致")
    dialog.assign("plans")
    assert "“主要做法”" in dialog.said.text()
    dialog.append.setChecked(True)
    assert dialog.said.text() == ""
    dialog.take_button.click()
    settle()
    texts = {s.section: s.text for s in year.reports.get("department", "D1").report.sections}
    assert texts["work"].startswith("原来写的。\n")
    assert "全年讲党课十二次。" in texts["work"]
    assert "谈心谈话不经常。" in texts["problems"]
    assert texts["plans"] == "此致"
    assert desk.pane.editor.text() == texts["work"]

    # and is taken back as one step
    work.change("撤销", lambda s, p: s.history.undo())
    settle()
    assert "全年讲党课" not in desk.pane.editor.text()


def test_that_what_is_no_word_file_is_refused_by_name(
    desk: ReportDesk, notices: RecordingNotices, faults: list[BaseException], awkward_folder: Path, settle: Settle
) -> None:
    path = awkward_folder / "报告.docx"
    path.write_bytes(b"not a zip at all")
    notices.files = [path]
    desk.commands.bring.trigger()
    settle()
    assert [fault.fault.value.code for fault in faults] == ["E-DOC-01"]  # type: ignore[attr-defined]
    faults.clear()


def _shown(dialog: object) -> list[tuple[int, object]]:
    contents = dialog.table.contents  # type: ignore[attr-defined]
    return [contents.row(at) for at in range(contents.rowCount())]
