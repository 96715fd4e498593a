"""What operators export holds strangers' words, which no spreadsheet may take for formulas."""

from functools import wraps
from typing import Any

from wagtail.admin.views.mixins import SpreadsheetExportMixin

FORMULAS = ("=", "+", "-", "@", "\t", "\r")  # how they begin (OWASP, "CSV Injection")


def export_no_formulas() -> None:
    """Put an apostrophe before them in all of Wagtail's CSV files; in XLSX it sees to it itself."""
    process = SpreadsheetExportMixin.preprocess_field_value

    @wraps(process)
    def harmless(self: Any, field: str, value: Any, export_format: str) -> Any:
        told = process(self, field, value, export_format)
        is_formula = isinstance(told, str) and told.startswith(FORMULAS)
        return f"'{told}" if is_formula and export_format == self.FORMAT_CSV else told

    SpreadsheetExportMixin.preprocess_field_value = harmless
