"""The policy from the register: what it tells, publishing, differences, and telling people."""

from collections.abc import Iterator
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import translation

from akkoord.accounts.models import Staff
from akkoord.consent.actions import object_to_marketing, restrict_person
from akkoord.delivery.models import OutboxMail
from akkoord.law.policy_rules import Gap, PolicyElement
from akkoord.law.states import Method
from akkoord.people.models import Relation
from akkoord.people.tests.factories import make_person, make_point
from akkoord.policy import telling
from akkoord.policy.actions import PolicyRefused, begin_telling, publish, write_words
from akkoord.policy.models import Place, PolicyVersion, Telling
from akkoord.policy.queries import built_now, content_of, draft
from akkoord.policy.readability import read
from akkoord.policy.renderings import as_markdown, as_snippet
from akkoord.policy.sentences import missing_of
from akkoord.register.models import Organisation, ProcessingActivity, Recipient, RetentionRule
from akkoord.register.tests.factories import NOW, make_organisation, make_topic
from akkoord.trail.actions import Actor
from akkoord.trail.models import Change

pytestmark = pytest.mark.django_db
STAFF = Actor.system()


@pytest.fixture(autouse=True)
def shop() -> Iterator[None]:
    make_organisation()
    make_topic()
    with translation.override("nl"):
        yield


def published(**more: Any) -> PolicyVersion:
    values: dict[str, Any] = {"matters": False, "at": NOW, "actor": STAFF}
    return publish(**values | more)


def enter_recipient(**more: Any) -> Recipient:
    values: dict[str, Any] = {
        "key": "pers",
        "name": "Drukkerij de Pers",
        "service_nl": "Drukt brieven",
        "service_en": "Prints letters",
        "activity_keys": ["topic-nieuwsbrief"],
        "valid_from": NOW,
    }
    return Recipient.objects.create(**values | more)


def test_everything_of_the_register_stands_in_it_in_both_languages() -> None:
    enter_recipient(country="US", safeguard="Standaardbepalingen 2021/914")
    dutch, english = built_now("nl").text(), built_now("en").text()
    for each in ProcessingActivity.objects.filter(valid_to=None):
        assert each.purpose_nl in dutch
        assert each.purpose_en in english
    for rule in RetentionRule.objects.filter(valid_to=None):
        assert rule.criterion_nl.strip() in dutch
    for word in ("Fietsen van Amstel", "info@fietsen.example", "Voorbeeldkade 1"):
        assert word in dutch
        assert word in english
    assert "Verenigde Staten" in dutch
    assert "Standaardbepalingen 2021/914" in dutch
    assert "autoriteitpersoonsgegevens.nl" in dutch
    assert "nieuwsbrief" not in built_now("en").text().lower()


def test_it_reads_as_ordinary_language_in_both_languages() -> None:
    for language in ("nl", "en"):
        reading = read(built_now(language).text(), language=language)
        assert reading.score is not None
        assert reading.score >= 60, (language, reading.score)
        assert not reading.office_words, reading.office_words


def test_inv43_a_policy_with_a_gap_is_not_published() -> None:
    RetentionRule.objects.filter(activity_key="topic-nieuwsbrief").update(valid_to=NOW)
    recipient = enter_recipient(country="US")
    assert set(draft().gaps) == {
        Gap(PolicyElement.TERM, "topic-nieuwsbrief"),
        Gap(PolicyElement.TRANSFER, "pers"),
    }
    with pytest.raises(PolicyRefused) as refused:
        published()
    assert refused.value.reason == "incomplete"
    assert not PolicyVersion.objects.exists()
    RetentionRule.objects.filter(activity_key="topic-nieuwsbrief").update(valid_to=None)
    Recipient.objects.filter(id=recipient.id).update(country="NL")
    assert published().number == 1


def test_a_version_stays_as_it_was_read() -> None:
    first = published()
    with pytest.raises(PolicyRefused) as refused:
        published()
    assert refused.value.reason == "alike"
    enter_recipient()
    found = draft()
    assert not found.is_published
    assert found.means_something
    (change,) = (each for each in found.changes("nl") if each.key == "recipients")
    assert "Drukkerij de Pers: Drukt brieven" in change.came
    second = published(matters=True, reason_nl="Een drukker.", reason_en="A printer.")
    assert second.number == 2
    assert "Drukkerij" not in content_of(first, "nl").text()
    for attempt in (
        lambda: PolicyVersion.objects.filter(number=1).update(content_nl={}),
        lambda: PolicyVersion.objects.filter(number=1).delete(),
    ):
        with pytest.raises(DatabaseError, match="cannot be changed"), transaction.atomic():
            attempt()
    acts = list(Change.objects.filter(action="policy.publish").values_list("object_id", flat=True))
    assert sorted(acts) == sorted([first.id, second.id])


def test_what_matters_has_a_sentence_in_both_languages_and_sells_nothing() -> None:
    for words, reason in (
        ({"reason_nl": "Een drukker."}, "no-reason"),
        ({"reason_nl": "Nu 20% korting!", "reason_en": "A printer."}, "promotion"),
    ):
        with pytest.raises(PolicyRefused) as refused:
            published(matters=True, **words)
        assert refused.value.reason == reason


def test_words_by_hand_are_text_wherever_they_are_shown(client: Client) -> None:
    with pytest.raises(PolicyRefused) as refused:
        write_words(place=Place.END, nl="Hallo", en=" ", at=NOW, actor=STAFF)
    assert refused.value.reason == "one-language"
    bad = "<script>alert(1)</script> [klik](javascript:alert(1)) *vet*\n\nTweede alinea."
    write_words(place=Place.END, nl=bad, en="Fine.", at=NOW, actor=STAFF)
    published()
    content = built_now("nl")
    assert content.sections[-1].own[1] == "Tweede alinea."

    class Tags(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.seen: set[str] = set()

        def handle_starttag(self, tag: str, attrs: object) -> None:
            self.seen.add(tag)

    snippet, tags = as_snippet(content, "Versie 1."), Tags()
    tags.feed(snippet)
    assert tags.seen <= {"section", "h1", "h2", "h3", "p", "dl", "dt", "dd", "ul", "li"}
    markdown = as_markdown(content, "Versie 1.")
    from markdown_it import MarkdownIt

    html = MarkdownIt("commonmark").render(markdown)
    assert "<script" not in html
    assert "<a " not in html
    assert "<em>" not in html
    assert "*vet*" in html
    page = client.get("/privacy/", headers={"accept-language": "nl"}).content.decode()
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page


def test_public_pages_of_the_policy_set_no_cookie_that_needs_a_yes(client: Client) -> None:
    published()
    enter_recipient()
    published(matters=True, reason_nl="Een drukker.", reason_en="A printer.")
    for address in (
        "/privacy/",
        "/privacy/versies/",
        "/privacy/versies/1/",
        "/privacy/versies/2/",
        "/privacy/nl.md",
        "/privacy/en.html",
        "/privacy/nl.pdf",
    ):
        answer = client.get(address)
        assert answer.status_code == 200, address
        # The switch of language is a form; its token is needed for what the person asks (Tw 11.7a).
        assert set(answer.cookies) <= {"akkoord_csrf"}, address
    assert client.get("/privacy/nl.pdf").content.startswith(b"%PDF")
    assert client.get("/privacy/versies/3/").status_code == 404
    dutch = {"accept-language": "nl"}
    old = client.get("/privacy/versies/1/", headers=dutch).content.decode()
    assert "Dit is een oudere versie" in old
    assert "Drukkerij" not in old
    new = client.get("/privacy/", headers=dutch).content.decode()
    assert "Een drukker." in new
    assert "Drukkerij de Pers" in new


def test_the_public_page_asks_few_questions(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    published()
    client.get("/privacy/")
    with django_assert_max_num_queries(6):
        client.get("/privacy/")


def told_to() -> list[str]:
    kind = OutboxMail.objects.filter(kind="policy-notice")
    return sorted(kind.values_list("recipient", flat=True))


def to_be_told() -> PolicyVersion:
    enter_recipient()
    return published(matters=True, reason_nl="Een drukker.", reason_en="A printer.")


def test_everybody_is_told_once_also_when_it_was_cut_short(monkeypatch: Any) -> None:
    monkeypatch.setattr(telling, "BATCH", 2)
    for name in "abcde":
        make_point(make_person(), f"{name}@example.nl", verified_at=NOW)
    english = make_point(make_person(language="en"), "f@example.nl", verified_at=NOW)
    frozen = make_point(make_person(), "g@example.nl", verified_at=NOW)
    restrict_person(person_id=frozen.person_id, at=NOW, actor=STAFF)
    objected = make_point(make_person(), "h@example.nl", verified_at=NOW)
    customer = make_point(make_person(), "i@example.nl", verified_at=NOW)
    Relation.objects.create(person_id=customer.person_id, kind="customer", since=NOW.date())
    for point in (objected, customer):
        object_to_marketing(
            person_id=point.person_id, at=NOW, actor=Actor.person(), method=Method.PREFERENCE_CENTRE
        )
    version = to_be_told()
    begin_telling(version_id=version.id, at=NOW, actor=STAFF)
    assert telling.tell_some(at=NOW) == 2
    make_point(make_person(), "z@example.nl", verified_at=NOW)  # came while it was under way
    original = telling.enqueue_mail
    calls = iter(range(10))

    def breaks(**values: Any) -> Any:
        if next(calls) == 1:
            raise RuntimeError("the worker ends here")
        return original(**values)

    monkeypatch.setattr(telling, "enqueue_mail", breaks)
    with pytest.raises(RuntimeError), transaction.atomic():
        telling.tell_some(at=NOW)
    monkeypatch.setattr(telling, "enqueue_mail", original)
    while telling.tell_some(at=NOW + timedelta(minutes=1)):
        pass
    wanted = [f"{name}@example.nl" for name in "abcdefiz"]
    assert told_to() == wanted
    done = Telling.objects.get()
    assert done.ended_at is not None
    assert done.told == len(wanted)
    mail = OutboxMail.objects.get(recipient=english.value)
    assert "A printer." in mail.text
    dutch = OutboxMail.objects.get(recipient="a@example.nl")
    assert "Een drukker." in dutch.text
    assert f"/privacy/versies/{version.number}/" in dutch.text


def test_only_the_newest_version_that_matters_is_told_and_once() -> None:
    first = published()
    with pytest.raises(PolicyRefused) as refused:
        begin_telling(version_id=first.id, at=NOW, actor=STAFF)
    assert refused.value.reason == "does-not-matter"
    second = to_be_told()
    with pytest.raises(PolicyRefused) as refused:
        begin_telling(version_id=first.id, at=NOW, actor=STAFF)
    assert refused.value.reason == "older"
    begin_telling(version_id=second.id, at=NOW, actor=STAFF)
    with pytest.raises(PolicyRefused) as refused:
        begin_telling(version_id=second.id, at=NOW, actor=STAFF)
    assert refused.value.reason == "told"


def test_staff_publish_on_the_page(client: Client) -> None:
    client.force_login(
        Staff.objects.create_user("o@example.nl", "x" * 20, role="owner", name="Olga")
    )
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "nl"
    page = client.get("/privacyverklaring/").content.decode()
    assert "Nog niet gepubliceerd" in page
    assert client.post("/privacyverklaring/publiceren/").status_code == 302
    assert "Klopt met het register" in client.get("/privacyverklaring/").content.decode()
    enter_recipient()
    page = client.get("/privacyverklaring/publiceren/").content.decode()
    assert "Drukkerij de Pers" in page
    assert 'value="yes"' in page
    refused = client.post("/privacyverklaring/publiceren/", {"matters": "yes"})
    assert "Zeg in één zin" in refused.content.decode()
    words = {"matters": "yes", "reason_nl": "Een drukker.", "reason_en": "A printer."}
    client.post("/privacyverklaring/publiceren/", words)
    version = PolicyVersion.objects.get(number=2)
    make_point(make_person(), "a@example.nl", verified_at=NOW)
    shown = client.get(f"/privacyverklaring/versie/{version.id}/").content.decode()
    assert "nog niet aan mensen verteld" in shown
    client.post(f"/privacyverklaring/versie/{version.id}/vertellen/")
    assert Telling.objects.get().version_id == version.id
    assert client.get("/privacyverklaring/elders/").status_code == 200
    assert client.get("/privacyverklaring/woorden/end/").status_code == 200
    assert client.get("/privacyverklaring/woorden/nergens/").status_code == 404


def enter_own(**more: Any) -> ProcessingActivity:
    """Something that the organisation does outside Akkoord, as the register keeps it."""
    values: dict[str, Any] = {
        "key": "cameras",
        "name_nl": "Camera's",
        "name_en": "Cameras",
        "purpose_nl": "De winkel veilig houden.",
        "purpose_en": "To keep the shop safe.",
        "legal_basis": "legitimate-interest",
        "subjects": ["dpv:Customer"],
        "proof_nl": "Wij willen diefstal voorkomen.",
        "proof_en": "We want to prevent theft.",
        "source_nl": "De camera's zelf",
        "source_en": "The cameras",
        "data_nl": ["Beelden"],
        "data_en": ["Pictures"],
        "receivers_nl": ["De politie, als zij erom vraagt"],
        "receivers_en": ["The police, when they ask"],
        "transfers_nl": "Zij is in Nederland.",
        "transfers_en": "They are in the Netherlands.",
        "term_nl": "Vier weken.",
        "term_en": "Four weeks.",
        "published_at": NOW,
        "valid_from": NOW,
    }
    return ProcessingActivity.objects.create(**values | more)


def test_what_is_done_outside_is_told_by_the_words_of_its_entry() -> None:
    enter_own()
    for language, words in (
        ("nl", ("diefstal voorkomen", "Beelden", "De politie, als zij erom vraagt", "Vier weken.")),
        ("nl", ("Waar het vandaan komt: De camera's zelf",)),
        ("en", ("prevent theft", "Pictures", "The police, when they ask", "Four weeks.")),
        ("en", ("Where it comes from: The cameras",)),
    ):
        text = built_now(language).text()
        assert all(word in text for word in words), language
        assert "Niemand buiten ons" not in text
    assert draft().gaps == ()


def test_inv43_where_receivers_in_words_are_is_told_in_both_languages() -> None:
    """Art. 13(1)(f): which country, by which ground; without it the policy has a gap."""
    own = enter_own(
        transfers_nl="Naar de VS, met standaardbepalingen.",
        transfers_en="To the US, with standard clauses.",
    )
    for language, said in (
        ("nl", "Of het Europa verlaat: Naar de VS, met standaardbepalingen."),
        ("en", "Whether it leaves Europe: To the US, with standard clauses."),
    ):
        assert said in built_now(language).text()
    ProcessingActivity.objects.filter(id=own.id).update(transfers_en="")
    assert set(draft().gaps) == {Gap(PolicyElement.TRANSFER, "cameras")}
    assert "cameras" in missing_of(draft().gaps)[0].url
    reason = {"transfers": "De politie is van dit land."}
    ProcessingActivity.objects.filter(id=own.id).update(transfers_nl="", blanks=reason)
    assert draft().gaps == ()


def test_inv43_an_interest_that_nobody_weighed_is_a_gap() -> None:
    enter_own(proof_nl="", proof_en="")
    assert set(draft().gaps) == {Gap(PolicyElement.INTEREST, "cameras")}


def test_inv43_data_of_which_nothing_says_where_it_comes_from_are_a_gap() -> None:
    enter_own(source_nl="", source_en="")
    assert set(draft().gaps) == {Gap(PolicyElement.SOURCE, "cameras")}


def test_whether_somebody_must_give_data_follows_from_why_it_is_allowed() -> None:
    """Art. 13(2)(e): for an order they must, for a newsletter they need not."""

    def said(key: str) -> str:
        (section,) = (each for each in built_now("en").sections if each.key == "uses")
        facts = next(each.facts for each in section.entries if each.key == key)
        return next((each.text for each in facts if each.label == "Whether you must give it"), "")

    enter_own(key="payroll", legal_basis="legal-obligation", proof_nl="AWR 52", proof_en="AWR 52")
    enter_own(key="rent", legal_basis="contract")
    enter_own()
    assert said("payroll").startswith("Yes, the law")
    assert said("rent").startswith("Only if you want this")
    assert (said("cameras"), said("topic-nieuwsbrief"), said("audit-trail")) == ("", "", "")
    assert "nothing, unless it stands above" in built_now("en").text()
    assert "niets te geven, behalve als" in built_now("nl").text()


def test_who_answers_is_told_with_representative_partners_and_officer() -> None:
    """Art. 13(1)(a), (b), 26(2): who is named in the register stands in the policy."""
    house = Organisation.objects.get()
    house.representative = "Rep BV, Kade 2, Antwerpen"
    house.joint_controllers = "Stichting Fietsles, les@fietsles.example"
    house.officer_name, house.officer_email = "Fien Functionaris", ""
    house.save()
    for language in ("nl", "en"):
        text = built_now(language).text()
        assert "Rep BV, Kade 2, Antwerpen" in text
        assert "Stichting Fietsles, les@fietsles.example" in text
        assert "Fien Functionaris" in text
    assert set(draft().gaps) == {Gap(PolicyElement.OFFICER)}
    (missing,) = missing_of(tuple(draft().gaps))
    assert (missing.article, missing.url) == ("AVG 13(1)(b), 14(1)(b)", "/register/wie/")
    house.officer_email = "fg@fietsen.example"
    house.save()
    assert "Fien Functionaris fg@fietsen.example" in built_now("nl").text()
    assert draft().gaps == ()


def test_who_mails_nobody_of_a_change_that_touches_people_says_why() -> None:
    published()
    enter_recipient()
    with pytest.raises(PolicyRefused) as refused:
        published()
    assert refused.value.reason == "no-why"
    words = "Een drukker, voor wie een brief op papier vraagt.", "A printer, for letters on paper."
    assert published(reason_nl=words[0], reason_en=words[1]).matters is False


def test_inv42_nobody_is_told_by_a_server_whose_company_may_receive_nothing(settings: Any) -> None:
    published()
    version = to_be_told()
    settings.SMTP_URL = "smtps://mail.example.org:465"
    with pytest.raises(PolicyRefused) as refused:
        begin_telling(version_id=version.id, at=NOW, actor=STAFF)
    assert refused.value.reason == "no-contract"
    assert "mail.example.org" in refused.value.sentence
    assert not Telling.objects.exists()


@pytest.mark.parametrize(
    "more",
    [
        {"published_at": None},
        {"role": "processor", "clients": ["Een winkel"]},
        {"subjects": ["dpv:Employee"]},
    ],
)
def test_drafts_work_for_clients_and_staff_alone_stand_elsewhere(more: Any) -> None:
    enter_own(**more)
    assert "Camera" not in built_now("nl").text()
    assert draft().gaps == ()
