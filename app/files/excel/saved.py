"""When a workbook was saved last, as the program that saved it wrote into the file (docProps/core.xml)."""

from __future__ import annotations

import re
from datetime import UTC, datetime

_MODIFIED = re.compile(rb"<(?:\w+:)?modified\b[^>]*>\s*([0-9T:.+Z-]{10,40})\s*</")
# Hand-outs carry the date of the year 2000, so that the same sheet is the same bytes; a program that leaves it there
# has told nothing.
_FIRST = datetime(2001, 1, 1, tzinfo=UTC).timestamp()


def saved_at(core: bytes) -> float:
    """Seconds since 1970 from the document's core properties (W3CDTF; without a zone it is UTC); 0: it does not say."""
    found = _MODIFIED.search(core)
    if found is None:
        return 0
    try:
        moment = datetime.fromisoformat(found[1].decode("ascii"))
        seconds = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return 0
    return seconds if seconds >= _FIRST else 0
