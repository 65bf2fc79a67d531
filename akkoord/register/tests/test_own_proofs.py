"""What Akkoord enters in the register by itself is whole, its proof too (INV-29)."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from akkoord.law.form_rules import FormKind
from akkoord.register.details_activity import ensure_details_activity
from akkoord.register.form_activities import ensure_carrier
from akkoord.register.leak_activity import leak_purpose
from akkoord.register.models import ProcessingActivity, RegisterVersion
from akkoord.register.records import entry_now, register_now
from akkoord.register.tests.factories import NOW, make_organisation, make_topic
from akkoord.trail.actions import Actor

pytestmark = pytest.mark.django_db
MIGRATION = import_module("akkoord.register.migrations.0021_proofs_of_our_own")
OWN = ("data-leaks", "details")


def settle() -> None:
    """Write the versions of what was done, as the end of a transaction does."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def enter_own() -> None:
    """All that Akkoord enters by itself, sooner or later."""
    make_organisation()
    make_topic()
    for kind in FormKind:
        ensure_carrier(kind=kind, at=NOW, actor=Actor.system())
    leak_purpose(at=NOW, actor=Actor.system())
    ensure_details_activity(at=NOW, actor=Actor.system())
    settle()


def test_inv29_what_akkoord_enters_by_itself_lacks_nothing() -> None:
    enter_own()
    entries = register_now().entries
    assert {*OWN, "questions", "backups"} <= {each.key for each in entries}
    assert {each.key: each.lacks for each in entries if each.lacks} == {}


def test_inv29_an_upgrade_says_why_and_leaves_what_somebody_wrote() -> None:
    enter_own()
    entries = ProcessingActivity.objects.filter(valid_to=None)
    entries.filter(key="data-leaks").update(proof_nl="", proof_en="")
    entries.filter(key="details").update(proof_nl="Zelf geschreven.", proof_en="")
    settle()
    before = entry_now("details")
    MIGRATION.say_why(apps, SimpleNamespace(connection=connection))
    found = entry_now("data-leaks")
    assert found is not None
    assert found.lacks == ()
    assert entry_now("details") == before
    last = RegisterVersion.objects.filter(key="data-leaks").order_by("-number").first()
    assert last is not None
    assert last.reason == MIGRATION.SAID
    count = RegisterVersion.objects.count()
    MIGRATION.say_why(apps, SimpleNamespace(connection=connection))
    settle()
    assert RegisterVersion.objects.count() == count, "a second time nothing is written"
