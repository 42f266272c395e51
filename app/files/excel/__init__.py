"""Excel workbooks: score sheets out and back, registers, the result workbook."""

from app.files.excel.handing_back import returned_copy
from app.files.excel.handing_out import file_name, sheet_bytes, write_sheets
from app.files.excel.preflight import preflight
from app.files.excel.reading import FormLookup, scan_bytes, scan_sheet, scan_sheets, workbook_paths
from app.files.excel.register import write_register, write_register_template
from app.files.excel.register_columns import register_texts
from app.files.excel.register_reading import (
    RegisterRow,
    RegisterTables,
    read_register,
    read_register_tables,
    read_register_text,
)
from app.files.excel.results import result_bytes, write_result_workbook

__all__ = [
    "FormLookup",
    "RegisterRow",
    "RegisterTables",
    "file_name",
    "preflight",
    "read_register",
    "read_register_tables",
    "read_register_text",
    "register_texts",
    "result_bytes",
    "returned_copy",
    "scan_bytes",
    "scan_sheet",
    "scan_sheets",
    "sheet_bytes",
    "workbook_paths",
    "write_register",
    "write_register_template",
    "write_result_workbook",
    "write_sheets",
]
