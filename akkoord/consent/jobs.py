"""What the worker calls: requests that lapse, and counters that are no longer needed."""

import structlog
from django.utils import timezone
from procrastinate.contrib.django import app

from akkoord.consent.ask_link import forget_old_requests
from akkoord.consent.details import ask_tonight, forget_old_questions
from akkoord.consent.devices import sweep_idle
from akkoord.consent.enquiries import forget_old_enquiries
from akkoord.consent.evidence_erase import remove_empty_lists
from akkoord.consent.expire import expire_sign_ups
from akkoord.consent.lapse import lapse_consents
from akkoord.consent.own_yes import end_parents_yeses
from akkoord.consent.poll import mailboxes, poll_mailbox
from akkoord.consent.receive import forget_received
from akkoord.consent.renew_notices import renew_all
from akkoord.consent.rhythm import forget_past_pauses
from akkoord.consent.special_clear import clear_closed
from akkoord.consent.trial import forget_asked, forget_trials
from akkoord.delivery.imap import ImapProblem
from akkoord.delivery.pop import PopProblem

log = structlog.get_logger(__name__)


@app.periodic(cron="*/10 * * * *")
@app.task(
    name="akkoord.consent.jobs.expire",
    queueing_lock="akkoord.consent.jobs.expire",
)
def expire(timestamp: int) -> None:  # noqa: ARG001 - the queue hands it over
    """Every ten minutes: end what is past its term; old requests, empty lists, idle devices go."""
    now = timezone.now()
    expire_sign_ups(at=now)
    forget_old_requests(at=now)
    forget_old_enquiries(at=now)
    remove_empty_lists(at=now)
    sweep_idle(at=now)
    forget_past_pauses(at=now)
    forget_received(at=now)
    forget_trials(at=now)
    forget_asked(at=now)


@app.periodic(cron="20 3 * * *")
@app.task(name="akkoord.consent.jobs.lapse", queueing_lock="akkoord.consent.jobs.lapse")
def lapse(timestamp: int) -> None:  # noqa: ARG001 - the queue hands it over
    """Every night: yeses whose term is over end, and parents' yeses of who is sixteen by now.

    After them what was kept on such a yes, or on an exception that is over (INV-32); and forms
    whose notice tells what an upgrade mended (art. 13).
    """
    now = timezone.now()
    lapse_consents(at=now)
    forget_old_questions(at=now)
    end_parents_yeses(at=now)
    clear_closed(at=now)
    renew_all(at=now)


@app.periodic(cron="* * * * *")
@app.task(
    name="akkoord.consent.jobs.poll_mailbox",
    queueing_lock="akkoord.consent.jobs.poll_mailbox",
)
def poll(timestamp: int) -> None:  # noqa: ARG001 - the queue hands it over
    """Every minute: what people answered, when a mailbox is named."""
    for url in mailboxes():
        try:
            poll_mailbox(url, at=timezone.now())
        except (ImapProblem, PopProblem) as problem:  # the next minute tries again
            log.warning("mailbox-not-read", why=str(problem))


@app.periodic(cron="10 9 * * *")
@app.task(name="akkoord.consent.jobs.details", queueing_lock="akkoord.consent.jobs.details")
def details(timestamp: int) -> None:  # noqa: ARG001 - the queue hands it over
    """Every morning: ask some people whether their details are still right, when that is on."""
    ask_tonight(at=timezone.now())
