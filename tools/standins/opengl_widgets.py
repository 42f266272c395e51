"""In the place of PySide6.QtOpenGLWidgets: a class to derive from, for widgets that nobody makes."""

from PySide6.QtWidgets import QWidget


class QOpenGLWidget(QWidget):
    """Never shown."""
