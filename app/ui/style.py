"""The look: Fusion, light, own palette and style sheet, fonts for Chinese."""

from __future__ import annotations

from string import Template

from PySide6.QtCore import QDir
from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import QApplication

from app.ui import colours, places
from app.ui.colours import colour

FONTS = ["Microsoft YaHei UI", "Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "WenQuanYi Micro Hei"]
BODY = 13  # pixels at 100 %


def dress(app: QApplication) -> None:
    """Give the application its look. Called once, before the first widget; ``complete`` does the rest."""
    app.setStyle("Fusion")
    app.setPalette(_palette())
    app.setFont(font())
    QDir.addSearchPath("icons", str(places.resources() / "icons"))
    QDir.addSearchPath("style", str(places.resources() / "style"))
    app.setStyleSheet(_sheet())


def complete() -> None:
    """What the first paint can do without: light title bars on dark desktops, Qt's own words in Chinese."""
    from PySide6.QtCore import QLibraryInfo, QLocale, Qt, QTranslator

    app = QApplication.instance()
    assert isinstance(app, QApplication)
    app.styleHints().setColorScheme(Qt.ColorScheme.Light)
    app.setPalette(_palette())
    QLocale.setDefault(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
    for name, folder in (
        ("qtbase_zh_CN", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)),
        ("window_zh_CN", str(places.resources() / "translations")),  # words that Qt's own translation lacks
    ):
        translator = QTranslator(app)
        if translator.load(name, folder):
            app.installTranslator(translator)


def font(pixels: int = BODY, *, bold: bool = False) -> QFont:
    """The program's font in one of its few sizes (13 text, 12 small, 15 heading, 20 title)."""
    made = QFont(FONTS)
    made.setPixelSize(pixels)
    made.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    made.setStyleStrategy(QFont.StyleStrategy.PreferAntialias)
    return made


def _palette() -> QPalette:
    role, palette = QPalette.ColorRole, QPalette()
    for which, code in (
        (role.Window, colours.PAPER),
        (role.WindowText, colours.TEXT),
        (role.Base, colours.SURFACE),
        (role.AlternateBase, colours.PAPER),
        (role.Text, colours.TEXT),
        (role.Button, colours.PAPER),
        (role.ButtonText, colours.TEXT),
        (role.BrightText, colours.SURFACE),
        (role.Highlight, colours.ACCENT_SOFT),
        (role.HighlightedText, colours.TEXT),
        (role.PlaceholderText, colours.TEXT_FAINT),
        (role.ToolTipBase, colours.SURFACE),
        (role.ToolTipText, colours.TEXT),
        (role.Link, colours.ACCENT),
        (role.Mid, colours.LINE_STRONG),
        (role.Midlight, colours.LINE),
        (role.Dark, colours.TEXT_FAINT),
    ):
        palette.setColor(which, colour(code))
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, colour("#a79d92"))
    return palette


def _sheet() -> str:
    """The style sheet with the colours filled in. Missing: the plain look, not a failed start (R-35)."""
    try:
        text = (places.resources() / "style" / "window.qss").read_text(encoding="utf-8")
    except OSError:
        return ""
    names = {name.lower(): value for name, value in vars(colours).items() if isinstance(value, str) and name.isupper()}
    return Template(text).safe_substitute(names)
