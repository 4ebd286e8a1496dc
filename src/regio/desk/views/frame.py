"""What every public page of a desk has: its region, language, look and addresses."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from regio.accounts.viewer import viewer_of
from regio.regions.queries import RegionChoice, region_by_key

from .. import queries
from ..rules import EDITORS
from ..texts import words_in

TRY = "proef"  # in the address: as the draft would be


class Frame:
    """The region and language of a page, and the addresses of other pages of this desk in that language."""

    def __init__(self, region: RegionChoice, language: str, *, may_try: bool, tries: bool) -> None:
        self.region, self.key, self.language = region, region.key, language
        self.may_try, self.tries = may_try, may_try and tries  # drafts, for who edits them
        self.words = words_in(language)
        self.page = queries.page_of(region.key, as_draft=self.tries)
        self.texts = self.page["teksten"][language]

    @property
    def name(self) -> str:
        """The desk as the region calls it."""
        return str(self.page["naam"] or f"{self.words['of_region']} {self.region.name}")

    def address(self, name: str, **names: Any) -> str:
        """Return the address of a public page of this desk, in this language."""
        return _address(name, self.key, self.language, **names)

    def render(self, request: HttpRequest, template: str, context: dict[str, Any], *, crumb: str = "") -> HttpResponse:
        """Return a page with the words, the look and the way to the same page in the other language."""
        match = request.resolver_match
        names = {one: value for one, value in (match.kwargs if match else {}).items() if one not in ("key", "taal")}
        other = "nl" if self.language == "en" else "en"
        crumbs = [(self.name, self.address("desk")), (crumb, "")] if crumb else []
        common = {
            "frame": self, "words": self.words, "language": self.language, "key": self.key, "here": "loket", "crumbs": crumbs,
            "other_language": other, "other_address": _address(str(match.url_name if match else "desk"), self.key, other, **names),
            "desk_address": self.address("desk"), "advice_address": self.address("advice"),
            "schools_address": self.address("desk_schools"),
        }  # fmt: skip
        response = render(request, template, common | context)
        response.headers.setdefault("Referrer-Policy", "same-origin")
        return response


def _address(name: str, key: str, language: str, **names: Any) -> str:
    return reverse(name, kwargs={"key": key, **({"taal": "en"} if language == "en" else {}), **names})


def of_a_desk(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give a view the frame of its region and language; a region that does not exist has no desk."""

    @wraps(view)
    def answer(request: HttpRequest, key: str, taal: str | None = None, **names: Any) -> HttpResponse:
        region = region_by_key(key)
        if region is None:
            raise Http404(f"De regio {key} bestaat hier niet.")
        may_try = EDITORS.may(viewer_of(request), {"key": key})
        return view(request, Frame(region, taal or "nl", may_try=may_try, tries=TRY in request.GET), **names)

    return answer
