"""The API as a whole: its description (OpenAPI 3.1) and its answers to what goes wrong."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema

from akkoord import __version__
from akkoord.api.endpoints import router
from akkoord.api.problems import MEDIA_TYPE, Wrong, of_fields, of_wrong, problem

ABOUT = """Consent for other systems. A key can always say no for somebody, and never yes.

Errors are problem details (RFC 9457): a sentence in Dutch or English (`Accept-Language`) and a
`reason` that does not change. No cookies. Send JSON."""


class Service(NinjaAPI):
    """The API, with refusals described as what they are."""

    def get_openapi_schema(self, *arguments: Any, **named: Any) -> OpenAPISchema:
        """The description; a refusal has its own media type."""
        schema = super().get_openapi_schema(*arguments, **named)
        for operations in schema["paths"].values():
            for operation in operations.values():
                for status, answer in operation["responses"].items():
                    if int(status) >= 400 and "content" in answer:
                        answer["content"] = {MEDIA_TYPE: next(iter(answer["content"].values()))}
        return schema


service = Service(
    title="Akkoord",
    version="1",
    description=f"{ABOUT}\n\nAkkoord {__version__}.",
    urls_namespace="api",
    docs_url=None,
    openapi_url="openapi.json",
)
service.add_router("", router)


@service.exception_handler(Wrong)
def _wrong(request: HttpRequest, raised: Wrong) -> HttpResponse:
    return of_wrong(request, raised)


@service.exception_handler(ValidationError)
def _fields(request: HttpRequest, raised: ValidationError) -> HttpResponse:
    return of_fields(request, raised)


@service.exception_handler(HttpError)
def _unreadable(_request: HttpRequest, raised: HttpError) -> HttpResponse:
    return problem(status=raised.status_code, reason="unreadable")


@service.exception_handler(Http404)
def _nothing(_request: HttpRequest, _raised: Http404) -> HttpResponse:
    return problem(status=404, reason="not-found")
