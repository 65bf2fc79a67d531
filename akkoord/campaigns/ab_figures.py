"""What two versions did, and what may be said of it: a bounded number of statements.

A figure about fewer than five people is not shown: it would be about somebody (art. 5(1)(c)).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from akkoord.campaigns.ab_models import AbTest
from akkoord.campaigns.models import Campaign
from akkoord.campaigns.significance import FEWEST, Outcome, Share, Verdict, as_people, compare
from akkoord.messages.queries import DispatchFigures, dispatch_figures
from akkoord.web.numbers import in_words

# Question: how often were the links of these runs pressed by people? Index messages_link_place.
_PRESSES = """
SELECT l.dispatch_id, sum(c.n) FROM messages_link l
  JOIN messages_linkcount c ON c.link_id = l.id AND c.kind = 'press'
 WHERE l.dispatch_id = ANY(%(runs)s) AND c.hour <= %(until)s
 GROUP BY 1
"""
# Question: how many of those whom these runs reached bought something since? Frozen records do not
# count (INV-38). Index people_purchase_last.
_BUYERS = """
SELECT m.dispatch_id, count(DISTINCT m.person_id) FROM messages_message m
  JOIN people_person f ON f.id = m.person_id AND f.restricted_at IS NULL
 WHERE m.dispatch_id = ANY(%(runs)s) AND m.state = 'sent' AND EXISTS (
   SELECT 1 FROM people_purchase p
    WHERE p.person_id = m.person_id AND p.reversed_on IS NULL AND p.created_at > m.outcome_at
      AND p.created_at <= %(until)s
      AND p.bought_on >= (m.outcome_at AT TIME ZONE 'Europe/Amsterdam')::date)
 GROUP BY 1
"""
# Question: of those whom these runs reached and who let us see it, how many are there, and how many
# opened the letter? Index messages_hit_run.
_OPENERS = """
SELECT m.dispatch_id, count(*), count(*) FILTER (WHERE EXISTS (
         SELECT 1 FROM messages_hit h WHERE h.message_id = m.id AND h.what = 'open'
            AND h.kind = 'press' AND h.at <= %(until)s))
  FROM messages_message m
 WHERE m.dispatch_id = ANY(%(runs)s) AND m.state = 'sent' AND EXISTS (
   SELECT 1 FROM consent_standing s JOIN register_purpose p ON p.id = s.purpose_id AND p.measures
    WHERE s.person_id = m.person_id AND s.state IN ('given', 'confirmed'))
 GROUP BY 1
"""


@dataclass(frozen=True, slots=True)
class Version:
    """One version: its letter, how it stands, and what it is judged by.

    `share`: what is compared, in people; `presses`: as they were counted.
    """

    key: str
    campaign: Campaign
    figures: DispatchFigures | None
    share: Share
    presses: int = 0

    @property
    def is_hidden(self) -> bool:
        """Whether it reached so few that a figure would be about somebody."""
        return self.share.of < FEWEST

    @property
    def hits(self) -> int | None:
        """What was counted; None: fewer than five, so it is not shown."""
        n = self.presses or self.share.hits
        return None if self.is_hidden or 0 < n < FEWEST else n

    @property
    def percent(self) -> float | None:
        """In hundredths of who got it; None: not shown."""
        return None if self.hits is None or not self.share.of else self.hits / self.share.of * 100


@dataclass(frozen=True, slots=True)
class AbFigures:
    """Both versions with what may be said of them, and how the rest stands."""

    test: AbTest
    a: Version
    b: Version
    verdict: Verdict
    rest: DispatchFigures | None

    @property
    def runs(self) -> list[DispatchFigures]:
        """What left or is leaving: both versions and the rest."""
        return [each for each in (self.a.figures, self.b.figures, self.rest) if each]

    @property
    def sent(self) -> int:
        """Over both versions and the rest; nobody stands in two of them."""
        return sum(each.sent for each in self.runs)

    @property
    def not_sent(self) -> int:
        """Skipped, failed or uncertain, over all."""
        return sum(sum(each.skipped.values()) + each.failed + each.uncertain for each in self.runs)

    @property
    def remaining(self) -> int:
        """Still to leave, over all."""
        return sum(each.remaining for each in self.runs)

    @property
    def is_live(self) -> bool:
        """Whether figures still change by sending."""
        return self.test.state == AbTest.State.RUNNING or any(
            each.state in ("ready", "running") or each.claimed for each in self.runs
        )

    def as_json(self) -> dict[str, Any]:
        """For the command."""
        return {
            "state": self.test.state,
            "what": self.test.what,
            "measure": self.test.measure,
            "decides_at": self.test.decides_at,
            "outcome": self.test.outcome or self.verdict.outcome,
            "p": None if self.verdict.outcome == Outcome.TOO_FEW else round(self.verdict.p, 6),
            "winner": self.test.winner,
            "versions": [
                {"version": each.key, "sent": each.share.of, "hits": each.hits}
                for each in (self.a, self.b)
            ],
            "rest": self.rest.as_json() if self.rest else None,
            "together": {
                "sent": self.sent,
                "not_sent": self.not_sent,
                "remaining": self.remaining,
            },
        }


def ab_figures(test: AbTest, *, at: datetime) -> AbFigures:
    """How a test stands; eight statements at most."""
    letters = {"a": test.campaign, "b": test.other}
    runs = {key: each.dispatch_id for key, each in letters.items() if each.dispatch_id}
    stand = {key: dispatch_figures(run, at=at) for key, run in runs.items()}
    counted = _counted(test, list(runs.values()), test.decided_at or at)
    versions = {}
    for key, letter in letters.items():
        figures = stand.get(key)
        sent = figures.sent if figures else 0
        of, n = counted.get(runs.get(key, UUID(int=0)), (sent, 0))
        if test.measure == AbTest.Measure.CLICKS:
            share = Share(as_people(n, sent), sent)
            versions[key] = Version(key, letter, figures, share, presses=n)
        else:
            versions[key] = Version(key, letter, figures, Share(n, of))
    rest = test.rest.dispatch_id if test.rest else None
    return AbFigures(
        test,
        versions["a"],
        versions["b"],
        compare(versions["a"].share, versions["b"].share),
        dispatch_figures(rest, at=at) if rest else None,
    )


def _counted(test: AbTest, runs: list[UUID], until: datetime) -> dict[UUID, tuple[int, int]]:
    """Of each run how many count, and how often it was what the test looks at."""
    values: dict[str, Any] = {"runs": runs, "until": until}
    with connection.cursor() as cursor:
        if test.measure == AbTest.Measure.OPENS:
            cursor.execute(_OPENERS, values)
            return {run: (int(of), int(n)) for run, of, n in cursor.fetchall()}
        cursor.execute(_PRESSES if test.measure == AbTest.Measure.CLICKS else _BUYERS, values)
        found = {run: int(n) for run, n in cursor.fetchall()}
    sent = {run: dispatch_figures(run).sent for run in runs}
    return {run: (sent[run], n) for run, n in found.items()}


def verdict_sentence(found: AbFigures) -> str:
    """What may be said now, in plain words."""
    verdict, test = found.verdict, found.test
    if verdict.outcome == Outcome.TOO_FEW:
        return _("Too little yet to say anything.")
    if verdict.outcome == Outcome.NO_DIFFERENCE:
        return _(
            "No version did clearly better. A difference like this is there by chance in more than "
            "1 of 20 comparisons."
        )
    better = {
        test.Measure.CLICKS: _("Version {version} is pressed more often."),
        test.Measure.PURCHASES: _("After version {version} more people buy."),
        test.Measure.OPENS: _(
            "Version {version} is opened more often, as far as that can be seen."
        ),
    }[test.Measure(test.measure)].format(version=verdict.outcome.upper())
    chance = min(verdict.one_in, 10_000)
    sure = _("By chance such a difference is there in at most 1 of {n} comparisons.").format(
        n=in_words(chance)
    )
    return f"{better} {sure}"


def rest_sentence(test: AbTest) -> str:
    """What happens with the rest, or happened, in a sentence."""
    if not test.has_rest:
        return _("Everybody got one of both versions, so there is no rest.")
    if test.rest_id and test.winner == test.outcome:
        return _("The rest got version {version}.").format(version=test.winner.upper())
    if test.rest_id and test.outcome not in ("a", "b") and not test.asks:
        return _("There was no winner, so the rest got version {version}.").format(
            version=test.winner.upper()
        )
    if test.rest_id:
        return _("You chose version {version} for the rest.").format(version=test.winner.upper())
    if test.state == AbTest.State.DONE:
        return _("You stopped it. The rest got nothing.")
    if test.state == AbTest.State.ASKS:
        return _("The rest waits for your choice.")
    if test.asks:
        return _("After that you choose what the rest gets.")
    if test.without_winner == AbTest.Without.A:
        return _("After that the rest gets the winner. Without a winner it gets version A.")
    return _("After that the rest gets the winner. Without a winner you choose.")
