"""What a Word file may be at most; the manual shows this table (docs/manual/reports.md)."""

MAX_FILE = 50_000_000  # bytes of the file
MAX_PARTS = 2_000
MAX_UNPACKED = 200_000_000  # bytes of all parts together
MAX_TEXT_PART = 30_000_000  # bytes of a part with text
MAX_RATIO = 200  # unpacked : packed, for parts above RATIO_FROM
RATIO_FROM = 1_000_000
MAX_DEPTH = 200  # elements inside one another
MAX_PARAGRAPHS = 20_000
