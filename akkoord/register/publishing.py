"""An activity becomes part of the register, and ends; nothing of it is deleted (INV-29, INV-30)."""

from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from akkoord.law.register_rules import Element
from akkoord.register.completeness import empty_sentence
from akkoord.register.entry_texts import texts_of
from akkoord.register.entry_words import ELEMENTS
from akkoord.register.filler import awaits_clients
from akkoord.register.models import ActivityField, ProcessingActivity, Purpose, Recipient
from akkoord.register.nobody import refuse_persons
from akkoord.register.reasons import SHORTEST_REASON, because
from akkoord.register.records import Entry, entry_now
from akkoord.register.refused import RegisterRefused
from akkoord.register.term_queries import without_term
from akkoord.trail.actions import Actor, record_change
from akkoord.trail.seal import seal

OWN = "own-"  # how the keys of hand-made activities begin


@transaction.atomic
def publish_activity(
    *, key: str, at: datetime, actor: Actor, reason: str = ""
) -> ProcessingActivity:
    """A draft becomes part of the register, and its version is sealed at once (INV-29, INV-30).

    Refuses an entry that lacks an element, unless a reason stands for it, one whose clients are
    still to be filled in (art. 30(2)(a)), one with a text that points to somebody (who was unknown
    when it was written may be known by now), and one with a field that Akkoord keeps while no rule
    ends it: there no reason stands for the term (art. 5(1)(e)).
    """
    activity = ProcessingActivity.objects.select_for_update().filter(key=key, valid_to=None).first()
    entry = entry_now(key)
    if activity is None or entry is None:
        raise RegisterRefused("", _("This is no longer in the register."))
    if awaits_clients(activity.clients):
        raise RegisterRefused("clients", _("Say for which clients you do this."))
    if entry.lacks:
        raise RegisterRefused(entry.lacks[0], empty_sentence(entry.lacks[0]))
    refuse_without_term(key, Element.TERMS)
    if activity.published_at is None:
        _refuse_persons_in(entry)
        activity.published_at = at
        activity.save(update_fields=["published_at"])
        note_activity("activity.publish", activity, ("published_at",), at=at, actor=actor)
        if reason:
            because(reason)  # after the line of the trail, before what it says is written
        write_versions()
        seal(at)
    return activity


def refuse_without_term(key: str, field: str) -> None:
    """Raise RegisterRefused at a field of a form when an activity keeps a field that no rule ends:
    such a field cannot stand in the register (art. 5(1)(e))."""
    keeps = ActivityField.objects.filter(activity_key=key, ended_at=None).exists()
    if keeps and without_term([key]):
        raise RegisterRefused(
            field,
            _("Of something that is kept for this no rule says when it goes. Add that rule first."),
        )


def _refuse_persons_in(entry: Entry) -> None:
    try:
        refuse_persons(texts_of(entry.content))
    except RegisterRefused as refusal:
        label = ELEMENTS.get(refusal.field, _("Name"))
        raise RegisterRefused(refusal.field, f"{label}: {refusal.sentence}") from None


def write_versions() -> None:
    """Write the versions now instead of at the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS register_follow IMMEDIATE")
        cursor.execute("SET CONSTRAINTS register_follow DEFERRED")


@transaction.atomic
def end_activity(*, key: str, reason: str, at: datetime, actor: Actor) -> ProcessingActivity:
    """It no longer happens: it ends and stays readable, with its history. Nothing is deleted.

    Refuses what Akkoord performs, what a topic still uses, and no reason.
    """
    activity = ProcessingActivity.objects.select_for_update().filter(key=key, valid_to=None).first()
    if activity is None:
        raise RegisterRefused("", _("This is no longer in the register."))
    if not activity.key.startswith(OWN):
        raise RegisterRefused("", _("Akkoord does this itself, so it does not end here."))
    if Purpose.objects.filter(activity_key=key, ended_at=None).exists():
        raise RegisterRefused("", _("A topic still uses this. End the topic first."))
    if len(reason.strip()) < SHORTEST_REASON:
        raise RegisterRefused("reason", _("Say in a few words why this ends."))
    refuse_persons({"reason": reason})
    activity.valid_to, activity.change_reason = at, reason.strip()[:300]
    activity.save(update_fields=["valid_to", "change_reason"])
    for each in Recipient.objects.filter(valid_to=None, activity_keys__contains=[key]):
        each.activity_keys = [other for other in each.activity_keys if other != key]
        each.save(update_fields=["activity_keys"])
    note_activity("activity.end", activity, ("valid_to",), at=at, actor=actor)
    because(reason)
    return activity


def note_activity(
    action: str, activity: ProcessingActivity, fields: Any, *, at: datetime, actor: Actor
) -> None:
    """Write an act on an activity into the trail; `fields`: the names of what changed."""
    record_change(
        actor=actor,
        action=action,
        object_kind="activity",
        object_id=activity.id,
        fields=sorted(fields),
        at=at,
    )
