"""What every template may know about the installation."""

from django.conf import settings
from django.http import HttpRequest


def installation(request: HttpRequest) -> dict[str, object]:
    """Return whether this installation shows the invented region."""
    return {"is_invented": settings.DEMO}
