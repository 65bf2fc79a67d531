"""What exceptions are called in plain words: kinds, grounds, roles, and why one is refused."""

from collections.abc import Collection, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from akkoord.law.exception_rules import (
    GROUNDS,
    OPENABLE,
    ExceptionFault,
    ExceptionGround,
    Never,
    why_never,
)
from akkoord.law.sensitive import Sensitive

KINDS: Mapping[str, Promise] = {
    Sensitive.HEALTH: pgettext_lazy("kind of data", "Health"),
    Sensitive.RELIGION: pgettext_lazy("kind of data", "Religion or philosophy of life"),
    Sensitive.POLITICS: pgettext_lazy("kind of data", "Politics"),
    Sensitive.UNION: pgettext_lazy("kind of data", "Membership of a trade union"),
    Sensitive.ETHNICITY: pgettext_lazy("kind of data", "Origin"),
    Sensitive.SEXUAL: pgettext_lazy("kind of data", "Sex life or orientation"),
}
ROLES: Mapping[str, Promise] = {
    "owner": pgettext_lazy("who sees it", "Owner"),
    "privacy-officer": pgettext_lazy("who sees it", "Privacy officer"),
}
GROUND_WORDS: Mapping[str, tuple[Promise, Promise]] = {
    ExceptionGround.CONSENT: (
        gettext_lazy("Each person says explicitly yes to just this"),
        gettext_lazy(
            "You ask each of them apart, in words of their own, and keep the proof. Who takes it "
            "back is gone from this field at once."
        ),
    ),
    ExceptionGround.EMPLOYMENT: (
        gettext_lazy("You must, as an employer"),
        gettext_lazy(
            "Only about the health of your own staff, and only what the law demands of you about "
            "illness. Never what they have."
        ),
    ),
    ExceptionGround.MEMBERS: (
        gettext_lazy("They are members of a party, a church or a union"),
        gettext_lazy(
            "Only of your members, for the aim of the association, and nobody outside hears it."
        ),
    ),
    ExceptionGround.MADE_PUBLIC: (
        gettext_lazy("They made it public themselves"),
        gettext_lazy(
            "On purpose and for everybody, such as a candidate on a list. You write down where. "
            "What you only saw on somebody's page is not that."
        ),
    ),
    ExceptionGround.CLAIMS: (
        gettext_lazy("You need it for a legal claim"),
        gettext_lazy("Only of who is held for a claim that you wrote down, until that is over."),
    ),
}
"""By ground: what it is, and what it asks."""

_NEVER: Mapping[Never, Promise] = {
    Never.BSN: gettext_lazy(
        "You may use a citizen service number (BSN) only where a law says so (art. 46 UAVG). For "
        "your customers no law does, so no exception opens it. Use a customer number of your own: "
        "Akkoord has a field for it."
    ),
    Never.CRIMINAL: gettext_lazy(
        "Data about crimes and convictions is for the government, and for a few with a permit "
        "(art. 10 GDPR, 31-33 UAVG). No exception opens it here. Need to bar somebody? Write down "
        "that they may not come in, not why."
    ),
    Never.BODY: gettext_lazy(
        "DNA and fingerprints are for medicine and for locks (art. 28, 29 UAVG). No exception "
        "opens them here."
    ),
    Never.NOT_NEEDED: gettext_lazy(
        "You need no account number or identity document of people to write to them (art. 5(1)(c) "
        "GDPR). Keep it in your bookkeeping, where the law wants it."
    ),
}


def never_sentence(kinds: Collection[Sensitive]) -> str:
    """Why nothing opens one of these kinds; empty when an exception can open them all."""
    for kind in sorted(kinds):
        why = why_never(kind)
        if why is not None:
            return str(_NEVER[why])
    return ""


def can_open(kinds: Collection[Sensitive]) -> bool:
    """Whether an exception can open all of these kinds."""
    return set(kinds) <= OPENABLE


def opens_words(ground: str) -> str:
    """The kinds that a ground opens, in a few words."""
    return ", ".join(
        str(KINDS[kind]).lower() for kind in sorted(GROUNDS[ExceptionGround(ground)].opens)
    )


def fault_words(fault: ExceptionFault, *, kinds: Collection[Sensitive]) -> tuple[str, str]:
    """The field that a fault stands at, and its sentence."""
    return {
        ExceptionFault.NOT_THE_OWNER: ("", _("Only the owner decides this.")),
        ExceptionFault.NEVER: ("name_nl", never_sentence(kinds)),
        ExceptionFault.TWO_KINDS: (
            "kind",
            _(
                "These words speak of another kind, or of two. One exception opens one kind: make "
                "a field for each."
            ),
        ),
        ExceptionFault.UNKNOWN_GROUND: (
            "ground",
            _("Choose on which exception of art. 9(2) GDPR this rests."),
        ),
        ExceptionFault.NOT_BY_THIS_GROUND: (
            "ground",
            _("This exception does not open this kind of data. Look at what it opens."),
        ),
        ExceptionFault.ASSOCIATIONS_ONLY: (
            "ground",
            _("This is for associations and charities only (art. 9(2)(d) GDPR)."),
        ),
        ExceptionFault.NO_REASON: (
            "reason",
            _("Write down why you cannot do without it, in a sentence."),
        ),
        ExceptionFault.NO_END: ("until", _("Choose until which day, from today on.")),
        ExceptionFault.TOO_LONG: (
            "until",
            _("A year is the most. Then you decide anew whether you still need it."),
        ),
        ExceptionFault.ROLE: ("seen_by", _("Choose who sees it. A marketer never does.")),
    }[fault]
