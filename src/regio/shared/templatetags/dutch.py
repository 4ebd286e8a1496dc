"""Template filters that write numbers and dates in Dutch; the rules are in `regio.shared.formatting`."""

from django import template

from regio.shared import formatting

register = template.Library()

for name in (
    "number",
    "signed",
    "share",
    "signed_share",
    "fte",
    "signed_fte",
    "change_between",
    "fte_between",
    "fte_from_to",
    "long_date",
    "short_date",
    "school_year",
    "place_name",
):
    register.filter(f"nl_{name}", getattr(formatting, name))
