"""Service messages: news about purchases, through the pipeline that every letter takes.

Ready for collection, a recall, other opening hours for an appointment. The basis is the contract
(art. 6(1)(b)) or a duty, the evidence of each message its purchase. The gate for service is asked
at every hand-over: an objection to marketing does not stop it, a frozen record does (INV-4, 38).
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.utils.translation import gettext as _

from akkoord.datamap.holds import held_people
from akkoord.law.message_kinds import MessageKind
from akkoord.law.reasons import Reason
from akkoord.law.states import Channel
from akkoord.messages.compile import MessageSource
from akkoord.messages.dispatch import (
    DispatchRefused,
    check_way_back,
    compile_for,
    defer_run,
)
from akkoord.messages.findings import Finding
from akkoord.messages.gate_of import purchases_of
from akkoord.messages.models import Dispatch, Occasion
from akkoord.messages.sentences import compile_sentence
from akkoord.messages.service_fields import AGREEMENT
from akkoord.messages.template import CompileError
from akkoord.permission.service import (
    SERVICE_RULE_VERSION,
    Proof,
    is_agreements,
    judged_service_sql,
)
from akkoord.register.models import Purpose
from akkoord.trail.actions import Actor, record_change

EVIDENCE = "purchase"  # or an agreement
# Each customer once: at the address given at the sale, else at one that may be reached, else the
# oldest; who has no living address is there too, with that reason.
_SELECTION = """
SELECT DISTINCT ON (who.person_id) who.person_id, j.id AS point_id,
       coalesce(j.reason, '{none}') AS reason
  FROM (SELECT DISTINCT p.person_id FROM ({purchases}) AS p WHERE p.person_id IS NOT NULL) AS who
  LEFT JOIN ({judged}) AS j
    ON j.person_id = who.person_id AND j.reason <> '{ended}'
 ORDER BY who.person_id, coalesce(j.reason, '{none}') <> '', j.is_of_sale, j.id
"""
_OCCASIONS = """
INSERT INTO messages_occasion (id, dispatch_id, person_id, purchase_id)
SELECT akkoord_uuid7_at(%s, row_number() OVER ()), %s, p.person_id, p.id
  FROM ({purchases}) AS p WHERE p.person_id IS NOT NULL
"""
_MESSAGES = """
INSERT INTO messages_message (id, dispatch_id, person_id, contact_point_id, state, reason,
  evidence_kind, rule_version, content_hash, to_device, due_at, attempts, outcome_at, outcome_code)
SELECT akkoord_uuid7_at(%s, row_number() OVER (ORDER BY picked.person_id)), %s, picked.person_id,
  picked.point_id, CASE WHEN picked.reason = '' THEN 'due' ELSE 'skipped' END, picked.reason,
  %s, %s, '', false, %s, 0, CASE WHEN picked.reason <> '' THEN %s::timestamptz END, ''
FROM ({selection}) AS picked
"""


@dataclass(slots=True)
class ServiceCheck:
    """What would happen: `selected` customers = `may_be_mailed` + the sum of `reasons`."""

    selected: int = 0
    may_be_mailed: int = 0
    reasons: dict[Reason, int] = field(default_factory=dict)
    blocking: list[Finding] = field(default_factory=list)


def check_service_run(
    *, purpose: Purpose, source: MessageSource, purchases: Proof, at: datetime
) -> ServiceCheck:
    """Everything that is known before sending, with reasons; it changes nothing."""
    found = ServiceCheck()
    try:
        compile_for(purpose, source)
    except CompileError as problem:
        found.blocking.append(Finding(problem.code, compile_sentence(problem), problem.part))
    try:
        check_way_back()
    except DispatchRefused as problem:
        found.blocking.append(Finding(problem.code, problem.sentence))
    rows = _counts(purpose, purchases, at)
    found.selected = sum(number for _reason, number in rows)
    found.may_be_mailed = sum(number for reason, number in rows if not reason)
    found.reasons = {Reason(reason): number for reason, number in rows if reason}
    if not found.may_be_mailed:
        found.blocking.append(Finding("no-recipients", _no_recipients(found.selected)))
    return found


def _counts(purpose: Purpose, purchases: Proof, at: datetime) -> list[tuple[str, int]]:
    """How many customers per reason (empty: may be mailed), in one statement."""
    try:
        selection, parameters = _selection(purpose, purchases, at)
    except EmptyResultSet:  # nothing was chosen: there is no statement to ask
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT reason, count(*) FROM ({selection}) AS picked"  # noqa: S608 - ours
            " GROUP BY reason ORDER BY count(*) DESC, reason",
            parameters,
        )
        rows: list[tuple[str, int]] = cursor.fetchall()
    return rows


def _no_recipients(selected: int) -> str:
    if not selected:
        return _("No purchase was chosen. Choose the purchases that the message is about.")
    return _("None of these customers can get the message. Below is why, and what to do.")


def _selection(purpose: Purpose, purchases: Proof, at: datetime) -> tuple[str, tuple[Any, ...]]:
    judged, judged_parameters = judged_service_sql(purpose, purchases, at=at)
    chosen, parameters = purchases.order_by().values("id", "person_id").query.sql_with_params()
    statement = _SELECTION.format(
        purchases=chosen,
        judged=judged,
        none=Reason.NO_ADDRESS.value,
        ended=Reason.ADDRESS_ENDED.value,
    )
    return statement, (*parameters, *judged_parameters)


@transaction.atomic
def start_service(
    *,
    purpose: Purpose,
    source: MessageSource,
    purchases: Proof,
    approved_by: UUID | None,
    at: datetime,
) -> Dispatch:
    """Freeze the message and have it sent to these customers, each once; the job commits with it.

    What it is follows from the template: one that is no service template, or that sells, is
    refused (INV-26). Raises CompileError, DispatchRefused; also when nobody can get it.
    """
    if not source.is_service or is_agreements(purchases) != (source.about == AGREEMENT):
        raise DispatchRefused("kind-not-of-template", _("This is no template for service."))
    content_hash = compile_for(purpose, source).content_hash
    check = check_service_run(purpose=purpose, source=source, purchases=purchases, at=at)
    if check.blocking:
        raise DispatchRefused(check.blocking[0].code, check.blocking[0].sentence)
    dispatch = Dispatch.objects.create(
        kind=MessageKind.SERVICE,
        purpose=purpose,
        channel=Channel.EMAIL,
        template=source.as_json(),
        content_hash=content_hash,
        rule_version=SERVICE_RULE_VERSION,
        state=Dispatch.State.RUNNING,
        approved_by=approved_by,
        created_at=at,
        started_at=at,
        fanned_out_at=at,  # its rows come with it
    )
    _write_rows(dispatch, purchases, at=at)
    defer_run(dispatch.id)
    record_change(
        actor=Actor.staff(approved_by) if approved_by else Actor.system(),
        action="service.start",
        object_kind="dispatch",
        object_id=dispatch.id,
        subject_id=_only_one(dispatch),
        fields=("state",),
        at=at,
    )
    return dispatch


def _write_rows(dispatch: Dispatch, purchases: Proof, *, at: datetime) -> None:
    chosen, parameters = purchases.order_by().values("id", "person_id").query.sql_with_params()
    moment = int(at.timestamp() * 1000)
    kind = AGREEMENT if is_agreements(purchases) else EVIDENCE
    with connection.cursor() as cursor:
        cursor.execute(_OCCASIONS.format(purchases=chosen), [moment, dispatch.id, *parameters])
        selection, values = _selection(dispatch.purpose, purchases_of(dispatch), at)
        cursor.execute(
            _MESSAGES.format(selection=selection),
            [moment, dispatch.id, kind, SERVICE_RULE_VERSION, at, at, *values],
        )


def _only_one(dispatch: Dispatch) -> UUID | None:
    """The customer, when it is about one alone: then the trail says about whom."""
    people = list(dispatch.messages.values_list("person_id", flat=True)[:2])
    return people[0] if len(people) == 1 else None


def forget_occasions(*, at: datetime) -> int:
    """Which purchases a run was about is not kept past it: each message has its own evidence."""
    old = Occasion.objects.filter(dispatch__ended_at__lt=at - timedelta(days=1))
    old = old.exclude(person_id__in=held_people())
    return old.delete()[0]
