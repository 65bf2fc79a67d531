"""From the form to the confirmation: one mail, one press, one effect."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from akkoord.consent.challenge import FROM_NETWORK, make_ticket
from akkoord.consent.confirm import Confirmation, confirm_sign_up, look_at_confirmation
from akkoord.consent.expire import expire_sign_ups
from akkoord.consent.models import PermissionEvent, SignUp, Standing, Suppression
from akkoord.consent.rebuild import standing_faults
from akkoord.consent.refusals import ConsentRefused
from akkoord.consent.sign_up import SignUpFacts, request_sign_up
from akkoord.consent.suppression import in_the_way, suppress
from akkoord.consent.tests import factories as make
from akkoord.consent.withdraw import object_to_marketing
from akkoord.datamap.ids import uuid7
from akkoord.datamap.keys import keyed_hash
from akkoord.law.reasons import Reason
from akkoord.law.states import Method
from akkoord.people.models import ContactPoint, Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def shown():
    make.make_organisation()
    return make.make_form(make.make_topic(), make.make_topic("offers"))


def mails() -> int:
    return SignUp.objects.filter(mailed_at__isnull=False).count()


def test_a_sign_up_makes_a_person_who_waits(shown) -> None:
    signed_up = make.sign_up(shown, " Anna@Example.NL ", given_name="Anna")
    assert signed_up.contact_point.normalised == "anna@example.nl"
    assert set(Standing.objects.values_list("state", flat=True)) == {"requested"}
    # Names wait for the confirmation too.
    assert Person.objects.get().given_name == ""
    assert signed_up.ip_truncated == "203.0.113.0"
    assert "203.0.113.77" not in str(list(PermissionEvent.objects.values_list("evidence")))


def test_inv13_confirming_grants_each_topic_with_its_evidence(shown) -> None:
    signed_up = make.sign_up(shown, given_name="Anna", family_name="de Vries")
    later = make.NOW + timedelta(hours=1)
    done = confirm_sign_up(make.confirmation_token(signed_up), at=later, ip="198.51.100.9")
    assert done.outcome is Confirmation.CONFIRMED
    assert {event.state for event in done.events} == {"confirmed"}
    for event in done.events:
        # INV-7, INV-9: exact wording, one purpose and one channel each.
        assert event.notice_id == shown.notice_id
        assert event.collection_point_id == shown.id
        assert event.evidence["network"] == "203.0.113.0"
        assert event.evidence["confirmed_network"] == "198.51.100.0"
    assert len({event.purpose_version.purpose_id for event in done.events}) == 2
    assert set(Standing.objects.values_list("state", flat=True)) == {"confirmed"}
    point = ContactPoint.objects.select_related("person").get()
    assert (point.verified_at, point.person.full_name) == (later, "Anna de Vries")
    assert list(standing_faults()) == []


def test_looking_confirms_nothing(shown) -> None:
    token = make.confirmation_token(make.sign_up(shown))
    assert look_at_confirmation(token, at=make.NOW).outcome is Confirmation.WAITING
    assert set(Standing.objects.values_list("state", flat=True)) == {"requested"}


def test_a_second_confirmation_changes_nothing_and_says_so(shown) -> None:
    token = make.confirmation_token(make.sign_up(shown))
    confirm_sign_up(token, at=make.NOW)
    before = PermissionEvent.objects.count()
    assert confirm_sign_up(token, at=make.NOW).outcome is Confirmation.ALREADY
    assert PermissionEvent.objects.count() == before


def test_an_old_confirmation_does_not_undo_a_later_stop(shown) -> None:
    signed_up = make.sign_up(shown)
    token = make.confirmation_token(signed_up)
    confirm_sign_up(token, at=make.NOW)
    object_to_marketing(
        person_id=signed_up.person_id, method=Method.STAFF, actor=make.STAFF, at=make.NOW
    )
    confirm_sign_up(token, at=make.NOW + timedelta(hours=1))
    assert set(Standing.objects.values_list("state", flat=True)) == {"objected"}


@pytest.mark.parametrize("token", ["", "x", "AAAA", "é", "a" * 4000])
def test_a_forged_token_is_refused(shown, token: str) -> None:
    make.sign_up(shown)
    assert confirm_sign_up(token, at=make.NOW).outcome is Confirmation.INVALID


def test_inv13_a_confirmation_expires(shown) -> None:
    token = make.confirmation_token(make.sign_up(shown))
    late = make.NOW + timedelta(days=8)
    assert confirm_sign_up(token, at=late).outcome is Confirmation.EXPIRED
    assert set(Standing.objects.values_list("state", flat=True)) == {"requested"}


def test_inv13_one_mail_in_24_hours(shown) -> None:
    make.sign_up(shown)
    make.sign_up(shown)
    first, second = shown.purpose_version_ids
    make.sign_up(shown, version_ids=(first,))
    assert mails() == 1
    make.sign_up(shown, version_ids=(second,), at=make.NOW + timedelta(hours=24))
    assert mails() == 2


def test_one_mail_serves_all_requests_of_the_mailbox(shown) -> None:
    first, second = shown.purpose_version_ids
    one = make.sign_up(shown, version_ids=(first,))
    make.sign_up(shown, version_ids=(second,), at=make.NOW + timedelta(hours=1))
    later = make.NOW + timedelta(hours=2)
    token = make.confirmation_token(one)
    looked = look_at_confirmation(token, at=later)
    assert len(looked.versions) == 2
    confirm_sign_up(token, at=later, shown=[each.id for each in looked.sign_ups])
    assert set(Standing.objects.values_list("state", flat=True)) == {"confirmed"}


def test_what_was_not_on_the_page_is_not_confirmed(shown) -> None:
    first, second = shown.purpose_version_ids
    one = make.sign_up(shown, version_ids=(first,))
    make.sign_up(shown, version_ids=(second,))
    confirm_sign_up(make.confirmation_token(one), at=make.NOW)
    assert sorted(Standing.objects.values_list("state", flat=True)) == ["confirmed", "requested"]


def test_sign_ups_of_somebody_else_are_not_confirmed_along(shown) -> None:
    other = make.sign_up(shown, "bob@example.nl")
    mine = make.sign_up(shown, "anna@example.nl")
    confirm_sign_up(make.confirmation_token(mine), at=make.NOW, shown=[other.id])
    assert Standing.objects.filter(person=other.person, state="confirmed").count() == 0


def test_a_known_address_keeps_its_names_until_it_confirms(shown) -> None:
    point = make.make_point()
    Person.objects.update(given_name="Anna")
    signed_up = make.sign_up(shown, given_name="Grap")
    assert signed_up.person_id == point.person_id
    assert Person.objects.get().given_name == "Anna"


def test_inv05_a_confirmed_sign_up_lifts_an_objection_within_its_topics(shown) -> None:
    first = make.sign_up(shown)
    confirm_sign_up(make.confirmation_token(first), at=make.NOW)
    object_to_marketing(
        person_id=first.person_id, method=Method.STAFF, actor=make.STAFF, at=make.NOW
    )
    later = make.NOW + timedelta(days=2)
    chosen, _other = shown.purpose_version_ids
    again = make.sign_up(shown, version_ids=(chosen,), at=later)
    assert Suppression.objects.get().scope == "marketing"  # asking lifts nothing
    assert again.mailed_at == later  # but the person's own act is answered
    confirm_sign_up(make.confirmation_token(again), at=later)
    states = dict(Standing.objects.values_list("purpose__slug", "state"))
    assert states == {"newsletter": "confirmed", "offers": "objected"}
    entry = Suppression.objects.get()
    assert (entry.scope, entry.lifted_for) == ("marketing", ["newsletter"])


def test_inv05_the_person_comes_back_after_an_erasure(shown) -> None:
    suppress(
        keyed_hash=keyed_hash("anna@example.nl"),
        channel="email",
        reason="erasure",
        at=make.NOW,
        actor=make.STAFF,
    )
    later = make.NOW + timedelta(days=1)
    signed_up = make.sign_up(shown, at=later)
    assert signed_up.mailed_at == later
    confirm_sign_up(make.confirmation_token(signed_up), at=later)
    assert Suppression.objects.get().lifted_for == ["newsletter", "offers"]
    assert not in_the_way(
        keyed_hash=keyed_hash("anna@example.nl"), channel="email", slug="offers"
    ).exists()


@pytest.mark.parametrize(
    ("values", "reason", "field"),
    [
        ({"version_ids": ()}, Reason.NO_AFFIRMATIVE_ACT, "topics"),
        ({"email": "anna"}, Reason.BAD_ADDRESS, "email"),
        ({"email": ""}, Reason.BAD_ADDRESS, "email"),
        ({"version_ids": (uuid7(),)}, Reason.NO_CHOICE, "topics"),
    ],
)
def test_bad_input_is_refused_at_its_field(shown, values, reason, field) -> None:
    facts = {"email": "anna@example.nl", "version_ids": tuple(shown.purpose_version_ids)} | values
    with pytest.raises(ConsentRefused) as refused:
        request_sign_up(collection_point=shown, facts=SignUpFacts(**facts), at=make.NOW)
    assert (refused.value.reason, refused.value.field) == (reason, field)
    assert not Person.objects.exists()


def test_inv09_terms_are_no_consent_and_must_be_accepted(shown) -> None:
    topic = make.make_topic("club")
    form = make.make_form(topic, slug="club", kind="checkout", asks_terms=True, terms_url="/terms/")
    with pytest.raises(ConsentRefused) as refused:
        make.sign_up(form)
    assert refused.value.field == "terms"
    make.sign_up(form, terms_accepted=True)
    assert PermissionEvent.objects.count() == 1  # the topic, not the terms


def test_inv14_sixteen_is_asked_where_a_topic_asks_it(shown) -> None:
    form = make.make_form(make.make_topic("beer", asks_age=True), slug="beer")
    with pytest.raises(ConsentRefused) as refused:
        make.sign_up(form)
    assert refused.value.reason is Reason.CHILD_WITHOUT_PARENT
    make.sign_up(form, said_sixteen=True)
    assert PermissionEvent.objects.get().evidence["said_sixteen"] is True


def test_inv14_a_known_child_is_not_mailed_and_nobody_is_told(shown) -> None:
    make.make_point()
    Person.objects.update(is_known_child=True)
    facts = SignUpFacts(email="anna@example.nl", version_ids=tuple(shown.purpose_version_ids))
    outcome = request_sign_up(collection_point=shown, facts=facts, at=make.NOW)
    assert not outcome.is_mailed
    assert not SignUp.objects.exists()


@pytest.mark.parametrize(("proved", "stored"), [(False, FROM_NETWORK), (True, 40)])
def test_a_flood_stores_little_and_mails_little(shown, proved, stored) -> None:
    """Soon a proof is asked; who has one comes no further than the limit of a network."""
    ticket = make_ticket(form_id=shown.form_id, at=make.NOW - timedelta(minutes=2))
    refused = []
    for number in range(200):
        address, network = f"victim{number}@example.nl", f"203.0.113.{number}"
        try:
            make.sign_up(shown, address, ip=network, ticket=ticket if proved else "")
        except ConsentRefused as problem:
            refused.append(problem.reason)
    assert len(refused) == 200 - stored
    assert set(refused) == {Reason.TOO_MANY_ATTEMPTS if proved else Reason.PROOF_NEEDED}
    assert SignUp.objects.count() == mails() == Person.objects.count() == stored
    make.sign_up(shown, "other@example.nl", ip="198.51.100.1")  # others can still sign up


def test_expiry_ends_the_request_and_what_came_with_it(shown) -> None:
    make.sign_up(shown, given_name="Anna")
    late = make.NOW + timedelta(days=8)
    assert expire_sign_ups(at=late) == 1
    assert expire_sign_ups(at=late) == 0
    signed_up = SignUp.objects.get()
    assert (signed_up.state, signed_up.given_name) == ("expired", "")
    assert set(Standing.objects.values_list("state", flat=True)) == {"expired"}
    assert Person.objects.get().judge_by == late.date()
    assert list(standing_faults()) == []


def test_expiry_takes_nothing_from_a_newer_request_or_a_live_yes(shown) -> None:
    first, _second = shown.purpose_version_ids
    make.sign_up(shown)
    newer = make.sign_up(shown, version_ids=(first,), at=make.NOW + timedelta(days=6))
    late = make.NOW + timedelta(days=7, hours=1)
    assert expire_sign_ups(at=late) == 1
    assert sorted(Standing.objects.values_list("state", flat=True)) == ["expired", "requested"]
    confirm_sign_up(make.confirmation_token(newer), at=late)
    assert sorted(Standing.objects.values_list("state", flat=True)) == ["confirmed", "expired"]


def test_inv08_10_no_box_is_ticked_or_required(shown) -> None:
    from django.db import IntegrityError, transaction

    for name in ("any_box_ticked", "any_box_required"):
        with pytest.raises(IntegrityError), transaction.atomic():
            type(shown).objects.filter(id=shown.id).update(**{name: True})


@pytest.mark.django_db(transaction=True)
def test_two_confirmations_at_once_have_one_effect(shown) -> None:
    token = make.confirmation_token(make.sign_up(shown))
    start, outcomes = threading.Barrier(4), []

    def press() -> None:
        start.wait()
        outcomes.append(confirm_sign_up(token, at=make.NOW).outcome)
        connection.close()

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["already", "already", "already", "confirmed"]
    assert PermissionEvent.objects.filter(state="confirmed").count() == 2
    assert list(standing_faults()) == []


@pytest.mark.django_db(transaction=True)
def test_two_sign_ups_of_one_new_address_at_once_make_one_person(shown) -> None:
    start, failures = threading.Barrier(4), []

    def post() -> None:
        start.wait()
        try:
            make.sign_up(shown)
        except Exception as problem:
            failures.append(problem)
        connection.close()

    threads = [threading.Thread(target=post) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert Person.objects.count() == SignUp.objects.count() == mails() == 1
