"""The page of a letter that is being sent: its figures move as long as something is in hand."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from akkoord.accounts.tests.factories import make_staff
from akkoord.campaigns.models import Campaign
from akkoord.datamap.ids import uuid7
from akkoord.messages import claims
from akkoord.messages.asking import Asking
from akkoord.messages.deliver import START
from akkoord.messages.dispatch import pause_dispatch, start_dispatch
from akkoord.messages.fan_out import fan_out
from akkoord.messages.models import Dispatch, Message
from akkoord.messages.tests.factories import make_many, make_organisation, make_source, make_topic

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign() -> Campaign:
    make_organisation()
    topic = make_topic()
    make_many(4, topic)
    now = timezone.now()
    dispatch = start_dispatch(
        purpose=topic, source=make_source(), segment="", approved_by=None, at=now
    )
    fan_out(dispatch.id, clock=timezone.now)
    return Campaign.objects.create(
        purpose=topic,
        name="Herfst",
        subject="Herfst",
        body="Dag",
        language="nl",
        dispatch=dispatch,
        created_at=now,
        updated_at=now,
    )


@pytest.fixture
def client(campaign: Campaign) -> Client:
    found = Client(headers={"accept-language": "nl"})
    found.force_login(make_staff(), backend="allauth.account.auth_backends.AuthenticationBackend")
    return found


def page(client: Client, campaign: Campaign) -> str:
    return client.get(f"/campagnes/{campaign.id}/", headers={"HX-Request": "true"}).content.decode()


def test_the_rate_is_shown_while_it_runs(client: Client, campaign: Campaign) -> None:
    now = timezone.now()
    Dispatch.objects.update(started_at=now - timedelta(seconds=2), fanned_out_at=now)
    Message.objects.filter(id=Message.objects.first().id).update(  # type: ignore[union-attr]
        state="uncertain", evidence_id=uuid7()
    )
    shown = " ".join(re.sub(r"<[^>]+>", " ", page(client, campaign)).split())
    assert re.search(r"per seconde 0,\d", shown), shown


def test_after_a_pause_the_page_lives_on_while_something_is_in_hand(
    client: Client, campaign: Campaign
) -> None:
    worker, now = uuid7(), timezone.now()
    dispatch = campaign.dispatch
    assert dispatch is not None
    asking = Asking.prepare(dispatch, [], "nl")
    taken = claims.take(asking, worker_id=worker, after=START, limit=2, at=now)
    pause_dispatch(dispatch_id=dispatch.id, at=now)
    shown = page(client, campaign)
    assert 'hx-trigger="every 1s"' in shown
    assert "onder handen" in shown
    claims.give_back(taken.going, worker_id=worker, purpose_id=dispatch.purpose_id)
    assert 'hx-trigger="every 1s"' not in page(client, campaign)
