"""Assessments: what the system answers beforehand, the steps, the decision, what never changes."""

import re
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pypdfium2
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone, translation

from akkoord.accounts.models import Staff
from akkoord.checkup import dpia
from akkoord.checkup.dossier import write_dossier
from akkoord.checkup.dpia_paper import pdf_of
from akkoord.checkup.dpia_queries import activities, looked_at, missing_in
from akkoord.checkup.models import Assessment, Risk, Screening
from akkoord.checkup.points import Finding
from akkoord.checkup.queries import check_up
from akkoord.checkup.refused import CheckUpRefused
from akkoord.law.dpia_rules import Feared, Part, RiskFacts, Standing
from akkoord.law.duties import State
from akkoord.law.terms import law_day
from akkoord.people.tests.factories import make_person, make_point
from akkoord.register.hand import end_activity, publish_activity
from akkoord.register.measuring import offer_measuring
from akkoord.register.models import Organisation
from akkoord.register.own_fields import OwnFieldFacts, admit_field, make_own_field
from akkoord.register.tests.factories import NOW, answered_example, make_organisation, make_topic
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
    return finding().state


def shown() -> list[str]:
    return [dpia.mark_of(each) for each in dpia.unremarkable(TODAY)]


def finding() -> Finding:
    return next(each.finding for each in check_up(at=NOW).seen if each.key == "dpia")


def grow(actor: Actor) -> None:
    """The register says more of the news than it did."""
    admit_field(
        activity_key=NEWS,
        field_key="city",
        why_nl="Voor de aanhef van de brief.",
        why_en="For how the letter begins.",
        at=NOW,
        actor=actor,
    )


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
    by_hand = answered_example(example_key="payroll", at=NOW, actor=actor)
    publish_activity(key=by_hand.key, at=NOW, actor=actor)
    count = dpia.confirm_unremarkable(shown=shown(), at=NOW, actor=actor)
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
    assert dpia.confirm_unremarkable(shown=shown(), at=NOW, actor=actor) == 0


def test_who_agrees_signs_for_what_was_shown_and_nothing_else(
    client: Client, owner: Staff, actor: Actor
) -> None:
    client.force_login(owner)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "nl"
    connection.check_constraints()  # writes the versions of the register
    page = client.get("/controle/dpia/").content.decode()
    assert "Fraude opsporen" in page
    marks = re.findall(r'name="shown" value="([^"]+)"', page)
    assert sorted(marks) == sorted(shown())
    make_topic("aanbiedingen")  # came in since
    grow(actor)  # and the news says more than it did
    connection.check_constraints()
    client.post("/controle/dpia/eens/", {"shown": marks})
    signed = set(Screening.objects.values_list("activity_key", flat=True))
    assert signed == {each.partition(":")[0] for each in marks} - {NEWS}
    assert standing() is Standing.UNSEEN


def test_what_uses_a_field_of_ones_own_is_asked_one_by_one(actor: Actor) -> None:
    assert NEWS in {each.entry.key for each in dpia.unremarkable(TODAY)}
    make_own_field(
        activity_key=NEWS,
        facts=OwnFieldFacts("Kleur fiets", "Bicycle colour", "text", SENTENCE, SENTENCE),
        at=NOW,
        actor=actor,
    )
    assert NEWS not in {each.entry.key for each in dpia.unremarkable(TODAY)}


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


def screen_none(actor: Actor, reason: str) -> None:
    dpia.screen_activity(key=NEWS, criteria=[], listed=[], reason=reason, at=NOW, actor=actor)


def test_what_was_needed_is_not_wiped_away_without_a_word(client: Client, actor: Actor) -> None:
    needed(actor)
    fill(actor)
    decide(actor, "stop")
    with pytest.raises(CheckUpRefused) as refused:
        screen_none(actor, "")
    assert refused.value.field == "reason"
    screen_none(actor, "Wij volgen niemand meer, de camera is weg.")
    assert standing() is Standing.STOPPED
    assert point() is State.WRONG
    client.force_login(Staff.objects.get())
    assert f'href="/controle/dpia/{NEWS}/"' in client.get("/controle/dpia/").content.decode()


def test_a_draft_of_what_is_no_longer_needed_or_has_ended_is_not_decided(actor: Actor) -> None:
    key = answered_example(example_key="invoices", at=NOW, actor=actor).key
    needed(actor, key)
    end_activity(key=key, reason="Wij hebben geen personeel meer.", at=NOW, actor=actor)
    with pytest.raises(CheckUpRefused, match="niet meer in het register"):
        dpia.write_part(key=key, part="rights", text=SENTENCE, at=NOW, actor=actor)
    with pytest.raises(CheckUpRefused, match="niet meer in het register"):
        dpia.begin_assessment(key=key, at=NOW, actor=actor)
    needed(actor)
    fill(actor)
    screen_none(actor, "Wij volgen niemand meer, de camera is weg.")
    with pytest.raises(CheckUpRefused, match="Zeg eerst welke criteria"):
        decide(actor)
    assert not Assessment.objects.exclude(decided_at=None).exists()


def test_what_is_needed_no_longer_ends_and_the_register_may_grow(actor: Actor) -> None:
    needed(actor)
    fill(actor)
    made = decide(actor)
    screen_none(actor, "Wij volgen niemand meer, de camera is weg.")
    made.refresh_from_db()
    assert made.replaced_at == NOW
    grow(actor)
    assert standing() is Standing.NOT_NEEDED


def test_what_is_seen_since_asks_for_the_criteria_and_what_grew_for_a_new_version(
    client: Client, actor: Actor
) -> None:
    client.force_login(Staff.objects.get())
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "nl"
    needed(actor)
    fill(actor)
    decide(actor)
    make_point(make_person(is_known_child=True, known_child_at=NOW), "kind@example.nl")
    assert standing() is Standing.OLD
    criteria = f"/controle/dpia/{NEWS}/criteria/"
    assert f'href="{criteria}"' in client.get("/controle/dpia/").content.decode()
    page = client.get(f"/controle/dpia/{NEWS}/").content.decode()
    assert "Bekijk eerst de criteria" in page
    assert "Begin een nieuwe versie" not in page
    given = {"criteria": ["monitoring", "innovative", "vulnerable"], "reason": ""}
    assert client.post(criteria, given).status_code == 302
    assert standing() is Standing.DONE
    grow(actor)
    assert standing() is Standing.OLD
    dpia.confirm_unremarkable(shown=shown(), at=NOW, actor=actor)
    assert "opnieuw of de DPIA nog klopt" in finding().evidence
    assert "Bekijk eerst de criteria" not in client.get(f"/controle/dpia/{NEWS}/").content.decode()
    dpia.begin_assessment(key=NEWS, at=NOW, actor=actor)
    decide(actor)
    assert standing() is Standing.DONE


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


def test_after_the_authority_has_answered_it_may_go_ahead(client: Client, actor: Actor) -> None:
    client.force_login(Staff.objects.get())
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "nl"
    step = f"/controle/dpia/{NEWS}/stap/decision/"
    given = {"reason": SENTENCE, "review_on": (timezone.localdate() + timedelta(200)).isoformat()}
    asked, today = timezone.localdate() - timedelta(days=20), timezone.localdate()
    needed(actor)
    fill(actor, left=3)
    assert 'name="advice"' not in client.get(step).content.decode()
    answer = client.post(step, given | {"decision": "ask", "asked_on": asked.isoformat()})
    assert answer.status_code == 302
    assert standing() is Standing.ASK
    dpia.begin_assessment(key=NEWS, at=NOW, actor=actor)
    assert "Het gaat door" in client.get(step).content.decode()
    given |= {"decision": "go", "asked_on": asked.isoformat()}
    assert "veertien weken" in client.post(step, given).content.decode()
    given |= {"answered_on": today.isoformat()}
    assert "veertien weken" in client.post(step, given).content.decode()
    given |= {"advice": "Bewaar de beelden korter dan een week."}
    assert client.post(step, given).status_code == 302
    assert standing() is Standing.DONE
    page = client.get(f"/controle/dpia/{NEWS}/").content.decode()
    assert "De AP antwoordde op" in page
    assert "De AP moet eerst gevraagd worden" not in page
    made = Assessment.objects.get(replaced_at=None)
    pdf = pypdfium2.PdfDocument(pdf_of(made, "en"))
    text = "".join(each.get_textpage().get_text_bounded() for each in pdf)
    assert "Bewaar de beelden korter" in text
    assert "GDPR 35(7)(a)" in text
    assert "AVG 35" not in text


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
