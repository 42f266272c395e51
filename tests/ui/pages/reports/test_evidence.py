"""Attached files: taken by their content, pictures shown with limits, everything else only saved elsewhere."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QSize, Qt, QUrl
from PySide6.QtGui import QDropEvent, QImage

from app.services.container import Services
from app.ui.pages.reports.desk import ReportDesk
from app.ui.pages.reports.evidence_panel import local_files
from app.ui.pages.reports.pictures import decoded
from tests.ui.recording_notices import RecordingNotices

Settle = Callable[[], None]
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def picture(path: Path, width: int = 640, height: int = 480) -> Path:
    made = QImage(width, height, QImage.Format.Format_RGB32)
    made.fill(Qt.GlobalColor.darkCyan)
    assert made.save(str(path))
    return path


def dropped(paths: list[Path]) -> QDropEvent:
    """A drop of these files; the mime data is kept alive by the event's owner."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    dropped.kept = mime  # type: ignore[attr-defined]
    return QDropEvent(
        QPoint(10, 10), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )


def test_that_files_are_dropped_on_the_report_shown_and_saved_elsewhere(
    desk: ReportDesk, year: Services, notices: RecordingNotices, awkward_folder: Path, settle: Settle
) -> None:
    photo = picture(awkward_folder / "党课照片.png")
    minutes = awkward_folder / "会议纪要.pdf"
    minutes.write_bytes(PDF)
    desk.dropEvent(dropped([photo, minutes]))
    settle()
    assert [e.name for e in year.reports.get("department", "D1").report.evidence] == ["党课照片.png", "会议纪要.pdf"]
    panel = desk.evidence
    assert desk.side.panel() == "evidence"
    assert "2 件" in panel.summary.text() and "单个不超过 1 MB" in panel.summary.text()
    panel.list.setCurrentRow(0)
    settle()
    assert not panel.preview.pixmap().isNull()
    panel.list.setCurrentRow(1)
    settle()
    assert panel.preview.pixmap().isNull()
    assert "不在程序里打开" in panel.preview.text()
    target = awkward_folder / "取出 的.pdf"
    notices.files = [target]
    panel.save.click()
    settle()
    assert target.read_bytes() == PDF

    # it belongs to an indicator and says what it shows; then it goes
    panel.note.setText("2026 年第 3 次党组会")
    panel.item.setCurrentIndex(panel.item.findData("duty"))
    panel.item.activated.emit(panel.item.currentIndex())
    settle()
    kept = year.reports.get("department", "D1").report.evidence[1]
    assert (kept.item, kept.note) == ("duty", "2026 年第 3 次党组会")
    desk.sections.choose("items")
    assert desk.items.table.contents.texts(0)[5] == "1 件"
    panel.list.setCurrentRow(0)
    notices.answers = ["移除"]
    panel.remove.click()
    settle()
    assert [e.name for e in year.reports.get("department", "D1").report.evidence] == ["会议纪要.pdf"]


def test_that_a_program_with_the_name_of_a_picture_is_refused_by_name_and_holds_up_nothing(
    desk: ReportDesk, year: Services, notices: RecordingNotices, awkward_folder: Path, settle: Settle
) -> None:
    wolf = awkward_folder / "照片.png"
    wolf.write_bytes(b"MZ\x90\x00" + b"\0" * 200)
    desk.attaching.attach([wolf, picture(awkward_folder / "真的.png")])
    settle()
    assert "E-EVID-01" in notices.asked[-1].text
    assert [e.name for e in year.reports.get("department", "D1").report.evidence] == ["真的.png"]


def test_that_a_locked_report_takes_no_files(
    desk: ReportDesk, year: Services, awkward_folder: Path, notices: RecordingNotices, settle: Settle
) -> None:
    desk.pane.editor.insertPlainText("写好了。")
    notices.answers = ["提交", "提交"]
    desk.commands.submit.trigger()
    settle()
    desk.attaching.attach([picture(awkward_folder / "晚到.png")])
    settle()
    assert not desk.evidence.add.isEnabled()
    assert year.reports.get("department", "D1").report.evidence == ()


def test_that_only_files_of_this_pc_are_taken_from_a_drag(awkward_folder: Path) -> None:
    mime = QMimeData()
    here = picture(awkward_folder / "在.png")
    mime.setUrls(
        [QUrl("https://example.invalid/a.png"), QUrl.fromLocalFile(str(here)), QUrl.fromLocalFile("/不在/b.png")]
    )
    assert local_files(mime) == [here]


def test_that_pictures_are_made_small_while_they_are_read_and_nothing_else_is_decoded(awkward_folder: Path) -> None:
    data = picture(awkward_folder / "大.png", 3000, 1000).read_bytes()
    shown = decoded(data, QSize(300, 150))
    assert shown is not None
    assert (shown.width(), shown.height()) == (300, 100)
    assert decoded(picture(awkward_folder / "小.png", 20, 10).read_bytes(), QSize(300, 150)).width() == 20  # type: ignore[union-attr]
    assert decoded(b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>", QSize(9, 9)) is None
    assert decoded(b"not a picture", QSize(9, 9)) is None
    assert decoded(data[:200], QSize(9, 9)) is None


def test_that_a_picture_of_absurd_size_is_not_decoded() -> None:
    import struct
    import zlib

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    bomb = (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )
    assert decoded(bomb, QSize(300, 150)) is None
