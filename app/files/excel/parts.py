"""The parts of a workbook out of its zip archive: each is unpacked once, and not at all when it came before.

Two hundred workbooks of one round share most of their parts to the byte; what is derived from the same bytes is the
same, so small parts are kept.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Callable
from functools import lru_cache
from typing import ParamSpec, TypeVar

_HEADER = struct.Struct("<4s5H3L2H")  # of a part, before its name
_SIGNATURE = b"PK\x03\x04"
_UTF8 = 0x800
_SMALL = 100_000  # bytes of a part that is kept
P = ParamSpec("P")
R = TypeVar("R")


def kept(work: Callable[P, R], size: int) -> Callable[P, R]:
    """A cached function for what is small; the plain one for what must not stay in memory."""
    return work if size < _SMALL else getattr(work, "__wrapped__", work)


class Parts:
    """The parts of an archive whose directory has been checked. Reading raises zipfile.BadZipFile or zlib.error when
    the directory and the content disagree, KeyError for a part that is not there."""

    def __init__(self, data: bytes, archive: zipfile.ZipFile) -> None:
        self._data = data
        self._infos = {info.filename: info for info in archive.infolist()}
        self._read: dict[str, bytes] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._infos

    def names(self) -> tuple[str, ...]:
        """In the order of the directory."""
        return tuple(self._infos)

    def read(self, name: str) -> bytes:
        """The part's bytes, of exactly the length and checksum that the directory says."""
        if name not in self._read:
            info = self._infos[name]
            unpack = kept(_unpack, max(info.file_size, info.compress_size))
            self._read[name] = unpack(self._packed(info), info.compress_type, info.file_size, info.CRC)
        return self._read[name]

    def _packed(self, info: zipfile.ZipInfo) -> bytes:
        at = info.header_offset
        header = self._data[at : at + _HEADER.size]
        if at < 0 or len(header) < _HEADER.size or not header.startswith(_SIGNATURE):
            raise zipfile.BadZipFile("no part where the directory says")
        *_, name_length, extra_length = _HEADER.unpack(header)
        begin = at + _HEADER.size
        name = self._data[begin : begin + name_length]
        if name.decode("utf-8" if info.flag_bits & _UTF8 else "cp437") != info.orig_filename:
            raise zipfile.BadZipFile("another name than in the directory")
        begin += name_length + extra_length
        packed = self._data[begin : begin + info.compress_size]
        if len(packed) < info.compress_size:
            raise zipfile.BadZipFile("the file ends before the part")
        return packed


@lru_cache(maxsize=64)
def _unpack(packed: bytes, method: int, size: int, checksum: int) -> bytes:
    """At most one byte more than the directory promises is ever unpacked."""
    part = zlib.decompressobj(-15).decompress(packed, size + 1) if method == zipfile.ZIP_DEFLATED else packed
    if len(part) != size or zlib.crc32(part) != checksum:
        raise zipfile.BadZipFile("another length or checksum than in the directory")
    return part
