"""`akkoord retention`: what is due by which rule, and the clean-up itself."""

from datetime import date, datetime

import click
from django.utils import timezone

from akkoord.cli.output import answer, json_option, refuse
from akkoord.law.terms import law_day
from akkoord.retention.actions import CleanUp, clean_up
from akkoord.retention.plan import Plan, plan_of
from akkoord.retention.run import CleanUpUnderWay
from akkoord.trail.actions import Actor

_day = click.option(
    "--as-of",
    type=click.DateTime(formats=["%Y-%m-%d"]),
    metavar="DATE",
    help="Look ahead: what would be due on that day.",
)


@click.group(name="retention")
def command() -> None:
    """What is due, and the nightly clean-up."""


@command.command()
@_day
@json_option
def plan(as_of: datetime | None) -> None:
    """Per rule how many are due now and within 7, 30 and 90 days. Changes nothing."""
    found = plan_of(today=_looked_at(as_of), at=timezone.now())
    answer(_as_data(found), _as_text(found))


@command.command()
@_day
@click.option("--dry-run", is_flag=True, help="Say what would go; change nothing.")
@json_option
def run(as_of: datetime | None, dry_run: bool) -> None:
    """Clean up now, as every night. Goes on where one was cut short."""
    today = _looked_at(as_of)
    if dry_run:
        found = plan_of(today=today, at=timezone.now())
        answer(_as_data(found), _as_text(found))
        return
    if today != law_day(timezone.now()):
        refuse(
            "A day ahead is for looking only: what is not due today does not go today. "
            "Add --dry-run, or leave --as-of out.",
            reason="as-of-is-for-looking",
        )
    try:
        done = clean_up(at=timezone.now(), actor=Actor.system())
    except CleanUpUnderWay:
        refuse("Somebody is cleaning up already. Try again in a moment.", reason="under-way")
    data = _done(done)
    answer(data, _done_text(done))


def _looked_at(as_of: datetime | None) -> date:
    """The day to look at; a day that is past cannot be looked at: what was due then has gone."""
    today = law_day(timezone.now())
    if as_of is not None and as_of.date() < today:
        raise click.BadParameter("This day is past.", param_hint="--as-of")
    return as_of.date() if as_of is not None else today


def _as_data(found: Plan) -> list[dict[str, object]]:
    """One object per rule: `rule`, `due`, `action`, and what else the plan knows."""
    return [
        {
            "rule": each.key,
            "due": each.due[0],
            "action": each.effect,
            "within": dict(zip(("7", "30", "90"), each.due[1:], strict=True)),
            "waits": each.waits,
            "held": each.held,
            "stays": each.stays,
            "term": each.term_words,
            "missing": each.is_missing,
        }
        for each in found.lines
    ]


def _as_text(found: Plan) -> str:
    lines = [f"On {found.today.isoformat()}: rule, due now, in 7, 30, 90 days, what happens"]
    for each in found.lines:
        numbers = " ".join(f"{number:>6}" for number in each.due)
        note = "  NO RULE" if each.is_missing else ""
        lines.append(f"{each.key:<40} {numbers}  {each.effect}{note}")
    return "\n".join(lines)


def _done(done: CleanUp) -> dict[str, object]:
    return {
        "reference": done.run.reference,
        "forgotten": done.forgotten,
        "reduced": done.reduced,
        "emptied": done.emptied,
        "restricted": done.restricted,
        "expired": done.expired_sign_ups,
        "waiting": done.waiting,
        "stores": done.stores,
    }


def _done_text(done: CleanUp) -> str:
    return (
        f"{done.run.reference}: {done.forgotten} forgotten, {done.reduced} reduced to the proof, "
        f"{done.emptied} lost a field, {done.waiting} wait for the owner."
    )
