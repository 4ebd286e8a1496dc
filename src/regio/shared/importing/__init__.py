"""Reading files of others: recognise by header, read, check, load; one transaction per file.

A reader knows one publisher's format and lives in the `sources` of its app. This package knows no dataset: it opens
files, keeps the list of readers, holds totals against the last load and runs the whole. It stops at the tables.
Importing this package is light: polars and openpyxl come in when a file is opened.
"""
