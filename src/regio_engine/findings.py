"""What a calculation noticed about its input: a fixed code and its arguments.

A finding is not an error: the calculation goes on without what it could not use, and says so. The Dutch sentences that
belong to the codes live with the screens, not here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Finding:
    """One remark with a fixed code (such as "N-101") and the values that its sentence needs."""

    code: str
    arguments: Mapping[str, str | int | float] = field(default_factory=dict)
