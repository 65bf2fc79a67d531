"""What people read of mail to addresses that companies published for it (art. 13(1)(d))."""

import pytest
from django.utils import translation

from akkoord.consent.models import CollectionPoint
from akkoord.consent.tests.factories import NOW, STAFF, make_form, make_organisation, make_topic
from akkoord.policy.told import policy_gaps, read_register
from akkoord.policy.uses import uses
from akkoord.register.published import allow_published

pytestmark = pytest.mark.django_db
BECAUSE = "Deze inkopers vragen zelf om zulke aanbiedingen en krijgen er hooguit vier per jaar."


def test_people_are_told_the_interest_of_mail_to_published_addresses() -> None:
    """In the policy and, from the next showing, on the form (art. 13(1)(d))."""
    make_organisation()
    purpose = make_topic()
    shown = make_form(purpose)
    assert BECAUSE not in shown.notice.text
    allow_published(purpose_id=purpose.id, allows=True, because=BECAUSE, at=NOW, actor=STAFF)
    now = CollectionPoint.objects.get(form=shown.form, language="nl", ended_at=None)
    assert BECAUSE in now.notice.text
    register = read_register()
    assert not policy_gaps(register)
    with translation.override("nl"):
        entries = uses(register, "nl", ()).entries
    [use] = [each for each in entries if each.key == purpose.activity_key]
    assert BECAUSE in {fact.text for fact in use.facts}
