"""Every version of a company that receives data: who, when, why, what differs (INV-30, art. 28)."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from akkoord.accounts.tests.factories import make_staff
from akkoord.register import companies, hand, inspecting, processors
from akkoord.register.history import companies_shown, company_history, whole_history
from akkoord.register.models import Recipient, RegisterVersion
from akkoord.register.records import register_now, register_on, versions_of
from akkoord.register.refused import RegisterRefused
from akkoord.register.tests.factories import NOW, make_organisation, make_topic
from akkoord.register.version_models import COMPANY
from akkoord.trail.actions import Actor
from akkoord.trail.seal import seal
from akkoord.trail.verify import verify

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)
FACTS = {
    "name": "Verre Wolk Inc.",
    "service_nl": "Bewaart foto’s",
    "service_en": "Keeps photos",
    "role": "processor",
    "country": "US",
    "safeguard": "dpf",
    "contract_on": date(2026, 1, 1),
    "review_on": date(2027, 1, 1),
    "checked_on": date(2026, 10, 1),
    "subprocessors": ["Kelder B.V."],
}


@pytest.fixture
def english() -> Any:
    """Words in English."""
    with translation.override("en"):
        yield


@pytest.fixture
def anouk() -> Actor:
    """Somebody of the staff."""
    return Actor.staff(make_staff(name="Anouk van Dam").pk)


def entered(actor: Actor) -> Recipient:
    """A company that the sales give data to."""
    make_organisation()
    made = companies.enter_company(values=FACTS, at=NOW, actor=actor)
    connection.check_constraints()
    hand.choose_recipients(
        key="customers", wanted={made.key}, reason="Dit bedrijf erbij.", at=NOW, actor=actor
    )
    connection.check_constraints()
    return made


def change(made: Recipient, actor: Actor, reason: str = "Zo is het.", **values: Any) -> None:
    """Change it, and end the transaction."""
    companies.change_company(
        recipient_id=made.id, values=values, reason=reason, at=LATER, actor=actor
    )
    connection.check_constraints()


def words(step: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """What differs in a version, before and after."""
    return {
        each.label: ("".join(w for _k, w in each.before), "".join(w for _k, w in each.after))
        for each in step["differences"]
    }


@pytest.mark.parametrize(
    ("values", "label", "before", "after"),
    [
        ({"review_on": date(2028, 1, 1)}, "Look at it again on", "1 jan 2027", "1 jan 2028"),
        ({"country": "NL", "safeguard": ""}, "Country", "US", "NL"),
        (
            {"safeguard": "clauses"},
            "Outside Europe: why may data go there?",
            "EU-US Data Privacy Framework",
            "Standard contractual clauses of the EU (2021/914)",
        ),
        (
            {"checked_on": date(2026, 11, 1)},
            "Looked up in the list of the framework on",
            "1 oct 2026",
            "1 nov 2026",
        ),
        ({"contract_on": date(2026, 2, 1)}, "Contract signed on", "1 jan 2026", "1 feb 2026"),
        (
            {"subprocessors": ["Kelder B.V.", "Zolder B.V."]},
            "Companies that work for it",
            "Kelder B.V.",
            "Kelder B.V.\nZolder B.V.",
        ),
        ({"service_en": "Keeps film"}, "Does what", "Keeps photos", "Keeps film"),
    ],
)
@pytest.mark.usefixtures("english")
def test_each_fact_of_a_company_stands_in_its_history(
    anouk: Actor, values: dict[str, Any], label: str, before: str, after: str
) -> None:
    """By whom, why, and both sides."""
    made = entered(anouk)
    change(made, anouk, "Het nieuwe contract zegt het.", **values)
    newest = company_history(made.key, {anouk.id: "Anouk van Dam"}, {})[0]  # type: ignore[dict-item]
    assert words(newest)[label] == (before, after)
    assert (newest["by"], newest["version"].act) == ("Anouk van Dam", "company.change")
    assert newest["version"].reason == "Het nieuwe contract zegt het."
    assert newest["version"].made_at == LATER


@pytest.mark.usefixtures("english")
def test_another_contract_of_the_same_name_and_who_gives_data_stand_in_it(anouk: Actor) -> None:
    """A file is told from the one before; the activity is named; ended it gets data for nothing."""
    made = entered(anouk)
    for words_in in (b"%PDF-1.7 een", b"%PDF-1.7 twee"):
        file = companies.Contract("c.pdf", words_in)
        companies.change_company(
            recipient_id=made.id,
            values={},
            contract=file,
            reason="Getekend.",
            at=LATER,
            actor=anouk,
        )
        connection.check_constraints()
    names = {"customers": "Sales and service"}
    second, first, given, begun = company_history(made.key, {}, names)
    old, new = words(second)["The contract itself"]
    assert old.startswith("contract.pdf (")
    assert new.startswith("contract.pdf (")
    assert old != new
    assert words(first)["The contract itself"][0] == ""
    assert words(given)["Gets data for"] == ("", "Sales and service")
    assert begun["lines"]
    companies.end_company(recipient_id=made.id, reason="Opgezegd.", at=LATER, actor=anouk)
    connection.check_constraints()
    last = company_history(made.key, {}, names)[0]
    assert words(last)["Gets data for"] == ("Sales and service", "")
    assert words(last)["State"] == ("In use", "Gets nothing any more")
    assert last["version"].reason == "Opgezegd."


def test_inv30_what_is_in_the_register_changes_with_a_reason_that_names_nobody(
    anouk: Actor,
) -> None:
    """Also the end of it. What no activity names is a draft, and asks none."""
    made = entered(anouk)
    for reason in ("", "Ja", "Bel 06-12345678 maar"):
        with pytest.raises(RegisterRefused) as refused:
            change(made, anouk, reason, service_nl="Anders")
        assert refused.value.field == "reason"
        with pytest.raises(RegisterRefused) as refused:
            companies.end_company(recipient_id=made.id, reason=reason, at=LATER, actor=anouk)
        assert refused.value.field == "reason"
    free = companies.enter_company(values=FACTS | {"name": "Vrij"}, at=NOW, actor=anouk)
    companies.change_company(
        recipient_id=free.id, values={"country": "DE", "safeguard": ""}, at=NOW, actor=anouk
    )


def test_inv30_versions_of_companies_are_sealed_and_come_back_after_an_end(anouk: Actor) -> None:
    """One line of numbers for one key, whoever changed it; the register of a day is as before."""
    made = entered(anouk)
    key = COMPANY + made.key
    companies.end_company(recipient_id=made.id, reason="Opgezegd.", at=LATER, actor=anouk)
    connection.check_constraints()
    companies.enter_company(values=FACTS, at=LATER, actor=anouk)
    connection.check_constraints()
    numbers = RegisterVersion.objects.filter(key=key).order_by("number")
    assert [each.number for each in numbers] == [1, 2, 3, 4]
    assert [each.content["is_ended"] for each in numbers] == [False, False, True, False]
    seal(LATER)
    assert verify().ok
    assert not [each for each in register_on(LATER.date()).entries if each.key.startswith(":")]
    processors.enter_mail_processor(kind="brevo", leaves_eea=False, at=LATER, actor=anouk)
    connection.check_constraints()
    last = RegisterVersion.objects.get(key=COMPANY + "mail-brevo")
    assert (last.act, last.number) == ("processor.enter", 1)


def test_the_way_in_which_a_company_hears_is_told_without_the_address(anouk: Actor) -> None:
    """The address may be somebody's; a version that differs in nothing else is not made."""
    made = entered(anouk)
    Recipient.objects.filter(id=made.id).update(told_by="mail", told_at="jan@wolk.example")
    connection.check_constraints()
    last = RegisterVersion.objects.filter(key=COMPANY + made.key).order_by("-number")[0]
    assert last.content["told_by"] == "mail"
    assert "jan@wolk.example" not in str(last.content)
    Recipient.objects.filter(id=made.id).update(told_at="piet@wolk.example")
    connection.check_constraints()
    assert RegisterVersion.objects.filter(key=COMPANY + made.key).count() == last.number


def test_the_page_of_a_company_leads_to_its_history_also_when_it_ended(client: Client) -> None:
    """Linked from the page and from the list; as many questions however many versions."""
    staff = make_staff(name="Anouk van Dam")
    actor = Actor.staff(staff.pk)
    made = entered(actor)
    client.force_login(staff, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "nl"
    address = f"/register/bedrijven/{made.id}/"
    page = client.get(address).content.decode()
    assert f'href="{address}geschiedenis/"' in page
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))  # why it changes and why it ends are two fields
    refused = client.post(
        address,
        {"name": "Verre Wolk Inc.", "service": "Anders", "role": "processor", "country": "US"}
        | {"safeguard": "dpf", "contract_on": "2026-01-01"},
    )
    assert list(refused.context["form"].errors) == ["reason"]
    change(made, actor, "Andere dienst.", service_nl="Bewaart film")
    with CaptureQueriesContext(connection) as few:
        first = client.get(f"{address}geschiedenis/")
    for n in range(6):
        change(made, actor, f"Keer {n} anders.", service_nl=f"Dienst {n}")
    with CaptureQueriesContext(connection) as many:
        text = client.get(f"{address}geschiedenis/").content.decode()
    assert len(many) == len(few) <= 12
    assert first.status_code == 200
    for said in ("Andere dienst.", "Anouk van Dam", "<ins>", "<del>", "Verkoop en service"):
        assert said in text
    ended = client.post(f"{address}stoppen/", {"reason": "Opgezegd."})
    assert ended.status_code == 302
    assert f"{address}geschiedenis/" in client.get("/register/bedrijven/").content.decode()
    assert client.get(f"{address}geschiedenis/").status_code == 200


def test_an_inspector_reads_the_history_of_who_receives_what_is_published(anouk: Actor) -> None:
    """Members of staff unnamed; a draft that gives data is not told, nor who only a draft names."""
    made = entered(anouk)
    make_topic()
    connection.check_constraints()
    other = companies.enter_company(values=FACTS | {"name": "Stil B.V."}, at=NOW, actor=anouk)
    draft = hand.make_activity(values={"name_nl": "Nog een concept"}, at=NOW, actor=anouk)
    connection.check_constraints()
    for company in (made, other):
        hand.choose_recipients(key=draft.key, wanted={company.key}, at=NOW, actor=anouk)
        connection.check_constraints()
    change(made, anouk, "Ander land.", country="NL", safeguard="")
    _link, token = inspecting.make_link(
        office="Autoriteit Persoonsgegevens", days=7, at=timezone.now(), actor=anouk
    )
    reader = Client(HTTP_ACCEPT_LANGUAGE="nl")
    index = reader.get(f"/inzage/{token}/").content.decode()
    assert f"/inzage/{token}/bedrijf/{made.key}/" in index
    assert "Stil B.V." not in index
    answer = reader.get(f"/inzage/{token}/bedrijf/{made.key}/")
    text = answer.content.decode()
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Ander land." in text
    assert "Verkoop en service" in text
    for untold in ("concept", "Anouk", draft.key):
        assert untold not in text
    assert reader.get(f"/inzage/{token}/bedrijf/{other.key}/").status_code == 404
    told = list(whole_history(register_now(), {}, for_link=False))
    assert {(each.kind, each.code) for each in told} >= {
        ("company", made.key),
        ("company", other.key),
        ("activity", draft.key),
        ("house", ""),
    }


def test_what_a_link_shows_reads_no_whole_versions(anouk: Actor) -> None:
    """Only a key and a name per company leave the database, and the newest hundred steps."""
    made = entered(anouk)
    for number in range(3):
        change(made, anouk, f"Andere naam {number}.", name=f"Verzendhuis {number}")
        connection.check_constraints()
    register = register_now()
    with CaptureQueriesContext(connection) as asked:
        shown = companies_shown(register)
    assert shown[made.key] == "Verzendhuis 2"
    assert len(asked) == 1
    assert "DISTINCT ON" in asked[0]["sql"]
    page = versions_of(COMPANY + made.key, {}, most=2)
    whole = versions_of(COMPANY + made.key, {}, most=100)
    assert len(page) == 2 < len(whole)
    assert page[-1].before is not None
