"""Tell a friend: what makes a tip spam (OPTA/CBP 2008, Tw 11.7; invariant 27).

`judge_referral` of `sending_rules` decides on one letter; here stands what counts as a reward, and
what a customer may write beside it.
"""

from __future__ import annotations

import re

from akkoord.law.decisions import Decision, first_refusal
from akkoord.law.reasons import Reason

_REWARD = re.compile(
    r"\b(korting\w*|gratis|cadeau\w*|kado\w*|bonus\w*|belon\w*|spaarpunt\w*|tegoed\w*|voucher\w*|"
    r"waardebon\w*|cashback|prijsvraag|winactie|verloting|loten|win\b|winnen|kans op|maak kans|"
    r"discount\w*|free|gift\w*|reward\w*|prize\w*|win a|chance to|credit|points)|"
    r"\d+\s*%|[€$£]\s*\d",
    re.IGNORECASE,
)
_LINK = re.compile(
    r"https?:|www\.|\w@\w|\b[\w-]+\.(nl|com|org|net|eu|be|de|io|shop)\b", re.IGNORECASE
)
MOST_WORDS = 300  # characters of the sender's own words
MOST_NAME = 60


def promises_reward(text: str) -> bool:
    """Whether a text speaks of something to be had for sharing: a discount, a gift, a chance.

    Errs on the strict side: a false yes costs another word, a false no makes the mail spam.
    """
    return _REWARD.search(text) is not None


def has_link(text: str) -> bool:
    """Whether a text holds an address of the web or of mail, which nobody's tip needs."""
    return _LINK.search(text) is not None


def judge_programme(*, is_mail_on: bool, mail_words: str, reward: str) -> Decision:
    """Whether an organisation may offer this: with the mail on, no reward anywhere (INV-27)."""
    has_reward = bool(reward.strip()) or promises_reward(mail_words)
    return first_refusal((not (is_mail_on and has_reward), Reason.REWARD_FOR_SHARING))
