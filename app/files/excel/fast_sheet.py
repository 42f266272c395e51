"""XlsxWriter's sheet without work that our cells never need; it writes the same bytes (a test compares them)."""

from __future__ import annotations

from typing import Any, cast

from xlsxwriter.worksheet import Worksheet


class FastSheet(Worksheet):
    """Skips, cell by cell: the escaping of addresses and format numbers, and in formulas the search for the functions
    of newer Excel versions (ours use none). The overridden methods are XlsxWriter's own inner ones; when a version
    no longer has them, the sheet is only slower."""

    def _xml_number_element(self, number: float, attributes: Any = ()) -> None:
        cell = "".join([f' {key}="{value}"' for key, value in attributes])
        cast(Any, self).fh.write(f"<c{cell}><v>{number:.16G}</v></c>")

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        return formula.removeprefix("=")
