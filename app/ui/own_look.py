"""Whether a window can be shown on this computer, with Chinese words and letters, charts and print; for the selftest."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QMarginsF
from PySide6.QtGui import QFontDatabase, QImageReader, QPageSize, QPdfWriter, QTextDocument
from PySide6.QtWidgets import QApplication

from app.domain.findings import Finding, Severity
from app.services.own_parts import tried

_ICONS = {b"svg", b"ico"}


def window_faults(folder: Path, no_window: Callable[[], int]) -> tuple[Finding, ...]:
    """What does not work; remarks where something is not the program's fault. folder: an empty one to work in.
    no_window: called when Qt cannot show anything and would end the program; gives the exit code."""
    from app.ui.application import ended_calmly, make_application

    remarks = list(_without_display())
    with ended_calmly(no_window):
        app = make_application()
    checks = {
        "中文界面": _words,
        "图片": _pictures,
        "窗口": _window,
        "图表": _chart,
        "打印到 PDF": lambda: _pdf(folder / "自检.pdf"),
        "打印": lambda: _print(folder / "打印.pdf"),
    }
    found = [finding for name, check in checks.items() if (finding := tried(name, check))]
    if not QFontDatabase.families(QFontDatabase.WritingSystem.SimplifiedChinese):
        step = "请安装一种中文字体，例如 Noto Sans CJK"
        remarks.append(Finding("SELF-FONT", "字体", "这台电脑没有中文字体，汉字会显示成方框", step, Severity.NOTE))
    app.processEvents()
    return (*found, *remarks)


def _without_display() -> Iterator[Finding]:
    """On Linux without a display, Qt draws into memory; whether windows could be shown elsewhere is looked at all the
    same, by loading what they need."""
    if sys.platform != "linux" or {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"} & os.environ.keys():
        return
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    lacking = _not_loadable()
    step = f"要在这台电脑上打开窗口，请安装缺少的系统库（{lacking}）" if lacking else ""
    yield Finding("SELF-DISPLAY", "显示", "没有显示器，界面在内存里检查", step, Severity.NOTE)


def _not_loadable() -> str:
    import ctypes

    from PySide6.QtCore import QLibraryInfo

    plugin = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath)) / "platforms" / "libqxcb.so"
    try:
        ctypes.CDLL(str(plugin))
    except OSError as error:
        return str(error).partition(":")[0]
    return ""


def _words() -> str:
    """Qt's own dialogs speak Chinese."""
    from app.ui import style

    style.complete()
    said = QCoreApplication.translate("QPlatformTheme", "Cancel")
    return "" if said == "取消" else f"按钮显示为“{said}”，Qt 的中文译文没有载入"


def _pictures() -> str:
    """The program's own, and every kind that is shown among the evidence."""
    from app.ui.pages.reports.pictures import FORMATS

    lacking = (_ICONS | FORMATS) - {bytes(kind.data()) for kind in QImageReader.supportedImageFormats()}
    return f"不能显示的图片种类：{'、'.join(sorted(kind.decode() for kind in lacking))}" if lacking else ""


def _window() -> str:
    """The main window, drawn into memory."""
    from app.ui.window import Window

    window = Window()
    window.resize(800, 500)
    drawn = window.grab().toImage()
    window.deleteLater()
    colours = {drawn.pixel(x, y) for x in range(0, drawn.width(), 7) for y in range(0, drawn.height(), 7)}
    return "" if len(colours) > 1 else "窗口没有画出内容"


def _chart() -> str:
    from app.ui.charts.scatter import ScatterChart
    from app.ui.charts.values import Heading, Scatter

    chart = ScatterChart(Scatter(heading=Heading(title="自检"), dots=(), x_name="横", y_name="纵"))
    chart.resize(420, 300)
    drawn = chart.grab()
    chart.deleteLater()
    return "图表没有画出来" if drawn.isNull() else ""


def _pdf(path: Path) -> str:
    writer = QPdfWriter(str(path))
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF(20, 20, 20, 20))
    _page().print_(writer)
    del writer
    return _no_pdf(path)


def _print(path: Path) -> str:
    """Through what leads to printers; whether there is one is no matter."""
    from PySide6.QtPrintSupport import QPrinter

    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(path))
    _page().print_(printer)
    del printer
    return _no_pdf(path)


def _page() -> QTextDocument:
    document = QTextDocument()
    document.setDefaultFont(QApplication.font())
    document.setPlainText("三联考评　自检")
    return document


def _no_pdf(path: Path) -> str:
    return "" if path.read_bytes()[:5] == b"%PDF-" else "写出的不是 PDF"
