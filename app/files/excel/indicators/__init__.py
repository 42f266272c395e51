"""Tables of indicators: from an Excel file or the clipboard into a proposal, and from a scheme back into a file."""

from app.files.excel.indicators.reading import read_indicator_text, read_indicators
from app.files.excel.indicators.writing import indicator_bytes, write_indicators

__all__ = ["indicator_bytes", "read_indicator_text", "read_indicators", "write_indicators"]
