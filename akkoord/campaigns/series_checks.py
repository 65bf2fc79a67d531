"""Whether a series can go, asked anew in every round: what stopped since makes it stand still."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from akkoord.campaigns.examples import example_sentence, examples_in
from akkoord.campaigns.series_models import Series, SeriesStep
from akkoord.campaigns.series_ready import is_still_example
from akkoord.campaigns.series_triggers import needed_field
from akkoord.campaigns.source import source_of
from akkoord.delivery.servers import has_relay
from akkoord.messages.dispatch import (
    DispatchRefused,
    check_way_back,
    content_hash_of,
    only_measures,
)
from akkoord.messages.groups import GroupRefused, group_condition
from akkoord.messages.sentences import compile_sentence
from akkoord.messages.template import CompileError
from akkoord.register.queries import field_allowed, names_of_fields, organisation

NO_STEPS, NOT_ALLOWED, DEMO = "no-steps", "field-outside-purpose", "demo-with-server"
EXAMPLE = "still-example"


@dataclass(frozen=True, slots=True)
class Problem:
    """What stands in the way: a stable code, a sentence, and the step when one is to blame."""

    code: str
    sentence: str
    step: SeriesStep | None = None
    fields: tuple[str, ...] = ()


def problem_of(series: Series, *, at: datetime) -> str:
    """The code of the first thing that stands in the way; empty: nothing."""
    found = problems_of(series, at=at)
    return found[0].code[:60] if found else ""


def problems_of(series: Series, *, at: datetime) -> list[Problem]:
    """Everything that stands in the way: the topic, its fields, a group, a letter, our address."""
    purpose = series.purpose
    if purpose.ended_at is not None:
        return [Problem("purpose-ended", _("This topic has ended. Choose another one."))]
    if purpose.measures:
        return [Problem("purpose-measures", only_measures())]
    found = [*_fields(series), *_groups(series.segment, series, at)]
    steps = list(series.steps.filter(ended_at=None).select_related("campaign__purpose"))
    if not steps:
        found.append(Problem(NO_STEPS, _("There is no letter in it yet. Add the first one.")))
    for step in sorted(steps, key=lambda each: each.place):
        found += [*_groups(step.segment, series, at, step), *_letter(step), *_examples(step)]
    try:
        check_way_back()
    except DispatchRefused as refusal:
        found.append(Problem(refusal.code, refusal.sentence))
    house = organisation()
    if house is not None and house.is_demo and has_relay():
        found.append(Problem(DEMO, _demo_sentence()))
    return found


def _demo_sentence() -> str:
    """A demo's series goes by itself: it may not write to made-up addresses by a real server."""
    return _(
        "The people of this demo are made up, and there is a mail server now. A series writes to "
        "nobody by it. Take the demo out first."
    )


def _fields(series: Series) -> list[Problem]:
    """Purpose binding (art. 5(1)(b)): a series is begun by nothing that was asked for otherwise."""
    needed = needed_field(series.trigger, series.goal, series.field_key)
    missing = tuple(sorted(set(needed) - field_allowed(series.purpose.activity_key)))
    if not missing:
        return []
    sentence = _(
        "%(fields)s was not asked for this topic, so this series may not use it. Does this topic "
        "need it? Then add the field to the topic, with the reason. From then on your form and "
        "privacy statement say so."
    ) % {"fields": ", ".join(f"“{name}”" for name in names_of_fields(missing))}
    return [Problem(NOT_ALLOWED, sentence, fields=missing)]


def _groups(
    text: str, series: Series, at: datetime, step: SeriesStep | None = None
) -> list[Problem]:
    try:
        group_condition(text, series.purpose, at)
    except GroupRefused as refusal:
        return [Problem(refusal.code, refusal.sentence, step)]
    return []


def _letter(step: SeriesStep) -> list[Problem]:
    try:
        content_hash_of(step.campaign.purpose, source_of(step.campaign))
    except CompileError as problem:
        return [Problem(problem.code, compile_sentence(problem), step)]
    return []


def _examples(step: SeriesStep) -> list[Problem]:
    """A ready letter says what to write; nobody should read that."""
    if is_still_example(step.campaign.body):
        sentence = _(
            "“{subject}” still says what you are to write yourself. Open it and write your own "
            "words."
        ).format(subject=step.campaign.shown_subject)
        return [Problem(EXAMPLE, sentence, step)]
    places = examples_in(step.campaign)
    return [Problem(EXAMPLE, example_sentence(places), step)] if len(places) > 1 else []
