"""What must hold before a hand-over (INV-21, 22, 25-28)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from akkoord.law.reasons import Reason
from akkoord.law.sending_rules import (
    MarketingMail,
    is_loopback_host,
    is_public_https,
    judge_base_url,
    judge_freshness,
    judge_marketing_mail,
    judge_referral,
    judge_service_message,
)

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
BOTH = frozenset({"List-Unsubscribe", "List-Unsubscribe-Post", "From"})
MAIL = MarketingMail(True, True, True, True, True, BOTH, False, False)


@pytest.mark.parametrize(
    ("seconds", "reason"),
    [(0, None), (2, None), (2.001, Reason.LATE_GATE), (-0.001, Reason.LATE_GATE)],
)
def test_inv25_a_check_is_good_for_two_seconds(seconds: float, reason: Reason | None) -> None:
    """After that the gate is asked again."""
    assert judge_freshness(NOW - timedelta(seconds=seconds), at=NOW).reason is reason


@pytest.mark.parametrize(
    ("host", "inside"),
    [
        ("127.0.0.1", True),
        ("127.1.2.3", True),
        ("[::1]", True),
        ("Localhost.", True),
        ("smtp.example.nl", False),
        ("192.0.2.1", False),
        ("", False),
    ],
)
def test_which_mail_servers_are_on_this_machine(host: str, inside: bool) -> None:
    """Loopback only; in doubt mail can leave."""
    assert is_loopback_host(host) is inside


@pytest.mark.parametrize(
    ("url", "public"),
    [
        ("https://crm.example.nl/", True),
        ("https://crm.example.nl.:8443", True),
        ("https://8.8.8.8/", True),
        ("http://crm.example.nl/", False),
        ("https://localhost:8000", False),
        ("https://laptop.local", False),
        ("https://laptop", False),
        ("https://192.168.1.4/", False),
        ("https://[::1]/", False),
        ("https://[broken", False),
        ("https://", False),
        ("", False),
    ],
)
def test_which_addresses_reach_us_from_anywhere(url: str, public: bool) -> None:
    """Https, and a name or address of the public net."""
    assert is_public_https(url) is public


@pytest.mark.parametrize(
    ("url", "smtp", "reason"),
    [
        ("http://127.0.0.1:8000", None, None),
        ("http://127.0.0.1:8000", "localhost", None),
        ("http://127.0.0.1:8000", "smtp.example.nl", Reason.NOT_PUBLIC_URL),
        ("https://crm.example.nl", "smtp.example.nl", None),
    ],
)
def test_a_withdrawal_link_to_a_laptop_is_none(
    url: str, smtp: str | None, reason: Reason | None
) -> None:
    """Mail that can leave needs links that can come back."""
    assert judge_base_url(url, smtp).reason is reason


@pytest.mark.parametrize(
    ("mail", "reason"),
    [
        (MAIL, None),
        (replace(MAIL, has_sender=False), Reason.NO_SENDER),
        (replace(MAIL, has_postal_contact=False), Reason.NO_SENDER),
        (replace(MAIL, has_visible_unsubscribe=False), Reason.NO_UNSUBSCRIBE),
        (replace(MAIL, has_unsubscribe_headers=False), Reason.NO_UNSUBSCRIBE_HEADERS),
        (
            replace(MAIL, signed_headers=frozenset({"List-Unsubscribe"})),
            Reason.UNSUBSCRIBE_NOT_SIGNED,
        ),
        (replace(MAIL, signed_headers=BOTH - {"From"}), None),
        (replace(MAIL, is_dkim_on=False, signed_headers=frozenset()), None),
        (replace(MAIL, has_tracking=True), Reason.TRACKING_WITHOUT_CONSENT),
        (replace(MAIL, has_tracking=True, has_tracking_consent=True), None),
    ],
)
def test_inv21_22_28_a_marketing_mail_is_whole(mail: MarketingMail, reason: Reason | None) -> None:
    """Each part one by one."""
    assert judge_marketing_mail(mail).reason is reason


@pytest.mark.parametrize(
    ("reward", "seen", "suppressed", "reason"),
    [
        (False, True, False, None),
        (True, True, False, Reason.REWARD_FOR_SHARING),
        (False, False, False, Reason.NOT_PREVIEWED),
        (False, True, True, Reason.SUPPRESSED),
    ],
)
def test_inv27_letters_to_friends(
    reward: bool, seen: bool, suppressed: bool, reason: Reason | None
) -> None:
    """No reward, seen first, and never to who said no."""
    verdict = judge_referral(has_reward=reward, is_previewed=seen, is_suppressed=suppressed)
    assert verdict.reason is reason


def test_inv26_an_offer_makes_it_marketing() -> None:
    """One banner is enough."""
    assert judge_service_message(has_promotion=False)
    verdict = judge_service_message(has_promotion=True)
    assert verdict.reason is Reason.PROMOTION_IN_SERVICE_MESSAGE
