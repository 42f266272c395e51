"""One master workbook, many copies: only the few texts that differ are compressed again (docs/adr: hand-out sheets).

A part of the zip is cut before its first token. What stands before is compressed once and ends on a byte border
(full flush), so that any other deflate stream may follow it; only the short rest is made anew for each copy.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

from app.files.excel.texts import xml_text

_DATE = 33  # 1980-01-01, the earliest that a zip can say: same data, same bytes
_LOCAL = struct.Struct("<IHHHHHIIIHH")
_CENTRAL = struct.Struct("<IHHHHHHIIIHHHHHII")
_END = struct.Struct("<IHHHHIIH")


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of the zip: compressed bytes up to the first token, their checksum and plain size; then the texts and
    tokens that follow (empty: the part has no token and its bytes are complete)."""

    name: bytes
    done: bytes
    crc: int
    size: int
    rest: tuple[str, ...]


class Master:
    """A workbook in which tokens wait to be replaced."""

    def __init__(self, workbook: bytes, tokens: tuple[str, ...]) -> None:
        """workbook: the whole file; tokens: plain ASCII words without XML characters."""
        cut = re.compile("(" + "|".join(re.escape(t) for t in tokens) + ")")
        with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
            self._parts = tuple(_prepare(i.filename, archive.read(i), cut) for i in archive.infolist())

    def stamped(self, values: Mapping[str, str]) -> bytes:
        """A copy with every token replaced by its value (escaped for XML)."""
        escaped = {token: xml_text(value) for token, value in values.items()}
        body = bytearray()
        directory = bytearray()
        for part in self._parts:
            data, crc, size = _finish(part, escaped)
            where = len(body)
            head = (20, 0, 8, 0, _DATE, crc, len(data), size, len(part.name), 0)
            body += _LOCAL.pack(0x04034B50, *head) + part.name + data
            directory += _CENTRAL.pack(0x02014B50, 20, *head, 0, 0, 0, 0, where) + part.name
        count = len(self._parts)
        end = _END.pack(0x06054B50, 0, 0, count, count, len(directory), len(body), 0)
        return bytes(body + directory + end)


def _prepare(name: str, data: bytes, cut: re.Pattern[str]) -> _Part:
    first, *rest = cut.split(data.decode("utf-8")) if name.endswith((".xml", ".rels")) else [data]
    plain = first if isinstance(first, bytes) else first.encode()
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    done = packer.compress(plain) + packer.flush(zlib.Z_FULL_FLUSH if rest else zlib.Z_FINISH)
    return _Part(name.encode(), done, zlib.crc32(plain), len(plain), tuple(str(r) for r in rest))


def _finish(part: _Part, values: Mapping[str, str]) -> tuple[bytes, int, int]:
    if not part.rest:
        return part.done, part.crc, part.size
    tail = "".join(values.get(text, text) for text in part.rest).encode()
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    data = part.done + packer.compress(tail) + packer.flush()
    return data, zlib.crc32(tail, part.crc), part.size + len(tail)
