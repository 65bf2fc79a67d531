"""Somebody in a column that was declared to hold nobody: where, and a way to the certificate."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from akkoord.accounts.tests.factories import make_staff
from akkoord.consent.models import CollectingPlace
from akkoord.consent.places import open_place
from akkoord.datamap.needles import Needles
from akkoord.datamap.scan import UnreadCell, scan
from akkoord.law.erasure_rules import KeepGround
from akkoord.law.terms import law_day
from akkoord.rights import places
from akkoord.rights.forget import forget
from akkoord.rights.list_models import ErasureList
from akkoord.rights.models import ErasureRun, ErasureSearch, KeptPlace
from akkoord.rights.place_pages import PAGES, page_of
from akkoord.rights.prove import prove
from akkoord.rights.resume import tidy_requests
from akkoord.rights.tests.factories import ADDRESS, NOW, STAFF, plant_person
from akkoord.trail.models import Change

pytestmark = pytest.mark.django_db(transaction=True)

STORE, COLUMN = "consent_collectingplace", "name"


@pytest.fixture
def run() -> ErasureRun:
    """A place of collecting that is called after her, and a drawer that is not."""
    person = plant_person()
    open_place(name=f"Tafel van {ADDRESS}", kind="other", at=NOW, actor=STAFF)
    open_place(name="Toonbank", kind="other", at=NOW, actor=STAFF)
    forget(person_id=person.id, by=ErasureRun.By.STAFF, actor=STAFF, at=NOW)
    found = ErasureRun.objects.get()
    assert found.state == ErasureRun.State.BLOCKED
    return found


@pytest.fixture
def officer() -> Client:
    client = Client()
    client.force_login(make_staff(role="privacy-officer"))
    return client


def shown(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_inv35_the_page_says_where_and_emptying_it_gives_the_certificate(
    run: ErasureRun, officer: Client
) -> None:
    page = shown(officer.get(reverse("rights:certificate", args=[run.reference])))
    assert STORE in page
    assert "in 1 rij" in page
    assert "Maak leeg en kijk opnieuw" in page
    assert f'href="{reverse("consent:collecting_places")}">Openen' in page
    assert ADDRESS.lower() not in page.lower()
    url = reverse("rights:place_empty", args=[run.reference])
    form = {"store": STORE, "column": COLUMN, "why": "typed"}
    done = shown(officer.post(url, form, follow=True))
    assert "De handtekening klopt" in done
    assert sorted(CollectingPlace.objects.values_list("name", flat=True)) == ["Toonbank", "…"]
    run.refresh_from_db()
    assert run.state == ErasureRun.State.CLEAN
    assert run.certificate is not None
    assert run.certificate["erased"][STORE] == 1
    assert STORE in run.rewrites, "the old bytes leave the disk too"
    assert Change.objects.get(action="erasure.empty-place").fields == [STORE, COLUMN, "typed"]
    assert not ErasureSearch.objects.exists()


def test_inv35_what_must_stay_stands_on_the_certificate_and_goes_when_its_day_is_over(
    run: ErasureRun, officer: Client
) -> None:
    until = law_day(NOW) + timedelta(days=400)
    url = reverse("rights:place_keep", args=[run.reference])
    form = {"store": STORE, "column": COLUMN, "ground": "legal-claim", "until": until.isoformat()}
    assert "De handtekening klopt" in shown(officer.post(url, form, follow=True))
    run.refresh_from_db()
    assert run.certificate is not None
    line = next(each for each in run.certificate["kept"] if each["store"] == STORE)
    assert (line["ground"], line["until"]) == ("legal-claim", until.isoformat())
    assert places.end_kept_places(at=NOW + timedelta(days=399)) == 0
    assert CollectingPlace.objects.filter(name__contains=ADDRESS).exists()
    assert places.end_kept_places(at=NOW + timedelta(days=402)) == 1
    assert not CollectingPlace.objects.filter(name__contains="@").exists()
    assert not KeptPlace.objects.exists()


def test_a_row_that_came_after_the_decision_blocks_again(run: ErasureRun) -> None:
    until = law_day(NOW) + timedelta(days=10)
    places.keep_place(
        run=run,
        store=STORE,
        column=COLUMN,
        ground=KeepGround.LEGAL_CLAIM,
        until=until,
        actor=STAFF,
        at=NOW,
    )
    open_place(name=f"Nog een tafel van {ADDRESS}", kind="other", at=NOW, actor=STAFF)
    assert prove(run_id=run.id, at=NOW).state == ErasureRun.State.BLOCKED


def kept_for(days: int, run: ErasureRun, store: str = STORE, column: str = COLUMN) -> KeptPlace:
    return places.keep_place(
        run=run,
        store=store,
        column=column,
        ground=KeepGround.LEGAL_CLAIM,
        until=law_day(NOW) + timedelta(days=days),
        actor=STAFF,
        at=NOW,
    )


def test_inv35_a_record_of_an_erasure_stays_as_long_as_what_it_let_stay(run: ErasureRun) -> None:
    """The term of such a record is shorter than the longest that a place may stay."""
    kept_for(9 * 365, run)
    assert prove(run_id=run.id, at=NOW).state == ErasureRun.State.CLEAN
    tidy_requests(at=NOW + timedelta(days=6 * 366))
    assert places.end_kept_places(at=NOW + timedelta(days=9 * 366)) == 1
    assert not CollectingPlace.objects.filter(name__contains="@").exists()
    tidy_requests(at=NOW + timedelta(days=9 * 366))
    assert not ErasureRun.objects.exists()


def test_inv35_what_was_written_in_a_kept_place_since_stays(run: ErasureRun) -> None:
    kept_for(10, run)
    CollectingPlace.objects.filter(name__contains=ADDRESS).update(name="Balie in Delft")
    assert places.end_kept_places(at=NOW + timedelta(days=12)) == 0
    assert CollectingPlace.objects.filter(name="Balie in Delft").exists()
    assert not KeptPlace.objects.exists()


def test_inv35_of_json_only_the_texts_that_name_somebody_go(run: ErasureRun) -> None:
    """The rest is read by the program, and keeps its shape."""
    planted = ErasureList.objects.create(
        reference="AK-1",
        ground="duty",
        made_at=NOW,
        made_by=run.id,
        expires_at=NOW,
        report={"rows": [1, "vrij", f"door {ADDRESS}"], "on": True},
    )
    CollectingPlace.objects.filter(name__contains=ADDRESS).delete()
    assert prove(run_id=run.id, at=NOW).state == ErasureRun.State.BLOCKED
    run.refresh_from_db()
    kept_for(10, run, "rights_erasurelist", "report")
    assert places.end_kept_places(at=NOW + timedelta(days=12)) == 1
    planted.refresh_from_db()
    assert planted.report == {"rows": [1, "vrij", "…"], "on": True}


@pytest.mark.parametrize(
    ("ground", "days"),
    [
        (KeepGround.SEALED_HASH, 10),
        (KeepGround.CONSENT_EVIDENCE, 10),
        (KeepGround.LEGAL_CLAIM, 0),
        (KeepGround.LEGAL_CLAIM, 4000),
    ],
)
def test_nothing_stays_without_a_ground_of_the_law_or_for_ever(
    run: ErasureRun, ground: KeepGround, days: int
) -> None:
    with pytest.raises(places.PlaceRefused):
        places.keep_place(
            run=run,
            store=STORE,
            column=COLUMN,
            ground=ground,
            until=law_day(NOW) + timedelta(days=days),
            actor=STAFF,
            at=NOW,
        )
    assert not KeptPlace.objects.exists()


def test_what_is_no_finding_is_not_touched(run: ErasureRun, officer: Client) -> None:
    url = reverse("rights:place_empty", args=[run.reference])
    for store, column in ((STORE, "slug"), ("people_person", "given_name"), ("x; DROP", "y")):
        form = {"store": store, "column": column, "why": "typed"}
        assert "Dit staat er niet meer" in shown(officer.post(url, form, follow=True))
    form = {"store": STORE, "column": COLUMN, "why": "because"}
    officer.post(url, form)
    assert CollectingPlace.objects.filter(name__contains=ADDRESS).exists()


def test_what_is_sealed_says_that_it_cannot_be_emptied_here(run: ErasureRun) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO trail_change (id, at, actor_kind, action, object_kind, fields, request,"
            " commitment) VALUES (gen_random_uuid(), now(), 'system', 'x', 'x', '{}', %s, '\\x00')",
            [ADDRESS],
        )
    assert prove(run_id=run.id, at=NOW).state == ErasureRun.State.BLOCKED
    run.refresh_from_db()
    before = run.rewrites
    with pytest.raises(places.PlaceRefused, match="Open"):
        places.empty_place(
            run=run, store="trail_change", column="request", why="typed", actor=STAFF, at=NOW
        )
    assert Change.objects.filter(request=ADDRESS).exists()
    run.refresh_from_db()
    assert run.rewrites == before
    assert not Change.objects.filter(action="erasure.empty-place").exists()


def test_inv35_bytes_that_nobody_can_read_say_where_and_may_stay_until_a_day(
    run: ErasureRun, officer: Client
) -> None:
    """One odd row of a table holds no certificate up for ever; a second one does again."""
    CollectingPlace.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE odd (cell bytea)")
        cursor.execute("INSERT INTO odd VALUES (%s)", [bytes(range(256)) * 2])
    try:
        assert prove(run_id=run.id, at=NOW).state == ErasureRun.State.BLOCKED
        page = shown(officer.get(reverse("rights:certificate", args=[run.reference])))
        assert "inhoud die niet te lezen is" in page
        assert "<code>odd</code>" in page
        assert "<code>cell</code>" in page
        assert "Maak leeg" not in page
        until = law_day(NOW) + timedelta(days=400)
        url = reverse("rights:place_keep", args=[run.reference])
        form = {"store": "odd", "column": "cell", "ground": "legal-claim", "until": until}
        assert "De handtekening klopt" in shown(officer.post(url, form, follow=True))
        run.refresh_from_db()
        kept = run.certificate["kept"] if run.certificate else []
        assert [each["ground"] for each in kept if each["store"] == "odd"] == ["legal-claim"]
        assert places.end_kept_places(at=NOW + timedelta(days=402)) == 0
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO odd SELECT * FROM odd")
        assert scan(Needles()).unread == (UnreadCell("odd", "cell", 2),)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE odd")


def test_whether_a_place_can_be_emptied_reads_no_table(
    run: ErasureRun, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """It is asked for every place on every look at the page."""
    with django_assert_num_queries(0):
        assert [each.can_be_emptied for each in places.places_of(run)] == [True]


def test_marketers_see_what_was_found_and_can_do_nothing(run: ErasureRun) -> None:
    marketer = Client()
    marketer.force_login(make_staff(role="marketer"))
    assert "Maak leeg" not in shown(
        marketer.get(reverse("rights:certificate", args=[run.reference]))
    )
    answer = marketer.post(
        reverse("rights:place_empty", args=[run.reference]),
        {"store": STORE, "column": COLUMN, "why": "typed"},
    )
    assert answer.status_code == 403


def test_every_store_with_a_page_is_a_store_of_ours_and_its_page_opens(officer: Client) -> None:
    stores = set(connection.introspection.table_names())
    assert set(PAGES) <= stores
    for store in PAGES:
        assert page_of(store).startswith("/"), store
    assert page_of("trail_leaf") == ""
