"""Text in a cell that no spreadsheet takes for a formula. Numbers are left alone, negative ones too."""

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def safe_cell(value: object) -> object:
    """Return a value for a cell: text that a spreadsheet would run gets a quote before it, all else stays as it is."""
    if not isinstance(value, str):
        return value
    quote = "'" if value.startswith(FORMULA_STARTS) else ""
    return quote + value.replace("\r", " ")  # half a line end would break the row
