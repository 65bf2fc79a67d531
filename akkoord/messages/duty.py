"""Letters that must be sent whatever people agreed to: about a data leak (art. 34 GDPR).

Through the pipeline that every letter takes; the evidence of each is the leak. The gate for duties
is asked at every hand-over: nothing of advertising stops it (INV-4), and it carries none (INV-26).
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from akkoord.law.message_kinds import MessageKind
from akkoord.law.reasons import Reason
from akkoord.law.states import Channel
from akkoord.messages.compile import MessageSource
from akkoord.messages.dispatch import DispatchRefused, check_way_back, compile_for, defer_run
from akkoord.messages.models import Dispatch, Message
from akkoord.messages.service_fields import LEAK
from akkoord.permission.duty import DUTY_RULE_VERSION, judged_duty_sql
from akkoord.register.models import Purpose
from akkoord.trail.actions import Actor, record_change

EVIDENCE = "breach"
# Each person once: at an address that may be reached, a confirmed one first, else the oldest; who
# has no living address is there too, with that reason.
_SELECTION = """
SELECT DISTINCT ON (who.person_id) who.person_id, j.id AS point_id,
       coalesce(j.reason, '{none}') AS reason
  FROM ({people}) AS who (person_id)
  LEFT JOIN ({judged}) AS j
    ON j.person_id = who.person_id AND j.reason <> '{ended}'
 ORDER BY who.person_id, coalesce(j.reason, '{none}') <> '', j.is_unverified, j.id
"""
_MESSAGES = """
INSERT INTO messages_message (id, dispatch_id, person_id, contact_point_id, state, reason,
  evidence_kind, rule_version, content_hash, to_device, due_at, attempts, outcome_at, outcome_code)
SELECT akkoord_uuid7_at(%s, row_number() OVER (ORDER BY picked.person_id)), %s, picked.person_id,
  picked.point_id, CASE WHEN picked.reason = '' THEN 'due' ELSE 'skipped' END, picked.reason,
  %s, %s, '', false, %s, 0, CASE WHEN picked.reason <> '' THEN %s::timestamptz END, ''
FROM ({selection}) AS picked
"""


def reach_of(
    *, purpose: Purpose, evidence: UUID, people: QuerySet[Any], at: datetime
) -> dict[str, int]:
    """How many people per reason why a letter cannot go by mail; empty: it can. One statement.

    `people`: one column with their ids.
    """
    selection, values = _selection(purpose, evidence, people, at)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT reason, count(*) FROM ({selection}) AS picked GROUP BY reason",  # noqa: S608
            values,
        )
        return dict(cursor.fetchall())


def _selection(
    purpose: Purpose, evidence: UUID, people: QuerySet[Any], at: datetime
) -> tuple[str, tuple[Any, ...]]:
    judged, judged_values = judged_duty_sql(evidence, purpose, people, at=at)
    chosen, values = people.order_by().query.sql_with_params()
    statement = _SELECTION.format(
        people=chosen,
        judged=judged,
        none=Reason.NO_ADDRESS.value,
        ended=Reason.ADDRESS_ENDED.value,
    )
    return statement, (*values, *judged_values)


@transaction.atomic
def start_duty_letters(
    *,
    purpose: Purpose,
    source: MessageSource,
    people: QuerySet[Any],
    approved_by: UUID | None,
    at: datetime,
) -> Dispatch:
    """Freeze the letter and have it sent to these people, each once; the job commits with it.

    Raises CompileError (also for a text that sells, INV-26) and DispatchRefused: for a template of
    another kind, without what it rests on, and when links would lead nowhere or a mail server has
    no contract (INV-21, INV-42).
    """
    if source.about != LEAK or not source.is_service or not source.evidence:
        raise DispatchRefused("kind-not-of-template", _("This is no letter about a data leak."))
    check_way_back()
    content_hash = compile_for(purpose, source).content_hash
    dispatch = Dispatch.objects.create(
        kind=MessageKind.BREACH_LETTER,
        purpose=purpose,
        channel=Channel.EMAIL,
        template=source.as_json(),
        content_hash=content_hash,
        rule_version=DUTY_RULE_VERSION,
        state=Dispatch.State.RUNNING,
        approved_by=approved_by,
        created_at=at,
        started_at=at,
        fanned_out_at=at,  # its rows come with it
    )
    selection, values = _selection(purpose, UUID(source.evidence), people, at)
    moment = int(at.timestamp() * 1000)
    with connection.cursor() as cursor:
        cursor.execute(
            _MESSAGES.format(selection=selection),
            [moment, dispatch.id, EVIDENCE, DUTY_RULE_VERSION, at, at, *values],
        )
    defer_run(dispatch.id)
    record_change(
        actor=Actor.staff(approved_by) if approved_by else Actor.system(),
        action="dispatch.start",
        object_kind="dispatch",
        object_id=dispatch.id,
        fields=("state",),
        at=at,
    )
    return dispatch


def sent_of(dispatch_ids: list[UUID]) -> QuerySet[Message]:
    """The letters of these runs that left (index messages_once_per_person)."""
    return Message.objects.filter(dispatch_id__in=dispatch_ids, state=Message.State.SENT)
