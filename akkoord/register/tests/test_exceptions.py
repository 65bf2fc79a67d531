"""A recorded exception opens one field of a special category, and nothing else (INV-32)."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone, translation

from akkoord.accounts.tests.factories import make_staff
from akkoord.register import own_fields, queries
from akkoord.register.exception_entry import Decision
from akkoord.register.exception_queries import ending_soon, open_exception
from akkoord.register.exceptions import (
    SpecialFieldFacts,
    decide_anew,
    end_exception,
    end_past,
    record_exception,
)
from akkoord.register.models import (
    ActivityField,
    FieldException,
    PersonalDataField,
    ProcessingActivity,
    Purpose,
    RegisterVersion,
)
from akkoord.register.records import entry_now
from akkoord.register.refused import RegisterRefused
from akkoord.register.tests.factories import NOW, make_organisation, make_topic
from akkoord.trail.actions import Actor
from akkoord.trail.models import Change

pytestmark = pytest.mark.django_db

TODAY, UNTIL = NOW.date(), date(2027, 5, 1)
FACTS = SpecialFieldFacts(
    "Allergie",
    "Allergy",
    "Om te koken wat u kunt eten.",
    "To cook what you can eat.",
    "health",
)
DECISION = Decision("9(2)(a)", "De kok moet weten wat iemand niet kan eten.", "owner", UNTIL)

CHURCH = {"kind": "religion", "name_nl": "Kerk", "name_en": "Church"}


@pytest.fixture(autouse=True)
def _house() -> Iterator[None]:
    make_organisation()
    with translation.override("en"):
        yield


@pytest.fixture
def owner() -> Actor:
    return Actor.staff(make_staff().id)


def _record(actor: Actor, **changes: object) -> FieldException:
    of_field = set(SpecialFieldFacts.__dataclass_fields__)
    facts = replace(FACTS, **{k: v for k, v in changes.items() if k in of_field})
    decision = replace(DECISION, **{k: v for k, v in changes.items() if k not in of_field})
    return record_exception(facts=facts, decision=decision, at=NOW, actor=actor)


def _settle() -> None:
    """What a commit does: the register follows."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def test_it_works(owner: Actor) -> None:
    made = _record(owner)
    assert (made.field.key, made.field.is_special, made.field.category) == (
        "allergie",
        True,
        "pd:MedicalHealth",
    )
    assert open_exception("allergie", TODAY) == made
    assert made.purpose is not None
    assert not made.purpose.is_topic
    assert Change.objects.filter(action="special.open", actor_id=owner.id).exists()


def test_inv30_each_change_of_it_is_a_version_in_the_same_transaction(owner: Actor) -> None:
    _record(owner)
    decide_anew(
        field_key="allergie",
        decision=replace(DECISION, seen_by="privacy-officer"),
        at=NOW,
        actor=owner,
    )
    _settle()
    end_exception(field_key="allergie", at=NOW + timedelta(days=1), actor=owner)
    _settle()
    found = list(RegisterVersion.objects.filter(key="art9-allergie").order_by("number"))
    assert [each.content["is_ended"] for each in found] == [False, True]
    first = found[0].content
    assert [each["key"] for each in first["fields"]] == ["allergie"]
    assert first["fields"][0]["is_special"]
    for part in ("AVG 9(2)(a), UAVG 22(2)(a)", "1 May 2027", "privacy officer", DECISION.reason):
        assert part in first["proof_en"]
    assert found[1].changed_by == owner.id


def test_inv29_its_entry_lacks_nothing(owner: Actor) -> None:
    _record(owner)
    entry = entry_now("art9-allergie")
    assert entry is not None
    assert entry.lacks == ()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name_nl": "BSN", "name_en": "BSN"}, "name_nl"),
        ({"name_nl": "Strafblad", "name_en": "Criminal record"}, "name_nl"),
        ({"name_nl": "Geloof en allergie"}, "kind"),
        ({"kind": "religion"}, "kind"),
        ({"kind": "nonsense"}, "kind"),
        (
            {"ground": "9(2)(b)", "kind": "religion", "name_nl": "Kerk", "name_en": "Church"},
            "ground",
        ),
        (
            {"ground": "9(2)(d)", "kind": "religion", "name_nl": "Kerk", "name_en": "Church"},
            "ground",
        ),
        ({"ground": "9(2)(h)"}, "ground"),
        ({"reason": "nodig"}, "reason"),
        ({"reason": "Omdat eva@example.nl het vroeg, en anders niet."}, "reason"),
        ({"until": None}, "until"),
        ({"until": date(2028, 1, 1)}, "until"),
        ({"seen_by": "marketer"}, "seen_by"),
        ({"why_en": " "}, "why_nl"),
        ({"name_nl": "Taal", "name_en": "Tongue"}, "name_nl"),  # there is a field called so
    ],
)
def test_inv32_what_it_refuses_stays_closed(
    owner: Actor, changes: dict[str, object], field: str
) -> None:
    with pytest.raises(RegisterRefused) as refused:
        _record(owner, **changes)
    assert refused.value.field == field
    assert refused.value.sentence
    assert not FieldException.objects.exists()
    assert not PersonalDataField.objects.filter(is_special=True).exists()


def test_a_bsn_is_refused_with_the_law_and_what_to_do_instead(owner: Actor) -> None:
    with pytest.raises(RegisterRefused) as refused:
        _record(owner, name_nl="BSN", name_en="Citizen service number", kind="bsn")
    assert "art. 46 UAVG" in refused.value.sentence
    assert "customer number" in refused.value.sentence


@pytest.mark.parametrize("role", ["marketer", "privacy-officer"])
def test_only_the_owner_decides(role: str) -> None:
    staff = Actor.staff(make_staff(role).id)
    with pytest.raises(RegisterRefused):
        _record(staff)
    with pytest.raises(RegisterRefused):
        _record(Actor.system())


def test_inv32_it_closes_by_its_day_without_any_clean_up(owner: Actor) -> None:
    _record(owner)
    assert open_exception("allergie", UNTIL) is not None
    assert open_exception("allergie", UNTIL + timedelta(days=1)) is None


def test_the_clean_up_ends_what_is_past_and_the_register_says_so(owner: Actor) -> None:
    _record(owner)
    assert end_past(at=NOW) == 0
    after = NOW.replace(year=2027, month=5, day=2)
    assert end_past(at=after) == 1
    assert end_past(at=after) == 0
    assert not ProcessingActivity.objects.filter(key="art9-allergie", valid_to=None).exists()
    assert not ActivityField.objects.filter(activity_key="art9-allergie", ended_at=None).exists()


def test_anew_after_the_end_asks_for_every_yes_again(owner: Actor) -> None:
    first = _record(owner)
    decide_anew(field_key="allergie", decision=DECISION, at=NOW, actor=owner)
    purpose = Purpose.objects.get(slug="art9-allergie")
    assert purpose.consent_version == 1  # nothing changed for people
    end_exception(field_key="allergie", at=NOW, actor=owner)
    assert Purpose.objects.get(id=purpose.id).ended_at == NOW
    again = decide_anew(field_key="allergie", decision=DECISION, at=NOW, actor=owner)
    purpose.refresh_from_db()
    assert (purpose.ended_at, purpose.consent_version) == (None, 2)
    assert again.id != first.id
    assert open_exception("allergie", TODAY) == again


def test_the_owner_is_reminded_a_month_before(owner: Actor) -> None:
    made = _record(owner)
    assert ending_soon(date(2027, 3, 31)) == []
    assert ending_soon(date(2027, 4, 1)) == [made]
    assert ending_soon(date(2027, 5, 2)) == []


def test_inv31_its_activity_uses_nothing_else(owner: Actor) -> None:
    _record(owner)
    topic = make_topic()
    with pytest.raises(RegisterRefused):
        own_fields.admit_field(
            activity_key="art9-allergie",
            field_key="city",
            why_nl="Om te weten.",
            why_en="To know.",
            at=NOW,
            actor=owner,
        )
    with pytest.raises(RegisterRefused):
        own_fields.admit_field(
            activity_key=topic.activity_key,
            field_key="allergie",
            why_nl="Om te weten.",
            why_en="To know.",
            at=NOW,
            actor=owner,
        )
    with pytest.raises(RegisterRefused):
        own_fields.release_field(
            activity_key="art9-allergie", field_key="allergie", at=NOW, actor=owner
        )
    assert "allergie" not in queries.field_allowed("art9-allergie")
    assert "allergie" not in {each.key for each in queries.own_fields()}


def _in_a_topic(made: FieldException) -> None:
    ActivityField.objects.create(
        activity_key=make_topic().activity_key, field=made.field, admitted_at=NOW
    )


def _another_field(_made: FieldException) -> None:
    field = PersonalDataField.objects.get(key="city")
    ActivityField.objects.create(activity_key="art9-allergie", field=field, admitted_at=NOW)


def _plain_again(made: FieldException) -> None:
    PersonalDataField.objects.filter(id=made.field_id).update(is_special=False)


def _as_a_topic(_made: FieldException) -> None:
    Purpose.objects.filter(slug="art9-allergie").update(is_topic=True)


def _for_marketing(_made: FieldException) -> None:
    ProcessingActivity.objects.filter(key="art9-allergie").update(
        purpose_classes=["dpv:DirectMarketing"]
    )


def _for_mail(_made: FieldException) -> None:
    ProcessingActivity.objects.filter(key="art9-allergie").update(telecom_basis="consent")


def _changed(**values: object) -> Callable[[FieldException], None]:
    def change(made: FieldException) -> None:
        FieldException.objects.filter(id=made.id).update(**values)

    return change


def _of_a_plain_field(made: FieldException) -> None:
    city = PersonalDataField.objects.get(key="city")
    FieldException.objects.filter(id=made.id).update(field=city)


def _twice(made: FieldException) -> None:
    made.pk, made._state.adding = UUID(int=uuid4().int), True
    made.save()


@pytest.mark.parametrize(
    "road",
    [
        pytest.param(_in_a_topic, id="the field in a topic"),
        pytest.param(_another_field, id="another field in its activity"),
        pytest.param(_plain_again, id="a plain field again"),
        pytest.param(_as_a_topic, id="its purpose a topic"),
        pytest.param(_for_marketing, id="its activity marketing"),
        pytest.param(_for_mail, id="its activity by mail"),
        pytest.param(_changed(seen_by="marketer"), id="a marketer sees it"),
        pytest.param(_changed(kind="bsn"), id="a BSN"),
        pytest.param(_changed(kind="criminal"), id="crimes"),
        pytest.param(_changed(kind="genetic"), id="DNA"),
        pytest.param(_changed(ground="9(2)(b)", kind="religion"), id="a faith for an employer"),
        pytest.param(_changed(ground="9(2)(d)"), id="health of members"),
        pytest.param(_changed(ground="9(2)(h)"), id="no ground of ours"),
        pytest.param(_changed(reason=""), id="no reason"),
        pytest.param(_changed(until=date(2028, 1, 1)), id="more than a year"),
        pytest.param(_changed(until=date(2026, 1, 1)), id="ends before it begins"),
        pytest.param(_changed(purpose=None), id="a yes without its purpose"),
        pytest.param(_of_a_plain_field, id="of a plain field"),
        pytest.param(_twice, id="two at once"),
    ],
)
def test_inv32_the_database_refuses(owner: Actor, road: Callable[[FieldException], None]) -> None:
    made = _record(owner)
    with pytest.raises(IntegrityError), transaction.atomic():
        road(made)


@pytest.mark.parametrize(
    ("role", "name", "says", "has_way"),
    [
        ("owner", "Allergie", "Can you really not do without it?", True),
        ("marketer", "Allergie", "Only the owner can record one.", False),
        ("owner", "BSN", "art. 46 UAVG", False),
        ("owner", "Strafblad", "31-33 UAVG", False),
    ],
)
def test_a_refused_field_says_why_and_shows_the_lawful_way(
    client: Client, role: str, name: str, says: str, has_way: bool
) -> None:
    client.force_login(make_staff(role, language="en"))
    make_topic()
    typed = {"name_nl": name, "name_en": name, "kind": "text", "activity": "topic-nieuwsbrief"}
    page = client.post("/velden/nieuw/", typed | {"why_nl": "Om te weten.", "why_en": "To know."})
    text = page.content.decode()
    assert says in text
    assert ("/velden/uitzonderingen/nieuw/?name_nl=Allergie" in text) is has_way
    assert not PersonalDataField.objects.filter(is_own=True).exists()


def test_the_owner_records_decides_anew_and_closes_by_the_pages(client: Client) -> None:
    client.force_login(make_staff(language="en"))
    until = (timezone.localdate() + timedelta(days=90)).isoformat()
    decision = {
        "ground": "9(2)(a)",
        "reason": DECISION.reason,
        "seen_by": "owner",
        "until": until,
    }
    field = {
        "name_nl": "Allergie",
        "name_en": "Allergy",
        "kind": "health",
        "value_kind": "text",
        "why_nl": FACTS.why_nl,
        "why_en": FACTS.why_en,
    }
    wrong = client.post("/velden/uitzonderingen/nieuw/", field | decision | {"reason": "nodig"})
    assert "Write down why you cannot do without it" in wrong.content.decode()
    made = client.post("/velden/uitzonderingen/nieuw/", field | decision)
    assert made["Location"] == "/velden/uitzonderingen/allergie/"
    other = decision | {"seen_by": "privacy-officer"}
    assert client.post("/velden/uitzonderingen/allergie/", other).status_code == 302
    text = client.get("/velden/uitzonderingen/").content.decode()
    assert "Privacy officer" in text
    assert "GDPR 9(2)(a), UAVG 22(2)(a)" in text
    client.post("/velden/uitzonderingen/allergie/sluiten/")
    assert "This field is closed" in client.get("/velden/uitzonderingen/allergie/").content.decode()
    assert client.get("/velden/uitzonderingen/onbekend/").status_code == 404
