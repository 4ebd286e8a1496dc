"""Addresses of signing in, the own account and people; Dutch, under the names by which allauth finds its pages.

Views are named and loaded at their first request: the libraries behind them would double the start of a server.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.module_loading import import_string

View = Callable[..., HttpResponse]


def at(address: str, view: str, name: str, *, is_for_programs: bool = False) -> URLPattern:
    """Return an address whose view ("sign_in.entry_link", or "mfa.base.views.index" of allauth) is loaded when needed.

    A program that posts has no token of a form; its address holds a signed link instead.
    """

    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return _loaded(view)(request, *args, **kwargs)

    answer.csrf_exempt = is_for_programs  # type: ignore[attr-defined]
    return path(address, answer, name=name)


@cache
def _loaded(view: str) -> View:
    package = "allauth" if ".views." in view else "regio.accounts.views"
    found: View = import_string(f"{package}.{view}")
    return found


urlpatterns: list[URLPattern] = [
    at("inloggen/", "sign_in.sign_in", name="account_login"),
    at("inloggen/", "sign_in.sign_in", name="account_request_login_code"),
    at("inloggen/code/", "sign_in.confirm_code", name="account_confirm_login_code"),
    at("inloggen/tweede-stap/", "second_step.second_step", name="mfa_authenticate"),
    at("inloggen/nieuw/", "sign_in.no_sign_up", name="account_signup"),
    at("inloggen/gesloten/", "account.views.account_inactive", name="account_inactive"),
    at("inloggen/link/<str:token>/", "sign_in.entry_link", name="entry_link"),
    at("inloggen/link/<str:token>/nieuw/", "sign_in.entry_link_again", name="entry_link_again"),
    at("uitloggen/", "account.views.logout", name="account_logout"),
    at("account/", "account.account", name="account"),
    at("account/gegevens/", "own_data.own_data_page", name="own_data_page"),
    at("account/gegevens/kopie.json", "own_data.own_data", name="own_data"),
    at("account/gegevens/kopie.pdf", "own_data.own_data_pdf", name="own_data_pdf"),
    at("account/wijzigen/", "own_data.correct", name="correct"),
    at("account/adres/<str:token>/", "own_data.new_address", name="new_address"),
    at("verzoeken/", "requests.requests", name="requests"),
    at("verzoeken/<int:number>/", "requests.request_page", name="request"),
    at("bewaartermijnen/", "retention.retention", name="retention"),
    at("bestuur/<str:board>/vertrek/", "leaving.leaving", name="leaving"),
    at("bestuur/<str:board>/vertrek/bestand/", "leaving.leaving_file", name="leaving_file"),
    at("bestuur/<str:board>/vertrek/bevestig/", "leaving.leave", name="leave"),
    at("account/toestemming/", "consents.consents", name="consents"),
    at("account/toestemming/<str:purpose>/<str:organisation>/", "consents.consent", name="consent"),
    at("account/overal-uitloggen/", "account.sign_out_everywhere", name="sign_out_everywhere"),
    at("account/tweede-stap/", "mfa.base.views.index", name="mfa_index"),
    at("account/tweede-stap/app/", "mfa.totp.views.activate_totp", name="mfa_activate_totp"),
    at("account/tweede-stap/app/uit/", "mfa.totp.views.deactivate_totp", name="mfa_deactivate_totp"),
    at("account/tweede-stap/sleutel/", "mfa.webauthn.views.add_webauthn", name="mfa_add_webauthn"),
    at("account/tweede-stap/sleutels/", "mfa.base.views.index", name="mfa_list_webauthn"),
    at("account/tweede-stap/sleutels/<int:pk>/weg/", "mfa.webauthn.views.remove_webauthn", name="mfa_remove_webauthn"),
    at(
        "account/tweede-stap/noodcodes/", "mfa.recovery_codes.views.view_recovery_codes", name="mfa_view_recovery_codes"
    ),
    at(
        "account/tweede-stap/noodcodes/nieuw/",
        "mfa.recovery_codes.views.generate_recovery_codes",
        name="mfa_generate_recovery_codes",
    ),
    at("account/nog-een-keer/", "mfa.base.views.reauthenticate", name="mfa_reauthenticate"),
    at(
        "account/nog-een-keer/sleutel/",
        "mfa.webauthn.views.reauthenticate_webauthn",
        name="mfa_reauthenticate_webauthn",
    ),
    at("account/berichten/", "messages.messages", name="messages"),
    at("berichten/uit/<str:token>/", "messages.mail_off", name="mail_off", is_for_programs=True),
    at("berichten/team/<str:token>/", "messages.team_address", name="team_address"),
    at("mensen/", "people.people", name="people"),
    at("mensen/<int:membership>/beeindig/", "people.end_role", name="end_role"),
    at("meekijken/", "support.watch", name="watch"),
    at("meekijken/stop/", "support.watch_stop", name="watch_stop"),
    at("kijk-mee/", "demo.demo", name="demo"),
    at("kijk-mee/stop/", "demo.demo_stop", name="demo_stop"),
]

if settings.PROVIDERS:
    urlpatterns += [
        at("inloggen/via/geannuleerd/", "sign_in.provider_failed", name="socialaccount_login_cancelled"),
        at("inloggen/via/mislukt/", "sign_in.provider_failed", name="socialaccount_login_error"),
        at(
            "inloggen/via/<str:provider_id>/",
            "socialaccount.providers.openid_connect.views.login",
            name="openid_connect_login",
        ),
        at(
            "inloggen/via/<str:provider_id>/terug/",
            "socialaccount.providers.openid_connect.views.callback",
            name="openid_connect_callback",
        ),
    ]
