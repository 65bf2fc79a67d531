"""The words for permission: states, channels, bases, methods and who acted.

Stored values: a word is never renamed. How a series of events makes today's standing is in
`standings`.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from akkoord.law.reasons import Reason


class PermissionState(StrEnum):
    """The state that an event brings (ISO/IEC TS 27560 event state)."""

    REQUESTED = "requested"
    GIVEN = "given"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    OBJECTED = "objected"
    EXPIRED = "expired"
    INVALIDATED = "invalidated"


class Channel(StrEnum):
    """A way to reach somebody. Permission for one never covers another (INV-12)."""

    EMAIL = "email"
    PUSH = "push"
    POST = "post"
    SMS = "sms"
    PHONE = "phone"


class Basis(StrEnum):
    """What a permission rests on: art. 6(1) AVG, or an exception of art. 11.7 Tw."""

    CONSENT = "consent"
    EXISTING_CUSTOMER = "existing-customer"
    CONTRACT = "contract"
    LEGAL_OBLIGATION = "legal-obligation"
    VITAL_INTEREST = "vital-interest"
    PUBLIC_TASK = "public-task"
    LEGITIMATE_INTEREST = "legitimate-interest"
    PUBLISHED_ADDRESS = "published-address"


class Method(StrEnum):
    """How we came to know of the act."""

    WEB_FORM = "web-form"
    CONFIRMATION = "confirmation"
    ONE_CLICK = "one-click"
    LETTER_CODE = "letter-code"  # typed from paper; it can only stop
    PREFERENCE_CENTRE = "preference-centre"
    BROWSER = "browser"
    PARENT = "parent"  # a parent's own link, which can only stop
    MAILTO = "mailto"
    REPLY = "reply"
    COMPLAINT = "complaint"  # "this is spam", told by their mail provider
    IMPORT = "import"
    PAPER = "paper"
    COUNTER = "counter"
    CHECKOUT = "checkout"
    PHONE = "phone"
    STAFF = "staff"
    API = "api"
    SYSTEM = "system"


class ActorKind(StrEnum):
    """Who brought the event in."""

    PERSON = "person"
    STAFF = "staff"
    IMPORT = "import"
    SYSTEM = "system"


LIVE_STATES = frozenset({PermissionState.GIVEN, PermissionState.CONFIRMED})
"""States that let messages leave. `requested` never does (INV-13)."""

STOP_STATES = frozenset(
    {PermissionState.OBJECTED, PermissionState.WITHDRAWN, PermissionState.REFUSED}
)
"""The person said no; only their own later act lifts it (INV-5)."""

ELECTRONIC_CHANNELS = frozenset({Channel.EMAIL, Channel.PUSH, Channel.SMS})
"""Channels under the electronic messages rule of art. 11.7 Tw."""

SENDABLE_STATES: Mapping[Basis, frozenset[PermissionState]] = MappingProxyType(
    {
        # A grant that must still be confirmed is folded to `requested`, see standings.fold.
        Basis.CONSENT: LIVE_STATES,
        **{
            basis: frozenset({PermissionState.GIVEN})
            for basis in Basis
            if basis is not Basis.CONSENT
        },
    }
)
"""Per basis, the states of a standing under which a message may leave."""

ALWAYS_CONFIRMED = frozenset({Method.WEB_FORM})
"""Methods whose grant always asks confirmation: anybody can type any address (INV-13)."""

MAY_BE_SINGLE = frozenset(
    {
        Method.CHECKOUT,
        Method.COUNTER,
        Method.PAPER,
        Method.IMPORT,
        Method.CONFIRMATION,
        Method.PREFERENCE_CENTRE,
        Method.BROWSER,
    }
)
"""Methods whose grant may stand without confirmation (INV-13): a checkout, a tablet, a paper;
the preference centre, which was opened from the person's own mailbox; the browser itself, which
asked once more and made an address that nobody else can give; and an import, which tells of an act
long past (its evidence is judged by `import_rules`)."""


def demands_confirmation(method: Method, *, chosen: bool | None = None) -> bool:
    """Whether a consent by this method must be confirmed before anything is sent (INV-13).

    Web forms always, whatever was chosen. Else the collection point's choice; with none made,
    checkout, tablet, paper and the preference centre are single and the rest is confirmed.
    """
    if method in ALWAYS_CONFIRMED:
        return True
    if chosen is None:
        return method not in MAY_BE_SINGLE
    return chosen


STATE_REASONS: Mapping[PermissionState, Reason] = MappingProxyType(
    {
        PermissionState.REQUESTED: Reason.AWAITING_CONFIRMATION,
        PermissionState.REFUSED: Reason.REFUSED,
        PermissionState.WITHDRAWN: Reason.WITHDRAWN,
        PermissionState.OBJECTED: Reason.OBJECTED,
        PermissionState.EXPIRED: Reason.EXPIRED,
        PermissionState.INVALIDATED: Reason.INVALIDATED,
    }
)
"""Why a standing in this state lets nothing leave."""

_OWN_METHODS = frozenset(
    {
        Method.WEB_FORM,
        Method.CONFIRMATION,
        Method.PREFERENCE_CENTRE,
        Method.BROWSER,
        Method.CHECKOUT,
        Method.COUNTER,
        Method.PAPER,
        Method.MAILTO,
        Method.REPLY,
    }
)
_STAFF_CARRIES = frozenset({Method.PAPER, Method.COUNTER})


def is_own_act(actor: ActorKind, method: Method) -> bool:
    """Whether it is the person's own fresh act, which alone can lift a no (INV-5).

    A paper or a tablet at the counter stays their act when staff enter it. An import, the API, a
    telephone note, a one-click address (it can only stop) and the system never are.
    """
    if actor is ActorKind.STAFF:
        return method in _STAFF_CARRIES
    return actor is ActorKind.PERSON and method in _OWN_METHODS
