"""Questions and requests for a quote: kept as they were typed, answered as service, then gone.

They rest on the activity `questions` of the register, never on a consent; an answer carries no
promotion (INV-26).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import formataddr
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from akkoord.consent.expire import leave_to_be_judged
from akkoord.consent.models import CollectionPoint, Enquiry, SealedQuestion
from akkoord.consent.sealed_questions import is_special, same_words, seal_words
from akkoord.consent.typed_values import typed_at
from akkoord.datamap.holds import held_people, is_activity_held
from akkoord.datamap.identifiers import plain_name
from akkoord.delivery.outbox import enqueue_mail
from akkoord.law.form_rules import promotion_in
from akkoord.law.message_kinds import MessageKind
from akkoord.law.terms import law_day
from akkoord.people.models import ContactPoint
from akkoord.register.queries import organisation
from akkoord.register.term_queries import past_before
from akkoord.trail.actions import Actor, record_change

if TYPE_CHECKING:
    from akkoord.consent.sign_up import SignUpFacts

LONGEST = 4000
SAME_WITHIN = timedelta(hours=24)
OPEN_TERM = timedelta(days=730)  # never answered: nobody waits for it any more


class AnswerRefused(Exception):
    """An answer that cannot be sent; `sentence` says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def keep_enquiry(
    point: ContactPoint,
    facts: "SignUpFacts",
    shown: CollectionPoint,
    *,
    network: str,
    at: datetime,
) -> Enquiry | None:
    """Keep the question of a form that asks one, and tell the organisation that it is there.

    The same words from the same address within a day are one question. The caller holds the lock
    of the contact point.
    """
    text = facts.message.strip()[:LONGEST]
    if not shown.snapshot.get("message") or not text:
        return None
    is_apart = is_special(text)
    if (again := _asked_lately(point, text, is_apart=is_apart, at=at)) is not None:
        return again
    enquiry = Enquiry.objects.create(
        person=point.person,
        contact_point=point,
        collection_point=shown,
        given_name=plain_name(facts.given_name)[:120],
        family_name=plain_name(facts.family_name)[:160],
        typed=typed_at(shown, facts.typed),
        text="" if is_apart else text,
        language=shown.language,
        ip_truncated=network,
        received_at=at,
    )
    if is_apart:
        seal_words(enquiry, text, at=at)
    if point.person.judge_by is not None:  # while the question stands, the person is not judged
        point.person.judge_by = None
        point.person.save(update_fields=["judge_by"])
    _tell_organisation(enquiry, at=at)
    return enquiry


def _asked_lately(
    point: ContactPoint, text: str, *, is_apart: bool, at: datetime
) -> Enquiry | None:
    """The question with the very same words of the last day."""
    lately = Enquiry.objects.filter(contact_point=point, received_at__gt=at - SAME_WITHIN)
    if not is_apart:
        return lately.filter(text=text).first()
    found = same_words(
        SealedQuestion.objects.filter(enquiry__in=lately).select_related("enquiry"), text
    )
    return found.enquiry if found else None


def _tell_organisation(enquiry: Enquiry, *, at: datetime) -> None:
    """A line to the organisation's own mailbox; what was asked stays in Akkoord."""
    house = organisation()
    if house is None:
        return
    with translation.override("nl"):
        link = settings.BASE_URL + reverse("consent:enquiry", args=[enquiry.id])
        enqueue_mail(
            kind=MessageKind.STAFF,
            recipient=house.contact_email,
            subject=_("A question came in by your form"),
            text=_("Read it and answer it in Akkoord:") + f"\n\n{link}\n",
            headers={"From": formataddr((house.sender_name, house.sender_email))},
            at=at,
        )


@transaction.atomic
def answer_enquiry(*, enquiry_id: UUID, text: str, at: datetime, actor: Actor) -> Enquiry:
    """Mail the answer, as service and once; the question counts as answered.

    Words that are kept apart are not quoted: no second copy of them stands in a mail.
    Refuses an empty answer, promotion in it (INV-26), and a second answer by this way.
    """
    enquiry = _locked(enquiry_id)
    if not text.strip():
        raise AnswerRefused(_("Write your answer first."))
    if words := promotion_in(text):
        raise AnswerRefused(
            _(
                "“%(words)s” is promotion. An answer may not carry any (art. 11.7 "
                "Telecommunicatiewet). Leave it out, or ask the person to sign up at your form."
            )
            % {"words": words}
        )
    if enquiry.answered_at is not None:
        raise AnswerRefused(_("This question was answered already."))
    house = organisation()
    headers = {}
    if house is not None:
        headers = {
            "From": formataddr((house.sender_name, house.sender_email)),
            "Reply-To": house.contact_email,
        }
    with translation.override(enquiry.language):
        subject = _("Answer to your question")
        asked = _("You asked:")
    quoted = "\n".join(f"> {line}" for line in enquiry.text.splitlines())
    below = f"\n\n{asked}\n{quoted}\n" if quoted else "\n"
    enqueue_mail(
        kind=MessageKind.SERVICE,
        recipient=enquiry.contact_point.value,
        subject=subject,
        text=f"{text.strip()}{below}",
        subject_id=enquiry.person_id,
        evidence=enquiry.id,  # the person's own question carries the answer
        headers=headers,
        at=at,
    )
    return _close(enquiry, at=at, actor=actor)


@transaction.atomic
def close_enquiry(*, enquiry_id: UUID, at: datetime, actor: Actor) -> Enquiry:
    """The question was answered in another way, by telephone for one. Twice is once."""
    enquiry = _locked(enquiry_id)
    return enquiry if enquiry.answered_at else _close(enquiry, at=at, actor=actor)


def _locked(enquiry_id: UUID) -> Enquiry:
    return (
        Enquiry.objects.select_for_update(of=("self",))
        .select_related("contact_point")
        .get(id=enquiry_id)
    )


def _close(enquiry: Enquiry, *, at: datetime, actor: Actor) -> Enquiry:
    enquiry.answered_at, enquiry.answered_by = at, actor.id
    enquiry.save(update_fields=["answered_at", "answered_by"])
    record_change(
        actor=actor,
        action="enquiry.answer",
        object_kind="person",
        object_id=enquiry.person_id,
        subject_id=enquiry.person_id,
        at=at,
    )
    return enquiry


def forget_old_enquiries(*, at: datetime, limit: int = 500) -> int:
    """Questions past their term go, and whoever came by them alone is judged; how many went. While
    questions are held for a legal claim: none."""
    if is_activity_held("questions"):
        return 0
    today = law_day(at)
    term = today - past_before("questions", today)  # by the rule of the register
    old = Enquiry.objects.filter(answered_at__lte=at - term) | Enquiry.objects.filter(
        received_at__lte=at - OPEN_TERM
    )
    old = old.exclude(person_id__in=held_people())
    with transaction.atomic():
        due = list(old.select_for_update(skip_locked=True).values_list("id", "person_id")[:limit])
        Enquiry.objects.filter(id__in=[each for each, _person in due]).delete()
        for person_id in {person for _each, person in due}:
            leave_to_be_judged(person_id, at=at)
    return len(due)


@dataclass(frozen=True, slots=True)
class EnquiryPage:
    """Questions, the open ones first, and the key to go on from."""

    rows: Sequence[Enquiry]
    open_count: int


def enquiries(*, only_open: bool, limit: int = 100) -> EnquiryPage:
    """The newest questions, with how many wait. Three queries at most."""
    found = Enquiry.objects.select_related("contact_point", "collection_point__form", "sealed")
    if only_open:
        found = found.filter(answered_at=None)
    return EnquiryPage(
        rows=list(found.order_by("-received_at", "id")[:limit]),
        open_count=Enquiry.objects.filter(answered_at=None).count(),
    )
