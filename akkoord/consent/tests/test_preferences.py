"""What a link can do depends on how it came: a mail in hand only takes away (INV-24, INV-34)."""

import re
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from akkoord.consent import rhythm
from akkoord.consent.device_link import link_device
from akkoord.consent.models import PermissionEvent, Rhythm, SignUp, Standing, StopReason
from akkoord.consent.push_tokens import device_token
from akkoord.consent.tests import factories as make
from akkoord.consent.tests.test_devices import allow, browser, make_page
from akkoord.consent.tokens import fresh_link, preference_link, why_link
from akkoord.consent.withdraw import withdraw
from akkoord.delivery.models import OutboxMail
from akkoord.law.rhythm_rules import Rhythm as HowOften
from akkoord.law.states import Method
from akkoord.people.models import Company, ContactPoint, PushDevice, Relation
from akkoord.permission import queries
from akkoord.register.measuring import offer_measuring
from akkoord.register.models import Purpose

pytestmark = pytest.mark.django_db
NAME, ADDRESS = "Annabel Vanderzande", "anna@example.nl"


@pytest.fixture
def person() -> Client:
    return Client(HTTP_ACCEPT_LANGUAGE="nl", enforce_csrf_checks=True)


@pytest.fixture
def point() -> ContactPoint:
    """Somebody with the newsletter on and the offers off."""
    make.make_organisation()
    shown = make.make_form(make.make_topic(), make.make_topic("offers"))
    # A step back, so that what the pages do happens after it.
    signed_up = make.sign_up(
        shown,
        at=timezone.now() - timedelta(hours=2),
        given_name="Annabel",
        family_name="Vanderzande",
    )
    from akkoord.consent.confirm import confirm_sign_up

    confirm_sign_up(make.confirmation_token(signed_up), at=timezone.now() - timedelta(hours=2))
    found = ContactPoint.objects.select_related("person").get()
    withdraw(
        point_id=found.id,
        purpose_id=Purpose.objects.get(slug="offers").id,
        method=Method.PREFERENCE_CENTRE,
        actor=make.BY_PERSON,
        at=timezone.now() - timedelta(hours=1),
    )
    return found


def path_of(link: str) -> str:
    return link.removeprefix("http://127.0.0.1:8000")


def mail_link(point: ContactPoint, age: timedelta = timedelta(0)) -> str:
    return path_of(preference_link(point_id=point.id, at=timezone.now() - age))


def fresh(point: ContactPoint, age: timedelta = timedelta(0)) -> str:
    return path_of(fresh_link(point_id=point.id, at=timezone.now() - age))


def bare(text: str) -> str:
    """A page without the tokens of its language switch."""
    return re.sub(r'value="[^"]+"', "", text)


def purpose_id(slug: str = "newsletter") -> str:
    return str(Purpose.objects.get(slug=slug).id)


def reachable(at: Any = None) -> set[str]:
    at = at or timezone.now()
    return {
        topic.slug
        for topic in Purpose.objects.filter(is_topic=True)
        if queries.audience(topic, "email", at=at).exists()
    }


def test_inv34_the_link_in_a_mail_shows_nothing_of_anybody(
    person: Client, point: ContactPoint
) -> None:
    """A forwarded mail: not the name, not the address, not even what is on."""
    page = person.get(mail_link(point))
    text = page.content.decode()
    assert page.status_code == 200
    assert len(page.content) < 15_000
    assert "<script" not in text
    for told in ("Annabel", "Vanderzande", ADDRESS, "checked", "/waarom/", "/mijn/"):
        assert told not in text
    withdraw(
        point_id=point.id, method=Method.PREFERENCE_CENTRE, actor=make.BY_PERSON, at=timezone.now()
    )
    again = person.get(mail_link(point)).content.decode()
    assert bare(again) == bare(text)  # the same whatever stands


@pytest.mark.parametrize("age", [timedelta(0), timedelta(days=400)])
@pytest.mark.parametrize("link", [mail_link, fresh])
def test_inv24_any_link_stops_one_topic_with_one_press(
    person: Client, point: ContactPoint, link: Any, age: timedelta
) -> None:
    path = link(point, age)
    if link is fresh and not age:
        topic = str(Purpose.objects.get(slug="newsletter").versions.get().id)
        answer = person.post(path, {"do": "topics", "on_screen": [topic]})
    else:
        answer = person.post(path, {"do": "stop", "what": purpose_id()})
    assert answer.status_code == 200
    assert Standing.objects.get(purpose__slug="newsletter").state == "withdrawn"
    assert reachable() == set()


def test_inv24_everything_off_by_a_link_of_years_ago(person: Client, point: ContactPoint) -> None:
    assert person.post(mail_link(point, timedelta(days=600)), {"do": "off"}).status_code == 200
    assert set(Standing.objects.values_list("state", flat=True)) == {"withdrawn"}


def test_inv23_looking_changes_nothing(person: Client, point: ContactPoint) -> None:
    before = PermissionEvent.objects.count()
    for path in (mail_link(point), fresh(point), fresh(point, timedelta(days=3))):
        for ask in (person.get, person.head):
            assert ask(path + "?do=off").status_code == 200
    assert PermissionEvent.objects.count() == before
    assert not Rhythm.objects.exists()


acts = st.sampled_from(
    ["stop", "off", "pause", "less", "reason", "topics", "resume", "names", "address", "left", "x"]
)
days = st.integers(-3, 250).map(lambda n: (timezone.localdate() + timedelta(days=n)).isoformat())
posts = st.lists(
    st.fixed_dictionaries(
        {
            "do": acts,
            "slug": st.sampled_from(["newsletter", "offers", "alles", "nonsense"]),
            "often": st.sampled_from(["", "week", "month", "quarter", "x"]),
            "until": days,
        }
    ),
    min_size=1,
    max_size=6,
)


def data_of(post: dict[str, str]) -> dict[str, Any]:
    """Every field of both pages at once, as somebody who tries would send it."""
    topics = {topic.slug: topic for topic in Purpose.objects.filter(is_topic=True)}
    what = str(topics[post["slug"]].id) if post["slug"] in topics else post["slug"]
    versions = [str(topic.versions.get().id) for topic in topics.values()]
    return {
        **post,
        "what": what,
        "topic": versions,
        "on_screen": versions,
        "shown": "any",
        "sixteen": "on",
        "given_name": "Eve",
        "family_name": "Else",
        "language": "nl",
        "email": "eve@example.com",
        "reason": "too-often",
        "relation": str(Relation.objects.get().id),
        **{f"often-{version}": post["often"] for version in versions},
    }


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(drawn=posts, is_old_fresh=st.booleans(), before=st.sampled_from(["", "month", "paused"]))
def test_inv34_a_mail_in_hand_never_lets_more_come_and_never_tells(
    point: ContactPoint, drawn: list[dict[str, str]], is_old_fresh: bool, before: str
) -> None:
    """Whatever is posted with a mail's link, or with a fresh link that is old: at no moment does
    more come than would have come, nothing is changed of the person, nothing of them is shown."""
    client = Client()
    with transaction.atomic():
        company = Company.objects.create(name="Vanderzande BV", created_at=make.NOW)
        Relation.objects.create(
            person_id=point.person_id, company=company, kind="contact", since=date(2020, 1, 1)
        )
        now = timezone.now()
        purpose = Purpose.objects.get(slug="newsletter")
        if before == "month":
            rhythm.set_frequency(
                point_id=point.id, purpose_id=purpose.id, at_most=HowOften.MONTH, at=now
            )
            rhythm.take_turns([point.id], purpose_id=purpose.id, at=now)
        elif before == "paused":
            rhythm.pause(point_id=point.id, until=now.date() + timedelta(days=90), at=now)
        moments = [timezone.now() + timedelta(days=n) for n in (0, 1, 8, 32, 95, 190, 260)]
        could = [reachable(at) for at in moments]
        path = fresh(point, timedelta(days=2)) if is_old_fresh else mail_link(point)
        for post in drawn:
            page = client.post(path, data_of(post))
            assert page.status_code in (200, 422)
            text = page.content.decode()
            for told in ("Annabel", "Vanderzande", ADDRESS):
                assert told not in text
        for moment, then in zip(moments, could, strict=True):
            assert reachable(moment) <= then
        point.person.refresh_from_db()
        assert point.person.full_name == NAME
        assert Relation.objects.get().until is None
        assert ContactPoint.objects.count() == 1
        assert not SignUp.objects.filter(kind="address-change").exists()
        assert not OutboxMail.objects.filter(recipient="eve@example.com").exists()
        transaction.set_rollback(True)


def test_a_fresh_link_is_mailed_to_the_mailbox_and_opens_everything(
    person: Client, point: ContactPoint
) -> None:
    OutboxMail.objects.all().delete()
    person.post(mail_link(point), {"do": "fresh"})
    mail = OutboxMail.objects.get()
    assert (mail.kind, mail.recipient) == ("preference-link", ADDRESS)
    link = re.search(r"/v/[^/\s]+/", mail.text).group()
    text = person.get(link).content.decode()
    for told in ("Annabel", ADDRESS, "checked", "/waarom/", "/mijn/"):
        assert told in text


def test_topics_pauses_and_frequencies_by_the_fresh_link(
    person: Client, point: ContactPoint, django_assert_max_num_queries: Any
) -> None:
    path = fresh(point)
    with django_assert_max_num_queries(25):
        page = person.get(path)
    assert len(page.content) < 15_000
    topic = str(Purpose.objects.get(slug="newsletter").versions.get().id)
    save = {"do": "topics", "topic": [topic], "on_screen": [topic], f"often-{topic}": "month"}
    assert person.post(path, save).status_code == 200
    assert Rhythm.objects.get().at_most == "month"
    until = timezone.localdate() + timedelta(days=30)
    answer = person.post(path, {"do": "pause", "what": "alles", "until": until.isoformat()})
    assert answer.status_code == 200
    assert reachable() == set()
    assert reachable(timezone.now() + timedelta(days=31)) == {"newsletter"}
    assert person.post(path, {"do": "resume", "what": "alles"}).status_code == 200
    assert reachable() == {"newsletter"}
    assert person.post(path, save | {f"often-{topic}": ""}).status_code == 200
    assert not Rhythm.objects.exists()


def words_on(page: str) -> list[str]:
    """The pieces of text that somebody can read."""
    return [" ".join(each.split()) for each in re.split(r"<[^>]+>", unescape(page))]


def test_inv7_what_is_kept_of_a_yes_is_what_stood_on_the_screen(
    person: Client, point: ContactPoint
) -> None:
    measuring = offer_measuring(at=timezone.now(), actor=make.BY_PERSON)
    answer = person.get(fresh(point))
    rows = answer.context["page"].topics
    chosen = [row.version for row in rows if row.is_on or row.purpose == str(measuring.id)]
    values = {"do": "topics", "shown": answer.context["page"].shown, "topic": chosen}
    assert person.post(fresh(point), values).status_code == 200
    event = PermissionEvent.objects.get(purpose_version__purpose=measuring)
    assert event.collection_point is not None
    assert event.notice is not None
    shot, words = event.collection_point.snapshot, words_on(answer.content.decode())
    for said in (shot["question"], *(topic["sentence"] for topic in shot["topics"])):
        assert said in words
        assert said in event.notice.text


def test_inv7_the_page_of_a_device_shows_the_words_that_are_kept(
    person: Client, point: ContactPoint
) -> None:
    device = allow(make_page(make.make_topic("acties", channels=("push",))), at=timezone.now())
    path = f"/p/v/{device_token(point_id=device.id, at=timezone.now())}/"
    words = words_on(person.get(path).content.decode())
    assert "Ja, stuur mij pushberichten: Nieuws acties." in words


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"until": ""}, "Kies de dag"),
        ({"until": "31-31-2026"}, "Kies de dag"),
        ({"until": "2020-01-01"}, "nog moet komen"),
        ({"until": "2099-01-01"}, "zes maanden"),
        ({"what": "nonsense"}, "pauzeren"),
    ],
)
@pytest.mark.parametrize("link", [mail_link, fresh])
def test_a_pause_that_cannot_be_is_told_in_a_sentence(
    person: Client, point: ContactPoint, link: Any, values: dict[str, str], words: str
) -> None:
    until = (timezone.localdate() + timedelta(days=9)).isoformat()
    page = person.post(link(point), {"do": "pause", "what": "alles", "until": until} | values)
    assert page.status_code == 422
    assert words in page.content.decode()
    assert not Rhythm.objects.exists()


def test_a_reason_is_asked_after_the_act_only_and_is_optional(
    person: Client, point: ContactPoint
) -> None:
    for path in (mail_link(point), fresh(point)):
        assert 'name="reason"' not in person.get(path).content.decode()
    person.post(mail_link(point), {"do": "reason", "reason": "too-often"})
    assert not StopReason.objects.exists() or StopReason.objects.get().event is not None
    StopReason.objects.all().delete()
    page = person.post(mail_link(point), {"do": "off"})
    assert 'name="reason"' in page.content.decode()
    person.post(mail_link(point), {"do": "reason", "reason": "own words"})
    assert not StopReason.objects.exists()
    person.post(mail_link(point), {"do": "reason", "reason": "too-often"})
    person.post(mail_link(point), {"do": "reason", "reason": "not-for-me"})
    told = StopReason.objects.select_related("event").get()
    assert (told.reason, told.event.state) == ("not-for-me", "withdrawn")
    assert told.event.purpose_version.purpose.slug == "newsletter"


def test_somebody_leaves_a_company(person: Client, point: ContactPoint) -> None:
    company = Company.objects.create(name="Bakkerij Bos", created_at=make.NOW)
    other = make.make_point("other@example.nl")
    for who in (point, other):
        Relation.objects.create(
            person_id=who.person_id, company=company, kind="contact", since=date(2024, 1, 1)
        )
    mine = Relation.objects.get(person_id=point.person_id)
    theirs = Relation.objects.get(person_id=other.person_id)
    assert "Bakkerij Bos" in person.get(fresh(point)).content.decode()
    for relation in (mine, theirs):
        person.post(fresh(point), {"do": "left", "relation": str(relation.id)})
        relation.refresh_from_db()
    assert (mine.until, theirs.until) == (timezone.localdate(), None)
    assert "Bakkerij Bos" not in person.get(fresh(point)).content.decode()
    assert person.post(fresh(point), {"do": "left", "relation": "x"}).status_code == 422


def test_the_page_speaks_the_persons_language(point: ContactPoint) -> None:
    point.person.language = "en"
    point.person.save()
    dutch_browser = Client(HTTP_ACCEPT_LANGUAGE="nl")
    for path in (fresh(point), mail_link(point)):
        page = dutch_browser.get(path)
        assert "News newsletter" in page.content.decode()
        assert page["Content-Language"] == "en"
    assert "Voorkeuren" not in dutch_browser.get(fresh(point)).content.decode()


def test_an_old_why_link_still_offers_the_stop(person: Client, point: ContactPoint) -> None:
    standing = Standing.objects.get(purpose__slug="newsletter")
    link = why_link(
        point_id=point.id,
        purpose_id=standing.purpose_id,
        at=timezone.now() - timedelta(days=100),
    )
    page = person.get(path_of(link))
    assert page.status_code == 410
    stop = re.search(r'action="(/u/[^"]+/)"', page.content.decode()).group(1)
    person.post(stop, "page=1", content_type="application/x-www-form-urlencoded")
    assert Standing.objects.get(purpose__slug="newsletter").state == "withdrawn"


@pytest.fixture
def devices(point: ContactPoint) -> list[ContactPoint]:
    """Two devices of this person, and one of somebody else; a topic by push on each."""
    urgent = make.make_topic("urgent", channels=("email", "push"))
    shown = make_page(urgent)
    then = timezone.now() - timedelta(minutes=30)
    found = [allow(shown, browser(name), at=then) for name in ("mine-1", "mine-2", "theirs")]
    for device in found[:2]:
        assert link_device(device_id=device.id, mailbox_id=point.id, at=then)
    return found


def push_reachable() -> set[str]:
    urgent = Purpose.objects.get(slug="urgent")
    points = queries.audience(urgent, "push", at=timezone.now())
    return {str(each) for each in points.values_list("id", flat=True)}


def test_my_devices_stand_in_the_centre_and_one_goes_alone(
    person: Client,
    point: ContactPoint,
    devices: list[ContactPoint],
    django_assert_max_num_queries: Any,
) -> None:
    first, second, theirs = devices
    with django_assert_max_num_queries(27):
        text = person.get(fresh(point)).content.decode()
    assert text.count("Haal Firefox") == 2
    assert "News urgent" in text or "Nieuws urgent" in text
    assert str(theirs.id) not in text
    assert "push.example.com" not in text  # its end-point is shown to nobody
    page = person.post(fresh(point), {"do": "device", "device": str(first.id)})
    assert page.status_code == 200
    assert page.content.decode().count("Haal Firefox") == 1
    assert not PushDevice.objects.filter(contact_point=first).exists()  # address and keys are gone
    assert push_reachable() == {str(second.id), str(theirs.id)}  # the others go on
    assert reachable() == {"newsletter"}  # and so does the mail (INV-12)
    event = PermissionEvent.objects.filter(contact_point_ref=first.id).latest("recorded_at")
    assert (event.state, event.method, event.actor_kind) == (
        "withdrawn",
        "preference-centre",
        "person",
    )
    again = person.post(fresh(point), {"do": "device", "device": str(first.id)})
    assert again.status_code == 200  # twice is once
    assert PermissionEvent.objects.filter(contact_point_ref=first.id).count() == 2


@pytest.mark.parametrize("what", ["theirs", "mailbox", "nonsense", ""])
def test_nobody_takes_off_what_is_not_their_device(
    person: Client, point: ContactPoint, devices: list[ContactPoint], what: str
) -> None:
    value = {"theirs": str(devices[2].id), "mailbox": str(point.id)}.get(what, what)
    before = PermissionEvent.objects.count()
    page = person.post(fresh(point), {"do": "device", "device": value})
    assert page.status_code == (200 if value != what else 422)
    assert PermissionEvent.objects.count() == before
    assert PushDevice.objects.count() == 3
    assert reachable() == {"newsletter"}


@pytest.mark.parametrize("age", [timedelta(0), timedelta(days=400)])
def test_inv24_inv34_a_mail_in_hand_shows_no_device_and_still_stops_them_all(
    person: Client, point: ContactPoint, devices: list[ContactPoint], age: timedelta
) -> None:
    links = [mail_link(point, age)] + ([fresh(point, age)] if age else [])
    for path in links:
        text = person.get(path).content.decode()
        assert "Firefox" not in text
        assert str(devices[0].id) not in text
        answer = person.post(path, {"do": "device", "device": str(devices[0].id)})
        assert answer.status_code == 422
        assert PushDevice.objects.count() == 3
    person.post(links[0], {"do": "off"})
    assert push_reachable() == {str(devices[2].id)}
    assert PushDevice.objects.count() == 1
