"""What an answer says when something is refused: problem details (RFC 9457), in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Schema

MEDIA_TYPE = "application/problem+json"

_TITLES = {
    400: gettext_noop("This request cannot be read"),
    401: gettext_noop("No key that works"),
    403: gettext_noop("Not for this key"),
    404: gettext_noop("There is nothing at this address"),
    405: gettext_noop("This cannot be asked here"),
    415: gettext_noop("Send JSON"),
    422: gettext_noop("Something in this request is not right"),
    429: gettext_noop("Too many requests"),
    500: gettext_noop("Something went wrong at our side"),
}
_FIELD_SENTENCES = {
    "missing": gettext_noop("This field is missing."),
    "extra_forbidden": gettext_noop("This field does not exist here."),
    "string_too_short": gettext_noop("This field is empty."),
    "string_too_long": gettext_noop("This text is too long."),
    "too_short": gettext_noop("Name at least one."),
    "too_long": gettext_noop("These are too many."),
}


class FieldError(Schema):
    """One field that is not right, and why."""

    field: str
    message: str


class Problem(Schema):
    """A refusal: a sentence, and a code that does not change."""

    type: str
    title: str
    status: int
    detail: str
    reason: str
    errors: list[FieldError] = []


@dataclass(frozen=True, slots=True)
class Wrong(Exception):
    """Something to answer as a problem."""

    status: int
    reason: str
    detail: str
    field: str = ""


def problem(
    *,
    status: int,
    reason: str,
    detail: str = "",
    errors: Iterable[dict[str, str]] = (),
) -> HttpResponse:
    """The answer; its type leads to the description of its reason."""
    title = _(_TITLES.get(status, HTTPStatus(status).phrase))
    response = JsonResponse(
        {
            "type": f"{reverse('api_docs')}#{reason}",
            "title": title,
            "status": status,
            "detail": detail or title,
            "reason": reason,
            "errors": list(errors),
        },
        status=status,
    )
    response["Content-Type"] = MEDIA_TYPE
    response["Cache-Control"] = "no-store"
    return response


def of_wrong(_request: HttpRequest, wrong: Wrong) -> HttpResponse:
    """A refusal of an end-point."""
    errors = [{"field": wrong.field, "message": wrong.detail}] if wrong.field else []
    response = problem(status=wrong.status, reason=wrong.reason, detail=wrong.detail, errors=errors)
    if wrong.status == HTTPStatus.TOO_MANY_REQUESTS:
        response["Retry-After"] = "60"
    if wrong.status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = "Bearer"
    return response


def of_fields(_request: HttpRequest, raised: Any) -> HttpResponse:
    """What pydantic found, in our words; what was sent is not repeated."""
    errors = [
        {"field": _place(each["loc"]), "message": _(_FIELD_SENTENCES.get(each["type"], _OTHER))}
        for each in raised.errors
    ]
    return problem(status=422, reason="bad-field", errors=errors)


_OTHER = gettext_noop("This value cannot be used here.")


def _place(steps: Iterable[Any]) -> str:
    """Where a field stands, without the first words that the framework puts before it."""
    names = [str(step) for step in steps if step not in ("body", "query", "path", "data")]
    return ".".join(names[1:] if len(names) > 1 and names[0] == "payload" else names)
