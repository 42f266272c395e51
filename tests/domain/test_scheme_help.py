"""What is explained exists, and every setting on which rules are silent is explained with its safe choice."""

from __future__ import annotations

from app.domain.scheme_editing import fields_of
from app.domain.scheme_help import HELP, SAFE, help_text, safe_choice
from app.domain.schemes import Node, Quota, Scheme
from app.files.documents.stated import ALWAYS_WRITTEN
from tests.domain.language import classes

FIELDS = {(name, one.name): one for name, cls in classes(Scheme).items() for one in fields_of(cls)}


def test_that_only_settings_of_the_language_are_explained() -> None:
    assert set(HELP) <= set(FIELDS)
    assert all(text.endswith("。") for text in HELP.values())


def test_that_each_silent_setting_has_a_safe_choice_and_its_explanation() -> None:
    silent = {(cls, field) for cls, fields in ALWAYS_WRITTEN.items() for field in fields if cls != "Scheme"}
    assert set(SAFE) == silent
    assert set(SAFE) <= set(HELP)
    assert all(choice in FIELDS[key].choices for key, choice in SAFE.items())


def test_that_nodes_share_the_explanations_of_items() -> None:
    assert help_text(Node, "weight") == HELP["Item", "weight"]
    assert help_text("Grade", "name") == ""
    assert (safe_choice(Quota, "ties"), safe_choice(Quota, "share")) == ("decide", "")
