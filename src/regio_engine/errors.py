"""Errors of the engine: a value that cannot be true, or data that is missing. Plausibility results are findings, not errors."""


class EngineError(Exception):
    """Base of every error the engine raises on purpose."""


class ImplausibleInput(EngineError):
    """A value lies outside what it can be; the message names the value and the bounds."""


class MissingInput(EngineError):
    """A table or value that the calculation needs is not there; the engine refuses to guess."""
