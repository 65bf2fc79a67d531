"""Sales as evidence: what they give, renew and end, and what they never lift (INV-4, 5, 7, 15)."""

import io
from datetime import date, timedelta
from typing import Any

import pytest
from PIL import Image

from akkoord.consent.actions import (
    PlaceRefused,
    ShownAtSale,
    close_place,
    end_showing,
    object_to_marketing,
    open_place,
    settle_customers,
    show_place,
    suppress,
    withdraw,
)
from akkoord.consent.models import (
    CollectingPlace,
    Notice,
    PermissionEvent,
    PlaceProof,
    Standing,
)
from akkoord.consent.notices import hash_snapshot
from akkoord.consent.tests.factories import (
    NOW,
    STAFF,
    make_form,
    make_organisation,
    make_point,
    make_topic,
    sign_up,
)
from akkoord.law.states import Method
from akkoord.people.models import Company, ContactPoint, Purchase, Relation
from akkoord.register.customers import allow_customers, enter_product_group
from akkoord.register.models import Purpose
from akkoord.trail.actions import Actor
from akkoord.trail.seal import seal
from akkoord.trail.verify import verify

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)
TEXT = "Wij mailen u over fietsen. Liever geen mail? Vink dit aan."


@pytest.fixture
def topic() -> Purpose:
    make_organisation()
    enter_product_group(name="Fietsen", at=NOW, actor=STAFF)
    enter_product_group(name="Kleding", at=NOW, actor=STAFF)
    purpose = make_topic()
    return allow_customers(purpose_id=purpose.id, product_groups=["Fietsen"], at=NOW, actor=STAFF)


@pytest.fixture
def till(topic: Purpose) -> CollectingPlace:
    return open_place(name="Kassa", kind="till", at=NOW, actor=STAFF)


def show(till: CollectingPlace, **values: Any) -> tuple[PlaceProof, int]:
    facts = {"first_day": date(2024, 1, 1), "text": TEXT, "offers_opt_out": True, **values}
    return show_place(place_id=till.id, shown=ShownAtSale(**facts), at=NOW, actor=STAFF)


def make_picture() -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", (20, 10), "white").save(drawn, "PNG")
    return drawn.getvalue()


def sell(point: ContactPoint, till: CollectingPlace | None, **values: Any) -> Purchase:
    facts = {
        "person_id": point.person_id,
        "contact_point": point,
        "number": f"F{Purchase.objects.count() + 1}",
        "bought_on": TODAY - timedelta(days=30),
        "product_group": "Fietsen",
        "source": "test",
        "place_id": till.id if till else None,
        "created_at": NOW,
        **values,
    }
    return Purchase.objects.create(**facts)


def settle(at: Any = NOW) -> tuple[int, int]:
    done = settle_customers(at=at, actor=STAFF)
    return done.given, done.ended


def standing_of(point: ContactPoint) -> Standing | None:
    return Standing.objects.filter(contact_point=point).first()


def test_inv15_a_sale_with_what_was_seen_gives_a_standing(till: CollectingPlace) -> None:
    """The place is shown after the sale came in: the sale is tied to it, the standing made."""
    point = make_point()
    sale = sell(point, till)
    assert settle() == (0, 0)
    proof, given = show(till)
    assert given == 1
    sale.refresh_from_db()
    assert sale.optout_shown_id == proof.collection_point_id
    standing = standing_of(point)
    assert standing is not None
    assert (standing.state, standing.basis) == ("given", "existing-customer")
    assert standing.valid_until is not None
    assert standing.valid_until.isoformat() == "2028-10-25T22:00:00+00:00"  # midnight here
    event = PermissionEvent.objects.get(id=standing.event_id)
    assert event.notice is not None
    assert event.evidence == {
        "sale": str(sale.id),
        "place": str(till.id),
        "notice_sha256": event.notice.sha256,
    }
    assert event.collection_point_id == proof.collection_point_id
    assert event.notice_id is not None
    assert settle() == (0, 0)  # a second time changes nothing
    seal(NOW)
    assert verify().ok


@pytest.mark.parametrize(
    "values",
    [
        {"product_group": "Kleding"},
        {"product_group": ""},
        {"bought_on": date(2024, 11, 23)},
        {"optout_answer": "not-shown"},
        {"optout_answer": "used"},
        {"reversed_on": TODAY},
        {"contact_point": None},
        {"place_id": None},
    ],
)
def test_inv15_a_sale_that_lacks_anything_gives_none(
    till: CollectingPlace, values: dict[str, Any]
) -> None:
    show(till)
    point = make_point()
    sell(point, till, **values)
    show_again = show_place(
        place_id=open_place(name="Ander", kind="till", at=NOW, actor=STAFF).id,
        shown=ShownAtSale(first_day=TODAY, text=TEXT, offers_opt_out=True),
        at=NOW,
        actor=STAFF,
    )
    assert show_again[1] == 0
    assert settle() == (0, 0)
    assert standing_of(point) is None


def test_inv15_each_new_sale_renews_and_an_older_one_does_not(till: CollectingPlace) -> None:
    proof, _ = show(till)
    point = make_point()
    shown = {"optout_shown_id": proof.collection_point_id}
    sell(point, till, bought_on=date(2025, 1, 10), **shown)
    assert settle() == (1, 0)
    newer = sell(point, till, bought_on=date(2026, 1, 10), **shown)
    sell(point, till, bought_on=date(2025, 3, 10), **shown)
    assert settle() == (1, 0)
    standing = standing_of(point)
    assert standing is not None
    assert PermissionEvent.objects.get(id=standing.event_id).evidence["sale"] == str(newer.id)
    assert settle() == (0, 0)


def test_inv04_inv05_a_sale_never_lifts_a_no(till: CollectingPlace, topic: Purpose) -> None:
    """Withdrawn, objected, suppressed: a later sale changes nothing, and writes nothing."""
    proof, _ = show(till)
    left, objected, listed = (make_point(f"{name}@example.nl") for name in ("a", "b", "c"))
    for point in (left, objected):
        sell(point, till, optout_shown_id=proof.collection_point_id, bought_on=date(2026, 1, 1))
    assert settle() == (2, 0)
    withdraw(
        point_id=left.id,
        purpose_id=topic.id,
        method=Method.ONE_CLICK,
        actor=Actor.person(),
        at=NOW,
    )
    object_to_marketing(person_id=objected.person_id, method=Method.STAFF, actor=STAFF, at=NOW)
    suppress(
        keyed_hash=bytes(listed.keyed_hash), channel="email", reason="erasure", at=NOW, actor=STAFF
    )
    later = NOW + timedelta(days=20)
    for point in (left, objected, listed):
        sell(
            point,
            till,
            optout_shown_id=proof.collection_point_id,
            bought_on=later.date() - timedelta(days=1),
        )
    assert settle(later) == (0, 0)
    states = [
        standing.state if standing else ""
        for standing in map(standing_of, (left, objected, listed))
    ]
    assert states == ["withdrawn", "objected", ""]


def test_inv15_a_sale_leaves_a_live_consent_alone(till: CollectingPlace, topic: Purpose) -> None:
    from akkoord.consent.confirm import confirm_sign_up
    from akkoord.consent.tests.factories import confirmation_token

    proof, _ = show(till)
    signed = sign_up(make_form(topic))
    confirm_sign_up(confirmation_token(signed), at=NOW + timedelta(hours=1))
    sell(signed.contact_point, till, optout_shown_id=proof.collection_point_id)
    assert settle(NOW + timedelta(days=1)) == (0, 0)
    standing = standing_of(signed.contact_point)
    assert standing is not None
    assert standing.basis == "consent"


def test_inv14_never_a_known_child(till: CollectingPlace) -> None:
    point = make_point()
    point.person.is_known_child = True
    point.person.save()
    proof, _ = show(till)
    sell(point, till, optout_shown_id=proof.collection_point_id)
    assert settle() == (0, 0)


def test_inv15_a_credit_note_ends_it_or_falls_back_on_an_older_sale(till: CollectingPlace) -> None:
    proof, _ = show(till)
    shown = {"optout_shown_id": proof.collection_point_id}
    one, two = make_point("a@example.nl"), make_point("b@example.nl")
    older = sell(one, till, bought_on=date(2025, 1, 10), **shown)
    for point in (one, two):
        sell(point, till, bought_on=date(2026, 1, 10), **shown)
    assert settle() == (2, 0)
    Purchase.objects.filter(bought_on=date(2026, 1, 10)).update(reversed_on=TODAY)
    assert settle(NOW + timedelta(hours=1)) == (1, 1)
    first, second = standing_of(one), standing_of(two)
    assert first is not None
    assert second is not None
    assert PermissionEvent.objects.get(id=first.event_id).evidence["sale"] == str(older.id)
    assert second.state == "invalidated"
    # a later sale brings it back: it was no "no" of the person
    sell(two, till, bought_on=TODAY + timedelta(days=1), **shown)
    assert settle(NOW + timedelta(days=2)) == (1, 0)
    seal(NOW + timedelta(days=3))
    assert verify().ok


def test_inv05_a_no_at_a_later_sale_ends_it_for_good(till: CollectingPlace) -> None:
    proof, _ = show(till)
    point = make_point()
    shown = {"optout_shown_id": proof.collection_point_id}
    sell(point, till, bought_on=date(2026, 1, 10), **shown)
    assert settle() == (1, 0)
    sell(point, till, bought_on=date(2026, 6, 1), optout_answer="used")
    assert settle(NOW + timedelta(hours=1)) == (0, 1)
    sell(point, till, bought_on=date(2026, 7, 1), **shown)
    assert settle(NOW + timedelta(hours=2)) == (0, 0)
    standing = standing_of(point)
    assert standing is not None
    assert standing.state == "refused"


def test_inv17_a_company_sale_needs_its_contact(till: CollectingPlace) -> None:
    proof, _ = show(till)
    point = make_point()
    company = Company.objects.create(name="Voorbeeld B.V.", created_at=NOW)
    sell(point, till, optout_shown_id=proof.collection_point_id, company=company)
    assert settle() == (0, 0)
    Relation.objects.create(person=point.person, company=company, kind="contact", since=TODAY)
    assert settle() == (1, 0)


def test_inv07_what_was_seen_is_frozen_by_its_hash(till: CollectingPlace) -> None:
    from django.db import InternalError, ProgrammingError, transaction

    proof, _ = show(till, picture=make_picture())
    point = proof.collection_point
    assert point.kind == "sale"
    assert point.sha256 == hash_snapshot(point.snapshot)
    assert len(point.snapshot["picture_sha256"]) == 64
    notice = Notice.objects.get(id=point.notice_id)
    assert (notice.is_declared, notice.declared_by, notice.text) == (True, STAFF.id, TEXT)
    for change in ({"picture": b"other"}, {"first_day": date(2020, 1, 1)}):
        with (
            pytest.raises((InternalError, ProgrammingError), match="cannot be changed"),
            transaction.atomic(),
        ):
            PlaceProof.objects.filter(id=proof.id).update(**change)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"offers_opt_out": False}, "offers_opt_out"),
        ({"text": " "}, "text"),
        ({"picture": b"<svg onload=alert(1)>"}, "picture"),
        ({"picture": b"%PDF-1.7 %%EOF"}, "picture"),
        ({"picture": b"\x89PNG\r\n\x1a\n" + b"x" * (3 * 1024 * 1024)}, "picture"),
        ({"first_day": TODAY + timedelta(days=2)}, "first_day"),
        ({"last_day": date(2023, 12, 1)}, "last_day"),
    ],
)
def test_inv15_what_shows_nothing_is_refused_at_its_field(
    till: CollectingPlace, values: dict[str, Any], field: str
) -> None:
    with pytest.raises(PlaceRefused) as refusal:
        show(till, **values)
    assert refusal.value.field == field
    assert not PlaceProof.objects.exists()


def test_inv07_a_new_text_ends_the_old_one_the_day_before(till: CollectingPlace) -> None:
    first, _ = show(till)
    point = make_point()
    sale = sell(point, till, optout_shown_id=first.collection_point_id, bought_on=date(2026, 3, 5))
    assert settle() == (1, 0)
    second, _ = show(
        till, first_day=date(2026, 3, 1), text="Andere woorden. Liever niet? Vink aan."
    )
    first.refresh_from_db()
    sale.refresh_from_db()
    assert first.last_day == date(2026, 2, 28)
    assert sale.optout_shown_id == second.collection_point_id
    standing = standing_of(point)
    assert standing is not None
    assert standing.state == "given"
    with pytest.raises(PlaceRefused):
        show(till, first_day=date(2025, 1, 1))


def test_inv15_after_the_last_day_sales_carry_nothing(till: CollectingPlace) -> None:
    proof, _ = show(till)
    point = make_point()
    sell(point, till, optout_shown_id=proof.collection_point_id)
    assert settle() == (1, 0)
    end_showing(proof_id=proof.id, last_day=date(2026, 1, 1), at=NOW, actor=STAFF)
    standing = standing_of(point)
    assert standing is not None
    assert standing.state == "invalidated"
    with pytest.raises(PlaceRefused):
        end_showing(proof_id=proof.id, last_day=date(2026, 1, 2), at=NOW, actor=STAFF)


def test_a_closed_place_keeps_its_proof(till: CollectingPlace) -> None:
    proof, _ = show(till)
    close_place(place_id=till.id, at=NOW, actor=STAFF)
    proof.refresh_from_db()
    assert proof.last_day == TODAY


def test_inv31_a_place_has_one_name(till: CollectingPlace) -> None:
    for name in ("kassa", "  ", "Kassa"):
        with pytest.raises(PlaceRefused):
            open_place(name=name, kind="till", at=NOW, actor=STAFF)
