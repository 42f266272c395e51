"""Qt's library of the words and rules of all languages, made smaller: what Qt never asks it for goes. Linux only.

The library holds nothing but ICU's data file: a table of names and places, then the items. What is kept is written in
the same form into a library of the same layout. Standard library only.
"""

import re
import struct
from collections.abc import Mapping
from pathlib import Path

# libQt6Core asks ICU for four things (nm -D): order of texts, other code pages, capital letters, names of time zones.
# Names of languages, regions, currencies and units, spelled numbers, word breaks it has itself or never gives.
FOLDERS = ("brkitr/", "curr/", "lang/", "rbnf/", "region/", "translit/", "unit/")
LANGUAGES = re.compile(r"(?:\w+/)?(?!zh[_.]|en[_.])[a-z]{2,3}(?:_\w*)?\.res")
CODE_PAGES = re.compile(r"(?!gb18030|windows-936|windows-950|ibm-1383|ibm-1386)[\w.,=-]+\.cnv")

_LOAD, _ROUND = 1, 16
_HEADER, _PROGRAM_HEADER = "<16sHHIQQQIHHHHHH", "<IIQQQQQQ"


def is_needed(name: str) -> bool:
    """Whether Qt may ask for an item; name: as in ICU's table, without the version in front."""
    return not (name.startswith(FOLDERS) or LANGUAGES.fullmatch(name) or CODE_PAGES.fullmatch(name))


def shrink(library: Path) -> None:
    """Rewrite libicudata with the needed items only. Raises ValueError when it is built in another way than expected."""
    old = library.read_bytes()
    start = old.find(b"CmnD") - 12
    items = _items(old, start)
    kept = {name: data for name, data in items.items() if is_needed(name.partition("/")[2])}
    head = old[start : start + struct.unpack_from("<H", old, start)[0]]
    library.write_bytes(_library(old, start, head + _table(kept)))


def _items(library: bytes, start: int) -> dict[str, bytes]:
    """The items by name, in the order of the table, which ICU searches by halving."""
    if start < 0 or library[start + 2 : start + 4] != b"\xda\x27":
        raise ValueError("no ICU data")
    table = start + struct.unpack_from("<H", library, start)[0]
    count = struct.unpack_from("<I", library, table)[0]
    places = [struct.unpack_from("<II", library, table + 4 + 8 * i) for i in range(count)]
    end = _data_segment(library, start)[0] - table
    found: dict[str, bytes] = {}
    for (name, begin), (_, stop) in zip(places, [*places[1:], (0, end)], strict=True):
        text = library[table + name : library.index(b"\0", table + name)].decode("ascii")
        found[text] = library[table + begin : table + stop]
    return found


def _table(items: Mapping[str, bytes]) -> bytes:
    """Count, places of names and data, names, data."""
    names = b"".join(name.encode("ascii") + b"\0" for name in items)
    at_name = 4 + 8 * len(items)
    at_data = _rounded(at_name + len(names), _ROUND)
    places, data = [struct.pack("<I", len(items))], bytearray(at_data)
    for name, item in items.items():
        places.append(struct.pack("<II", at_name, len(data)))
        at_name += len(name) + 1
        data += item + bytes(_rounded(len(item), _ROUND) - len(item))
    table = b"".join(places) + names
    data[: len(table)] = table
    return bytes(data)


def _data_segment(library: bytes, start: int) -> tuple[int, list[tuple[int, ...]]]:
    """Where the bytes that hold the data end, and all program headers: first the data, then what is linked."""
    header = struct.unpack_from(_HEADER, library)
    if library[:6] != b"\x7fELF\x02\x01":
        raise ValueError("not a 64-bit library of this byte order")
    size = struct.calcsize(_PROGRAM_HEADER)
    programs = [struct.unpack_from(_PROGRAM_HEADER, library, header[5] + i * size) for i in range(header[10])]
    loads = [p for p in programs if p[0] == _LOAD]
    if len(loads) != 2 or loads[0][2:4] != (0, 0) or not start < loads[0][5] <= loads[1][2]:
        raise ValueError("not built of data and links alone")
    return loads[0][5], programs


def _library(old: bytes, start: int, data: bytes) -> bytes:
    """The library around other, shorter data. Addresses stay, so nothing has to be linked anew; sections go."""
    end, programs = _data_segment(old, start)
    after = next(p for p in programs if p[0] == _LOAD and p[2])
    align = after[7]
    new_end = start + len(data)
    moved = _rounded(new_end, align) + after[2] % align
    new = bytearray(old[:start] + data + bytes(moved - new_end) + old[after[2] : after[2] + after[5]])
    header = struct.unpack_from(_HEADER, old)
    first: int = header[5]
    struct.pack_into(_HEADER, new, 0, *header[:6], 0, *header[7:12], 0, 0)
    size = struct.calcsize(_PROGRAM_HEADER)
    for number, (kind, flags, place, virtual, physical, inside, memory, alignment) in enumerate(programs):
        if kind == _LOAD and place == 0:
            inside, memory = new_end, new_end
        elif place >= end:
            place += moved - after[2]
        line = (kind, flags, place, virtual, physical, inside, memory, alignment)
        struct.pack_into(_PROGRAM_HEADER, new, first + number * size, *line)
    return bytes(new)


def _rounded(number: int, to: int) -> int:
    return -(-number // to) * to
