"""What changed in the record of a leak: every version, word by word, never changed (art. 33(5))."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from akkoord.accounts.models import Staff
from akkoord.breaches import jobs
from akkoord.breaches.actions import close_breach, keep_step, reopen_breach
from akkoord.breaches.affected import ScopeFacts, add_scope
from akkoord.breaches.history import changes_of, labels
from akkoord.breaches.letter_facts import letter_of
from akkoord.breaches.letters import keep_letter
from akkoord.breaches.log import note
from akkoord.breaches.models import Breach, BreachVersion
from akkoord.breaches.tests.factories import NOW, STAFF, decided, fill, make_breach
from akkoord.breaches.versions import LEFT_OUT
from akkoord.consent.tests.factories import make_organisation
from akkoord.datamap.loose import empty_texts_naming
from akkoord.datamap.needles import Needles
from akkoord.law.breach_rules import Decision
from akkoord.people.tests.factories import make_point

pytestmark = pytest.mark.django_db


def said(breach: Breach) -> list[tuple[str, dict[str, tuple[str, str]]]]:
    """What was done, with what stood there before and after per question; oldest first."""
    with translation.override("en"):
        shown = changes_of(breach)
    return [
        (
            each.what,
            {
                one.label: (
                    "".join(words for _kind, words in one.before),
                    "".join(words for _kind, words in one.after),
                )
                for one in each.differences
            },
        )
        for each in reversed(shown)
    ]


def write(breach: Breach, step: str, **values: Any) -> None:
    keep_step(
        breach_id=breach.id, step=step, values=values, at=NOW + timedelta(hours=1), actor=STAFF
    )


def test_each_change_stands_beside_what_stood_there() -> None:
    make_organisation()
    breach = make_breach()
    write(breach, "kind", cause="lost", natures=["confidentiality"])
    write(breach, "kind", cause="stolen")
    write(breach, "what", what="De lijst van de rit ging naar twee andere klanten.")
    first, kind, cause, what = said(breach)
    assert first[1]["What happened?"][0] == ""
    assert kind[1]["How did it come about?"] == ("", "Device, stick or paper lost")
    assert cause == (
        "What kind of leak: written",
        {
            "How did it come about?": (
                "Device, stick or paper lost",
                "Device, stick or paper stolen",
            )
        },
    )
    assert list(what[1]) == ["What happened?"]
    pieces = changes_of(breach)[0].differences[0]
    assert ("gone", "een ") in pieces.before
    assert ("new", "twee ") in pieces.after


def test_people_who_are_found_anew_are_a_change_and_looking_is_none() -> None:
    make_organisation()
    breach = make_breach()
    anna = make_point(email="anna@example.nl").person
    for kind, value in (("everybody", None), ("account", STAFF.id)):
        facts = ScopeFacts(kind, value=value)
        add_scope(breach_id=breach.id, facts=facts, at=NOW, actor=STAFF)
        make_point(email=f"bram.{kind}@example.nl")
    changes = said(breach)
    assert changes[1][1]["People in Akkoord"] == ("", "1")
    assert changes[2][1]["People in Akkoord"] == ("1", "2")
    assert "(1)" in changes[1][1]["Who is affected"][1]
    note(breach, "people-read", at=NOW, actor=STAFF)
    assert len(said(breach)) == len(changes)
    # The worker counts later: that is a change of its own, by nobody.
    make_point(anna, "anna.bakker@example.nl")
    with CaptureQueriesContext(connection) as asked:
        jobs.count(str(breach.id))
    assert BreachVersion.objects.filter(breach=breach, code="count").count() == 1
    done = [each["sql"] for each in asked.captured_queries]
    locked = next(n for n, sql in enumerate(done) if sql.endswith("FOR UPDATE"))
    kept = next(n for n, sql in enumerate(done) if "INSERT INTO breaches_breachversion" in sql)
    assert locked < kept, "a version that staff keep at this moment is waited for"


def test_a_leak_that_was_opened_again_shows_how_it_went(client: Client) -> None:
    make_organisation()
    owner = Staff.objects.create_user("o@example.nl", "x" * 20, role="owner", name="Olga")
    client.force_login(owner)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "nl"
    breach = decided(fill(make_breach()), Decision.RECORD, because="Niemand merkt er iets van.")
    close_breach(breach_id=breach.id, closing_note="Klaar.", at=NOW + timedelta(1), actor=STAFF)
    reopen_breach(breach_id=breach.id, at=NOW + timedelta(2), actor=STAFF)
    write(breach, "kind", cause="hacked")
    keep_letter(
        breach_id=breach.id,
        language="en",
        letter=letter_of(breach, "en"),
        at=NOW + timedelta(3),
        actor=STAFF,
    )
    done = [what for what, _differences in said(breach)]
    assert done[-4:] == [
        "Leak closed",
        "Leak opened again",
        "What kind of leak: written",
        "Letter written",
    ]
    page = client.get(reverse("breaches:history", args=[breach.id])).content.decode()
    assert "<del>" in page
    assert "<ins>" in page
    assert "Iemand heeft ingebroken" in page or "Ingebroken" in page or "ingebroken" in page
    leak = client.get(reverse("breaches:breach", args=[breach.id])).content.decode()
    assert reverse("breaches:history", args=[breach.id]) in leak


def test_every_column_that_is_kept_has_its_question() -> None:
    make_organisation()
    content = set(make_breach().versions.get().content)
    assert content - set(labels()) == {"letter"}
    assert not set(LEFT_OUT) & content
    columns = {each.column for each in Breach._meta.concrete_fields}
    assert columns | {"ways"} == content | set(LEFT_OUT)


def test_a_version_never_changes_and_an_erasure_empties_who_stands_in_it() -> None:
    make_organisation()
    breach = make_breach()
    write(breach, "what", what="De lijst met Annemiek Vandersteen ging naar een ander.")
    write(breach, "what", what="De lijst ging naar een ander.")
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        breach.versions.update(number=9)
    empty_texts_naming(Needles(), [("Annemiek", "Vandersteen")])
    texts = [each.content["what"] for each in breach.versions.order_by("number")]
    assert texts[1] == "…"
    assert texts[2] == "De lijst ging naar een ander."
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM breaches_breachversion WHERE content::text LIKE %s",
            ["%Vandersteen%"],
        )
        assert cursor.fetchone() == (0,)


def test_the_page_asks_little_however_many_versions(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    make_organisation()
    client.force_login(Staff.objects.create_user("o@example.nl", "x" * 20, role="owner", name="O"))
    breach = make_breach()
    for number in range(30):
        write(breach, "what", what=f"De lijst ging naar {number + 2} anderen.")
    url = reverse("breaches:history", args=[breach.id])
    client.get(url)
    with django_assert_max_num_queries(16):
        page = client.get(url)
    assert page.content.decode().count("register-version") == 31
