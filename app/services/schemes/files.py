"""Scheme files and the texts that go through the clipboard."""

from __future__ import annotations

from pathlib import Path

from app.domain.errors import AppError, Fault
from app.domain.scheme_editing import Fragment, copy
from app.domain.schemes import Scheme
from app.files.documents import read_fragment, read_scheme, write_fragment, write_scheme
from app.services.session import read_text


def read_scheme_file(path: Path) -> Scheme:
    """A scheme out of a file. Raises SCHEME_BAD with findings, FILE_MISSING."""
    scheme, findings = read_scheme(read_text(path), path.name)
    if scheme is None:
        raise AppError(Fault.SCHEME_BAD, f"{path.name}：{findings[0].place} {findings[0].message}。", findings)
    return scheme


def copied_text(scheme: Scheme, ids: tuple[str, ...]) -> str:
    """The branches as the text that goes onto the clipboard. Raises NOT_FOUND."""
    return write_fragment(copy(scheme, ids))


def copied_branches(text: str) -> Fragment:
    """Branches out of the clipboard's text. Raises INPUT_BAD with findings when it holds none."""
    fragment, findings = read_fragment(text)
    if fragment is None:
        raise AppError(Fault.INPUT_BAD, "剪贴板里不是从方案中复制的内容。", findings)
    return fragment


def is_copied(text: str) -> bool:
    """Whether a text looks like branches copied out of a scheme (for enabling 粘贴)."""
    return '"slk-fragment"' in text[:200]


def as_stored(scheme: Scheme) -> Scheme:
    """The scheme as its document says it. Raises SCHEME_BAD with findings when a value cannot stand in one."""
    read, findings = read_scheme(write_scheme(scheme), scheme.name)
    if read is None or findings:
        raise AppError(Fault.SCHEME_BAD, f"{findings[0].place} {findings[0].message}。", findings)
    return read
