"""What an upgrade does with companies that got every topic by themselves (INV-42, art. 30)."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from akkoord.register import companies, hand
from akkoord.register.models import Organisation, Recipient, RegisterVersion
from akkoord.register.processors import enter_mail_processor, enter_print_house
from akkoord.register.receiving import may_receive
from akkoord.register.tests.factories import NOW, make_organisation, make_topic
from akkoord.register.tests.test_receiving import CLOUD, STAFF

pytestmark = pytest.mark.django_db
MIGRATION = import_module("akkoord.register.migrations.0019_carriers_as_chosen")


def settle() -> None:
    """Write the versions of what was done, as the end of a transaction does."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def append_to_all(activity_key: str) -> None:
    """What making a topic did before: every living company received it."""
    for each in Recipient.objects.filter(valid_to=None):
        if activity_key not in each.activity_keys:
            each.activity_keys = [*each.activity_keys, activity_key]
            each.save()


def keys_of(key: str) -> list[str]:
    """What a company receives data of."""
    return Recipient.objects.get(key=key, valid_to=None).activity_keys


def upgrade() -> None:
    """Run both steps of the migration on the database as it is."""
    editor = SimpleNamespace(connection=connection)
    MIGRATION.name_our_own(apps, editor)
    MIGRATION.take_what_nobody_chose(apps, editor)


def test_inv42_what_came_by_itself_goes_and_what_somebody_chose_stays() -> None:
    """The history says why; carriers of everything keep all of it."""
    make_organisation()
    companies.enter_company(values=CLOUD, key="company-wolk", at=NOW, actor=STAFF)
    for key in ("books-jortt", "host-transip"):
        companies.enter_known(key=key, at=NOW, actor=STAFF)
    enter_print_house(
        name="Drukwerk", activity_key="customers", has_contract=True, at=NOW, actor=STAFF
    )
    enter_mail_processor(kind="brevo", leaves_eea=False, at=NOW, actor=STAFF)
    settle()
    first, second = make_topic(), make_topic("aanbiedingen")
    append_to_all(first.activity_key)
    settle()  # the topic's first version has them all
    hand.choose_recipients(
        key=second.activity_key,
        wanted={"hosting", "mail", "mail-brevo", "books-jortt"},
        reason="De boekhouder verstuurt deze zelf.",
        at=NOW,
        actor=STAFF,
    )
    settle()
    upgrade()
    assert keys_of("company-wolk") == []
    assert keys_of("host-transip") == []
    assert keys_of("print-drukwerk") == ["customers"]
    assert keys_of("books-jortt") == [second.activity_key]
    for key in ("hosting", "mail", "mail-brevo"):
        assert {first.activity_key, second.activity_key, "proof"} <= set(keys_of(key)), key
    newest = RegisterVersion.objects.filter(key=first.activity_key).latest("number")
    assert newest.reason == MIGRATION.TAKEN
    assert {each["key"] for each in newest.content["recipients"]} == {
        "hosting",
        "mail",
        "mail-brevo",
    }
    # A company without a contract is a draft again: it is written on without a reason.
    cloud = Recipient.objects.get(key="company-wolk")
    companies.change_company(
        recipient_id=cloud.id, values={"name": "Wolk Inc."}, at=NOW, actor=STAFF
    )


def test_our_own_computers_get_our_name_when_we_were_renamed_before() -> None:
    """A row of ours under a contract is somebody else's by now: it keeps its name."""
    make_organisation()
    Recipient.objects.filter(key="mail").update(name="Strato", contract_on=NOW.date())
    Organisation.objects.update(name="Fietsen van Vecht")
    settle()
    upgrade()
    own = Recipient.objects.get(key="hosting", valid_to=None)
    assert own.name == "Fietsen van Vecht"
    assert may_receive(own, NOW.date())
    assert Recipient.objects.get(key="mail", valid_to=None).name == "Strato"
    assert RegisterVersion.objects.filter(key="proof").latest("number").reason == MIGRATION.RENAMED


def test_an_upgrade_of_a_tidy_register_writes_no_version() -> None:
    """Nothing came by itself and nothing was renamed."""
    make_organisation()
    make_topic()
    settle()
    before = RegisterVersion.objects.count()
    upgrade()
    settle()
    assert RegisterVersion.objects.count() == before
