"""Letters to the people: who gets one, whom nothing of advertising stops, what may not leave."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from akkoord.accounts.models import Staff
from akkoord.accounts.tests.factories import make_staff
from akkoord.breaches.actions import BreachRefused
from akkoord.breaches.affected import ScopeFacts, add_person, add_scope
from akkoord.breaches.letter_facts import letter_of, own_words
from akkoord.breaches.letters import (
    english_readers,
    keep_letter,
    reach,
    send_letters,
    steer_letters,
)
from akkoord.breaches.models import Breach
from akkoord.breaches.paper import choose_post, hand_to_post, last_file, post_figures, post_file
from akkoord.breaches.queries import to_do
from akkoord.breaches.tests.factories import STAFF, decided, fill, make_breach
from akkoord.breaches.told import settle_told, told_kinds, uncertain, untold
from akkoord.consent.actions import object_to_marketing
from akkoord.consent.tests.factories import make_organisation
from akkoord.datamap.disclosing import received_by_others
from akkoord.datamap.keys import check_keys
from akkoord.delivery.models import MailboxMessage
from akkoord.law.breach_rules import Decision, LetterPart
from akkoord.law.states import Method
from akkoord.messages.deliver import run_dispatch
from akkoord.messages.hold import hold_dispatches
from akkoord.messages.letter_actions import Printer
from akkoord.messages.models import Dispatch, Message
from akkoord.people.actions import mark_undeliverable
from akkoord.people.models import ContactPoint, Person, PostalAddress
from akkoord.people.tests.factories import make_person, make_point
from akkoord.register.leak_activity import DATA_LEAKS
from akkoord.register.models import ProcessingActivity, Recipient

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> None:
    check_keys()
    make_organisation()


def leak_for(*points: ContactPoint, **more: Any) -> Breach:
    """A leak of the worst kind, decided, with these people and a letter in Dutch."""
    now = timezone.now() - timedelta(hours=1)
    breach = fill(make_breach(at=now, **more), at=now, context=4)
    for point in points:
        add_person(breach_id=breach.id, address=point.value, at=now, actor=STAFF)
    breach = decided(breach, Decision.PERSONS, at=now)
    if not breach.is_drill:
        keep_letter(
            breach_id=breach.id,
            language="nl",
            letter=letter_of(breach, "nl"),
            at=timezone.now(),
            actor=STAFF,
        )
    breach.refresh_from_db()
    return breach


def deliver(breach: Breach) -> None:
    from akkoord.datamap.ids import uuid7

    for notice in breach.notices.exclude(dispatch_id=None):
        run_dispatch(notice.dispatch_id, worker_id=uuid7())


def posted(breach: Breach) -> int:
    """Say that the file that waits was posted."""
    waiting = last_file(breach)
    run = str(waiting.id) if waiting else ""
    return hand_to_post(breach_id=breach.id, run=run, at=timezone.now(), actor=STAFF)


def without_mail(email: str) -> ContactPoint:
    """Somebody whose mail does not work, with an address for post."""
    point = make_point(email=email, undeliverable_at=timezone.now())
    give_address(point)
    return point


def give_address(point: ContactPoint) -> None:
    PostalAddress.objects.create(
        person=point.person,
        street="Dorpsstraat",
        house_number="5",
        postcode="1234 AB",
        city="Ergens",
        created_at=timezone.now(),
    )


def test_inv04_nothing_of_advertising_stops_a_letter_about_a_leak(house: None) -> None:
    told = make_point(email="anna@example.nl")
    objected = make_point(email="bram@example.nl")
    frozen = make_point(email="carla@example.nl")
    object_to_marketing(
        person_id=objected.person_id, method=Method.PHONE, actor=STAFF, at=timezone.now()
    )
    Person.objects.filter(id=frozen.person_id).update(restricted_at=timezone.now())
    breach = leak_for(told, objected, frozen)
    send_letters(breach_id=breach.id, at=timezone.now(), actor=STAFF)
    deliver(breach)
    sent = set(MailboxMessage.objects.values_list("recipient", flat=True))
    assert sent == {"anna@example.nl", "bram@example.nl", "carla@example.nl"}
    rows = list(Message.objects.values_list("state", "evidence_kind", "evidence_id"))
    assert rows == [("sent", "breach", breach.id)] * 3
    raw = bytes(MailboxMessage.objects.first().raw)  # type: ignore[union-attr]
    assert b"List-Unsubscribe" not in raw
    assert b"art. 34 AVG" in raw
    assert settle_told(breach, at=timezone.now()) == 3
    assert not untold(breach).exists()
    with pytest.raises(BreachRefused):  # once told, nobody gets it again
        send_letters(breach_id=breach.id, at=timezone.now(), actor=STAFF)


def test_inv26_a_letter_about_a_leak_sells_nothing(house: None) -> None:
    breach = leak_for(make_point())
    letter = letter_of(breach, "nl") | {
        LetterPart.MEASURES: "U krijgt van ons 10% korting op uw volgende aankoop."
    }
    with pytest.raises(BreachRefused) as caught:
        keep_letter(
            breach_id=breach.id, language="nl", letter=letter, at=timezone.now(), actor=STAFF
        )
    assert "korting" in caught.value.sentence
    # Nor when somebody gets it in by another way: the run stops itself.
    send_letters(breach_id=breach.id, at=timezone.now(), actor=STAFF)
    run = Dispatch.objects.get(kind="breach-letter")
    run.template["body"] += "\n\nNu met korting."
    run.save(update_fields=["template"])
    deliver(breach)
    run.refresh_from_db()
    assert (run.state, run.pause_reason) == ("paused", "promotion")
    assert not MailboxMessage.objects.exists()


@pytest.mark.parametrize("part", list(LetterPart))
def test_every_element_of_article_34_stands_in_the_letter(house: None, part: LetterPart) -> None:
    breach = leak_for(make_point())
    with pytest.raises(BreachRefused) as caught:
        keep_letter(
            breach_id=breach.id,
            language="nl",
            letter=letter_of(breach, "nl") | {part: " "},
            at=timezone.now(),
            actor=STAFF,
        )
    assert caught.value.field == part


def test_a_drill_sends_nothing(house: None) -> None:
    breach = leak_for(make_point(), is_drill=True)
    Breach.objects.filter(id=breach.id).update(letter={"nl": letter_of(breach, "nl")})
    for act in (send_letters, choose_post):
        with pytest.raises(BreachRefused):
            act(breach_id=breach.id, at=timezone.now(), actor=STAFF)
    with pytest.raises(BreachRefused):
        posted(breach)
    with pytest.raises(BreachRefused):
        post_file(breach_id=breach.id, kind="pdf", at=timezone.now(), actor=STAFF)
    assert not Dispatch.objects.exists()


def test_nothing_leaves_before_it_is_decided(house: None) -> None:
    breach = fill(make_breach(at=timezone.now()), at=timezone.now())
    with pytest.raises(BreachRefused):
        send_letters(breach_id=breach.id, at=timezone.now(), actor=STAFF)


def test_who_reads_english_gets_it_in_english_when_it_was_written(house: None) -> None:
    dutch = make_point(email="anna@example.nl")
    english = make_point(make_person(language="en", given_name="John"), "john@example.nl")
    breach = leak_for(dutch, english)
    assert english_readers(breach) == 1
    letter = letter_of(breach, "en")
    keep_letter(breach_id=breach.id, language="en", letter=letter, at=timezone.now(), actor=STAFF)
    made = send_letters(breach_id=breach.id, at=timezone.now(), actor=STAFF)
    assert sorted((each.language, each.sent_to) for each in made) == [("en", 1), ("nl", 1)]
    deliver(breach)
    subjects = dict(MailboxMessage.objects.values_list("recipient", "subject"))
    assert subjects["john@example.nl"] == "Something went wrong with your data"
    assert subjects["anna@example.nl"] == "Er is iets misgegaan met uw gegevens"


def test_whom_no_mail_reaches_gets_it_by_post(house: None) -> None:
    mailed = make_point(email="anna@example.nl")
    broken = make_point(email="bram@example.nl", undeliverable_at=timezone.now())
    nowhere = make_point(email="carla@example.nl", undeliverable_at=timezone.now())
    give_address(broken)
    breach = leak_for(mailed, broken, nowhere)
    assert reach(breach, at=timezone.now()) == {"": 1, "undeliverable": 2}
    figures = post_figures(breach)
    assert (figures.with_address, figures.without_address) == (1, 1)
    pdf = post_file(breach_id=breach.id, kind="pdf", at=timezone.now(), actor=STAFF)
    assert pdf.startswith(b"%PDF")
    addresses = post_file(breach_id=breach.id, kind="csv", at=timezone.now(), actor=STAFF)
    assert "Anna de Wit;Dorpsstraat 5;1234 AB;Ergens;NL" in addresses.decode("utf-8-sig")
    assert posted(breach) == 1
    assert post_figures(breach).with_address == 0
    assert breach.affected.get(person_id=broken.person_id).told_by == "post"


def test_inv42_who_prints_letters_about_a_leak_needs_a_contract(house: None) -> None:
    """The same question as for any letter on paper; the register names who prints them."""
    breach = leak_for(without_mail("anna@example.nl"))
    browser = Client()
    browser.force_login(make_staff(), backend="allauth.account.auth_backends.AuthenticationBackend")
    page = browser.get(reverse("breaches:post", args=[breach.id])).content.decode()
    assert 'name="printer_name"' in page
    path = reverse("breaches:post_file", args=[breach.id, "csv"])
    answer = browser.post(path, {"printer_name": "Drukwerk BV"})
    assert answer.status_code == 302
    assert not breach.affected.exclude(print_run=None).exists()
    given = {"printer_name": "Drukwerk BV", "has_contract": "on"}
    assert browser.post(path, given).status_code == 200
    found = Recipient.objects.get(key="print-drukwerk-bv")
    assert found.activity_keys == [DATA_LEAKS]
    assert found.contract_on is not None
    Recipient.objects.filter(id=found.id).update(country="US")
    assert browser.post(path, given).status_code == 302


def test_inv37_who_printed_letters_of_a_leak_hears_when_somebody_is_forgotten(house: None) -> None:
    """The company that got the file got a name and a door; what we print ourselves nobody got."""
    point = without_mail("anna@example.nl")
    breach = leak_for(point)
    now = timezone.now()
    post_file(breach_id=breach.id, kind="pdf", at=now, actor=STAFF)
    assert list(received_by_others([point.person_id])) == []
    printer = Printer("Drukwerk BV", has_contract=True)
    for kind in ("pdf", "csv"):
        post_file(breach_id=breach.id, kind=kind, printer=printer, at=now, actor=STAFF)
    (got,) = received_by_others([point.person_id])
    found = Recipient.objects.get(key="print-drukwerk-bv")
    assert (got.recipient_id, got.how) == (found.id, "file")
    assert got.fields == {"given_name", "family_name", "address"}


def test_only_who_stood_in_the_file_was_told_by_post(house: None) -> None:
    first = without_mail("anna@example.nl")
    breach = leak_for(first)
    with pytest.raises(BreachRefused):  # there is no file yet
        posted(breach)
    post_file(breach_id=breach.id, kind="pdf", at=timezone.now(), actor=STAFF)
    later = without_mail("bram@example.nl")
    add_person(breach_id=breach.id, address=later.value, at=timezone.now(), actor=STAFF)
    assert posted(breach) == 1
    assert breach.affected.get(person_id=first.person_id).told_by == "post"
    assert breach.affected.get(person_id=later.person_id).told_by == ""
    with pytest.raises(BreachRefused):  # that file was posted, and there is no other
        posted(breach)


def test_letters_and_addresses_are_one_file_and_another_file_is_another(house: None) -> None:
    one, two = without_mail("anna@example.nl"), without_mail("bram@example.nl")
    breach = leak_for(one, two)
    for kind in ("pdf", "csv"):
        post_file(breach_id=breach.id, kind=kind, at=timezone.now(), actor=STAFF)
    runs = set(breach.affected.values_list("print_run", flat=True))
    assert len(runs) == 1
    PostalAddress.objects.filter(person_id=two.person_id).update(ended_at=timezone.now())
    post_file(breach_id=breach.id, kind="csv", at=timezone.now(), actor=STAFF)
    with pytest.raises(BreachRefused):  # another file was made since
        hand_to_post(breach_id=breach.id, run=str(runs.pop()), at=timezone.now(), actor=STAFF)
    assert posted(breach) == 1
    assert breach.affected.get(person_id=two.person_id).told_by == ""


def test_a_file_of_letters_stays_when_the_list_is_made_anew(house: None) -> None:
    point = without_mail("anna@example.nl")
    breach = leak_for()
    add_scope(breach_id=breach.id, facts=ScopeFacts("everybody"), at=timezone.now(), actor=STAFF)
    post_file(breach_id=breach.id, kind="pdf", at=timezone.now(), actor=STAFF)
    add_scope(
        breach_id=breach.id,
        facts=ScopeFacts("account", value=STAFF.id, since=timezone.now() - timedelta(days=1)),
        at=timezone.now(),
        actor=STAFF,
    )
    assert posted(breach) == 1
    assert breach.affected.get(person_id=point.person_id).told_by == "post"


def test_whose_letter_came_back_is_not_told_and_gets_it_by_post(house: None) -> None:
    point = make_point(email="anna@example.nl")
    give_address(point)
    breach = leak_for(point)
    send_letters(breach_id=breach.id, at=timezone.now(), actor=STAFF)
    deliver(breach)
    assert settle_told(breach, at=timezone.now()) == 1
    assert post_figures(breach).with_address == 0
    mark_undeliverable(point_ids=[point.id], why="5.1.1", at=timezone.now())
    assert settle_told(breach, at=timezone.now()) == 0
    row = breach.affected.get()
    assert (row.told_by, row.told_at) == ("", None)
    assert post_figures(breach).with_address == 1
    assert settle_told(breach, at=timezone.now()) == 0  # once is enough
    assert breach.steps.filter(code="mail-back").count() == 1


def test_staff_can_choose_post_where_a_mail_is_uncertain(house: None) -> None:
    point = make_point(email="anna@example.nl")
    give_address(point)
    breach = leak_for(point)
    send_letters(breach_id=breach.id, at=timezone.now(), actor=STAFF)
    now = timezone.now()
    Message.objects.update(state="uncertain", evidence_id=breach.id, handing_at=now, outcome_at=now)
    assert not untold(breach).exists()  # no second mail by itself
    figures = post_figures(breach)
    assert (figures.with_address, figures.uncertain) == (0, 1)
    assert choose_post(breach_id=breach.id, at=now, actor=STAFF) == 1
    assert not uncertain(breach).exists()
    assert not untold(breach).exists()
    assert post_figures(breach).with_address == 1
    post_file(breach_id=breach.id, kind="pdf", at=now, actor=STAFF)
    assert posted(breach) == 1


@pytest.mark.parametrize("act", ["verder", "stop"])
def test_letters_that_stand_still_go_on_or_stop_at_the_page_of_the_leak(
    house: None, client: Client, act: str
) -> None:
    client.force_login(Staff.objects.create_user("o@example.nl", "x" * 20, role="owner", name="O"))
    breach = leak_for(make_point(email="anna@example.nl"))
    (notice,) = send_letters(breach_id=breach.id, at=timezone.now(), actor=STAFF)
    hold_dispatches(at=timezone.now(), reason="put-back")
    deliver(breach)
    assert not MailboxMessage.objects.exists()
    url = reverse("breaches:letter_steer", args=[breach.id, notice.dispatch_id, act])
    assert url in client.get(reverse("breaches:letter", args=[breach.id])).content.decode()
    client.post(url)
    if act == "stop":
        assert untold(breach).count() == 1  # also before a worker cleared the rows away
        assert "people" not in told_kinds(breach)
        assert "people" in to_do(breach)
        deliver(breach)
        assert not MailboxMessage.objects.exists()
        assert untold(breach).count() == 1
    else:
        assert not untold(breach).exists()
        assert "people" in told_kinds(breach)
        deliver(breach)
        assert MailboxMessage.objects.count() == 1
    other = leak_for()
    with pytest.raises(BreachRefused):
        steer_letters(
            breach_id=other.id, run_id=notice.dispatch_id, act=act, at=timezone.now(), actor=STAFF
        )


@pytest.mark.parametrize("is_drill", [True, False])
def test_to_look_at_the_letter_enters_nothing_and_a_drill_never_does(
    house: None, client: Client, is_drill: bool
) -> None:
    client.force_login(Staff.objects.create_user("o@example.nl", "x" * 20, role="owner", name="O"))
    now = timezone.now()
    breach = decided(
        fill(make_breach(at=now, is_drill=is_drill), at=now, context=4), Decision.PERSONS, at=now
    )
    page = client.get(reverse("breaches:letter", args=[breach.id]))
    assert page.context["reach"] is None
    activities = ProcessingActivity.objects.filter(key=DATA_LEAKS)
    assert not activities.exists()
    letter = letter_of(breach, "nl")
    keep_letter(breach_id=breach.id, language="nl", letter=letter, at=now, actor=STAFF)
    breach.refresh_from_db()
    assert breach.letter["nl"]
    assert activities.exists() is not is_drill
    page = client.get(reverse("breaches:letter", args=[breach.id]))
    assert (page.context["reach"] is None) is is_drill


def test_a_whole_group_is_told_by_few_statements(
    house: None, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        make_point(email=f"p{number}@example.nl")
    breach = leak_for()
    add_scope(breach_id=breach.id, facts=ScopeFacts("everybody"), at=timezone.now(), actor=STAFF)
    with django_assert_max_num_queries(45):
        send_letters(breach_id=breach.id, at=timezone.now(), actor=STAFF)
    assert Message.objects.filter(state="due").count() == 30


def test_both_languages_say_the_same_facts_of_the_leak(house: None) -> None:
    at = timezone.now() - timedelta(days=2)
    day = timezone.localtime(at)
    breach = fill(make_breach(at=at, happened_from=at - timedelta(minutes=5)), at=at, context=3)
    Breach.objects.filter(id=breach.id).update(categories=["pd:EmailAddress"])
    breach = decided(breach, Decision.PERSONS, at=at, because="Er kan geld weg zijn.")
    breach.refresh_from_db()
    dutch, english = letter_of(breach, "nl"), letter_of(breach, "en")
    for letter, words in (
        (
            dutch,
            ("naar iemand voor wie ze niet waren", "e-mailadres", "geld", "Autoriteit", "bank"),
        ),
        (english, ("for whom they were not meant", "mail address", "money", "authority", "bank")),
    ):
        whole = " ".join(letter.values())
        for each in (*words, breach.reference, str(day.year)):
            assert each in whole, each
        assert "gegevens" not in whole or letter is dutch
    assert day.strftime("%B") in english[LetterPart.NATURE]
    # What staff wrote is Dutch: it stands in the Dutch letter, and in no English one by itself.
    for part, text in own_words(breach).items():
        assert text in dutch[part]
        assert text not in english[part]
    for language in ("nl", "en"):
        keep_letter(
            breach_id=breach.id,
            language=language,
            letter=letter_of(breach, language),
            at=timezone.now(),
            actor=STAFF,
        )


def test_the_page_says_who_reads_english_and_what_is_still_dutch(
    house: None, client: Client
) -> None:
    client.force_login(Staff.objects.create_user("o@example.nl", "x" * 20, role="owner", name="O"))
    english = make_point(make_person(language="en", given_name="John"), "john@example.nl")
    breach = leak_for(english, make_point(email="anna@example.nl"))
    url = reverse("breaches:letter", args=[breach.id])
    assert "taal=en" in client.get(url).content.decode()
    assert client.get(url).context["english_readers"] == 1
    page = client.get(url, {"taal": "en"})
    assert breach.taken in page.content.decode()
    assert page.context["own_words"]
    keep_letter(
        breach_id=breach.id,
        language="en",
        letter=letter_of(breach, "en"),
        at=timezone.now(),
        actor=STAFF,
    )
    assert client.get(url).context["english_readers"] == 0
    assert not client.get(url, {"taal": "en"}).context["own_words"]
