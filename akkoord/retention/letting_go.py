"""Verb: let a field go that nobody needs, with all that is kept in it (art. 5(1)(c), (e))."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from akkoord.consent.typed_values import forget_typed
from akkoord.law.use_rules import FieldUse
from akkoord.people.own_values import end_own_field
from akkoord.register.field_lock import fields_go
from akkoord.register.hand import write_versions
from akkoord.register.models import PersonalDataField
from akkoord.retention.field_uses import live_uses
from akkoord.trail.actions import Actor
from akkoord.trail.seal import seal


class FieldStays(Exception):
    """A field cannot go yet; `uses`: where it must be taken off first."""

    def __init__(self, sentence: str, uses: Sequence[FieldUse] = ()) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.uses = uses


@dataclass(frozen=True, slots=True)
class Gone:
    """What went: of how many people, and how many waiting answers."""

    people: int
    waiting: int


@transaction.atomic
def let_field_go(*, field_key: str, at: datetime, actor: Actor) -> Gone:
    """End an own field and clear it, of everybody at once; it cannot be undone.

    Nothing may use it from now on, what people answered goes, and what waits for a confirmation or
    stands aside of joined records too. The register gets a version of it in the same transaction,
    sealed at once. Of who is held for a legal claim it stays until the clean-up. A second time
    nothing happens. Refuses (FieldStays) a field that a live form, group, series or letter uses,
    and one that is built in.
    """
    fields_go()  # what begins to use it comes before this look, or sees that it is gone
    field = PersonalDataField.objects.select_for_update().filter(key=field_key).first()
    if field is None or not field.is_own:
        raise FieldStays(_("This field belongs to Akkoord. Take it off its activities instead."))
    if field.is_special:  # it closes with its exception, and what is kept goes that night
        raise FieldStays(_("End the exception instead: then this field closes."))
    if field.ended_at is not None:
        return Gone(0, 0)
    if uses := live_uses(field_key, at=at):
        raise FieldStays(_("This is still used. Take it off there first."), uses)
    people = end_own_field(field_key=field_key, at=at, actor=actor)
    waiting = forget_typed(field_key)
    write_versions()
    seal(at)
    return Gone(people, waiting)
