"""Assessments: what the system answers beforehand, the steps, the decision, what never changes."""

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.utils import translation

from akkoord.accounts.models import Staff
from akkoord.checkup import dpia
from akkoord.checkup.dossier import write_dossier
from akkoord.checkup.dpia_queries import activities, looked_at, missing_in
from akkoord.checkup.models import Assessment, Risk, Screening
from akkoord.checkup.queries import check_up
from akkoord.checkup.refused import CheckUpRefused
from akkoord.law.dpia_rules import Feared, Part, RiskFacts, Standing
from akkoord.law.duties import State
from akkoord.law.terms import law_day
from akkoord.people.tests.factories import make_person, make_point
from akkoord.register.hand import make_from_example, publish_activity
from akkoord.register.measuring import offer_measuring
from akkoord.register.models import Organisation
from akkoord.register.tests.factories import NOW, make_organisation, make_topic
from akkoord.trail.actions import Actor

pytestmark = pytest.mark.django_db
TODAY = law_day(NOW)
SENTENCE = "Wij bewaren alleen wat er nodig is voor dit doel."
NEWS = "topic-nieuwsbrief"
RISK = RiskFacts("access", SENTENCE, SENTENCE, SENTENCE, 3, 3, 3, 1)


@pytest.fixture(autouse=True)
def shop() -> Iterator[None]:
    make_organisation()
    make_topic()
    with translation.override("nl"):
        yield


@pytest.fixture
def owner() -> Staff:
    return Staff.objects.create_user("o@example.nl", "x" * 20, role="owner", name="Olga")


@pytest.fixture
def actor(owner: Staff) -> Actor:
    return Actor.staff(owner.pk)


def standing(key: str = NEWS) -> Standing:
    found = looked_at(key, TODAY)
    assert found is not None
    return found.standing


def point() -> State:
    return next(each.finding.state for each in check_up(at=NOW).seen if each.key == "dpia")


def needed(actor: Actor, key: str = NEWS) -> Assessment:
    dpia.screen_activity(
        key=key, criteria=["monitoring", "innovative"], listed=[], reason="", at=NOW, actor=actor
    )
    return dpia.begin_assessment(key=key, at=NOW, actor=actor)


def fill(actor: Actor, *, left: int = 1) -> None:
    for part in (Part.DESCRIPTION, Part.NECESSITY, Part.RIGHTS, Part.OFFICER, Part.PEOPLE):
        dpia.write_part(key=NEWS, part=part, text=SENTENCE, at=NOW, actor=actor)
    for feared in Feared:
        facts = RiskFacts(feared, SENTENCE, SENTENCE, SENTENCE, 3, 3, 3, left)
        dpia.write_risk(key=NEWS, facts=facts, at=NOW, actor=actor)


def decide(actor: Actor, decision: str = "go", days: int = 300) -> Assessment:
    return dpia.decide(
        key=NEWS,
        decision=decision,
        reason=SENTENCE,
        review_on=TODAY + timedelta(days=days),
        at=NOW,
        actor=actor,
    )


def test_what_akkoord_does_is_confirmed_together_and_what_happens_outside_is_not(
    actor: Actor,
) -> None:
    assert point() is State.ATTENTION
    by_hand = make_from_example(example_key="payroll", at=NOW, actor=actor)
    publish_activity(key=by_hand.key, at=NOW, actor=actor)
    count = dpia.confirm_unremarkable(at=NOW, actor=actor)
    assert count == Screening.objects.count() == len(activities(TODAY)) - 1
    assert not Screening.objects.filter(is_needed=True).exists()
    found = looked_at(by_hand.key, TODAY)
    assert found is not None
    assert (found.standing, found.seen) == (Standing.UNSEEN, ("vulnerable",))
    assert point() is State.ATTENTION
    dpia.screen_activity(
        key=by_hand.key,
        criteria=found.seen,
        listed=[],
        reason="Gewone salarissen van een handvol mensen.",
        at=NOW,
        actor=actor,
    )
    assert point() is State.GOOD
    assert dpia.confirm_unremarkable(at=NOW, actor=actor) == 0


def test_what_is_known_is_answered_beforehand(actor: Actor) -> None:
    seen = {each.entry.key: each.seen for each in activities(TODAY)}
    assert seen.pop("audit-trail") == ("vulnerable",)  # what members of staff did
    assert set(seen.values()) == {()}
    measuring = offer_measuring(at=NOW, actor=actor)
    make_point(make_person(is_known_child=True, known_child_at=NOW), "kind@example.nl")
    seen = {each.entry.key: each.seen for each in activities(TODAY)}
    assert seen[measuring.activity_key] == ("evaluation", "monitoring", "vulnerable")
    assert seen[NEWS] == ("vulnerable",)
    assert seen["proof"] == ()
    assert NEWS in {each.entry.key for each in dpia.unremarkable(TODAY)}
    assert measuring.activity_key not in {each.entry.key for each in dpia.unremarkable(TODAY)}


def test_who_sees_it_differently_says_why_and_what_is_new_asks_again(actor: Actor) -> None:
    kept = {"key": NEWS, "listed": [], "at": NOW, "actor": actor}
    dpia.screen_activity(criteria=[], reason="", **kept)
    assert standing() is Standing.NOT_NEEDED
    make_point(make_person(is_known_child=True, known_child_at=NOW), "kind@example.nl")
    assert standing() is Standing.OLD
    assert point() is State.ATTENTION
    with pytest.raises(CheckUpRefused) as refused:
        dpia.screen_activity(criteria=[], reason="Nee.", **kept)
    assert refused.value.field == "reason"
    dpia.screen_activity(criteria=[], reason="Kinderen staan er niet echt tussen.", **kept)
    assert standing() is Standing.NOT_NEEDED
    assert list(Screening.objects.order_by("version").values_list("version", flat=True)) == [1, 2]


@pytest.mark.parametrize(
    ("key", "reason", "by_system", "field"),
    [
        ("bestaat-niet", SENTENCE, False, ""),
        (NEWS, SENTENCE, True, ""),
        (NEWS, "Vraag het aan wim@example.nl, die weet het.", False, "reason"),
    ],
)
def test_inv30_an_answer_that_cannot_be(
    actor: Actor, key: str, reason: str, by_system: bool, field: str
) -> None:
    with pytest.raises(CheckUpRefused) as refused:
        dpia.screen_activity(
            key=key,
            criteria=["monitoring"],
            listed=[],
            reason=reason,
            at=NOW,
            actor=Actor.system() if by_system else actor,
        )
    assert refused.value.field == field
    assert not Screening.objects.exists()


@pytest.mark.parametrize(
    ("criteria", "listed", "is_needed"),
    [(["a", "b"], [], False), ([], ["cameras"], False), (["a"], [], True)],
)
def test_the_database_knows_the_rule_too(
    criteria: list[str], listed: list[str], is_needed: bool
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Screening.objects.create(
            activity_key=NEWS,
            version=1,
            criteria=criteria,
            listed=listed,
            is_needed=is_needed,
            made_at=NOW,
        )


def test_from_criteria_to_a_decision_that_never_changes(actor: Actor) -> None:
    with pytest.raises(CheckUpRefused):
        dpia.begin_assessment(key=NEWS, at=NOW, actor=actor)
    draft = needed(actor)
    assert dpia.begin_assessment(key=NEWS, at=NOW, actor=actor) == draft
    assert standing() is Standing.TO_MAKE
    assert point() is State.WRONG
    with pytest.raises(CheckUpRefused, match="elke stap"):
        decide(actor)
    fill(actor)
    made = decide(actor)
    assert standing() is Standing.DONE
    assert made.entry_number
    with pytest.raises(DatabaseError, match="cannot be changed"), transaction.atomic():
        Assessment.objects.filter(id=made.id).update(description="Anders")
    with pytest.raises(DatabaseError, match="cannot be changed"), transaction.atomic():
        Risk.objects.filter(assessment=made).update(severity=1, left_severity=1)
    with pytest.raises(DatabaseError, match="cannot be changed"), transaction.atomic():
        Assessment.objects.filter(id=made.id).delete()


def test_a_new_version_goes_on_from_the_last(actor: Actor) -> None:
    needed(actor)
    fill(actor)
    first = decide(actor)
    second = dpia.begin_assessment(key=NEWS, at=NOW, actor=actor)
    assert (second.version, second.description) == (2, first.description)
    assert missing_in(second) == ()
    assert standing() is Standing.DONE
    decide(actor, "stop")
    first.refresh_from_db()
    assert first.replaced_at == NOW
    assert standing() is Standing.STOPPED


def test_a_high_risk_that_stays_goes_to_the_authority(actor: Actor) -> None:
    needed(actor)
    fill(actor, left=3)
    with pytest.raises(CheckUpRefused) as refused:
        decide(actor)
    assert refused.value.field == "decision"
    assert "art. 36" in refused.value.sentence
    decide(actor, "ask")
    assert standing() is Standing.ASK
    assert point() is State.WRONG


def test_an_officer_is_asked_where_there_is_one(actor: Actor) -> None:
    draft = needed(actor)
    fill(actor)
    Assessment.objects.filter(id=draft.id).update(officer="")
    draft.refresh_from_db()
    assert missing_in(draft) == ()
    Organisation.objects.update(officer_name="Fenna de Functionaris")
    assert missing_in(draft) == (Part.OFFICER,)


@pytest.mark.parametrize("days", [0, 1100])
def test_a_review_within_three_years(actor: Actor, days: int) -> None:
    needed(actor)
    fill(actor)
    with pytest.raises(CheckUpRefused) as refused:
        decide(actor, days=days)
    assert refused.value.field == "review_on"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"sources": "Een dief."}, "sources"),
        ({"measures": "Bel 06-12345678 als het misgaat, dan helpen wij."}, "measures"),
        ({"severity": 9}, "severity"),
        ({"left_severity": 4}, "left_severity"),
    ],
)
def test_a_risk_that_cannot_be(actor: Actor, changed: dict[str, Any], field: str) -> None:
    needed(actor)
    facts = {name: getattr(RISK, name) for name in RISK.__slots__} | changed
    with pytest.raises(CheckUpRefused) as refused:
        dpia.write_risk(key=NEWS, facts=RiskFacts(**facts), at=NOW, actor=actor)
    assert refused.value.field == field
    assert not Risk.objects.exists()


def test_the_pages_the_pdf_and_the_dossier(
    client: Client, owner: Staff, actor: Actor, django_assert_max_num_queries: Any
) -> None:
    client.force_login(owner)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "nl"
    client.get("/controle/dpia/")
    with django_assert_max_num_queries(30):
        page = client.get("/controle/dpia/").content.decode()
    assert "Ik ben het eens" in page
    assert client.get("/controle/dpia/bestaat-niet/").status_code == 404
    given = {"criteria": ["monitoring", "innovative"], "reason": ""}
    answer = client.post(f"/controle/dpia/{NEWS}/criteria/", given)
    assert answer.headers["Location"] == f"/controle/dpia/{NEWS}/"
    assert client.post(f"/controle/dpia/{NEWS}/").status_code == 302
    step = f"/controle/dpia/{NEWS}/stap/"
    assert "hele zin" in client.post(step + "description/", {"text": "Kort"}).content.decode()
    answer = client.post(step + "description/", {"text": SENTENCE})
    assert answer.headers["Location"] == step + "necessity/"
    assert client.get(step + "officer/").status_code == 404
    fill(actor, left=3)
    with django_assert_max_num_queries(40):
        page = client.get(step + "decision/").content.decode()
    assert "De AP moet eerst gevraagd worden" in page
    assert "Het gaat door" not in page
    fill(actor)
    when = (TODAY + timedelta(days=200)).isoformat()
    given = {"decision": "go", "reason": SENTENCE, "review_on": when}
    assert client.post(step + "decision/", given).status_code == 302
    assert SENTENCE in client.get(f"/controle/dpia/{NEWS}/").content.decode()
    pdf = client.get(f"/controle/dpia/{NEWS}/1.pdf").content
    assert pdf.startswith(b"%PDF")
    out = BytesIO()
    write_dossier(out, at=NOW)
    with ZipFile(out) as archive:
        assert archive.read(f"dpia/{NEWS}-001.pdf").startswith(b"%PDF")
        assert NEWS.encode() in archive.read("dpia/criteria.csv")
