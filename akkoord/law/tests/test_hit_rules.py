"""Presses told from machines that look ahead."""

import pytest

from akkoord.law.hit_rules import HitKind, is_burst, judge_hit, judge_open

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.mark.parametrize(
    ("method", "headers", "kind"),
    [
        ("GET", {"user-agent": FIREFOX}, HitKind.PRESS),
        ("HEAD", {"user-agent": FIREFOX}, HitKind.AHEAD),
        ("GET", {"user-agent": FIREFOX, "sec-purpose": "prefetch;prerender"}, HitKind.AHEAD),
        ("GET", {"user-agent": FIREFOX, "purpose": "prefetch"}, HitKind.AHEAD),
        ("GET", {"user-agent": FIREFOX, "x-purpose": "preview"}, HitKind.AHEAD),
        ("GET", {"user-agent": FIREFOX, "x-moz": "prefetch"}, HitKind.AHEAD),
        ("GET", {}, HitKind.PRESS),  # says nothing of itself: no ground to count it out
        ("GET", {"user-agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"}, HitKind.AHEAD),
        ("GET", {"user-agent": "Barracuda Sentinel (EE)"}, HitKind.AHEAD),
        ("GET", {"user-agent": "Mozilla/5.0 (Robothome) Gecko/1"}, HitKind.PRESS),
        ("GET", {"user-agent": "Mozilla/5.0"}, HitKind.PRESS),
    ],
)
def test_a_press_and_a_machine(method: str, headers: dict[str, str], kind: HitKind) -> None:
    assert judge_hit(method=method, headers=headers) is kind


def test_apples_proxy_opens_ahead() -> None:
    assert judge_open(method="GET", headers={"user-agent": "Mozilla/5.0"}) is HitKind.AHEAD
    assert judge_open(method="GET", headers={"user-agent": FIREFOX}) is HitKind.PRESS
    assert judge_open(method="HEAD", headers={"user-agent": FIREFOX}) is HitKind.AHEAD


@pytest.mark.parametrize(
    ("links", "seconds", "burst"), [(3, 0.4, True), (3, 1.4, False), (2, 0.1, False)]
)
def test_many_links_at_once_are_a_machine(links: int, seconds: float, *, burst: bool) -> None:
    assert is_burst(links, seconds) is burst
