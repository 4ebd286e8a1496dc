"""Addresses for who keeps the installation running: health, version, where to report a weakness."""

from datetime import UTC, timedelta
from functools import lru_cache
from hmac import compare_digest
from importlib.resources import files
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from regio.accounts.enums import Role
from regio.accounts.viewer import viewer_of

from . import health

CONTACT_HOLDS_FOR = timedelta(days=180)


@require_safe
@never_cache
def health_page(request: HttpRequest) -> JsonResponse:
    """Say how the installation is; only who keeps it running reads why."""
    parts = health.look(now=timezone.now())
    status = health.worst(parts)
    told: dict[str, object] = {"status": status}
    if _keeps_it_running(request):
        told["onderdelen"] = {name: {"status": part.status, "uitleg": part.words} for name, part in parts.items()}
    return JsonResponse(told, status=503 if status == health.BROKEN else 200, json_dumps_params={"ensure_ascii": False})


def _keeps_it_running(request: HttpRequest) -> bool:
    """Tell whether this is a monitor with the token of the installation, or somebody of support."""
    token = settings.HEALTH_TOKEN
    shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token and compare_digest(shown.encode(), token.encode()):
        return True
    return viewer_of(request).has(Role.SUPPORT)


@require_safe
def version(request: HttpRequest) -> JsonResponse:
    """Say which version runs here, and the commit where it is known."""
    return JsonResponse({"versie": product_version(), "commit": commit() or None})


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Say where a weakness can be reported (RFC 9116); not there without a contact."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    until = (timezone.now() + CONTACT_HOLDS_FOR).astimezone(UTC)
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {until:%Y-%m-%dT00:00:00Z}",
        "Preferred-Languages: nl, en",
        f"Canonical: {request.build_absolute_uri(request.path)}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@lru_cache(maxsize=1)
def product_version() -> str:
    """Return the version of the product."""
    return files("regio").joinpath("version.txt").read_text(encoding="utf-8").strip()


@lru_cache(maxsize=1)
def commit() -> str:
    """Return the commit of this checkout: told at set-up, or read from git's own files; "" where neither is there."""
    return settings.COMMIT or _commit_of(settings.CHECKOUT / ".git")


def _commit_of(folder: Path) -> str:
    try:
        head = (folder / "HEAD").read_text(encoding="utf-8").strip()
        name = head.removeprefix("ref: ")
        if name == head:
            return head
        if (folder / name).exists():
            return (folder / name).read_text(encoding="utf-8").strip()
        packed = (folder / "packed-refs").read_text(encoding="utf-8").splitlines()
        return next((line.split()[0] for line in packed if line.endswith(" " + name)), "")
    except OSError:
        return ""


commit()  # what runs now, also when the checkout is brought up to date under a running server
