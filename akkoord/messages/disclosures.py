"""Who received people's data by our letters: providers of mail and houses that print (art. 19)."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from akkoord.datamap.disclosing import Received, declare_disclosures
from akkoord.datamap.prepared import prepared

# A provider got what left while it stood in the register. Index messages_message by person.
_RECEIVED = """
SELECT DISTINCT r.id, sent.person, 'mail'
  FROM register_recipient r
  JOIN (SELECT m.person_id AS person, m.outcome_at AS at
          FROM messages_message m JOIN messages_dispatch d ON d.id = m.dispatch_id
         WHERE m.person_id = ANY(%(people)s::uuid[]) AND d.channel = 'email'
           AND m.state IN ('sent', 'uncertain', 'failed')
         UNION ALL
        SELECT o.subject_id, o.done_at FROM delivery_outboxmail o
         WHERE o.subject_id = ANY(%(people)s::uuid[]) AND o.done_at IS NOT NULL) sent
    ON sent.at >= r.valid_from AND (r.valid_to IS NULL OR sent.at < r.valid_to)
 WHERE r.key LIKE 'mail-%%'
 UNION ALL
SELECT DISTINCT l.printer_id, m.person_id, 'post'
  FROM messages_letterrun l JOIN messages_message m ON m.dispatch_id = l.run_id
 WHERE m.person_id = ANY(%(people)s::uuid[]) AND l.printer_id IS NOT NULL
   AND l.downloaded_at IS NOT NULL AND m.state IN ('made', 'sent', 'uncertain', 'failed')
"""


def declare() -> None:
    """Tell the data map of these recipients."""
    declare_disclosures("messages", "akkoord.messages.disclosures.recipients_of")


def recipients_of(person_ids: Sequence[UUID]) -> Iterator[Received]:
    """Which providers and houses got these people's data; one statement."""
    for recipient, person, how in prepared(_RECEIVED, {"people": list(person_ids)}):
        yield Received(recipient, person, how)
