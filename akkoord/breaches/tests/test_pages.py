"""The pages: bounded statements, files without anybody, one sheet for the wall, the clock."""

from datetime import timedelta
from typing import Any

import pypdfium2
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from akkoord.accounts.models import Staff
from akkoord.breaches.actions import add_lesson, close_breach
from akkoord.breaches.affected import ScopeFacts, add_scope
from akkoord.breaches.clock import clocks
from akkoord.breaches.models import Breach
from akkoord.breaches.notices import file_notice
from akkoord.breaches.papers import register_rows
from akkoord.breaches.queries import breaches, done_steps, open_leaks
from akkoord.breaches.reminders import remind
from akkoord.breaches.tests.factories import NOW, STAFF, decided, fill, make_breach
from akkoord.config.tests.test_roles import address_of, staff_pages
from akkoord.delivery.models import OutboxMail
from akkoord.law.breach_rules import Decision
from akkoord.people.tests.factories import make_point
from akkoord.register.tests.factories import make_organisation

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def owner(client: Client) -> Staff:
    make_organisation()
    staff = Staff.objects.create_user(
        "anouk@example.nl", "x" * 20, role="owner", name="Anouk van Dam"
    )
    client.force_login(staff)
    return staff


def words_of(pdf: bytes) -> tuple[int, str]:
    """How many pages a PDF has, and its words."""
    document = pypdfium2.PdfDocument(pdf)
    text = "".join(page.get_textpage().get_text_range() for page in document)
    return len(document), text


def test_the_list_and_a_leak_ask_a_bounded_number_of_statements(
    client: Client, owner: Staff, django_assert_max_num_queries: Any
) -> None:
    for _each in range(12):
        fill(make_breach())
    breach = Breach.objects.first()
    assert breach is not None
    with django_assert_max_num_queries(16):
        client.get(reverse("breaches:index"))
    with django_assert_max_num_queries(18):
        client.get(reverse("breaches:breach", args=[breach.id]))


def test_the_files_of_the_register_name_nobody(client: Client, owner: Staff) -> None:
    now = timezone.now()
    make_point(email="liselotte@example.nl")
    breach = fill(make_breach(at=now), at=now)
    add_scope(breach_id=breach.id, facts=ScopeFacts("everybody"), at=now, actor=STAFF)
    csv = client.get(reverse("breaches:register_file", args=["csv"])).content.decode("utf-8-sig")
    _pages, pdf = words_of(client.get(reverse("breaches:register_file", args=["pdf"])).content)
    for text in (csv, pdf):
        assert breach.reference in text
        assert "Ongewenste mail" in text
        assert "liselotte" not in text.lower()
        assert "de Wit" not in text


def test_the_file_asks_as_few_statements_of_many_leaks_as_of_one(
    owner: Staff, django_assert_num_queries: Any
) -> None:
    for _each in range(8):
        breach = decided(fill(make_breach()))
        for word in ("Eerst", "Daarna"):
            add_lesson(
                breach_id=breach.id, lesson=word, action="", due_on=None, at=NOW, actor=STAFF
            )
        for hours in (1, 2):
            file_notice(
                breach_id=breach.id,
                told_at=NOW + hours * HOUR,
                number="",
                delay_reason="",
                at=NOW + 3 * HOUR,
                actor=STAFF,
            )
    leaks = list(breaches())
    with django_assert_num_queries(2):
        _head, *rows = register_rows(leaks)
    assert [row[-1] for row in rows] == ["Eerst; Daarna"] * 8
    told = date_format(timezone.localtime(NOW + HOUR), "j M Y H:i")  # the first, not the last
    assert [row[-3] for row in rows] == [told] * 8


def test_no_cell_of_the_file_is_a_formula(client: Client, owner: Staff) -> None:
    make_breach(what="=HYPERLINK(1)")
    csv = client.get(reverse("breaches:register_file", args=["csv"])).content.decode("utf-8-sig")
    assert ";'=HYPERLINK(1);" in csv


def test_drills_stand_apart(client: Client, owner: Staff) -> None:
    real, drill = make_breach(), make_breach(is_drill=True)
    page = client.get(reverse("breaches:index")).content.decode()
    assert real.reference in page
    assert drill.reference not in page
    page = client.get(reverse("breaches:index"), {"oefening": "1"}).content.decode()
    assert drill.reference in page
    assert real.reference not in page


def test_the_protocol_is_one_sheet_with_whom_to_call(client: Client, owner: Staff) -> None:
    pages, text = words_of(client.get(reverse("breaches:protocol_file")).content)
    assert pages == 1
    assert "Anouk van Dam" in text
    assert "72" in text


def test_the_clock_runs_until_somebody_decided() -> None:
    make_organisation()
    now = timezone.now()
    breach = fill(make_breach(at=now - 30 * HOUR), at=now - 30 * HOUR)
    (strip,) = clocks()
    assert (strip.state, strip.total) == ("needs-you", 72 * 3600)
    assert strip.percent == 41
    decided(breach, at=now)
    assert len(clocks()) == 1  # the AP must know, and does not yet
    later = now + HOUR
    file_notice(
        breach_id=breach.id, told_at=later, number="", delay_reason="", at=later, actor=STAFF
    )
    assert clocks() == []


def test_a_decision_to_tell_the_ap_stops_no_reminder_and_its_notice_does(
    client: Client, owner: Staff
) -> None:
    now = timezone.now()
    begun = now - 71 * HOUR
    breach = decided(fill(make_breach(at=begun), at=begun), at=begun)
    record = decided(make_breach(at=begun), Decision.NO_LEAK, at=begun)
    decided(fill(make_breach(at=begun, is_drill=True), at=begun), at=begun)
    assert [each.id for each in open_leaks()] == [breach.id]
    assert remind(at=now) == 1
    mail = OutboxMail.objects.get()
    assert "besloten" in mail.text
    assert remind(at=now + 2 * HOUR) == 1  # too late now
    page = client.get(reverse("breaches:breach", args=[breach.id])).content.decode()
    assert "zoals besloten" in page
    assert (
        "leak-clock"
        not in client.get(reverse("breaches:breach", args=[record.id])).content.decode()
    )
    file_notice(
        breach_id=breach.id,
        told_at=now,
        number="",
        delay_reason="",
        at=now + HOUR / 2,
        actor=STAFF,
    )
    assert not open_leaks().exists()
    page = client.get(reverse("breaches:breach", args=[breach.id])).content.decode()
    assert "leak-clock" not in page


@pytest.mark.parametrize("year", ["99999", "0", "1", "-1", "twee"])
def test_a_year_without_leaks_shows_all(client: Client, owner: Staff, year: str) -> None:
    breach = make_breach()
    for name, args in (("index", []), ("register_file", ["csv"])):
        page = client.get(reverse(f"breaches:{name}", args=args), {"jaar": year})
        assert page.status_code == 200
        assert breach.reference in page.content.decode()


def test_who_decides_is_reminded_once_per_step_and_never_of_a_drill(owner: Staff) -> None:
    make_breach()
    make_breach(is_drill=True)
    assert remind(at=NOW + 40 * HOUR) == 0
    assert remind(at=NOW + 49 * HOUR) == 1
    assert remind(at=NOW + 50 * HOUR) == 0
    assert remind(at=NOW + 65 * HOUR) == 1
    assert remind(at=NOW + 73 * HOUR) == 1
    assert list(OutboxMail.objects.values_list("recipient", flat=True)) == [owner.email] * 3


def test_a_leak_to_come_is_refused_at_the_field(client: Client, owner: Staff) -> None:
    moment = (timezone.localtime() + HOUR).strftime("%Y-%m-%dT%H:%M")
    page = client.post(reverse("breaches:begin"), {"what": "Iets.", "aware_at": moment})
    assert page.status_code == 200
    assert "aware_at" in page.context["form"].errors
    assert not Breach.objects.exists()


def test_anybody_who_works_here_may_begin_and_only_some_decide(client: Client) -> None:
    make_organisation()
    client.force_login(
        Staff.objects.create_user("m@example.nl", "x" * 20, role="marketer", name="M")
    )
    moment = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
    client.post(reverse("breaches:begin"), {"what": "Iets.", "aware_at": moment})
    breach = Breach.objects.get()
    answer = client.post(
        reverse("breaches:decide", args=[breach.id]), {"decision": "no-leak", "reason": "Nee."}
    )
    assert answer.status_code == 403
    breach.refresh_from_db()
    assert breach.state == "open"


def test_a_half_answer_is_kept(client: Client, owner: Staff) -> None:
    breach = make_breach(at=timezone.now())
    address = reverse("breaches:step", args=[breach.id, "severity"])
    client.post(address, {"context": "3", "later": "1"})
    breach.refresh_from_db()
    assert (breach.context, breach.identification) == (3, None)
    page = client.get(address).content.decode()
    assert 'value="3" id="id_context_2" checked' in page or "checked" in page


def test_a_closed_leak_reads_the_same_later(client: Client, owner: Staff) -> None:
    breach = decided(make_breach(), Decision.NO_LEAK)
    close_breach(breach_id=breach.id, closing_note="Klaar.", at=NOW + 2 * HOUR, actor=STAFF)
    page = client.get(reverse("breaches:breach", args=[breach.id]))
    assert page.status_code == 200
    assert "Klaar." in page.content.decode()


def test_a_step_is_done_only_when_it_holds_something(client: Client, owner: Staff) -> None:
    breach = make_breach()
    assert done_steps(breach) == {1}
    page = client.get(reverse("breaches:step", args=[breach.id, "severity"])).content.decode()
    assert page.count('<li class="done">') == 1
    assert done_steps(fill(breach)) >= {1, 2, 4}
    assert 5 in done_steps(decided(fill(make_breach())))


def test_the_button_of_a_leak_stands_on_every_page_of_staff(client: Client) -> None:
    """Whoever notices something need not search: it is there wherever they are (art. 33)."""
    make_organisation()
    client.force_login(
        Staff.objects.create_user("o@example.nl", "x" * 20, role="owner", name="Olga")
    )
    button = f'href="{reverse("breaches:begin")}"'
    looked, bare = 0, []
    for page, pattern in staff_pages():
        if "<" in pattern or "(?P" in pattern:
            continue
        answer = client.get(address_of(page, pattern))
        text = "" if answer.streaming else answer.content.decode(errors="replace")
        if answer.status_code == 200 and 'class="staff"' in text:
            looked += 1
            if button not in text:
                bare.append(page)
    assert bare == []
    assert looked > 50
