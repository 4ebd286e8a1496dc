"""Writers of files in the publishers' own formats, one module per publisher's set. See `files` for the whole list."""
