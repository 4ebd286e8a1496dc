"""The log: one JSON object per line with the number of the request, and nothing about a person.

Left out on purpose: addresses of pages with what was asked (names of routes instead), texts of exceptions (their kind and
place instead), what others' libraries fill into their messages, and everything that looks like an e-mail address.
"""

import json
import logging
import re
import time
import traceback
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse

MAIL_ADDRESS = re.compile(r"[^\s@<>\"']+@[^\s@<>\"']+")
QUESTION = re.compile(r"\?\S+")
OWN = "regio"
LOG = logging.getLogger("regio.request")

request_number: ContextVar[str] = ContextVar("request_number", default="")


def with_number(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Give each request a number, tell it in the answer, and write one line about it."""

    def answer(request: HttpRequest) -> HttpResponse:
        request.request_id = uuid4().hex  # type: ignore[attr-defined]
        token, started = request_number.set(request.request_id), time.monotonic()  # type: ignore[attr-defined]
        try:
            response = get_response(request)
            response["X-Request-ID"] = request.request_id  # type: ignore[attr-defined]
            response["Reporting-Endpoints"] = 'meldingen="/csp-melding"'
            LOG.info("request", extra={"facts": _facts(request, response, started)})
            return response
        finally:
            request_number.reset(token)

    return answer


def _facts(request: HttpRequest, response: HttpResponse, started: float) -> dict[str, Any]:
    took = round(1000 * (time.monotonic() - started))
    return {"method": request.method, "page": page_of(request), "status": response.status_code, "took_ms": took}


def page_of(request: HttpRequest) -> str:
    """Return the name of the page, never its address: that may hold a link that lets somebody in."""
    match = request.resolver_match
    return (match.view_name or match.route) if match else ""


class JsonLines(logging.Formatter):
    """Writes a record as one JSON object on one line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _message(record),
        }
        request = getattr(record, "request", None)
        if number := getattr(request, "request_id", "") or request_number.get():
            line["request_id"] = number
        if isinstance(request, HttpRequest):
            line["page"] = page_of(request)
        if status := getattr(record, "status_code", None):
            line["status"] = status
        line |= getattr(record, "facts", {})
        if record.exc_info and record.exc_info[0]:
            line |= _trouble(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def _message(record: logging.LogRecord) -> str:
    """Return the text; of a library only what it says every time, not what it filled in."""
    is_ours = record.name == OWN or record.name.startswith(OWN + ".")
    text = record.getMessage() if is_ours or not record.args else str(record.msg)
    return QUESTION.sub("?…", MAIL_ADDRESS.sub("…@…", text))[:1000]


def _trouble(exc_info: Any) -> dict[str, Any]:
    frames = traceback.extract_tb(exc_info[2])
    where = [f"{frame.filename.rsplit('/src/', 1)[-1]}:{frame.lineno} {frame.name}" for frame in frames[-12:]]
    return {"exception": exc_info[0].__name__, "where": where}


def log_settings(*, as_json: bool) -> dict[str, Any]:
    """Return Django's LOGGING: JSON for a server, sentences for the open installation on one computer."""
    handler: dict[str, Any] = {"class": "logging.StreamHandler"}
    if as_json:
        handler["formatter"] = "json"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": JsonLines}},
        "handlers": {"console": handler},
        "root": {"handlers": ["console"], "level": "WARNING"},
        "loggers": {
            "regio.request": {"level": "INFO" if as_json else "WARNING"},
            # Django's own loggers have handlers of their own; everything goes through ours.
            "django": {"handlers": [], "level": "WARNING", "propagate": True},
            "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
        },
    }
