"""A file of sales taken back, while nothing was sent; what rested on it ends (INV-6, 15, 44)."""

# ruff: noqa: F811 - fixtures of other files

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.urls import reverse

from akkoord.consent.actions import restrict_person, withdraw
from akkoord.consent.models import CollectingPlace, PermissionEvent, Standing
from akkoord.imports.models import ChangedSale, Import
from akkoord.imports.order import ImportRefused
from akkoord.imports.tests import ubl_samples as ubl
from akkoord.imports.tests.test_invoices import (  # noqa: F401 - fixtures
    AT,
    bring,
    packed,
    staff,
    till,
    topic,
)
from akkoord.imports.tests.test_sales_pages import owner, page, set_up, shop, upload  # noqa: F401
from akkoord.imports.tests.test_undo import send_to
from akkoord.imports.undo import forget_made_people, sweep_names, undo_import, what_undo_does
from akkoord.law.reasons import Reason
from akkoord.law.states import Method
from akkoord.people.models import ContactPoint, Person, PostalAddress, Purchase, Relation
from akkoord.people.tests.factories import make_person, make_point
from akkoord.register.models import Purpose
from akkoord.retention.models import LegalHold
from akkoord.trail.actions import Actor
from akkoord.trail.seal import seal
from akkoord.trail.verify import verify

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=2)


@pytest.fixture
def brought(topic: Purpose, till: CollectingPlace) -> Import:
    two = packed(
        a=ubl.invoice("2026-1"),
        b=ubl.invoice("2026-2", customer=ubl.company()),
    )
    bring(two, "a.zip", place_slug=till.slug)
    return Import.objects.get()


def undo(record: Import) -> None:
    undo_import(import_id=record.id, at=LATER, actor=Actor.system())
    forget_made_people(import_id=record.id, at=LATER)
    record.refresh_from_db()


def test_inv06_sales_go_what_rested_on_them_ends_and_who_was_only_made_by_it(
    brought: Import,
) -> None:
    seal(AT)
    plan = what_undo_does(brought)
    assert (plan.sales, plan.going, plan.staying, plan.invalidated) == (2, 2, 0, 2)
    assert Purchase.objects.count() == 2  # only asked
    assert Standing.objects.filter(state="given").count() == 2
    undo(brought)
    assert brought.state == Import.State.UNDONE
    assert not Person.objects.exists()
    assert not Purchase.objects.exists()
    assert not Relation.objects.exists()
    assert set(PermissionEvent.objects.values_list("state", flat=True)) == {"given", "invalidated"}
    seal(LATER)
    assert verify().ok


def test_whom_we_knew_stays_and_an_older_sale_still_carries(
    topic: Purpose,
    till: CollectingPlace,
) -> None:
    bring(ubl.invoice("2026-1", day="2026-05-01"), place_slug=till.slug)
    bring(ubl.invoice("2026-2"), place_slug=till.slug)
    record = Import.objects.latest("id")
    assert what_undo_does(record).going == 0
    undo(record)
    assert Purchase.objects.get().number == "2026-1"
    assert Standing.objects.get().state == "given"
    assert Relation.objects.count() == 1


def test_what_a_credit_note_took_back_counts_again(
    topic: Purpose,
    till: CollectingPlace,
) -> None:
    bring(ubl.invoice("2026-1"), place_slug=till.slug)
    bring(ubl.invoice("C-1", day="2026-10-05", takes_back="2026-1"), place_slug=till.slug)
    assert Standing.objects.get().state == "invalidated"
    record = Import.objects.latest("id")
    assert what_undo_does(record).again == 1
    undo(record)
    assert Purchase.objects.get().reversed_on is None
    assert Standing.objects.get().state == "given"


def test_inv15_sales_that_were_known_become_as_they_were(
    topic: Purpose, till: CollectingPlace
) -> None:
    bring(ubl.invoice("2026-1", lines=(("SLOT-1", "Slot", "649.00"),)))
    before = Purchase.objects.values().get()
    assert (before["product_group"], before["place_id"]) == ("", None)
    bring(ubl.invoice("2026-1"), place_slug=till.slug)
    sale = Purchase.objects.get()
    assert (sale.product_group, sale.place_id) == ("Fietsen", till.id)
    assert sale.optout_shown_id is not None
    assert Standing.objects.get().state == "given"
    record = Import.objects.latest("id")
    plan = what_undo_does(record)
    assert (plan.sales, plan.changed, plan.invalidated, plan.going) == (0, 1, 1, 0)
    assert ChangedSale.objects.count() == 1  # only asked
    undo(record)
    assert Purchase.objects.values().get() == before
    assert Standing.objects.get().state == "invalidated"
    assert not ChangedSale.objects.exists()


def test_what_was_changed_once_more_since_stays(topic: Purpose, till: CollectingPlace) -> None:
    bring(ubl.invoice("2026-1", lines=(("SLOT-1", "Slot", "649.00"),)))
    bring(ubl.invoice("2026-1"), place_slug=till.slug)
    record = Import.objects.latest("id")
    Purchase.objects.update(product_group="Kleding", other_groups=["Fietsen"])
    undo(record)
    sale = Purchase.objects.get()
    assert (sale.product_group, sale.other_groups) == ("Kleding", ["Fietsen"])
    assert (sale.place_id, sale.optout_shown_id) == (None, None)


def test_a_file_that_changes_nothing_remembers_nothing(
    topic: Purpose, till: CollectingPlace
) -> None:
    bring(ubl.invoice("2026-1"), place_slug=till.slug)
    bring(ubl.invoice("2026-1"), place_slug=till.slug)
    assert not ChangedSale.objects.exists()


def test_what_was_added_can_not_be_undone_once_mail_went_out_on_it(
    topic: Purpose, till: CollectingPlace
) -> None:
    bring(ubl.invoice("2026-1"))
    bring(ubl.invoice("2026-1"), place_slug=till.slug)
    send_to(ContactPoint.objects.get(normalised="anna@example.nl"), topic)
    assert what_undo_does(Import.objects.latest("id")).why_not
    sweep_names(at=AT + timedelta(days=400))
    assert not ChangedSale.objects.exists()


def test_it_is_refused_when_something_was_sent_on_it(brought: Import, topic: Purpose) -> None:
    point = ContactPoint.objects.get(normalised="anna@example.nl")
    send_to(point, topic)
    with pytest.raises(ImportRefused) as refused:
        undo_import(import_id=brought.id, at=LATER, actor=Actor.system())
    assert refused.value.reason == Reason.ALREADY_USED
    assert Purchase.objects.count() == 2


def test_who_said_no_since_stays_with_that_no(brought: Import, topic: Purpose) -> None:
    point = ContactPoint.objects.get(normalised="anna@example.nl")
    withdraw(
        point_id=point.id,
        purpose_id=topic.id,
        method=Method.PREFERENCE_CENTRE,
        at=LATER,
        actor=Actor.person(),
    )
    undo(brought)
    assert [each.id for each in Person.objects.all()] == [point.person_id]
    assert Standing.objects.get().state == "withdrawn"
    assert Person.objects.get().judge_by is not None


def test_twice_is_refused(brought: Import) -> None:
    undo(brought)
    with pytest.raises(ImportRefused):
        undo_import(import_id=brought.id, at=LATER, actor=Actor.system())


def test_on_the_screen(owner: Any, shop: Any) -> None:
    set_up(owner)
    upload(owner, ubl.invoice())
    record = Import.objects.get()
    owner.post(reverse("imports:sales_bring_in", args=[record.id]))
    asked = page(owner.get(reverse("imports:undo", args=[record.id])))
    assert "verkopen gaan terug" in asked
    done = owner.post(reverse("imports:undo", args=[record.id]), follow=True)
    assert "Dit bestand is teruggedraaid" in page(done)
    assert not Purchase.objects.exists()


def test_inv15_the_place_of_sales_is_set_afterwards_and_they_carry_mail(
    owner: Any,
    shop: Any,
) -> None:
    place = set_up(owner)
    upload(owner, ubl.invoice(), place="")
    record = Import.objects.get()
    owner.post(reverse("imports:sales_bring_in", args=[record.id]))
    assert not Standing.objects.exists()
    shown = page(owner.get(reverse("imports:placeless")))
    assert "Verkopen zonder plek" in shown
    assert "1 verkoop, van 1 okt 2026." in shown
    key = f"{Purchase.objects.get().source}|{record.id}"
    done = owner.post(
        reverse("imports:placeless"), {"group": key, "place": str(place.id)}, follow=True
    )
    assert "De plek van 1 verkoop is vastgelegd. U mag nu 1 klant meer schrijven." in page(done)
    sale = Purchase.objects.get()
    assert (sale.place_id, sale.optout_shown_id is not None) == (place.id, True)
    assert Standing.objects.get().state == "given"
    assert "Van elke verkoop is bekend" in page(done)


def test_only_sales_of_the_period_and_nonsense_is_refused(owner: Any, shop: Any) -> None:
    place = set_up(owner)
    upload(owner, packed(a=ubl.invoice("1"), b=ubl.invoice("2", day="2026-06-01")), place="")
    record = Import.objects.get()
    owner.post(reverse("imports:sales_bring_in", args=[record.id]))
    key = f"{Purchase.objects.first().source}|{record.id}"  # type: ignore[union-attr]
    data = {"group": key, "place": str(place.id), "first": "2026-09-01"}
    wrong = owner.post(reverse("imports:placeless"), data | {"last": "2026-01-01"}, follow=True)
    assert "De laatste dag ligt voor de eerste" in page(wrong)
    owner.post(reverse("imports:placeless"), data)
    placed = Purchase.objects.exclude(place_id=None)
    assert [each.number for each in placed] == ["1"]
    assert owner.post(reverse("imports:placeless"), data | {"group": "x"}).status_code == 404
    bad = owner.post(reverse("imports:placeless"), {"group": key, "place": str(UUID(int=0))})
    assert bad.status_code == 200
    assert Purchase.objects.filter(place_id=None).count() == 1


def test_the_page_costs_the_same_for_many_files(
    owner: Any,
    shop: Any,
    django_assert_max_num_queries: Any,
) -> None:
    set_up(owner)
    for number in range(12):
        person = make_person()
        Purchase.objects.create(
            person=person,
            contact_point=make_point(person),
            number=str(number),
            bought_on=AT.date(),
            source=f"s{number}",
            created_at=AT,
        )
    with django_assert_max_num_queries(20):
        owner.get(reverse("imports:placeless"))


@pytest.mark.parametrize("how", ["held", "frozen"])
def test_inv38_the_sales_of_who_is_held_or_frozen_stay_and_they_are_named(
    brought: Import, how: str
) -> None:
    """What a claim is about is not taken back (art. 17(3)(e), 18); the other's sale goes."""
    kept = Purchase.objects.get(number="2026-1").person
    assert kept is not None
    Person.objects.filter(id=kept.id).update(given_name="Anna", family_name="Wit")
    home = {"street": "Kade", "house_number": "1", "postcode": "1234 AB", "city": "Delft"}
    PostalAddress.objects.create(person=kept, created_at=brought.ended_at, **home)
    post = make_point(kept, channel="post", value="Kade 1", normalised="1234AB-1")
    ContactPoint.objects.filter(id=post.id).update(created_at=brought.ended_at, source="purchase")
    if how == "held":
        LegalHold.objects.create(person=kept, reason="Zaak 7", put_at=AT)
    else:
        restrict_person(person_id=kept.id, actor=Actor.system(), at=AT)
    plan = what_undo_does(brought)
    assert (plan.sales, plan.sales_kept) == (1, 1)
    assert [each.id for each in plan.people_kept()] == [kept.id]
    undo(brought)
    assert [each.number for each in Purchase.objects.all()] == ["2026-1"]
    assert [each.person_id for each in PostalAddress.objects.all()] == [kept.id]
    assert ContactPoint.objects.filter(id=post.id).exists()
    assert list(Person.objects.values_list("id", flat=True)) == [kept.id]
