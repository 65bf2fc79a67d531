"""The closed list of message kinds (INV-1, INV-2)."""

from __future__ import annotations

import pytest

from akkoord.law.message_kinds import KINDS, MessageKind, kind_fact, require_evidence


@pytest.mark.parametrize("kind", list(MessageKind))
def test_every_kind_rests_on_something(kind: MessageKind) -> None:
    """A basis and an article stand behind each."""
    fact = kind_fact(kind.value)
    assert fact is KINDS[kind]
    assert fact.basis
    assert fact.article


def test_inv01_a_campaign_needs_evidence_and_an_unsubscribe() -> None:
    """And so does every other kind that may promote to people outside the staff."""
    assert require_evidence("campaign")
    promoting = {kind for kind, fact in KINDS.items() if fact.may_promote}
    assert promoting == {MessageKind.CAMPAIGN, MessageKind.TEST_TO_STAFF, MessageKind.TEST_TO_OWN}
    assert all(KINDS[kind].carries_unsubscribe for kind in promoting)


def test_inv02_an_unknown_kind_needs_evidence() -> None:
    """What is not on the list has no basis, so it never leaves without the gate's."""
    assert kind_fact("surprise") is None
    assert require_evidence("surprise")


def test_inv04_an_objection_never_stops_a_reply_a_duty_or_a_contract() -> None:
    """It stops what promotes, and a letter from a friend."""
    stopped = {kind for kind, fact in KINDS.items() if fact.stopped_by_objection}
    assert stopped == {
        MessageKind.CAMPAIGN,
        MessageKind.CONSENT_RENEWAL,
        MessageKind.CONSENT_REMINDER,
        MessageKind.TELL_A_FRIEND,
        MessageKind.TRIAL_QUESTION,
        MessageKind.TEST_TO_OWN,
    }


@pytest.mark.parametrize(
    ("kind", "needed"),
    [
        ("service", True),
        ("confirmation", False),
        ("parent-confirmation", False),
        ("mailbox-check", False),
        ("preference-link", False),
        ("receipt", False),
        ("consent-renewal", True),
        ("consent-reminder", True),
        ("staff", False),
        ("rights-reply", False),
        ("erasure-certificate", False),
        ("breach-letter", False),
        ("test-to-staff", False),
        ("trial-question", False),
        ("test-to-own", False),
    ],
)
def test_which_kinds_need_evidence(kind: str, needed: bool) -> None:
    """Kinds with a basis of their own leave without the gate."""
    assert require_evidence(kind) is needed


def test_inv13_a_confirmation_promotes_nothing() -> None:
    """One mail, without promotion."""
    assert not KINDS[MessageKind.CONFIRMATION].may_promote
    assert not KINDS[MessageKind.RECEIPT].may_promote
