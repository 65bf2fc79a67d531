"""Handing over one mail from the outbox: claim, commit, send, record.

The claim is a conditional update, so two workers never send the same mail; a worker that dies in
between leaves a claim, and such a mail becomes `uncertain`, never a second mail.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from email.utils import parseaddr
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from akkoord.datamap.holds import held_people
from akkoord.delivery.models import MailboxMessage, OutboxMail
from akkoord.delivery.outbox import (
    JOB,
    KEEP_DAYS,
    LEAVES_NOTHING,
    build_mail,
    may_leave,
    sender_domain,
)
from akkoord.delivery.outgoing import Outcome, OutcomeKind, Outgoing, Transport
from akkoord.delivery.signing import signer_for

LEASE = timedelta(minutes=15)  # longer than any time-out of the transport
BACK_OFF_MINUTES = (1, 5, 15, 30, 60, 120, 240)
State = OutboxMail.State


def send_one(mail_id: UUID, *, transport: Transport, at: datetime) -> str:
    """Send one mail if it is due; answers its state afterwards, or an empty text."""
    mail = _claim(mail_id, at)
    if mail is None:
        return ""
    if mail.expires_at <= at:
        return _record(mail, Outcome(mail.id, OutcomeKind.REJECTED, "expired"), at)
    if not may_leave(mail, at=at):
        return _record(mail, Outcome(mail.id, OutcomeKind.REJECTED, "not-allowed"), at)
    outcomes: list[Outcome] = []
    sender = parseaddr(mail.headers["From"])[1]

    def content() -> bytes:
        signer = signer_for(sender_domain(sender))
        raw = build_mail(mail)
        return signer.sign(raw) if signer else raw

    recipient = parseaddr(mail.recipient)[1]
    message = Outgoing(mail.id, sender, recipient, content, subject_id=mail.subject_id)
    transport.send_many([message], outcomes.append)
    return _record(mail, outcomes[0], at)


def _claim(mail_id: UUID, at: datetime) -> OutboxMail | None:
    claimed = OutboxMail.objects.filter(id=mail_id, state=State.DUE, next_try_at__lte=at).update(
        state=State.CLAIMED, claimed_at=at, attempts=F("attempts") + 1
    )
    return OutboxMail.objects.filter(id=mail_id).first() if claimed else None


def _record(mail: OutboxMail, outcome: Outcome, at: datetime) -> str:
    """Write down what became of it; back to the outbox, with back-off, when it may go again."""
    again = outcome.kind in (OutcomeKind.DEFERRED, OutcomeKind.NOT_HANDED)
    row = OutboxMail.objects.filter(id=mail.id, state=State.CLAIMED)
    if again and at < mail.expires_at:
        minutes = BACK_OFF_MINUTES[min(mail.attempts, len(BACK_OFF_MINUTES)) - 1]
        next_try = at + timedelta(minutes=minutes)
        with transaction.atomic():
            kept = row.update(
                state=State.DUE,
                claimed_at=None,
                next_try_at=next_try,
                outcome_code=outcome.code[:60],
            )
            if kept:  # it may have been erased in the meantime
                app.configure_task(JOB, lock=f"outbox-{mail.id}", schedule_at=next_try).defer(
                    mail_id=str(mail.id)
                )
        return State.DUE
    state = {
        OutcomeKind.SENT: State.SENT,
        OutcomeKind.UNCERTAIN: State.UNCERTAIN,
    }.get(outcome.kind, State.FAILED)
    if mail.kind in LEAVES_NOTHING:
        row.delete()
        if outcome.kind is OutcomeKind.SENT:
            return State.SENT
        return state
    row.update(state=state, done_at=at, outcome_code=outcome.code[:60], text="", html="", raw="")
    return state


@transaction.atomic
def hold_outbox(*, at: datetime, reason: str) -> int:
    """Let no mail leave that waited when a backup was made: it may have left since; how many.

    It is uncertain then, and never sent again. Who waits for a link asks for a new one.
    """
    waiting = OutboxMail.objects.filter(state__in=[State.DUE, State.CLAIMED])
    gone = waiting.filter(kind__in=LEAVES_NOTHING).delete()[0]
    return gone + waiting.update(
        state=State.UNCERTAIN, done_at=at, outcome_code=reason[:60], text="", html="", raw=""
    )


def sweep(*, at: datetime) -> dict[str, int]:
    """Clear up: claims of workers that died, mails whose job got lost, rows past their time.

    Of who is held for a legal claim rows stay; what may leave no trace goes all the same (INV-27).
    """
    dead = OutboxMail.objects.filter(state=State.CLAIMED, claimed_at__lt=at - LEASE)
    leave_nothing = Q(kind__in=LEAVES_NOTHING)
    gone = dead.filter(leave_nothing).delete()[0]
    uncertain = dead.update(
        state=State.UNCERTAIN, done_at=at, outcome_code="worker-lost", text="", html="", raw=""
    )
    late = OutboxMail.objects.filter(
        state=State.DUE, next_try_at__lt=at - timedelta(minutes=5)
    ).values_list("id", flat=True)[:500]
    deferred = 0
    for mail_id in late:
        # The queueing lock lets at most one such job wait per mail.
        deferred += _defer_once(mail_id)
    horizon = at - timedelta(days=KEEP_DAYS)
    old = OutboxMail.objects.filter(expires_at__lt=at).filter(
        Q(done_at__lt=horizon) | (leave_nothing & ~Q(state=State.CLAIMED))
    )
    held = held_people()
    removed = old.exclude(~leave_nothing, subject_id__in=held).delete()[0]
    boxed = MailboxMessage.objects.filter(received_at__lt=horizon).exclude(subject_id__in=held)
    removed += boxed.delete()[0]
    return {
        "uncertain": uncertain,
        "without_trace": gone,
        "deferred": deferred,
        "removed": removed,
    }


def _defer_once(mail_id: UUID) -> int:
    try:
        with transaction.atomic():
            app.configure_task(
                JOB, lock=f"outbox-{mail_id}", queueing_lock=f"outbox-late-{mail_id}"
            ).defer(mail_id=str(mail_id))
    except AlreadyEnqueued:
        return 0
    return 1
