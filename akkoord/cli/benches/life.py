"""`akkoord bench life`: yeses that end and yeses that are asked about anew, against plain work."""

from datetime import datetime, timedelta

from django.db import connection

from akkoord.campaigns.actions import CampaignText, create_campaign
from akkoord.campaigns.source import source_of
from akkoord.cli.benches.filling import Ground, analyse, fill, lay_ground
from akkoord.cli.benches.results import Result, faster, quicker, seconds
from akkoord.consent.lapse import lapse_consents
from akkoord.consent.models import Standing
from akkoord.messages.dispatch import start_dispatch
from akkoord.messages.fan_out import fan_out
from akkoord.messages.life import start_life_letters
from akkoord.messages.models import Message
from akkoord.register.models import Purpose


def bench(people: int, *, at: datetime) -> list[Result]:
    """Half of the yeses end this night, the other half within the weeks in which it is asked."""
    ground = lay_ground(at=at)
    fill(ground, first=1, last=people, at=at)
    Purpose.objects.filter(id=ground.topic.id).update(consent_months=24, refresh_weeks=4)
    ground.topic.refresh_from_db()
    live = Standing.objects.filter(state="confirmed")
    ends = live.count() // 2
    _let_end(ends, at=at)
    analyse()
    copied = seconds(lambda: _copy_plain(ends))
    ended = seconds(lambda: lapse_consents(at=at))
    over = Standing.objects.filter(state="expired").count()
    if over != ends or lapse_consents(at=at):
        raise AssertionError(f"{over} of {ends} ended, or some of them twice")
    asked, asking = _ask(at=at)
    sending = _send(ground, at=at)
    return [
        faster(
            f"life: end {ends:,} yeses of {people:,} people, against a plain copy of the rows",
            ends / ended,
            ends / copied,
            good=0.02,
            aim=0.05,
            unit="yeses per second",
        ),
        quicker(
            f"life: find {asked:,} who are to be asked anew and write their rows, against the "
            "rows of a letter to everybody",
            asking,
            sending,
            good=0.66,
            aim=0.83,
        ),
    ]


def _let_end(ends: int, *, at: datetime) -> None:
    """The first half ended an hour ago, the other half ends in two weeks."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE consent_standing s SET valid_until = CASE WHEN o.n <= %s THEN %s ELSE %s END "
            "FROM (SELECT id, row_number() OVER (ORDER BY contact_point_id) AS n "
            "FROM consent_standing WHERE state = 'confirmed') o WHERE o.id = s.id",
            [ends, at - timedelta(hours=1), at + timedelta(weeks=2)],
        )


def _copy_plain(count: int) -> None:
    """As many events into a table without index, trigger or ledger."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE bench_plain AS SELECT * FROM consent_permissionevent LIMIT %s", [count]
        )


def _ask(*, at: datetime) -> tuple[int, float]:
    """Start the letters that ask anew and write who gets one; how many and how long it took."""
    started: list[int] = []

    def work() -> None:
        for dispatch in start_life_letters(at=at):
            fan_out(dispatch.id, clock=lambda: at)
            started.append(Message.objects.filter(dispatch=dispatch, state="due").count())

    took = seconds(work)
    return sum(started), took


def _send(ground: Ground, *, at: datetime) -> float:
    """The rows of a letter to everybody; the same people are walked over."""
    text = CampaignText(name="Bench", subject="Tijd voor een beurt", body="Dag.")
    campaign = create_campaign(purpose=ground.topic, text=text, at=at, actor=ground.actor)
    dispatch = start_dispatch(
        purpose=ground.topic,
        source=source_of(campaign),
        segment="",
        approved_by=ground.owner.pk,
        at=at,
    )
    return seconds(lambda: fan_out(dispatch.id, clock=lambda: at))
