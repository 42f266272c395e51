"""Exchange packages (.slp) between isolated PCs: signed zips, optionally under a passphrase."""

from app.files.package.cipher import Kdf, check_passphrase
from app.files.package.keys import Key, load_key
from app.files.package.reading import is_encrypted, read_package
from app.files.package.writing import write_package

__all__ = ["Kdf", "Key", "check_passphrase", "is_encrypted", "load_key", "read_package", "write_package"]
