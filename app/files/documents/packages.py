"""The two documents of an exchange package: the manifest, and the content as canonical text."""

from __future__ import annotations

import json
from typing import Any

from app.domain.findings import Finding
from app.domain.packages import Manifest, PackageContent
from app.files.documents.reading import converter, read_object, structured


def write_manifest(manifest: Manifest) -> str:
    """The text of a manifest; its UTF-8 bytes are what is signed."""
    return json.dumps(converter().unstructure(manifest), ensure_ascii=False, indent=1) + "\n"


def read_manifest(text: str) -> tuple[Manifest | None, tuple[Finding, ...]]:
    """A manifest out of its text, or every fault with its path."""
    return _read(text, "manifest.json", Manifest)


def write_content(content: PackageContent) -> str:
    """The canonical text: fields in the order of the format, defaults left out, no blanks."""
    return json.dumps(converter().unstructure(content), ensure_ascii=False, separators=(",", ":"))


def read_content(text: str) -> tuple[PackageContent | None, tuple[Finding, ...]]:
    """What a package carries out of its text, or every fault with its path."""
    return _read(text, "content.json", PackageContent)


def _read(text: str, place: str, wanted: type[Any]) -> tuple[Any, tuple[Finding, ...]]:
    value, findings = read_object(text, place)
    return (None, findings) if value is None else structured(value, wanted)
