"""Devices for push messages: allowed by their own browser, dropped with the last yes, linked by
the person's own act (INV-1, 2, 4, 5, 9, 12, 13, 14, 25, 34, 35)."""

import functools
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from akkoord.consent.device_link import link_device
from akkoord.consent.devices import (
    PushFacts,
    Subscription,
    allow_push,
    device_at,
    device_of,
    devices_of,
    drop_devices,
    renew_device,
    sweep_idle,
)
from akkoord.consent.models import CollectionPoint, PermissionEvent, Standing, Suppression
from akkoord.consent.push_pages import PushPageFacts, create_push_page, publish_push_page
from akkoord.consent.refusals import ConsentRefused
from akkoord.consent.tests.factories import (
    BY_PERSON,
    NOW,
    STAFF,
    make_form,
    make_organisation,
    make_point,
    make_topic,
    sign_up,
    version_of,
)
from akkoord.consent.tokens import StopPlace
from akkoord.consent.withdraw import object_to_marketing, stop_by_link, withdraw
from akkoord.consent.words_shown import words_to_choose
from akkoord.datamap.keys import keyed_hash
from akkoord.delivery.tests.push_service import Browser
from akkoord.law.reasons import Reason
from akkoord.law.states import Channel, Method
from akkoord.people.models import ContactPoint, Person, PersonAlias, PushDevice
from akkoord.permission.queries import ask
from akkoord.register.models import Purpose
from akkoord.trail.seal import seal
from akkoord.trail.verify import verify

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def topic() -> Purpose:
    make_organisation()
    return make_topic(channels=("email", "push"))


def make_page(*topics: Purpose) -> CollectionPoint:
    facts = PushPageFacts(name="Berichten", topic_ids=tuple(each.id for each in topics))
    form = create_push_page(facts=facts, at=NOW, actor=STAFF)
    return publish_push_page(form_id=form.id, at=NOW, actor=STAFF)[0]


@functools.cache
def browser(name: str = "1") -> Browser:
    return Browser(f"https://push.example.com/{name}")


def subscription(of: Browser) -> Subscription:
    return Subscription.read(of.endpoint, **of.keys)


def allow(
    shown: CollectionPoint, of: Browser | None = None, at: datetime = NOW, **values: object
) -> ContactPoint:
    facts: dict[str, object] = {
        "subscription": subscription(of or browser()),
        "version_ids": tuple(shown.purpose_version_ids),
        "browser": "Firefox",
        "ip": "203.0.113.77",
        **values,
    }
    return allow_push(shown=shown, facts=PushFacts(**facts), at=at)  # type: ignore[arg-type]


def may(point: ContactPoint, topic: Purpose, channel: str = "push", at: datetime = LATER) -> bool:
    return ask([point.id], topic, channel, at=at)[point.id].allowed


def test_a_yes_in_the_browser_is_push_for_the_ticked_topic_alone(topic: Purpose) -> None:
    other = make_topic("acties", channels=("email", "push"))
    shown = make_page(topic, other)
    point = allow(shown, version_ids=(version_of(topic).id,))
    assert may(point, topic)
    assert not may(point, other)
    event = PermissionEvent.objects.get(contact_point_ref=point.id)
    assert (event.channel, event.state, event.method) == ("push", "given", "browser")
    assert event.collection_point == shown
    assert event.evidence == {
        "browser": "Firefox",
        "network": "203.0.113.0",
        "notice_sha256": shown.notice.sha256,
    }
    device = device_at(point.id)
    assert device is not None
    assert device.network == "203.0.113.0"
    assert point.person.full_name == ""
    assert "push.example.com" not in point.value


def test_inv12_a_yes_to_push_is_none_to_mail_nor_the_other_way_round(topic: Purpose) -> None:
    point = allow(make_page(topic))
    mailbox = make_point("anna@example.nl", person=point.person)
    assert not may(mailbox, topic, "email")
    assert not may(point, topic, "email")
    assert may(point, topic)
    assert Standing.objects.filter(contact_point=mailbox).count() == 0


def test_inv09_each_topic_is_an_event_of_its_own(topic: Purpose) -> None:
    shown = make_page(topic, make_topic("acties", channels=("push",)))
    allow(shown)
    assert PermissionEvent.objects.count() == 2
    allow(shown)  # the same browser once more: nothing new
    assert PermissionEvent.objects.count() == 2
    assert ContactPoint.objects.count() == 1


def test_inv08_inv10_no_box_of_a_push_page_is_ticked_or_required(topic: Purpose) -> None:
    shown = make_page(topic)
    assert not shown.any_box_ticked
    assert not shown.any_box_required
    assert [each["channel"] for each in shown.snapshot["topics"]] == ["push"]
    assert shown.kind == "push"


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"version_ids": ()}, Reason.NO_AFFIRMATIVE_ACT),
        ({"version_ids": "other"}, Reason.NO_CHOICE),
    ],
)
def test_inv02_what_was_not_ticked_on_this_page_is_refused(
    topic: Purpose, values: dict[str, object], reason: Reason
) -> None:
    other = make_topic("acties", channels=("push",))
    if values["version_ids"] == "other":
        values = {"version_ids": (version_of(other).id,)}
    with pytest.raises(ConsentRefused) as refused:
        allow(make_page(topic), **values)
    assert refused.value.reason is reason
    assert not Person.objects.exists()
    assert not PushDevice.objects.exists()


def test_a_topic_that_comes_by_mail_only_stands_on_no_push_page(topic: Purpose) -> None:
    by_mail = make_topic("brief")
    with pytest.raises(Exception, match="push"):
        make_page(topic, by_mail)


def test_inv14_sixteen_is_asked_where_the_topic_asks(topic: Purpose) -> None:
    wine = make_topic("wijn", channels=("push",), asks_age=True)
    shown = make_page(wine)
    with pytest.raises(ConsentRefused) as refused:
        allow(shown)
    assert refused.value.reason is Reason.CHILD_WITHOUT_PARENT
    assert may(allow(shown, said_sixteen=True), wine)


@pytest.mark.parametrize(
    ("endpoint", "p256dh", "auth"),
    [
        ("https://127.0.0.1/x", None, None),
        ("https://database.internal/x", None, None),
        ("http://push.example.com/x", None, None),
        (None, "", None),
        (None, "BAAA", None),
        (None, None, "kort"),
        (None, 7, None),
        ({"a": 1}, None, None),
    ],
)
def test_bad_keys_and_inside_addresses_are_refused(
    endpoint: object, p256dh: object, auth: object
) -> None:
    good = browser()
    with pytest.raises(ConsentRefused) as refused:
        Subscription.read(
            good.endpoint if endpoint is None else endpoint,
            good.keys["p256dh"] if p256dh is None else p256dh,
            good.keys["auth"] if auth is None else auth,
        )
    assert (refused.value.reason, refused.value.field) == (Reason.BAD_ADDRESS, "subscription")


@pytest.mark.parametrize(
    "bad", [{"p256dh": "x" * 87}, {"auth": "short"}, {"endpoint": "javascript:alert(1)"}]
)
def test_the_database_refuses_bad_keys_too(topic: Purpose, bad: dict[str, str]) -> None:
    point = allow(make_page(topic))
    with pytest.raises(IntegrityError), transaction.atomic():
        PushDevice.objects.filter(contact_point=point).update(**bad)


def test_a_known_address_with_another_secret_is_refused(topic: Purpose) -> None:
    shown = make_page(topic)
    allow(shown, browser("1"))
    with pytest.raises(ConsentRefused):
        allow(shown, Browser(browser("1").endpoint))
    assert PushDevice.objects.count() == 1


def test_a_flood_from_one_network_ends(topic: Purpose, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("akkoord.consent.devices.PER_NETWORK", 2)
    shown = make_page(topic)
    allow(shown, browser("1"))
    allow(shown, browser("2"))
    with pytest.raises(ConsentRefused) as refused:
        allow(shown, browser("3"))
    assert refused.value.reason is Reason.TOO_MANY_ATTEMPTS
    allow(shown, browser("4"), ip="198.51.100.1")  # elsewhere it is quiet
    allow(shown, browser("5"), at=NOW + timedelta(hours=2))


def test_inv25_the_last_stop_drops_address_and_keys_at_once(topic: Purpose) -> None:
    other = make_topic("acties", channels=("push",))
    point = allow(make_page(topic, other))
    withdraw(
        point_id=point.id,
        purpose_id=topic.id,
        method=Method.BROWSER,
        actor=BY_PERSON,
        at=LATER,
    )
    assert device_at(point.id) is not None  # the other topic still comes
    withdraw(point_id=point.id, method=Method.BROWSER, actor=BY_PERSON, at=LATER)
    assert not PushDevice.objects.exists()
    point.refresh_from_db()
    assert point.ended_at == LATER
    assert not may(point, topic)
    assert Person.objects.get(id=point.person_id).judge_by == LATER.date()  # INV-44


def test_a_stop_by_another_way_is_swept(topic: Purpose) -> None:
    point = allow(make_page(topic))
    stop_by_link(StopPlace(point.id, topic.id, None), at=LATER)
    assert not may(point, topic)
    assert sweep_idle(at=NOW + timedelta(hours=2)) == 1
    assert not PushDevice.objects.exists()


def test_inv04_inv34_an_objection_drops_every_device(topic: Purpose) -> None:
    shown = make_page(topic)
    point = allow(shown)
    object_to_marketing(person_id=point.person_id, method=Method.STAFF, actor=STAFF, at=LATER)
    assert not PushDevice.objects.exists()
    assert Suppression.objects.filter(
        keyed_hash=keyed_hash(browser().endpoint), channel="push"
    ).exists()


def test_inv05_only_a_fresh_act_in_the_browser_brings_it_back(topic: Purpose) -> None:
    shown = make_page(topic)
    same = browser()
    point = allow(shown, same)
    object_to_marketing(person_id=point.person_id, method=Method.STAFF, actor=STAFF, at=LATER)
    assert not renew_device(point_id=point.id, subscription=subscription(browser("2")), at=LATER)
    again = allow(shown, same, at=LATER + timedelta(minutes=1))
    assert again.id != point.id
    assert may(again, topic, at=LATER + timedelta(minutes=2))


def test_what_the_push_service_forgot_expires_and_is_dropped(
    topic: Purpose, django_assert_max_num_queries: object
) -> None:
    shown = make_page(topic, make_topic("acties", channels=("push",)))
    points = [allow(shown, browser(str(n)), ip=f"203.0.{n}.1") for n in range(6)]
    with django_assert_max_num_queries(25):  # type: ignore[operator]  # the same for a thousand
        assert drop_devices(point_ids=[each.id for each in points], why="410", at=LATER) == 6
    assert not PushDevice.objects.exists()
    assert set(Standing.objects.values_list("state", flat=True)) == {"expired"}
    assert drop_devices(point_ids=[each.id for each in points], why="410", at=LATER) == 0
    assert Person.objects.exclude(judge_by=LATER.date()).count() == 0
    seal(LATER)
    report = verify()
    assert report.ok, report.faults


def test_a_renewed_address_is_the_same_device(topic: Purpose) -> None:
    shown = make_page(topic)
    point = allow(shown)
    fresh = browser("fresh")
    assert renew_device(point_id=point.id, subscription=subscription(fresh), at=LATER)
    device = device_at(point.id)
    assert device is not None
    assert (device.endpoint, device.renewed_at) == (fresh.endpoint, LATER)
    assert may(point, topic)
    assert device_of(fresh.endpoint, fresh.keys["auth"]) == device
    assert device_of(browser().endpoint, browser().keys["auth"]) is None
    point.refresh_from_db()
    assert bytes(point.keyed_hash) == keyed_hash(fresh.endpoint)
    # Another device's address cannot be taken.
    other = browser("other")
    allow(shown, other)
    with pytest.raises(ConsentRefused):
        renew_device(point_id=point.id, subscription=subscription(other), at=LATER)


def test_a_device_put_beside_a_mailbox_keeps_its_choices_and_gives_none(topic: Purpose) -> None:
    point = allow(make_page(topic))
    nobody = point.person_id
    mailbox = make_point()
    assert link_device(device_id=point.id, mailbox_id=mailbox.id, at=LATER)
    assert link_device(device_id=point.id, mailbox_id=mailbox.id, at=LATER)  # twice is once
    assert may(point, topic)
    assert not may(mailbox, topic, "email")  # INV-12
    assert [each.contact_point_id for each in devices_of(mailbox.person_id)] == [point.id]
    assert not Person.objects.filter(id=nobody).exists()
    assert PersonAlias.objects.get(old_id=nobody).person_id == mailbox.person_id
    seal(LATER)
    report = verify()
    assert report.ok, report.faults


def test_a_device_of_somebody_else_is_left_where_it_is(topic: Purpose) -> None:
    point = allow(make_page(topic))
    first, second = make_point("anna@example.nl"), make_point("bo@example.nl")
    assert link_device(device_id=point.id, mailbox_id=first.id, at=LATER)
    assert not link_device(device_id=point.id, mailbox_id=second.id, at=LATER)
    assert device_at(point.id).contact_point.person_id == first.person_id  # type: ignore[union-attr]
    # Nor does a mailbox become a device's, nor a device a mailbox.
    assert not link_device(device_id=first.id, mailbox_id=second.id, at=LATER)


def test_inv04_an_objection_after_the_yes_counts_for_a_device_that_is_linked(
    topic: Purpose,
) -> None:
    point = allow(make_page(topic))
    mailbox = make_point()
    object_to_marketing(person_id=mailbox.person_id, method=Method.STAFF, actor=STAFF, at=LATER)
    link_device(device_id=point.id, mailbox_id=mailbox.id, at=LATER + timedelta(minutes=1))
    assert not may(point, topic, at=LATER + timedelta(minutes=2))
    assert not PushDevice.objects.exists()


def test_inv01_a_topic_that_no_longer_comes_as_push_reaches_nobody(topic: Purpose) -> None:
    from akkoord.register.actions import offer_channels

    point = allow(make_page(topic))
    offer_channels(purpose_id=topic.id, channels=[Channel.EMAIL], at=LATER, actor=STAFF)
    answer = ask([point.id], topic, "push", at=LATER)[point.id]
    assert (answer.allowed, answer.reason) == (False, Reason.CHANNEL_NOT_OFFERED)


def test_inv35_forgetting_finds_an_end_point_wherever_somebody_copied_it(topic: Purpose) -> None:
    from akkoord.consent.models import Form
    from akkoord.datamap.needles import Kind, needles_of
    from akkoord.rights.forget import forget

    shown = make_page(topic)
    clean, copied = allow(shown, browser("clean")), allow(shown, browser("copied"))
    texts = needles_of([copied.person_id]).texts
    assert (Kind.PUSH, browser("copied").endpoint) in texts
    Form.objects.update(intro_nl=f"Zie {browser('copied').endpoint}")
    good = forget(person_id=clean.person_id, by="person", actor=BY_PERSON, at=LATER)
    assert (good.run.hits, good.run.state) == (0, "clean")
    blocked = forget(person_id=copied.person_id, by="person", actor=BY_PERSON, at=LATER)
    assert blocked.run.hits == 1
    assert blocked.run.state == "blocked"  # a false certificate is worse than none
    assert not PushDevice.objects.exists()


def test_inv12_a_page_for_push_is_no_form_for_mail_nor_the_other_way_round(topic: Purpose) -> None:
    """Its boxes name push: an address that is typed there would prove nothing for mail."""
    push_page, mail_form = make_page(topic), make_form(topic)
    with pytest.raises(ConsentRefused) as refused:
        sign_up(push_page, "anna@example.nl")
    assert (refused.value.reason, refused.value.field) == (Reason.NO_CHOICE, "topics")
    with pytest.raises(ConsentRefused) as refused:
        allow(mail_form)
    assert refused.value.reason is Reason.NO_CHOICE
    assert not Person.objects.exists()
    assert Client().get("/f/berichten/formulier.json").status_code == 404
    posted = {"shown": str(push_page.id), "email": "anna@example.nl"}
    answer = Client().post("/f/berichten/aanmelden/", posted, content_type="application/json")
    assert answer.status_code == 404
    assert [each.key for each in words_to_choose()] == [f"form:{mail_form.id}"] + [
        f"form:{each.id}"
        for each in CollectionPoint.objects.filter(form=mail_form.form).exclude(id=mail_form.id)
    ]
