"""`akkoord checkup`: how the duties stand, and what to do next."""

from typing import Any

import click
from django.utils import timezone

from akkoord.checkup.points import Seen
from akkoord.checkup.queries import CheckUp, check_up
from akkoord.cli.output import answer, json_option


@click.command()
@json_option
def command() -> None:
    """Look at everything now: the score, the duties, and the three next things to do."""
    found = check_up(at=timezone.now())
    answer(_as_data(found), _as_text(found))


def _as_data(found: CheckUp) -> dict[str, Any]:
    return {
        "score": found.score,
        "duties": [
            {
                "duty": each.duty.value,
                "article": each.article,
                "score": each.score,
                "points": [_point(seen) for seen in each.seen],
            }
            for each in found.duties
        ],
        "actions": [_point(seen) for seen in found.actions],
    }


def _point(seen: Seen) -> dict[str, Any]:
    return {
        "key": seen.key,
        "title": str(seen.title),
        "state": seen.finding.state.value,
        "evidence": seen.finding.evidence,
        "article": seen.article,
        "url": seen.finding.url or None,
        "question": seen.is_question,
    }


def _as_text(found: CheckUp) -> str:
    lines = [f"{found.score} of 100."]
    for each in found.duties:
        lines.append(f"{each.duty.value} ({each.article}): {each.score}")
        lines += [
            f"  {seen.finding.state.value:10} {seen.title}: {seen.finding.evidence}"
            for seen in each.seen
        ]
    lines.append("Next:")
    lines += [f"  {each.title}: {each.finding.evidence}" for each in found.actions]
    return "\n".join(lines)
