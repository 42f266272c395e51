"""From a package to its file: the manifest is completed and signed, and what leaves has been opened once."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

from app.domain.errors import AppError, Fault
from app.domain.packages import Package, PackageFile
from app.files.documents.packages import write_content, write_manifest
from app.files.package.cipher import Kdf, encrypt
from app.files.package.container import CONTENT, EVIDENCE, MANIFEST, SCHEMES, SIGNATURE, pack
from app.files.package.keys import Key
from app.files.package.limits import MAX_FILE
from app.files.package.reading import check_bytes
from app.files.saving.whole import write_whole

_STANDARD = Kdf()


def package_bytes(package: Package, key: Key) -> bytes:
    """The file without a passphrase: the same package gives the same bytes. The manifest's ``files`` and the sender's
    key are filled in here. Raises AppError when a reader would refuse the outcome."""
    inner = {CONTENT: write_content(package.content).encode()}
    inner |= {f"{SCHEMES}{id}.json": text.encode() for id, text in sorted(package.schemes.items())}
    inner |= {f"{EVIDENCE}{digest}": data for digest, data in sorted(package.evidence.items())}
    files = tuple(
        PackageFile(path=path, size=len(data), sha256=hashlib.sha256(data).hexdigest()) for path, data in inner.items()
    )
    sender = replace(package.manifest.sender, key=key.public)
    manifest = write_manifest(replace(package.manifest, sender=sender, files=files)).encode()
    data = pack({MANIFEST: manifest, SIGNATURE: key.sign(manifest), **inner})
    check_bytes("", data)
    return data


def write_package(package: Package, key: Key, path: Path, passphrase: str = "", kdf: Kdf = _STANDARD) -> str:
    """Write the package whole or not at all, read it back from the medium and compare; the SHA-256 of the file, hex.
    Raises AppError: PKG_TOO_LARGE, PKG_FORMAT (the content contradicts itself), INPUT_BAD (passphrase too short),
    FILE_NOT_KEPT, FILE_…; then the target is as it was."""
    data = package_bytes(package, key)
    if passphrase:
        data = encrypt(data, passphrase, kdf)
    if len(data) > MAX_FILE:
        raise AppError(Fault.PKG_TOO_LARGE, f"包有 {len(data) // 1_000_000} MB，上限 {MAX_FILE // 1_000_000} MB。")
    write_whole(path, data, read_back=True)
    return hashlib.sha256(data).hexdigest()
