"""Answers that Django leaves empty: what an address does not do gets a page that says so."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render

OF_NO_PAGE = ("PUT", "PATCH", "DELETE")  # an API would have addresses of its own
Answer = Callable[[HttpRequest], HttpResponse]


def say_what_is_not_done(get_response: Answer) -> Answer:
    """Give an empty 405 its page; what no page does is refused before a form's key is asked for."""

    def answer(request: HttpRequest) -> HttpResponse:
        refused = request.method in OF_NO_PAGE
        response = HttpResponseNotAllowed(("GET", "HEAD", "POST")) if refused else get_response(request)
        if response.status_code != 405 or response.content:
            return response
        page = render(request, "405.html", status=405)
        page["Allow"] = response["Allow"]
        return page

    return answer
