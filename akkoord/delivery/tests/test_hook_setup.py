"""Reports are set up at each provider by its own interface, read back, and looked at again."""

import hmac
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from django.utils import timezone

from akkoord.delivery import hook_setup
from akkoord.delivery.hook_actions import make_hook
from akkoord.delivery.hook_queries import hook_rows
from akkoord.delivery.hook_secrets import drop_hook_secret, hook_secret
from akkoord.delivery.hook_setup import hook_prefix, look_at_hook, look_at_hooks, set_up_hook
from akkoord.delivery.hooks.told import Post
from akkoord.delivery.models import ProviderHook
from akkoord.delivery.provider_actions import enter_provider
from akkoord.delivery.server_actions import ServerRefused
from akkoord.delivery.tests.provider_service import (
    KEY,
    NAMES,
    REGIONS,
    ProviderService,
    provider_service,
    reply,
)
from akkoord.messages.hook_events import HookUnknown, receive_post
from akkoord.trail.actions import Actor

pytestmark = pytest.mark.django_db
NOBODY = Actor.system()
PROVIDERS = ("brevo", "mailgun", "postmark", "ses")


@pytest.fixture(autouse=True)
def public(settings: Any) -> None:
    settings.BASE_URL = "https://akkoord.fietsen-jansen.nl"
    settings.SMTP_URL = ""
    for kind in PROVIDERS:
        drop_hook_secret(kind)


@pytest.fixture
def service() -> Iterator[ProviderService]:
    with provider_service() as found:
        yield found
        assert found.faults == []


def enter(kind: str, key: str = KEY) -> None:
    enter_provider(
        kind=kind,
        region=REGIONS[kind],
        name=NAMES[kind],
        key=key,
        weight=1,
        has_contract=True,
        is_unmeasured=True,
        at=timezone.now(),
        actor=NOBODY,
    )


def set_up(kind: str) -> str:
    return set_up_hook(provider=kind, at=timezone.now(), actor=NOBODY)


def addresses(service: ProviderService, kind: str) -> set[str]:
    """Where the provider reports to."""
    hooks = service.hooks
    if kind == "ses":
        (topic,) = hooks["topics"].values()
        return set(topic["subscriptions"].values())
    if kind == "mailgun":
        return {each for urls in hooks["mailgun"].values() for each in urls}
    return {each.get("url") or each.get("Url") for each in hooks[kind].values()}


def events(service: ProviderService, kind: str) -> set[str]:
    hooks = service.hooks
    if kind == "ses":
        return set(hooks["sets"]["akkoord"]["akkoord"]["MatchingEventTypes"])
    if kind == "mailgun":
        return {event for event, urls in hooks["mailgun"].items() if urls}
    if kind == "brevo":
        return set(hooks["brevo"][1]["events"])
    triggers = hooks["postmark"][1]["Triggers"]
    return {name for name, each in triggers.items() if each["Enabled"]}


DELIVERED = {
    "ses": "DELIVERY",
    "mailgun": "delivered",
    "postmark": "Delivery",
    "brevo": "delivered",
}
MEASURING = {"OPEN", "CLICK", "opened", "clicked", "Open", "Click", "click", "uniqueOpened"}


def test_the_prefix_is_that_of_the_address() -> None:
    for kind in PROVIDERS:
        path = reverse("messages_public:hook", args=[kind, "x"])
        assert urlsplit(hook_prefix(kind)).path + "x/" == path


@pytest.mark.parametrize("kind", PROVIDERS)
def test_one_press_sets_up_and_reads_back(kind: str, service: ProviderService) -> None:
    enter(kind)
    assert set_up(kind) == ""
    (address,) = addresses(service, kind)
    kept = hook_secret(kind)
    assert kept is not None
    secret = address.removeprefix(hook_prefix(kind)).strip("/")
    assert kept.fits(secret)
    assert not kept.also
    hook = ProviderHook.objects.get(provider=kind)
    assert hook.set_up_at is not None
    assert (hook.fault, hook.is_testing) == ("", True)
    assert DELIVERED[kind] in events(service, kind)
    assert not events(service, kind) & MEASURING
    (row,) = hook_rows()
    assert row.is_ready, "what it signs with is known, too"


@pytest.mark.parametrize("kind", PROVIDERS)
def test_again_changes_the_address_and_leaves_one(kind: str, service: ProviderService) -> None:
    enter(kind)
    set_up(kind)
    first = addresses(service, kind)
    assert set_up(kind) == ""
    second = addresses(service, kind)
    assert len(second) == 1
    assert not first & second


def test_addresses_of_others_stay(service: ProviderService) -> None:
    other = "https://anders.example.org/haak"
    service.hooks["mailgun"] = {"permanent_fail": [other], "opened": [other]}
    enter("mailgun")
    set_up("mailgun")
    assert other in service.hooks["mailgun"]["permanent_fail"]
    assert service.hooks["mailgun"]["opened"] == [other]
    assert len(service.hooks["mailgun"]["permanent_fail"]) == 2


def mailgun_event(at: datetime, event: str) -> Post:
    moment, token = str(int(at.timestamp())), "a" * 50
    signature = hmac.new(b"ondertekend", f"{moment}{token}".encode(), sha256).hexdigest()
    signed = {"timestamp": moment, "token": token, "signature": signature}
    said = {"signature": signed, "event-data": {"event": event, "id": "x"}}
    return Post(json.dumps(said).encode(), {}, at)


def test_a_signed_report_of_the_test_proves_it_and_deliveries_are_no_longer_asked(
    service: ProviderService,
) -> None:
    enter("mailgun")
    set_up("mailgun")
    now = timezone.now()
    (address,) = addresses(service, "mailgun")
    secret = address.removeprefix(hook_prefix("mailgun")).strip("/")
    assert look_at_hooks(at=now) == 0
    assert "delivered" in events(service, "mailgun"), "nothing came in yet"
    receive_post("mailgun", secret, mailgun_event(now, "delivered"))
    assert look_at_hook(provider="mailgun", at=now) == ""
    hook = ProviderHook.objects.get()
    assert hook.last_event_at == now
    assert not hook.is_testing
    assert events(service, "mailgun") == {"permanent_fail", "complained", "unsubscribed"}
    assert addresses(service, "mailgun") == {address}, "the same address"


@pytest.mark.parametrize("kind", ["brevo", "postmark", "ses"])
def test_after_the_first_report_only_what_is_of_use(kind: str, service: ProviderService) -> None:
    enter(kind)
    set_up(kind)
    before = addresses(service, kind)
    ProviderHook.objects.update(last_event_at=timezone.now())
    assert look_at_hook(provider=kind, at=timezone.now()) == ""
    assert DELIVERED[kind] not in events(service, kind)
    assert addresses(service, kind) == before


@pytest.mark.parametrize("kind", PROVIDERS)
def test_what_somebody_removes_there_is_noticed(kind: str, service: ProviderService) -> None:
    enter(kind)
    set_up(kind)
    service.hooks.clear()
    service.hooks["sets"] = {"akkoord": {}}
    assert look_at_hook(provider=kind, at=timezone.now()) == "hook-missing"
    (row,) = hook_rows()
    assert row.fault


def test_an_address_with_another_secret_is_not_ours(service: ProviderService) -> None:
    enter("brevo")
    set_up("brevo")
    make_hook(provider="brevo", at=timezone.now(), actor=NOBODY)
    assert look_at_hook(provider="brevo", at=timezone.now()) == "hook-missing"


def test_inv28_a_provider_that_measures_is_a_fault(service: ProviderService) -> None:
    for kind in ("brevo", "ses", "postmark"):
        enter(kind)
        assert set_up(kind) == ""
    service.figures = {"opens": 2}
    service.hooks["sets"]["akkoord"]["andere"] = {"MatchingEventTypes": ["OPEN"]}
    service.hooks["postmark"][2]["Triggers"]["Open"]["Enabled"] = True
    for kind in ("brevo", "ses", "postmark"):
        assert look_at_hook(provider=kind, at=timezone.now()) == "hook-measures", kind


def test_a_way_out_of_postmark_itself_is_switched_off(service: ProviderService) -> None:
    service.handling = "Postmark"
    enter("postmark")
    assert set_up("postmark") == ""
    assert service.handling == "Custom"


def test_a_key_that_may_only_send(service: ProviderService) -> None:
    enter("ses")
    service.setting = lambda _method, path: (
        (403, {}, b"<Code>AuthorizationError</Code>") if path == "/" else None
    )
    assert set_up("ses") == "hook-no-rights"
    (row,) = hook_rows()
    assert row.by_hand
    assert ProviderHook.objects.get().set_up_at is None


def test_without_the_signing_key_only_that_is_missing(service: ProviderService) -> None:
    service.setting = lambda _method, path: reply(403) if path.startswith("/v5/") else None
    enter("mailgun")
    assert set_up("mailgun") == "hook-no-proof"
    (row,) = hook_rows()
    assert not row.is_ready


@pytest.mark.parametrize("kind", PROVIDERS)
def test_a_failure_in_the_middle_leaves_the_old_address_working(
    kind: str, service: ProviderService
) -> None:
    enter(kind)
    set_up(kind)
    (old,) = addresses(service, kind)
    service.setting = lambda method, _path: reply(500, {}) if method in ("POST", "PUT") else None
    assert set_up(kind) in ("hook-refused", "hook-unreachable")
    kept = hook_secret(kind)
    assert kept is not None
    assert kept.fits(old.removeprefix(hook_prefix(kind)).strip("/"))
    service.setting = lambda _method, _path: None
    assert set_up(kind) == ""
    assert len(addresses(service, kind)) == 1


def test_sns_may_ask_us_to_confirm_while_we_are_still_busy(service: ProviderService) -> None:
    answered: list[bool] = []

    def confirm(endpoint: str, topic: str) -> None:
        kept = hook_secret("ses")
        secret = endpoint.removeprefix(hook_prefix("ses")).strip("/")
        answered.append(bool(kept and kept.fits(secret) and topic in kept.proof.split()))

    service.subscribed = confirm
    enter("ses")
    for _time in range(2):
        assert set_up("ses") == ""
    assert answered == [True, True]
    policy = json.loads(next(iter(service.hooks["topics"].values()))["Policy"])
    (allowed,) = policy["Statement"]
    assert allowed["Principal"] == {"Service": "ses.amazonaws.com"}
    assert allowed["Condition"] == {"StringEquals": {"AWS:SourceAccount": "123456789012"}}


def test_a_wrong_key_says_so(service: ProviderService) -> None:
    for kind in PROVIDERS:
        enter(kind, key="een-andere-sleutel")
        assert set_up(kind) in ("account-key", "hook-no-rights"), kind


def test_nobody_can_reach_us(settings: Any, service: ProviderService) -> None:
    settings.BASE_URL = "http://localhost:8000"
    enter("brevo")
    with pytest.raises(ServerRefused):
        set_up("brevo")
    assert not service.asked


def test_a_provider_that_hangs_does_not_hold_up_the_page(
    monkeypatch: pytest.MonkeyPatch, service: ProviderService
) -> None:
    monkeypatch.setattr(hook_setup, "PATIENCE", 0.3)
    enter("brevo")
    service.setting = lambda _method, _path: service.over.wait(3) and None  # type: ignore[func-returns-value]
    began = timezone.now()
    assert set_up("brevo") == "hook-unreachable"
    assert timezone.now() - began < timedelta(seconds=2)


def test_an_old_secret_no_longer_works(service: ProviderService) -> None:
    enter("postmark")
    set_up("postmark")
    (old,) = addresses(service, "postmark")
    set_up("postmark")
    with pytest.raises(HookUnknown):
        receive_post(
            "postmark",
            old.removeprefix(hook_prefix("postmark")).strip("/"),
            Post(b"{}", {}, timezone.now()),
        )
