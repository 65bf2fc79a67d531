"""The pages: the plan, a rule with its history, holds, the certificate; bounded questions."""

from typing import Any

import pytest
from django.test import Client

from akkoord.accounts.models import Staff
from akkoord.consent.forms_publishing import create_form, publish_form
from akkoord.consent.tests.factories import FormFacts, make_organisation, make_topic
from akkoord.register.models import RetentionRule
from akkoord.register.term_queries import without_term
from akkoord.retention.models import LegalHold, RetentionRun
from akkoord.retention.tests.factories import NOW, bought, said, somebody
from akkoord.trail.actions import Actor
from akkoord.trail.models import Change

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(client: Client) -> Client:
    make_organisation()
    client.force_login(
        Staff.objects.create_user("o@example.nl", "x" * 20, role="owner", name="Olga")
    )
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "nl"
    return client


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_plan_says_per_rule_who_goes(owner: Client, django_assert_max_num_queries: Any) -> None:
    for days in (1200, 1090, 1080, 1010):
        bought(somebody(), days)
    said(reader := somebody(), "confirmed", 400)
    bought(reader, 10)
    with django_assert_max_num_queries(40):
        page = text(owner, "/bewaren/")
    assert "Verkoop en service" in page
    assert "Tot drie jaar na uw laatste aankoop of afspraak." in page
    bought(somebody(), 1300)
    assert owner.post("/bewaren/tellen/").status_code == 302
    with django_assert_max_num_queries(25):
        assert ">2<" in text(owner, "/bewaren/").replace("\n", "")


def test_a_rule_is_changed_with_its_history(owner: Client) -> None:
    typed = {"category": "", "length": "5", "unit": "years", "trigger": "last-purchase"}
    typed |= {"effect": "erase", "reason": ""}
    answer = owner.post("/bewaren/regels/customers/", typed)
    assert "Schrijf op waarom u dat nodig hebt." in answer.content.decode()
    assert RetentionRule.objects.filter(activity_key="customers").count() == 1
    assert (
        owner.post("/bewaren/regels/customers/", typed | {"reason": "Garantie"}).status_code == 302
    )
    now = RetentionRule.objects.get(activity_key="customers", valid_to=None)
    assert (now.months, now.criterion_nl) == (
        60,
        "Tot 5 jaar na uw laatste aankoop of afspraak.",
    )
    page = text(owner, "/bewaren/regels/customers/")
    assert "Garantie" in page
    assert "Eerdere regels" in page
    assert "3 jaar" in page
    owner.post("/bewaren/regels/customers/", typed | {"reason": "Garantie"})
    assert RetentionRule.objects.filter(activity_key="customers").count() == 2
    assert Change.objects.filter(action="retention.rule").count() == 1


def test_what_the_law_fixes_cannot_be_shorter(owner: Client) -> None:
    from akkoord.register.customers import answer_bookkeeping

    answer_bookkeeping(keeps_books=True, at=NOW, actor=Actor.system())
    typed = {"category": "", "length": "6", "unit": "years", "trigger": "end-of-book-year"}
    answer = owner.post("/bewaren/regels/books/", typed | {"effect": "erase", "reason": "korter"})
    assert "De belastingwet wil zeven jaar na het boekjaar." in answer.content.decode()


def test_an_exception_of_a_category_comes_and_goes(owner: Client) -> None:
    typed = {"category": "pd:City", "length": "6", "unit": "months", "trigger": "last-purchase"}
    owner.post("/bewaren/regels/customers/", typed | {"effect": "erase", "reason": ""})
    rule = RetentionRule.objects.get(category="pd:City")
    assert "Deze uitzondering beëindigen" in text(owner, "/bewaren/regels/customers/")
    owner.post(f"/bewaren/regel/{rule.id}/eindigen/")
    rule.refresh_from_db()
    assert rule.valid_to is not None
    own = RetentionRule.objects.get(activity_key="customers", valid_to=None)
    owner.post(f"/bewaren/regel/{own.id}/eindigen/")
    own.refresh_from_db()
    assert own.valid_to is None


def test_terms_that_contradict_are_refused_in_either_order(owner: Client) -> None:
    """A part never stays longer than everything, whichever of the two is entered last."""
    path = "/bewaren/regels/customers/"
    typed = {"unit": "years", "trigger": "last-purchase", "effect": "erase", "reason": "Garantie"}
    part, whole = {"category": "pd:City"}, {"category": ""}
    owner.post(path, typed | whole | {"length": "3"})
    page = owner.post(path, typed | part | {"length": "4"}).content.decode()
    assert "Alles hiervan gaat weg na 3 jaar. Een deel ervan kan niet langer blijven." in page
    assert owner.post(path, typed | part | {"length": "3"}).status_code == 302
    page = owner.post(path, typed | whole | {"length": "2"}).content.decode()
    assert "blijft 3 jaar door een eigen regel, langer dan alles." in page
    in_force = RetentionRule.objects.filter(activity_key="customers", valid_to=None)
    assert sorted(in_force.values_list("category", "months")) == [("", 36), ("pd:City", 36)]
    blanked = typed | whole | {"length": "2", "effect": "blank"}
    assert owner.post(path, blanked).status_code == 302  # the whole does not go: a part may stay


def test_inv43_what_has_no_term_is_red_and_cannot_be_published(owner: Client) -> None:
    from akkoord.consent.refusals import ConsentRefused

    topic = make_topic()
    RetentionRule.objects.filter(activity_key=topic.activity_key).update(valid_to=NOW)
    assert without_term() == [topic.activity_key]
    assert "Niets zegt hoe lang dit bewaard wordt" in text(owner, "/bewaren/")
    form = create_form(
        facts=FormFacts(name="Nieuws", topic_ids=(topic.id,)), at=NOW, actor=Actor.system()
    )
    with pytest.raises(ConsentRefused):
        publish_form(form_id=form.id, at=NOW, actor=Actor.system())


def test_a_hold_is_put_and_lifted_on_the_persons_page(owner: Client) -> None:
    person = somebody()
    address = f"/bewaren/persoon/{person.id}/"
    owner.post(address, {"reason": "  "})
    assert not LegalHold.objects.exists()
    owner.post(address, {"reason": "Geschil 7", "until": ""})
    page = text(owner, address)
    assert "Geschil 7" in page
    assert "Olga" in page
    forget = text(owner, f"/verzoeken/persoon/{person.id}/vergeten/")
    assert "Vastgehouden voor een rechtszaak of geschil" in forget
    assert "Voorgoed vergeten" not in forget
    owner.post(f"/verzoeken/persoon/{person.id}/vergeten/")
    hold = LegalHold.objects.get()
    assert "Geschil 7" in text(owner, "/bewaren/vasthouden/")
    owner.post(f"/bewaren/vasthouden/{hold.id}/opheffen/")
    hold.refresh_from_db()
    assert hold.lifted_at is not None


def test_cleaning_up_now_ends_on_the_certificate(owner: Client) -> None:
    bought(somebody(), 1300)
    answer = owner.post("/bewaren/opruimen/")
    run = RetentionRun.objects.get()
    assert answer.headers["Location"] == f"/bewaren/opgeruimd/{run.reference}/"
    page = text(owner, answer.headers["Location"])
    assert "Verkoop en service" in page
    signed = owner.get(f"/bewaren/opgeruimd/{run.reference}/bewijs/").json()
    assert signed["certificate"]["done"][0]["people"] == 1
    assert owner.get("/bewaren/opgeruimd/AK-NONE-NONE/").status_code == 404


def test_every_store_is_on_the_page(owner: Client, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(12):
        page = text(owner, "/bewaren/gegevens/")
    assert "trail_change" in page
    assert "2 jaar" in page
