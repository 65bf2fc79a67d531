"""Which letters and series use a field: those that left, those that wait, those that go on."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from uuid import UUID

from django.db.models import Max, Q
from django.urls import reverse

from akkoord.campaigns.models import AbTest, Campaign, Plan
from akkoord.campaigns.series_models import Series, StepDispatch
from akkoord.campaigns.series_triggers import needed_field
from akkoord.campaigns.service_models import ServiceTemplate
from akkoord.composing.drawn import read_drawn
from akkoord.composing.tree import TreeRefused, read_tree
from akkoord.law.states import Channel
from akkoord.law.terms import law_day
from akkoord.law.use_rules import FieldUse, UseKind
from akkoord.messages.template import CompileError, without_values
from akkoord.messages.used_fields import LetterUse, fields_written_in
from akkoord.register.presets import PUSH_FIELD
from akkoord.segments.queries import fields_of_text

MOST_WAITING = 300
Texts = Mapping[UUID, Mapping[str, str]]
_COMPARED = (AbTest.State.RUNNING, AbTest.State.ASKS)
_CARRIES = {
    Channel.EMAIL: ("email",),
    Channel.PUSH: (PUSH_FIELD.key,),
    Channel.POST: ("first_name", "last_name", "street", "house_number", "postcode", "city"),
}
"""What a letter needs to arrive, whatever stands in it."""


def letter_uses(letters: Sequence[LetterUse], texts: Texts) -> Iterator[tuple[str, FieldUse]]:
    """Each field of each letter that left, in it or by its group; one statement."""
    ids = dict(
        Campaign.objects.filter(dispatch__in=[each.dispatch_id for each in letters]).values_list(
            "dispatch_id", "id"
        )
    )
    for letter in letters:
        campaign = ids.get(letter.dispatch_id)
        use = FieldUse(
            UseKind.LETTER,
            without_values(letter.subject),
            law_day(letter.at),
            is_live=letter.is_open,
            url=reverse("campaigns:detail", args=[campaign]) if campaign else "",
        )
        asked = _fields_asked(letter.purpose_id, (letter.group, *letter.conditions), texts)
        for key in sorted(letter.fields | asked | set(_CARRIES.get(Channel(letter.channel), ()))):
            yield key, use


def waiting_uses(texts: Texts) -> Iterator[tuple[str, FieldUse]]:
    """Each field of each letter that has not left whole: what leaves by itself holds the field.

    That is what is planned (both versions of it), and what is compared: its rest leaves later.
    """
    compared = Q(ab__state__in=_COMPARED) | Q(ab_as_b__state__in=_COMPARED)
    planned = Q(plan__state=Plan.State.PLANNED) | Q(
        ab_as_b__campaign__plan__state=Plan.State.PLANNED
    )
    going = list(Campaign.objects.filter(compared | planned & Q(dispatch=None)).order_by("-id"))
    waiting = Campaign.objects.filter(dispatch=None).exclude(id__in=[each.id for each in going])
    for letters, is_live in ((going, True), (waiting.order_by("-id")[:MOST_WAITING], False)):
        for letter in letters:
            use = FieldUse(
                UseKind.LETTER,
                letter.shown_name,
                is_live=is_live,
                url=reverse("campaigns:detail", args=[letter.id]),
            )
            for key in sorted(_fields_of(letter, texts)):
                yield key, use


def service_uses() -> Iterator[tuple[str, FieldUse]]:
    """Each field of each text about a purchase or an agreement that may still be sent."""
    for text in ServiceTemplate.objects.filter(ended_at=None).order_by("name"):
        use = FieldUse(
            UseKind.LETTER,
            text.name,
            is_live=True,
            url=reverse("campaigns:service_write", args=[text.id]),
        )
        for key in sorted(fields_written_in(text.subject, text.body)):
            yield key, use


def series_uses(texts: Texts) -> Iterator[tuple[str, FieldUse]]:
    """Each field of each series that is not over: what begins it, whom it is for, its letters."""
    last: dict[UUID, date] = dict(
        StepDispatch.objects.values_list("step__series_id").annotate(Max("day")).order_by()
    )
    found = Series.objects.exclude(state=Series.State.OFF).order_by("name")
    for series in found.prefetch_related("steps__campaign"):
        steps = [each for each in series.steps.all() if each.ended_at is None]
        keys = set(needed_field(series.trigger, series.goal, series.field_key))
        groups = (series.segment, *(each.segment for each in steps))
        keys |= _fields_asked(series.purpose_id, groups, texts)
        for each in steps:
            keys |= _fields_of(each.campaign, texts)
        use = FieldUse(
            UseKind.SERIES,
            series.name,
            last.get(series.id),
            is_live=True,
            url=reverse("campaigns:series_flow", args=[series.id]),
        )
        for key in sorted(keys):
            yield key, use


def _fields_of(letter: Campaign, texts: Texts) -> set[str]:
    """The fields of a letter as it is now, in its words and by those who get which part."""
    asked = (letter.segment, *_conditions_in(letter))
    written = fields_written_in(letter.subject, letter.preheader, letter.body)
    return {*written, *_fields_asked(letter.purpose_id, asked, texts)}


def _conditions_in(letter: Campaign) -> list[str]:
    """Which groups get which part of a letter; none of one that cannot be read."""
    try:
        if letter.is_blocks:
            return [each.condition for each in read_tree(letter.body).blocks if each.condition]
        made = read_drawn(letter.body)
    except (TreeRefused, CompileError):
        return []
    return [text for _line, text in made.conditions] if made else []


def _fields_asked(topic: UUID, groups: Sequence[str], texts: Texts) -> set[str]:
    known = texts.get(topic, {})
    return {key for text in groups for key in fields_of_text(text, known)}
