"""Who looked at people through a letter stands in the trail (INV-45)."""

import pytest
from django.test import Client
from django.utils import timezone

from akkoord.accounts.tests.factories import make_staff
from akkoord.campaigns.models import Campaign
from akkoord.campaigns.queries import people_to_show
from akkoord.messages.tests.factories import make_many, make_organisation, make_topic
from akkoord.trail.models import Change

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign() -> Campaign:
    make_organisation()
    topic = make_topic()
    make_many(3, topic, refused=1)
    now = timezone.now()
    return Campaign.objects.create(
        purpose=topic,
        name="Herfst",
        subject="Herfst",
        body="Dag",
        language="nl",
        created_at=now,
        updated_at=now,
    )


def test_inv45_a_letter_through_somebodys_eyes_leaves_a_line(
    client: Client, campaign: Campaign
) -> None:
    staff = make_staff()
    client.force_login(staff, backend="allauth.account.auth_backends.AuthenticationBackend")
    point = people_to_show(campaign)[1]
    assert client.get(f"/campagnes/{campaign.id}/beeld/?als={point.id}").status_code == 200
    line = Change.objects.get(action="campaign.show-as")
    assert (line.actor_id, line.subject_id) == (staff.pk, point.person_id)
    assert client.get(f"/campagnes/{campaign.id}/controle/withdrawn/").status_code == 200
    assert Change.objects.get(action="campaign.read-refused").object_id == campaign.id
