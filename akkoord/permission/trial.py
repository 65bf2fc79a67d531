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
from akkoord.consent.trial import refuses_tests
from akkoord.law.reasons import Reason
from akkoord.law.states import Channel
from akkoord.people.models import ContactPoint


@dataclass(frozen=True, slots=True)
class Trial:
    """A test address, and why it may not get one; no reason: it may."""

    id: UUID
    address: str
    reason: Reason | None


def trials_allowed(trial_ids: Collection[UUID], *, at: datetime) -> Mapping[UUID, Trial]:
    """The gate's answer for these test addresses, now; five at most, asked one by one."""
    return {
        each.id: Trial(each.id, each.address, _reason(each, at))
        for each in TrialAddress.objects.filter(id__in=list(trial_ids))
    }


def _reason(trial: TrialAddress, at: datetime) -> Reason | None:
    if trial.confirmed_at is None:
        return Reason.ADDRESS_NOT_CONFIRMED
    if trial.ends_at <= at:
        return Reason.EXPIRED
    if refuses_tests(trial.address):
        return Reason.SUPPRESSED
    frozen = ContactPoint.objects.filter(
        normalised=trial.address,
        channel=Channel.EMAIL,
        ended_at=None,
        person__restricted_at__isnull=False,
    )
    return Reason.RESTRICTED if frozen.exists() else None
