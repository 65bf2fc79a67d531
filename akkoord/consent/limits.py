"""How many posts a form takes: a flood stores little and mails little, a busy day still works.

Counted in the database, so any number of processes count together. Who wants to *leave* is never
counted.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Max

from akkoord.consent.models import SignUp
from akkoord.consent.refusals import ConsentRefused
from akkoord.law.consent_rules import judge_confirmation_mail
from akkoord.law.reasons import Reason
from akkoord.law.states import Channel

PER_NETWORK = 40  # sign-ups an hour from one /24 or /48: a school or office behind one address
PER_NETWORK_TIME = timedelta(hours=1)
IN_ALL = 600  # sign-ups in ten minutes over all networks
IN_ALL_TIME = timedelta(minutes=10)
CHANGES = 3  # other addresses that one person gives in a day
CHANGES_TIME = timedelta(days=1)

# How many came of late, counted no further than the limit; each kind of post in its own table.
# Indexes used: consent_signup_network, consent_signup_lately, consent_enquiry_network,
# consent_enquiry_newest, consent_checkout_network, consent_checkout_lately.
_COUNTS = """
SELECT (SELECT count(*) FROM (
          (SELECT 1 FROM consent_signup
            WHERE ip_truncated = %(network)s AND requested_at > %(hour)s LIMIT %(some)s)
          UNION ALL (SELECT 1 FROM consent_enquiry
            WHERE ip_truncated = %(network)s AND received_at > %(hour)s LIMIT %(some)s)
          UNION ALL (SELECT 1 FROM consent_checkoutact
            WHERE ip_truncated = %(network)s AND acted_at > %(hour)s LIMIT %(some)s)
        ) AS network),
       (SELECT count(*) FROM (
          (SELECT 1 FROM consent_signup WHERE requested_at > %(lately)s LIMIT %(many)s)
          UNION ALL (SELECT 1 FROM consent_enquiry WHERE received_at > %(lately)s LIMIT %(many)s)
          UNION ALL (SELECT 1 FROM consent_checkoutact WHERE acted_at > %(lately)s LIMIT %(many)s)
        ) AS everybody)
"""


@dataclass(frozen=True, slots=True)
class Crowd:
    """How many posts came of late: from one network in an hour, and in all in ten minutes."""

    from_network: int
    in_all: int


def crowd(*, network: str, at: datetime) -> Crowd:
    """Count the posts of late, no further than the limits. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            _COUNTS,
            {
                "network": network,
                "hour": at - PER_NETWORK_TIME,
                "some": PER_NETWORK,
                "lately": at - IN_ALL_TIME,
                "many": IN_ALL,
            },
        )
        from_network, in_all = cursor.fetchone()
    return Crowd(from_network if network else 0, in_all)


def demand_room(*, network: str, at: datetime) -> Crowd:
    """Refuse (`too-many-attempts`) when too many came from this network, or in all, of late.

    Answers how many came, for whoever asks a proof before that.
    """
    found = crowd(network=network, at=at)
    if found.from_network >= PER_NETWORK or found.in_all >= IN_ALL:
        raise ConsentRefused(Reason.TOO_MANY_ATTEMPTS)
    return found


def may_mail_confirmation(*, normalised: str, at: datetime) -> bool:
    """Whether this mailbox may be asked to confirm something now (INV-13).

    One mail in 24 hours, whoever asks, of whatever kind; former addresses count too. Who answered
    may be asked again: that they are there and want it, they showed.
    """
    last = SignUp.objects.filter(
        contact_point__normalised=normalised,
        contact_point__channel=Channel.EMAIL,
        confirmed_at=None,
    ).aggregate(last=Max("mailed_at"))["last"]
    return bool(judge_confirmation_mail(last, at=at))


def demand_few_changes(*, person_id: UUID, at: datetime) -> None:
    """Refuse (`too-many-attempts`) when somebody gave too many new addresses of late: each gets
    a mail, and may be a stranger's."""
    lately = SignUp.objects.filter(
        person_id=person_id, kind=SignUp.ADDRESS_CHANGE, requested_at__gt=at - CHANGES_TIME
    )
    if lately.count() >= CHANGES:
        raise ConsentRefused(Reason.TOO_MANY_ATTEMPTS)
