"""Logs that hold nobody's data: lines of JSON on stderr.

Our own lines say what happened with identifiers and numbers. Lines of libraries are kept as the
*pattern* that the library wrote, without the values that it filled in, and an error as its kind
and its place, without its text: a database error, for one, quotes the row. What still looks like
an address, a number, a token or a query is masked.
"""

import logging
import re
import traceback
from types import TracebackType
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger

MASKS = (
    (re.compile(r"[^\s@\"'<>=(]+@[^\s@\"'<>),;]+"), "<address>"),
    (re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b"), "<ip>"),
    (
        re.compile(r"(?<![\w:])(?:[0-9a-f]{1,4}:){2,7}[0-9a-f:]*[0-9a-f](?![\w:])", re.IGNORECASE),
        "<ip>",
    ),
    (re.compile(r"\?[^\s\"']+"), "?<query>"),
    (re.compile(r"/(b|u|v|f|waarom|voorkeuren|begin|key|hooks)/[^\s\"']+"), r"/\1/<path>"),
    (re.compile(r"(?<!\d)(?:\+|00)?\d[\d \-()]{8,}\d(?!\d)"), "<number>"),
    (re.compile(r"\b[A-Za-z0-9_\-]{40,}\b"), "<token>"),
)
UUID = re.compile(r"\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b", re.IGNORECASE)
_OWN = {"event", "level", "logger", "timestamp", "error"}


def mask(text: str) -> str:
    """The text without what looks like somebody's data; our own identifiers stay."""
    kept: list[str] = []

    def put_aside(match: re.Match[str]) -> str:
        kept.append(match.group())
        return f"\x00{len(kept) - 1}\x00"

    text = UUID.sub(put_aside, text)
    for pattern, instead in MASKS:
        text = pattern.sub(instead, text)
    return re.sub(r"\x00(\d+)\x00", lambda match: kept[int(match.group(1))], text)


def place_of_error(
    kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
) -> dict[str, Any]:
    """An error as its kind, its SQL state when it has one, and where; never its text."""
    frames = traceback.extract_tb(trace)[-12:]
    place = [
        f"{each.filename.rpartition('akkoord/')[2]}:{each.lineno} {each.name}" for each in frames
    ]
    found: dict[str, Any] = {"kind": kind.__name__ if kind else "", "at": place}
    cause = error.__cause__ if error else None
    state = getattr(error, "sqlstate", None) or getattr(cause, "sqlstate", None)
    if state:
        found["sqlstate"] = state
    constraint = getattr(getattr(cause or error, "diag", None), "constraint_name", None)
    if constraint:
        found["constraint"] = constraint
    return found


def only_the_pattern(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """A library's line as the pattern it was made from, and its error as a place."""
    record: logging.LogRecord | None = event.get("_record")
    if record is not None:
        event["event"] = str(record.msg)
        if record.exc_info and record.exc_info[0]:
            event["error"] = place_of_error(*record.exc_info)
        status = getattr(record, "status_code", None)
        if isinstance(status, int):
            event["status"] = status
        record.exc_info = record.exc_text = None
        event.pop("exc_info", None)
    return event


def error_as_place(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Our own line's error as a place."""
    raised = event.pop("exc_info", None)
    if isinstance(raised, BaseException):
        event["error"] = place_of_error(type(raised), raised, raised.__traceback__)
    elif isinstance(raised, tuple) and raised[0]:
        event["error"] = place_of_error(*raised)
    elif raised:
        import sys

        event["error"] = place_of_error(*sys.exc_info())
    event.pop("stack_info", None)
    return event


def mask_all(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Mask every text in a line."""
    for name, value in event.items():
        if name not in ("timestamp", "level", "logger", "_record", "_from_structlog", "error"):
            event[name] = mask(value) if isinstance(value, str) else value
    return event


_shared: list[structlog.typing.Processor] = [
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]

structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        *_shared,
        error_as_place,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
    cache_logger_on_first_use=True,
)

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": structlog.stdlib.ProcessorFormatter,
            "foreign_pre_chain": [*_shared, only_the_pattern],
            "processors": [
                error_as_place,
                mask_all,
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
            "keep_exc_info": False,
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "akkoord": {"level": "INFO"},
        # 404s and refused requests are no news, and their lines are addresses.
        "django": {"handlers": [], "level": "ERROR", "propagate": True},
        "django.security": {"handlers": [], "level": "ERROR", "propagate": True},
        "django.server": {"handlers": [], "level": "ERROR", "propagate": True},
        # Log-in names and addresses; what matters is in the trail.
        "axes": {"handlers": [], "level": "CRITICAL", "propagate": True},
        "allauth": {"handlers": [], "level": "ERROR", "propagate": True},
        "procrastinate": {"handlers": [], "level": "WARNING", "propagate": True},
        "psycopg": {"handlers": [], "level": "ERROR", "propagate": True},
    },
}
