"""What Akkoord keeps is published only with a rule that ends it (art. 5(1)(e), INV-29)."""

from uuid import UUID

import pytest

from akkoord.register import hand, own_fields, publishing, terms
from akkoord.register.example_trades import EXAMPLES
from akkoord.register.models import ActivityField, PersonalDataField, RetentionRule
from akkoord.register.refused import RegisterRefused
from akkoord.register.tests.factories import NOW, make_organisation
from akkoord.trail.actions import Actor

pytestmark = pytest.mark.django_db
STAFF = Actor.staff(UUID("01936f00-0000-7000-8000-000000000001"))


def test_inv29_of_what_akkoord_keeps_no_excuse_stands_for_a_rule() -> None:
    """A field in use with a term in words alone, or a reason for none, is not published."""
    make_organisation()
    made = hand.make_from_example(
        example_key=next(iter(EXAMPLES)), clients=["Bakkerij Kruim"], at=NOW, actor=STAFF
    )
    field = PersonalDataField.objects.filter(ended_at=None).first()
    assert field is not None
    ActivityField.objects.create(
        activity_key=made.key, field=field, why_nl="Nodig.", why_en="Needed.", admitted_at=NOW
    )
    RetentionRule.objects.filter(activity_key=made.key).update(valid_to=NOW)
    hand.change_activity(
        key=made.key,
        values={
            "transfers_nl": "Zij werken allemaal in Europa (de EER).",
            "blanks": {"terms": "Dat weten wij nog niet, we zoeken het uit."},
        },
        reason="",
        at=NOW,
        actor=STAFF,
    )
    with pytest.raises(RegisterRefused) as refused:
        publishing.publish_activity(key=made.key, at=NOW, actor=STAFF)
    assert refused.value.field == "terms"
    RetentionRule.objects.create(
        activity_key=made.key,
        category="dpv:Other",
        months=1,
        trigger="last-contact",
        action="erase",
        valid_from=NOW,
    )
    with pytest.raises(RegisterRefused):  # a rule for something else ends nothing of this
        publishing.publish_activity(key=made.key, at=NOW, actor=STAFF)
    RetentionRule.objects.filter(activity_key=made.key, valid_to=None).update(
        category=field.category
    )
    assert publishing.publish_activity(key=made.key, at=NOW, actor=STAFF).published_at == NOW
    rule = RetentionRule.objects.get(activity_key=made.key, valid_to=None)
    with pytest.raises(RegisterRefused):  # nothing else ends it
        terms.end_category_rule(rule=rule, at=NOW, actor=STAFF)
    rule.refresh_from_db()
    assert rule.valid_to is None
    other = PersonalDataField.objects.filter(ended_at=None).exclude(category=field.category)
    admitted = {"why_nl": "Nodig om te helpen.", "why_en": "Needed to help."}
    for name in other.values_list("key", flat=True)[:1]:
        with pytest.raises(RegisterRefused) as refused:
            own_fields.admit_field(
                activity_key=made.key, field_key=name, at=NOW, actor=STAFF, **admitted
            )
        assert refused.value.field == "field"
    assert ActivityField.objects.filter(activity_key=made.key).count() == 1
