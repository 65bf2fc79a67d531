"""Letters by post for whom no mail reaches: the same words on paper, and who gets them.

Who has no postal address either is only told by a public notice (art. 34(3)(c)).
"""

import csv
import io
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from akkoord.breaches.actions import BreachRefused
from akkoord.breaches.letter_facts import letter_of, paragraphs_of
from akkoord.breaches.letter_words import HEADS, SUBJECT
from akkoord.breaches.letters import _refuse_unfit
from akkoord.breaches.log import note
from akkoord.breaches.models import Affected, Breach, BreachNotice
from akkoord.breaches.told import uncertain, untold
from akkoord.datamap.disclosing import write_down
from akkoord.datamap.ids import uuid7
from akkoord.law.terms import law_day
from akkoord.messages.letter_actions import Printer
from akkoord.people.models import ContactPoint, Person, PostalAddress
from akkoord.register.leak_activity import leak_purpose
from akkoord.register.models import Organisation
from akkoord.register.processors import enter_print_house
from akkoord.register.queries import organisation
from akkoord.register.refused import RegisterRefused
from akkoord.trail.actions import Actor
from akkoord.trail.seen import note_seen
from akkoord.web.documents import typeset_apart
from akkoord.web.sheets import safe_cell

AT_ONCE = 100  # letters in one file
PLACE = "breach.post"
OURSELVES = Printer()
_ON_ENVELOPES = {"given_name", "family_name", "address"}
_SOURCE = Path(__file__).with_name("print") / "letters.typ"
_ACCENT = "#1f5f4a"


@dataclass(frozen=True, slots=True)
class PostFigures:
    """How many must be written to on paper, and of how many nobody knows where they live."""

    with_address: int
    without_address: int
    uncertain: int  # nobody knows whether their mail arrived


def for_paper(breach: Breach) -> QuerySet[Affected]:
    """The untold to whom no living mail address leads, and for whom staff chose post; by key."""
    mail = ContactPoint.objects.filter(
        person_id=OuterRef("person_id"), channel="email", ended_at=None, undeliverable_at=None
    )
    unreached = untold(breach).filter(~Exists(mail)).values("id")
    chosen = Q(id__in=unreached) | Q(is_for_post=True)
    return breach.affected.filter(chosen, told_by="").order_by("id")


def with_address(breach: Breach) -> QuerySet[Affected]:
    """Those of them who have a postal address."""
    address = PostalAddress.objects.filter(person_id=OuterRef("person_id"), ended_at=None)
    return for_paper(breach).filter(Exists(address))


def post_figures(breach: Breach) -> PostFigures:
    """The numbers; a statement each, and one per read of the runs."""
    there = with_address(breach).count()
    return PostFigures(there, for_paper(breach).count() - there, uncertain(breach).count())


@dataclass(frozen=True, slots=True)
class PrintRun:
    """The file of letters that was made last and of which nobody said that it was posted."""

    id: UUID
    made_at: datetime
    letters: int


def last_file(breach: Breach) -> PrintRun | None:
    """That file, or None; two statements."""
    stamped = breach.affected.filter(told_by="", print_run__isnull=False)
    last = stamped.order_by("-printed_at").first()
    if last is None or last.print_run is None or last.printed_at is None:
        return None
    letters = stamped.filter(print_run=last.print_run).count()
    return PrintRun(last.print_run, last.printed_at, letters)


@dataclass(frozen=True, slots=True)
class _Reader:
    row_id: UUID
    person: Person
    address: PostalAddress

    @property
    def lines(self) -> list[str]:
        """The name and address as they stand on the envelope."""
        where = self.address
        name = f"{self.person.given_name} {self.person.family_name}".strip()
        town = f"{where.postcode}  {where.city}".strip()
        country = "" if where.country == "NL" else where.country
        street = f"{where.street} {where.house_number}".strip()
        return [each for each in (name, street, town, country) if each]


def _readers(breach: Breach, limit: int) -> list[_Reader]:
    """The first of those who were not told yet, with where they live; three or four statements.

    While a file waits to be posted: those who stand in it, so that letters and addresses match.
    """
    there = with_address(breach).values_list("person_id", "id")
    rows = dict(there.filter(print_run__isnull=False)[:limit]) or dict(there[:limit])
    people = Person.objects.in_bulk(list(rows))
    newest = PostalAddress.objects.filter(person_id__in=rows, ended_at=None).order_by("id")
    where = {each.person_id: each for each in newest}
    return [
        _Reader(row_id, people[each], where[each])
        for each, row_id in rows.items()
        if each in people and each in where
    ]


def _stamp(breach: Breach, readers: list[_Reader], at: datetime) -> None:
    """Who stands in this file, and in no other: only they are told when it was posted."""
    stamped = breach.affected.filter(told_by="", print_run__isnull=False)
    before = dict(stamped.values_list("id", "print_run"))
    ids = {each.row_id for each in readers}
    is_same = set(before) == ids and len(set(before.values())) == 1
    run = next(iter(before.values())) if is_same else uuid7()
    stamped.exclude(id__in=ids).update(print_run=None, printed_at=None)
    breach.affected.filter(id__in=ids).update(print_run=run, printed_at=at)


@transaction.atomic
def post_file(
    *, breach_id: UUID, kind: str, at: datetime, actor: Actor, printer: Printer = OURSELVES
) -> bytes:
    """A hundred letters as PDF, or their addresses as CSV. Who took them stands in the trail.

    Refuses as sending does: a drill makes none. A company that prints them needs a contract first,
    and stands in the register then (INV-42), and with each of the people: it hears when one of them
    is forgotten or corrected (art. 19, INV-37).
    """
    breach = Breach.objects.select_for_update().get(id=breach_id)
    _refuse_unfit(breach)
    readers = _readers(breach, AT_ONCE)
    if not readers:
        raise BreachRefused("", _("Nobody is left who gets a letter by post."))
    people = [each.person.id for each in readers]
    if printer.name.strip():
        house = _enter_printer(printer, at=at, actor=actor)
        write_down(person_ids=people, recipient_id=house, how="file", at=at, fields=_ON_ENVELOPES)
    _stamp(breach, readers, at)
    note(breach, "post-read", at=at, actor=actor)
    note_seen(actor=actor, place=PLACE, people=people, at=at)
    return _csv(readers) if kind == "csv" else _pdf(breach, readers, at)


def _enter_printer(printer: Printer, *, at: datetime, actor: Actor) -> UUID:
    """Who prints letters about leaks receives names and addresses: the register says so; its id."""
    purpose = leak_purpose(at=at, actor=actor)
    try:
        house = enter_print_house(
            name=printer.name,
            activity_key=purpose.activity_key,
            has_contract=printer.has_contract,
            at=at,
            actor=actor,
        )
    except RegisterRefused as refusal:
        raise BreachRefused(refusal.field, refusal.sentence) from None
    return house.id


def _csv(readers: list[_Reader]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(["naam", "straat", "postcode", "plaats", "land"])
    for each in readers:
        where = each.address
        name = f"{each.person.given_name} {each.person.family_name}".strip()
        street = f"{where.street} {where.house_number}".strip()
        row = (name, street, where.postcode, where.city, where.country)
        writer.writerow([safe_cell(cell) for cell in row])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _pdf(breach: Breach, readers: list[_Reader], at: datetime) -> bytes:
    house = organisation() or Organisation()
    letters = [_letter(breach, each, at) for each in readers]
    return typeset_apart(
        _SOURCE,
        {
            "title": breach.reference,
            "controller": house.name,
            "sender": [each for each in house.address.split("\n") if each],
            "contact": house.contact_email,
            "accent": house.accent or _ACCENT,
            "letters": letters,
        },
    )


def _letter(breach: Breach, reader: _Reader, at: datetime) -> dict[str, Any]:
    has_english = reader.person.language == "en" and bool(breach.letter.get("en"))
    language = "en" if has_english else "nl"
    letter, heads = letter_of(breach, language), HEADS[language]
    name = reader.person.given_name or ("customer" if language == "en" else "klant")
    with translation.override(language):
        day = date_format(law_day(at), "j F Y")
    return {
        "language": language,
        "address": reader.lines,
        "date": day,
        "reference": breach.reference,
        "subject": letter[SUBJECT],
        "dear": f"{heads['dear'].split(' ')[0]} {name},",
        "bye": heads["bye"],
        "parts": [list(each) for each in paragraphs_of(letter, language)],
    }


@transaction.atomic
def hand_to_post(*, breach_id: UUID, run: str, at: datetime, actor: Actor) -> int:
    """The letters of this file were posted: who stands in it is told, and nobody else. How many.

    Refuses as sending does, without a file, and when another file was made since.
    """
    breach = Breach.objects.select_for_update().get(id=breach_id)
    _refuse_unfit(breach)
    waiting = last_file(breach)
    if waiting is None:
        raise BreachRefused("", _("Make the file first, and print it."))
    if run != str(waiting.id):
        raise BreachRefused("", _("Look below which file waits. Say then that it was posted."))
    rows = breach.affected.filter(print_run=run, told_by="")
    count = rows.update(told_by=Affected.Told.POST, told_at=at)
    if count:
        letter = letter_of(breach, "nl")
        BreachNotice.objects.create(
            breach=breach,
            kind=BreachNotice.Kind.POST,
            at=at,
            by=actor.id,
            due_at=breach.due_at,
            sent_to=count,
            language="nl",
            content=[
                [letter[SUBJECT], "\n\n".join(text for _head, text in paragraphs_of(letter, "nl"))]
            ],
        )
        note(breach, "post-handed", at=at, actor=actor)
    return count


@transaction.atomic
def choose_post(*, breach_id: UUID, at: datetime, actor: Actor) -> int:
    """Whose mail may not have arrived gets a letter on paper too. How many. Refuses as sending."""
    breach = Breach.objects.select_for_update().get(id=breach_id)
    _refuse_unfit(breach)
    count = uncertain(breach).update(is_for_post=True)
    if count:
        note(breach, "post-choose", at=at, actor=actor)
    return count
