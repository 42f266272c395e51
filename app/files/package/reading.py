"""From the bytes of a package to its checked value. What trusts whom is decided elsewhere; here it is either exactly
what its sender signed, or refused by name."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any, TypeVar, cast

from app.domain.errors import AppError, Fault
from app.domain.findings import Finding
from app.domain.packages import Manifest, Package
from app.files.documents.packages import read_content, read_manifest
from app.files.documents.reading import read_object
from app.files.package.cipher import MAGIC, decrypt, is_sealed
from app.files.package.container import CONTENT, EVIDENCE, MANIFEST, SCHEMES, SIGNATURE, Container
from app.files.package.content import faults_of
from app.files.package.keys import is_signed_by
from app.files.package.limits import MAX_FILE
from app.files.saving.whole import file_error

_KEY = re.compile("[0-9a-f]{64}")
_LISTED = re.compile(r"content\.json|schemes/[^/]{1,100}\.json|evidence/[0-9a-f]{64}")
T = TypeVar("T")


def is_encrypted(path: Path) -> bool:
    """Whether the file is a package under a passphrase. Raises AppError when it cannot be read."""
    try:
        with path.open("rb") as file:
            return is_sealed(file.read(20))
    except OSError as error:
        raise file_error(error, path) from error


def read_package(path: Path, passphrase: str = "") -> Package:
    """The package at this path, checked from the first byte to the last: whole, signed by the key that its manifest
    names, with exactly the files that were signed. Nothing is written anywhere. Raises AppError: PKG_FORMAT,
    PKG_SIGNATURE, PKG_UNDECRYPTABLE, PKG_NEWER, PKG_CUT, PKG_CHANGED, PKG_NEEDS_PASSPHRASE, PKG_TOO_LARGE, FILE_….
    A passphrase that is not needed is not looked at."""
    try:
        size = path.stat().st_size
        if size > MAX_FILE:
            raise AppError(Fault.PKG_TOO_LARGE, f"文件有 {size // 1_000_000} MB，上限 {MAX_FILE // 1_000_000} MB。")
        data = path.read_bytes()
    except OSError as error:
        raise file_error(error, path) from error
    return check_bytes(path.name, data, passphrase)


def check_bytes(name: str, data: bytes, passphrase: str = "") -> Package:
    """As read_package, of a file that is in memory."""
    try:
        return _checked(name, data, passphrase)
    except MemoryError as error:
        raise AppError(Fault.PKG_TOO_LARGE, "内存不足，无法展开。") from error


def _checked(name: str, data: bytes, passphrase: str) -> Package:
    if len(data) < len(MAGIC) and MAGIC.startswith(data):
        raise AppError(Fault.PKG_CUT, f"文件只有 {len(data)} 字节。")
    container = Container(decrypt(data, passphrase) if is_sealed(data) else data)
    manifest = _manifest(container)
    parts = _parts(container, manifest)
    content = _of(read_content(_text(parts[CONTENT], CONTENT)), CONTENT)
    package = Package(
        manifest=manifest,
        content=content,
        schemes={_inner(p, SCHEMES): _text(data, p) for p, data in parts.items() if p.startswith(SCHEMES)},
        evidence={_inner(p, EVIDENCE): data for p, data in parts.items() if p.startswith(EVIDENCE)},
        sha256=hashlib.sha256(data).hexdigest(),
        name=name,
    )
    return _of((package, faults_of(package)))


def _manifest(container: Container) -> Manifest:
    """Version before signature before everything else: a later format may sign in another way."""
    data = container.read(MANIFEST)
    text = _text(data, MANIFEST)
    stamp, findings = read_object(text, MANIFEST)
    if stamp is None or stamp.get("format") != "slk-package":
        raise _format(MANIFEST, findings, "不是本程序的数据包。")
    version, signature = stamp.get("version"), stamp.get("signature")
    if type(version) is int and version > 1:
        raise AppError(Fault.PKG_NEWER, f"包的格式版本是 {version}，本程序认识到 1。")
    if isinstance(signature, str) and signature != "ed25519":
        raise AppError(Fault.PKG_NEWER, f"本程序不认识签名方法“{signature[:20]}”。")
    _check_signature(container, stamp, data)
    return _of(read_manifest(text), MANIFEST)


def _check_signature(container: Container, stamp: dict[str, Any], data: bytes) -> None:
    sender: Any = stamp.get("sender")
    key: Any = cast(dict[str, Any], sender).get("key") if isinstance(sender, dict) else None
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        raise AppError(Fault.PKG_SIGNATURE, "包内目录里没有发件方的公钥。")
    if SIGNATURE not in container.names:
        raise AppError(Fault.PKG_SIGNATURE, "包里没有签名。")
    if not is_signed_by(key, container.read(SIGNATURE), data):
        raise AppError(Fault.PKG_SIGNATURE)


def _parts(container: Container, manifest: Manifest) -> dict[str, bytes]:
    """Every listed file, in the order of the manifest, with exactly the bytes that were signed."""
    listed = {f.path: f for f in manifest.files}
    if len(listed) != len(manifest.files) or CONTENT not in listed:
        raise AppError(Fault.PKG_FORMAT, f"{MANIFEST} $.files：文件重复，或缺少 {CONTENT}。")
    for path in listed:
        if not _LISTED.fullmatch(path):
            raise AppError(Fault.PKG_FORMAT, f"{MANIFEST} $.files：包里不应有 {path[:100]}。")
    for path in sorted(listed.keys() - container.names):
        raise AppError(Fault.PKG_CHANGED, f"包内目录上的文件 {path} 不在包里。")
    for path in sorted(container.names - listed.keys() - {MANIFEST, SIGNATURE}):
        raise AppError(Fault.PKG_CHANGED, f"包里多出文件 {path[:100]}。")
    parts: dict[str, bytes] = {}
    for path, file in listed.items():
        parts[path] = data = container.read(path)
        if len(data) != file.size or hashlib.sha256(data).hexdigest() != file.sha256:
            raise AppError(Fault.PKG_CHANGED, f"包内文件 {path} 与包内目录不一致。")
    return parts


def _inner(path: str, folder: str) -> str:
    return path.removeprefix(folder).removesuffix(".json")


def _text(data: bytes, part: str) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise AppError(Fault.PKG_FORMAT, f"{part}：不是 UTF-8 文字。") from error


def _of(reading: tuple[T | None, tuple[Finding, ...]], part: str = "") -> T:
    value, findings = reading
    if value is None or findings:
        raise _format(part, findings, "内容读不出来。")
    return value


def _format(part: str, findings: tuple[Finding, ...], otherwise: str) -> AppError:
    if not findings:
        return AppError(Fault.PKG_FORMAT, f"{part}：{otherwise}")
    first = findings[0]
    more = f"（共 {len(findings)} 处）" if len(findings) > 1 else ""
    where = f"{part} {first.place}".strip()
    return AppError(Fault.PKG_FORMAT, f"{where}：{first.message}{more}。", findings)
