"""A package under a passphrase: magic line, one line of JSON that says how, then the sealed zip.

All bytes before the ciphertext are authenticated with it. Names of the procedures stand in the file, so that others
(SM4) can follow.
"""

from __future__ import annotations

import json
import re
import secrets
import unicodedata
from dataclasses import dataclass
from typing import Any, cast

from app.domain.errors import AppError, Fault
from app.files.package.limits import MIN_PASSPHRASE

MAGIC = b"SLP-ENC-1\n"
_ANY_VERSION = re.compile(rb"SLP-ENC-\d{1,4}\n")
_LONGEST_HEADER = 1_000
_HEX = re.compile(r"(?:[0-9a-f]{2})+")
_FIELDS = ("kdf", "memory", "passes", "lanes", "salt", "cipher", "nonce")
_KDF, _CIPHER = "argon2id", "aes-256-gcm"
_SALT, _NONCE, _KEY = 16, 12, 32  # bytes


@dataclass(frozen=True, slots=True)
class Kdf:
    """What Argon2id costs: memory in KiB, passes over it, lanes. The defaults are the second choice of RFC 9106."""

    memory: int = 65_536
    passes: int = 3
    lanes: int = 4

    @property
    def bearable(self) -> bool:
        """Whether a reader may try it: a file must not be able to hold the computer up."""
        fits = 1 <= self.lanes <= 8 and 8 * self.lanes <= self.memory <= 262_144 and self.passes >= 1
        return fits and self.memory * self.passes <= 1_000_000


def is_sealed(data: bytes) -> bool:
    """Whether these first bytes of a file are those of a package under a passphrase."""
    return _ANY_VERSION.match(data) is not None


def check_passphrase(passphrase: str) -> None:
    """Raises INPUT_BAD for one that is too short; none at all is none."""
    if passphrase and len(passphrase) < MIN_PASSPHRASE:
        raise AppError(Fault.INPUT_BAD, f"口令至少 {MIN_PASSPHRASE} 个字符。")


def encrypt(data: bytes, passphrase: str, kdf: Kdf) -> bytes:
    """The file under the passphrase; salt and nonce are fresh every time."""
    check_passphrase(passphrase)
    salt, nonce = secrets.token_bytes(_SALT), secrets.token_bytes(_NONCE)
    values = (_KDF, kdf.memory, kdf.passes, kdf.lanes, salt.hex(), _CIPHER, nonce.hex())
    header = MAGIC + json.dumps(dict(zip(_FIELDS, values, strict=True)), separators=(",", ":")).encode() + b"\n"
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return header + AESGCM(_derived(passphrase, salt, kdf)).encrypt(nonce, data, header)


def decrypt(data: bytes, passphrase: str) -> bytes:
    """What was put under the passphrase, all of it or nothing. Raises PKG_NEEDS_PASSPHRASE, PKG_UNDECRYPTABLE,
    PKG_NEWER."""
    if not data.startswith(MAGIC):
        raise AppError(Fault.PKG_NEWER, "包的加密格式比本程序新。")
    if not passphrase:
        raise AppError(Fault.PKG_NEEDS_PASSPHRASE)
    kdf, salt, nonce, begin = _header(data)
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        return AESGCM(_derived(passphrase, salt, kdf)).decrypt(nonce, memoryview(data)[begin:], data[:begin])
    except (InvalidTag, ValueError) as error:
        raise AppError(Fault.PKG_UNDECRYPTABLE) from error
    except MemoryError as error:
        raise AppError(Fault.PKG_TOO_LARGE, "内存不足，无法解密。") from error


def _derived(passphrase: str, salt: bytes, kdf: Kdf) -> bytes:
    """NFKC: what an input method types in full width is the same passphrase."""
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    text = unicodedata.normalize("NFKC", passphrase).encode()
    return Argon2id(salt=salt, length=_KEY, iterations=kdf.passes, lanes=kdf.lanes, memory_cost=kdf.memory).derive(text)


def _header(data: bytes) -> tuple[Kdf, bytes, bytes, int]:
    """Cost, salt, nonce, and where the ciphertext begins."""
    end = data.find(b"\n", len(MAGIC), len(MAGIC) + _LONGEST_HEADER)
    try:
        content = json.loads(data[len(MAGIC) : end].decode("ascii")) if end > 0 else None
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict) or tuple(cast(dict[str, Any], content)) != _FIELDS:
        raise AppError(Fault.PKG_UNDECRYPTABLE, "文件不完整，或开头被改动过。")
    kdf, memory, passes, lanes, salt, cipher, nonce = cast(dict[str, Any], content).values()
    if (kdf, cipher) != (_KDF, _CIPHER):
        name = "、".join(str(n)[:20] for n in (kdf, cipher) if n not in (_KDF, _CIPHER))
        raise AppError(Fault.PKG_UNDECRYPTABLE, f"本程序不认识加密方法“{name}”：由较新版本生成，或开头被改动过。")
    cost = Kdf(*(n if type(n) is int else 0 for n in (memory, passes, lanes)))
    if not cost.bearable or not _is_hex(salt, _SALT) or not _is_hex(nonce, _NONCE):
        raise AppError(Fault.PKG_UNDECRYPTABLE, "开头写明的加密参数不合规定，文件被改动过。")
    return cost, bytes.fromhex(salt), bytes.fromhex(nonce), end + 1


def _is_hex(text: Any, size: int) -> bool:
    return isinstance(text, str) and len(text) == 2 * size and _HEX.fullmatch(text) is not None
