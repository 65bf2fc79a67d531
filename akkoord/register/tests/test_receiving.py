"""Who carries what Akkoord does, and who may receive it (INV-42, art. 28, 44)."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from akkoord.law.register_rules import Element
from akkoord.register import companies, hand, presets
from akkoord.register.actions import change_organisation
from akkoord.register.completeness import lacks_of
from akkoord.register.customers import answer_bookkeeping
from akkoord.register.details_activity import DETAILS, ensure_details_activity
from akkoord.register.form_activities import ensure_carrier
from akkoord.register.leak_activity import DATA_LEAKS, leak_purpose
from akkoord.register.models import ProcessingActivity, Recipient
from akkoord.register.processors import contracts_on, enter_mail_processor, enter_print_house
from akkoord.register.receiving import may_receive
from akkoord.register.records import entry_now
from akkoord.register.refused import RegisterRefused
from akkoord.register.tests.factories import NOW, make_organisation, make_topic
from akkoord.trail.actions import Actor
from akkoord.trail.models import Change

pytestmark = pytest.mark.django_db
STAFF = Actor.staff(UUID("01936f00-0000-7000-8000-000000000001"))
CLOUD = {
    "name": "Verre Wolk Inc.",
    "service_nl": "Bewaart foto’s",
    "service_en": "Keeps photos",
    "role": "processor",
    "country": "US",
}


def names_of(activity_key: str) -> set[str]:
    """Who receives data of an activity, as the register says it."""
    entry = entry_now(activity_key)
    assert entry is not None
    return {each["key"] for each in entry.content["recipients"]}


def print_house(has_contract: bool = True) -> Recipient:
    """A printer for the customers' letters."""
    return enter_print_house(
        name="Drukwerk BV",
        activity_key="customers",
        has_contract=has_contract,
        at=NOW,
        actor=STAFF,
    )


def test_inv42_a_new_topic_goes_to_who_carries_all_of_akkoord_and_to_nobody_else() -> None:
    """A bookkeeper, a printer and a company without a contract hear of no newsletter."""
    make_organisation()
    companies.enter_company(values=CLOUD, at=NOW, actor=STAFF)
    for key in ("books-jortt", "pay-mollie", "post-nl", "mail-brevo", "host-transip"):
        companies.enter_known(key=key, at=NOW, actor=STAFF)
    print_house()
    hand.choose_recipients(
        key="customers",
        wanted={"hosting", "mail", "books-jortt", "print-drukwerk-bv"},
        reason="De boekhouder erbij.",
        at=NOW,
        actor=STAFF,
    )
    topic = make_topic()
    assert names_of(topic.activity_key) == {"hosting", "mail"}
    ensure_carrier(kind="question", at=NOW, actor=STAFF)
    assert names_of("questions") == {"hosting", "mail"}


def test_inv42_who_keeps_the_computers_and_sends_the_mail_carries_a_new_topic_too() -> None:
    """Hosting that all of Akkoord stands on, and the provider whose account is connected."""
    make_organisation()
    companies.enter_known(key="host-transip", at=NOW, actor=STAFF)
    for key in ("customers", *(each.key for each in presets.SYSTEM_ACTIVITIES)):
        hand.choose_recipients(
            key=key,
            wanted={"hosting", "mail", "host-transip"},
            reason="Andere hosting.",
            at=NOW,
            actor=STAFF,
        )
    enter_mail_processor(kind="brevo", leaves_eea=False, at=NOW, actor=STAFF)
    topic = make_topic()
    assert names_of(topic.activity_key) == {"hosting", "mail", "host-transip", "mail-brevo"}


def test_inv42_who_hosts_the_website_alone_hears_of_no_newsletter() -> None:
    """A hosting company is told of a topic only when everything stands with it."""
    make_organisation()
    companies.enter_known(key="host-transip", at=NOW, actor=STAFF)
    hand.choose_recipients(
        key="customers",
        wanted={"hosting", "mail", "host-transip"},
        reason="De website staat daar.",
        at=NOW,
        actor=STAFF,
    )
    assert "host-transip" not in names_of(make_topic().activity_key)


def test_inv42_without_what_akkoord_performs_nobody_carries_all_of_it() -> None:
    """No system activity lives: then not everybody stands under all of them."""
    make_organisation()
    print_house()
    ProcessingActivity.objects.filter(is_system=True).update(valid_to=NOW)
    assert names_of(make_topic().activity_key) == {"hosting"}


def test_inv29_what_akkoord_enters_by_itself_is_published_with_who_receives_it() -> None:
    """Leaks, the yearly question about details, and the books."""
    make_organisation()
    leak_purpose(at=NOW, actor=STAFF)
    ensure_details_activity(at=NOW, actor=STAFF)
    answer_bookkeeping(keeps_books=True, at=NOW, actor=STAFF)
    for key in (DATA_LEAKS, DETAILS, presets.BOOKS.key):
        assert names_of(key) == {"hosting", "mail"}, key
        assert Element.RECIPIENTS not in lacks_of(key), key


def test_inv42_a_carrier_that_may_receive_nothing_gets_no_new_topic() -> None:
    """Its contract went from the row by another way: no new data goes there."""
    make_organisation()
    enter_mail_processor(kind="postmark", leaves_eea=True, at=NOW, actor=STAFF)
    Recipient.objects.filter(key="mail-postmark").update(safeguard="")
    assert "mail-postmark" not in names_of(make_topic().activity_key)


def test_our_own_computers_stay_ours_under_another_name() -> None:
    """The organisation is renamed: what it does itself needs no contract with itself."""
    make_organisation()
    change_organisation(values={"name": "Fietsen van Vecht"}, at=NOW, actor=STAFF)
    own = Recipient.objects.get(key="hosting", valid_to=None)
    assert own.name == "Fietsen van Vecht"
    assert may_receive(own, NOW.date())


@pytest.mark.parametrize("leaves_eea", [False, True])
def test_inv42_a_provider_that_was_ticked_first_carries_everything_once_connected(
    leaves_eea: bool,
) -> None:
    """The one tick names no activity; once connected all of them do, as the trail says."""
    make_organisation()
    ticked = companies.enter_known(key="mail-ses", at=NOW, actor=STAFF)
    assert ticked.activity_keys == []
    later = NOW + timedelta(days=1)
    found = enter_mail_processor(kind="ses", leaves_eea=leaves_eea, at=later, actor=STAFF)
    assert found.id == ticked.id
    assert {"customers", *(each.key for each in presets.SYSTEM_ACTIVITIES)} <= set(
        Recipient.objects.get(id=ticked.id).activity_keys
    )
    assert (found.country, bool(found.safeguard)) == (("US", True) if leaves_eea else ("LU", False))
    change = Change.objects.filter(object_id=ticked.id).latest("id")
    assert change.action == "company.change"
    assert "activity_keys" in change.fields


def test_inv42_a_provider_without_a_contract_gets_the_day_it_was_connected() -> None:
    """Whoever connects the account says that there is one."""
    make_organisation()
    values = {**CLOUD, "name": "Mailgun", "safeguard": "clauses"}
    made = companies.enter_company(values=values, key="mail-mailgun", at=NOW, actor=STAFF)
    assert made.contract_on is None
    enter_mail_processor(kind="mailgun", leaves_eea=True, at=NOW, actor=STAFF)
    made.refresh_from_db()
    assert made.contract_on == NOW.date()


def test_inv42_a_provider_whose_ground_does_not_fit_is_refused() -> None:
    """Adequacy of a country without a decision: the account is not connected."""
    make_organisation()
    values = {**CLOUD, "name": "Mailgun", "safeguard": "adequacy", "contract_on": date(2026, 1, 1)}
    companies.enter_company(values=values, key="mail-mailgun", at=NOW, actor=STAFF)
    with pytest.raises(RegisterRefused):
        enter_mail_processor(kind="mailgun", leaves_eea=True, at=NOW, actor=STAFF)
    assert Recipient.objects.get(key="mail-mailgun").activity_keys == []


@pytest.mark.parametrize(
    "worse",
    [
        {"contract_on": None},
        {"safeguard": ""},
        {"safeguard": "adequacy"},
        {"activity_keys": []},
    ],
)
def test_inv42_a_contract_alone_is_not_enough_to_send_by(worse: dict[str, object]) -> None:
    """Nor by one outside the EEA whose ground is gone, nor by one that no activity names."""
    make_organisation()
    enter_mail_processor(kind="postmark", leaves_eea=True, at=NOW, actor=STAFF)
    assert contracts_on(["mail-postmark"], NOW.date())["mail-postmark"][1] == NOW.date()
    Recipient.objects.filter(key="mail-postmark").update(**worse)
    assert contracts_on(["mail-postmark"], NOW.date())["mail-postmark"][1] is None


def test_inv42_a_printer_that_is_there_is_asked_for_its_contract_and_ground_again() -> None:
    """Found by its name, it gets nothing new while something is lacking."""
    make_organisation()
    made = print_house()
    Recipient.objects.filter(id=made.id).update(country="US")
    with pytest.raises(RegisterRefused):
        print_house()
    Recipient.objects.filter(id=made.id).update(country="NL", contract_on=None)
    with pytest.raises(RegisterRefused):
        print_house(has_contract=False)
    assert print_house().contract_on == NOW.date()
