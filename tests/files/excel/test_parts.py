"""Parts are unpacked exactly as the archive's directory promises, or the workbook is refused."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest

from app.files.excel.parts import Parts

NAME, TEXT = "xl/表.xml", b"<a>" + b"87.5" * 2000 + b"</a>"


def archive(method: int = zipfile.ZIP_DEFLATED) -> bytearray:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as book:
        book.writestr(NAME, TEXT)
        book.writestr("b.xml", b"<b/>")
    return bytearray(buffer.getvalue())


def read(data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        return Parts(data, book).read(NAME)


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_that_a_part_is_read_as_it_was_written(method: int) -> None:
    data = bytes(archive(method))
    assert read(data) == TEXT
    assert read(b"before the archive" + data) == TEXT


def test_that_the_names_are_those_of_the_directory() -> None:
    data = bytes(archive())
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        parts = Parts(data, book)
    assert parts.names() == (NAME, "b.xml") and NAME in parts and "c.xml" not in parts


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize(("place", "change"), [(16, 1), (20, 1), (20, -1), (24, 1), (24, -1), (42, 3)])
def test_that_a_directory_that_does_not_fit_is_told(method: int, place: int, change: int) -> None:
    data = archive(method)
    at = data.index(b"PK\x01\x02") + place  # checksum, packed size, size, place of the part
    value = struct.unpack_from("<L", data, at)[0]
    struct.pack_into("<L", data, at, value + change)
    if (method, place, change) == (zipfile.ZIP_DEFLATED, 20, 1):
        assert read(bytes(data)) == TEXT  # a byte behind the end of the stream belongs to nobody
        return
    with pytest.raises(zipfile.BadZipFile):
        read(bytes(data))


def test_that_a_part_under_another_name_is_not_taken() -> None:
    data = archive()
    data[30] ^= 1
    with pytest.raises(zipfile.BadZipFile):
        read(bytes(data))


def test_that_a_part_does_not_reach_beyond_the_file() -> None:
    data = archive(zipfile.ZIP_STORED)
    at = data.index(b"PK\x01\x02")
    struct.pack_into("<LL", data, at + 20, len(data) * 2, len(data) * 2)
    with pytest.raises(zipfile.BadZipFile):
        read(bytes(data))


def test_that_the_same_part_of_two_files_is_unpacked_once() -> None:
    assert read(bytes(archive())) is read(b"another" + bytes(archive()))
