"""The steps of signing in that are our own; apart, since the library of keys behind it is slow to load."""

from allauth.mfa.stages import AuthenticateStage
from django.http import HttpRequest


class SecondStep(AuthenticateStage):  # type: ignore[misc]
    """Asks for the second step at sign-in, except where the school's own account already asked it."""

    def _should_handle(self, request: HttpRequest) -> bool:
        return not getattr(request, "second_step_at_provider", False) and super()._should_handle(request)
