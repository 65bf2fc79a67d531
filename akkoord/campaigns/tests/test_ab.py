"""Two versions of a letter: disjoint, counted exactly, judged with care, and then the rest."""

import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from akkoord.campaigns import ab
from akkoord.campaigns.ab_figures import ab_figures, rest_sentence, verdict_sentence
from akkoord.campaigns.ab_groups import group_name
from akkoord.campaigns.actions import (
    CampaignRefused,
    CampaignText,
    create_campaign,
    send_campaign,
)
from akkoord.campaigns.models import AbTest, Campaign
from akkoord.consent.models import Standing
from akkoord.datamap.ids import uuid7
from akkoord.messages.deliver import run_dispatch
from akkoord.messages.groups import group_condition
from akkoord.messages.models import Dispatch, Link, LinkCount, Message
from akkoord.messages.tests.factories import (
    give,
    make_many,
    make_organisation,
    make_point,
    make_topic,
)
from akkoord.people.models import ContactPoint, Person
from akkoord.permission.tests.factories import sell
from akkoord.register.own_fields import admit_field
from akkoord.trail.actions import Actor

pytestmark = pytest.mark.django_db(transaction=True)
ME = Actor.system()
HOUR = timedelta(hours=1)


def now() -> datetime:
    return timezone.now()


def make_campaign(people: int = 100, refused: int = 0) -> Campaign:
    make_organisation()
    topic = make_topic()
    make_many(people, topic, refused=refused)
    return create_campaign(
        purpose=topic,
        text=CampaignText(
            name="Winter", subject="De winter", body="Lees [meer](https://www.example.nl/winter)."
        ),
        at=now(),
        actor=ME,
    )


def set_up(campaign: Campaign, **more: Any) -> AbTest:
    facts = {"what": "subject", "measure": "clicks", "subject_b": "Koud", "percent": 20, **more}
    return ab.set_up_test(campaign_id=campaign.id, facts=ab.AbFacts(**facts), at=now(), actor=ME)


def start(campaign: Campaign, **more: Any) -> AbTest:
    set_up(campaign, **more)
    return ab.start_test(campaign_id=campaign.id, at=now(), actor=ME)


def work(at: datetime | None = None) -> None:
    for dispatch in Dispatch.objects.filter(state__in=["running", "cancelled"]):
        run_dispatch(dispatch.id, worker_id=uuid7(), clock=(lambda: at) if at else timezone.now)


def press(campaign: Campaign, times: int) -> None:
    campaign.refresh_from_db()
    link = Link.objects.get(dispatch=campaign.dispatch)
    LinkCount.objects.create(link=link, hour=now(), kind="press", n=times)


def people_of(campaign: Campaign) -> set[Any]:
    campaign.refresh_from_db()
    return set(
        Message.objects.filter(dispatch_id=campaign.dispatch_id).values_list("person_id", flat=True)
    )


def judge(test: AbTest, hours: float = 5) -> AbTest:
    ab.judge_tests(at=now() + hours * HOUR)
    return AbTest.objects.select_related("campaign", "other", "rest").get(id=test.id)


def test_every_person_gets_exactly_one_version() -> None:
    campaign = make_campaign(300, refused=30)
    test = start(campaign)
    work()
    a, b = people_of(campaign), people_of(test.other)
    assert 30 < len(a) < 90
    assert 30 < len(b) < 90
    press(campaign, 4)
    press(test.other, 90)
    test = judge(test)
    assert (test.outcome, test.winner, test.state) == ("b", "b", "done")
    work()
    assert test.rest is not None
    rest = people_of(test.rest)
    assert not a & b
    assert not (a | b) & rest
    assert a | b | rest == set(Person.objects.values_list("id", flat=True))
    states = list(Message.objects.values_list("state", flat=True))
    assert (states.count("sent"), states.count("skipped"), len(states)) == (270, 30, 300)
    assert "De rest kreeg versie B." in nl(lambda: rest_sentence(test))
    found = ab_figures(test, at=now())
    assert (found.sent, found.not_sent, found.remaining) == (270, 30, 0)


def nl(what: Any) -> str:
    from django.utils.translation import override

    with override("nl"):
        return str(what())


def test_the_same_person_falls_in_the_same_part_each_time_and_two_tests_differ() -> None:
    campaign = make_campaign(200)
    first = set_up(campaign)

    def part(test: AbTest, name: str) -> set[Any]:
        condition = group_condition(group_name(test, name), campaign.purpose, now())
        return set(ContactPoint.objects.filter(condition).values_list("person_id", flat=True))

    assert part(first, "a") == part(first, "a")
    assert not part(first, "a") & part(first, "b")
    other = create_campaign(
        purpose=campaign.purpose,
        text=CampaignText(name="Y", subject="Y", body="Y [x](https://www.example.nl/)"),
        at=now(),
        actor=ME,
    )
    assert part(set_up(other), "a") != part(first, "a")


def test_somebody_with_two_mailboxes_gets_one_version() -> None:
    campaign = make_campaign(0)
    for number in range(60):
        first = make_point(f"a{number}@example.nl")
        second = make_point(f"b{number}@example.nl", first.person)
        give(first, campaign.purpose)
        give(second, campaign.purpose)
    test = start(campaign, percent=50)
    work()
    assert len(people_of(campaign)) + len(people_of(test.other)) == 60
    assert Message.objects.count() == 60


def test_who_came_in_meanwhile_is_in_the_rest() -> None:
    campaign = make_campaign(100)
    test = start(campaign)
    work()
    late = make_point("later@example.nl")
    give(late, campaign.purpose)
    test = judge(test)
    work()
    assert test.rest is not None
    assert late.person_id in people_of(test.rest)


def test_inv25_who_withdrew_meanwhile_gets_nothing_of_the_rest() -> None:
    campaign = make_campaign(100)
    test = start(campaign)
    work()
    Standing.objects.update(state="withdrawn")
    test = judge(test)
    work()
    assert test.rest is not None
    assert set(
        Message.objects.filter(dispatch_id=test.rest.dispatch_id).values_list("state", "reason")
    ) == {("skipped", "withdrawn")}


def test_a_difference_that_may_be_chance_is_no_winner_and_says_so() -> None:
    campaign = make_campaign(200)
    test = start(campaign)
    work()
    press(campaign, 12)
    press(test.other, 16)
    test = judge(test)
    assert (test.outcome, test.winner) == ("no-difference", "a")
    found = ab_figures(test, at=now())
    assert "Geen van beide versies" in nl(lambda: verdict_sentence(found))
    assert "Er was geen winnaar" in nl(lambda: rest_sentence(test))


def test_too_little_says_so() -> None:
    test = start(make_campaign(60))
    work()
    found = ab_figures(AbTest.objects.get(), at=now())
    assert found.verdict.outcome == "too-few"
    assert nl(lambda: verdict_sentence(found)) == "Nog te weinig om iets te zeggen."
    assert judge(test).outcome == "too-few"


def test_it_asks_when_somebody_wants_to_choose() -> None:
    campaign = make_campaign(100)
    test = start(campaign, asks=True)
    work()
    press(test.other, 60)
    test = judge(test)
    assert (test.state, test.outcome, test.rest) == ("asks", "b", None)
    assert Dispatch.objects.count() == 2
    with pytest.raises(CampaignRefused):
        ab.choose_version(campaign_id=campaign.id, version="c", at=now(), actor=ME)
    ab.choose_version(campaign_id=campaign.id, version="a", at=now(), actor=ME)
    test.refresh_from_db()
    assert (test.state, test.winner) == ("done", "a")
    assert Dispatch.objects.count() == 3
    with pytest.raises(CampaignRefused):
        ab.choose_version(campaign_id=campaign.id, version="b", at=now(), actor=ME)


def test_without_a_winner_it_can_ask() -> None:
    campaign = make_campaign(100)
    test = start(campaign, without_winner="ask")
    work()
    assert judge(test).state == "asks"


def test_it_is_not_judged_before_its_time_nor_while_letters_leave() -> None:
    campaign = make_campaign(100)
    test = start(campaign)
    assert judge(test, hours=9).state == "running"
    work()
    assert judge(test, hours=3).state == "running"
    assert judge(test, hours=5).state == "done"
    assert judge(test, hours=6).state == "done"
    assert Dispatch.objects.count() == 3


def test_two_workers_judge_it_once() -> None:
    test = start(make_campaign(100))
    work()
    at = now() + 5 * HOUR
    judged: list[int] = []

    def go() -> None:
        try:
            judged.append(ab.judge_tests(at=at)["judged"])
        finally:
            connection.close()

    workers = [threading.Thread(target=go) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert sorted(judged) == [0, 0, 1]
    assert Dispatch.objects.count() == 3
    assert AbTest.objects.get(id=test.id).state == "done"


def test_a_second_time_is_a_version_too() -> None:
    campaign = make_campaign(100)
    test = start(campaign, what="time", subject_b="", b_hours_later=6)
    work()
    assert people_of(campaign)
    assert test.other.dispatch_id is None
    ab.judge_tests(at=now() + 5 * HOUR)
    test.other.refresh_from_db()
    assert test.other.dispatch_id is None
    ab.judge_tests(at=now() + 6 * HOUR + timedelta(minutes=1))
    work(now() + 6 * HOUR + timedelta(minutes=2))
    test.other.refresh_from_db()
    assert test.other.dispatch_id is not None
    assert judge(test, hours=8).state == "running"
    assert judge(test, hours=11).state == "done"


def test_a_whole_letter_can_be_the_other_version() -> None:
    campaign = make_campaign(100)
    test = set_up(campaign, what="content", subject_b="")
    Campaign.objects.filter(id=test.other_id).update(
        subject="Iets anders", body="Anders: [hier](https://www.example.nl/anders)."
    )
    ab.start_test(campaign_id=campaign.id, at=now(), actor=ME)
    subjects = {each.template["subject"] for each in Dispatch.objects.all()}
    assert subjects == {"De winter", "Iets anders"}


def test_by_purchases_where_the_topic_may_use_them() -> None:
    campaign = make_campaign(300)
    with pytest.raises(CampaignRefused) as refused:
        set_up(campaign, measure="purchases")
    assert refused.value.field == "measure"
    admit_field(
        activity_key=campaign.purpose.activity_key,
        field_key="last_purchase",
        why_nl="Om te zien wat helpt.",
        why_en="To see what helps.",
        at=now(),
        actor=ME,
    )
    test = start(campaign, measure="purchases", percent=50)
    work()
    for person in list(people_of(test.other))[:30]:
        point = ContactPoint.objects.get(person_id=person)
        sell(point, bought_on=timezone.localdate(), created_at=now() + HOUR)
    found = ab_figures(AbTest.objects.get(), at=now() + 2 * HOUR)
    assert (found.b.hits, found.a.hits, found.verdict.outcome) == (30, 0, "b")
    assert judge(test).outcome == "b"


def test_a_figure_about_fewer_than_five_people_is_hidden() -> None:
    campaign = make_campaign(100)
    test = start(campaign)
    work()
    press(campaign, 3)
    press(test.other, 40)
    found = ab_figures(AbTest.objects.get(), at=now())
    assert (found.a.hits, found.a.percent, found.b.hits) == (None, None, 40)
    assert found.as_json()["versions"][0]["hits"] is None


def test_inv28_opens_only_where_people_were_asked() -> None:
    with pytest.raises(CampaignRefused) as refused:
        set_up(make_campaign(10), measure="opens")
    assert refused.value.field == "measure"


def test_stopped_the_rest_gets_nothing() -> None:
    campaign = make_campaign(100)
    test = start(campaign)
    assert ab.stop_test(campaign_id=campaign.id, at=now(), actor=ME)
    work()
    assert set(Message.objects.values_list("reason", flat=True)) <= {"campaign-cancelled"}
    assert judge(test).rest is None
    assert not ab.stop_test(campaign_id=campaign.id, at=now(), actor=ME)


def test_a_letter_with_two_versions_is_not_sent_as_one() -> None:
    campaign = make_campaign(20)
    test = set_up(campaign)
    for each in (campaign, test.other):
        with pytest.raises(CampaignRefused, match=r"two versions|twee versies"):
            send_campaign(campaign_id=each.id, at=now(), actor=ME)
    assert ab.drop_test(campaign_id=campaign.id, at=now(), actor=ME)
    send_campaign(campaign_id=campaign.id, at=now(), actor=ME)
    assert Campaign.objects.count() == 1


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"subject_b": " "}, "subject_b"),
        ({"subject_b": "De winter"}, "subject_b"),
        ({"percent": 51}, "percent"),
        ({"percent": 0}, "percent"),
        ({"number": 4}, "number"),
        ({"hours": 0}, "hours"),
        ({"hours": 169}, "hours"),
        ({"what": "time", "b_hours_later": 0}, "b_hours_later"),
        ({"what": "colour"}, "what"),
    ],
)
def test_what_cannot_be_says_why_and_makes_nothing(more: dict[str, Any], field: str) -> None:
    campaign = make_campaign(20)
    with pytest.raises(CampaignRefused) as refused:
        set_up(campaign, **more)
    assert refused.value.field == field
    assert not AbTest.objects.exists()
    assert Campaign.objects.count() == 1


def test_too_few_people_or_no_link_starts_nothing() -> None:
    campaign = make_campaign(20)
    with pytest.raises(CampaignRefused, match=r"too few|te weinig"):
        start(campaign, percent=10)
    Campaign.objects.filter(id=campaign.id).update(body="Zonder link.")
    with pytest.raises(CampaignRefused, match=r"no link|geen link"):
        start(campaign, percent=50)
    assert not Dispatch.objects.exists()
    assert AbTest.objects.get().state == "draft"


def test_a_number_of_people_for_each_version() -> None:
    campaign = make_campaign(400)
    test = start(campaign, number=40)
    assert test.share == 100_000
    work()
    assert 20 < len(people_of(campaign)) < 65


def test_half_and_half_leaves_no_rest() -> None:
    campaign = make_campaign(100)
    test = start(campaign, percent=50)
    work()
    press(test.other, 60)
    test = judge(test)
    assert (test.state, test.winner, test.rest) == ("done", "b", None)
    assert Message.objects.filter(state="sent").count() == 100
