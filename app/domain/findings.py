"""What is wrong in the user's data: values with a code, a place and what was seen there. Never raised."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding weighs: an error stops the step, a warning is to be read, a note only tells."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark on the user's data.

    code: a stable name such as ``E-XLS-12`` or ``S-WEIGHT``. place: where, in the user's terms: a path in a
    scheme document (``$.tree.children[0].points``), or ``file › sheet › cell``. message: a Chinese sentence that
    says what is wrong; step: what to do next. node: the id of the part of the scheme, when there is one.
    """

    code: str
    place: str
    message: str
    step: str = ""
    severity: Severity = Severity.ERROR
    node: str = ""

    def __str__(self) -> str:
        text = f"[{self.code}] {self.place}：{self.message}" if self.place else f"[{self.code}] {self.message}"
        return f"{text}（{self.step}）" if self.step else text


def has_errors(findings: tuple[Finding, ...] | list[Finding]) -> bool:
    """True when at least one of them stops the step."""
    return any(f.severity is Severity.ERROR for f in findings)
