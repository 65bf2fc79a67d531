"""What a layout is, and how the columns of a file are found by it.

A column that is no evidence and has no admitted entry in the field catalogue is dropped and
reported (INV-31). The layouts themselves stand in `known_layouts`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from enum import StrEnum

FIELDS = ("email", "first_name", "last_name", "language")
"""What a column may be, beside evidence: keys of the field catalogue."""

POSTAL = ("street", "house_number", "postcode", "city", "country")
"""The parts of a postal address."""

OWN = "own:"
"""A column of an own field: this, and the key of the field."""

EVIDENCE = (
    *("optin_time", "optin_ip", "confirm_time", "confirm_ip", "time", "source_url"),
    *("opt_in", "double_opt_in", "box", "legal_basis", "status", "stopped"),
    *("stopped_time", "stopped_reason", "cleaned", "cleaned_time"),
)
"""What a column may prove, or take back."""


class Kind(StrEnum):
    """What a file says of the people in it."""

    SUBSCRIBED = "subscribed"
    UNSUBSCRIBED = "unsubscribed"
    CLEANED = "cleaned"
    PLAIN = "plain"


class Proof(StrEnum):
    """By which rule of `law.import_rules` a row of this layout is judged."""

    SIGN_UP = "sign-up"  # times with the address that the act came from
    DOUBLE_OPT_IN = "double-opt-in"  # a mark that only a click sets
    BOX = "box"  # a box at the checkout, with the time of the order
    FORM = "form"  # a form filled in, with its basis
    TIMED = "timed"  # one column with the time of the act, as staff say


@dataclass(frozen=True, slots=True)
class Layout:
    """Names of columns (lower case) by what they mean; the first that is there counts."""

    name: str
    email: tuple[str, ...]
    fields: Mapping[str, tuple[str, ...]]  # catalogue key -> header names
    title: str = ""
    evidence: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # role -> header names
    markers: tuple[tuple[str, ...], ...] = ()  # sets of columns that give the layout away
    traces: tuple[tuple[str, ...], ...] = ()  # what still points to it when none is given away
    proof: Proof = Proof.SIGN_UP
    zone: tzinfo = UTC
    kinds: Mapping[str, Kind] = field(default_factory=dict)  # a column that says what the file is

    def is_given_away_by(self, names: frozenset[str]) -> bool:
        """Whether these columns are those of this layout."""
        return any(names.issuperset(each) for each in self.markers)

    def is_pointed_to_by(self, names: frozenset[str]) -> bool:
        """Whether these columns are left of this layout, in an export that was shortened."""
        return any(names.issuperset(each) for each in self.traces)


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
    proof: Proof = Proof.SIGN_UP
    zone: tzinfo = UTC
    besides: Mapping[str, int] = field(default_factory=dict)  # other fields, by what they mean

    def fields(self) -> list[str]:
        """What comes in besides evidence: roles, never the name of a column."""
        named = {
            "email": self.email,
            "first_name": self.first_name,
            "last_name": self.last_name,
            "language": self.language,
        }
        return sorted({key for key, place in named.items() if place is not None} | {*self.besides})

    def free_texts(self) -> dict[str, int]:
        """The columns in which anything can stand and that come in, by what they mean."""
        named = {"first_name": self.first_name, "last_name": self.last_name}
        found = {key: place for key, place in named.items() if place is not None}
        return found | dict(self.besides)


def roles_of(
    layout: Layout, header: Sequence[str], besides: Mapping[str, tuple[str, ...]] | None = None
) -> dict[str, int]:
    """What each column means by its name: role -> place.

    `besides`: what other fields are called.
    """
    places = {name.lower(): place for place, name in reversed(list(enumerate(header)))}
    wanted = {"email": layout.email, **layout.fields, **layout.evidence, **(besides or {})}
    found: dict[str, int] = {}
    for role, names in wanted.items():
        place = next((places[name] for name in names if name in places), None)
        if place is not None and place not in found.values():
            found[role] = place
    return found


def columns_by(
    roles: Mapping[str, int], layout: Layout, header: Sequence[str], allowed: frozenset[str]
) -> Columns | None:
    """The columns by their roles; fields that are not in `allowed` are dropped.

    None without an address.
    """
    if "email" not in roles:
        return None
    kept = {
        role: place
        for role, place in roles.items()
        if role == "email" or role in EVIDENCE or role in allowed
    }
    names = {name.lower() for name in header}
    kind = next((kind for name, kind in layout.kinds.items() if name in names), Kind.PLAIN)
    used = set(kept.values())
    return Columns(
        email=kept["email"],
        first_name=kept.get("first_name"),
        last_name=kept.get("last_name"),
        language=kept.get("language"),
        evidence={role: place for role, place in kept.items() if role in EVIDENCE},
        kind=kind,
        dropped=tuple(name for place, name in enumerate(header) if place not in used),
        proof=_proof_of(kept, layout),
        zone=layout.zone,
        besides={
            role: place for role, place in kept.items() if role.startswith(OWN) or role in POSTAL
        },
    )


def _proof_of(roles: Mapping[str, int], layout: Layout) -> Proof:
    """By which rule rows are judged; of a layout that we do not know, the columns say it."""
    if layout.proof is not Proof.TIMED:
        return layout.proof
    telling = {
        "double_opt_in": Proof.DOUBLE_OPT_IN,
        "box": Proof.BOX,
        "legal_basis": Proof.FORM,
        "optin_time": Proof.SIGN_UP,
        "confirm_time": Proof.SIGN_UP,
    }
    return next((proof for role, proof in telling.items() if role in roles), Proof.TIMED)


def columns_of(layout: Layout, header: Sequence[str], allowed: frozenset[str]) -> Columns | None:
    """The columns by the names that the layout knows. None without an address."""
    return columns_by(roles_of(layout, header), layout, header, allowed)
