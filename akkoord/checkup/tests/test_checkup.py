"""The check-up: what it sees by itself, what it asks, the score, plans and history."""

import hashlib
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.urls import resolve
from django.utils import timezone, translation

from akkoord.accounts.models import Staff
from akkoord.breaches.notices import file_notice
from akkoord.breaches.tests.factories import decided, fill, make_breach
from akkoord.checkup import queries
from akkoord.checkup.actions import CheckUpRefused, answer_question, keep_today, plan_task
from akkoord.checkup.course import CARDS
from akkoord.checkup.dossier import write_dossier, write_for_inspector
from akkoord.checkup.live import POINTS
from akkoord.checkup.models import Answer, Snapshot, Task
from akkoord.checkup.points import Finding
from akkoord.checkup.queries import QUESTIONS, check_up
from akkoord.consent.models import Notice, Standing
from akkoord.datamap.ids import uuid7
from akkoord.law.duties import Duty, State
from akkoord.law.terms import law_day
from akkoord.people.tests.factories import make_person, make_point
from akkoord.permission.tests.factories import give
from akkoord.policy.actions import begin_telling, publish
from akkoord.register.companies import Contract, enter_company
from akkoord.register.hand import (
    change_activity,
    make_activity,
    publish_activity,
)
from akkoord.register.inspecting import make_link, revoke_link
from akkoord.register.models import ActivityField, Purpose, Recipient, RetentionRule
from akkoord.register.tests.factories import NOW, answered_example, make_organisation, make_topic
from akkoord.rights.models import RightsRequest
from akkoord.trail.actions import Actor
from akkoord.trail.models import Change

pytestmark = pytest.mark.django_db
STAFF = Actor.system()


@pytest.fixture(autouse=True)
def shop() -> Iterator[None]:
    make_organisation()
    make_topic()
    with translation.override("nl"):
        yield


def state_of(key: str) -> State:
    return next(each.finding.state for each in check_up(at=NOW).seen if each.key == key)


def test_every_duty_is_looked_at_and_every_key_is_one() -> None:
    found = check_up(at=NOW)
    assert {each.duty for each in found.duties} == set(Duty)
    assert all(each.seen for each in found.duties)
    keys = [each.key for each in (*POINTS, *QUESTIONS)]
    assert len(keys) == len(set(keys))
    assert found.score is not None


def test_what_is_red_says_where_it_is_mended() -> None:
    for each in check_up(at=NOW).seen:
        if each.finding.state in {State.WRONG, State.ATTENTION, State.OPEN}:
            assert each.finding.action, each.key
            assert resolve(each.finding.url.split("?")[0]), each.key
        assert str(each.why)
        assert each.article


def test_a_leak_is_not_done_with_before_the_ap_knows() -> None:
    begun = NOW - timedelta(hours=60)
    breach = decided(fill(make_breach(at=begun), at=begun), at=begun)
    assert state_of("leaks") is State.ATTENTION
    told = {"told_at": begun + timedelta(hours=1), "number": "", "delay_reason": ""}
    file_notice(breach_id=breach.id, at=NOW, actor=STAFF, **told)
    assert state_of("leaks") is State.GOOD


def test_points_follow_what_really_is() -> None:
    assert state_of("policy") is State.WRONG
    publish(matters=False, at=NOW, actor=STAFF)
    assert state_of("policy") is State.GOOD
    RetentionRule.objects.filter(activity_key="topic-nieuwsbrief").update(valid_to=NOW)
    assert state_of("terms") is State.WRONG
    assert state_of("policy") is State.WRONG
    assert state_of("why-needed") is State.GOOD
    ActivityField.objects.filter(activity_key="topic-nieuwsbrief").update(why_nl="")
    assert state_of("why-needed") is State.WRONG
    assert state_of("basis") is State.GOOD
    make_point(make_person(judge_by=law_day(NOW)), "a@example.nl")
    assert state_of("basis") is State.ATTENTION
    Staff.objects.create_user("o@example.nl", "x" * 20, role="owner", name="Olga")
    assert state_of("second-step") is State.WRONG
    assert state_of("backup") is State.WRONG


@pytest.mark.parametrize("by_the_database", [False, True])
def test_a_look_that_breaks_does_not_end_the_others(
    monkeypatch: Any, by_the_database: bool
) -> None:
    def breaks(_now: Any) -> Finding:
        if by_the_database:  # which refuses every statement after it in the same transaction
            with connection.cursor() as cursor:
                cursor.execute("SELECT * FROM there_is_no_such_table")
        raise RuntimeError("a look that breaks")

    broken = [
        type(each)(each.key, each.duty, each.weight, each.title, each.why, each.article, breaks)
        if each.key == "policy"
        else each
        for each in POINTS
    ]
    monkeypatch.setattr(queries, "POINTS", broken)
    assert state_of("policy") is State.WRONG
    assert state_of("terms") is State.GOOD


def test_an_answer_counts_until_its_review_and_stays_as_history() -> None:
    assert state_of("leak-plan") is State.OPEN
    answer_question(
        key="leak-plan", says="yes", evidence="Het hangt bij de kassa.", at=NOW, actor=STAFF
    )
    assert state_of("leak-plan") is State.GOOD
    later = NOW + timedelta(days=190)
    seen = {each.key: each for each in check_up(at=later).seen}
    assert seen["leak-plan"].finding.state is State.OPEN
    answer_question(key="leak-plan", says="no", at=later, actor=STAFF)
    assert Answer.objects.filter(question="leak-plan").count() == 2
    assert Answer.objects.get(question="leak-plan", replaced_at=None).says == "no"


@pytest.mark.parametrize(
    ("says", "evidence", "field"),
    [
        ("yes", " ", "evidence"),
        ("maybe", "Ja.", "says"),
        ("yes", "Zie de map van Anna Jansen-Voorbeeld.", "evidence"),
        ("yes", "Wie diabetes heeft, staat apart.", "evidence"),
    ],
)
def test_a_bare_yes_or_a_name_is_refused(says: str, evidence: str, field: str) -> None:
    make_point(make_person(given_name="Anna", family_name="Jansen-Voorbeeld"), "a@example.nl")
    with pytest.raises(CheckUpRefused) as refused:
        answer_question(key="leak-plan", says=says, evidence=evidence, at=NOW, actor=STAFF)
    assert refused.value.field == field
    assert not Answer.objects.exists()


def test_plans_have_a_day_that_is_to_come() -> None:
    today = law_day(NOW)
    with pytest.raises(CheckUpRefused):
        plan_task(point="backup", due_on=today - timedelta(days=1), owner=None, at=NOW, actor=STAFF)
    for days in (3, 5):
        plan_task(
            point="backup", due_on=today + timedelta(days=days), owner=None, at=NOW, actor=STAFF
        )
    assert Task.objects.get().due_on == today + timedelta(days=5)


def test_an_answer_has_an_owner_and_a_day_on_which_it_is_asked_again(client: Client) -> None:
    """Whoever answers sees to it, unless another is chosen; both stand on the page and in CSV."""
    olga = Staff.objects.create_user("o@example.nl", "x" * 20, role="owner", name="Olga")
    fien = Staff.objects.create_user("f@example.nl", "x" * 20, role="privacy-officer", name="Fien")
    client.force_login(olga)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "nl"
    page = "/controle/vraag/leak-plan/"
    assert f'value="{olga.id}" selected' in client.get(page).content.decode()
    typed = {"says": "yes", "evidence": "Het hangt in de kantine.", "owner": str(fien.id)}
    assert client.post(page, typed).status_code == 302
    kept = Answer.objects.get()
    assert (kept.owner, kept.answered_by) == (fien.id, olga.id)
    shown = client.get(page).content.decode()
    assert "Fien" in shown[shown.index("<tbody>") :]
    assert f"{kept.review_on.year}" in shown[shown.index("<tbody>") :]
    out = BytesIO()
    write_dossier(out, at=timezone.now())
    table = ZipFile(out).read("check-up/answers.csv").decode("utf-8-sig")
    assert "privacy-officer" in table
    assert "Fien" not in table
    assert str(kept.review_on) in table
    assert answer_question(key="leak-plan", says="no", at=NOW, actor=STAFF).owner is None


def test_who_sees_to_an_answer_stays_chosen_until_they_leave(client: Client) -> None:
    """The page never proposes whoever happens to stand first in the list."""
    Staff.objects.create_user("a@example.nl", "x" * 20, role="owner", name="Aad")
    olga = Staff.objects.create_user("o@example.nl", "x" * 20, role="owner", name="Olga")
    fien = Staff.objects.create_user("f@example.nl", "x" * 20, role="privacy-officer", name="Fien")
    client.force_login(olga)
    page = "/controle/vraag/leak-plan/"
    answer_question(key="leak-plan", says="no", owner=fien.id, at=NOW, actor=STAFF)
    assert f'value="{fien.id}" selected' in client.get(page).content.decode()
    Staff.objects.filter(id=fien.id).update(is_active=False)
    assert f'value="{olga.id}" selected' in client.get(page).content.decode()


def test_an_answer_of_before_is_seen_to_by_who_gave_it() -> None:
    """Its column came later than the answer."""
    answer = answer_question(key="leak-plan", says="no", at=NOW, actor=STAFF)
    migration = import_module("akkoord.checkup.migrations.0007_owner_of_answers_of_before")
    migration.who_answered_sees_to_it(apps, None)
    answer.refresh_from_db()
    assert answer.owner == STAFF.id


def test_inv07_a_yes_of_which_staff_alone_declare_the_words_wants_attention() -> None:
    point = make_point(make_person(), "a@example.nl")
    standing = give(point, Purpose.objects.get(is_topic=True))
    assert state_of("declared") is State.GOOD
    Notice.objects.create(
        kind="declared",
        language="nl",
        text="Ja, stuur mij nieuws.",
        sha256="0" * 64,
        is_declared=True,
        declared_for="Oud systeem",
        declared_from=law_day(NOW),
        declared_to=law_day(NOW),
        declared_by=uuid7(),
        created_at=NOW,
    )
    assert state_of("declared") is State.GOOD
    Standing.objects.filter(id=standing.id).update(is_declared=True)
    assert state_of("declared") is State.ATTENTION
    Standing.objects.filter(id=standing.id).update(state="withdrawn")
    assert state_of("declared") is State.GOOD


def test_a_policy_that_matters_and_was_told_to_nobody_waits() -> None:
    publish(matters=False, at=NOW, actor=STAFF)
    Recipient.objects.create(
        key="pers",
        name="Drukkerij de Pers",
        service_nl="Drukt brieven",
        service_en="Prints letters",
        activity_keys=["topic-nieuwsbrief"],
        valid_from=NOW,
    )
    words = {"reason_nl": "Een drukker.", "reason_en": "A printer."}
    version = publish(matters=True, at=NOW, actor=STAFF, **words)
    assert state_of("policy") is State.ATTENTION
    begin_telling(version_id=version.id, at=NOW, actor=STAFF)
    assert state_of("policy") is State.GOOD


def test_a_night_is_kept_once() -> None:
    keep_today(at=NOW)
    publish(matters=False, at=NOW, actor=STAFF)
    keep_today(at=NOW)
    kept = Snapshot.objects.get()
    assert kept.points["policy"] == "good"
    assert kept.score == check_up(at=NOW).score


def test_the_pages_and_a_bounded_number_of_questions(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    client.force_login(
        Staff.objects.create_user("o@example.nl", "x" * 20, role="owner", name="Olga")
    )
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "nl"
    client.get("/controle/")
    with django_assert_max_num_queries(75):
        page = client.get("/controle/").content.decode()
    assert "Doe dit eerst" in page
    assert "Iedereen heeft een tweede stap" in page
    assert client.get("/controle/vraag/bestaat-niet/").status_code == 404
    answer = {"says": "yes", "evidence": "Het hangt bij de kassa."}
    assert client.post("/controle/vraag/leak-plan/", answer).status_code == 302
    assert "Het hangt bij de kassa." in client.get("/controle/").content.decode()
    soon = (timezone.localdate() + timedelta(days=3)).isoformat()
    assert client.post("/controle/plan/backup/", {"due_on": soon, "owner": ""}).status_code == 302
    assert client.post("/controle/plan/backup/klaar/").status_code == 302
    assert Task.objects.get().done_at is not None
    course = client.get("/controle/cursus/").content.decode()
    assert all(str(card.title) in course.replace("&#x27;", "'") for card in CARDS)
    assert len(CARDS) == 10


def test_the_dossier_stands_on_its_own_and_names_nobody(client: Client) -> None:
    person = make_person(given_name="Anna", family_name="Jansen-Voorbeeld")
    make_point(person, "anna.geheim@example.nl")
    RightsRequest.objects.create(
        subject_id=person.id,
        kinds=["access"],
        channel="phone",
        words="Anna wil alles zien.",
        reply_to="anna.geheim@example.nl",
        received_at=NOW,
        due_on=law_day(NOW) + timedelta(days=30),
        reference="AK-1",
    )
    publish(matters=False, at=NOW, actor=STAFF)
    client.force_login(
        Staff.objects.create_user("o@example.nl", "x" * 20, role="owner", name="Olga")
    )
    answer = client.get("/controle/dossier.zip")
    archive = ZipFile(BytesIO(answer.content))
    contents = json.loads(archive.read("contents.json"))
    assert {each["file"] for each in contents["files"]} | {"contents.json"} == set(
        archive.namelist()
    )
    for each in contents["files"]:
        content = archive.read(each["file"])
        assert hashlib.sha256(content).hexdigest() == each["sha256"]
        for told in (b"anna.geheim", b"Jansen", str(person.id).encode()):
            assert told not in content, each["file"]
    assert b"topic-nieuwsbrief" in archive.read("register/activities.csv")
    assert archive.read("policy/001.nl.md").startswith(b"# ")
    assert b"access;phone" in archive.read("requests.csv")
    assert json.loads(archive.read("ledger.json"))["verified"]["ok"] is True
    assert Change.objects.filter(action="checkup.dossier").exists()


def test_a_link_gives_the_dossier_without_contracts_and_says_that_it_did() -> None:
    enter_company(
        values={"name": "Drukkerij Voorbeeld", "role": "processor", "country": "NL"},
        contract=Contract("contract.pdf", b"%PDF-1.7 ondertekend"),
        at=NOW,
        actor=STAFF,
    )
    whole = BytesIO()
    write_dossier(whole, at=NOW, with_contracts=True)
    with ZipFile(whole) as archive:
        held = [each for each in archive.namelist() if each.startswith("contracts/")]
        assert archive.read(held[0]) == b"%PDF-1.7 ondertekend"
        assert len(held) == 1
    link, token = make_link(
        office="Autoriteit", days=1, with_dossier=True, at=timezone.now(), actor=STAFF
    )
    reader = Client(HTTP_ACCEPT_LANGUAGE="nl")
    assert "Het dossier (ZIP)" in reader.get(f"/inzage/{token}/").content.decode()
    answer = reader.get(f"/inzage/{token}/dossier.zip")
    assert answer.headers["Cache-Control"] == "no-store"
    with ZipFile(BytesIO(answer.content)) as archive:
        assert not [each for each in archive.namelist() if each.startswith("contracts/")]
        assert json.loads(archive.read("ledger.json"))["verified"]["ok"] is True
    looks = Change.objects.filter(action="inspector.read", object_id=link.id)
    assert looks.filter(fields=["dossier"]).count() == 1
    for _each in range(2):
        reader.get(f"/inzage/{token}/dossier.zip")
    assert reader.get(f"/inzage/{token}/dossier.zip").status_code == 410
    revoke_link(link_id=link.id, at=timezone.now(), actor=STAFF)
    assert reader.get(f"/inzage/{token}/dossier.zip").status_code == 410


def test_a_link_shows_the_dossier_only_when_whoever_made_it_chose_so(client: Client) -> None:
    client.force_login(
        Staff.objects.create_user("o@example.nl", "x" * 20, role="owner", name="Olga")
    )
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "nl"
    page = client.get("/register/inzage/").content.decode()
    assert re.search(r"<input[^>]*with_dossier[^>]*checked", page)
    typed = {"office": "Boekhouder", "days": "7"}
    for given, shown in (({}, False), ({"with_dossier": "on"}, True)):
        page = client.post("/register/inzage/", typed | given).content.decode()
        token = re.findall(r"/inzage/([\w-]{20,})/", page)[0]
        assert ("het register en het dossier lezen" in page) is shown
        reader = Client(HTTP_ACCEPT_LANGUAGE="nl")
        assert ("dossier" in reader.get(f"/inzage/{token}/").content.decode().lower()) is shown
        answer = reader.get(f"/inzage/{token}/dossier.zip")
        assert answer.status_code == (200 if shown else 404)


def test_the_dossier_of_a_link_holds_of_the_register_what_the_link_shows() -> None:
    secret = make_activity(values={"name_nl": "Nog een concept"}, at=NOW, actor=STAFF)
    made = answered_example(example_key="payroll", at=NOW, actor=STAFF)
    publish_activity(key=made.key, at=NOW, actor=STAFF)
    change_activity(
        key=made.key, values={"term_nl": "Acht jaar."}, reason="Langer nodig.", at=NOW, actor=STAFF
    )
    breach = make_breach(what="Een laptop bleef in de trein.")
    kept, shown = BytesIO(), BytesIO()
    write_dossier(kept, at=NOW)
    write_for_inspector(shown, NOW)
    with ZipFile(kept) as archive:
        assert b"Nog een concept" in archive.read("register/activities.csv")
        assert b"in de trein" in archive.read("leaks.csv")
        assert "check-up/answers.csv" in archive.namelist()
    with ZipFile(shown) as archive:
        activities = archive.read("register/activities.csv").decode()
        assert [f"{made.key};1;" in activities, f"{made.key};2;" in activities] == [True, True]
        assert not [each for each in archive.namelist() if each.startswith("check-up/")]
        assert breach.reference.encode() in archive.read("leaks.csv")
        for name in archive.namelist():
            content = archive.read(name)
            for untold in (b"concept", secret.key.encode(), b"in de trein"):
                assert untold not in content, name
