"""What a worker brings into memory before its first job: the compiled staff simulation."""

from regio_engine.staff.simulation import warm


def warm_up() -> None:
    """Load the compiled code, or compile it where this machine has not done so yet."""
    warm()
