"""Mail that says stop: to the address in List-Unsubscribe, or as an answer (art. 7(3), 21(2)).

Nobody is asked who they are (INV-34): the tag or the sender's address is enough, for stopping can
harm nobody. The mail itself is not kept. What a machine cannot be sure of waits for staff.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from akkoord.consent.models import IncomingMail, TrialAddress
from akkoord.consent.refusals import ConsentRefused
from akkoord.consent.returned import SOFT_LIMIT, SOFT_WITHIN
from akkoord.consent.tokens import RETURN_LOCAL, read_trial, read_withdrawal_tag
from akkoord.consent.trial import refuse_trial
from akkoord.consent.withdraw import withdraw
from akkoord.datamap.holds import held_people
from akkoord.datamap.identifiers import BadIdentifier, normalise_email
from akkoord.delivery.bounce_words import BounceKind
from akkoord.delivery.bounces import Bounce, read_bounce
from akkoord.delivery.incoming import Incoming, read_mail
from akkoord.law.reply_rules import Reply, judge_reply, own_words
from akkoord.law.states import Channel, Method
from akkoord.people.actions import mark_undeliverable
from akkoord.people.models import ContactPoint
from akkoord.register.models import Purpose
from akkoord.trail.actions import Actor, record_change

LOCAL = "uitschrijven"  # the local part of the unsubscribe address
KEEP = timedelta(days=90)  # a digest, so that the same mail is not counted twice
LONGEST_WORDS = 4_000
RETURNS = frozenset({BounceKind.HARD, BounceKind.SOFT, BounceKind.BLOCK, BounceKind.COMPLAINT})


@dataclass(frozen=True, slots=True)
class Received:
    """What came of a mail. `stopped`: how many permissions ended with it."""

    outcome: str
    stopped: int = 0
    is_double: bool = False


@dataclass(frozen=True, slots=True)
class _Finding:
    outcome: str
    point: ContactPoint | None = None
    purpose_id: UUID | None = None
    method: Method = Method.REPLY
    returned: Bounce | None = None
    trial: str = ""  # the tag of a test letter


def receive_mail(
    raw: bytes, *, at: datetime, recipients: Sequence[str] = (), is_only_copy: bool = True
) -> Received:
    """Read one mail and do what it asks; the same mail a second time changes nothing.

    `recipients`: whom the mail server delivered to, beside the headers. `is_only_copy`: nobody
    else has this mail, so that one about something else is kept for staff to read as well.
    """
    mail = read_mail(raw, recipients=tuple(recipients))
    found = _find(mail, read_bounce(raw), is_only_copy=is_only_copy)
    try:
        with transaction.atomic():
            stopped = _stop(found, at=at)
            _keep(mail, found, at=at)
            _note_return(found, at=at)
    except IntegrityError:  # it came in before
        known = IncomingMail.objects.get(digest=mail.digest)
        return Received(known.outcome, is_double=True)
    return Received(found.outcome, stopped)


def _find(mail: Incoming, returned: Bounce, *, is_only_copy: bool) -> _Finding:
    """Who is meant, and what is asked."""
    if not returned.way_out and (verp := mail.tags(RETURN_LOCAL)):
        # Our own return address says which letter came back, whatever the report forgot.
        returned = replace(returned, way_out=f"{RETURN_LOCAL}+{verp[0]}@")
    tags = mail.tags(LOCAL)
    if (signed := _by_tags(tags)) is not None:
        return signed
    point = _sender_point(mail.sender)
    if tags:  # the right address with a tag that was cut off, or none: the sender says who
        outcome = IncomingMail.STOPPED if point else IncomingMail.TO_READ
        return _Finding(outcome, point, method=Method.MAILTO)
    reply = judge_reply(subject=mail.subject, text=mail.text, headers=mail.headers)
    if returned.kind in RETURNS and reply is not Reply.STOP:  # a stop in whatever words comes first
        ours = _by_return(returned)
        if ours is not None or point is None:  # somebody we know may write of a full mailbox
            return ours or _Finding(IncomingMail.AUTOMATIC)
    if reply is Reply.AUTOMATIC:
        return _Finding(IncomingMail.AUTOMATIC)
    if reply is Reply.STOP and point is not None:
        return _Finding(IncomingMail.STOPPED, point)
    if reply is Reply.OTHER and not is_only_copy:
        return _Finding(IncomingMail.OTHER)
    return _Finding(IncomingMail.TO_READ, point)


def _by_tags(tags: Sequence[str]) -> _Finding | None:
    """What the first signed tag says; None: there is none."""
    for tag in tags:
        if (place := read_withdrawal_tag(tag)) is not None:
            return _by_tag(*place)
        if (trial := read_trial(tag)) is not None:
            return _by_trial(trial, tag)
    return None


def _by_tag(point_id: UUID, tail: bytes) -> _Finding:
    """A tag is a key of its own: it says which address and which topic, whoever wrote."""
    point = ContactPoint.objects.filter(id=point_id).first()
    if point is None:
        return _Finding(IncomingMail.GONE)  # erased: nothing is sent there any more
    purposes = Purpose.objects.values_list("id", flat=True)
    purpose = next((each for each in purposes if each.bytes.endswith(tail)), None)
    return _Finding(IncomingMail.STOPPED, point, purpose, Method.MAILTO)


def _by_trial(trial_id: UUID, tag: str) -> _Finding:
    """The tag of a test to an own address: it ends the tests there, whoever wrote."""
    is_there = TrialAddress.objects.filter(id=trial_id).exists()
    return _Finding(IncomingMail.STOPPED if is_there else IncomingMail.GONE, trial=tag)


def _by_return(returned: Bounce) -> _Finding | None:
    """A letter of ours that came back, known by the signed tag in it: nobody can report another's.
    None: it holds none.

    A complaint is a no to the topic of that letter. A refusal of us says nothing of the address.
    """
    _, _, tag = returned.way_out.partition("@")[0].partition("+")
    if returned.kind is BounceKind.COMPLAINT and (trial := read_trial(tag)) is not None:
        return _by_trial(trial, tag)
    place = read_withdrawal_tag(tag) if tag else None
    if place is None:
        return None
    found = _by_tag(*place)
    if found.point is None or returned.kind is BounceKind.COMPLAINT:
        known = Purpose.objects.filter(is_topic=False).values_list("id", flat=True)
        if found.purpose_id in set(known):
            # A no to advertising stops no message about a purchase (INV-4).
            return _Finding(IncomingMail.AUTOMATIC)
        return replace(found, method=Method.COMPLAINT)
    if returned.kind is BounceKind.BLOCK:
        return _Finding(IncomingMail.AUTOMATIC)
    return _Finding(IncomingMail.RETURNED, found.point, returned=returned)


def _note_return(found: _Finding, *, at: datetime) -> None:
    """Mark an address that is no more, or whose letters keep coming back."""
    if found.returned is None or found.point is None:
        return
    why = found.returned.status or "returned"
    if found.returned.kind is BounceKind.SOFT:
        lately = IncomingMail.objects.filter(
            contact_point=found.point,
            outcome=IncomingMail.RETURNED,
            received_at__gt=at - SOFT_WITHIN,
        )
        if lately.count() < SOFT_LIMIT:
            return
    mark_undeliverable(point_ids=[found.point.id], why=why, at=at)


def _sender_point(sender: str) -> ContactPoint | None:
    try:
        normalised = normalise_email(sender)
    except BadIdentifier:
        return None
    return ContactPoint.objects.filter(
        normalised=normalised, channel=Channel.EMAIL, ended_at=None
    ).first()


def _stop(found: _Finding, *, at: datetime) -> int:
    if found.trial:
        return int(refuse_trial(found.trial, at=at))
    if found.outcome != IncomingMail.STOPPED or found.point is None:
        return 0
    try:
        return withdraw(
            point_id=found.point.id,
            purpose_id=found.purpose_id,
            method=found.method,
            actor=Actor.person(),
            at=at,
        )
    except ConsentRefused:  # erased at this very moment
        return 0


def _keep(mail: Incoming, found: _Finding, *, at: datetime) -> None:
    """That it came in; and of what staff must read, the writer's own words."""
    is_task = found.outcome == IncomingMail.TO_READ
    IncomingMail.objects.create(
        digest=mail.digest,
        outcome=found.outcome,
        received_at=at,
        contact_point=found.point if is_task or found.returned else None,
        sender=_plain(mail.sender)[:320] if is_task else "",
        subject=_plain(mail.subject)[:300] if is_task else "",
        words=_plain(own_words(mail.text) or mail.text)[:LONGEST_WORDS] if is_task else "",
    )


def _plain(text: str) -> str:
    """Text that PostgreSQL takes."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def mails_to_read() -> list[IncomingMail]:
    """Mails that wait for a person, the oldest first."""
    return list(
        IncomingMail.objects.filter(outcome=IncomingMail.TO_READ, handled_at=None)
        .select_related("contact_point__person")
        .order_by("received_at")[:100]
    )


def count_to_read() -> int:
    """How many wait (index consent_mail_to_read)."""
    return IncomingMail.objects.filter(outcome=IncomingMail.TO_READ, handled_at=None).count()


@transaction.atomic
def handle_mail(*, mail_id: UUID, stop: bool, actor: Actor, at: datetime) -> int:
    """Staff read it: it asked to stop, or it was about something else; its words go.

    Answers how many permissions ended. A second time changes nothing.
    """
    mail = (
        IncomingMail.objects.select_for_update(of=("self",))
        .select_related("contact_point")
        .filter(id=mail_id, outcome=IncomingMail.TO_READ, handled_at=None)
        .first()
    )
    if mail is None:
        return 0
    stopped = 0
    if stop and mail.contact_point is not None:
        stopped = withdraw(
            point_id=mail.contact_point.id,
            method=Method.REPLY,
            actor=actor,
            at=at,
            happened_at=mail.received_at,
        )
    mail.sender = mail.subject = mail.words = ""
    mail.handled_at, mail.handled_by, mail.contact_point = at, actor.id, None
    mail.save()
    record_change(
        actor=actor, action="mail.handle", object_kind="incoming-mail", object_id=mail.id, at=at
    )
    return stopped


def forget_received(*, at: datetime) -> int:
    """Digests that no double can come of any more; how many went. What waits for staff stays, and
    so does that somebody's mail came back who is held for a legal claim."""
    done = IncomingMail.objects.filter(received_at__lte=at - KEEP).exclude(
        outcome=IncomingMail.TO_READ, handled_at=None
    )
    return done.exclude(contact_point__person_id__in=held_people()).delete()[0]
