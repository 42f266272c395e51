"""Excel workbooks: score sheets out and back, registers, the result workbook."""

from app.files.excel.handing_out import file_name, sheet_bytes, write_sheets
from app.files.excel.preflight import preflight
from app.files.excel.reading import FormLookup, scan_bytes, scan_sheet, scan_sheets, workbook_paths

__all__ = [
    "FormLookup",
    "file_name",
    "preflight",
    "scan_bytes",
    "scan_sheet",
    "scan_sheets",
    "sheet_bytes",
    "workbook_paths",
    "write_sheets",
]
