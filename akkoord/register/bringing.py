"""A register that comes in from a file: what was judged is written in one transaction.

Nothing is half in: a row that cannot be stays out whole.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from akkoord.law.register_rules import lacking
from akkoord.register import hand
from akkoord.register.filler import awaits_clients
from akkoord.register.judging import Judged, Outcome, with_tails
from akkoord.register.models import ProcessingActivity
from akkoord.register.records import entry_now
from akkoord.register.refused import RegisterRefused
from akkoord.trail.actions import Actor, record_change


@transaction.atomic
def bring_in(outcome: Outcome, *, at: datetime, actor: Actor) -> Outcome:
    """Write the rows that can be; the others stay out whole. One transaction, one trail line."""
    reason = _("Brought in from a file.")
    for each in outcome.judged:
        if each.outcome == "new":
            key = each.key if each.key.startswith(hand.OWN) else ""
            values = with_tails(each.values, None)
            made = hand.make_activity(values=values, key=key, at=at, actor=actor)
            if each.companies is not None:
                hand.choose_recipients(key=made.key, wanted=each.companies, at=at, actor=actor)
            _settle(each, made, reason, at=at, actor=actor)
        elif each.outcome == "changed":
            _change(each, reason, at=at, actor=actor)
    record_change(
        actor=actor,
        action="register.import",
        object_kind="register",
        object_id=None,
        at=at,
    )
    hand.because(reason)
    return outcome


def _change(each: Judged, reason: str, *, at: datetime, actor: Actor) -> None:
    """Write a row over what stands; what the register refuses after all leaves the row out."""
    standing = ProcessingActivity.objects.get(key=each.key, valid_to=None)
    try:
        with transaction.atomic():
            made = hand.change_activity(
                key=each.key,
                values=with_tails(each.values, standing),
                companies=each.companies,
                reason=reason,
                at=at,
                actor=actor,
            )
            _settle(each, made, reason, at=at, actor=actor)
    except RegisterRefused as refusal:  # another element would be empty (INV-29)
        each.outcome = "refused"
        each.faults.append((refusal.field, refusal.sentence))


def _settle(
    each: Judged, made: ProcessingActivity, reason: str, *, at: datetime, actor: Actor
) -> None:
    """In the register when the row says that it was there, and it is complete; it says why."""
    if not each.publishes or made.published_at is not None or awaits_clients(made.clients):
        return
    entry = entry_now(made.key)
    if entry is not None and not lacking(entry.content, entry.house):
        hand.publish_activity(key=made.key, reason=reason, at=at, actor=actor)
