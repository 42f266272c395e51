"""The scheme that is being edited: what is shown now, one step after the other, and what somebody is just typing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from app.domain.errors import AppError
from app.domain.scheme_editing import Edited, Path, path_of, value_at
from app.domain.schemes import Scheme

Edit = Callable[[Scheme], Edited]


@dataclass(frozen=True, slots=True)
class Known:
    """What the register and the other schemes offer to choose from. levels: (code, name)."""

    others: tuple[Scheme, ...] = ()
    roles: tuple[str, ...] = ()
    series: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    levels: tuple[tuple[str, str], ...] = ()


class Draft(QObject):
    """changed: another document is shown; typed: somebody is typing, ``live`` says how it would be; stepped (Edited): a
    step was done and is to be stored; refused (str): why a step was not done."""

    changed = Signal()
    typed = Signal()
    stepped = Signal(object)
    refused = Signal(str)

    def __init__(self, scheme: Scheme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.scheme = self.live = scheme
        self.known = Known()
        self.read_only = ""

    def load(self, scheme: Scheme) -> None:
        """Show another document; it is no step."""
        if scheme is not self.scheme and scheme != self.scheme:
            self.scheme = self.live = scheme
            self.changed.emit()

    def do(self, edit: Edit) -> Edited | None:
        """One step. Nothing when it is refused, or changes nothing."""
        if self.read_only:
            self.refused.emit(self.read_only)
            return None
        try:
            edited = edit(self.scheme)
        except AppError as error:
            self.refused.emit(error.detail or error.fault.value.cause)
            return None
        if edited.scheme == self.scheme:
            self.forget_typed()
            return None
        self.scheme = self.live = edited.scheme
        self.changed.emit()
        self.stepped.emit(edited)
        return edited

    def preview(self, edit: Edit) -> bool:
        """How it would be, while somebody types; False when what is typed cannot stand."""
        try:
            self.live = edit(self.scheme).scheme
        except AppError:
            return False
        self.typed.emit()
        return True

    def forget_typed(self) -> None:
        """What was being typed is not wanted."""
        if self.live is not self.scheme:
            self.live = self.scheme
            self.typed.emit()

    def has(self, path: Path) -> bool:
        """Whether something stands at this place."""
        try:
            value_at(self.scheme, path)
        except AppError:
            return False
        return True

    def path(self, space: str, id: str) -> Path | None:
        """Where a part, group, grade … stands; none when it is gone."""
        try:
            return path_of(self.scheme, space, id)
        except AppError:
            return None
