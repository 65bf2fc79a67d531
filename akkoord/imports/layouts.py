"""Layouts of files that we know: which column means what.

A column that is no evidence and has no admitted entry in the field catalogue is dropped and
reported (INV-31). Found by its header, or named.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What a file says of the people in it."""

    SUBSCRIBED = "subscribed"
    UNSUBSCRIBED = "unsubscribed"
    CLEANED = "cleaned"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Layout:
    """Names of columns (lower case) by what they mean."""

    name: str
    email: tuple[str, ...]
    fields: Mapping[str, tuple[str, ...]]  # catalogue key -> header names
    evidence: Mapping[str, str] = field(default_factory=dict)  # role -> header name
    markers: tuple[str, ...] = ()  # columns that give the layout away


MAILCHIMP = Layout(
    name="mailchimp",
    email=("email address", "e-mailadres", "email"),
    fields={
        "first_name": ("first name", "voornaam"),
        "last_name": ("last name", "achternaam"),
        "language": ("language", "taal"),
    },
    evidence={
        "optin_time": "optin_time",
        "optin_ip": "optin_ip",
        "confirm_time": "confirm_time",
        "confirm_ip": "confirm_ip",
        "stopped_time": "unsub_time",
        "stopped_reason": "unsub_reason",
        "cleaned_time": "clean_time",
    },
    markers=("optin_time", "confirm_time", "leid"),
)
PLAIN = Layout(
    name="plain",
    email=("email", "e-mail", "e-mailadres", "emailadres", "email address", "mail"),
    fields={
        "first_name": ("first name", "first_name", "voornaam", "roepnaam"),
        "last_name": ("last name", "last_name", "achternaam", "naam", "name"),
        "language": ("language", "taal"),
    },
)
LAYOUTS = {layout.name: layout for layout in (MAILCHIMP, PLAIN)}


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each thing stands in the file's rows; None where it does not."""

    email: int
    first_name: int | None
    last_name: int | None
    language: int | None
    evidence: Mapping[str, int]
    kind: Kind
    dropped: tuple[str, ...]


def layout_of(header: Sequence[str], wanted: str = "auto") -> Layout:
    """The layout by name, or the one that the header gives away."""
    if wanted != "auto":
        return LAYOUTS[wanted]
    names = {name.lower() for name in header}
    return MAILCHIMP if all(marker in names for marker in MAILCHIMP.markers) else PLAIN


def columns_of(layout: Layout, header: Sequence[str], allowed: frozenset[str]) -> Columns | None:
    """Find the columns; fields that are not in `allowed` are dropped. None without an address."""
    places = {name.lower(): place for place, name in enumerate(header)}
    email = next((places[name] for name in layout.email if name in places), None)
    if email is None:
        return None
    found: dict[str, int | None] = {}
    for key, names in layout.fields.items():
        place = next((places[name] for name in names if name in places), None)
        found[key] = place if key in allowed else None
    evidence = {role: places[name] for role, name in layout.evidence.items() if name in places}
    used = {email, *found.values(), *evidence.values()}
    return Columns(
        email=email,
        first_name=found.get("first_name"),
        last_name=found.get("last_name"),
        language=found.get("language"),
        evidence=evidence,
        kind=_kind(layout, evidence),
        dropped=tuple(name for place, name in enumerate(header) if place not in used),
    )


def _kind(layout: Layout, evidence: Mapping[str, int]) -> Kind:
    if layout is not MAILCHIMP:
        return Kind.PLAIN
    if "stopped_time" in evidence:
        return Kind.UNSUBSCRIBED
    return Kind.CLEANED if "cleaned_time" in evidence else Kind.SUBSCRIBED
