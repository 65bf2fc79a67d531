"""Letters on their way to two records that turn out to be one: once is enough (art. 5(1)(d)).

A run whose rows are still being written is waited for: its place in the order of people must not
move. Of a letter that waits for both, the one to the record that goes is taken out.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from akkoord.law.reasons import Reason
from akkoord.messages.models import Dispatch, Message
from akkoord.people.joining_steps import Join

State = Message.State
GOING = [Dispatch.State.RUNNING, Dispatch.State.PAUSED]


_STILL = "hashtext('akkoord people stand still')"


def nobody_is_joined() -> None:
    """Until this transaction ends nobody is joined: the order of people stands still."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock_shared({_STILL})")


def lock_runs(_join: Join) -> None:
    """Wait for every run that is writing its rows, and let none go on with it meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock({_STILL})")


def refuse_while_writing(join: Join) -> str:
    """Why not now, or nothing."""
    half = Message.objects.filter(
        dispatch__fanned_out_at=None, dispatch__state__in=GOING, person_id__in=[join.old, join.new]
    )
    if half.exists() or _may_be_passed(join):
        return _("A letter is being made ready for these people. Try again in a minute.")
    both = [old for old, new in _pairs(join) if old.state == new.state == State.CLAIMED]
    if both:
        return _("A letter is leaving to both addresses right now. Try again in a minute.")
    return ""


def _may_be_passed(join: Join) -> bool:
    """Whether a list that grows is past the record that stays, and not yet at the one that goes.

    Whoever was passed without a row (they had no yes yet) would get none for the other's either.
    Where a worker is on its way nobody outside it knows the place: it is waited for. Of a run that
    was paused the place is the last row, where the next worker begins.
    """
    listing = Dispatch.objects.filter(fanned_out_at=None, state__in=GOING)
    if listing.filter(state=Dispatch.State.RUNNING).exists():
        return True
    last = Message.objects.filter(dispatch=OuterRef("pk")).order_by("-person_id")
    places = listing.annotate(place=Subquery(last.values("person_id")[:1]))
    return places.filter(place__gte=join.new, place__lt=join.old).exists()


def _pairs(join: Join) -> list[tuple[Message, Message]]:
    """The rows of one letter to both, locked against workers."""
    found = (
        Message.objects.select_for_update(no_key=True)
        .filter(
            person_id__in=[join.old, join.new],
            to_device=False,
            dispatch__in=Message.objects.filter(person_id=join.old, to_device=False).values(
                "dispatch_id"
            ),
        )
        .order_by("id")
    )
    sides: dict[UUID, dict[UUID | None, Message]] = {}
    for each in found:
        sides.setdefault(each.dispatch_id, {})[each.person_id] = each
    return [(each[join.old], each[join.new]) for each in sides.values() if len(each) == 2]


def once_is_enough(join: Join) -> dict[str, Any]:
    """Take out what waits for somebody who gets the letter already; which rows."""
    out = []
    for old, new in _pairs(join):
        reached = {State.SENT, State.CLAIMED, State.UNCERTAIN, State.MADE, State.DUE}
        if old.state == State.DUE and new.state in reached:
            out.append(old.id)
        elif new.state == State.DUE and old.state in reached:
            out.append(new.id)
    Message.objects.filter(id__in=out, state=State.DUE).update(
        state=State.SKIPPED, reason=Reason.DUPLICATE_IN_CAMPAIGN, outcome_at=join.at
    )
    return {"out": [str(each) for each in out]}


def wait_again(join: Join, note: Mapping[str, Any]) -> None:
    """Two people after all: who was taken out waits again, while the letter still leaves."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE messages_message m SET state = 'due', reason = '', outcome_at = NULL"
            "  FROM messages_dispatch d WHERE d.id = m.dispatch_id AND d.state IN"
            " ('running', 'paused') AND m.id = ANY(%s::uuid[]) AND m.state = 'skipped'"
            " AND m.reason = %s AND m.outcome_at = %s",
            [note.get("out", []), Reason.DUPLICATE_IN_CAMPAIGN, join.since],
        )
