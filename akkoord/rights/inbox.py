"""Requests of anybody, without an account: taken the same way for every address, known or not.

The page does the same work for all: one row, one job, and (for a no to marketing) one keyed hash.
Whether we know the address is found out afterwards, and told to its mailbox alone. What was asked
in somebody else's name stays unanswered: without a press in the mailbox it lapses.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from procrastinate.contrib.django import app

from akkoord.consent.actions import ConsentRefused, suppress
from akkoord.consent.challenge import demand_proof, is_under_attack
from akkoord.consent.limits import IN_ALL, IN_ALL_TIME, PER_NETWORK, PER_NETWORK_TIME, Crowd
from akkoord.datamap.identifiers import BadIdentifier, normalise_email
from akkoord.datamap.keys import keyed_hash
from akkoord.law.ip import truncate_ip
from akkoord.law.reasons import Reason
from akkoord.law.request_rules import AT_ONCE
from akkoord.law.states import Channel
from akkoord.people.queries import person_by_email
from akkoord.rights.actions import RequestFacts, do_at_once, open_request
from akkoord.rights.identity import holds_identity_papers, refuse_identity_papers
from akkoord.rights.log import note
from akkoord.rights.models import RequestStep, RightsRequest
from akkoord.rights.parts import finish_parts, open_parts
from akkoord.rights.refusals import OPEN_STATES, RequestRefused
from akkoord.rights.taken_mail import mail_taken
from akkoord.trail.actions import Actor

FORM = UUID("0193a000-0000-7000-8000-000000000012")  # what a proof of work is bound to
MAILS_A_DAY = 3  # to one mailbox, however many ask
DAY = timedelta(days=1)
MAILED = ("link-mailed", "told")  # steps of a request with which a mail left


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody typed at the page, or another system passed on."""

    kinds: tuple[str, ...]
    email: str
    words: str = ""
    language: str = "nl"
    ip: str = ""
    proof: str = ""
    ticket: str = ""


def take_request(
    asked: Asked,
    *,
    at: datetime,
    channel: str = RightsRequest.Channel.WEB,
    received_at: datetime | None = None,
    actor: Actor | None = None,
) -> RightsRequest:
    """Take a request without asking who it is; the answer tells nothing about the address.

    A no to marketing works in this very moment, also for an address that we do not know, and stands
    behind no proof of work and no limit (INV-34); words with a number of identity papers are left
    out of it, and it is taken. Refuses (RequestRefused, ConsentRefused): no kind, no address, such
    numbers with anything but a no, and too many at once.
    """
    if not asked.kinds:
        raise RequestRefused("", "kinds")
    try:
        address = normalise_email(asked.email)
    except BadIdentifier:
        raise ConsentRefused(Reason.BAD_ADDRESS, field="email") from None
    who = actor or Actor.person()
    is_no = bool(set(asked.kinds) & AT_ONCE)
    words = asked.words.strip()
    if is_no and holds_identity_papers(words):
        words = ""  # the number may not be kept; the no may not wait for another try
    refuse_identity_papers(words)
    if "objection" in asked.kinds:
        suppress(
            keyed_hash=keyed_hash(address),
            channel=Channel.EMAIL,
            reason="objection",
            at=at,
            actor=who,
        )
    network = truncate_ip(asked.ip) or ""
    if not (is_no and set(asked.kinds) <= AT_ONCE) and channel == RightsRequest.Channel.WEB:
        _demand_room(asked, network, at=at)
    with transaction.atomic():
        request = open_request(
            facts=RequestFacts(
                kinds=asked.kinds,
                channel=channel,
                received_at=received_at or at,
                words=words,
                reply_to=address,
                identity="mailbox",
                state=RightsRequest.State.WAITING_IDENTITY,
                language=asked.language,
                network=network,
            ),
            at=at,
            actor=who,
        )
        app.configure_task("rights.take_in", priority=100).defer(request_id=str(request.id))
    return request


def _demand_room(asked: Asked, network: str, *, at: datetime) -> None:
    """Refuse a flood as the sign-up forms do: too many, or (before that) without a proof."""
    of_late = RightsRequest.objects.filter(channel=RightsRequest.Channel.WEB)
    here = of_late.filter(network=network, received_at__gt=at - PER_NETWORK_TIME)
    found = Crowd(
        here[:PER_NETWORK].count() if network else 0,
        of_late.filter(received_at__gt=at - IN_ALL_TIME)[:IN_ALL].count(),
    )
    if found.from_network >= PER_NETWORK or found.in_all >= IN_ALL:
        raise ConsentRefused(Reason.TOO_MANY_ATTEMPTS)
    if is_under_attack(found):
        demand_proof(asked.proof, asked.ticket, form_id=FORM, network=network, at=at)


@transaction.atomic
def take_in(*, request_id: UUID, at: datetime) -> None:
    """After the page has answered: find whose address it is, and write to that mailbox.

    A no to marketing and a withdrawal are done; for the rest the mailbox gets a link to confirm
    that it was them. Doing it twice changes nothing.
    """
    request = RightsRequest.objects.select_for_update().filter(id=request_id).first()
    if request is None or request.state not in OPEN_STATES or request.subject_id is not None:
        return
    if request.steps.filter(code__in=MAILED).exists():
        return
    system = Actor.system()
    person = person_by_email(request.reply_to)
    if person is not None:
        request.subject_id = person.id
        request.save(update_fields=["subject_id"])
    if person is None and "withdrawal" in open_parts(request):
        # Nothing to take back: but what the page said is true, whatever file brings it later.
        suppress(
            keyed_hash=keyed_hash(request.reply_to),
            channel=Channel.EMAIL,
            reason="objection",
            at=request.received_at,
            actor=Actor.person(),
        )
    request = do_at_once(request, at=at, actor=system)
    request = finish_parts(request_id=request.id, kinds=AT_ONCE, at=at, actor=system)
    has_more = bool(open_parts(request))
    if (has_more or person is not None) and not _mailed_enough(request, at=at):
        mail_taken(request, asks=has_more, at=at)
        note(request, "link-mailed" if has_more else "told", at=at, actor=system)


def _mailed_enough(request: RightsRequest, *, at: datetime) -> bool:
    """Whether this mailbox got its mails of today: nobody is flooded by who types an address."""
    with connection.cursor() as cursor:  # two workers at once count one after the other
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [request.reply_to])
    mailed = RequestStep.objects.filter(
        request__reply_to=request.reply_to, code__in=MAILED, at__gt=at - DAY
    )
    return mailed.count() >= MAILS_A_DAY


@transaction.atomic
def confirm_request(*, request_id: UUID, at: datetime) -> RightsRequest | None:
    """The mailbox says: it was me. What was asked now counts; None: there is no such request.

    Pressing twice changes nothing.
    """
    request = RightsRequest.objects.select_for_update().filter(id=request_id).first()
    if request is None or request.state != RightsRequest.State.WAITING_IDENTITY:
        return request
    person = Actor.person()
    request.state = RightsRequest.State.OPEN
    request.network = ""
    request.save(update_fields=["state", "network"])
    note(request, "confirmed", at=at, actor=person)
    if request.subject_id is not None:
        request = do_at_once(request, at=at, actor=person)
    return request
