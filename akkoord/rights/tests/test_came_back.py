"""Who comes back right after being forgotten is no trace of before (INV-5, INV-35)."""

import pytest
from django.db import connection

from akkoord.accounts.models import Staff
from akkoord.consent.models import SignUp
from akkoord.consent.tests.factories import make_form, make_point, make_topic, sign_up
from akkoord.imports.models import Import
from akkoord.people.models import ContactPoint, Person
from akkoord.register.tests.factories import make_organisation
from akkoord.rights.begin import begin_erasure
from akkoord.rights.carry_out import carry_out
from akkoord.rights.models import ErasureRun
from akkoord.rights.prove import prove
from akkoord.rights.tests.factories import ADDRESS, NOW, STAFF, plant_in_session, plant_person

pytestmark = pytest.mark.django_db(transaction=True)


def erased(*people: Person) -> ErasureRun:
    """Gone, and not yet looked for."""
    ids = [each.id for each in people]
    run = begin_erasure(person_ids=ids, by=ErasureRun.By.STAFF, actor=STAFF, at=NOW)
    return carry_out(run_id=run.id, actor=STAFF, at=NOW)


def kept(run: ErasureRun) -> set[tuple[str, str]]:
    assert run.certificate is not None
    return {(each["store"], each["ground"]) for each in run.certificate["kept"]}


def signs_up(address: str) -> SignUp:
    form = make_form(make_topic(slug="weer"), slug="weer")
    return sign_up(form, address, given_name="Liselotte")


def test_inv05_who_signs_up_a_second_later_stands_in_no_certificates_way() -> None:
    """The new sign-up stays whole, and the certificate says what is somebody's anew."""
    run = erased(plant_person())
    assert ("people_contactpoint", "somebody-elses") not in run.items.values_list("store", "ground")
    again = signs_up(ADDRESS)
    record = Import.objects.create(
        file_name=f"van {ADDRESS} nieuw.csv", layout="plain", source="own-signup", started_at=NOW
    )
    run = prove(run_id=run.id, at=NOW)
    assert (run.state, run.findings) == (ErasureRun.State.CLEAN, [])
    assert {store for store, ground in kept(run) if ground == "somebody-elses"} == {
        "delivery_outboxmail",
        "imports_import",
        "people_contactpoint",
    }
    assert "consent_suppression" in {store for store, _ground in kept(run)}
    again.refresh_from_db()
    assert again.given_name == "Liselotte"
    record.refresh_from_db()
    assert ADDRESS in record.file_name  # about the new person: not for this erasure to empty


@pytest.mark.parametrize("with_staff", [False, True])
def test_inv35_a_copy_of_before_blocks_whoever_came_back(with_staff: bool) -> None:
    """Where nobody's data should stand, the address of who came back is a hit all the same."""
    planted = plant_person()
    also = make_point("kees@example.nl").person if with_staff else planted
    run = erased(*{planted, also})
    signs_up(ADDRESS)
    if with_staff:  # whose address is on every page; it lets no other copy pass
        Staff.objects.create_user("kees@example.nl", "x" * 20, name="Kees", role="owner")
    plant_in_session()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE stray (cell text)")
        cursor.execute("INSERT INTO stray VALUES (%s)", [ADDRESS])
    try:
        run = prove(run_id=run.id, at=NOW)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE stray")
    assert run.state == ErasureRun.State.BLOCKED
    assert {("stray", "cell"), ("django_session", "session_data")} <= {
        (each["store"], each["place"]) for each in run.findings
    }


def test_inv35_one_who_comes_back_withholds_nobody_elses_certificate() -> None:
    """Of a batch of two one returns, with the number and the customer number of before."""
    make_organisation()
    first = make_point("piet@example.nl").person
    second = make_point("kees@example.nl").person
    Person.objects.filter(id=first.id).update(customer_number="K-100401")
    run = erased(first, second)
    back = make_point("Piet@example.nl").person
    Person.objects.filter(id=back.id).update(customer_number="K-100401")
    run = prove(run_id=run.id, at=NOW)
    assert (run.state, run.findings) == (ErasureRun.State.CLEAN, [])
    assert {("people_contactpoint", "somebody-elses"), ("people_person", "somebody-elses")} <= kept(
        run
    )
    assert ContactPoint.objects.get().person == back
