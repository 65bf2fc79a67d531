"""The API's description (OpenAPI) as plain rows for a page."""

from dataclasses import dataclass
from typing import Any

from akkoord.api.service import service

_BOTH = ("post", "put", "patch")


@dataclass(frozen=True, slots=True)
class Field:
    """A field that is sent or answered."""

    name: str
    kind: str
    is_required: bool
    about: str


@dataclass(frozen=True, slots=True)
class EndPoint:
    """One thing that can be asked."""

    method: str
    path: str
    anchor: str
    title: str
    about: str
    needs_key: bool
    sent: tuple[Field, ...]
    answered: tuple[Field, ...]
    statuses: tuple[str, ...]


def end_points() -> list[EndPoint]:
    """Every end-point, in the order in which they are written."""
    schema = service.get_openapi_schema()
    return [
        _end_point(method, path, operation, schema["components"]["schemas"])
        for path, operations in schema["paths"].items()
        for method, operation in operations.items()
    ]


def _end_point(
    method: str, path: str, operation: dict[str, Any], shapes: dict[str, Any]
) -> EndPoint:
    body = operation.get("requestBody", {}).get("content", {})
    answers = operation["responses"]
    good = next(each for each in answers if int(each) < 300)
    return EndPoint(
        method=method.upper(),
        path=path,
        anchor=operation["operationId"],
        title=operation.get("summary", ""),
        about=operation.get("description", ""),
        needs_key=bool(operation.get("security")),
        sent=tuple(_parameter(each) for each in operation.get("parameters", ()))
        + tuple(each for media in body.values() for each in _fields(media["schema"], shapes)),
        answered=tuple(
            each
            for media in answers[good].get("content", {}).values()
            for each in _fields(media["schema"], shapes)
        ),
        statuses=tuple(str(each) for each in answers),
    )


def _parameter(each: dict[str, Any]) -> Field:
    return Field(each["name"], _kind(each["schema"]), each["required"], "")


def _fields(schema: dict[str, Any], shapes: dict[str, Any]) -> tuple[Field, ...]:
    schema = schema.get("items", schema)
    shape = shapes[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    needed = shape.get("required", ())
    return tuple(
        Field(name, _kind(each), name in needed, each.get("description", ""))
        for name, each in shape.get("properties", {}).items()
    )


def _kind(each: dict[str, Any]) -> str:
    """What a value is, in a few words that programmers know."""
    if "enum" in each:
        return " | ".join(f'"{value}"' for value in each["enum"])
    if "const" in each:
        return str(each["const"]).lower()
    if "anyOf" in each:
        return " | ".join(_kind(part) for part in each["anyOf"])
    if each.get("type") == "array":
        return f"{_kind(each['items'])}[]"
    return str(each.get("type", "object"))
