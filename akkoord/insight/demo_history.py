"""The demo's two years: who came when and how, and what each of them agreed to or stopped.

Events go into the ledger in the order in which they happened, many at once, through the same
set-based append as an import; so standings, refusals and proof are real.
"""

import json
import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from akkoord.consent.bulk import STAGED_COLUMNS, append_staged_events, create_staging
from akkoord.consent.models import (
    CollectionPoint,
    EvidenceFile,
    EvidenceRow,
    PlaceProof,
    SignUp,
)
from akkoord.datamap.identifiers import normalise_email
from akkoord.datamap.keys import keyed_hash
from akkoord.insight.demo_people import MadeUpPerson
from akkoord.insight.demo_texts import NEWS, OFFERS, URGENT, WORKSHOP
from akkoord.law.parameters import duration
from akkoord.law.sale_rules import carries_until
from akkoord.law.states import ActorKind, Basis, Channel, Method, PermissionState
from akkoord.people.models import ContactPoint, Person
from akkoord.register.models import PurposeVersion

NETWORKS = ("192.0.2.0", "198.51.100.0", "203.0.113.0")  # RFC 5737: nobody's
Given = PermissionState


def id_at(moment: datetime, dice: random.Random) -> UUID:
    """A UUIDv7 of a moment in the past, so that the demo's rows lie in the order of time."""
    milliseconds = int(moment.timestamp() * 1000)
    return UUID(
        int=milliseconds << 80
        | 0x7 << 76
        | dice.getrandbits(12) << 64
        | 0b10 << 62
        | dice.getrandbits(62)
    )


def first_sale_of(point_id: UUID) -> UUID:
    """The id of somebody's first sale, which the evidence of a customer's standing names."""
    return UUID(int=point_id.int ^ 1)


@dataclass(frozen=True, slots=True)
class Shown:
    """What people saw: the forms in both languages, the paper, the till, the preference centre."""

    news_form: dict[str, CollectionPoint]
    service_form: dict[str, CollectionPoint]
    paper: CollectionPoint
    cards: EvidenceFile
    till: PlaceProof
    preferences: CollectionPoint


@dataclass(slots=True)
class Comer:
    """Somebody and how we came to know them: form, import, counter, checkout, customer, waiting."""

    person: MadeUpPerson
    way: str
    joined: datetime
    person_id: UUID
    point_id: UUID
    is_child: bool = False


@dataclass(slots=True)
class History:
    """Events that wait for their time, and what is needed to write them down."""

    versions: dict[str, PurposeVersion]
    shown: Shown
    staff_id: UUID
    dice: random.Random
    waiting: list[tuple[Any, ...]] = field(default_factory=list)
    sign_ups: list[SignUp] = field(default_factory=list)
    cards: list[EvidenceRow] = field(default_factory=list)
    card_count: int = 0

    def add(
        self,
        comer: tuple[UUID, UUID],
        topic: str,
        state: PermissionState,
        method: Method,
        at: datetime,
        *,
        actor: ActorKind = ActorKind.PERSON,
        basis: Basis = Basis.CONSENT,
        point: CollectionPoint | None = None,
        valid_until: datetime | None = None,
        evidence: dict[str, Any] | None = None,
    ) -> UUID:
        """Let one fact about (person, contact point) happen at its time; the event's id."""
        event_id = id_at(at, self.dice)
        row = {
            "id": event_id,
            "person_ref": comer[0],
            "contact_point_ref": comer[1],
            "purpose_version_id": self.versions[topic].id,
            "channel": Channel.EMAIL.value,
            "basis": basis.value,
            "state": state.value,
            "happened_at": at,
            "recorded_at": at,
            "valid_until": valid_until,
            "actor_kind": actor.value,
            "actor_ref": self.staff_id if actor is ActorKind.STAFF else None,
            "method": method.value,
            "collection_point_id": point.id if point else None,
            "notice_id": point.notice_id if point else None,
            "is_declared": point.notice.is_declared if point else False,
            "evidence": json.dumps(evidence or {}),
        }
        self.waiting.append(tuple(row[name] for name in STAGED_COLUMNS))
        return event_id

    def write_until(self, moment: datetime) -> None:
        """Append everything that happened before this moment, with its standings."""
        when = STAGED_COLUMNS.index("recorded_at")
        due = sorted((row for row in self.waiting if row[when] < moment), key=lambda row: row[when])
        self.waiting = [row for row in self.waiting if row[when] >= moment]
        SignUp.objects.bulk_create([each for each in self.sign_ups if each.requested_at < moment])
        self.sign_ups = [each for each in self.sign_ups if each.requested_at >= moment]
        EvidenceRow.objects.bulk_create(self.cards)
        self.cards = []
        with connection.cursor() as cursor:
            create_staging(cursor)
            columns = ", ".join(STAGED_COLUMNS)
            with cursor.copy(f"COPY staged_permission_event ({columns}) FROM STDIN") as copy:
                for row in due:
                    copy.write_row(row)
            append_staged_events(cursor)
            cursor.execute("DROP TABLE staged_permission_event")


def write_people(comers: list[Comer]) -> None:
    """The persons of these comers with their address; names of a sign-up come when confirmed."""
    Person.objects.bulk_create(
        Person(
            id=each.person_id,
            given_name="" if each.way == "waiting" else each.person.given_name,
            family_name="" if each.way == "waiting" else each.person.family_name,
            language=each.person.language,
            is_known_child=True if each.is_child else None,
            known_child_at=each.joined if each.is_child else None,
            source=SOURCES[each.way],
            created_at=each.joined,
            updated_at=each.joined,
        )
        for each in comers
    )
    ContactPoint.objects.bulk_create(_point(each) for each in comers)


SOURCES = {
    "form": "form",
    "waiting": "form",
    "counter": "staff",
    "checkout": "purchase",
    "customer": "purchase",
}


def _point(comer: Comer) -> ContactPoint:
    normalised = normalise_email(comer.person.email)
    return ContactPoint(
        id=comer.point_id,
        person_id=comer.person_id,
        channel=Channel.EMAIL,
        value=comer.person.email,
        normalised=normalised,
        keyed_hash=keyed_hash(normalised),
        verified_at=comer.joined if comer.way == "form" else None,
        source=SOURCES[comer.way],
        created_at=comer.joined,
    )


def tell(history: History, comer: Comer, *, at: datetime) -> None:
    """What this person did, into the history; `at` is today."""
    {
        "form": _signed_up,
        "waiting": _signed_up,
        "counter": _at_the_counter,
        "checkout": _at_the_till,
        "customer": _only_bought,
    }[comer.way](history, comer, at)


def _signed_up(history: History, comer: Comer, _at: datetime) -> None:
    """A web form: asked, and confirmed within the hour, but for those who wait."""
    dice, ids = history.dice, (comer.person_id, comer.point_id)
    is_service = dice.random() < 0.3
    form = history.shown.service_form if is_service else history.shown.news_form
    pair = (WORKSHOP, URGENT) if is_service else (NEWS, OFFERS)
    topics = [pair[0], *([pair[1]] if dice.random() < 0.55 else [])]
    shown = form[comer.person.language]
    confirmed = comer.joined + timedelta(minutes=dice.randint(1, 58))
    sign_up = _sign_up(history, comer, shown, topics)
    for topic in topics:
        evidence = {"sign_up": str(sign_up.id), "network": sign_up.ip_truncated}
        history.add(
            ids,
            topic,
            Given.REQUESTED,
            Method.WEB_FORM,
            comer.joined,
            point=shown,
            evidence=evidence,
        )
        if comer.way == "form":
            evidence |= {"requested_at": comer.joined.isoformat()}
            history.add(
                ids,
                topic,
                Given.CONFIRMED,
                Method.CONFIRMATION,
                confirmed,
                point=shown,
                evidence=evidence,
            )
    if comer.way == "form":
        sign_up.state, sign_up.confirmed_at = SignUp.CONFIRMED, confirmed
        sign_up.given_name = sign_up.family_name = ""
        _changed_mind_later(history, comer, topics, confirmed)


def _sign_up(history: History, comer: Comer, shown: CollectionPoint, topics: list[str]) -> SignUp:
    """The request itself, as the public form keeps it."""
    sign_up = SignUp(
        id=id_at(comer.joined, history.dice),
        person_id=comer.person_id,
        contact_point_id=comer.point_id,
        collection_point=shown,
        given_name=comer.person.given_name,
        family_name=comer.person.family_name,
        language=comer.person.language,
        purpose_version_ids=sorted(history.versions[topic].id for topic in topics),
        ip_truncated=history.dice.choice(NETWORKS),
        requested_at=comer.joined,
        mailed_at=comer.joined,
        expires_at=comer.joined + duration("confirmation-term", comer.joined.date()),
    )
    history.sign_ups.append(sign_up)
    return sign_up


def _changed_mind_later(history: History, comer: Comer, topics: list[str], since: datetime) -> None:
    """Some open their own page later and add a topic, or stop one."""
    if history.dice.random() > 0.08:
        return
    later = since + timedelta(
        days=history.dice.randint(3, 90), minutes=history.dice.randint(1, 900)
    )
    ids, shown = (comer.person_id, comer.point_id), history.shown.preferences
    other = history.dice.choice([each for each in history.versions if each not in topics])
    history.add(ids, other, Given.GIVEN, Method.PREFERENCE_CENTRE, later, point=shown)
    if history.dice.random() < 0.4:
        history.add(ids, topics[0], Given.WITHDRAWN, Method.PREFERENCE_CENTRE, later)


def _at_the_counter(history: History, comer: Comer, _at: datetime) -> None:
    """A card filled in at the counter, entered by staff; a child's with a parent's yes or not."""
    ids, shown = (comer.person_id, comer.point_id), history.shown.paper
    history.card_count += 1
    cards = history.shown.cards
    evidence: dict[str, Any] = {"file": str(cards.id), "row": history.card_count}
    if comer.is_child:
        evidence["parent_consent"] = history.dice.random() < 0.5
    for topic in (NEWS, WORKSHOP):
        event_id = history.add(
            ids,
            topic,
            Given.GIVEN,
            Method.PAPER,
            comer.joined,
            actor=ActorKind.STAFF,
            point=shown,
            evidence=evidence,
        )
    history.cards.append(
        EvidenceRow(
            file=cards, person_id=comer.person_id, row=history.card_count, event_id=event_id
        )
    )


def _at_the_till(history: History, comer: Comer, _at: datetime) -> None:
    """A customer who saw the opt-out and left it: two years from the sale (INV-15)."""
    ends = carries_until(comer.joined.date(), comer.joined.date())
    until = comer.joined.replace(year=ends.year, month=ends.month, day=ends.day) if ends else None
    history.add(
        (comer.person_id, comer.point_id),
        OFFERS,
        Given.GIVEN,
        Method.CHECKOUT,
        comer.joined,
        basis=Basis.EXISTING_CUSTOMER,
        point=history.shown.till.collection_point,
        valid_until=until,
        evidence={
            "sale": str(first_sale_of(comer.point_id)),
            "place": str(history.shown.till.place_id),
        },
    )


def _only_bought(history: History, comer: Comer, at: datetime) -> None:
    """A customer without a yes; one in four asked for the newsletter and never confirmed."""
    asked = comer.joined + timedelta(days=2, hours=history.dice.randint(1, 20))
    if history.dice.random() > 0.25 or asked > at - timedelta(days=9):
        return
    ids, shown = (comer.person_id, comer.point_id), history.shown.news_form["nl"]
    ends = asked + duration("confirmation-term", asked.date())
    history.add(ids, NEWS, Given.REQUESTED, Method.WEB_FORM, asked, point=shown)
    history.add(ids, NEWS, Given.EXPIRED, Method.SYSTEM, ends, actor=ActorKind.SYSTEM)
