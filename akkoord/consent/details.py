"""Once a year: are your details still right? Whom to ask, asking, and what they answer.

Kept accurate and up to date is a duty (art. 5(1)(d)), so it is no advertising and rests on no yes;
it sells nothing either (INV-26). Nobody is asked whose record is frozen (INV-38), who objected and
is no customer, who stands "to be judged", or of whom only the proof of a no is left.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from akkoord.consent.change import end_point
from akkoord.consent.details_models import DetailsQuestion, DetailsSetting
from akkoord.consent.mails import send_details_question
from akkoord.consent.models import SignUp, Standing, Suppression
from akkoord.consent.suppression import suppress
from akkoord.datamap.holds import held_people, is_activity_held
from akkoord.law.parameters import parameter
from akkoord.law.promotion_rules import promotions_in
from akkoord.law.states import Channel, PermissionState
from akkoord.law.terms import add_months, law_day
from akkoord.people.models import Agreement, ContactPoint, Person, Purchase, Relation
from akkoord.people.queries import more_than_proof
from akkoord.register.details_activity import DETAILS, ensure_details_activity, is_entered
from akkoord.register.mail_servers import without_contract
from akkoord.trail.actions import Actor, record_change

NIGHTS = 330  # over so many nights a year's questions are spread, with room for nights that failed
Answer = DetailsQuestion.Answer


class DetailsRefused(Exception):
    """A setting that cannot be; `field` names where, `sentence` says why."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field, self.sentence = field, sentence


def setting() -> DetailsSetting | None:
    """How it is set; None: never was."""
    return DetailsSetting.objects.filter(id=1).first()


@transaction.atomic
def set_details(*, is_on: bool, words_nl: str, words_en: str, at: datetime, actor: Actor) -> None:
    """Ask people once a year, or no more; with a sentence of one's own.

    Enters the activity in the register. Refuses (DetailsRefused) a sentence that sells (INV-26).
    """
    for field, words in (("words_nl", words_nl), ("words_en", words_en)):
        if found := promotions_in(words, on=law_day(at)):
            raise DetailsRefused(
                field,
                _(
                    "This sells: “{words}”. In a mail that the law asks for there is no "
                    "advertising. Send a newsletter for that (art. 11.7 Tw)."
                ).format(words=found[0].words),
            )
    DetailsSetting.objects.update_or_create(
        id=1,
        defaults={
            "is_on": is_on,
            "words_nl": words_nl.strip(),
            "words_en": words_en.strip(),
            "changed_at": at,
            "changed_by": actor.id,
        },
    )
    if is_on:
        ensure_details_activity(at=at, actor=actor)
    record_change(
        actor=actor,
        action="details.on" if is_on else "details.off",
        object_kind="setting",
        at=at,
    )


def askable() -> QuerySet[Person]:
    """Everybody who may be asked: with an address that works, and for whom the law allows it."""
    of_person = {"person": OuterRef("pk")}
    objected = Standing.objects.filter(**of_person, state=PermissionState.OBJECTED)
    listed = Suppression.objects.filter(
        keyed_hash=OuterRef("keyed_hash"),
        channel=Channel.EMAIL,
        scope=Suppression.ALL_MARKETING,
    )
    said_no = ContactPoint.objects.filter(**of_person, ended_at=None).filter(Exists(listed))
    is_customer = (
        Q(Exists(Relation.objects.filter(**of_person, until=None)))
        | Q(Exists(Purchase.objects.filter(**of_person)))
        | Q(Exists(Agreement.objects.filter(**of_person)))
    )
    return Person.objects.filter(
        Exists(working_points().filter(**of_person)),
        more_than_proof(),
        restricted_at=None,
        judge_by=None,
    ).filter(is_customer | ~(Q(Exists(objected)) | Q(Exists(said_no))))


def working_points() -> QuerySet[ContactPoint]:
    """Mailboxes that a question can go to; no new one that did not answer (it may be mistyped)."""
    works = ContactPoint.objects.filter(channel=Channel.EMAIL, ended_at=None, undeliverable_at=None)
    return works.exclude(source=SignUp.ADDRESS_CHANGE, verified_at=None)


def due(*, at: datetime) -> QuerySet[Person]:
    """Who has not been asked, and did not confirm of themselves, for a year; the longest first."""
    since = _year_before(at)
    return (
        askable()
        .filter(~Exists(asked_lately(at)), Q(confirmed_at=None) | Q(confirmed_at__lte=since))
        .filter(created_at__lte=since)
        .order_by("created_at", "id")
    )


def asked_lately(at: datetime) -> QuerySet[DetailsQuestion]:
    """The questions of a year to the person of an outer query."""
    return DetailsQuestion.objects.filter(person=OuterRef("pk"), asked_at__gt=_year_before(at))


def _year_before(at: datetime) -> datetime:
    today = law_day(at)
    return at - (today - add_months(today, -parameter("details-question-interval", today)))


@dataclass(frozen=True, slots=True)
class DetailsPlan:
    """What staff see: how many may be asked, are due, are asked a night, and what came of it."""

    askable: int
    due: int
    a_night: int
    asked: int
    confirmed: int
    corrected: int
    not_me: int


def details_plan(*, at: datetime) -> DetailsPlan:
    """The plan; three statements."""
    total, waiting = askable().count(), due(at=at).count()
    lately = DetailsQuestion.objects.filter(asked_at__gt=_year_before(at))
    counts = dict(lately.values_list("answer").annotate(n=Count("id")).order_by())
    return DetailsPlan(
        askable=total,
        due=waiting,
        a_night=min(waiting, a_night(total)),
        asked=sum(counts.values()),
        confirmed=counts.get(Answer.CONFIRMED, 0),
        corrected=counts.get(Answer.CORRECTED, 0),
        not_me=counts.get(Answer.NOT_ME, 0),
    )


def a_night(total: int) -> int:
    """How many questions leave in a night, so that a year is enough for everybody."""
    return ceil(total / NIGHTS)


def asks() -> bool:
    """Whether the organisation asks: it is on, and the activity stands in the register."""
    chosen = setting()
    return chosen is not None and chosen.is_on and is_entered()


def ask_tonight(*, at: datetime) -> int:
    """Ask tonight's people, each in a transaction of their own; how many.

    Does nothing while it is off, while the activity is not in the register, or while a mail server
    of another company waits for its contract (INV-42).
    """
    if not asks() or without_contract():
        return 0
    tonight = list(due(at=at).values_list("id", flat=True)[: a_night(askable().count())])
    return sum(ask(person_id=each, at=at) for each in tonight)


@transaction.atomic
def ask(*, person_id: UUID, at: datetime) -> bool:
    """Ask one person; whether a mail leaves. Looks again first: a job in flight may be late."""
    point = (
        working_points()
        .select_for_update(no_key=True, of=("self",))
        .filter(person_id=person_id)
        .order_by(F("verified_at").desc(nulls_last=True), "created_at")
        .first()
    )
    if point is None or not due(at=at).filter(id=point.person_id).exists():
        return False
    DetailsQuestion.objects.create(person_id=point.person_id, contact_point=point, asked_at=at)
    chosen = setting()
    words = {"nl": chosen.words_nl, "en": chosen.words_en} if chosen else {}
    send_details_question(point=point, words=words, at=at)
    return True


@transaction.atomic
def confirm_details(*, point: ContactPoint, at: datetime, changed: Sequence[str] = ()) -> None:
    """The person says that what we keep is right, after correcting `changed`.

    A sign of life by lawful means: `Person.confirmed_at` (art. 5(1)(d), (e)).
    """
    Person.objects.filter(id=point.person_id).update(confirmed_at=at)
    answer = Answer.CORRECTED if changed else Answer.CONFIRMED
    _answer(point, answer, changed, at=at)
    record_change(
        actor=Actor.person(),
        action="details.confirm",
        object_kind="person",
        object_id=point.person_id,
        subject_id=point.person_id,
        fields=tuple(changed),
        at=at,
    )


@transaction.atomic
def not_me(*, point: ContactPoint, at: datetime) -> None:
    """The owner of the mailbox is somebody else: it gets nothing any more, and shows nothing.

    The address ends at this record, and stands on the list of what may not be used: whoever reads
    there said no. The record itself comes up for review.
    """
    _answer(point, Answer.NOT_ME, (), at=at)
    end_point(point.id, at=at)
    suppress(
        keyed_hash=bytes(point.keyed_hash),
        channel=point.channel,
        reason="withdrawal",
        at=at,
        actor=Actor.person(),
    )
    record_change(
        actor=Actor.person(),
        action="details.not-me",
        object_kind="person",
        object_id=point.person_id,
        subject_id=point.person_id,
        at=at,
    )


def _answer(
    point: ContactPoint, answer: DetailsQuestion.Answer, changed: Sequence[str], *, at: datetime
) -> None:
    """Note the answer at the last question; without one, as a question that was asked just now."""
    last = DetailsQuestion.objects.filter(person_id=point.person_id).order_by("-asked_at").first()
    if last is None:
        last = DetailsQuestion(person_id=point.person_id, contact_point=point, asked_at=at)
    elif last.answer == Answer.CORRECTED and answer == Answer.CONFIRMED:
        answer = Answer.CORRECTED  # corrected first, then said to be right
    last.answer, last.answered_at = answer, at
    last.changed = sorted({*last.changed, *changed})
    last.save()


def forget_old_questions(*, at: datetime) -> int:
    """What was asked is kept two years (the term of the activity); how many went. Of who is held
    for a legal claim nothing, and while the activity is held none."""
    if is_activity_held(DETAILS):
        return 0
    old = DetailsQuestion.objects.filter(asked_at__lt=at - timedelta(days=730))
    return old.exclude(person_id__in=held_people()).delete()[0]
