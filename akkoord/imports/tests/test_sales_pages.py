"""The pages of sales, places and products: what staff can do with them, and what is refused."""

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from akkoord.accounts.actions import create_staff
from akkoord.consent.evidence_models import EvidenceFile
from akkoord.consent.models import CollectingPlace, PlaceProof, Standing
from akkoord.datamap.keys import check_keys
from akkoord.imports import sales_upload
from akkoord.imports.models import Import
from akkoord.imports.provisional import spool_of
from akkoord.imports.sales_upload import run_sales
from akkoord.imports.tests import ubl_samples as ubl
from akkoord.law.reasons import Reason
from akkoord.people.models import Person, Purchase, Relation
from akkoord.people.queries import living_point
from akkoord.permission.queries import ask
from akkoord.permission.sentences import way_url_of
from akkoord.register.models import Organisation, ProcessingActivity, ProductGroup, Purpose
from akkoord.register.tests.factories import make_organisation, make_topic

pytestmark = pytest.mark.django_db
TEXT = "Wij mailen u over fietsen. Liever geen mail? Vink dit aan."
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def staff(role: str) -> Client:
    user = create_staff(
        email=f"{role}@fietsen.example", name="E", role=role, password="een lange zin hier"
    )
    client = Client(headers={"accept-language": "nl"})
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def shop(settings: Any, tmp_path: Any) -> Purpose:
    settings.DATA_DIR = tmp_path
    check_keys()
    make_organisation()
    return make_topic()


@pytest.fixture
def owner(shop: Purpose) -> Client:
    return staff("owner")


def set_up(owner: Client) -> CollectingPlace:
    """What the owner says once."""
    owner.post(reverse("register:products"), {"name": "Fietsen", "signs": "fiets-\nstadsfiets"})
    owner.post(reverse("register:topic_customers", args=["nieuwsbrief"]), {"groups": ["Fietsen"]})
    owner.post(reverse("consent:collecting_places"), {"name": "Kassa", "kind": "till"})
    place = CollectingPlace.objects.get()
    owner.post(
        reverse("consent:collecting_place", args=[place.slug]),
        {"text": TEXT, "first_day": "2024-01-01", "offers_opt_out": "on"},
    )
    return place


def upload(client: Client, content: bytes, name: str = "factuur.xml", **more: str) -> Any:
    file = SimpleUploadedFile(name, content)
    values = {"file": file, "layout": "auto", "place": "kassa", "topic": "nieuwsbrief", **more}
    return client.post(reverse("imports:sales"), values, follow=True)


def page(answer: Any) -> str:
    return answer.content.decode()


def test_the_whole_way_on_the_screen(owner: Client, shop: Purpose) -> None:
    set_up(owner)
    assert ProductGroup.objects.get().signs == ["fiets-", "stadsfiets"]
    shop.refresh_from_db()
    assert shop.product_groups == ["Fietsen"]
    activity = ProcessingActivity.objects.get(key=shop.activity_key, valid_to=None)
    assert activity.telecom_basis == "consent existing-customer"
    assert PlaceProof.objects.get().collection_point.kind == "sale"
    today = timezone.localdate().isoformat()
    looked = upload(owner, ubl.invoice(day=today))
    assert "Er is nog niets veranderd" in page(looked)
    assert not Person.objects.exists()
    record = Import.objects.get()
    sealed = spool_of(record.id).read_bytes()
    assert b"anna@example.nl" not in sealed
    done = owner.post(reverse("imports:sales_bring_in", args=[record.id]), follow=True)
    assert "De verkopen zijn ingelezen" in page(done)
    point = living_point("anna@example.nl", "email")
    assert point is not None
    assert ask([point.id], shop, "email", at=timezone.now())[point.id].allowed
    shown = page(owner.get(reverse("people:person", args=[point.person_id])))
    for words in ("Waarom u mag schrijven", "Kassa", "Kon daar nee zeggen", "Liever geen mail?"):
        assert words in shown
    again = owner.post(reverse("imports:sales_bring_in", args=[record.id]), follow=True)
    assert again.status_code == 200
    assert Purchase.objects.count() == 1
    assert owner.get(reverse("imports:detail", args=[record.id])).url == reverse(
        "imports:sales_detail", args=[record.id]
    )


def test_the_spool_goes_when_the_sales_are_in(
    owner: Client, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    set_up(owner)
    upload(owner, ubl.invoice())
    record = Import.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        sales_upload.bring_in_sales(import_id=record.id, at=timezone.now())
    assert not spool_of(record.id).exists()


def test_many_sales_are_the_workers(owner: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sales_upload, "AT_ONCE", 0)
    set_up(owner)
    looked = upload(owner, ubl.invoice())
    assert "hx-get" in page(looked)
    record = Import.objects.get()
    assert record.state == Import.State.WAITING
    run_sales(import_id=record.id, at=timezone.now())
    record.refresh_from_db()
    assert record.state == Import.State.CHECKED
    assert record.sales["sales"] == 1
    run_sales(import_id=record.id, at=timezone.now())  # nothing waits any more


def test_without_its_place_each_reason_has_its_page(owner: Client) -> None:
    set_up(owner)
    looked = page(upload(owner, ubl.invoice(lines=(("X", "Bel", "1.00"),)), place=""))
    assert "Bel" in looked
    assert reverse("consent:collecting_places") in looked
    for reason in (Reason.NO_SALE, Reason.OPT_OUT_NOT_OFFERED, Reason.NOT_SIMILAR):
        assert way_url_of(reason)


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (ubl.LAUGHS, "a.xml", "roept andere bestanden op"),
        (ubl.invoice(customer=""), "a.xml", "staat geen klant"),
        (ubl.invoice(seller="Groothandel Wiel"), "a.xml", "ander bedrijf"),
        (b"a;b\n1;2\n", "a.csv", "kennen wij niet"),
    ],
)
def test_a_bad_file_is_told_at_the_field_and_leaves_nothing(
    owner: Client, content: bytes, name: str, words: str
) -> None:
    set_up(owner)
    assert words in page(upload(owner, content, name))
    assert not Import.objects.exists()
    assert not list(spool_of(Import().id).parent.glob("*"))


def test_inv15_one_sale_by_hand_with_its_invoice(owner: Client, shop: Purpose) -> None:
    place = set_up(owner)
    upload(owner, ubl.invoice(day="2019-01-01"))
    record = Import.objects.get()
    owner.post(reverse("imports:sales_bring_in", args=[record.id]))
    point = living_point("anna@example.nl", "email")
    assert point is not None
    url = reverse("imports:sale_by_hand", args=[point.person_id])
    values = {
        "number": "H-1",
        "bought_on": timezone.localdate().isoformat(),
        "product_group": "Fietsen",
        "point": str(point.id),
        "place": str(place.id),
    }
    refused = owner.post(url, values | {"invoice": SimpleUploadedFile("a.pdf", b"geen pdf")})
    assert "als PDF" in page(refused)
    assert not Purchase.objects.filter(number="H-1").exists()
    owner.post(url, values | {"invoice": SimpleUploadedFile("a.pdf", PDF)})
    assert Purchase.objects.get(number="H-1").source == "hand"
    assert EvidenceFile.objects.get().person_id == point.person_id
    standing = Standing.objects.get()
    assert (standing.basis, standing.method) == ("existing-customer", "staff")
    assert ask([point.id], shop, "email", at=timezone.now())[point.id].allowed
    twice = owner.post(url, values | {"invoice": SimpleUploadedFile("a.pdf", PDF)})
    assert "al ingevoerd" in page(twice)
    assert EvidenceFile.objects.count() == 1


def test_inv17_a_contact_leaves_with_one_press(owner: Client, shop: Purpose) -> None:
    set_up(owner)
    content = ubl.invoice(customer=ubl.company(), day=timezone.localdate().isoformat())
    upload(owner, content)
    owner.post(reverse("imports:sales_bring_in", args=[Import.objects.get().id]))
    relation = Relation.objects.get()
    point = living_point("bo@voorbeeld.example", "email")
    assert point is not None
    assert ask([point.id], shop, "email", at=timezone.now())[point.id].allowed
    url = reverse("imports:contact_left", args=[relation.person_id, relation.id])
    assert owner.get(url).status_code == 405
    owner.post(url)
    assert ask([point.id], shop, "email", at=timezone.now())[point.id].reason is Reason.CONTACT_LEFT


def test_a_place_shows_its_picture_safely_and_ends(owner: Client) -> None:
    place = set_up(owner)
    drawn = io.BytesIO()
    Image.new("RGB", (30, 20), "white").save(drawn, "PNG")
    url = reverse("consent:collecting_place", args=[place.slug])
    picture = SimpleUploadedFile("kassa.png", drawn.getvalue())
    values = {"first_day": "2025-01-01", "offers_opt_out": "on", "picture": picture}
    assert owner.post(url, values).status_code == 302
    newest = PlaceProof.objects.latest("first_day")
    answer = owner.get(reverse("consent:collecting_picture", args=[newest.id]))
    assert answer.headers["Content-Type"] == "image/png"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    shown = page(owner.get(url))
    assert newest.collection_point.sha256[:8] in shown
    owner.post(reverse("consent:collecting_end", args=[newest.id]), {"last_day": "2025-06-01"})
    newest.refresh_from_db()
    assert newest.last_day == date(2025, 6, 1)
    owner.post(reverse("consent:collecting_close", args=[place.slug]))
    place.refresh_from_db()
    assert place.ended_at is not None
    assert "Gesloten" in page(owner.get(reverse("consent:collecting_places")))


def test_inv15_a_place_without_a_way_to_say_no_is_refused_with_the_lawful_way(
    owner: Client,
) -> None:
    place = set_up(owner)
    url = reverse("consent:collecting_place", args=[place.slug])
    answer = page(owner.post(url, {"text": "Welkom", "first_day": "2025-01-01"}))
    assert "Liever geen mail? Vink dit aan" in answer
    assert "11.7" in answer
    assert PlaceProof.objects.count() == 1


def test_only_the_owner_says_whose_the_books_are(owner: Client) -> None:
    marketer = staff("marketer")
    for client, status in ((marketer, 403), (owner, 302)):
        answer = client.post(reverse("register:books"), {"keeps_books": "yes"})
        assert answer.status_code == status
    assert Organisation.objects.get().keeps_books
    assert marketer.post(reverse("register:seller"), {"seller": "X"}).status_code == 403
    owner.post(reverse("register:seller"), {"seller": "Fietsen Handel"})
    assert Organisation.objects.get().seller_names == ["Fietsen Handel"]
    assert "Ja, mijn verkopen staan hier" in page(marketer.get(reverse("register:products")))


def test_a_topic_may_go_back_to_consent_alone(owner: Client, shop: Purpose) -> None:
    set_up(owner)
    url = reverse("register:topic_customers", args=["nieuwsbrief"])
    assert "Vijf dingen" in page(owner.get(url))
    owner.post(url, {})
    shop.refresh_from_db()
    assert shop.product_groups == []
    activity = ProcessingActivity.objects.get(key=shop.activity_key, valid_to=None)
    assert activity.telecom_basis == "consent"
    group = ProductGroup.objects.get()
    owner.post(reverse("register:product_change", args=[group.id]), {"signs": "rijwiel"})
    group.refresh_from_db()
    assert group.signs == ["rijwiel"]
    assert "Alleen wie ja zei" in page(
        owner.get(reverse("register:topic_detail", args=["nieuwsbrief"]))
    )


def test_the_persons_section_costs_a_few_statements(
    owner: Client, django_assert_max_num_queries: Any
) -> None:
    from akkoord.imports.sales_page import why_of

    set_up(owner)
    for number in range(12):
        upload(owner, ubl.invoice(f"F{number}"))
        newest = Import.objects.latest("started_at")
        owner.post(reverse("imports:sales_bring_in", args=[newest.id]))
    person = Person.objects.get()
    with django_assert_max_num_queries(9):
        found = why_of(person)
    assert (len(found["sales"]), found["is_more"]) == (10, True)
