"""The demo's series: a welcome that goes, and one after a purchase that was paused.

Rounds of the last weeks, each by the work that every series does; what they put in the pipeline is
then written as sent, by the gate's answer. Nothing was ever handed to a mail server.
"""

from datetime import datetime, timedelta

from django.db import connection

from akkoord.campaigns.actions import CampaignText, revise_campaign
from akkoord.campaigns.models import Series
from akkoord.campaigns.series_actions import (
    SeriesFacts,
    StepFacts,
    add_step,
    create_series,
    pause_series,
    turn_on,
)
from akkoord.campaigns.series_work import work_series
from akkoord.consent.models import Standing
from akkoord.insight import demo_texts as texts
from akkoord.law.purpose_rules import Answer, Factor, Weighed
from akkoord.law.states import Channel
from akkoord.messages.models import Dispatch, Message
from akkoord.permission.queries import judged_sql
from akkoord.register.models import Purpose
from akkoord.register.own_fields import admit_field
from akkoord.trail.actions import Actor

# The demo answers the questions of art. 6(4) as a shop would.
FITS = Weighed(
    "Wie bij ons koopt, verwacht hulp bij wat hij kocht.", answers=dict.fromkeys(Factor, Answer.FOR)
)

SINCE, PAUSED = 61, 6  # days ago
ROUNDS = 4  # few, so that the demo loads fast

# Question: what does the gate say now of whom these runs are for? As the hand-over asks it.
_SENT = """
UPDATE messages_message m SET
  state = CASE WHEN j.reason = '' THEN 'sent' ELSE 'skipped' END, reason = j.reason,
  evidence_id = CASE WHEN j.reason = '' THEN j.evidence_id END,
  content_hash = CASE WHEN j.reason = '' THEN d.content_hash ELSE '' END,
  claimed_at = CASE WHEN j.reason = '' THEN m.due_at END,
  handing_at = CASE WHEN j.reason = '' THEN m.due_at END,
  attempts = CASE WHEN j.reason = '' THEN 1 ELSE 0 END, outcome_at = m.due_at,
  outcome_code = CASE WHEN j.reason = '' THEN '250 2.0.0' ELSE '' END
  FROM messages_dispatch d, ({judged}) AS j (id, person_id, reason, evidence_id)
 WHERE d.id = m.dispatch_id AND m.state = 'due' AND m.dispatch_id = ANY(%s)
   AND j.id = m.contact_point_id
"""


def run_series(topics: dict[str, Purpose], *, at: datetime, actor: Actor) -> None:
    """Both series over the last weeks: somebody stands at each of their letters."""
    since = at - timedelta(days=SINCE)
    welcome = _series(
        topics[texts.NEWS], "Welkom bij De Ketting", Series.Trigger.WELCOME, at=since, actor=actor
    )
    _write(welcome, texts.WELCOME_SERIES, at=since, actor=actor)
    workshop = topics[texts.WORKSHOP]
    admit_field(
        activity_key=workshop.activity_key,
        field_key="last_purchase",
        why_nl="Om na een aankoop te helpen met afstellen en onderhoud.",
        why_en="To help with adjusting and care after a purchase.",
        at=since,
        actor=actor,
        weighed=FITS,
    )
    bought = _series(workshop, "Na een aankoop", Series.Trigger.PURCHASE, at=since, actor=actor)
    _write(bought, texts.AFTER_SALE, at=since, actor=actor)
    for series in (welcome, bought):
        turn_on(series_id=series.id, at=since, actor=actor)
    stop = at - timedelta(days=PAUSED)
    moments = _moments(welcome.purpose, since, at=at)
    for moment in [each for each in moments if each <= stop]:
        _round(moment)
    pause_series(series_id=bought.id, at=stop, actor=actor)
    for moment in [each for each in moments if each > stop]:
        _round(moment)


def _moments(purpose: Purpose, since: datetime, *, at: datetime) -> list[datetime]:
    """When rounds are told of: soon after some people said yes, and yesterday."""
    came = Standing.objects.filter(
        purpose=purpose, channel=Channel.EMAIL, basis="consent", is_declared=False
    )
    recent = came.filter(heard_at__gt=since, heard_at__lt=at - timedelta(days=2))
    heard = list(recent.order_by("heard_at").values_list("heard_at", flat=True))
    chosen = heard[:: max(1, len(heard) // ROUNDS)] + heard[-1:]
    after = {each + timedelta(hours=1) for each in chosen}
    return sorted(after | {at - timedelta(days=1)})


def _round(at: datetime) -> None:
    work_series(at=at)
    _hand_over(at)


def _series(purpose: Purpose, name: str, trigger: str, *, at: datetime, actor: Actor) -> Series:
    facts = SeriesFacts(name=name, trigger=trigger)
    return create_series(purpose=purpose, facts=facts, at=at, actor=actor, is_ready=False)


def _write(
    series: Series, letters: tuple[tuple[int, str, str], ...], *, at: datetime, actor: Actor
) -> None:
    """The shop's own letters."""
    for days, subject, body in letters:
        step = add_step(series_id=series.id, facts=StepFacts(delay_days=days), at=at, actor=actor)
        revise_campaign(
            campaign_id=step.campaign_id,
            text=CampaignText(name=subject, subject=subject, body=body),
            version=step.campaign.version,
            at=at,
            actor=actor,
        )


def _hand_over(at: datetime) -> None:
    """What a round put in the pipeline left at that moment, or was skipped with the reason."""
    due = Message.objects.filter(state=Message.State.DUE, dispatch__series_run__isnull=False)
    for run in Dispatch.objects.filter(id__in=due.values("dispatch_id")).select_related("purpose"):
        gate, values = judged_sql(run.purpose, Channel.EMAIL, at=at)
        with connection.cursor() as cursor:
            cursor.execute(_SENT.format(judged=gate), [*values, [run.id]])
    Dispatch.objects.filter(series_run__isnull=False, ended_at=None).update(
        state=Dispatch.State.FINISHED, started_at=at, fanned_out_at=at, ended_at=at
    )
