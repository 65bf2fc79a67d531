"""The demo's letters: written, compiled and sent in the past, as the gate would have it then.

Every recipient's row comes from the gate at that moment, with its reason or its evidence. Nothing
was ever handed to a mail server: the addresses are nobody's.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from akkoord.campaigns.actions import CampaignText, create_campaign
from akkoord.campaigns.models import Campaign
from akkoord.campaigns.source import source_of
from akkoord.datamap.ids import uuid7
from akkoord.insight.demo_texts import DemoLetter, with_links
from akkoord.law.message_kinds import MessageKind
from akkoord.law.reasons import Reason
from akkoord.law.states import Channel
from akkoord.messages.clicks import counting_base, note_links, web_copy_url
from akkoord.messages.dispatch import compile_for
from akkoord.messages.models import Dispatch, Message
from akkoord.people.actions import mark_undeliverable
from akkoord.permission.queries import RULE_VERSION, judged
from akkoord.register.models import Purpose
from akkoord.trail.actions import Actor, record_change

NO_SUCH_ADDRESS = "550 5.1.1"
FAILS = 110  # one of so many addresses turns out not to exist

_INSERT = """
INSERT INTO messages_message (id, dispatch_id, person_id, contact_point_id, state, reason,
  evidence_id, evidence_kind, rule_version, content_hash, due_at, claimed_at, handing_at, attempts,
  outcome_at, outcome_code)
SELECT akkoord_uuid7_at(%s, n), %s, person_id, id,
  CASE WHEN reason <> '' THEN 'skipped' WHEN n %% {fails} = {place} THEN 'failed' ELSE 'sent' END,
  CASE WHEN reason = '' AND n %% {fails} = {place} THEN '{refused}' ELSE reason END,
  CASE WHEN reason = '' THEN evidence_id END, 'permission-event', %s, %s, %s,
  CASE WHEN reason = '' THEN %s::timestamptz + n * interval '40 ms' END,
  CASE WHEN reason = '' THEN %s::timestamptz + n * interval '40 ms' END,
  CASE WHEN reason = '' THEN 1 ELSE 0 END, %s::timestamptz + n * interval '41 ms',
  CASE WHEN reason <> '' THEN '' WHEN n %% {fails} = {place} THEN '{code}' ELSE '250 2.0.0' END
FROM (SELECT j.*, row_number() OVER (ORDER BY j.person_id) AS n FROM (
        SELECT DISTINCT ON (s.person_id) s.*
          FROM ({judged}) AS s (id, person_id, reason, evidence_id)
         ORDER BY s.person_id, s.reason <> '', s.id) AS j) AS picked
"""


def write_letter(letter: DemoLetter, purpose: Purpose, *, at: datetime, actor: Actor) -> Campaign:
    """A letter of the shop, not sent yet."""
    text = CampaignText(
        name=letter.name,
        subject=letter.subject,
        preheader=letter.preheader,
        body=with_links(letter),
    )
    return create_campaign(purpose=purpose, text=text, at=at, actor=actor)


def send_in_the_past(
    campaign: Campaign, *, at: datetime, actor: Actor, within: Q | None = None
) -> Dispatch:
    """A finished dispatch with a row for everybody who was there then, or for a part of them."""
    key = uuid7()
    source = replace(source_of(campaign), counting=counting_base(key), web_url=web_copy_url(key))
    compiled = compile_for(campaign.purpose, source)
    dispatch = Dispatch.objects.create(
        id=key,
        kind=MessageKind.CAMPAIGN,
        purpose=campaign.purpose,
        channel=Channel.EMAIL,
        template=source.as_json(),
        content_hash=compiled.content_hash,
        rule_version=RULE_VERSION,
        state=Dispatch.State.FINISHED,
        approved_by=actor.id,
        created_at=at,
        started_at=at,
        fanned_out_at=at,
        ended_at=at,
    )
    note_links(key, compiled.links)
    _fill(dispatch, within or Q(), at=at)
    last = Message.objects.filter(dispatch=dispatch).order_by("-outcome_at").first()
    Dispatch.objects.filter(id=dispatch.id).update(ended_at=last.outcome_at if last else at)
    campaign.dispatch = dispatch
    campaign.save(update_fields=["dispatch"])
    record_change(
        actor=actor, action="campaign.send", object_kind="campaign", object_id=campaign.id, at=at
    )
    return dispatch


def _fill(dispatch: Dispatch, within: Q, *, at: datetime) -> None:
    """One row per person, by the gate's answer at that moment; dead addresses are marked."""
    rows = judged(dispatch.purpose, Channel.EMAIL, at=at).filter(within, ended_at__isnull=True)
    named: QuerySet[Any, Any] = rows  # with `reason` and `evidence_id`, which judged annotates
    sql, parameters = named.values_list(
        "id", "person_id", "reason", "evidence_id"
    ).query.sql_with_params()
    statement = _INSERT.format(
        judged=sql,
        fails=FAILS,
        place=-1 if within else 7,  # in a part of the people nobody: the story stays the same
        refused=Reason.TRANSPORT_REFUSED.value,
        code=NO_SUCH_ADDRESS,
    )
    values: list[Any] = [
        int(at.timestamp() * 1000),
        dispatch.id,
        RULE_VERSION,
        dispatch.content_hash,
    ]
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values, at, at, at, at, *parameters])
    dead = Message.objects.filter(dispatch=dispatch, state=Message.State.FAILED)
    mark_undeliverable(
        point_ids=[each for each in dead.values_list("contact_point_id", flat=True) if each],
        why=NO_SUCH_ADDRESS,
        at=at + timedelta(minutes=5),
    )


def reached(dispatch: Dispatch) -> list[tuple[UUID, UUID, UUID]]:
    """Message, person and contact point of everybody whom a dispatch reached, in order."""
    found = Message.objects.filter(dispatch=dispatch, state=Message.State.SENT)
    return [
        (message, person, point)
        for message, person, point in found.order_by("id").values_list(
            "id", "person_id", "contact_point_id"
        )
        if person and point
    ]
