"""The closed list of kinds of message that may leave, each with what it rests on.

The outbox takes no other kind, and refuses a kind that needs evidence when none came along
(INV-1, INV-2). What a message is follows from its template and activity, never from the caller.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class MessageKind(StrEnum):
    """Every kind of message that Akkoord sends."""

    CAMPAIGN = "campaign"
    CONFIRMATION = "confirmation"
    PARENT_CONFIRMATION = "parent-confirmation"
    MAILBOX_CHECK = "mailbox-check"
    PREFERENCE_LINK = "preference-link"
    RECEIPT = "receipt"
    CONSENT_RENEWAL = "consent-renewal"
    CONSENT_REMINDER = "consent-reminder"
    DETAILS_QUESTION = "details-question"
    STAFF = "staff"
    POLICY_NOTICE = "policy-notice"
    RIGHTS_REPLY = "rights-reply"
    ERASURE_CERTIFICATE = "erasure-certificate"
    RECIPIENT_NOTICE = "recipient-notice"
    BREACH_LETTER = "breach-letter"
    SERVICE = "service"
    TELL_A_FRIEND = "tell-a-friend"
    TEST_TO_STAFF = "test-to-staff"
    TRIAL_QUESTION = "trial-question"
    TEST_TO_OWN = "test-to-own"


@dataclass(frozen=True, slots=True)
class KindFact:
    """What a kind rests on and what it may carry.

    `needs_evidence`: the gate's evidence, or for a service message its contract or sale.
    `stopped_by_objection`: an objection to marketing stops it (INV-4).
    """

    basis: str
    article: str
    needs_evidence: bool
    may_promote: bool
    carries_unsubscribe: bool
    stopped_by_objection: bool


KINDS: Mapping[MessageKind, KindFact] = MappingProxyType(
    {
        MessageKind.CAMPAIGN: KindFact("gate", "Tw 11.7; AVG 6(1)", True, True, True, True),
        # One mail per sign-up act, no promotion (INV-13). It answers what was just done at a
        # form, so an older objection does not stop it: only so can a fresh act lift it (INV-5).
        MessageKind.CONFIRMATION: KindFact(
            "request-of-person", "AVG 7(1)", False, False, False, False
        ),
        # Asks a parent whether they agree, once per sign-up of the child (INV-14).
        MessageKind.PARENT_CONFIRMATION: KindFact(
            "legal-obligation", "AVG 8(2)", False, False, False, False
        ),
        MessageKind.MAILBOX_CHECK: KindFact(
            "legal-obligation", "AVG 12(6)", False, False, False, False
        ),
        MessageKind.PREFERENCE_LINK: KindFact(
            "legal-obligation", "AVG 12(2)", False, False, False, False
        ),
        # What somebody agreed to a moment ago, for them to keep: it promotes nothing.
        MessageKind.RECEIPT: KindFact("legal-obligation", "AVG 7(1)", False, False, False, False),
        # A mail that asks for consent is advertising: only where the gate says yes (INV-3).
        MessageKind.CONSENT_RENEWAL: KindFact("gate", "Tw 11.7; AVG 7(1)", True, False, True, True),
        MessageKind.CONSENT_REMINDER: KindFact(
            "gate", "Tw 11.7; AVG 7(1)", True, False, True, True
        ),
        # Are your details still right? Kept accurate is a duty; it sells nothing (INV-26).
        MessageKind.DETAILS_QUESTION: KindFact(
            "legal-obligation", "AVG 5(1)(d); AVG 14", False, False, False, False
        ),
        # What happens with somebody's data changes: told before or as it changes; it sells nothing.
        MessageKind.POLICY_NOTICE: KindFact(
            "legal-obligation", "AVG 13(3); AVG 14(4)", False, False, False, False
        ),
        MessageKind.STAFF: KindFact("contract", "AVG 6(1)(b)", False, False, False, False),
        MessageKind.RIGHTS_REPLY: KindFact(
            "legal-obligation", "AVG 12(3)", False, False, False, False
        ),
        MessageKind.ERASURE_CERTIFICATE: KindFact(
            "legal-obligation", "AVG 12(3); AVG 17", False, False, False, False
        ),
        # To a company that got somebody's data: a link, and nobody's name.
        MessageKind.RECIPIENT_NOTICE: KindFact(
            "legal-obligation", "AVG 19", False, False, False, False
        ),
        MessageKind.BREACH_LETTER: KindFact(
            "legal-obligation", "AVG 34", False, False, False, False
        ),
        MessageKind.SERVICE: KindFact("contract", "AVG 6(1)(b)", True, False, False, False),
        # The sender's own letter, once; suppression of the recipient is honoured (INV-27).
        MessageKind.TELL_A_FRIEND: KindFact(
            "initiative-of-sender", "OPTA/CBP 2008", False, False, False, True
        ),
        MessageKind.TEST_TO_STAFF: KindFact("contract", "AVG 6(1)(b)", False, True, True, False),
        # Whether a mailbox wants to try letters, once; it promotes nothing.
        MessageKind.TRIAL_QUESTION: KindFact(
            "legal-obligation", "AVG 7(1)", False, False, False, True
        ),
        # To a mailbox whose owner said yes to tests by a click; the gate's rule for tests is asked
        # when it is made (INV-1).
        MessageKind.TEST_TO_OWN: KindFact(
            "request-of-person", "Tw 11.7; AVG 6(1)(a)", False, True, True, True
        ),
    }
)


def kind_fact(kind: str) -> KindFact | None:
    """What is known of a kind; None when it is not on the list, and then it may not leave."""
    try:
        return KINDS[MessageKind(kind)]
    except ValueError:
        return None


def require_evidence(kind: str) -> bool:
    """Whether a message of this kind may leave only with evidence; unknown kinds: yes (INV-2)."""
    fact = kind_fact(kind)
    return fact is None or fact.needs_evidence
