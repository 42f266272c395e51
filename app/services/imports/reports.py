"""The report kept with a batch: what it brought of each sheet, and why a file was refused."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.services.imports.values import ReadyPlan


@dataclass(frozen=True, kw_only=True, slots=True)
class SheetNote:
    """What a batch keeps of one sheet: the file's content hash, issue and times, cells brought and cells refused, and
    for a refused file the reason."""

    file: str
    sha256: str = ""
    content: str = ""
    issue: int = 0
    saved: float = 0
    modified: float = 0
    marks: int = 0
    refused: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """The report of a batch: sheets taken in, and sheets that were refused, by sheet id."""

    sheets: Mapping[str, SheetNote]
    refused: Mapping[str, SheetNote]


def write_report(plan: ReadyPlan) -> str:
    """The report as JSON text."""
    taken, refused = dict[str, Any](), dict[str, Any]()
    for file in plan.files:
        if file.block is not None:
            taken[file.sheet] = {
                "file": file.name,
                "sha256": file.sha256,
                "content": file.content,
                "issue": file.issue,
                "saved": file.saved,
                "modified": file.modified,
                "marks": file.totals.new + file.totals.changed_there,
                "refused": file.totals.refused,
            }
        elif file.fate == "refused":
            refused[file.sheet or file.name] = {"file": file.name, "sha256": file.sha256, "reason": file.reason}
    return json.dumps({"sheets": taken, "refused": refused}, ensure_ascii=False, separators=(",", ":"))


def read_report(text: str) -> Report:
    """The report of a batch; an empty text is an empty report."""
    plain: dict[str, dict[str, dict[str, Any]]] = json.loads(text) if text else {}
    return Report(
        sheets={k: SheetNote(**v) for k, v in plain.get("sheets", {}).items()},
        refused={k: SheetNote(**v) for k, v in plain.get("refused", {}).items()},
    )
