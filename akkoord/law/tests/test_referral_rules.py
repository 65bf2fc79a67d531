"""What counts as a reward for sharing, and what a customer may write beside it (INV-27)."""

import pytest

from akkoord.law.reasons import Reason
from akkoord.law.referral_rules import has_link, judge_programme, promises_reward


@pytest.mark.parametrize(
    "text",
    [
        "Uw vriend krijgt 10% korting",
        "Gratis beurt bij de eerste fiets",
        "U maakt kans op een fiets",
        "Spaar tegoed",
        "€ 5 voor u",
        "Win een helm",
        "You both get a discount",
        "A chance to win",
        "A GIFT for you",
    ],
)
def test_inv27_what_somebody_can_earn_or_win_is_a_reward(text: str) -> None:
    assert promises_reward(text)


@pytest.mark.parametrize(
    "text",
    [
        "Wij verkopen en repareren fietsen in Utrecht.",
        "De beste winkel van het dorp, al dertig jaar.",
        "Winkel en werkplaats",
        "Windkracht 8 en toch op de fiets",
        "We mend bicycles while you wait.",
    ],
)
def test_a_plain_recommendation_is_none(text: str) -> None:
    assert not promises_reward(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("kijk op https://example.nl", True),
        ("www.example.nl", True),
        ("mail mij: a@example.nl", True),
        ("fietsen.nl is leuk", True),
        ("Dat is leuk. Echt waar.", False),
    ],
)
def test_links_are_seen(text: str, found: bool) -> None:
    assert has_link(text) is found


@pytest.mark.parametrize(
    ("is_mail_on", "words", "reward", "allowed"),
    [
        (True, "Goede fietsen.", "", True),
        (True, "Goede fietsen.", "een helm", False),
        (True, "Met korting.", "", False),
        (False, "Met korting.", "een helm", True),
    ],
)
def test_inv27_no_reward_beside_the_mail(
    is_mail_on: bool, words: str, reward: str, allowed: bool
) -> None:
    verdict = judge_programme(is_mail_on=is_mail_on, mail_words=words, reward=reward)
    assert bool(verdict) is allowed
    assert allowed or verdict.reason is Reason.REWARD_FOR_SHARING
