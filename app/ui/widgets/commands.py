"""A command: an action that says why it is off."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QPushButton

from app.ui import colours, icons


class Command(QAction):
    """Something the user may do. ``allow()`` turns it on, ``refuse("why")`` off, with the reason in the tool tip."""

    def __init__(
        self, owner: QObject, text: str, run: Callable[[], object], *, tip: str = "", keys: str = "", icon: str = ""
    ) -> None:
        super().__init__(text, owner)
        self._tip = tip or text.replace("(&", "").rstrip("…")
        if keys:
            self.setShortcut(QKeySequence(keys))
            self.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        self.drawing = icon
        if icon:
            self.setIcon(icons.icon(icon))
        self._run = run
        self.triggered.connect(self._trigger)
        self.allow()

    def _trigger(self) -> None:
        self._run()

    def allow(self) -> None:
        """The command can be given now."""
        self.set_reason("")

    def refuse(self, why: str) -> None:
        """The command cannot be given now; why is what the user reads (a sentence)."""
        self.set_reason(why)

    def set_reason(self, why: str) -> None:
        """On when there is no reason against it, else off with this reason."""
        keys = self.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        tip = f"{self._tip}（{keys}）" if keys else self._tip
        self.setEnabled(not why)
        self.setToolTip(f"{self._tip}：现在不能用。{why}" if why else tip)
        self.setStatusTip(why)

    def button(self, role: str = "plain") -> QPushButton:
        """A push button bound to this command: same text, state and tool tip."""
        return CommandButton(self, role)


class CommandButton(QPushButton):
    """Shows a command and follows it."""

    def __init__(self, command: Command, role: str) -> None:
        super().__init__()
        self._command, self._gone = command, False
        self.setProperty("role", role)
        self.setAutoDefault(False)
        self.clicked.connect(command.trigger)
        command.changed.connect(self._follow)
        self._follow()

    def _follow(self) -> None:
        self.setText(self._command.text())
        if self._command.drawing:
            colour = colours.SURFACE if self.property("role") == "primary" else colours.TEXT_SOFT
            self.setIcon(icons.spaced(self._command.drawing, colour))
            self.setIconSize(icons.spaced_size())
        self.setEnabled(self._command.isEnabled())
        self.setToolTip(self._command.toolTip())
        if not self._command.isVisible():
            self._gone = True
            self.hide()
        elif self._gone and self.parentWidget() is not None:  # without a parent it would flash up as a window
            self._gone = False
            self.show()  # not when a page has hidden the button itself
