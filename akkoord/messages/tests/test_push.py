"""Push through the pipeline, to a push service that opens every message (INV-1, 2, 9, 12, 25)."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from akkoord.consent.device_link import link_device
from akkoord.consent.devices import PushFacts, Subscription, allow_push, device_at
from akkoord.consent.models import CollectionPoint
from akkoord.consent.tests.factories import (
    BY_PERSON,
    NOW,
    make_organisation,
    make_point,
    make_topic,
)
from akkoord.consent.tests.test_devices import make_page
from akkoord.consent.withdraw import take_off_device, withdraw
from akkoord.datamap.ids import uuid7
from akkoord.datamap.keys import vapid_public_key
from akkoord.delivery.outgoing import MayHandOver, OnOutcome, SendReport
from akkoord.delivery.push import PushPool
from akkoord.delivery.tests.push_service import DROP, Browser, PushService, push_service
from akkoord.law.reasons import Reason
from akkoord.law.states import Method
from akkoord.messages import closing
from akkoord.messages.deliver import run_dispatch
from akkoord.messages.dispatch import DispatchRefused, start_dispatch
from akkoord.messages.fan_out import fan_out
from akkoord.messages.models import Dispatch, Message
from akkoord.messages.preflight import preflight
from akkoord.messages.push import BODY, TITLE, PushSource, compile_push
from akkoord.messages.queries import dispatch_figures
from akkoord.messages.template import CompileError
from akkoord.people.models import ContactPoint, PushDevice
from akkoord.register.models import Purpose

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def service(settings: Any) -> Iterator[PushService]:
    settings.PUSH_LOOPBACK = True
    with push_service(vapid_public_key()) as found:
        yield found


@pytest.fixture
def topic() -> Purpose:
    make_organisation()
    return make_topic(channels=("email", "push"))


def make_push(**values: str) -> PushSource:
    facts = {
        "subject": "Winterbanden zijn er",
        "body": "Vandaag gratis gemonteerd in de winkel.",
        "link": "https://fietsen.example.nl/winter",
        "language": "nl",
        "contact": "info@fietsen.example.nl",
        "topic": "Nieuws",
        **values,
    }
    return PushSource(**facts)


def allow(shown: CollectionPoint, browser: Browser) -> ContactPoint:
    facts = PushFacts(
        Subscription.read(browser.endpoint, **browser.keys),
        tuple(shown.purpose_version_ids),
        browser="Firefox",
    )
    return allow_push(shown=shown, facts=facts, at=NOW)


def start(topic: Purpose, **values: str) -> Dispatch:
    return start_dispatch(
        purpose=topic,
        source=make_push(**values),
        segment="",
        approved_by=None,
        at=timezone.now(),
    )


def run(dispatch: Dispatch, at: datetime | None = None) -> Any:
    clock = (lambda: at) if at else timezone.now
    run_dispatch(dispatch.id, worker_id=uuid7(), clock=clock)
    return dispatch_figures(dispatch.id)


def test_inv01_each_device_gets_it_once_with_its_evidence(
    service: PushService, topic: Purpose
) -> None:
    shown = make_page(topic)
    browsers = [service.subscribe() for _ in range(40)]
    points = [allow(shown, each) for each in browsers]
    for point in points[:5]:
        withdraw(
            point_id=point.id, method=Method.BROWSER, actor=BY_PERSON, at=NOW + timedelta(hours=1)
        )
    dispatch = start(topic)
    assert dispatch.channel == "push"
    found = run(dispatch)
    assert (found.state, found.sent, found.failed, found.uncertain) == ("finished", 35, 0, 0)
    assert service.faults == []
    assert {each.endpoint for each in service.received} == {b.endpoint for b in browsers[5:]}
    assert len(service.received) == 35
    assert not Message.objects.filter(state="sent", evidence_id=None).exists()


def test_what_a_device_shows(service: PushService, topic: Purpose, client: Client) -> None:
    point = allow(make_page(topic), service.subscribe())
    dispatch = start(topic)
    run(dispatch)
    received = service.received[0]
    text = received.text
    assert text["title"] == "Winterbanden zijn er"
    assert text["url"] == "https://fietsen.example.nl/winter"
    assert text["words"]["stop"] == "Stoppen"  # type: ignore[index]
    assert received.claims["sub"] == "mailto:info@fietsen.example.nl"
    assert received.headers["topic"] == dispatch.id.hex
    assert int(received.headers["ttl"]) > 0
    page = client.get(urlsplit(str(text["page"])).path)
    assert page.status_code == 200
    assert client.post(urlsplit(str(text["stop"])).path).content == b"LAST"
    assert device_at(point.id) is None
    run(start(topic))
    assert len(service.received) == 1


def test_inv12_mail_people_get_no_push_and_push_people_no_mail(
    service: PushService, topic: Purpose
) -> None:
    from akkoord.delivery.transports import MemoryTransport
    from akkoord.messages.tests.factories import make_many, make_source

    make_many(3, topic)
    allow(make_page(topic), service.subscribe())
    assert run(start(topic)).sent == 1
    mail = start_dispatch(
        purpose=topic, source=make_source(), segment="", approved_by=None, at=timezone.now()
    )
    memory = MemoryTransport()
    run_dispatch(mail.id, worker_id=uuid7(), transport=memory)
    assert len(memory.handed_over) == 3


def test_a_device_that_is_no_more_is_dropped(service: PushService, topic: Purpose) -> None:
    shown = make_page(topic)
    points = [allow(shown, service.subscribe(str(n))) for n in range(3)]
    service.answers[f"{service.url}/push/0"] = [410]
    service.answers[f"{service.url}/push/1"] = [404]
    found = run(start(topic))
    assert (found.sent, found.failed) == (1, 2)
    assert [device_at(each.id) is None for each in points] == [True, True, False]
    assert run(start(topic)).sent == 1  # it is not even asked any more
    assert len(service.received) == 2


def test_many_that_are_no_more_do_not_pause_the_rest(
    service: PushService, topic: Purpose, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("akkoord.messages.deliver.ALL_REFUSED", 3)
    monkeypatch.setattr("akkoord.messages.deliver.HAND_OVER", 4)
    shown = make_page(topic)
    for n in range(8):
        allow(shown, service.subscribe(str(n)))
        if n < 6:
            service.answers[f"{service.url}/push/{n}"] = [410]
    found = run(start(topic))
    assert (found.state, found.sent, found.failed) == ("finished", 2, 6)


def test_a_push_service_that_refuses_us_pauses_the_campaign(
    service: PushService, topic: Purpose, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("akkoord.messages.deliver.ALL_REFUSED", 3)
    monkeypatch.setattr("akkoord.messages.deliver.HAND_OVER", 4)
    shown = make_page(topic)
    for n in range(12):
        allow(shown, service.subscribe(str(n)))
        service.answers[f"{service.url}/push/{n}"] = [403]
    found = run(start(topic))
    assert (found.state, found.pause_reason) == ("paused", "transport-refused")
    assert PushDevice.objects.count() == 12  # nothing of it is the people's fault


def test_retry_after_is_obeyed_and_then_it_arrives(service: PushService, topic: Purpose) -> None:
    browser = service.subscribe()
    allow(make_page(topic), browser)
    service.answers[browser.endpoint] = [(429, {"Retry-After": "7200"})]
    dispatch = start(topic)
    now = timezone.now()
    found = run(dispatch, now)
    assert (found.sent, found.due) == (0, 1)
    assert Message.objects.get().due_at >= now + timedelta(hours=2)
    assert run(dispatch, now + timedelta(hours=1)).due == 1
    assert service.received == []
    found = run(dispatch, now + timedelta(hours=3))
    assert (found.state, found.sent) == ("finished", 1)
    assert len(service.received) == 1


def test_lost_after_hand_over_is_uncertain_and_never_sent_again(
    service: PushService, topic: Purpose
) -> None:
    browser = service.subscribe()
    allow(make_page(topic), browser)
    service.answers[browser.endpoint] = [DROP]
    dispatch = start(topic)
    found = run(dispatch)
    assert (found.sent, found.uncertain, found.state) == (0, 1, "finished")
    closing.release_lost(at=timezone.now() + timedelta(days=1))
    assert run(dispatch).uncertain == 1
    assert service.received == []


class Dying:
    """A worker that is killed after the bytes left: nothing is recorded."""

    name = "dying"
    leaves_database_alone = True

    def __init__(self) -> None:
        self.pool = PushPool(1, loopback=True)

    def send_many(
        self, messages: Any, _on_outcome: OnOutcome, may_hand_over: MayHandOver = lambda _: True
    ) -> SendReport:
        self.pool.send_many(messages, lambda _: None, may_hand_over)
        raise KeyboardInterrupt

    def close(self) -> None:
        self.pool.close()


def test_a_worker_that_dies_leaves_uncertain_and_no_second_message(
    service: PushService, topic: Purpose
) -> None:
    allow(make_page(topic), service.subscribe())
    dispatch = start(topic)
    dying = Dying()
    with pytest.raises(KeyboardInterrupt):
        run_dispatch(dispatch.id, worker_id=uuid7(), transport=dying)
    dying.close()
    assert len(service.received) == 1
    later = timezone.now() + timedelta(hours=1)
    assert closing.release_lost(at=later) == {"due": 0, "uncertain": 1}
    found = run(dispatch, later)
    assert found.uncertain == 1
    assert len(service.received) == 1


def test_inv25_who_stops_while_it_is_sent_gets_nothing(
    service: PushService, topic: Purpose, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("akkoord.messages.deliver.HAND_OVER", 1)
    shown = make_page(topic)
    points = [allow(shown, service.subscribe(str(n))) for n in range(3)]
    dispatch = start(topic)
    from akkoord.messages.fan_out import fan_out

    fan_out(dispatch.id)
    withdraw(point_id=points[1].id, method=Method.BROWSER, actor=BY_PERSON, at=timezone.now())
    found = run(dispatch)
    assert found.sent == 2
    assert {each.endpoint for each in service.received} == {
        f"{service.url}/push/0",
        f"{service.url}/push/2",
    }
    assert sum(found.skipped.values()) == 1


def test_inv35_who_is_forgotten_while_it_is_sent_gets_nothing(
    service: PushService, topic: Purpose
) -> None:
    from akkoord.messages.fan_out import fan_out
    from akkoord.rights.forget import forget

    shown = make_page(topic)
    gone, stays = (allow(shown, service.subscribe(name)) for name in ("gone", "stays"))
    dispatch = start(topic)
    fan_out(dispatch.id)
    certificate = forget(person_id=gone.person_id, by="person", actor=BY_PERSON, at=timezone.now())
    assert certificate.run.hits == 0, certificate
    found = run(dispatch)
    assert found.sent == 1
    assert [each.endpoint for each in service.received] == [f"{service.url}/push/stays"]
    assert device_at(stays.id) is not None


@pytest.mark.parametrize(
    ("values", "code", "part"),
    [
        ({"subject": " "}, "empty-subject", "subject"),
        ({"subject": "x" * (TITLE + 1)}, "push-too-long", "subject"),
        ({"body": ""}, "empty-body", "body"),
        ({"body": "x" * (BODY + 1)}, "push-too-long", "body"),
        ({"body": "Dag {{ first_name }}"}, "push-no-fields", "body"),
        ({"body": "een\ntwee"}, "push-one-line", "body"),
        ({"link": ""}, "push-link", "link"),
        ({"link": "http://fietsen.example.nl"}, "push-link", "link"),
        ({"link": "javascript:alert(1)"}, "push-link", "link"),
        ({"link": "https://"}, "push-link", "link"),
        ({"link": "https://user@fietsen.example.nl"}, "push-link", "link"),
        ({"link": "https://fietsen.example.nl/ x"}, "push-link", "link"),
        ({"contact": ""}, "bad-address", "sender"),
    ],
)
def test_what_cannot_be_a_push_message(values: dict[str, str], code: str, part: str) -> None:
    with pytest.raises(CompileError) as problem:
        compile_push(make_push(**values))
    assert (problem.value.code, problem.value.part) == (code, part)


def test_the_longest_message_fits_in_one_record() -> None:
    compiled = compile_push(
        make_push(
            subject="é" * TITLE,
            body="€" * BODY,
            link="https://a.example.nl/" + "x" * 970,
            topic="x" * 120,
        )
    )
    payload = compiled.payload(
        dispatch_id=uuid7(), purpose_id=uuid7(), point_id=uuid7(), message_id=uuid7(), at=NOW
    )
    browser = Browser("https://push.example.com/x")
    from akkoord.messages.push import sealed

    assert json.loads(browser.open(sealed(payload, **browser.keys)))["title"] == "é" * TITLE


def test_preflight_counts_devices_and_names_what_blocks(topic: Purpose, settings: Any) -> None:
    allow(make_page(topic), Browser("https://push.example.com/1"))
    found = preflight(purpose=topic, source=make_push(), segment="", at=timezone.now())
    assert (found.selected, found.may_be_mailed, found.blocking) == (1, 1, [])
    assert [each.code for each in found.warnings] == ["links-not-checked"]
    by_mail = make_topic("brief")
    found = preflight(purpose=by_mail, source=make_push(), segment="", at=timezone.now())
    assert "channel-not-offered" in {each.code for each in found.blocking}
    assert found.reasons == {Reason.CHANNEL_NOT_OFFERED: 1}
    settings.BASE_URL = "http://winkel.example.nl"
    found = preflight(purpose=topic, source=make_push(), segment="", at=timezone.now())
    assert [each.code for each in found.blocking] == ["not-public-url"]
    with pytest.raises(DispatchRefused):
        start(topic)


def test_what_was_changed_after_approval_is_not_sent(service: PushService, topic: Purpose) -> None:
    allow(make_page(topic), service.subscribe())
    dispatch = start(topic)
    Dispatch.objects.filter(id=dispatch.id).update(
        template=make_push(subject="Iets anders").as_json()
    )
    found = run(dispatch)
    assert (found.state, found.pause_reason) == ("paused", "content-changed")
    assert service.received == []


def two_devices(topic: Purpose, service: PushService) -> tuple[list[Browser], list[ContactPoint]]:
    """Somebody with two devices beside one mailbox, and somebody with one device alone."""
    shown, mailbox = make_page(topic), make_point()
    browsers = [service.subscribe() for _ in range(3)]
    points = [allow(shown, each) for each in browsers]
    for point in points[:2]:
        assert link_device(device_id=point.id, mailbox_id=mailbox.id, at=NOW)
    return browsers, points


def test_each_device_of_somebody_gets_it_and_none_twice(
    service: PushService, topic: Purpose
) -> None:
    browsers, _points = two_devices(topic, service)
    found = preflight(purpose=topic, source=make_push(), segment="", at=timezone.now())
    assert (found.selected, found.may_be_mailed, found.reached) == (3, 3, 2)
    dispatch = start(topic)
    done = run(dispatch)
    assert (done.state, done.audience, done.sent) == ("finished", 3, 3)
    # The fan-out again, as after a worker that was killed before its last step: nobody twice.
    Dispatch.objects.filter(id=dispatch.id).update(state="running", fanned_out_at=None)
    assert fan_out(dispatch.id)
    Message.objects.filter(dispatch=dispatch).update(person_id=None)  # as if all were forgotten:
    Dispatch.objects.filter(id=dispatch.id).update(fanned_out_at=None)  # the place is lost too
    assert fan_out(dispatch.id)
    assert run(dispatch).sent == 3
    assert sorted(each.endpoint for each in service.received) == sorted(
        each.endpoint for each in browsers
    )
    assert service.faults == []


def test_a_device_that_is_linked_meanwhile_gets_it_once(
    service: PushService, topic: Purpose
) -> None:
    """The device stood under nobody when its row was written, and under somebody after it."""
    shown = make_page(topic)
    browsers = [service.subscribe() for _ in range(2)]
    points = [allow(shown, each) for each in browsers]
    mailbox = make_point()  # a later person: the fan-out has not come to them yet
    dispatch = start(topic)
    assert fan_out(dispatch.id)
    for point in points:
        assert link_device(device_id=point.id, mailbox_id=mailbox.id, at=NOW)
    Dispatch.objects.filter(id=dispatch.id).update(fanned_out_at=None)
    assert run(dispatch).sent == 2
    assert len(service.received) == 2


@pytest.mark.parametrize(
    ("to_device", "same_point", "refused"),
    [(True, False, False), (True, True, True), (False, False, True), (False, True, True)],
)
def test_the_database_keeps_once_per_mailbox_owner_and_once_per_device(
    topic: Purpose, to_device: bool, same_point: bool, refused: bool
) -> None:
    allow(make_page(topic), Browser("https://push.example.com/1"))
    dispatch = start(topic)
    person, point = uuid7(), uuid7()
    for key in (point, point if same_point else uuid7()):
        row = Message(
            dispatch=dispatch,
            person_id=person,
            contact_point_id=key,
            to_device=to_device,
            due_at=NOW,
        )
        if key == point and not Message.objects.filter(contact_point_id=point).exists():
            row.save()
        elif refused:
            with pytest.raises(IntegrityError), transaction.atomic():
                row.save()
        else:
            row.save()


def test_inv25_one_device_off_leaves_the_other_on(service: PushService, topic: Purpose) -> None:
    browsers, points = two_devices(topic, service)
    person_id = device_at(points[0].id).contact_point.person_id  # type: ignore[union-attr]
    dispatch = start(topic)
    assert fan_out(dispatch.id)
    assert take_off_device(point_id=points[0].id, person_id=person_id, at=timezone.now())
    found = run(dispatch)
    assert (found.sent, found.skipped) == (2, {Reason.ADDRESS_ENDED.value: 1})
    assert {each.endpoint for each in service.received} == {b.endpoint for b in browsers[1:]}


@pytest.mark.usefixtures("new_files")
def test_the_fan_out_finds_its_place_in_one_index(topic: Purpose) -> None:
    """Also for push, where a person may have several rows."""
    from django.db import connection

    from akkoord.messages.fan_out import _KINDS, _PLACE

    allow(make_page(topic), Browser("https://push.example.com/1"))
    dispatch = start(topic)
    for is_push, index in ((True, "messages_once_per_device"), (False, "messages_once_per_person")):
        with connection.cursor() as cursor:
            cursor.execute("SET enable_seqscan = off")
            cursor.execute("EXPLAIN " + _PLACE.format(kind=_KINDS[is_push]), [dispatch.id])
            plan = "\n".join(row[0] for row in cursor.fetchall())
            cursor.execute("RESET enable_seqscan")
        assert index in plan
