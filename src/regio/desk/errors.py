"""What can go wrong at the desk, in the words of who reads it."""


class BadRules(ValueError):
    """A set of rules of the route advice cannot be read; the text says where and what is expected."""


class NotPublishable(ValueError):
    """A draft may not be published as it is."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


class Overtaken(ValueError):
    """Somebody else changed or published meanwhile."""
