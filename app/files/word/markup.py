"""Names and small questions of WordprocessingML."""

from __future__ import annotations

from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
V = "{urn:schemas-microsoft-com:vml}"


def attribute(element: Any, name: str) -> str:
    """An attribute in Word's own name space; empty when it is not there."""
    return str(element.get(f"{W}{name}") or "")


def child_value(element: Any, name: str) -> str:
    """``w:val`` of the first child of this name; empty when there is none."""
    child = element.find(f"{W}{name}")
    return "" if child is None else attribute(child, "val")
