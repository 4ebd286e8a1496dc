"""Types for options of the command line that say in Dutch what is wrong with a value."""

from argparse import ArgumentTypeError
from collections.abc import Callable
from datetime import date


def day(text: str) -> date:
    """Return the date of a text JJJJ-MM-DD.

    Raises:
        ArgumentTypeError: it is no date.
    """
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is geen datum; schrijf een dag als JJJJ-MM-DD") from error


def whole_number(low: int, high: int) -> Callable[[str], int]:
    """Return a type for whole numbers from `low` up to and including `high`."""

    def read(text: str) -> int:
        try:
            number = int(text)
        except ValueError as error:
            raise ArgumentTypeError(f"{text!r} is geen geheel getal") from error
        if not low <= number <= high:
            raise ArgumentTypeError(f"het getal moet tussen {low} en {high} liggen; u gaf {number}")
        return number

    return read
