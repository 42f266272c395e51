"""佐证: the attached files. Pictures are shown; every other file can only be saved elsewhere, never opened from here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData, QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage, QMouseEvent, QPixmap
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFrame,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.domain.report_forms import EvidenceLimits
from app.domain.reports import Evidence
from app.ui import colours, icons
from app.ui.pages.reports.cards import Panel
from app.ui.pages.reports.pictures import decoded
from app.ui.pages.reports.words import EVIDENCE_KINDS, WHOLE, size_text
from app.ui.widgets.table_model import plain_tip
from app.ui.widgets.text import button, label
from app.ui.workspace import Workspace

_FILE = Qt.ItemDataRole.UserRole
PREVIEW = QSize(330, 130)
LARGE = QSize(1100, 600)


def local_files(mime: QMimeData) -> list[Path]:
    """The files that are dragged here; anything that is not a file on this PC is left out."""
    paths = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
    return [path for path in paths if path.is_file()]


class Preview(QLabel):
    """A picture; a click shows it large."""

    def __init__(self, enlarge: Callable[[], object]) -> None:
        super().__init__()
        self._enlarge = enlarge
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setFixedHeight(PREVIEW.height())
        self.setStyleSheet(
            f"background: {colours.SIDE}; border: 1px solid {colours.LINE}; border-radius: 6px; color: {colours.TEXT_SOFT};"
        )

    def mouseReleaseEvent(self, ev: QMouseEvent) -> None:
        if not self.pixmap().isNull():
            self._enlarge()


class EvidencePanel(Panel):
    """added (paths), removed (Evidence), saved (Evidence), altered (Evidence, item, note)."""

    added = Signal(object)
    removed = Signal(object)
    saved = Signal(object)
    altered = Signal(object, str, str)

    def __init__(self, work: Workspace) -> None:
        super().__init__()
        self.work = work
        self._fixed, self._shown = "", ""
        self._files: tuple[Evidence, ...] = ()
        self._names: dict[str, str] = {}
        self.setAcceptDrops(True)
        self.add = button("添加…", icon="plus", tip="也可以把文件拖到这里")
        self.save = button("另存…", icon="download", tip="把这个文件存到别处再查看；程序不打开附件")
        self.remove = button("移除…", "danger", "trash-2")
        self.add.clicked.connect(self._choose)
        self.save.clicked.connect(lambda: self._with_current(self.saved.emit))
        self.remove.clicked.connect(lambda: self._with_current(self.removed.emit))
        for one in (self.add, self.save, self.remove):
            self.tools.add(one)
        self.empty = self._drop_here()
        self.rows.addWidget(self.empty, 1)
        self.list = QListWidget()
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setIconSize(QSize(18, 18))
        self.list.setMinimumHeight(64)
        self.list.setStyleSheet("QListWidget::item { padding: 5px 6px; }")
        self.list.currentItemChanged.connect(self._picked)
        self.rows.addWidget(self.list, 1)
        self.details = QWidget()
        below = QVBoxLayout(self.details)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(6)
        self.preview = Preview(self._enlarge)
        self.item = QComboBox()
        self.item.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.item.setMinimumContentsLength(12)
        self.item.activated.connect(self._alter)
        self.note = QLineEdit()
        self.note.setPlaceholderText("说明这份材料证明什么")
        self.note.editingFinished.connect(self._alter)
        for one in (self.preview, self.item, self.note):
            below.addWidget(one)
        self.rows.addWidget(self.details)

    def _drop_here(self) -> QFrame:
        made = QFrame()
        made.setObjectName("drop")
        made.setStyleSheet(f"#drop {{ border: 1px dashed {colours.LINE_STRONG}; border-radius: 8px; }}")
        rows = QVBoxLayout(made)
        rows.setAlignment(Qt.AlignmentFlag.AlignCenter)
        drawing = QLabel()
        drawing.setPixmap(icons.pixmap("upload", colours.LINE_STRONG, 36))
        drawing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        rows.addWidget(drawing)
        self.invitation = label("", "soft", wrap=True)
        self.invitation.setAlignment(Qt.AlignmentFlag.AlignCenter)
        rows.addWidget(self.invitation)
        return made

    # ---- showing

    def show_files(self, files: Sequence[Evidence], limits: EvidenceLimits, names: dict[str, str], fixed: str) -> None:
        """The attached files. names: indicator id → name; fixed: why nothing can be changed."""
        kept = self._key(self.current())
        self._files, self._names, self._fixed = tuple(files), names, fixed
        kinds = "、".join(EVIDENCE_KINDS[k] for k in limits.kinds)
        total = sum({e.digest: e.size for e in files}.values())
        bounds = f"可附 {kinds}；单个不超过 {limits.file} MB，合计不超过 {limits.total} MB。"
        self.summary.setText(f"{len(files)} 件，共 {size_text(total)}。{bounds}" if files else bounds)
        self.invitation.setText("没有附件" if fixed else "把文件拖到这里\n或点“添加…”")
        self.empty.setVisible(not files)
        self.list.setVisible(bool(files))
        self.details.setVisible(bool(files))
        self.add.setEnabled(not fixed)
        self.add.setToolTip(fixed or "也可以把文件拖到这里")
        self.item.blockSignals(True)
        self.item.clear()
        for id, name in {"": WHOLE, **names}.items():
            self.item.addItem(name, id)
        self.item.blockSignals(False)
        self._fill(kept)

    def _fill(self, kept: tuple[str, str]) -> None:
        self.list.blockSignals(True)
        self.list.clear()
        for one in self._files:
            belongs = self._names.get(one.item, "") if one.item else ""
            text = f"{one.name}\n{EVIDENCE_KINDS[one.kind]} · {size_text(one.size)}" + (
                f" · {belongs}" if belongs else ""
            )
            item = QListWidgetItem(icons.icon("file-text"), text, self.list)
            item.setData(_FILE, one)
            item.setToolTip(plain_tip("\n".join(t for t in (one.name, one.note) if t)))
        self.list.blockSignals(False)
        places = [at for at, one in enumerate(self._files) if self._key(one) == kept]
        self.list.setCurrentRow(places[0] if places else 0 if self._files else -1)
        self._picked()

    def current(self) -> Evidence | None:
        """The file in front."""
        item = self.list.currentItem()
        return item.data(_FILE) if item else None

    def show_file(self, digest: str) -> None:
        """Bring a file to the front."""
        for at, one in enumerate(self._files):
            if one.digest == digest:
                self.list.setCurrentRow(at)

    @staticmethod
    def _key(one: Evidence | None) -> tuple[str, str]:
        return (one.digest, one.item) if one is not None else ("", "")

    def _picked(self, *items: object) -> None:
        one = self.current()
        self.save.setEnabled(one is not None)
        self.remove.setEnabled(one is not None and not self._fixed)
        for field in (self.item, self.note):
            field.setEnabled(one is not None and not self._fixed)
        if one is None:
            return
        self.item.setCurrentIndex(max(0, self.item.findData(one.item)))
        if not self.note.isModified() or not self.note.hasFocus():
            self.note.setText(one.note)
            self.note.setCursorPosition(0)
        if one.digest == self._shown:
            return
        self._shown = one.digest
        self.preview.clear()
        if one.kind != "image":
            self.preview.setText("这类文件不在程序里打开。\n请“另存…”到别处查看。")
            return
        self.preview.setText("正在读取图片…")
        self._picture(one, PREVIEW, self._show_picture)

    # ---- pictures

    def _picture(self, one: Evidence, room: QSize, show: Callable[[Evidence, QImage | None], object]) -> None:
        """Read the bytes on the database lane, decode them beside it."""
        scale = self.devicePixelRatioF()

        def decode(data: bytes) -> None:
            self.work.jobs.run(
                "正在读取图片…",
                lambda p: decoded(data, room * scale),
                lambda picture: show(one, picture),
                owner=self,
                lane="pool",
            )

        self.work.read("正在读取佐证…", lambda s, p: s.reports.evidence(one.digest), decode, owner=self)

    def _show_picture(self, one: Evidence, picture: QImage | None) -> None:
        if one.digest != self._shown:
            return
        if picture is None:
            self.preview.setText("这张图片显示不出来。可以“另存…”后用别的程序查看。")
            return
        self.preview.setPixmap(self._pixmap(picture))
        self.preview.setToolTip("点一下看大图")

    def _pixmap(self, picture: QImage) -> QPixmap:
        made = QPixmap.fromImage(picture)
        made.setDevicePixelRatio(self.devicePixelRatioF())
        return made

    def _enlarge(self) -> None:
        one = self.current()
        if one is not None and one.kind == "image":
            self._picture(one, LARGE, self._show_large)

    def _show_large(self, one: Evidence, picture: QImage | None) -> None:
        if picture is None:
            return
        self.large = QDialog(self)
        self.large.setWindowTitle(one.name)
        self.large.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        rows = QVBoxLayout(self.large)
        shown = QLabel()
        shown.setPixmap(self._pixmap(picture))
        rows.addWidget(shown)
        self.large.open()

    # ---- what the user does

    def _with_current(self, then: Callable[[Evidence], object]) -> None:
        one = self.current()
        if one is not None:
            then(one)

    def _alter(self, *at: object) -> None:
        one = self.current()
        if one is None or self._fixed:
            return
        item, note = str(self.item.currentData() or ""), self.note.text().strip()
        if (item, note) != (one.item, one.note):
            self.note.setModified(False)
            self.altered.emit(one, item, note)

    def _choose(self) -> None:
        paths = self.work.notices.open_files(
            "添加佐证材料", "可附的文件 (*.pdf *.png *.jpg *.jpeg *.bmp *.gif *.webp *.tif *.tiff *.docx *.xlsx)"
        )
        if paths:
            self.added.emit(paths)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if not self._fixed and local_files(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = local_files(event.mimeData())
        if paths and not self._fixed:
            event.acceptProposedAction()
            self.added.emit(paths)
