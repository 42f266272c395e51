"""docs/formats/package.md is enough: a reader written from it alone opens packages made by this and earlier programs."""

from __future__ import annotations

import hashlib
import io
import json
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from app.domain.facts import Assignment, EarlierResult, Evaluator, Exemption, Unit
from app.domain.packages import Manifest, PackageContent
from app.files.documents.packages import write_content
from app.files.package import read_package

SAMPLES = Path(__file__).parent / "samples"
PAGE = Path(__file__).parents[3] / "docs" / "formats" / "package.md"
PASSPHRASE = "演练口令 12345"


def opened(data: bytes, passphrase: str) -> bytes:
    """The archive behind the two lines of a passphrase."""
    begin = data.index(b"\n", data.index(b"\n") + 1) + 1
    header = json.loads(data[:begin].splitlines()[1])
    text = unicodedata.normalize("NFKC", passphrase).encode()
    cost = {"iterations": header["passes"], "lanes": header["lanes"], "memory_cost": header["memory"]}
    key = Argon2id(salt=bytes.fromhex(header["salt"]), length=32, **cost).derive(text)
    return AESGCM(key).decrypt(bytes.fromhex(header["nonce"]), data[begin:], data[:begin])


def read_by_the_page(data: bytes) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The manifest, and every part that it lists."""
    if data.startswith(b"SLP-ENC-1\n"):
        data = opened(data, PASSPHRASE)
    assert data[-64:].decode() == hashlib.sha256(data[:-64]).hexdigest()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    signed, signature = parts.pop("manifest.json"), parts.pop("manifest.sig")
    manifest = json.loads(signed)
    assert (manifest["format"], manifest["version"], manifest["signature"]) == (
        "slk-package",
        1,
        "ed25519",
    )
    Ed25519PublicKey.from_public_bytes(bytes.fromhex(manifest["sender"]["key"])).verify(signature, signed)
    listed = {f["path"]: (f["size"], f["sha256"]) for f in manifest["files"]}
    assert listed == {name: (len(part), hashlib.sha256(part).hexdigest()) for name, part in parts.items()}
    return manifest, parts


@pytest.mark.parametrize(("name", "passphrase"), [("version-1.slp", ""), ("version-1-passphrase.slp", PASSPHRASE)])
def test_that_a_reader_written_from_the_page_reads_the_samples_as_the_program_does(name: str, passphrase: str) -> None:
    manifest, parts = read_by_the_page((SAMPLES / name).read_bytes())
    package = read_package(SAMPLES / name, passphrase)
    assert (manifest["id"], manifest["sequence"]) == (package.manifest.id, package.manifest.sequence)
    assert parts["content.json"].decode() == write_content(package.content)
    assert {k: v for k, v in parts.items() if k.startswith("evidence/")} == {
        f"evidence/{digest}": data for digest, data in package.evidence.items()
    }
    assert all(getattr(package.content, f.name) for f in fields(PackageContent))


def named_elsewhere(wanted: Any) -> bool:
    """Those that the page leaves to the page of case files."""
    return wanted in (Unit, Evaluator, Assignment, Exemption, EarlierResult)


def types_in(wanted: Any) -> Iterator[type]:
    if is_dataclass(wanted) and isinstance(wanted, type) and not named_elsewhere(wanted):
        yield wanted
        for one in get_type_hints(wanted).values():
            if one != wanted and wanted.__name__ != "Step":
                yield from types_in(one)
    for one in get_args(wanted):
        yield from types_in(one)


def test_that_the_page_names_every_field() -> None:
    page = PAGE.read_text(encoding="utf-8").replace("```", "")
    words = set(re.findall(r"\w+", " ".join(re.findall(r"`[^`]+`", page))))
    told = {(t.__name__, f.name) for root in (Manifest, PackageContent) for t in types_in(root) for f in fields(t)}
    assert len(told) > 80
    assert sorted(f"{where}.{field}" for where, field in told if field not in words) == []
