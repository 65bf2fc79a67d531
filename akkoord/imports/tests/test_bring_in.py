"""Files come in: the example exports, evidence, and what never changes."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from akkoord.accounts.actions import create_staff
from akkoord.accounts.models import Staff
from akkoord.consent.actions import suppress, withdraw
from akkoord.consent.models import PermissionEvent, Standing, Suppression
from akkoord.datamap.identifiers import normalise_email
from akkoord.datamap.keys import keyed_hash
from akkoord.imports.actions import (
    GroupEvidence,
    ImportOrder,
    ImportRefused,
    add_group_evidence,
    declare_wording_for,
    import_file,
)
from akkoord.imports.models import Import, PendingEvidence
from akkoord.imports.report import Report
from akkoord.law.reasons import Reason
from akkoord.people.models import ContactPoint, Person
from akkoord.people.page import timeline_of
from akkoord.people.queries import living_point
from akkoord.permission.queries import ask
from akkoord.register.models import Purpose
from akkoord.register.tests.factories import make_organisation, make_topic
from akkoord.trail.actions import Actor
from akkoord.trail.seal import seal
from akkoord.trail.verify import verify

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
WORDING = "Ja, stuur mij de nieuwsbrief per e-mail."
HEADER = "Email Address,First Name,Last Name,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,LEID,NOTES"
PROVEN = "2024-01-02 10:00:00,84.1.2.3,2024-01-02 11:00:00,84.1.2.9,1,"


@pytest.fixture
def topic() -> Purpose:
    make_organisation()
    return make_topic()


@pytest.fixture
def owner() -> Staff:
    return create_staff(
        email="eigenaar@fietsen.example",
        name="E. Voorbeeld",
        role="owner",
        password="een lange zin als wachtwoord",
    )


def bring(path: Path, owner: Staff, **order: object) -> Report:
    _, report = import_file(
        path,
        order=ImportOrder(file_name=path.name, **order),  # type: ignore[arg-type]
        at=AT,
        actor=Actor.staff(owner.pk),
    )
    return report


def write(folder: Path, *rows: str, header: str = HEADER) -> Path:
    path = folder / "people.csv"
    path.write_text("\n".join([header, *rows]) + "\n")
    return path


def test_inv07_proven_rows_are_reached_with_wording_and_without_it_nobody_is(
    tmp_path: Path, topic: Purpose, owner: Staff
) -> None:
    path = write(tmp_path, f"a@example.nl,Ann,de Wit,{PROVEN}", "b@example.nl,Bo,,,,,,2,")
    first = bring(path, owner)
    assert (first.created, first.may_be_mailed) == (2, 0)
    assert first.not_mailable == {"wording-not-declared": 1, "no-evidence": 1}
    record = Import.objects.get()
    assert (
        declare_wording_for(import_id=record.id, text=WORDING, at=AT, actor=Actor.staff(owner.pk))
        == 1
    )
    record.refresh_from_db()
    assert (record.may_be_mailed, record.not_mailable) == (1, {"no-evidence": 1})
    event = PermissionEvent.objects.get()
    assert event.is_declared
    assert event.notice is not None
    assert (event.notice.text, event.notice.declared_by) == (WORDING, owner.pk)
    assert event.happened_at == datetime(2024, 1, 2, 11, tzinfo=UTC)
    point = ContactPoint.objects.get(normalised="a@example.nl")
    assert ask([point.id], topic, "email", at=AT)[point.id].allowed
    assert Person.objects.get(points=point).judge_by is None


def test_the_same_file_twice_adds_nothing(tmp_path: Path, topic: Purpose, owner: Staff) -> None:
    path = write(tmp_path, f"a@example.nl,Ann,de Wit,{PROVEN}", "b@example.nl,Bo,,,,,,2,")
    bring(path, owner, wording=WORDING)
    again = bring(path, owner, wording=WORDING)
    assert (again.created, again.updated, again.unchanged) == (0, 0, 2)
    assert PermissionEvent.objects.count() == 1
    assert again.may_be_mailed == 1


def test_a_dry_run_says_the_same_and_changes_nothing(
    tmp_path: Path, topic: Purpose, owner: Staff
) -> None:
    path = write(tmp_path, f"a@example.nl,Ann,de Wit,{PROVEN}", "x")
    dry = bring(path, owner, wording=WORDING, is_dry_run=True)
    assert not Person.objects.exists()
    assert not Import.objects.exists()
    assert not PermissionEvent.objects.exists()
    wet = bring(path, owner, wording=WORDING)
    assert dry.as_json() == wet.as_json()


def test_inv05_an_import_never_lifts_a_withdrawal(
    tmp_path: Path, topic: Purpose, owner: Staff
) -> None:
    path = write(tmp_path, f"a@example.nl,Ann,de Wit,{PROVEN}")
    bring(path, owner, wording=WORDING)
    point = ContactPoint.objects.get()
    withdraw(
        point_id=point.id, purpose_id=topic.id, method="one-click", at=AT, actor=Actor.person()
    )
    later = write(
        tmp_path,
        "a@example.nl,Ann,de Wit,2026-11-01 10:00:00,84.1.2.3,2026-11-02 08:00:00,84.1.2.9,1,",
    )
    report = bring(later, owner, wording=WORDING)
    assert report.may_be_mailed == 0
    assert Standing.objects.get().state == "withdrawn"


def test_inv04_inv35_who_was_forgotten_or_objected_stays_out(
    tmp_path: Path, topic: Purpose, owner: Staff
) -> None:
    for address, why in (("a@example.nl", "erasure"), ("b@example.nl", "objection")):
        suppress(
            keyed_hash=keyed_hash(normalise_email(address)),
            channel="email",
            reason=why,
            at=AT,
            actor=Actor.system(),
        )
    path = write(
        tmp_path,
        f"A@example.nl,Ann,,{PROVEN}",
        f"b@example.nl,Bo,,{PROVEN}",
        f"c@example.nl,Cas,,{PROVEN}",
    )
    report = bring(path, owner, wording=WORDING)
    assert (report.created, report.stayed_out, report.may_be_mailed) == (1, 2, 1)
    assert {(each.line, each.reason) for each in report.refused} == {
        (2, Reason.FORGOTTEN_BEFORE),
        (3, Reason.OBJECTED_BEFORE),
    }
    assert not Person.objects.filter(given_name__in=["Ann", "Bo"]).exists()


def test_one_address_in_two_cases_comes_in_once_with_its_evidence(
    tmp_path: Path, topic: Purpose, owner: Staff
) -> None:
    path = write(tmp_path, "Ann@Example.nl,Ann,,,,,,1,", f"ann@example.NL,Ann,,{PROVEN}")
    report = bring(path, owner, wording=WORDING)
    assert (report.created, report.may_be_mailed) == (1, 1)
    assert [(each.line, each.reason) for each in report.refused] == [(2, Reason.DUPLICATE_ROW)]


def test_inv44_rows_without_proof_are_to_be_judged_for_sixty_days(
    tmp_path: Path, topic: Purpose, owner: Staff
) -> None:
    bring(write(tmp_path, "b@example.nl,Bo,,,,,,2,"), owner, wording=WORDING)
    person = Person.objects.get()
    assert person.judge_by == AT.date() + timedelta(days=60)
    assert not Standing.objects.exists()


def test_evidence_for_a_whole_group_makes_it_reachable(
    tmp_path: Path, topic: Purpose, owner: Staff
) -> None:
    bring(write(tmp_path, "b@example.nl,Bo,,,,,,2,", "c@example.nl,C,,,,,,3,"), owner)
    evidence = GroupEvidence(
        kind="paper",
        signed_at=AT - timedelta(days=30),
        wording=WORDING,
        description="Getekende kaarten, open dag, map 3",
    )
    gone = ContactPoint.objects.get(normalised="c@example.nl")
    ContactPoint.objects.filter(id=gone.id).update(undeliverable_at=AT)
    record = Import.objects.get()
    assert (record.may_be_mailed, sum(record.not_mailable.values())) == (0, 2)
    count = add_group_evidence(
        import_id=record.id, evidence=evidence, at=AT, actor=Actor.staff(owner.pk)
    )
    assert count == 2
    record.refresh_from_db()
    assert (record.may_be_mailed, record.not_mailable) == (1, {"undeliverable": 1})
    (shown,) = timeline_of([gone.person_id])
    assert "op papier" in shown.detail or "on paper" in shown.detail
    assert "map 3" in shown.detail
    ContactPoint.objects.filter(id=gone.id).update(undeliverable_at=None)
    assert not PendingEvidence.objects.exists()
    points = ContactPoint.objects.values_list("id", flat=True)
    assert all(answer.allowed for answer in ask(points, topic, "email", at=AT).values())
    assert not Person.objects.filter(judge_by__isnull=False).exists()


def test_a_bought_list_is_refused_with_the_lawful_way(
    tmp_path: Path, topic: Purpose, owner: Staff
) -> None:
    with pytest.raises(ImportRefused) as refusal:
        bring(write(tmp_path, f"a@example.nl,,,{PROVEN}"), owner, source="bought")
    assert refusal.value.reason is Reason.BOUGHT
    assert not Person.objects.exists()


def test_a_file_without_addresses_is_refused_whole(
    tmp_path: Path, topic: Purpose, owner: Staff
) -> None:
    with pytest.raises(ImportRefused):
        bring(write(tmp_path, "1,2", header="a,b"), owner)


SHARED = next(
    (
        folder / "shared" / "data" / "mailchimp"
        for folder in Path(__file__).resolve().parents
        if (folder / "shared" / "data" / "mailchimp").is_dir()
    ),
    None,
)


@pytest.mark.skipif(SHARED is None, reason="the example exports are not beside this checkout")
def test_the_example_exports_come_in_as_they_are(topic: Purpose, owner: Staff) -> None:
    assert SHARED is not None
    report = bring(SHARED / "subscribed_members_export.csv", owner, wording=WORDING)
    assert report.rows == 1500
    refused = Counter(str(each.reason) for each in report.refused)
    assert refused == {"bad-address": 9, "no-address": 1, "duplicate-row": 1}
    assert report.created == 1489
    assert report.may_be_mailed + sum(report.not_mailable.values()) == 1489
    assert report.not_mailable == {
        "added-by-administrator": 257,
        "no-evidence": 108,
        "impossible-time": 1,
        "future-time": 1,
    }
    assert "NOTES" in report.dropped_columns
    found = {each["column"]: set(each["classes"]) for each in report.sensitive}  # INV-32
    assert found == {"NOTES": {"health", "bsn"}}
    left = bring(SHARED / "unsubscribed_members_export.csv", owner, wording=WORDING)
    assert left.withdrawn == 220
    assert left.may_be_mailed <= 1  # somebody who came back later by their own act
    cleaned = bring(SHARED / "cleaned_members_export.csv", owner, wording=WORDING)
    assert (cleaned.undeliverable, cleaned.may_be_mailed) == (80, 0)
    assert cleaned.not_mailable == {"undeliverable": 80}
    assert Suppression.objects.filter(reason="objection").exists()  # spam complaints
    stored = str(list(PermissionEvent.objects.values_list("evidence", flat=True)))
    assert "suikerziekte" not in stored
    seal(AT)
    assert verify().ok
    point = living_point("fiene.boers@example.org", "email")
    assert point is not None
    assert ask([point.id], topic, "email", at=AT)[point.id].reason in (
        Reason.SUPPRESSED,
        Reason.OBJECTED,
    )
