"""Who has a document open in Excel, Word, WPS or LibreOffice: what these leave beside it."""

from __future__ import annotations

from pathlib import Path

# Length of the owner file → where the name stands in it (its length in two bytes, then UTF-16): table and text programs.
_NAME_AT = {165: 55, 162: 54}


def holder(path: Path) -> str:
    """The name as the other program wrote it; empty when nobody has left one."""
    short = f"~${path.name[2:]}"  # Word puts its mark over the first two letters
    for name in (f"~${path.name}", f".~{path.name}", short):
        if said := _owner(_content(path.with_name(name))):
            return said
    return _libre_owner(_content(path.with_name(f".~lock.{path.name}#")))


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(4096)
    except OSError:
        return b""


def _owner(content: bytes) -> str:
    at = _NAME_AT.get(len(content))
    if at is None:
        return ""
    length = int.from_bytes(content[at : at + 2], "little")
    return content[at + 2 : at + 2 + 2 * length].decode("utf-16-le", "replace").strip(" \0")


def _libre_owner(content: bytes) -> str:
    """``name,account,computer,time,…``, each of which may be empty."""
    name, account, computer, *_ = [*content.decode("utf-8", "replace").split(","), "", ""]
    who = name or account
    return f"{who}（{computer}）" if who and computer else who
