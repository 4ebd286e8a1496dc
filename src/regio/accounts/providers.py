"""Signing in with the account of a school or institute: OpenID Connect providers such as SURFconext and Entree offer.

Claims are mapped by the settings of the provider: which claim is the mail, which the organisation, which says that a
second step was asked. Only people who were invited come in. Of the claims nothing is kept but the provider's own number.
"""

from collections.abc import Mapping
from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest
from django.shortcuts import render
from django.utils import timezone

from .models import Person
from .second_factor import mark
from .viewer import roles_of

UNKNOWN = "onbekend"
NO_MAIL = "geen_adres"
WRONG_ORGANISATION = "andere_organisatie"


class ProviderAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Lets a person in whom the provider vouches for and who was invited."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Nobody signs up: people come by invitation."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Find the person behind the claims; refuse in plain words where there is none."""
        provider = sociallogin.provider.app.settings
        claims = claims_of(sociallogin.account.extra_data)
        _keep_nothing_of(sociallogin.account)
        person = sociallogin.user if sociallogin.is_existing else _person_of(claims, provider)
        reason = _why_not(person, claims, provider)
        if reason or person is None:
            raise ImmediateHttpResponse(
                render(request, "account/refused.html", {"reason": reason, "here": "inloggen"}, status=403)
            )
        if shows_second_step(claims, provider):
            request.second_step_at_provider = True  # type: ignore[attr-defined]
            mark(request, person, "provider")
        if not sociallogin.is_existing:
            sociallogin.connect(request, person)


def _keep_nothing_of(account: Any) -> None:
    account.extra_data = {}
    if account.pk:  # allauth already wrote the claims of somebody who came before
        account.save(update_fields=["extra_data"])


def claims_of(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the provider says, the signed token last: where both speak, the token counts."""
    return {**data.get("userinfo", {}), **data.get("id_token", {})}


def _person_of(claims: Mapping[str, Any], provider: Mapping[str, Any]) -> Person | None:
    """Return the invited person with this mail address, where the provider vouches for the address."""
    address = str(first_of(claims.get(provider["email_claim"])) or "").strip().lower()
    is_vouched_for = provider["vouches_for_email"] or claims.get("email_verified") is True
    return Person.objects.filter(email=address, is_active=True).first() if address and is_vouched_for else None


def _why_not(person: Person | None, claims: Mapping[str, Any], provider: Mapping[str, Any]) -> str:
    """Return why somebody does not come in, "" where they do."""
    if not claims.get(provider["email_claim"]) and person is None:
        return NO_MAIL
    if person is None or not person.is_active:
        return UNKNOWN
    if provider["organisation_claim"] and not _works_there(person, claims, provider):
        return WRONG_ORGANISATION
    return ""


def _works_there(person: Person, claims: Mapping[str, Any], provider: Mapping[str, Any]) -> bool:
    """Tell whether the person has a role for the organisation that the provider names."""
    named = provider["organisations"].get(first_of(claims.get(provider["organisation_claim"])))
    held = roles_of(person.pk, timezone.localdate())
    return named is not None and any(one.organisation == named for one in held)


def shows_second_step(claims: Mapping[str, Any], provider: Mapping[str, Any]) -> bool:
    """Tell whether the provider says that it asked a second step (`acr` or `amr`, as its settings name)."""
    wanted = provider["second_factor"]
    if not wanted.get("claim"):
        return False
    given = claims.get(wanted["claim"], [])
    listed = given if isinstance(given, list) else [given]
    return bool(set(map(str, listed)) & set(map(str, wanted.get("values", []))))


def first_of(value: Any) -> Any:
    """Return a claim that some providers send as a list."""
    return value[0] if isinstance(value, list) and value else value
