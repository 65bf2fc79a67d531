"""How many posts a form takes: a flood stores little and mails little, a busy day still works.

Counted in the database, so any number of processes count together. Who wants to *leave* is never
counted.
"""

from datetime import datetime, timedelta

from django.db import connection

from akkoord.consent.refusals import ConsentRefused
from akkoord.law.reasons import Reason

PER_NETWORK = 40  # sign-ups an hour from one /24 or /48: a school or office behind one address
PER_NETWORK_TIME = timedelta(hours=1)
IN_ALL = 600  # sign-ups in ten minutes over all networks
IN_ALL_TIME = timedelta(minutes=10)

# How many came of late, counted no further than the limit.
# Indexes used: consent_signup_network, consent_signup_lately.
_COUNTS = """
SELECT (SELECT count(*) FROM (SELECT 1 FROM consent_signup
         WHERE ip_truncated = %s AND requested_at > %s LIMIT %s) AS network),
       (SELECT count(*) FROM (SELECT 1 FROM consent_signup
         WHERE requested_at > %s LIMIT %s) AS everybody)
"""


def demand_room(*, network: str, at: datetime) -> None:
    """Refuse (`too-many-attempts`) when too many came from this network, or in all, of late."""
    with connection.cursor() as cursor:
        cursor.execute(
            _COUNTS,
            [network, at - PER_NETWORK_TIME, PER_NETWORK, at - IN_ALL_TIME, IN_ALL],
        )
        from_network, in_all = cursor.fetchone()
    if (network and from_network >= PER_NETWORK) or in_all >= IN_ALL:
        raise ConsentRefused(Reason.TOO_MANY_ATTEMPTS)
