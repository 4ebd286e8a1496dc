"""The sentences of argparse in Dutch, for `regio` and for `run.py`; nothing but the standard library.

argparse asks `gettext` for its words and the standard library has no Dutch, so its two look-ups are replaced here.
"""

import argparse

WORDS = {
    "usage: ": "gebruik: ",
    "%(prog)s: error: %(message)s\n": "%(prog)s: %(message)s\n",
    "argument %(argument_name)s: %(message)s": "%(argument_name)s: %(message)s",
    "positional arguments": "wat u geeft",
    "options": "opties",
    "show this help message and exit": "toon deze hulp",
    "unrecognized arguments: %s": "dit wordt niet herkend: %s",
    "the following arguments are required: %s": "dit ontbreekt: %s",
    "one of the arguments %s is required": "geef een van deze: %s",
    "not allowed with argument %s": "kan niet samen met %s",
    "expected one argument": "hier hoort een waarde achter",
    "expected at most one argument": "hier hoort hoogstens een waarde achter",
    "expected at least one argument": "hier hoort ten minste een waarde achter",
    "ignored explicit argument %r": "hier hoort geen waarde achter; u gaf %r",
    "ambiguous option: %(option)s could match %(matches)s": "%(option)s kan van alles zijn: %(matches)s; schrijf de optie voluit",
    "unexpected option string: %s": "de optie %s hoort hier niet",
    "invalid %(type)s value: %(value)r": "%(value)r kan hier niet; hier hoort een getal",
    "invalid choice: %(value)r (choose from %(choices)s)": "%(value)r bestaat niet; kies uit %(choices)s",
    "can't open '%(filename)s': %(error)s": "%(filename)s gaat niet open: %(error)s",
}
MANY_WORDS = {
    "expected %s argument": "hier hoort %s waarde achter",
    "expected %s arguments": "hier horen %s waarden achter",
}


def speak_dutch() -> None:
    """Let argparse say everything in Dutch from now on."""
    argparse._ = _of  # type: ignore[attr-defined]  # the name under which argparse keeps gettext
    argparse.ngettext = _of_number  # type: ignore[attr-defined]


def _of(words: str) -> str:
    return WORDS.get(words, words)


def _of_number(one: str, many: str, number: int) -> str:
    words = one if number == 1 else many
    return MANY_WORDS.get(words, words)
