"""Named reads of notices to recipients."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from akkoord.law.terms import law_day
from akkoord.register.models import Recipient
from akkoord.register.queries import organisation
from akkoord.register.receiving import blocked_now
from akkoord.rights.models import RecipientNotice
from akkoord.rights.recipients import OPEN

PAGE = 200
PROBLEMS = {
    "no-answer": _("Their system did not answer."),
    "not-public": _("Their address leads to a place inside a network."),
    "not-https": _("Their address is not safe (https)."),
    "malformed": _("Their address is no web address."),
    "unfit-address": _("Their mail address cannot be used."),
}


def others() -> QuerySet[Recipient]:
    """The recipients of now but for the organisation itself, which needs no telling."""
    house = organisation()
    found = Recipient.objects.filter(valid_to=None).order_by("name")
    return found.exclude(name=house.name) if house else found


def parties() -> list[tuple[UUID, str]]:
    """The companies that a key of the API can be of, or that a file can be for: those that may
    receive data (INV-42); two statements."""
    found = list(others())
    blocked = blocked_now(found, law_day(timezone.now()))
    return [(each.id, each.name) for each in found if each.key not in blocked]


def party_names() -> dict[UUID, str]:
    """By every version of a company, ended ones too, its name as it is now or was last."""
    rows = list(Recipient.objects.order_by("valid_from", "id").values_list("id", "key", "name"))
    last = {key: name for _id, key, name in rows}
    return {each: last[key] for each, key, _name in rows}


def open_notices() -> list[RecipientNotice]:
    """Who did not answer yet, the oldest first; with `problem_word`."""
    found = list(
        RecipientNotice.objects.filter(state__in=OPEN)
        .select_related("recipient")
        .order_by("made_at")[:PAGE]
    )
    for each in found:
        each.problem_word = problem_word(each.problem)  # type: ignore[attr-defined]
    return found


def answered_notices() -> list[RecipientNotice]:
    """Who answered lately."""
    return list(
        RecipientNotice.objects.exclude(state__in=OPEN)
        .select_related("recipient")
        .order_by("-acknowledged_at")[:20]
    )


def open_notice_count() -> int:
    """How many recipients have not answered."""
    return RecipientNotice.objects.filter(state__in=OPEN).count()


def problem_word(problem: str) -> str:
    """What went wrong the last time, in a sentence; empty when nothing did."""
    if problem.startswith("status-"):
        return str(_("Their system refused it (%(code)s).") % {"code": problem[7:]})
    return str(PROBLEMS.get(problem, ""))
