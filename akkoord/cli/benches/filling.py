"""Made-up people by the hundred thousand, for the benchmarks' own database only."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from akkoord.accounts.actions import create_staff
from akkoord.accounts.models import Role, Staff
from akkoord.consent.bulk import STAGED_COLUMNS, append_staged_events, create_staging
from akkoord.consent.models import Notice
from akkoord.consent.notices import keep_notice
from akkoord.register.actions import (
    OrganisationFacts,
    TopicWords,
    create_topic,
    set_up_organisation,
)
from akkoord.register.models import Purpose
from akkoord.register.own_fields import admit_field
from akkoord.register.queries import current_versions, organisation, topic_by_slug
from akkoord.trail.actions import Actor

STEP = 100_000
TOPIC = "nieuwsbrief"
CITIES = (
    *("Utrecht", "Amersfoort", "Zeist", "Soest", "Baarn", "Hilversum", "Apeldoorn", "Zwolle"),
    *("Leusden", "Nijkerk", "Ede", "Arnhem", "Nijmegen", "Deventer", "Almere", "Gouda"),
    *("Leiden", "Delft", "Breda", "Tilburg"),
)
GROUPS = ("E-bike", "Stadsfiets", "Racefiets", "Kinderfiets", "Onderdelen", "Onderhoudsbeurt")
TOPIC_FIELDS = ("city", "product_group", "last_purchase")


@dataclass(frozen=True, slots=True)
class Ground:
    """What a benchmark stands on."""

    topic: Purpose
    owner: Staff
    notice: Notice

    @property
    def actor(self) -> Actor:
        """The owner, who does everything here."""
        return Actor.staff(self.owner.pk)


def lay_ground(*, at: datetime) -> Ground:
    """An organisation with one topic that may use a few fields; made once."""
    house = organisation()
    if house is not None and (topic := topic_by_slug(TOPIC)) is not None:
        owner = Staff.objects.get(role=Role.OWNER)
        return Ground(topic, owner, keep_notice(kind="form", language="nl", text="Ja.", at=at))
    owner = create_staff(
        email="bench@example.nl",
        name="Bench",
        password="bench-" + "x" * 20,
        role=Role.OWNER,
        at=at,
    )
    actor = Actor.staff(owner.pk)
    facts = OrganisationFacts(
        name="Bench", address="Voorbeeldstraat 1, Utrecht", contact_email="bench@example.nl"
    )
    set_up_organisation(facts=facts, at=at, actor=actor)
    words = TopicWords("Nieuwsbrief", "Newsletter", "Nieuws, per e-mail.", "News, by e-mail.")
    topic = create_topic(slug=TOPIC, words=words, at=at, actor=actor)
    for field in TOPIC_FIELDS:
        admit_field(
            activity_key=topic.activity_key,
            field_key=field,
            why_nl="Om te kiezen wie het aangaat.",
            why_en="To choose whom it concerns.",
            at=at,
            actor=actor,
        )
    return Ground(topic, owner, keep_notice(kind="form", language="nl", text="Ja.", at=at))


_PEOPLE = """
CREATE TEMP TABLE made_up ON COMMIT DROP AS
SELECT n, akkoord_uuid7_at(%(ms)s + n / 16384, n) AS person,
       akkoord_uuid7_at(%(ms)s + n / 16384, n) AS point
  FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n;
INSERT INTO people_person (id, given_name, family_name, language, customer_number, source,
                           created_at, updated_at)
SELECT person, 'Voornaam' || n %% 997, 'Achternaam' || n %% 9973, 'nl', '', 'import', %(at)s, %(at)s
  FROM made_up;
INSERT INTO people_contactpoint (id, person_id, channel, value, normalised, keyed_hash,
    undeliverable_why, source, is_legal_person, created_at)
SELECT point, person, 'email', 'mens' || n || '@example.nl', 'mens' || n || '@example.nl',
       sha256(int8send(n)), '', 'import', false, %(at)s FROM made_up;
INSERT INTO people_postaladdress (id, person_id, street, house_number, postcode, city, country,
                                  created_at)
SELECT gen_random_uuid(), person, 'Straat', (n %% 200)::text,
       (1000 + n / 25 %% 9000) || ' A' || chr((65 + n / 225000 %% 26)::int),  -- some 25 doors each
       (%(cities)s::text[])[1 + n / 3 %% 20], 'NL', %(at)s FROM made_up;
INSERT INTO people_purchase (id, person_id, contact_point_id, number, bought_on, amount, currency,
                             product_group, source, created_at)
SELECT gen_random_uuid(), person, point, 'B' || n, %(day)s::date - (n * 7 %% 900)::int, 100, 'EUR',
       (%(groups)s::text[])[1 + n / 60 %% 6], 'till', %(at)s FROM made_up WHERE n %% 2 = 0;
"""
_EVENTS = """
INSERT INTO staged_permission_event ({columns})
SELECT akkoord_uuid7_at(%(ms)s + %(later)s + n / 16384, n), person, point, %(version)s, 'email',
       'consent', %(state)s, %(when)s, %(when)s, NULL, 'person', NULL, %(method)s, NULL,
       CASE WHEN %(state)s = 'confirmed' THEN %(notice)s::uuid END, false, '{{"row": 1}}'
  FROM made_up WHERE {some}
"""


def fill(ground: Ground, *, first: int, last: int, at: datetime) -> None:
    """People `first` to `last`: an address and a town each, half of them with a sale.

    Nine in ten asked and confirmed, one in twenty of all stopped later; so two or three events
    each. Whole steps, each one transaction; the ledger's triggers do their work.
    """
    for begin in range(first, last + 1, STEP):
        _fill_step(ground, begin, min(begin + STEP - 1, last), at=at)


def analyse() -> None:
    """What the server's own housekeeping does sooner or later."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


@transaction.atomic
def _fill_step(ground: Ground, first: int, last: int, *, at: datetime) -> None:
    version: UUID = current_versions([ground.topic])[0].id
    before = at - timedelta(days=400)
    values: dict[str, Any] = {
        "ms": int(before.timestamp() * 1000),
        "first": first,
        "last": last,
        "at": before,
        "day": at.date(),
        "cities": list(CITIES),
        "groups": list(GROUPS),
        "version": version,
        "notice": ground.notice.id,
    }
    events = _EVENTS.replace("{columns}", ", ".join(STAGED_COLUMNS)).replace("{{", "{")
    events = events.replace("}}", "}")
    with connection.cursor() as cursor:
        for statement in _PEOPLE.split(";\n"):
            if statement.strip():
                cursor.execute(statement, values)
        create_staging(cursor)
        for later, state, method, some in (
            (0, "requested", "web-form", "n % 10 <> 0"),
            (3_600_000, "confirmed", "confirmation", "n % 10 <> 0"),
            (86_400_000, "withdrawn", "one-click", "n % 20 = 1"),
        ):
            when = before + timedelta(milliseconds=later)
            step = values | {"later": later, "state": state, "method": method, "when": when}
            cursor.execute(events.replace("{some}", some.replace("%", "%%")), step)
        append_staged_events(cursor)
        cursor.execute("DROP TABLE made_up, staged_permission_event")
