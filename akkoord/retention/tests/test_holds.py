"""A legal hold stops every path by which something could go (art. 17(3)(e))."""

from datetime import timedelta
from typing import Any

import pytest

from akkoord.consent.tests.factories import make_organisation
from akkoord.datamap.forgetting import forget_people
from akkoord.datamap.holds import HeldByLaw, held_people
from akkoord.people.models import Person
from akkoord.retention.actions import clean_up
from akkoord.retention.due import count_due
from akkoord.retention.holds import HoldRefused, lift_hold, put_hold
from akkoord.retention.models import LegalHold
from akkoord.retention.tests.factories import NOW, TODAY, bought, said, somebody
from akkoord.rights.begin import begin_erasure
from akkoord.rights.carry_out import carry_out
from akkoord.rights.forget import forget
from akkoord.rights.models import ErasureRun
from akkoord.rights.preview import preview_erasure
from akkoord.rights.resume import resume_erasures
from akkoord.trail.actions import Actor
from akkoord.trail.models import Change

pytestmark = pytest.mark.django_db
STAFF = Actor.system()
LATER = NOW + timedelta(minutes=10)


@pytest.fixture(autouse=True)
def house() -> None:
    make_organisation()


def hold(person: Person | None = None, **more: Any) -> LegalHold:
    values: dict[str, Any] = {"reason": "Geschil over factuur 7", "at": NOW, "actor": STAFF}
    if person is not None:
        values["person_id"] = person.id
    return put_hold(**(values | more))


def test_inv39_a_hold_on_a_person_stops_the_clean_up_until_it_is_lifted() -> None:
    held, other = somebody(), somebody()
    for each in (held, other):
        bought(each, 1200)
    put = hold(held)
    assert clean_up(at=NOW).forgotten == 1
    assert Person.objects.get().id == held.id
    assert [each.people[0] for each in count_due(today=TODAY) if each.effect == "held"] == [1]
    lift_hold(hold_id=put.id, at=NOW, actor=STAFF)
    assert clean_up(at=NOW).forgotten == 1
    acts = Change.objects.filter(object_kind="legal-hold").order_by("id")
    assert list(acts.values_list("action", flat=True)) == ["retention.hold", "retention.lift"]


def test_a_hold_on_an_activity_holds_all_of_its_people() -> None:
    bought(somebody(), 1200)
    put = hold(activity_key="customers")
    assert clean_up(at=NOW).forgotten == 0
    lift_hold(hold_id=put.id, at=NOW, actor=STAFF)
    assert clean_up(at=NOW).forgotten == 1


def test_a_hold_with_a_day_ends_by_itself() -> None:
    person = somebody()
    bought(person, 1200)
    hold(person, until=TODAY + timedelta(days=3))
    assert clean_up(at=NOW).forgotten == 0
    LegalHold.objects.update(until=TODAY - timedelta(days=3))
    assert clean_up(at=NOW).forgotten == 1


def test_a_hold_stops_single_fields_and_reducing_too() -> None:
    reader, gone = somebody(), somebody()
    said(reader, "confirmed", 400)
    bought(reader, 1200)
    said(gone, "withdrawn", 100)
    for each in (reader, gone):
        hold(each)
    done = clean_up(at=NOW)
    assert (done.emptied, done.reduced) == (0, 0)


def test_an_erasure_is_refused_and_the_preview_says_why() -> None:
    person = somebody()
    hold(person)
    with pytest.raises(HeldByLaw) as refused:
        forget(person_id=person.id, by="staff", actor=STAFF, at=NOW)
    assert refused.value.holds[0].reason == "Geschil over factuur 7"
    assert preview_erasure(person, on=TODAY).holds == refused.value.holds
    assert forget_people(person_ids=[person.id], at=NOW) == 0
    assert held_people() == [person.id]


def test_a_hold_by_a_former_id_counts_for_who_they_are_now() -> None:
    from akkoord.datamap.ids import uuid7
    from akkoord.people.models import PersonAlias

    person = somebody()
    former = PersonAlias.objects.create(old_id=uuid7(), person=person, merged_at=NOW)
    hold(person)
    assert forget_people(person_ids=[former.old_id], at=NOW) == 0


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"reason": "  "}, "reason"),
        ({"until": TODAY - timedelta(days=1)}, "until"),
        ({"activity_key": "no-such"}, "activity"),
    ],
)
def test_a_hold_that_cannot_be_is_refused(more: dict[str, Any], field: str) -> None:
    with pytest.raises(HoldRefused) as refused:
        hold(**({"activity_key": "customers"} | more))
    assert refused.value.field == field
    assert not LegalHold.objects.exists()


@pytest.mark.parametrize(
    "reason", ["Mail van anna@example.nl", "Belt met 06 12345678", "Zaak van Anna Wit, 2026"]
)
def test_inv30_the_reason_of_an_activity_names_nobody(reason: str) -> None:
    """No path leads from it to a person, so it would stay when they go; of a person it goes."""
    person = somebody()
    with pytest.raises(HoldRefused) as refused:
        hold(activity_key="customers", reason=reason)
    assert refused.value.field == "reason"
    assert hold(activity_key="customers", reason="Zaak van de familie Wit").person_id is None
    assert hold(person, reason=reason).reason == reason


def test_two_holds_at_once_are_one_too_many_and_a_past_one_makes_room() -> None:
    person = somebody()
    hold(person, until=TODAY)
    with pytest.raises(HoldRefused):
        hold(person)
    hold(person, at=NOW + timedelta(days=2))
    assert LegalHold.objects.filter(lifted_at=None).count() == 1


def test_who_is_frozen_on_request_is_left_alone() -> None:
    """Art. 18(1)(c): they may need the data themselves."""
    from akkoord.consent.actions import restrict_person

    person = somebody()
    bought(person, 1200)
    restrict_person(person_id=person.id, actor=Actor.person(), at=NOW)
    assert clean_up(at=NOW).forgotten == 0


def test_a_hold_put_after_an_erasure_was_begun_stops_it_until_it_is_lifted() -> None:
    """Killed in between, then taken up by the job: nobody who is held goes."""
    person = somebody()
    run = begin_erasure(person_ids=[person.id], by="staff", actor=STAFF, at=NOW)
    put = hold(person)
    with pytest.raises(HeldByLaw):
        carry_out(run_id=run.id, actor=STAFF, at=NOW)
    assert resume_erasures(at=LATER) == 0
    assert Person.objects.get() == person
    run.refresh_from_db()
    assert (run.state, run.people, run.pending.count()) == ("begun", 1, 1)
    lift_hold(hold_id=put.id, at=NOW, actor=STAFF)
    assert resume_erasures(at=LATER) == 1
    assert not Person.objects.exists()


def test_of_several_only_who_is_held_stays() -> None:
    held, other = somebody(), somebody()
    run = begin_erasure(person_ids=[held.id, other.id], by="staff", actor=STAFF, at=NOW)
    hold(held)
    assert resume_erasures(at=LATER) == 1
    assert Person.objects.get() == held
    assert held.points.exists()
    run.refresh_from_db()
    assert (run.state, run.people, run.pending.count()) == ("clean", 1, 0)


def test_a_clean_up_that_meets_a_hold_asks_anew_who_is_due() -> None:
    """After the hold they may have bought something: the old run does not wait for them."""
    person = somebody()
    begin_erasure(person_ids=[person.id], by="retention", actor=STAFF, at=NOW)
    put = hold(person)
    assert resume_erasures(at=LATER) == 0
    lift_hold(hold_id=put.id, at=NOW, actor=STAFF)
    assert resume_erasures(at=LATER) == 0
    assert Person.objects.get() == person


def test_inv39_a_clean_up_that_was_killed_asks_anew_whose_term_is_over() -> None:
    """Begun, killed, and a sale came in: whoever takes the run up lets them stay."""
    person = somebody()
    bought(person, 1200)
    begin_erasure(person_ids=[person.id], by="retention", actor=STAFF, at=NOW)
    bought(person, 1)
    assert resume_erasures(at=LATER) == 0
    assert clean_up(at=LATER).forgotten == 0
    assert Person.objects.get() == person
    assert not ErasureRun.objects.exists()


def test_inv39_who_was_counted_and_stays_is_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed between the count and the erasure, and a sale came in meanwhile."""
    person, other = somebody(), somebody()
    bought(person, 1200)
    bought(other, 1200)

    def dies(**_values: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("akkoord.rights.together.begin_erasure", dies)
        with pytest.raises(KeyboardInterrupt):
            clean_up(at=NOW)
    bought(person, 1)
    assert clean_up(at=LATER).forgotten == 1
    assert Person.objects.get() == person


def test_a_journal_is_replayed_over_a_hold() -> None:
    """They were forgotten before: a backup brought them back, not a claim."""
    person = somebody()
    hold(person)
    run = begin_erasure(person_ids=[person.id], by="journal", actor=STAFF, at=NOW)
    carry_out(run_id=run.id, actor=STAFF, at=NOW)
    assert not Person.objects.exists()
