"""The classes of the scheme language, as the editor finds them."""

from __future__ import annotations

from app.domain.scheme_editing import fields_of


def classes(cls: type, seen: dict[str, type] | None = None) -> dict[str, type]:
    """Every record class that a record of this class can hold, itself included."""
    found = {} if seen is None else seen
    if cls.__name__ not in found:
        found[cls.__name__] = cls
        for one in fields_of(cls):
            for inner in one.record:
                classes(inner, found)
    return found
