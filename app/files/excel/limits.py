"""What a workbook may be at most; the manual shows this table (docs/manual/score-sheet-disorders.md)."""

MAX_FILE = 20_000_000  # bytes of the file
MAX_PARTS = 300
MAX_UNPACKED = 100_000_000  # bytes of all parts together
MAX_PART = 50_000_000
MAX_RATIO = 200  # unpacked : packed, for parts above RATIO_FROM
RATIO_FROM = 1_000_000
MAX_ROW = 5_000
MAX_COLUMN = 100  # CV
MAX_CELLS = 200_000
MAX_MERGED = 50_000  # cells inside merged ranges together
MAX_TEXT = 32_767  # characters of one text
