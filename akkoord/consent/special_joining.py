"""Two records with one field of a special category in both: one value can stay (INV-32)."""

from django.utils.translation import gettext as _

from akkoord.consent.special_models import SpecialValue
from akkoord.datamap.holds import held_people
from akkoord.people.joining_steps import Join


def refuses(join: Join) -> str:
    """Why these cannot be one record now: a value of who is held would go (art. 17(3)(e)).

    Else the value of the record that stays is kept, and the other is let go: what is sealed is
    never set aside.
    """
    both = SpecialValue.objects.filter(
        person_id=join.old,
        field_id__in=SpecialValue.objects.filter(person_id=join.new).values("field_id"),
    )
    if both.exists() and {join.old, join.new} & set(held_people()):
        return _(
            "One of these two is held for a legal claim, and both have sensitive data in one "
            "field. Join them when the hold is lifted (art. 17(3)(e))."
        )
    return ""
