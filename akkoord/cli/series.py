"""`akkoord series`: letters that go by themselves."""

from typing import Any
from uuid import UUID

import click
from django.utils import timezone

from akkoord.campaigns.actions import CampaignRefused
from akkoord.campaigns.models import Series
from akkoord.campaigns.series_actions import pause_series, turn_off, turn_on
from akkoord.campaigns.series_queries import flow_of
from akkoord.cli.output import answer, json_option, refuse
from akkoord.trail.actions import Actor


@click.group()
def command() -> None:
    """Series of letters."""


def _series(text: str) -> Series:
    try:
        found = Series.objects.select_related("purpose", "goal_topic").filter(id=UUID(text)).first()
    except ValueError:
        found = None
    if found is None:
        refuse("There is no series with this id.", reason="unknown-series")
    return found


def _shown(series: Series) -> dict[str, Any]:
    return flow_of(series, at=timezone.now()).as_json()


@command.command(name="list")
@json_option
def list_series() -> None:
    """Every series with its figures: people that entered, letters per step."""
    found = Series.objects.select_related("purpose", "goal_topic").order_by("id")
    answer([_shown(each) for each in found])


@command.command()
@click.argument("id")
@json_option
def on(id: str) -> None:
    """Turn it on, or let it go on after a pause."""
    series = _series(id)
    try:
        turn_on(series_id=series.id, at=timezone.now(), actor=Actor.system())
    except CampaignRefused as refusal:
        refuse(refusal.sentence, reason=refusal.codes[0] if refusal.codes else "refused")
    answer(_shown(_series(id)))


@command.command()
@click.argument("id")
@json_option
def pause(id: str) -> None:
    """Nobody enters and nothing leaves; everybody keeps their place."""
    pause_series(series_id=_series(id).id, at=timezone.now(), actor=Actor.system())
    answer(_shown(_series(id)))


@command.command()
@click.argument("id")
@json_option
def off(id: str) -> None:
    """Turn it off: everybody leaves it, and what waited is not sent."""
    turn_off(series_id=_series(id).id, at=timezone.now(), actor=Actor.system())
    answer(_shown(_series(id)))
