"""三联考评: the program. Only its version lives here."""

__version__ = "0.1.0"
