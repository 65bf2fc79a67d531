"""The one statement that takes rows of a run: it claims, asks the gate and reads what fills them.

Made once per run, of the run's kind: a letter, a push message, a letter on paper.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.expressions import Combinable

from akkoord.law.reasons import Reason
from akkoord.law.states import Channel
from akkoord.messages.cap import Cap, cap_for
from akkoord.messages.conditions import key_of
from akkoord.messages.gate_of import (
    is_service,
    purchase_values,
    purchases_of,
    rules_of,
    verdict_sql,
)
from akkoord.messages.models import Dispatch
from akkoord.messages.topics import topics_in
from akkoord.messages.values import with_values
from akkoord.people.models import ContactPoint
from akkoord.permission.queries import judged_sql
from akkoord.register.models import Purpose

Place = tuple[datetime, UUID]  # where a worker is in the order of the index messages_due

# Claimed, asked and written in one statement, while the dispatch runs. Index messages_due: the
# place keeps a worker from walking over what it took. Somebody erased has no address any more.
_TAKE = """
WITH picked AS MATERIALIZED (
  SELECT id, contact_point_id, due_at, purpose_id FROM messages_message
   WHERE dispatch_id = %s AND state = 'due' AND due_at <= %s AND (due_at, id) > (%s, %s)
     AND EXISTS (SELECT 1 FROM messages_dispatch d WHERE d.id = %s AND d.state = 'running')
   ORDER BY due_at, id LIMIT %s FOR UPDATE SKIP LOCKED),
{verdict},
facts ({columns}) AS MATERIALIZED (
  SELECT f.* FROM ({facts}) AS f WHERE f.id = ANY(ARRAY(SELECT contact_point_id FROM picked)))
{measured}
UPDATE messages_message m SET
  state = CASE WHEN v.reason = '' THEN 'claimed' ELSE 'skipped' END,
  reason = coalesce(v.reason, '{gone}'),
  evidence_id = CASE WHEN v.reason = '' THEN v.evidence_id END,
  claimed_at = %s, claimed_by = %s,{topic}
  outcome_at = CASE WHEN v.reason = '' THEN NULL ELSE %s::timestamptz END,
  rule_version = %s, content_hash = %s
 FROM picked p
 LEFT JOIN verdict v ON v.id = p.contact_point_id
 LEFT JOIN facts f ON f.id = p.contact_point_id
 {measured_join}
 WHERE m.id = p.id
RETURNING (extract(epoch FROM p.due_at) * 1000000)::bigint, m.id, m.state, m.attempts,
  m.person_id, m.contact_point_id, m.purpose_id, {returned}
"""
_TOPIC = "\n  purpose_id = coalesce(v.purpose_id, m.purpose_id),"  # of a letter about several
# Who of them lets us see what they read, joined in the same statement (INV-28).
_MEASURED = """, measured AS MATERIALIZED (
  SELECT j.id, j.evidence_id::text AS evidence FROM ({judged}) AS j
   WHERE j.reason = '' AND j.id = ANY(ARRAY(SELECT contact_point_id FROM picked)))"""
_MEASURED_JOIN = "LEFT JOIN measured t ON t.id = p.contact_point_id"
MEASURED = "measured"  # the value of who lets us: the yes that it rests on


def _topics_of(dispatch: Dispatch) -> tuple[Purpose, ...]:
    """What a run is about: a field of each of its topics only as that topic may use it."""
    return (dispatch.purpose, *topics_in(dispatch.also))


@dataclass(frozen=True, slots=True)
class Asking:
    """What asking about the rows of one dispatch needs, made once per run."""

    dispatch: Dispatch
    slots: Sequence[str]
    language: str
    facts: str
    facts_parameters: tuple[Any, ...]
    cap: Cap | None = None
    measuring: Purpose | None = None

    @classmethod
    def prepare(
        cls,
        dispatch: Dispatch,
        slots: Sequence[str],
        language: str,
        conditions: Sequence[Q] = (),
        measuring: Purpose | None = None,
    ) -> "Asking":
        """The statement for the address, the values of these fields, and who gets which block.

        `measuring`: ask too who lets us see what they read; None: nobody is seen.
        """
        own = None
        if is_service(dispatch):
            own = purchase_values(purchases_of(dispatch), slots, language=language)
        points, names = with_values(
            ContactPoint.objects.all(), slots, conditions, own, topics=_topics_of(dispatch)
        )
        chosen: QuerySet[Any, Any] = points
        facts, parameters = chosen.values_list("id", "value", *names).query.sql_with_params()
        asked = [*slots, *(key_of(number) for number in range(len(conditions)))]
        return cls(
            dispatch,
            asked,
            language,
            facts,
            tuple(parameters),
            cap=cap_for(dispatch.kind),
            measuring=measuring,
        )

    @classmethod
    def prepare_push(cls, dispatch: Dispatch, language: str) -> "Asking":
        """The statement for a device's end-point and keys."""
        chosen: QuerySet[Any, Any] = ContactPoint.objects.values_list(
            "id", "device__endpoint", "device__p256dh", "device__auth"
        )
        facts, parameters = chosen.query.sql_with_params()
        keys = ("p256dh", "auth")
        return cls(dispatch, keys, language, facts, tuple(parameters), cap_for(dispatch.kind))

    @classmethod
    def prepare_letters(
        cls,
        dispatch: Dispatch,
        slots: Sequence[str],
        language: str,
        address: Mapping[str, Combinable],
    ) -> "Asking":
        """The statement for a letter on paper: its fields and what stands on the envelope."""
        asked = [*slots, *address]
        points, names = with_values(
            ContactPoint.objects.all(), asked, (), address, topics=_topics_of(dispatch)
        )
        chosen: QuerySet[Any, Any] = points
        facts, parameters = chosen.values_list("id", "value", *names).query.sql_with_params()
        return cls(dispatch, asked, language, facts, tuple(parameters), cap_for(dispatch.kind))

    def statement(
        self, *, after: Place, limit: int, worker_id: UUID, at: datetime
    ) -> tuple[str, list[Any]]:
        """The one that takes the next rows after a place, with its parameters."""
        dispatch = self.dispatch
        verdict, gate_parameters = verdict_sql(dispatch, at=at)
        columns = ["id", "address", *(f"s{number}" for number in range(len(self.slots)))]
        seen, measured, measured_parameters = self._measured(at)
        statement = _TAKE.format(
            verdict=verdict,
            topic=_TOPIC if dispatch.also else "",
            facts=self.facts,
            columns=", ".join(columns),
            gone=Reason.PERSON_GONE.value,
            returned=", ".join([f"f.{name}" for name in columns[1:]] + seen),
            measured=measured,
            measured_join=_MEASURED_JOIN if seen else "",
        )
        parameters = [dispatch.id, at, after[0], after[1], dispatch.id, limit]
        parameters += [*gate_parameters, *self.facts_parameters, *measured_parameters]
        parameters += [at, worker_id, at]
        return statement, [*parameters, rules_of(dispatch), dispatch.content_hash]

    def _measured(self, at: datetime) -> tuple[list[str], str, tuple[Any, ...]]:
        """What is asked besides of who lets us see: columns, the question, its parameters."""
        if self.measuring is None:
            return [], "", ()
        judged, parameters = judged_sql(self.measuring, Channel.EMAIL, at=at)
        return ["t.evidence"], _MEASURED.format(judged=judged), parameters

    @property
    def names(self) -> Sequence[str]:
        """The names of the values of a row, in order."""
        return [*self.slots, MEASURED] if self.measuring else self.slots
