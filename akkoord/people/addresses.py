"""A postal address that somebody gives or corrects: what was, ends; nothing is overwritten."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from akkoord.datamap.identifiers import BadIdentifier, normalise_postcode, split_street
from akkoord.law.states import Channel
from akkoord.people.actions import PersonRefused
from akkoord.people.models import ContactPoint, Person, PostalAddress
from akkoord.trail.actions import Actor, record_change

PARTS = ("street", "postcode", "city", "country")
_COLUMNS = ("street", "house_number", "postcode", "city", "country")


def living_address(person_id: UUID) -> PostalAddress | None:
    """The newest address of this person that has not ended."""
    return PostalAddress.objects.filter(person=person_id, ended_at=None).order_by("-id").first()


def replace_address(person: Person, typed: Mapping[str, str], *, at: datetime) -> list[str]:
    """Put these parts (of `PARTS`, the number in the street) in place of what is known.

    An address that differs ends the old one; one that is empty ends it and makes none. Which
    columns changed. The caller holds a lock of the person or of their contact point.
    """
    known = living_address(person.id)
    before = {name: getattr(known, name) if known else "" for name in _COLUMNS}
    values = before | {"country": before["country"] or "NL"}
    if "street" in typed:
        values["street"], values["house_number"] = split_street(typed["street"])
    values |= {name: typed[name] for name in ("postcode", "city", "country") if name in typed}
    values["postcode"] = values["postcode"].upper()
    values["house_number"] = values["house_number"][:20]
    says_something = any(value for name, value in values.items() if name != "country")
    if known is None and not says_something:
        return []
    changed = [name for name in _COLUMNS if values[name] != before[name]]
    if known is not None and changed:
        known.ended_at = at
        known.save(update_fields=["ended_at"])
    if says_something and changed:
        PostalAddress.objects.create(person=person, created_at=at, **values)
    return changed


@transaction.atomic
def correct_address(
    *, person_id: UUID, typed: Mapping[str, str], at: datetime, actor: Actor
) -> list[str]:
    """Correct somebody's postal address (art. 16); which columns changed.

    Post to the old address ends with it, and a yes to post is not carried over (INV-11). Refuses
    (PersonRefused) what is no Dutch postcode.
    """
    person = Person.objects.select_for_update().get(id=person_id)
    parts = {name: typed[name].strip() for name in PARTS if name in typed}
    if parts.get("postcode"):
        try:
            parts["postcode"] = normalise_postcode(parts["postcode"], parts.get("country") or "NL")
        except BadIdentifier:
            raise PersonRefused("postcode", _("This is no postcode. Example: 1234 AB.")) from None
    changed = replace_address(person, parts, at=at)
    if not changed:
        return []
    ContactPoint.objects.filter(person=person, channel=Channel.POST, ended_at=None).update(
        ended_at=at
    )
    record_change(
        actor=actor,
        action="person.correct",
        object_kind="person",
        object_id=person.id,
        subject_id=person.id,
        fields=changed,
        at=at,
    )
    return changed
