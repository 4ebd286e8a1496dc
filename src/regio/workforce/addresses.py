"""Addresses of the pages beside an outlook: they keep its sector and the run that was asked for."""

from django.urls import reverse

from .enums import ScopeKind
from .outlook import Outlook


def asked_address(page: Outlook, name: str, *more: str) -> str:
    """Return the address of a page of this region, for its sector and the run that was asked for."""
    run = f"&prognose={page.run.pk}" if page.is_asked_run else ""
    return f"{reverse(name, args=[page.region.key, *more])}?sector={page.sector}{run}"


def drivers_address(page: Outlook) -> str:
    """Return the address of what drives the shortage of the scope of this outlook."""
    if page.scope.kind == ScopeKind.REGION:
        return asked_address(page, "drivers")
    return asked_address(page, "part_drivers", page.scope.kind, page.scope.code)
