"""`akkoord campaign`: make, check, send and watch a campaign."""

import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import click
from django.db import transaction
from django.utils import timezone

from akkoord.campaigns.ab import AbFacts, set_up_test, start_test
from akkoord.campaigns.ab_figures import ab_figures
from akkoord.campaigns.actions import (
    CampaignRefused,
    CampaignText,
    create_campaign,
    findings_outside,
    preflight_campaign,
    send_campaign,
)
from akkoord.campaigns.models import AbTest, Campaign, Plan
from akkoord.campaigns.plan import plan_campaign
from akkoord.campaigns.when_forms import LONGEST_SPREAD
from akkoord.cli.letters import say_handed_over, write_letters
from akkoord.cli.output import answer, json_option, refuse, text_of
from akkoord.insight.results import results_of
from akkoord.law.schedule_rules import TimeProblem, judge_moment, plan_at
from akkoord.law.states import Channel
from akkoord.messages.deliver import run_dispatch
from akkoord.messages.dispatch import DispatchRefused
from akkoord.messages.letter_actions import Printer
from akkoord.messages.models import Dispatch
from akkoord.messages.outside import ASKED_OUTSIDE
from akkoord.messages.queries import dispatch_figures
from akkoord.register.models import Purpose
from akkoord.register.queries import topic_by_slug
from akkoord.trail.actions import Actor

_STATES = {
    Plan.State.PLANNED: "scheduled",
    Plan.State.MISSED: "missed",
    Plan.State.STOPPED: "stopped",
}
_PROBLEMS = {
    TimeProblem.NO_DAY: "This day does not exist.",
    TimeProblem.NO_CLOCK: "This is no time of the day. Write 2026-12-01T09:00.",
    TimeProblem.SKIPPED: "This time does not exist: the clock goes forward over it that night.",
    TimeProblem.TWICE: (
        "This time comes twice that night. Add +02:00 for the first, +01:00 for the second."
    ),
    TimeProblem.PAST: "This moment is past.",
    TimeProblem.FAR: "This moment is more than a year away.",
}


_KINDS = {".mjml": "mjml", ".html": "html", ".htm": "html"}


@click.group()
def command() -> None:
    """Campaigns."""


def _campaign(text: str) -> Campaign:
    try:
        found = (
            Campaign.objects.select_related("purpose", "dispatch", "plan")
            .filter(id=UUID(text))
            .first()
        )
    except ValueError:
        found = None
    if found is None:
        refuse("There is no campaign with this id.", reason="unknown-campaign")
    return found


@command.command()
@click.option(
    "--topic",
    "topics",
    required=True,
    multiple=True,
    help="Slug of the topic; again for further ones: who is in several gets it under the first.",
)
@click.option("--subject", required=True)
@click.option(
    "--body",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file with Markdown; MJML or HTML when its name ends in .mjml or .html.",
)
@click.option("--segment", default="", help="Only a group, in the segment language.")
@click.option("--name", default="", help="A name for yourself; else the subject.")
@click.option("--language", type=click.Choice(["nl", "en"]), default="nl", show_default=True)
@click.option(
    "--channel",
    type=click.Choice([Channel.EMAIL.value, Channel.PUSH.value, Channel.POST.value]),
    default=Channel.EMAIL.value,
    show_default=True,
    help="A letter, a push message (the subject is its title, the file its text), or a letter by "
    "post (the subject is its heading).",
)
@click.option("--link", default="", help="What a push message opens.")
@click.option("--subject-b", default="", help="A second subject: `send` compares the two first.")
@click.option("--share", type=click.IntRange(1, 50), default=10, help="Percent for each version.")
@click.option("--hours", type=click.IntRange(1, 168), default=4, help="How long they are compared.")
@click.option(
    "--winner-by",
    type=click.Choice(["clicks", "purchases", "opens"]),
    default="clicks",
    help="What makes a version better.",
)
@click.option("--ask", is_flag=True, help="Ask what the rest gets, instead of sending the winner.")
@json_option
def create(
    topics: tuple[str, ...],
    subject: str,
    body: Path,
    segment: str,
    name: str,
    language: str,
    channel: str,
    link: str,
    subject_b: str,
    share: int,
    hours: int,
    winner_by: str,
    ask: bool,
) -> None:
    """Make a campaign, of one version or of two."""
    purpose, *also = _topics(topics)
    words = text_of(body, "--body")
    text = CampaignText(
        name=name or subject,
        subject=subject,
        body=words.strip() if channel == Channel.PUSH else words,
        link=link,
        body_kind=_KINDS.get(body.suffix.lower(), "markdown"),
        language=language,
        segment=segment,
        also=tuple(each.id for each in also),
    )
    two = {"percent": share, "hours": hours, "asks": ask}
    facts = AbFacts("subject", winner_by, subject_b, **two) if subject_b else None  # type: ignore[arg-type]
    try:
        with transaction.atomic():
            campaign = create_campaign(
                purpose=purpose,
                text=text,
                at=timezone.now(),
                actor=Actor.system(),
                channel=Channel(channel),
            )
            if facts:
                set_up_test(
                    campaign_id=campaign.id, facts=facts, at=timezone.now(), actor=Actor.system()
                )
    except CampaignRefused as refusal:
        refuse(refusal.sentence, reason=refusal.field or "refused")
    answer({"id": campaign.id})


def _topics(slugs: tuple[str, ...]) -> list[Purpose]:
    """These topics, in this order."""
    found = [topic_by_slug(each) for each in slugs]
    known = [each for each in found if each is not None]
    if len(known) != len(found):
        refuse("There is no topic with this name.", reason="unknown-topic")
    return known


@command.command()
@click.argument("id")
@click.option("--outside", is_flag=True, help="Look at the links and at the DNS too.")
@json_option
def preflight(id: str, outside: bool) -> None:
    """Say what would happen."""
    campaign = _campaign(id)
    found = preflight_campaign(campaign, at=timezone.now())
    warnings = found.warnings
    if outside:
        warnings = [each for each in warnings if each.code not in ASKED_OUTSIDE]
        warnings += findings_outside(campaign)
    answer(
        {
            "selected": found.selected,
            "may_be_mailed": found.may_be_mailed,
            "not": {str(reason): count for reason, count in found.reasons.items()},
            "blocking": [
                {"code": str(each.code), "text": each.sentence} for each in found.blocking
            ],
            "warnings": [{"code": str(each.code), "text": each.sentence} for each in warnings],
        }
    )


@command.command()
@click.argument("id")
@click.option("--wait", is_flag=True, help="Return when everything has been handed over.")
@click.option(
    "--at",
    "moment",
    default="",
    help="Have it start then: 2026-12-01T09:00, by the clock in Amsterdam, or with an offset.",
)
@click.option(
    "--own-clock", is_flag=True, help="With --at: at that hour where each lives, by their country."
)
@click.option("--spread", default="", help="Evenly over so many hours: 4h.")
@click.option(
    "--registers",
    type=click.Choice(["checked", "not-checked"]),
    default=None,
    help="Of letters by post: whether the addresses were held against Postfilter.",
)
@json_option
def send(
    id: str, wait: bool, moment: str, own_clock: bool, spread: str, registers: str | None
) -> None:
    """Send it. With --wait, this process does the work itself when no worker is about."""
    campaign = _campaign(id)
    if moment and wait:
        raise click.UsageError("--wait goes with sending now, not with --at.")
    if own_clock and not moment:
        raise click.UsageError("--own-clock goes with --at.")
    starts_at = _moment(moment)
    minutes = _minutes(spread)
    try:
        if starts_at is not None:
            plan_campaign(
                campaign_id=campaign.id,
                starts_at=starts_at,
                at=timezone.now(),
                actor=Actor.system(),
                spread_minutes=minutes,
                by_own_clock=own_clock,
                registers=registers or "",
            )
            campaign = _campaign(id)
        elif AbTest.objects.filter(campaign=campaign).exists():
            start_test(
                campaign_id=campaign.id,
                at=timezone.now(),
                actor=Actor.system(),
                spread_minutes=minutes,
            )
            campaign = _campaign(id)
        else:
            campaign = send_campaign(
                campaign_id=campaign.id,
                at=timezone.now(),
                actor=Actor.system(),
                spread_minutes=minutes,
                registers=registers or "",
            )
    except CampaignRefused as refusal:
        unsaid = refusal.codes if "registers-not-said" in refusal.codes else ("refused",)
        refuse(refusal.sentence, reason=refusal.field or unsaid[0])
    if wait:
        for dispatch_id in _runs(campaign):
            _work(dispatch_id)
    _status(campaign)


def _runs(campaign: Campaign) -> list[UUID]:
    """The runs of a campaign: one, or those of its versions and of the rest."""
    test = AbTest.objects.filter(campaign=campaign).select_related("other", "rest").first()
    letters = [campaign, test.other, test.rest] if test else [campaign]
    return [each.dispatch_id for each in letters if each and each.dispatch_id]


def _moment(text: str) -> datetime | None:
    """A typed moment; refuses one that does not exist, is past, or comes twice without offset."""
    if not text:
        return None
    day, _t, clock = text.partition("T")
    try:
        exact = datetime.fromisoformat(text)
    except ValueError:
        exact = None
    if exact is not None and exact.tzinfo is not None:
        found = judge_moment(exact.astimezone(UTC), now=timezone.now())
    else:
        found = plan_at(day, clock, now=timezone.now())
    if found.problem is not None:
        refuse(_PROBLEMS[found.problem], reason=found.problem.value)
    return found.at


def _minutes(text: str) -> int:
    """A typed length of time (4h, 90m); 0 when none was typed."""
    if not text:
        return 0
    number, unit = text[:-1], text[-1]
    length = int(number) * (60 if unit == "h" else 1) if number.isdigit() else 0
    if unit not in "hm" or not 1 <= length <= 60 * LONGEST_SPREAD:
        raise click.UsageError("--spread is a number of hours from 1h to 72h, or of minutes: 90m.")
    return length


def _is_ready_to_print(dispatch_id: UUID) -> bool:
    """Letters by post that are made: they wait for whoever prints them."""
    return Dispatch.objects.filter(
        id=dispatch_id, channel=Channel.POST, state=Dispatch.State.READY
    ).exists()


def _work(dispatch_id: UUID) -> None:
    """Drain the dispatch beside whatever workers there are, until it has ended."""
    worker = uuid4()
    while True:
        report = run_dispatch(dispatch_id, worker_id=worker)
        state = dispatch_figures(dispatch_id).state
        if state not in (Dispatch.State.READY, Dispatch.State.RUNNING):
            return
        if _is_ready_to_print(dispatch_id):
            return
        # What was deferred, another worker's batch, or what must wait for its turn.
        time.sleep(5 if report.waits_until else 0.2)


@command.command()
@click.argument("id")
@click.option("--output", required=True, type=click.Path(path_type=Path), help="The PDF to write.")
@click.option("--addresses", type=click.Path(path_type=Path), help="Also the addresses, as CSV.")
@click.option("--printer", default="", help="Which company prints them; empty: you yourself.")
@click.option("--contract", is_flag=True, help="There is a processing agreement with it.")
@json_option
def letters(id: str, output: Path, addresses: Path | None, printer: str, contract: bool) -> None:
    """Write the letters by post that are ready to print."""
    run_id = _campaign(id).dispatch_id
    chosen = Printer(printer, contract)
    try:
        found = write_letters(run_id, output=output, addresses=addresses, printer=chosen)
    except DispatchRefused as refusal:
        refuse(refusal.sentence, reason=refusal.code)
    answer(found)


@command.command("handed-over")
@click.argument("id")
@click.option("--took-out", is_flag=True, help="Letters of who stopped since are out of the pile.")
@json_option
def handed_over(id: str, took_out: bool) -> None:
    """Say that the letters by post were printed and given to the post."""
    campaign = _campaign(id)
    try:
        say_handed_over(campaign.dispatch_id, took_out=took_out)
    except DispatchRefused as refusal:
        refuse(refusal.sentence, reason=refusal.code)
    _status(campaign)


@command.command()
@click.argument("id")
@json_option
def status(id: str) -> None:
    """Where it stands."""
    _status(_campaign(id))


@command.command()
@click.argument("id")
@click.option(
    "--days", type=click.Choice(["7", "14", "30"]), default="14", help="How long sales count."
)
@json_option
def results(id: str, days: str) -> None:
    """What became of it: delivered, returned, pressed, stopped, bought.

    A figure about fewer than five people is null.
    """
    campaign = _campaign(id)
    if campaign.dispatch_id is None:
        refuse("This letter was not sent.", reason="not-sent")
    answer(results_of(campaign, at=timezone.now(), days=int(days)).as_json())


def _status(campaign: Campaign) -> None:
    if campaign.dispatch_id is None:
        plan = campaign.planned
        answer(
            {
                "state": _STATES[Plan.State(plan.state)] if plan else "draft",
                "starts_at": plan.starts_at if plan else None,
                "problems": plan.problems if plan else [],
                "audience": 0,
                "sent": 0,
                "failed": 0,
                "skipped": {},
                "uncertain": 0,
                "due": 0,
                "in_hand": 0,
            }
        )
        return
    answer(_counted(campaign))


def _counted(campaign: Campaign) -> dict[str, Any]:
    """The accounting over all runs of a campaign; with two versions, how these stand besides."""
    runs = [dispatch_figures(each) for each in _runs(campaign)]
    first = next((each for each in runs if each.remaining), runs[0])
    numbers = ("audience", "sent", "failed", "uncertain", "due", "made")
    found: dict[str, Any] = {"state": first.state}
    found |= {name: sum(getattr(each, name) for each in runs) for name in numbers}
    found["in_hand"] = sum(each.claimed for each in runs)
    found["skipped"] = dict(sum((Counter(each.skipped) for each in runs), Counter()))
    found["waiting"] = dict(sum((Counter(each.waiting) for each in runs), Counter()))
    found |= {"waits_for": first.waits_for, "waits_until": first.waits_until}
    test = (
        AbTest.objects.filter(campaign=campaign).select_related("campaign", "other", "rest").first()
    )
    return found | ({"ab": ab_figures(test, at=timezone.now()).as_json()} if test else {})
