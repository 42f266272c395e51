"""The zip around a package: the same parts give the same bytes, and it ends with the checksum of all of them.

The checksum only tells damage from tampering early and by name; what protects the content is the signature.
"""

from __future__ import annotations

import hashlib
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Mapping

from app.domain.errors import AppError, Fault
from app.files.package.limits import MAX_CONTENT, MAX_MANIFEST, MAX_PART, MAX_PARTS, MAX_RATIO, MAX_UNPACKED, RATIO_FROM

MANIFEST, SIGNATURE, CONTENT = "manifest.json", "manifest.sig", "content.json"
SCHEMES, EVIDENCE = "schemes/", "evidence/"
_TIME = (2000, 1, 1, 0, 0, 0)
_START, _END = b"PK\x03\x04", b"PK\x05\x06"
_END_RECORD = struct.Struct("<4s4H2LH")  # signature … size and offset of the directory, length of the comment
_PART_HEADER, _DIRECTORY_ENTRY, _UTF8 = 30, 46, 0x800  # bytes without the name; flag of its encoding
_SEAL = re.compile(rb"[0-9a-f]{64}")
_SEAL_LENGTH = 64
_LONGEST_COMMENT = 65_535
_OWN_LIMITS = {MANIFEST: MAX_MANIFEST, SIGNATURE: 1_000, CONTENT: MAX_CONTENT}
_DAMAGE = (
    *(zipfile.BadZipFile, zlib.error, OSError, ValueError, LookupError, EOFError, RuntimeError),
    *(NotImplementedError, TypeError, struct.error, ArithmeticError),
)


def pack(parts: Mapping[str, bytes]) -> bytes:
    """The bytes of the file with these parts, in this order. Evidence is stored (its kinds are packed already)."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in parts.items():
            info = zipfile.ZipInfo(name, _TIME)
            info.create_system, info.external_attr = 3, 0o644 << 16  # the same on every system
            info.compress_type = zipfile.ZIP_STORED if name.startswith(EVIDENCE) else zipfile.ZIP_DEFLATED
            archive.writestr(info, data, compresslevel=6)
        archive.comment = b"0" * _SEAL_LENGTH
    return seal(file.getvalue())


def seal(data: bytes) -> bytes:
    """The same archive with the right checksum for its comment, which is the last 64 bytes of the file."""
    body = data[:-_SEAL_LENGTH]
    return body + hashlib.sha256(body).hexdigest().encode()


class Container:
    """A package whose file is whole and whose directory may be trusted not to hurt. Raises AppError: PKG_CUT,
    PKG_CHANGED, PKG_FORMAT or PKG_TOO_LARGE; reading a part, too."""

    def __init__(self, data: bytes) -> None:
        self._sealed = _check_ends(data)
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
            self._infos = self._archive.infolist()
        except _DAMAGE as error:
            raise AppError(Fault.PKG_FORMAT, "压缩包的目录读不出来。") from error
        _check_directory(self._infos)
        if self._sealed and _length(self._infos) != len(data):
            raise AppError(Fault.PKG_FORMAT, "压缩包里有目录之外的内容。")
        if MANIFEST not in self.names:
            raise AppError(Fault.PKG_FORMAT, f"文件里没有 {MANIFEST}，不是本程序的数据包。")
        if not self._sealed:
            raise AppError(Fault.PKG_CHANGED, "文件末尾没有打包时的校验码：被改动过，或被别的程序重新压缩过。")

    @property
    def names(self) -> frozenset[str]:
        """The paths of all parts."""
        return frozenset(info.filename for info in self._infos)

    def read(self, name: str) -> bytes:
        """The bytes of a part, never more than its directory entry says."""
        try:
            return self._archive.read(name)
        except MemoryError as error:
            raise AppError(Fault.PKG_TOO_LARGE, "内存不足，无法展开。") from error
        except _DAMAGE as error:
            raise AppError(Fault.PKG_CHANGED, f"包内文件 {name} 已损坏。") from error


def _check_ends(data: bytes) -> bool:
    """Whether the file ends with its checksum, and then the right one. A file that is cut, extended or damaged does
    not get past here."""
    if len(data) <= len(_START) and _START.startswith(data):
        raise AppError(Fault.PKG_CUT, f"文件只有 {len(data)} 字节。")
    if _ends_with_seal(data):
        if seal(data) != data:
            raise AppError(Fault.PKG_CHANGED, "文件与打包时的校验码不符，在途中损坏或被改动过。")
        return True
    if not data.startswith(_START):
        raise AppError(Fault.PKG_FORMAT, "文件内容不是数据包。")
    end = _end_of(data)
    if end is None or end > len(data):
        raise AppError(Fault.PKG_CUT, f"文件只有 {len(data)} 字节，后面的内容缺失。")
    if end < len(data):
        raise AppError(Fault.PKG_CHANGED, f"文件末尾多出 {len(data) - end} 字节。")
    return False


def _ends_with_seal(data: bytes) -> bool:
    """Whether the last bytes are a checksum behind an end record, of which one byte may be damaged: a file that is cut
    may end in such letters too, if they stand in a document."""
    record = data[-_SEAL_LENGTH - _END_RECORD.size :][: len(_END)]
    alike = sum(a == b for a, b in zip(record, _END, strict=False))
    return alike >= len(_END) - 1 and _SEAL.fullmatch(data[-_SEAL_LENGTH:]) is not None


def _end_of(data: bytes) -> int | None:
    """Where the archive that begins with the first byte ends; none without an end record that fits. Attached documents
    are archives too and have end records of their own, but these count from elsewhere."""
    at = len(data)
    lowest = max(0, len(data) - _LONGEST_COMMENT - 1_000_000)
    while (at := data.rfind(_END, lowest, at)) >= 0:
        record = data[at : at + _END_RECORD.size]
        if len(record) == _END_RECORD.size:
            *_, size, offset, comment = _END_RECORD.unpack(record)
            if offset + size == at:
                return at + _END_RECORD.size + comment
    return None


def _check_directory(infos: list[zipfile.ZipInfo]) -> None:
    if len(infos) > MAX_PARTS:
        raise AppError(Fault.PKG_TOO_LARGE, f"包里有 {len(infos)} 个文件，上限 {MAX_PARTS} 个。")
    if len({info.filename.lower() for info in infos}) != len(infos):
        raise AppError(Fault.PKG_FORMAT, "包里有重名的文件。")
    for info in infos:
        _check_part(info)
    if sum(info.file_size for info in infos) > MAX_UNPACKED:
        raise AppError(Fault.PKG_TOO_LARGE, f"展开后超过 {MAX_UNPACKED // 1_000_000} MB。")


def _length(infos: list[zipfile.ZipInfo]) -> int:
    """Bytes of a file with these parts one after the other and nothing between or over them; -1 if they are not."""
    at = directory = 0
    for info in infos:
        name = len(info.orig_filename.encode("utf-8" if info.flag_bits & _UTF8 else "cp437"))
        if info.header_offset != at or info.extra or info.comment:
            return -1
        at += _PART_HEADER + name + info.compress_size
        directory += _DIRECTORY_ENTRY + name
    return at + directory + _END_RECORD.size + _SEAL_LENGTH


def _check_part(info: zipfile.ZipInfo) -> None:
    name = info.orig_filename
    if ".." in name.split("/") or name.startswith("/") or name.endswith("/") or "\\" in name or ":" in name:
        raise AppError(Fault.PKG_FORMAT, "包里有越界的路径。")
    if not name.isprintable():
        raise AppError(Fault.PKG_FORMAT, "包里有不合规的文件名。")
    if info.flag_bits & 0x1:
        raise AppError(Fault.PKG_FORMAT, "包里的文件另加了密。")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise AppError(Fault.PKG_FORMAT, "包用了不常见的压缩方法。")
    limit = _OWN_LIMITS.get(name, MAX_PART)
    if info.file_size > limit:
        raise AppError(Fault.PKG_TOO_LARGE, f"包内文件 {name[:80]} 有 {info.file_size} 字节，上限 {limit} 字节。")
    if info.file_size > RATIO_FROM and info.file_size > MAX_RATIO * max(info.compress_size, 1):
        raise AppError(Fault.PKG_TOO_LARGE, f"包内文件 {name[:80]} 压缩比异常，像是压缩炸弹。")
