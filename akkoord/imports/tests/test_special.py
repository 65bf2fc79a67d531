"""A column of a special category comes in by its open exception alone, sealed (INV-32)."""

from datetime import date
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from akkoord.accounts.models import Staff
from akkoord.consent.models import SpecialValue
from akkoord.consent.special_values import kept_of
from akkoord.consent.tests.test_special_values import open_field
from akkoord.imports.forms import DecisionForm
from akkoord.imports.models import Import, SensitiveDecision
from akkoord.imports.quarantine import decide, verdicts_of
from akkoord.imports.report import Report
from akkoord.imports.tests.factories import AT, WORDING, bring_bytes, make_owner
from akkoord.imports.tests.test_besides import file_with, own_field, owner, stored, topic
from akkoord.imports.tests.test_views import choose, send
from akkoord.imports.undo import undo_import
from akkoord.imports.upload import run_upload
from akkoord.law.sensitive import Sensitive
from akkoord.law.terms import law_day
from akkoord.people.models import ContactPoint, Relation
from akkoord.register.exceptions import end_exception
from akkoord.register.models import FieldException, Organisation, Purpose
from akkoord.trail.actions import Actor

__all__ = ["owner", "topic"]  # the fixtures of the other fields

pytestmark = pytest.mark.django_db


@pytest.fixture
def opened(topic: Purpose, owner: Staff) -> FieldException:
    """A church that may know in which circle its members are."""
    Organisation.objects.update(trade="association")
    words = {"nl": "Kerkelijke kring", "en": "Church circle", "kind": "religion"}
    return open_field(Actor.staff(owner.pk), "9(2)(d)", at=AT, **words)


def bring(tmp_path: Path, owner: Staff, column: str, *cells: str) -> Report:
    return bring_bytes(file_with(column, *cells), "leden.csv", tmp_path, owner, wording=WORDING)


def members(*addresses: str) -> None:
    for point in ContactPoint.objects.filter(normalised__in=addresses):
        Relation.objects.create(person=point.person, kind="member", since=AT.date())


def in_the_field() -> list[str]:
    ids = list(SpecialValue.objects.order_by("id").values_list("person_id", flat=True))
    return sorted(each.value for each in kept_of(ids))


def test_inv32_it_comes_in_of_whom_it_may_and_sealed(
    tmp_path: Path, opened: FieldException, owner: Staff
) -> None:
    bring(tmp_path, owner, "Framemaat", "52", "54")  # who they are, first
    members("a@example.nl")
    report = bring(tmp_path, owner, "Kerkelijke kring", "gereformeerd", "katholiek")
    assert in_the_field() == ["gereformeerd"]
    assert report.as_json()["special_fields"] == {"kept": 1, "left_out": 1}
    assert not stored()
    assert not [each for each in report.sensitive if each["quarantined"]]


def test_inv32_after_the_exception_the_column_waits_as_ever(
    tmp_path: Path, opened: FieldException, owner: Staff
) -> None:
    bring(tmp_path, owner, "Framemaat", "52")
    members("a@example.nl")
    end_exception(field_key="kerkelijke-kring", at=AT, actor=Actor.staff(owner.pk))
    report = bring(tmp_path, owner, "Kerkelijke kring", "gereformeerd")
    assert not SpecialValue.objects.exists()
    assert "Kerkelijke kring" in {each["column"] for each in report.sensitive}


def test_inv32_another_role_brings_nothing(tmp_path: Path, opened: FieldException) -> None:
    marketer = make_owner("marketer", "m@example.nl")
    bring(tmp_path, marketer, "Framemaat", "52")
    members("a@example.nl")
    bring(tmp_path, marketer, "Kerkelijke kring", "gereformeerd")
    assert not SpecialValue.objects.exists()
    assert not stored()


def test_inv32_the_same_words_in_another_column_stay_out(
    tmp_path: Path, topic: Purpose, opened: FieldException, owner: Staff
) -> None:
    own_field(topic, "notes", "Notities")
    bring(tmp_path, owner, "Framemaat", "52")
    members("a@example.nl")
    report = bring(tmp_path, owner, "Notities", "is katholiek")
    assert not stored()
    assert not SpecialValue.objects.exists()
    assert [each["column"] for each in report.sensitive if each["quarantined"]] == ["Notities"]


def test_inv32_what_is_of_another_kind_stays_out(
    tmp_path: Path, opened: FieldException, owner: Staff
) -> None:
    bring(tmp_path, owner, "Framemaat", "52", "54")
    members("a@example.nl", "b@example.nl")
    bring(tmp_path, owner, "Kerkelijke kring", "bsn 111222333", "heeft diabetes")
    assert not SpecialValue.objects.exists()


def test_nothing_is_overwritten_and_undoing_takes_it_away(
    tmp_path: Path, opened: FieldException, owner: Staff
) -> None:
    bring(tmp_path, owner, "Framemaat", "52")
    members("a@example.nl")
    bring(tmp_path, owner, "Kerkelijke kring", "gereformeerd")
    bring(tmp_path, owner, "Kerkelijke kring", "katholiek")
    assert in_the_field() == ["gereformeerd"]
    first = Import.objects.order_by("started_at", "id")[1]
    undo_import(import_id=first.id, at=AT, actor=Actor.staff(owner.pk))
    assert not SpecialValue.objects.exists()


def test_inv32_the_screen_shows_no_cell_and_no_table_holds_one(
    client: Client, topic: Purpose, owner: Staff, tmp_path: Path
) -> None:
    Organisation.objects.update(trade="association")
    words = {"nl": "Kerkelijke kring", "en": "Church circle", "kind": "religion"}
    open_field(Actor.staff(owner.pk), "9(2)(d)", at=timezone.now(), **words)
    bring(tmp_path, owner, "Framemaat", "52")
    members("a@example.nl")
    client.force_login(owner)
    send(client, file_with("Kerkelijke kring", "gereformeerd"))
    record = Import.objects.latest("started_at")
    page = client.get(reverse("imports:columns", args=[record.id])).content.decode()
    assert "Kerkelijke kring" in page
    assert "gereformeerd" not in page
    place = record.parts[0]["header"].index("Kerkelijke kring")
    choose(client, record, **{f"c0-{place}": "own:kerkelijke-kring"})
    run_upload(import_id=record.id, at=timezone.now())
    page = client.get(reverse("imports:detail", args=[record.id])).content.decode()
    assert "gereformeerd" not in page
    client.post(reverse("imports:bring_in", args=[record.id]))
    run_upload(import_id=record.id, at=timezone.now())
    assert in_the_field() == ["gereformeerd"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(i)::text FROM imports_import i")
        assert "gereformeerd" not in str(cursor.fetchall())


def test_inv32_an_opened_column_goes_into_its_own_field_alone(
    client: Client, topic: Purpose, owner: Staff
) -> None:
    own_field(topic, "notes", "Notities")
    Organisation.objects.update(trade="association")
    words = {"nl": "Kerkelijke kring", "en": "Church circle", "kind": "religion"}
    open_field(Actor.staff(owner.pk), "9(2)(d)", at=timezone.now(), **words)
    client.force_login(owner)
    send(client, file_with("Kerkelijke kring", "gereformeerd", "Noord"))
    record = Import.objects.latest("started_at")
    place = record.parts[0]["header"].index("Kerkelijke kring")
    choose(client, record, **{f"c0-{place}": "own:notes"})
    run_upload(import_id=record.id, at=timezone.now())
    client.post(reverse("imports:bring_in", args=[record.id]))
    run_upload(import_id=record.id, at=timezone.now())
    assert not stored()
    assert not SpecialValue.objects.exists()


def _decided(owner: Staff) -> SensitiveDecision:
    return decide(
        layout="mailchimp",
        column="Achternaam",
        kind=SensitiveDecision.Kind.MISTAKEN,
        classes=["religion"],
        reason="Het zijn achternamen.",
        at=AT,
        actor=Actor.staff(owner.pk),
    )


def test_inv32_a_decision_over_a_column_ends_after_a_year(topic: Purpose, owner: Staff) -> None:
    until = _decided(owner).until
    assert until == date(AT.year + 1, AT.month, AT.day)
    assert verdicts_of("mailchimp", on=until)["achternaam"].lets_in == {Sensitive.RELIGION}
    assert verdicts_of("mailchimp", on=date.fromordinal(until.toordinal() + 1)) == {}


@pytest.mark.parametrize(
    "change",
    [{"until": date(2031, 1, 1)}, {"kind": "exception", "ground": "9(2)(a)"}],
)
def test_inv32_the_database_lets_no_decision_open_a_column(
    topic: Purpose, owner: Staff, change: dict[str, object]
) -> None:
    found = _decided(owner)
    with pytest.raises(IntegrityError), transaction.atomic():
        SensitiveDecision.objects.filter(id=found.id).update(**change)


def test_the_form_offers_no_exception_of_its_own() -> None:
    assert dict(DecisionForm().fields["kind"].choices).keys() == {"cells-out", "mistaken"}
    assert law_day(AT) == AT.date()
