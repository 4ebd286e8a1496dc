"""The second step at sign-in: allauth's page, with a wrong code or key written in the trail."""

from typing import Any

from allauth.mfa.base.views import AuthenticateView
from django.http import HttpResponse

from regio.accounts.sign_ins import note_failure


class SecondStep(AuthenticateView):  # type: ignore[misc]
    """Asks for the code of an app, a key or an emergency code."""

    def form_invalid(self, form: Any) -> HttpResponse:
        """Show the page again and write down that it failed."""
        note_failure(self.request, self.stage.login.user, what="de tweede stap klopte niet")
        answer: HttpResponse = super().form_invalid(form)
        return answer


second_step = SecondStep.as_view()
