"""A small form that asks for the reason of a step; the reason stands in the audit trail."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from app.ui.widgets.forms import FormDialog, Wrong

Then = Callable[[str, Callable[[], object], Callable[[BaseException], bool]], object]


class ReasonForm(FormDialog[str]):
    """One field: why."""

    def __init__(self, parent: QWidget, title: str, lead: str, save: str) -> None:
        super().__init__(parent, title, save=save, lead=lead)
        self.reason = self.add_text("理由", hint="写明为什么，如：评议人书面更正")

    def value(self) -> str:
        text = self.reason.toPlainText().strip()
        if not text:
            raise Wrong(self.reason, "请写明理由，它会留在审计记录里。")
        return text


def ask_reason(parent: QWidget, title: str, lead: str, save: str, then: Then) -> ReasonForm:
    """Show the form; ``then`` gets the reason, what closes the form, and what shows an error in it."""
    form = ReasonForm(parent, title, lead, save)
    form.submit(then)
    return form
