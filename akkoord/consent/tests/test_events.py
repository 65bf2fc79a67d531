"""The single way in: event and standing together, and what the database refuses."""

import threading
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from akkoord.consent.bulk import append_staged_events, create_staging
from akkoord.consent.events import Fact, record_event
from akkoord.consent.models import PermissionEvent, Standing
from akkoord.consent.rebuild import rebuild_standings, standing_faults
from akkoord.consent.refusals import ConsentRefused
from akkoord.consent.tests import factories as make
from akkoord.datamap.ids import uuid7
from akkoord.law.reasons import Reason
from akkoord.law.states import Basis, Method, PermissionState

pytestmark = pytest.mark.django_db
ALL_EVIDENCE = dict.fromkeys(
    ("file", "caller", "script", "recording", "number_shown", "objection_offered"), "1"
)


def given(version, notice, **values):
    return Fact(
        version=version,
        state=values.pop("state", PermissionState.GIVEN),
        method=values.pop("method", Method.PAPER),
        happened_at=values.pop("happened_at", make.NOW),
        notice=notice,
        evidence=values.pop("evidence", ALL_EVIDENCE),
        **values,
    )


@pytest.fixture
def version():
    make.make_organisation()
    return make.version_of(make.make_topic())


def test_inv06_an_event_and_its_standing_are_written_together(version) -> None:
    point = make.make_point()
    event = record_event(
        point_id=point.id, fact=given(version, make.make_notice()), actor=make.STAFF, at=make.NOW
    )
    standing = Standing.objects.get()
    assert (standing.state, standing.event_id) == (PermissionState.GIVEN, event.id)
    assert list(standing_faults()) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE consent_permissionevent SET state = 'given'",
        "DELETE FROM consent_permissionevent",
        "TRUNCATE consent_permissionevent",
    ],
)
def test_inv06_history_cannot_be_changed(version, statement: str) -> None:
    record_event(
        point_id=make.make_point().id,
        fact=given(version, make.make_notice()),
        actor=make.STAFF,
        at=make.NOW,
    )
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_inv07_a_grant_without_wording_is_refused(version) -> None:
    point = make.make_point()
    with pytest.raises(ConsentRefused) as refused:
        record_event(point_id=point.id, fact=given(version, None), actor=make.STAFF, at=make.NOW)
    assert refused.value.reason is Reason.NO_WORDING
    assert not PermissionEvent.objects.exists()


def test_inv13_a_grant_by_telephone_waits_for_confirmation(version) -> None:
    record_event(
        point_id=make.make_point().id,
        fact=given(version, make.make_notice(), method=Method.PHONE),
        actor=make.STAFF,
        at=make.NOW,
    )
    assert Standing.objects.get().state == PermissionState.REQUESTED


def test_a_fact_ahead_is_refused(version) -> None:
    fact = given(version, make.make_notice(), happened_at=make.NOW + timedelta(seconds=1))
    with pytest.raises(ConsentRefused):
        record_event(point_id=make.make_point().id, fact=fact, actor=make.STAFF, at=make.NOW)


def test_a_point_that_is_gone_is_refused(version) -> None:
    with pytest.raises(ConsentRefused) as refused:
        record_event(
            point_id=uuid7(), fact=given(version, make.make_notice()), actor=make.STAFF, at=make.NOW
        )
    assert refused.value.reason is Reason.PERSON_GONE


def test_facts_heard_out_of_order_make_the_same_standing(version) -> None:
    point, notice = make.make_point(), make.make_notice()
    stop = Fact(
        version=version,
        state=PermissionState.WITHDRAWN,
        method=Method.PAPER,
        happened_at=make.NOW - timedelta(days=1),
    )
    record_event(point_id=point.id, fact=stop, actor=make.STAFF, at=make.NOW)
    old = given(version, notice, happened_at=make.NOW - timedelta(days=9))
    record_event(point_id=point.id, fact=old, actor=make.STAFF, at=make.NOW)
    assert Standing.objects.get().state == PermissionState.WITHDRAWN
    assert list(standing_faults()) == []


def test_a_changed_standing_is_a_fault_and_rebuilding_mends_it(version) -> None:
    record_event(
        point_id=make.make_point().id,
        fact=given(version, make.make_notice()),
        actor=make.STAFF,
        at=make.NOW,
    )
    Standing.objects.update(state=PermissionState.WITHDRAWN)
    assert [fault.fault for fault in standing_faults()] == ["standing-differs"]
    Standing.objects.all().delete()
    assert [fault.fault for fault in standing_faults()] == ["standing-missing"]
    assert rebuild_standings(at=make.NOW, actor=make.STAFF) == 1
    assert list(standing_faults()) == []


def stage(cursor, point, version, notice, state, method="import", actor="import", days=0) -> None:
    cursor.execute(
        "INSERT INTO staged_permission_event VALUES (%s, %s, %s, %s, 'email', %s, %s, %s, %s, "
        "NULL, %s, NULL, %s, NULL, %s, true, '{}')",
        [
            uuid7(),
            point.person_id,
            point.id,
            version.id,
            Basis.CONSENT,
            state,
            make.NOW - timedelta(days=days),
            make.NOW,
            actor,
            method,
            notice.id,
        ],
    )


def test_in_bulk_too_nobody_acts_after_we_heard_of_it(version) -> None:
    point, notice = make.make_point(), make.make_notice()
    with transaction.atomic(), connection.cursor() as cursor:
        create_staging(cursor)
        stage(cursor, point, version, notice, "confirmed", days=-1)
        with pytest.raises(ConsentRefused) as refused:
            append_staged_events(cursor)
        assert refused.value.reason == Reason.FUTURE_TIME
    event = record_event(
        point_id=point.id, fact=given(version, notice), actor=make.STAFF, at=make.NOW
    )
    ahead = PermissionEvent.objects.filter(id=event.id).values().get()
    ahead |= {"id": uuid7(), "happened_at": make.NOW + timedelta(seconds=1)}
    with pytest.raises(IntegrityError, match="consent_happened_before_we_heard"):
        PermissionEvent.objects.create(**ahead)


def test_inv06_bulk_and_single_writing_fold_alike(version) -> None:
    notice = make.make_notice()
    single, double, known = (make.make_point(f"{n}@example.nl") for n in ("a", "b", "c"))
    record_event(
        point_id=known.id,
        fact=Fact(
            version=version,
            state=PermissionState.OBJECTED,
            method=Method.STAFF,
            happened_at=make.NOW - timedelta(days=30),
        ),
        actor=make.STAFF,
        at=make.NOW,
    )
    with transaction.atomic(), connection.cursor() as cursor:
        create_staging(cursor)
        stage(cursor, single, version, notice, "confirmed", days=3)
        stage(cursor, double, version, notice, "given", days=3)
        stage(cursor, double, version, notice, "withdrawn", days=2)
        stage(cursor, known, version, notice, "confirmed", days=1)
        assert append_staged_events(cursor) == 4
    found = dict(Standing.objects.values_list("contact_point_id", "state"))
    # INV-5: an import never lifts an objection.
    assert found == {single.id: "confirmed", double.id: "withdrawn", known.id: "objected"}
    assert list(standing_faults()) == []


@pytest.mark.django_db(transaction=True)
def test_two_writers_at_once_fold_both_facts(version) -> None:
    point, notice = make.make_point(), make.make_notice()
    start = threading.Barrier(2)

    def write(fact: Fact) -> None:
        start.wait()
        record_event(point_id=point.id, fact=fact, actor=make.STAFF, at=make.NOW)
        connection.close()

    stop = Fact(
        version=version,
        state=PermissionState.WITHDRAWN,
        method=Method.PAPER,
        happened_at=make.NOW,
    )
    threads = [
        threading.Thread(target=write, args=(fact,)) for fact in (given(version, notice), stop)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert PermissionEvent.objects.count() == 2
    assert Standing.objects.get().state == PermissionState.WITHDRAWN
    assert list(standing_faults()) == []
