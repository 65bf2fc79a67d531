"""What people correct of themselves (art. 16): names, language, postal address, answers."""

from datetime import datetime

from django.db import transaction

from akkoord.consent.correction_form import CorrectionForm
from akkoord.people.actions import correct_names
from akkoord.people.addresses import correct_address
from akkoord.people.models import ContactPoint, Person
from akkoord.people.own_values import correct_answers
from akkoord.trail.actions import Actor


@transaction.atomic
def save_correction(point: ContactPoint, form: CorrectionForm, *, at: datetime) -> list[str]:
    """Save a filled-in form, all of it or nothing; which fields changed. Refuses (PersonRefused)
    what cannot be."""
    by, person_id = Actor.person(), point.person_id
    before = Person.objects.get(id=person_id)
    changed = [name for name, value in form.names().items() if getattr(before, name) != value]
    correct_names(person_id=person_id, at=at, actor=by, **form.names())
    if typed := form.address():
        changed += correct_address(person_id=person_id, typed=typed, at=at, actor=by)
    changed += correct_answers(person_id=person_id, answers=form.answers(), at=at, actor=by)
    return changed
