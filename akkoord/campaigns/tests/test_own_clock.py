"""At nine where they live: by the country of their address, where the topic may use it."""

from datetime import UTC, datetime, timedelta

import pytest

from akkoord.campaigns import plan
from akkoord.campaigns.actions import CampaignRefused
from akkoord.campaigns.models import Campaign, Plan
from akkoord.campaigns.tests.test_plan import ME, make_campaign
from akkoord.messages.fan_out import fan_out
from akkoord.messages.models import Message
from akkoord.people.models import Person, PostalAddress
from akkoord.register.models import ActivityField, PersonalDataField

pytestmark = pytest.mark.django_db
NINE = datetime(2027, 1, 15, 8, 0, tzinfo=UTC)  # 9:00 in Amsterdam
BEFORE = NINE - timedelta(days=3)


@pytest.fixture
def campaign() -> Campaign:
    """A letter to five people, who live in four countries and nowhere that we know."""
    found = make_campaign()
    people = Person.objects.order_by("id")
    for person, country in zip(people, ("FI", "PT", "NL", "US"), strict=False):
        PostalAddress.objects.create(person=person, country=country, created_at=BEFORE)
    # Who moved: the newest living address counts.
    PostalAddress.objects.create(person=people[0], country="PT", created_at=BEFORE, ended_at=BEFORE)
    return found


def admit_country(campaign: Campaign) -> None:
    ActivityField.objects.create(
        activity_key=campaign.purpose.activity_key,
        field=PersonalDataField.objects.get(key="country"),
        why_nl="Op een uur dat u wakker bent.",
        why_en="At an hour when you are awake.",
        admitted_at=BEFORE,
    )


def make_plan(campaign: Campaign) -> Plan:
    return plan.plan_campaign(
        campaign_id=campaign.id, starts_at=NINE, at=BEFORE, actor=ME, by_own_clock=True
    )


def test_without_the_country_for_this_topic_it_is_refused_with_a_way_out(
    campaign: Campaign,
) -> None:
    with pytest.raises(CampaignRefused) as refused:
        make_plan(campaign)
    assert refused.value.field == "by_own_clock"
    assert "veld Land" in refused.value.sentence
    assert not Plan.objects.exists()


def test_each_gets_it_at_nine_on_their_own_clock(campaign: Campaign) -> None:
    admit_country(campaign)
    make_plan(campaign)
    assert plan.start_planned(at=NINE - timedelta(hours=3))["started"] == 0
    assert plan.start_planned(at=NINE - timedelta(hours=2))["started"] == 1
    campaign.refresh_from_db()
    assert campaign.dispatch is not None
    assert fan_out(campaign.dispatch.id, clock=lambda: NINE - timedelta(hours=2))
    due = Message.objects.order_by("person_id").values_list("due_at", flat=True)
    hours = [(each - NINE).total_seconds() / 3600 for each in due]
    assert hours == [-1, 1, 0, 0, 0]


def test_without_it_all_leave_at_once(campaign: Campaign) -> None:
    admit_country(campaign)
    plan.plan_campaign(campaign_id=campaign.id, starts_at=NINE, at=BEFORE, actor=ME)
    assert plan.start_planned(at=NINE - timedelta(hours=2))["started"] == 0
    assert plan.start_planned(at=NINE)["started"] == 1
    campaign.refresh_from_db()
    assert campaign.dispatch is not None
    fan_out(campaign.dispatch.id, clock=lambda: NINE)
    assert set(Message.objects.values_list("due_at", flat=True)) == {NINE}
