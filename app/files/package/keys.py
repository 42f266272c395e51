"""The key pair by which this installation signs, and the check of somebody else's signature."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from app.domain.errors import AppError, Fault
from app.files.saving.aside import aside, clear_abandoned
from app.files.saving.whole import file_error, move_over, sync_folder

KEY_FILE = "signing-key.pem"
_LARGEST = 10_000


@dataclass(frozen=True, slots=True)
class Key:
    """An Ed25519 key pair. public: 64 hex digits, as it stands in a manifest."""

    public: str
    secret: bytes = field(repr=False)

    def sign(self, data: bytes) -> bytes:
        """64 bytes."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return Ed25519PrivateKey.from_private_bytes(self.secret).sign(data)


def load_key(folder: Path) -> Key:
    """The installation's key out of its folder, made there at first use. A file that is there but cannot be used is
    PKG_KEY; it is never replaced, for the office knows the installation by it."""
    path = folder / KEY_FILE
    try:
        if not path.exists():
            folder.mkdir(parents=True, exist_ok=True)
            _make(path)
        clear_abandoned(folder)  # a program that was killed over it has left the secret in there, too
        with path.open("rb") as file:
            text = file.read(_LARGEST)
    except OSError as error:
        raise file_error(error, path) from error
    return _read(text, path)


def is_signed_by(public: str, signature: bytes, data: bytes) -> bool:
    """Whether the owner of this public key (hex) has signed exactly these bytes."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True


def _make(path: Path) -> None:
    """Whole or not at all, readable by its owner only; when two programs begin at once, the first one's stays."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    text = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with aside(path.parent) as place:
        made = place / path.name
        with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        try:
            path.hardlink_to(made)
            sync_folder(path.parent)
        except FileExistsError:
            return
        except OSError:  # a disk without links
            move_over(made, path)


def _read(text: bytes, path: Path) -> Key:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(text, None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise AppError(Fault.PKG_KEY, f"{path}：文件内容已损坏。") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise AppError(Fault.PKG_KEY, f"{path}：不是本程序的签名密钥。")
    return Key(key.public_key().public_bytes_raw().hex(), key.private_bytes_raw())
