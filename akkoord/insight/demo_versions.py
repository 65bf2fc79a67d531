"""The demo's letter with two subjects: compared on a part of the people, judged, then the rest.

By the same hash, figures and test as any other; only the presses are made up.
"""

import random
from datetime import datetime, timedelta

from akkoord.campaigns.ab_figures import ab_figures
from akkoord.campaigns.ab_groups import REST, A, B, group_name
from akkoord.campaigns.ab_set_up import AbFacts, same_letter, set_up_test
from akkoord.campaigns.models import AbTest, Campaign
from akkoord.campaigns.significance import Outcome
from akkoord.insight.demo_history import id_at
from akkoord.insight.demo_letters import send_in_the_past
from akkoord.insight.demo_results import press_links
from akkoord.messages.groups import group_condition
from akkoord.messages.models import Dispatch
from akkoord.trail.actions import Actor

PERCENT, HOURS = 25, 4
SHARES = {A: (0.05, 0.07), B: (0.4, 0.45), REST: (0.2, 0.26)}  # the second subject is the better


def send_two_versions(
    campaign: Campaign, subject_b: str, dice: random.Random, *, sent_at: datetime, actor: Actor
) -> list[Dispatch]:
    """Both versions, the verdict four hours later and the rest; the three runs."""
    facts = AbFacts(
        what=AbTest.What.SUBJECT,
        measure=AbTest.Measure.CLICKS,
        subject_b=subject_b,
        percent=PERCENT,
        hours=HOURS,
    )
    test = set_up_test(campaign_id=campaign.id, facts=facts, at=campaign.created_at, actor=actor)
    key = id_at(sent_at, dice)  # who gets which version is the same for the same seed
    AbTest.objects.filter(id=test.id).update(id=key)
    test.id = key
    decided = sent_at + timedelta(hours=HOURS)
    test.state = AbTest.State.RUNNING
    test.started_at = test.b_starts_at = sent_at
    test.decides_at = decided
    letters = {A: campaign, B: test.other}
    runs = [_send(test, letters[part], part, dice, at=sent_at, actor=actor) for part in (A, B)]
    Campaign.objects.filter(id__in=[campaign.id, test.other_id]).update(left_archive_at=sent_at)
    found = ab_figures(_with_letters(test, letters), at=decided)
    test.decided_at, test.state = decided, AbTest.State.DONE
    test.outcome, test.p = found.verdict.outcome.value, found.verdict.p
    test.winner = test.outcome if test.outcome in (Outcome.A, Outcome.B) else A
    test.rest = same_letter(
        letters[test.winner], Campaign.Part.REST, "{name} (rest)", at=decided, actor=actor
    )
    test.save()
    runs.append(_send(test, test.rest, REST, dice, at=decided, actor=actor))
    return runs


def _with_letters(test: AbTest, letters: dict[str, Campaign]) -> AbTest:
    """The test with both letters as they are by now."""
    test.campaign, test.other = letters[A], letters[B]
    return test


def _send(
    test: AbTest, letter: Campaign, part: str, dice: random.Random, *, at: datetime, actor: Actor
) -> Dispatch:
    """One part of it, and who pressed in the days after."""
    within = group_condition(group_name(test, part), letter.purpose, at)
    run = send_in_the_past(letter, at=at, actor=actor, within=within)
    press_links(run, dice, at=at + timedelta(days=3), share=SHARES[part])
    return run
