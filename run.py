#!/usr/bin/env python3
"""The commands of this repository, on nothing but the standard library.

python3 run.py demo     sets everything up, loads the invented region, serves it, prints the address
python3 run.py serve    serves what you loaded from real files with `regio import`
python3 run.py test     sets everything up, checks everything: quality, SQLite, PostgreSQL, browser
python3 run.py bench    measures (`bench setup`: first page, disk, second start, Ctrl-C)
python3 run.py regio    the product's own command line

This file only looks at the Python version, in words that old versions can read too; `tools/` does the work.
"""

import sys

OLDEST, NEWEST = (3, 11), (3, 13)


def wrong_version_sentence(version):
    """Return what to do about this Python version in Dutch, or None where it is a good one."""
    if OLDEST <= tuple(version) <= NEWEST:
        return None
    return (
        "Dit programma heeft Python %d.%d, 3.12 of %d.%d nodig; u startte het met Python %d.%d. "
        "Installeer een van die versies en begin bijvoorbeeld zo: python3.11 run.py demo"
    ) % (OLDEST + NEWEST + tuple(version))


if __name__ == "__main__":
    sentence = wrong_version_sentence(sys.version_info[:2])
    if sentence:
        sys.stderr.write(sentence + "\n")
        sys.exit(2)
    sys.dont_write_bytecode = True
    from tools.commands import main

    sys.exit(main(sys.argv[1:]))
