"""Verbs of the letters of a series: one more, change when and for whom, move, take out.

A change holds for who comes to a letter later: what waits in the pipeline keeps its words, and who
waits for a letter keeps their moment.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from akkoord.campaigns.actions import CampaignRefused, CampaignText, create_campaign
from akkoord.campaigns.models import Campaign
from akkoord.campaigns.series_days import due_moment
from akkoord.campaigns.series_models import Series, SeriesStep
from akkoord.campaigns.series_sql import PASS_ON, SWAP
from akkoord.composing.beginnings import EMPTY, beginning_of
from akkoord.composing.tree import as_text
from akkoord.datamap.plain_words import name_problem
from akkoord.messages.groups import GroupRefused, group_condition
from akkoord.register.models import Purpose
from akkoord.trail.actions import Actor, record_change

MOST_STEPS, LONGEST_DELAY = 20, 730
BETWEEN = 32_000  # a place that no letter has, for a moment
_ASK = {True: "Yes, go on", False: "Ja, ga door"}
_AS_MJML = (
    "<mjml><mj-body><mj-section><mj-column><mj-text>{text}</mj-text></mj-column></mj-section>"
    "</mj-body></mjml>"
)


@dataclass(frozen=True, slots=True)
class StepFacts:
    """After how many days, and for whom; a new letter begins in this way of writing."""

    delay_days: int
    segment: str = ""
    body_kind: str = Campaign.BodyKind.MARKDOWN


@transaction.atomic
def add_step(*, series_id: UUID, facts: StepFacts, at: datetime, actor: Actor) -> SeriesStep:
    """One more letter at the end, empty but for a greeting. Who is through already stays so."""
    series = locked(series_id)
    places = list(series.steps.filter(ended_at=None).values_list("place", flat=True))
    if len(places) >= MOST_STEPS:
        raise CampaignRefused("", _("A series has at most 20 letters."))
    _check_step(facts, series, at=at)
    place = max(places, default=-1) + 1
    text = _begin(series, len(places) + 1, facts.body_kind)
    step = put_step(series, place, facts.delay_days, text, at=at, actor=actor, group=facts.segment)
    record("series.step-add", series, at=at, actor=actor)
    return step


def _check_step(facts: StepFacts, series: Series, *, at: datetime) -> None:
    if not 0 <= facts.delay_days <= LONGEST_DELAY:
        raise CampaignRefused("delay_days", _("Fill in a number of days, from 0 to 730."))
    check_group(facts.segment, series.purpose, at=at)


def _begin(series: Series, number: int, kind: str) -> CampaignText:
    """What a new letter says before somebody wrote it; one that asks anew has its button."""
    english = series.language == "en"
    hello = (
        "Hello {{ first_name | default: 'reader' }},"
        if english
        else ("Dag {{ first_name | default: 'lezer' }},")
    )
    more = ""
    if series.asks_anew:
        more = f"[{_ASK[english]}]({{{{ renew_url }}}})"
    body = f"{hello}\n\n{more}".strip()
    if kind == Campaign.BodyKind.MJML:
        body = _AS_MJML.format(text=body)
    if kind == Campaign.BodyKind.HTML:
        button = f'<p><a href="{{{{ renew_url }}}}">{_ASK[english]}</a></p>'
        body = f"<p>{hello}</p>" + (button if more else "")
    if kind == Campaign.BodyKind.BLOCKS:
        begin = beginning_of(EMPTY, series.language)
        body = as_text(begin.tree) if begin else body
    return CampaignText(
        name=f"{series.name} {number}"[:160],
        subject=series.name,
        body=body,
        body_kind=kind,
        language=series.language,
    )


def put_step(
    series: Series,
    place: int,
    delay_days: int,
    text: CampaignText,
    *,
    at: datetime,
    actor: Actor,
    group: str = "",
) -> SeriesStep:
    """A new letter at this place of it."""
    campaign = create_campaign(
        purpose=series.purpose,
        text=text,
        at=at,
        actor=actor,
        part=Campaign.Part.SERIES,
        asks_anew=series.asks_anew,
    )
    return SeriesStep.objects.create(
        series=series, place=place, delay_days=delay_days, segment=group, campaign=campaign
    )


@transaction.atomic
def change_step(*, step_id: UUID, facts: StepFacts, at: datetime, actor: Actor) -> SeriesStep:
    """After how many days it comes, and for whom; for who comes to it from now on."""
    step = SeriesStep.objects.select_related("series").get(id=step_id)
    series = locked(step.series_id)
    _check_step(facts, series, at=at)
    step.delay_days, step.segment = facts.delay_days, facts.segment
    step.save(update_fields=["delay_days", "segment"])
    record("series.step-change", series, at=at, actor=actor)
    return step


@transaction.atomic
def remove_step(*, step_id: UUID, at: datetime, actor: Actor) -> SeriesStep:
    """Take a letter out. Who waited for it waits for the next one that they did not have; after the
    last they are through.

    What stands in the pipeline already still leaves.
    """
    step = SeriesStep.objects.select_related("series").get(id=step_id)
    series = locked(step.series_id)
    later = list(series.steps.filter(ended_at=None, place__gt=step.place).order_by("place"))
    SeriesStep.objects.filter(id=step.id).update(ended_at=at)
    values: dict[str, Any] = {
        "step": step.id,
        "at": at,
        "steps": [each.id for each in later],
        "dues": [due_moment(at, each.delay_days, series.hour) for each in later],
    }
    with connection.cursor() as cursor:
        cursor.execute(PASS_ON, values)
    record("series.step-remove", series, at=at, actor=actor)
    return step


@transaction.atomic
def move_step(*, step_id: UUID, is_earlier: bool, at: datetime, actor: Actor) -> bool:
    """Have a letter change places with the one before or after it; answers whether there is one.

    Also while people are in it: who waits for the first of both gets the other one first, at the
    moment that was theirs. Who had one of them gets it no second time, and nobody misses one.
    """
    step = SeriesStep.objects.select_related("series").get(id=step_id)
    series = locked(step.series_id)
    order = list(series.steps.filter(ended_at=None).order_by("place"))
    found = next((place for place, each in enumerate(order) if each.id == step.id), None)
    first = None if found is None else found - is_earlier
    if first is None or not 0 <= first < len(order) - 1:
        return False
    one, other = order[first], order[first + 1]
    for moved, place in ((one, BETWEEN), (other, one.place), (one, other.place)):
        SeriesStep.objects.filter(id=moved.id).update(place=place)
    with connection.cursor() as cursor:
        cursor.execute(SWAP, {"step": one.id, "other": other.id})
    record("series.step-move", series, at=at, actor=actor)
    return True


def check_group(text: str, purpose: Purpose, *, at: datetime) -> None:
    """Refuse a group that cannot be read, tells of faith or health, or is outside the topic."""
    if problem := name_problem(text):  # INV-32
        raise CampaignRefused("segment", problem)
    try:
        group_condition(text, purpose, at)
    except GroupRefused as refusal:
        raise CampaignRefused("segment", refusal.sentence) from None


def locked(series_id: UUID) -> Series:
    """The series, held until this transaction ends."""
    return (
        Series.objects.select_for_update(of=("self",)).select_related("purpose").get(id=series_id)
    )


def record(action: str, series: Series, *, at: datetime, actor: Actor) -> None:
    """One line in the trail about a series."""
    record_change(actor=actor, action=action, object_kind="series", object_id=series.id, at=at)
