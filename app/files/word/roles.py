"""Names of the paragraph styles that our own Word files carry, by which a report is read back as it was written."""

from __future__ import annotations

from typing import Literal

Role = Literal["", "section", "text", "entry", "frame"]

STYLES: dict[Role, str] = {"section": "述职栏目", "text": "述职正文", "entry": "述职条目", "frame": "述职附注"}
ROLES: dict[str, Role] = {name: role for role, name in STYLES.items()}
