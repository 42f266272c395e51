"""Which editor fits which field of a scheme. The same ones stand in forms and inside sentences."""

from __future__ import annotations

from app.domain.scheme_editing import Path, field_at, value_at
from app.ui.pages.schemes.choices import choices_of
from app.ui.pages.schemes.chosen_fields import ChoiceEditor, SeveralEditor, YesNoEditor
from app.ui.pages.schemes.draft import Draft
from app.ui.pages.schemes.field_editor import Editor
from app.ui.pages.schemes.typed_fields import AmountEditor, LineEditor, TextEditor

LONG = (("Item", "note"), ("Node", "note"), ("Scheme", "note"), ("Override", "note"))


def editor_for(draft: Draft, path: Path, inline: bool = False) -> type[Editor]:
    """What kind of editor fits the field at this place."""
    field, record = field_at(draft.scheme, path), value_at(draft.scheme, path[:-1])
    chosen = choices_of(draft, path, record, field) is not None
    if chosen:
        return SeveralEditor if field.sort in ("choices", "texts") else ChoiceEditor
    if field.sort == "yes_no":
        return YesNoEditor
    if field.sort == "number_or_word":
        return AmountEditor
    long = (type(record).__name__, field.name) in LONG and not inline
    return TextEditor if long else LineEditor


def editor(draft: Draft, path: Path, inline: bool = False, text: str = "") -> Editor:
    """The editor that fits the field at this place."""
    kind = editor_for(draft, path, inline)
    if kind is YesNoEditor:
        return YesNoEditor(draft, path, text)
    if kind is ChoiceEditor:
        return ChoiceEditor(draft, path, inline)
    if kind is AmountEditor:
        return AmountEditor(draft, path, inline)
    if kind is SeveralEditor:
        return SeveralEditor(draft, path)
    return TextEditor(draft, path) if kind is TextEditor else LineEditor(draft, path, inline)
