"""The API: a key says no at once and never yes; the same answer for every address."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from akkoord.accounts.keys import keys, make_key, revoke_key, use_key
from akkoord.accounts.models import ApiKey
from akkoord.api.keys import PER_MINUTE
from akkoord.consent.confirm import confirm_sign_up
from akkoord.consent.models import PermissionEvent, SignUp, Standing, Suppression
from akkoord.consent.tests import factories as make
from akkoord.consent.withdraw import object_to_marketing
from akkoord.law.states import Method
from akkoord.people.joining import Choices, join_people
from akkoord.people.models import ContactPoint, Person
from akkoord.trail.models import Change

pytestmark = pytest.mark.django_db
V1 = "/api/v1"


class Shop:
    """A web shop with a key."""

    def __init__(self, role: str = "marketer") -> None:
        self.made = make_key(name="Web shop", role=role, at=make.NOW, actor=make.STAFF)
        self.client = Client(enforce_csrf_checks=True)

    def _headers(self, language: str) -> dict[str, str]:
        return {
            "Authorization": f"Bearer {self.made.secret}",
            "Accept-Language": language,
        }

    def post(self, path, speaks="en", **data):
        return self.client.post(
            V1 + path, data, content_type="application/json", headers=self._headers(speaks)
        )

    def get(self, path, speaks="en", **data):
        return self.client.get(V1 + path, data, headers=self._headers(speaks))


@pytest.fixture
def topic():
    make.make_organisation()
    make.make_topic("offers")
    return make.make_topic()


@pytest.fixture
def shop(topic):
    return Shop()


def agreed(topic, address="anna@example.nl"):
    """Somebody who confirmed everything on a form."""
    shown = make.make_form(topic) if not SignUp.objects.exists() else None
    shown = shown or SignUp.objects.first().collection_point
    token = make.confirmation_token(make.sign_up(shown, address))
    assert confirm_sign_up(token, at=make.NOW).events
    return ContactPoint.objects.get(normalised=address)


# ---- who asks ----


def test_a_request_without_a_key_that_works_is_refused(shop) -> None:
    for headers in ({}, {"Authorization": "Bearer akk_nothing"}, {"Authorization": "Basic YTpi"}):
        answer = Client().get(f"{V1}/topics", headers=headers)
        assert answer.status_code == 401
        assert answer["Content-Type"] == "application/problem+json"
        assert answer["WWW-Authenticate"] == "Bearer"
        assert answer.json()["reason"] == "no-key"
    assert shop.get("/topics").status_code == 200
    revoke_key(key_id=shop.made.key.id, at=make.NOW, actor=make.STAFF)
    assert shop.get("/topics").status_code == 401


def test_only_a_hash_of_the_key_is_kept_and_the_day_of_its_last_use(shop) -> None:
    row = ApiKey.objects.get()
    assert shop.made.secret not in str(row.__dict__)
    assert row.last_used_on is None
    shop.get("/topics")
    row.refresh_from_db()
    assert row.last_used_on is not None
    assert list(keys()) == [row]


def test_no_cookie_is_set_and_none_is_looked_at(shop, topic) -> None:
    for answer in (
        shop.get("/topics"),
        shop.post("/withdrawals", address="a@example.nl"),
        Client().get("/api/docs"),
        Client().get(f"{V1}/health"),
    ):
        assert answer.status_code < 300
        assert not answer.cookies
        assert "Set-Cookie" not in answer.headers


def test_a_key_may_ask_so_often_but_who_stops_is_never_counted_out(shop) -> None:
    now = make.NOW
    for _ in range(3):
        used = use_key(shop.made.secret, at=now)
    assert used.in_minute == 3
    assert use_key(shop.made.secret, at=now + timedelta(minutes=1)).in_minute == 1
    shop.get("/topics")
    ApiKey.objects.update(in_minute=PER_MINUTE)
    refused = shop.get("/topics")
    if refused.status_code == 200:  # the minute turned between the two
        ApiKey.objects.update(in_minute=PER_MINUTE)
        refused = shop.get("/topics")
    assert refused.status_code == 429
    assert refused["Retry-After"] == "60"
    assert refused.json()["reason"] == "too-many-requests"
    for path in ("/withdrawals", "/objections"):
        assert shop.post(path, address="anna@example.nl").status_code == 202


# ---- saying no ----


def test_a_withdrawal_works_at_once_and_answers_the_same_for_everybody(shop, topic) -> None:
    point = agreed(topic)
    known = shop.post("/withdrawals", address="Anna@Example.NL", topic="newsletter")
    unknown = shop.post("/withdrawals", address="nobody@example.nl", topic="newsletter")
    again = shop.post("/withdrawals", address="anna@example.nl", topic="newsletter")
    for answer in (known, unknown, again):
        assert (answer.status_code, answer.json()) == (202, {"accepted": True})
    assert known.headers.items() == unknown.headers.items()
    standing = Standing.objects.get(contact_point=point, purpose=topic)
    assert standing.state == "withdrawn"
    event = PermissionEvent.objects.get(id=standing.event_id)
    assert (event.method, event.actor_kind) == ("api", "import")
    trail = Change.objects.filter(action="permission.withdraw")
    assert set(trail.values_list("actor_kind", "actor_id")) == {("api", shop.made.key.id)}
    assert not Person.objects.exclude(id=point.person_id).exists()


def test_a_withdrawal_without_a_topic_stops_everything(shop, topic) -> None:
    point = agreed(topic)
    shop.post("/withdrawals", address="anna@example.nl")
    assert set(Standing.objects.filter(contact_point=point).values_list("state", flat=True)) == {
        "withdrawn"
    }
    assert Standing.objects.filter(contact_point=point).count() == 2


def test_inv34_an_objection_holds_for_unknown_addresses_too(shop, topic) -> None:
    agreed(topic)
    for address in ("anna@example.nl", "later@example.nl"):
        answer = shop.post("/objections", address=address)
        assert (answer.status_code, answer.json()) == (202, {"accepted": True})
    assert Standing.objects.filter(state="objected").count() == 2  # both topics
    assert Suppression.objects.count() == 2
    assert not ContactPoint.objects.filter(normalised="later@example.nl").exists()


def test_inv12_a_number_stops_its_own_channel(shop) -> None:
    calls = make.make_topic("calls", channels=("phone", "sms"))
    person = Person.objects.create(source="test", created_at=make.NOW, updated_at=make.NOW)
    for channel in ("phone", "sms"):
        ContactPoint.objects.create(
            person=person,
            channel=channel,
            value="0612345678",
            normalised="+31612345678",
            keyed_hash=b"0" * 32,
            source="test",
            created_at=make.NOW,
        )
    shop.post("/withdrawals", address="06 12345678", channel="phone", topic="calls")
    assert list(Standing.objects.values_list("channel", "purpose_id")) == [("phone", calls.id)]


# ---- never yes ----


def form_of(topic):
    return make.make_form(topic).form.slug


def test_inv05_inv13_a_sign_up_starts_the_confirmation_and_is_never_a_yes(shop, topic) -> None:
    data = {"form": form_of(topic), "address": "bram@example.nl", "topics": ["newsletter"]}
    answer = shop.post("/sign-ups", **data, visitor_ip="203.0.113.77")
    assert (answer.status_code, answer.json()) == (202, {"accepted": True})
    standing = Standing.objects.get()
    assert standing.state == "requested"
    event = PermissionEvent.objects.get()
    assert (event.method, event.actor_kind) == ("api", "import")
    assert "203.0.113.77" not in str(event.evidence)
    signed_up = SignUp.objects.get()
    assert signed_up.ip_truncated == "203.0.113.0"
    confirm_sign_up(make.confirmation_token(signed_up), at=signed_up.requested_at)
    standing.refresh_from_db()
    assert standing.state == "confirmed"


@pytest.mark.parametrize("extra", ["preconfirm", "confirmed", "state", "double_opt_in"])
def test_inv05_there_is_no_way_around_the_confirmation(shop, topic, extra) -> None:
    data = {"form": form_of(topic), "address": "bram@example.nl", "topics": ["newsletter"]}
    answer = shop.post("/sign-ups", **data, **{extra: True})
    assert answer.status_code == 422
    assert answer.json()["errors"] == [
        {"field": extra, "message": "This field does not exist here."}
    ]
    assert not PermissionEvent.objects.exists()


@pytest.mark.parametrize("how", ["objected", "withdrawn", "forgotten"])
def test_inv05_a_key_brings_nobody_back_who_said_no(shop, topic, how) -> None:
    point = agreed(topic)
    slug = SignUp.objects.get().collection_point.form.slug
    if how == "objected":
        object_to_marketing(
            person_id=point.person_id, method=Method.REPLY, actor=make.BY_PERSON, at=make.NOW
        )
    elif how == "withdrawn":
        shop.post("/withdrawals", address="anna@example.nl")
    else:
        from akkoord.rights.forget import forget

        forget(person_id=point.person_id, by="staff", actor=make.STAFF, at=make.NOW)
    before = SignUp.objects.count()
    data = {"form": slug, "address": "anna@example.nl", "topics": ["newsletter"]}
    answer = shop.post("/sign-ups", **data)
    assert (answer.status_code, answer.json()) == (202, {"accepted": True})  # tells nothing
    assert SignUp.objects.count() == before
    assert not Standing.objects.filter(state__in=["requested", "confirmed"]).exists()
    assert Person.objects.count() == (0 if how == "forgotten" else 1)


@pytest.mark.parametrize(
    ("data", "field", "reason"),
    [
        ({"form": "nothing"}, "form", "unknown-form"),
        ({"topics": ["offers"]}, "topics", "unknown-topic"),
        ({"topics": []}, "topics", "bad-field"),
        ({"address": "no address"}, "address", "bad-address"),
        ({"language": "fr"}, "language", "bad-field"),
        ({"first_name": "x" * 121}, "first_name", "bad-field"),
        ({"first_name": "a\0b"}, "first_name", "bad-field"),
        ({"form": "a\0b"}, "form", "bad-field"),
    ],
)
def test_bad_input_is_told_at_the_field(shop, topic, data, field, reason) -> None:
    good = {"form": form_of(topic), "address": "bram@example.nl", "topics": ["newsletter"]}
    answer = shop.post("/sign-ups", **(good | data))
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    told = answer.json()
    assert told["reason"] == reason
    assert [each["field"].split(".")[0] for each in told["errors"]] == [field]
    assert not SignUp.objects.exists()


def test_a_request_that_is_no_json_is_a_problem_too(shop) -> None:
    answer = shop.client.post(
        f"{V1}/withdrawals",
        b"{address",
        content_type="application/json",
        headers={"Authorization": f"Bearer {shop.made.secret}"},
    )
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    nothing = shop.get("/nothing")
    assert (nothing.status_code, nothing.json()["reason"]) == (404, "not-found")


def test_errors_come_in_the_language_that_is_asked_for(shop) -> None:
    told = shop.post("/withdrawals", speaks="nl", address="x y z").json()
    assert told["detail"] == "Dit is geen adres of nummer dat kan werken."
    assert "x y z" not in str(told)  # what was sent is not repeated


# ---- asking ----


def test_the_gates_answer_is_asked_per_topic(shop, topic, django_assert_max_num_queries) -> None:
    point = agreed(topic)
    with django_assert_max_num_queries(14):
        answer = shop.get("/permissions", address="anna@example.nl")
    assert answer.status_code == 200
    found = {each["topic"]: each for each in answer.json()}
    assert found["newsletter"]["allowed"] is True
    assert found["newsletter"]["reason"] is None
    assert found["offers"]["reason"] == "no-basis"
    assert Change.objects.get(action="person.read").subject_id == point.person_id
    unknown = shop.get("/permissions", address="nobody@example.nl").json()
    assert {each["reason"] for each in unknown} == {"no-basis"}


def test_every_role_may_ask_and_only_some_may_pass_sign_ups_on(topic) -> None:
    officer = Shop("privacy-officer")
    assert officer.get("/permissions", address="anna@example.nl").status_code == 200
    ApiKey.objects.update(role="owner")
    data = {"form": form_of(topic), "address": "c@example.nl", "topics": ["newsletter"]}
    assert officer.post("/sign-ups", **data).status_code == 202


def test_topics_and_health(shop) -> None:
    found = shop.get("/topics", speaks="nl").json()
    assert [each["slug"] for each in found] == ["offers", "newsletter"]
    assert found[1]["name"] == "Nieuws newsletter"
    assert Client().get(f"{V1}/health").json() == {"status": "ok"}


def test_the_description_is_openapi_31_and_the_page_is_made_from_it(shop) -> None:
    described = Client().get(f"{V1}/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    assert set(described["paths"]) == {
        f"{V1}/{name}"
        for name in (
            *("withdrawals", "objections", "requests", "permissions"),
            *("sign-ups", "topics", "health"),
        )
    }
    page = Client().get("/api/docs").content.decode()
    for path in described["paths"]:
        assert path in page
    assert "//cdn" not in page


def test_a_request_is_passed_on_and_the_clock_runs_from_when_it_was_heard(shop) -> None:
    from akkoord.rights.models import RightsRequest

    heard = "2026-11-20T10:00:00Z"
    sent = {"kinds": ["access"], "address": "Niemand@example.nl", "received_at": heard}
    assert shop.post("/requests", **sent).status_code == 202
    found = RightsRequest.objects.get()
    assert (found.channel, found.state, found.reply_to) == (
        "api",
        "waiting-identity",
        "niemand@example.nl",
    )
    assert found.received_at.isoformat() == "2026-11-20T10:00:00+00:00"
    for wrong, reason in (
        ({**sent, "address": "geen adres"}, "bad-address"),
        ({**sent, "received_at": "2999-01-01T00:00:00Z"}, "bad-field"),
        ({**sent, "words": "Mijn BSN is 111222333."}, "identity-papers"),
        ({**sent, "kinds": ["everything"]}, "bad-field"),
    ):
        answer = shop.post("/requests", **wrong)
        assert (answer.status_code, answer.json()["reason"]) == (422, reason)
    assert RightsRequest.objects.count() == 1


def test_inv34_an_objection_in_a_request_works_at_once_for_an_unknown_address(shop) -> None:
    sent = {"kinds": ["objection"], "address": "niemand@example.nl"}
    assert shop.post("/requests", **sent).status_code == 202
    assert Suppression.objects.get().reason == "objection"


def test_inv04_the_address_of_a_joined_record_answers_for_the_living_one(shop, topic) -> None:
    """Asked by it or stopped by it: the one person, at every address of theirs."""
    old = agreed(topic, "anna@example.nl")
    living = agreed(topic, "anna.dewit@example.org")
    join_people(
        old_id=old.person_id,
        new_id=living.person_id,
        choices=Choices(),
        at=timezone.now(),
        actor=make.STAFF,
    )
    for address in ("anna@example.nl", "anna.dewit@example.org"):
        answers = {each["topic"]: each for each in shop.get("/permissions", address=address).json()}
        assert answers[topic.slug]["allowed"], answers
    read = Change.objects.filter(action="person.read")
    assert set(read.values_list("subject_id", flat=True)) == {living.person_id}
    assert shop.post("/withdrawals", address="anna@example.nl", topic=topic.slug).status_code == 202
    for address in ("anna@example.nl", "anna.dewit@example.org"):
        answers = {each["topic"]: each for each in shop.get("/permissions", address=address).json()}
        assert not answers[topic.slug]["allowed"], address
