"""Rows for tests: an invented region, its locations, and a forecast run with values that can be checked by hand."""
