"""What an exchange package may be at most; docs/formats/package.md shows this table."""

MAX_FILE = 500_000_000  # bytes of the file
MAX_PARTS = 5_000
MAX_UNPACKED = 600_000_000  # bytes of all parts together
MAX_PART = 200_000_000
MAX_MANIFEST = 2_000_000
MAX_CONTENT = 100_000_000
# unpacked : packed, for parts above RATIO_FROM; three hundred sheets without a mark reach 360, a bomb 1,000
MAX_RATIO = 500
RATIO_FROM = 10_000_000
MIN_PASSPHRASE = 8  # characters, when a package is made
