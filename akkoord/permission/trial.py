"""The gate's own rule for tests: who may get a letter before others do.

A test is no way around the gate (INV-1). Besides staff only a mailbox may get one whose owner said
yes to tests by their own click, whose yes still counts, who did not object since, and who is not
frozen (art. 18). Unknown is no (INV-2).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from akkoord.consent.models import TrialAddress
from akkoord.consent.trial import is_frozen, refuses_tests
from akkoord.delivery.outbox import ASKED_ANEW
from akkoord.law.message_kinds import MessageKind
from akkoord.law.reasons import Reason


@dataclass(frozen=True, slots=True)
class Trial:
    """A test address, and why it may not get one; no reason: it may."""

    id: UUID
    address: str
    reason: Reason | None
    person_id: UUID | None = None  # when we know whose it is


def trials_allowed(trial_ids: Collection[UUID], *, at: datetime) -> Mapping[UUID, Trial]:
    """The gate's answer for these test addresses, now; five at most, asked one by one."""
    return {
        each.id: Trial(each.id, each.address, _reason(each, at), each.subject_id)
        for each in TrialAddress.objects.filter(id__in=list(trial_ids))
    }


def _reason(trial: TrialAddress, at: datetime) -> Reason | None:
    if trial.confirmed_at is None:
        return Reason.ADDRESS_NOT_CONFIRMED
    if trial.ends_at <= at:
        return Reason.EXPIRED
    if refuses_tests(trial.address):
        return Reason.SUPPRESSED
    return Reason.RESTRICTED if is_frozen(trial.address) else None


def _still(trial_id: UUID | None, at: datetime) -> bool:
    """Whether a test that waited may leave: asked again at the hand-over itself (INV-25)."""
    found = trials_allowed([trial_id], at=at).get(trial_id) if trial_id else None
    return found is not None and found.reason is None


ASKED_ANEW[MessageKind.TEST_TO_OWN] = _still
