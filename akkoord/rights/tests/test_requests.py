"""Requests and their clock (INV-33, 34), and what may not be done with them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from akkoord.consent.models import Standing, Suppression
from akkoord.consent.tests.factories import make_organisation, make_point
from akkoord.datamap.keys import keyed_hash
from akkoord.people.models import Person
from akkoord.rights.actions import (
    RequestFacts,
    close_request,
    open_request,
)
from akkoord.rights.due_days import dutch_holidays
from akkoord.rights.extending import extend_request
from akkoord.rights.models import RequestPart, RightsRequest
from akkoord.rights.parts import refuse_parts
from akkoord.rights.queries import open_requests
from akkoord.rights.refusals import RequestRefused
from akkoord.rights.resume import tidy_requests
from akkoord.rights.tests.factories import NOW, STAFF

pytestmark = pytest.mark.django_db


def no(request: RightsRequest, ground: str, why: str) -> RightsRequest:
    return refuse_parts(
        request_id=request.id, kinds=None, ground=ground, explanation=why, at=NOW, actor=STAFF
    )


def ask(*kinds: str, received: datetime = NOW, at: datetime = NOW, **more: object) -> RightsRequest:
    facts = RequestFacts(kinds=kinds, channel="letter", received_at=received, **more)  # type: ignore[arg-type]
    return open_request(facts=facts, at=at, actor=STAFF)


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (datetime(2026, 11, 24, 12, tzinfo=UTC), date(2026, 12, 24)),
        # 25 and 26 December are holidays, then comes a Sunday (Regulation 1182/71)
        (datetime(2026, 11, 25, 12, tzinfo=UTC), date(2026, 12, 28)),
        (datetime(2026, 1, 31, 12, tzinfo=UTC), date(2026, 3, 2)),  # 28 February is a Saturday
        (datetime(2026, 3, 27, 12, tzinfo=UTC), date(2026, 4, 28)),  # King's Day
        # 23:30 in Amsterdam is still that day, though not in UTC
        (datetime(2026, 6, 30, 22, 30, tzinfo=UTC), date(2026, 8, 3)),
    ],
)
def test_inv33_the_clock_runs_from_receipt(received: datetime, due: date) -> None:
    """A month, and never ending on a day off."""
    request = ask("access", received=received, at=max(NOW, received) + timedelta(days=400))
    assert request.due_on == due


def test_inv33_an_extension_after_the_first_month_is_refused() -> None:
    """Told with a reason, within the month, once."""
    request = ask("access")
    late = NOW + timedelta(days=40)
    with pytest.raises(RequestRefused):
        extend_request(request_id=request.id, reason="veel", at=late, actor=STAFF)
    with pytest.raises(RequestRefused):
        extend_request(request_id=request.id, reason=" ", at=NOW, actor=STAFF)
    longer = extend_request(request_id=request.id, reason="veel", at=NOW, actor=STAFF)
    assert longer.extended_until == date(2027, 2, 24)
    with pytest.raises(RequestRefused):
        extend_request(request_id=request.id, reason="meer", at=NOW, actor=STAFF)


def test_inv34_an_objection_works_in_this_moment() -> None:
    """No identity asked, no waiting; and it is done with that."""
    make_organisation()
    point = make_point()
    request = ask("objection", person_id=point.person_id)
    assert request.state == RightsRequest.State.DONE
    assert Suppression.objects.filter(reason="objection").count() == 1
    assert not Standing.objects.filter(state__in=["given", "confirmed"]).exists()


def test_inv34_an_objection_from_an_unknown_address_keeps_it_out_of_every_file() -> None:
    """Only its keyed hash is kept; and who handles it still answers."""
    request = ask("objection", reply_to="Vera@example.nl")
    assert request.state == RightsRequest.State.OPEN
    entry = Suppression.objects.get()
    assert bytes(entry.keyed_hash) == keyed_hash("vera@example.nl")
    assert (entry.scope, entry.since) == ("marketing", request.received_at)


def test_inv38_a_restriction_freezes_at_once() -> None:
    """Art. 18."""
    point = make_point()
    ask("restriction", "access", person_id=point.person_id)
    assert Person.objects.get().restricted_at is not None
    assert RightsRequest.objects.get().state == RightsRequest.State.OPEN


def test_an_objection_can_never_be_refused() -> None:
    """Art. 21(3) knows no exception; another request needs a reason to be refused."""
    objection = ask("objection")  # nobody known by that address yet: stays open
    for request, ground, why in (
        (objection, "excessive", "nee"),
        (ask("withdrawal"), "excessive", "nee"),
        (access := ask("access"), "excessive", " "),
        (access, "te veel werk", "tiende keer"),
        (access, "compelling-grounds", "tiende keer"),
    ):
        with pytest.raises(RequestRefused):
            no(request, ground, why)
    refused = no(access, "excessive", "tiende keer")
    assert refused.state == RightsRequest.State.REFUSED
    with pytest.raises(RequestRefused):
        no(access, "excessive", "nog eens")
    part = objection.parts.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        RequestPart.objects.filter(id=part.id).update(
            state="refused", ground="excessive", decided_at=NOW
        )


def test_a_request_of_tomorrow_or_for_nothing_is_refused() -> None:
    """Nothing is written down then."""
    for kinds, received in ((("access",), NOW + timedelta(hours=1)), ((), NOW)):
        with pytest.raises(RequestRefused):
            ask(*kinds, received=received)
    assert not RightsRequest.objects.exists()


def test_what_is_overdue_stands_on_top() -> None:
    """Then what is due first; closed ones do not stand there."""
    new = ask("access")
    old = ask("access", received=NOW - timedelta(days=60))
    done = ask("access")
    close_request(request_id=done.id, at=NOW, actor=STAFF)
    rows = open_requests(NOW.date())
    assert [row.request.id for row in rows] == [old.id, new.id]
    assert [str(row.urgency) for row in rows] == ["overdue", "in-time"]
    assert rows[0].late_by > 20


def test_links_nobody_pressed_lapse_and_old_records_go() -> None:
    """A request is personal data too."""
    waiting = ask("access", state=RightsRequest.State.WAITING_IDENTITY)
    old = ask("access", received=NOW - timedelta(days=900))
    RightsRequest.objects.filter(id=old.id).update(
        state="done", closed_at=NOW - timedelta(days=800)
    )
    assert tidy_requests(at=NOW + timedelta(days=8)) == 2
    waiting.refresh_from_db()
    assert waiting.state == RightsRequest.State.LAPSED
    assert not RightsRequest.objects.filter(id=old.id).exists()


def test_the_holidays_are_those_of_the_netherlands() -> None:
    """Off-line, from a library."""
    assert {date(2026, 4, 27), date(2026, 12, 26), date(2027, 1, 1)} <= dutch_holidays(2026)
