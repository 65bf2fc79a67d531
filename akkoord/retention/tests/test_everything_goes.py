"""After a clean-up of any day: nothing past its term remains, and nothing within it is gone
(INV-39, 44), but for holds, other purposes and who waits for the owner's yes."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from akkoord.accounts.models import Staff
from akkoord.cli.retention import command
from akkoord.consent.tests.factories import make_organisation
from akkoord.datamap.spans import _sources
from akkoord.law.retention_rules import PRESETS, Effect, Term, Trigger
from akkoord.law.terms import add_months
from akkoord.people.models import Person, PostalAddress, Purchase
from akkoord.register.terms import RuleFacts, change_rule
from akkoord.retention import run as running
from akkoord.retention.actions import clean_up
from akkoord.retention.holds import put_hold
from akkoord.retention.jobs import clean_up_nightly
from akkoord.retention.models import DueRow, RetentionRun, RunLine
from akkoord.retention.tests.factories import NOW, TODAY, bought, said, somebody
from akkoord.trail.actions import Actor

pytestmark = pytest.mark.django_db
LIFE = st.fixed_dictionaries(
    {
        "sale": st.none() | st.integers(0, 1500),
        "letter": st.none()
        | st.tuples(st.sampled_from(["confirmed", "withdrawn"]), st.integers(0, 700)),
        "is_held": st.booleans(),
    }
)


def _expected(life: dict[str, Any], day: date, months: int) -> tuple[bool, bool, bool]:
    """Whether the person, their name and their sales may still be there, in words of the law."""
    if life["is_held"]:
        return True, True, life["sale"] is not None
    sale = life["sale"]
    is_customer = sale is not None and add_months(TODAY - timedelta(days=sale), months) >= day
    state, ago = life["letter"] or ("", 0)
    said_on = TODAY - timedelta(days=ago)
    ended = add_months(said_on, 24) if state == "confirmed" else said_on  # a yes has its term
    reads = bool(state) and ended + timedelta(days=30) >= day  # who stopped may come back
    has_proof = bool(state) and add_months(ended, 60) >= day
    nothing = sale is None and not state  # nobody ever said why: shown, and not touched
    stays = is_customer or reads or has_proof or nothing
    named = is_customer or reads or nothing
    return stays, named, is_customer


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],  # shrinking costs minutes: a world is big
)
@given(
    lives=st.lists(LIFE, min_size=1, max_size=4),
    ahead=st.integers(0, 800),
    months=st.sampled_from([6, 24, 36]),
)
def test_inv39_nothing_past_its_term_stays_and_nothing_within_it_goes(
    lives: list[dict[str, Any]], ahead: int, months: int
) -> None:
    with transaction.atomic():
        _one_world(lives, TODAY + timedelta(days=ahead), months)
        transaction.set_rollback(True)


def _one_world(lives: list[dict[str, Any]], day: date, months: int) -> None:
    make_organisation()
    change_rule(
        facts=RuleFacts("customers", Trigger.LAST_PURCHASE, Term(months=months)),
        at=NOW,
        actor=Actor.system(),
    )
    people: list[tuple[UUID, dict[str, Any]]] = []
    for life in lives:
        person = somebody()
        if life["sale"] is not None:
            bought(person, life["sale"])
        if life["letter"]:
            said(person, *life["letter"])
        if life["is_held"]:
            put_hold(person_id=person.id, reason="Zaak", at=NOW, actor=Actor.system())
        people.append((person.id, life))
    at = timezone.make_aware(datetime.combine(day, time(3)))
    clean_up(at=at)
    for person_id, life in people:
        stays, named, has_sale = _expected(life, day, months)
        found = Person.objects.filter(id=person_id).first()
        assert (found is not None) == stays, (life, day)
        if found is not None:
            assert (found.given_name == "Anna") == named, (life, day)
            assert Purchase.objects.filter(person=found).exists() == has_sale, (life, day)
            if not named:
                assert not PostalAddress.objects.filter(person=found).exists()
    assert not DueRow.objects.exists()
    again = clean_up(at=at)
    assert (again.forgotten, again.reduced, again.emptied) == (0, 0, 0)


def test_every_trigger_that_may_be_chosen_is_told_by_somebody() -> None:
    """A rule with a trigger that nobody tells would end nothing."""
    told = " ".join(_sources.values())
    person_bound = {"topic", "customers", "questions", "proof", "requests", "import-to-be-judged"}
    for kind in person_bound:
        for trigger in PRESETS[kind].triggers:
            assert f"'{trigger.value}'" in told, (kind, trigger)


@pytest.mark.parametrize("batch", [1, 2])
def test_a_run_that_was_cut_short_goes_on_and_counts_nobody_twice(
    batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_organisation()
    monkeypatch.setattr(running, "BATCH", batch)
    for _each in range(5):
        bought(somebody(), 1300)
    for _each in range(3):
        said(somebody(), "withdrawn", 100)
    real, calls = running.forgetting, []

    @contextmanager
    def dies(*, at: datetime) -> Iterator[Any]:
        with real(at=at) as forget:

            def forget_or_die(people: Sequence[UUID]) -> int:
                calls.append(people)
                if len(calls) == 2:
                    raise KeyboardInterrupt  # as a kill: before anything of this batch is gone
                done = forget(people)
                if len(calls) == 3:
                    raise KeyboardInterrupt  # and right after it
                return done

            yield forget_or_die

    monkeypatch.setattr(running, "forgetting", dies)
    for _death in range(2):
        with pytest.raises(KeyboardInterrupt):
            clean_up(at=NOW)
        assert RetentionRun.objects.get().state == "running"
    done = clean_up(at=NOW)
    assert RetentionRun.objects.count() == 1
    assert (done.forgotten, done.reduced) == (5, 3)
    assert Person.objects.count() == 3
    assert not DueRow.objects.exists()
    assert RunLine.objects.get(effect=Effect.ERASE).people == 5


def test_one_of_yesterday_is_ended_before_tonights_begins() -> None:
    make_organisation()
    bought(somebody(), 1300)
    late = running.begin_run(at=NOW - timedelta(days=1), actor=Actor.system())
    bought(somebody(), 1300)
    done = clean_up(at=NOW)
    late.refresh_from_db()
    assert late.state == "done"
    assert done.run.id != late.id
    assert not Person.objects.exists()


def test_two_clean_ups_at_once_are_one(client: Client) -> None:
    """The second keeps its hands off, whoever asks; after the first it may."""
    make_organisation()
    bought(somebody(), 1300)
    client.force_login(Staff.objects.create_user("o@example.nl", "x" * 20, role="owner", name="O"))
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [running._CLEANER])
        with pytest.raises(running.CleanUpUnderWay):
            clean_up(at=NOW)
        clean_up_nightly(timestamp=0)
        asked = CliRunner().invoke(command, ["run", "--json"])
        assert (asked.exit_code != 0, "under-way" in asked.output) == (True, True)
        client.defaults["HTTP_ACCEPT_LANGUAGE"] = "nl"
        page = client.post("/bewaren/opruimen/", follow=True).content.decode()
        assert "Er wordt al opgeruimd. Kijk straks nog eens." in page
        assert not RetentionRun.objects.exists()
        assert Person.objects.exists()
    finally:
        other.close()
    assert clean_up(at=NOW).forgotten == 1
    with running.alone():
        pass


def test_a_clean_up_that_breaks_off_lets_the_next_one_in(monkeypatch: pytest.MonkeyPatch) -> None:
    make_organisation()
    bought(somebody(), 1300)

    def dies(**_values: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(running, "forgetting", dies)
        with pytest.raises(KeyboardInterrupt):
            clean_up(at=NOW)
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [running._CLEANER])
            assert cursor.fetchone()[0]
    finally:
        other.close()
