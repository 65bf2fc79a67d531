"""The demo: complete, believable, provable, and gone without a trace."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.models import Count
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

from akkoord.campaigns.actions import preflight_campaign
from akkoord.campaigns.models import AbTest, Campaign, Series, SeriesLog, SeriesRun
from akkoord.consent.models import PermissionEvent, Standing
from akkoord.imports.models import Import
from akkoord.insight.demo import DemoRefused, DemoReport, load_demo, remove_demo
from akkoord.insight.demo_removal import added_since
from akkoord.messages.models import Dispatch, Message
from akkoord.people.models import ContactPoint, Person, PushDevice
from akkoord.permission.queries import audience
from akkoord.policy.queries import draft, versions
from akkoord.register.models import Organisation, Purpose
from akkoord.rights.models import RightsRequest
from akkoord.trail.verify import verify

AT = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[DemoReport]:
    """Loaded once; what a test does to it is rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield load_demo(contacts=120, at=AT)
        transaction.set_rollback(True)


def test_demo_has_something_for_every_screen(demo: DemoReport) -> None:
    assert demo.counts["people"] == 120
    assert demo.counts["topics"] == 4
    assert demo.counts["forms"] == 3  # one of them for push messages
    assert demo.counts["data_leaks"] == 1
    assert demo.counts["campaigns_sent"] == 6
    assert demo.counts["campaigns_draft"] == 2
    for kind in ("devices", "to_be_judged", "suppressed", "purchases", "messages", "requests"):
        assert demo.counts[kind] > 0, kind
    assert Person.objects.filter(is_known_child=True).exists()
    assert Person.objects.exclude(restricted_at=None).count() == 1
    assert RightsRequest.objects.filter(state="open").count() >= 3
    assert RightsRequest.objects.filter(state="done").exists()
    assert Organisation.objects.get().is_demo


def test_demo_has_a_policy_in_two_versions_that_says_what_it_does(demo: DemoReport) -> None:
    assert [each.number for each in versions()] == [2, 1]
    assert draft().is_published


def test_demo_reaches_nobody_real(demo: DemoReport) -> None:
    domains = {
        value.rpartition("@")[2]
        for value in ContactPoint.objects.exclude(channel="push").values_list("value", flat=True)
    }
    assert domains <= {"example.nl", "example.org", "example.com"}
    hosts = {
        urlsplit(each).hostname for each in PushDevice.objects.values_list("endpoint", flat=True)
    }
    assert hosts == {"push.example.com"}


def test_demo_has_devices_alone_and_one_person_with_two(demo: DemoReport) -> None:
    """The topic comes as push, each device may be reached, and none of it counts for mail."""
    urgent = Purpose.objects.get(slug="dringende-berichten")
    assert urgent.channels == ["email", "push"]
    devices = PushDevice.objects.select_related("contact_point__person")
    known = [each for each in devices if each.contact_point.person.source != "push"]
    assert len(known) == 2
    assert len({each.contact_point.person_id for each in known}) == 1
    assert len(devices) - len(known) >= 4
    assert audience(urgent, "push", at=AT).count() == len(devices)
    assert not PermissionEvent.objects.filter(channel="email", method="browser").exists()
    found = Campaign.objects.get(channel="push", dispatch=None)
    assert preflight_campaign(found, at=AT).may_be_mailed == len(devices)


def test_demo_ledger_verifies_and_standings_agree(demo: DemoReport) -> None:
    report = verify()
    assert report.faults == ()
    assert report.ok
    assert report.blocks >= 7


def test_demo_sent_only_where_the_gate_allowed(demo: DemoReport) -> None:
    """INV-1, INV-25: a sent message's evidence is a live event of that very address, of before."""
    sent = Message.objects.filter(state="sent")
    assert sent.count() > 60
    events = PermissionEvent.objects.in_bulk(sent.values_list("evidence_id", flat=True))
    for message in sent.select_related("dispatch"):
        event = events[message.evidence_id]
        assert event.contact_point_ref == message.contact_point_id
        assert event.state in ("given", "confirmed")
        assert event.recorded_at < message.dispatch.started_at
    reasons = set(Message.objects.filter(state="skipped").values_list("reason", flat=True))
    assert {"no-basis"} <= reasons


def test_demo_has_a_letter_in_two_versions_that_was_decided(demo: DemoReport) -> None:
    test = AbTest.objects.select_related("campaign", "other", "rest").get()
    assert (test.state, test.rest is not None) == ("done", True)
    assert test.outcome in ("a", "b", "too-few", "no-difference")
    assert test.rest is not None
    runs = [each.dispatch_id for each in (test.campaign, test.other, test.rest)]
    got = [
        set(Message.objects.filter(dispatch_id=run).values_list("person_id", flat=True))
        for run in runs
    ]
    assert all(got)
    assert not got[0] & got[1]
    assert not (got[0] | got[1]) & got[2]


def test_demo_has_a_series_that_goes_and_one_that_was_paused(demo: DemoReport) -> None:
    going, paused = Series.objects.order_by("id")
    assert (going.state, paused.state, going.problem, paused.problem) == ("on", "paused", "", "")
    assert SeriesRun.objects.filter(series=going, state="waiting").exists()
    letters = SeriesLog.objects.filter(run__series=going, what="letter").values_list("step")
    assert len(set(letters)) >= 2  # and the third where there are more people
    assert SeriesRun.objects.filter(series=paused).exists()
    assert not Message.objects.filter(state__in=["due", "claimed"]).exists()
    entered = SeriesRun.objects.count()
    assert SeriesLog.objects.filter(what="entered").count() == entered
    assert not SeriesLog.objects.filter(at__gt=AT).exists()


def test_demo_lies_in_the_past(demo: DemoReport) -> None:
    assert not PermissionEvent.objects.filter(recorded_at__gt=AT).exists()
    assert not Person.objects.filter(created_at__gt=AT).exists()
    first = PermissionEvent.objects.order_by("recorded_at").first()
    assert first is not None
    assert first.recorded_at < AT - timedelta(days=700)
    states = dict(Standing.objects.values_list("state").annotate(n=Count("id")))
    assert {"confirmed", "given", "requested", "objected"} <= set(states)


def test_demo_is_the_same_for_the_same_seed(demo: DemoReport) -> None:
    before = set(ContactPoint.objects.values_list("value", flat=True))
    remove_demo()
    again = load_demo(contacts=120, at=AT)
    assert set(ContactPoint.objects.values_list("value", flat=True)) == before
    assert again.counts == demo.counts
    assert again.password != demo.password


def test_demo_is_refused_beside_an_organisation(demo: DemoReport) -> None:
    with pytest.raises(DemoRefused):
        load_demo(contacts=120, at=AT)


def test_removal_leaves_nothing(demo: DemoReport) -> None:
    remove_demo()
    for model in apps.get_models():
        if (
            model.__module__.startswith("akkoord.")
            and model._meta.db_table != "datamap_keyfingerprint"
        ):
            assert not model._default_manager.exists(), model
    with connection.cursor() as cursor:  # the ledger's guards stand again
        cursor.execute("SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'D'")
        assert cursor.fetchone()[0] == 0


def test_removal_spares_people_that_were_added(demo: DemoReport) -> None:
    Person.objects.create(source="form", created_at=AT + timedelta(days=1), updated_at=AT)
    assert added_since() == 1
    with pytest.raises(DemoRefused):
        remove_demo()
    assert Person.objects.exclude(source="push").count() == 121
    remove_demo(including_added=True)
    assert not Person.objects.exists()


def test_removal_is_refused_once_real_people_are_in_it(demo: DemoReport, settings: Any) -> None:
    """A file that came in, or a letter through a mail server: proof of real people."""
    file = Import.objects.create(
        file_name="x.csv",
        file_sha256="",
        layout="plain",
        source="own-signup",
        state=Import.State.DONE,
        started_at=timezone.now(),
    )
    with pytest.raises(DemoRefused) as refusal:
        remove_demo(including_added=True)
    assert refusal.value.code == "in-use"
    Import.objects.filter(id=file.id).update(state=Import.State.UNDONE)
    sent = Dispatch.objects.order_by("-created_at").first()
    assert sent is not None
    Dispatch.objects.filter(id=sent.id).update(created_at=timezone.now())
    settings.SMTP_URL = "smtp://mail.example.org:25"
    with pytest.raises(DemoRefused):
        remove_demo(including_added=True)
    settings.SMTP_URL = ""  # the built-in mailbox: nothing left the machine
    remove_demo()
    assert not Organisation.objects.exists()


def test_removal_is_refused_for_a_real_organisation(demo: DemoReport) -> None:
    Organisation.objects.update(is_demo=False)
    with pytest.raises(DemoRefused):
        remove_demo(including_added=True)
    assert Campaign.objects.filter(part="").count() == 8
