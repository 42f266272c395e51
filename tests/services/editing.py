"""Changing one part of a stored scheme, as the editor does it."""

from __future__ import annotations

from typing import Any

from app.domain.scheme_editing import change_many
from app.domain.scheme_editing.paths import part_path
from app.domain.schemes import Scheme
from app.services.container import Services


def edited(services: Services, scheme_id: str, part: str, **fields: Any) -> Scheme:
    """The scheme with these fields of the part; nothing is stored."""
    scheme = services.schemes.get(scheme_id)
    path = part_path(scheme, part)
    return change_many(scheme, [((*path, name), value) for name, value in fields.items()]).scheme


def edit(services: Services, scheme_id: str, part: str, **fields: Any) -> None:
    """Store the changed scheme."""
    services.schemes.save(scheme_id, edited(services, scheme_id, part, **fields), f"修改 {part}")
