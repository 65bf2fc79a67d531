"""A purpose that ends takes its fields along, save what another one still needs (INV-39)."""

from datetime import timedelta
from decimal import Decimal

import pytest

from akkoord.consent.tests.factories import make_organisation
from akkoord.law.retention_rules import Effect, Term, Trigger
from akkoord.people.agreement_models import Agreement
from akkoord.people.models import OwnFieldValue, Person, PostalAddress, Purchase, Relation
from akkoord.register.models import ActivityField, PersonalDataField
from akkoord.register.terms import RuleFacts, change_rule
from akkoord.retention.actions import clean_up
from akkoord.retention.due import count_due
from akkoord.retention.models import RetentionRun
from akkoord.retention.tests.factories import NOW, TODAY, bought, said, somebody
from akkoord.trail.actions import Actor
from akkoord.trail.models import Change

pytestmark = pytest.mark.django_db
OLD, FRESH = 1200, 10  # days: three years are over, or far from it


@pytest.fixture(autouse=True)
def house() -> None:
    make_organisation()


def rule(key: str, **more: object) -> None:
    values: dict[str, object] = {"trigger": Trigger.LAST_PURCHASE, "term": Term(months=36)}
    facts = RuleFacts(activity_key=key, **(values | more))  # type: ignore[arg-type]
    change_rule(facts=facts, at=NOW, actor=Actor.system())


def test_inv39_who_still_reads_keeps_the_name_and_loses_what_the_sale_needed() -> None:
    reader = somebody()
    said(reader, "confirmed", 400)
    bought(reader, OLD)
    done = clean_up(at=NOW)
    assert (done.forgotten, done.reduced, done.emptied) == (0, 0, 1)
    reader.refresh_from_db()
    assert (reader.given_name, reader.family_name) == ("Anna", "Wit")
    assert not Purchase.objects.exists()
    assert not PostalAddress.objects.exists()
    assert clean_up(at=NOW).emptied == 0


def test_inv39_a_customer_who_stopped_the_letter_keeps_what_the_sale_needs() -> None:
    customer = somebody()
    said(customer, "withdrawn", 400)
    bought(customer, FRESH)
    assert clean_up(at=NOW).emptied == 0
    assert PostalAddress.objects.count() == Purchase.objects.count() == 1
    stays = {
        each.activity_key: each.people[0]
        for each in count_due(today=TODAY)
        if each.effect == "stays"
    }
    assert stays == {"topic-newsletter": 1}


def test_inv39_an_own_field_goes_with_the_last_activity_that_may_use_it() -> None:
    reader = somebody()
    said(reader, "confirmed", 400)
    bought(reader, OLD)
    kept, gone = (
        PersonalDataField.objects.create(
            key=key, name_nl=key, name_en=key, category="pd:Interest", is_own=True, created_at=NOW
        )
        for key in ("hobby", "frame-size")
    )
    for key, field in (("topic-newsletter", kept), ("customers", kept), ("customers", gone)):
        ActivityField.objects.create(
            activity_key=key, field=field, why_nl="x", why_en="x", admitted_at=NOW
        )
    for field in (kept, gone):
        OwnFieldValue.objects.create(person=reader, field=field, value="56", updated_at=NOW)
    clean_up(at=NOW)
    assert OwnFieldValue.objects.get().field == kept


def test_inv39_a_category_may_go_sooner_than_the_rest() -> None:
    said(other := somebody(), "confirmed", 400)
    bought(other, 200)
    rule("customers", category="pd:City", term=Term(months=6))
    assert clean_up(at=NOW).emptied == 1
    address = PostalAddress.objects.get()
    assert (address.city, address.street, address.postcode) == ("", "Dijk", "1234 AB")
    assert Purchase.objects.count() == 1


def test_inv39_the_books_keep_their_sale_without_the_person() -> None:
    from akkoord.register.customers import answer_bookkeeping

    answer_bookkeeping(keeps_books=True, at=NOW, actor=Actor.system())
    reader = somebody()
    said(reader, "confirmed", 400)
    bought(reader, OLD)
    clean_up(at=NOW)
    sale = Purchase.objects.get()
    assert (sale.person_id, sale.amount) == (None, Decimal("12.50"))
    assert sale.kept_until is not None


def test_a_longer_rule_keeps_and_a_shorter_one_lets_go() -> None:
    bought(somebody(), 400)
    rule("customers", term=Term(months=12))
    assert clean_up(at=NOW).forgotten == 1
    bought(somebody(), OLD)
    rule("customers", term=Term(months=84), reason="Zeven jaar garantie")
    assert clean_up(at=NOW).forgotten == 0


@pytest.mark.parametrize(
    ("effect", "forgotten", "given_name", "is_frozen"),
    [
        (Effect.ERASE, 1, None, False),
        (Effect.BLANK, 0, "", False),
        (Effect.RESTRICT, 0, "Anna", True),
    ],
)
def test_what_happens_is_what_the_rule_says(
    effect: Effect, forgotten: int, given_name: str | None, is_frozen: bool
) -> None:
    bought(somebody(), OLD)
    rule("customers", effect=effect)
    assert clean_up(at=NOW).forgotten == forgotten
    found = Person.objects.first()
    if given_name is None:
        assert found is None
    else:
        assert found is not None
        assert (found.given_name, found.restricted_at is not None) == (given_name, is_frozen)
    again = clean_up(at=NOW)
    assert (again.forgotten, again.reduced, again.restricted) == (0, 0, 0)


@pytest.mark.parametrize(("days_ago", "forgotten"), [(800, 1), (600, 0)])
def test_silence_counts_from_the_last_sign_of_life(days_ago: int, forgotten: int) -> None:
    """Two years by the rule; what a file or staff did is no sign of theirs."""
    reader = somebody(created_at=NOW - timedelta(days=2000))
    said(reader, "confirmed", days_ago)
    rule("topic-newsletter", trigger=Trigger.LAST_SIGN, term=Term(months=24))
    clean_up(at=NOW)
    gone = not Person.objects.filter(id=reader.id, given_name="Anna").exists()
    assert gone == bool(forgotten)


@pytest.mark.parametrize("kind", ["contact", "member", "customer"])
@pytest.mark.parametrize("trigger", ["last-purchase", "last-sign-of-life", "end-of-book-year"])
def test_inv39_a_relation_that_ended_counts_by_every_trigger(kind: str, trigger: str) -> None:
    """A former contact without a sale goes too, and not before the term."""
    rule("customers", trigger=Trigger(trigger), term=Term(months=24))
    gone, stays = (somebody(created_at=NOW - timedelta(days=3000)) for _each in range(2))
    for person, days in ((gone, 2 * OLD), (stays, FRESH)):
        until = TODAY - timedelta(days=days)
        Relation.objects.create(person=person, kind=kind, since=until, until=until)
    assert clean_up(at=NOW).forgotten == 1
    assert Person.objects.get() == stays


def test_inv39_a_customer_relation_that_ended_lately_keeps_no_old_sale() -> None:
    bought(person := somebody(), OLD)
    Relation.objects.create(person=person, kind="customer", since=TODAY, until=TODAY)
    assert clean_up(at=NOW).forgotten == 1


@pytest.mark.parametrize(("ends_in", "forgotten"), [(None, 0), (90, 0), (-OLD, 1)])
def test_inv39_silence_lets_nobody_go_whose_agreement_runs(
    ends_in: int | None, forgotten: int
) -> None:
    rule("customers", trigger=Trigger.LAST_SIGN, term=Term(months=24))
    silent = somebody(created_at=NOW - timedelta(days=3000))
    bought(silent, 2 * OLD)
    Agreement.objects.create(
        person=silent,
        kind="subscription",
        number="7",
        agreed_day=TODAY - timedelta(days=2 * OLD),
        ends_on=None if ends_in is None else TODAY + timedelta(days=ends_in),
        created_at=NOW,
    )
    assert clean_up(at=NOW).forgotten == forgotten


def test_without_a_rule_nothing_goes_and_it_is_red() -> None:
    from akkoord.register.models import RetentionRule
    from akkoord.retention.plan import plan_of

    bought(somebody(), OLD)
    RetentionRule.objects.filter(activity_key="customers").update(valid_to=NOW)
    assert clean_up(at=NOW).forgotten == 0
    assert [each.activity_key for each in plan_of(today=TODAY, at=NOW).missing] == ["customers"]


def test_a_clean_up_stands_in_the_trail_and_on_a_signed_certificate() -> None:
    from akkoord.datamap.keys import certificate_holds
    from akkoord.retention.run import canonical

    bought(somebody(), OLD)
    run = clean_up(at=NOW).run
    run = RetentionRun.objects.get(id=run.id)
    assert run.certificate["done"] == [
        {"rule": "customers", "store": "", "effect": "erase", "people": 1, "rows": 0}
    ]
    assert certificate_holds(canonical(run.certificate), bytes(run.signature or b""))
    changed = {**run.certificate, "day": "2026-01-01"}
    assert not certificate_holds(canonical(changed), bytes(run.signature or b""))
    assert "Anna" not in str(run.certificate)
    assert Change.objects.filter(action="retention.run", object_id=run.id).count() == 1
