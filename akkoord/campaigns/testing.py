"""A letter tried on colleagues and own test addresses.

It is made by the compiler that makes the real one, to the last byte.

Only this differs: the subject says that it is a test, the values are made up, the ways out lead to
a page that says so, and no link is counted. From, List-* headers, text and layout are those of the
letter.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from akkoord.accounts.models import Staff
from akkoord.campaigns.actions import CampaignRefused, check_text
from akkoord.campaigns.models import Campaign
from akkoord.campaigns.source import source_of
from akkoord.consent.tokens import trial_address, trial_link, withdrawal_address
from akkoord.datamap.ids import uuid7
from akkoord.delivery.outbox import enqueue_made
from akkoord.law.message_kinds import MessageKind
from akkoord.law.states import Channel
from akkoord.messages.compile import Compiled, Envelope, MessageSource
from akkoord.messages.conditions import everything
from akkoord.messages.dispatch import compile_for
from akkoord.messages.template import RESERVED
from akkoord.messages.values import sample_values
from akkoord.permission.trial import Trial, trials_allowed
from akkoord.trail.actions import Actor, record_change

MAX_TESTS = 5
_NOBODY = UUID(int=0)


@transaction.atomic
def send_test(
    *,
    campaign_id: UUID,
    staff_ids: Sequence[UUID],
    at: datetime,
    actor: Actor,
    trial_ids: Sequence[UUID] = (),
) -> int:
    """Try a letter on members of staff and on own test addresses, five together; how many.

    Refuses more than five, and an address that the gate's rule for tests does not let through: a
    test is no way around the gate (INV-1). Staff get it at the organisation's own address.
    """
    campaign = Campaign.objects.select_related("purpose").get(id=campaign_id)
    if campaign.channel == Channel.PUSH:
        raise CampaignRefused("", _("A push message has no test: colleagues have no device here."))
    check_text(campaign, at=at)
    source = source_of(campaign)
    with translation.override(source.language):
        source = replace(source, subject=_("Test: {subject}").format(subject=source.subject))
    compiled = compile_for(campaign.purpose, source, also=campaign.also_topics)
    if len({*staff_ids, *trial_ids}) > MAX_TESTS:
        raise CampaignRefused("", _("A test goes to at most five addresses. Choose fewer."))
    colleagues = Staff.objects.filter(id__in=staff_ids, is_active=True)
    trials = _allowed(trial_ids, at=at)
    test = _Test(source, compiled, at)
    for colleague in colleagues:
        link = f"{settings.BASE_URL}{reverse('campaigns_public:test_link')}"
        mailto = withdrawal_address(
            point_id=_NOBODY, purpose_id=campaign.purpose_id, domain=source.domain
        )
        _enqueue(test, colleague.email, MessageKind.TEST_TO_STAFF, link=link, mailto=mailto)
    for trial in trials:  # its ways out really stop
        link, mailto = trial_link(trial.id), trial_address(trial.id, domain=source.domain)
        _enqueue(test, trial.address, MessageKind.TEST_TO_OWN, link=link, mailto=mailto, to=trial)
    record_change(
        actor=actor,
        action="campaign.test",
        object_kind="campaign",
        object_id=campaign.id,
        at=at,
    )
    return len(colleagues) + len(trials)


def _allowed(trial_ids: Sequence[UUID], *, at: datetime) -> list[Trial]:
    """These test addresses, when the gate lets each of them through."""
    if not trial_ids:
        return []
    found = trials_allowed(trial_ids, at=at)
    for key in trial_ids:
        if key not in found or found[key].reason is not None:
            raise CampaignRefused("", _("This test address did not say yes, or not any more."))
    return [found[key] for key in dict.fromkeys(trial_ids)]


@dataclass(frozen=True, slots=True)
class _Test:
    source: MessageSource
    compiled: Compiled
    at: datetime


def _enqueue(
    test: _Test,
    address: str,
    kind: MessageKind,
    *,
    link: str,
    mailto: str,
    to: Trial | None = None,
) -> None:
    """One test, made as `ways.MailWay` makes a letter."""
    key, source, compiled = uuid7(), test.source, test.compiled
    values = sample_values(compiled.slots) | dict.fromkeys(RESERVED, link)
    values |= everything(compiled.conditions)  # a colleague sees every block
    envelope = Envelope(
        message=key,
        to_address=address,
        at=test.at,
        one_click_url=link,
        unsubscribe_mailto=mailto,
    )
    enqueue_made(
        key=key,
        kind=kind,
        sender=source.sender.address,
        recipient=address,
        subject=compiled.preview(values).subject,
        raw=compiled.render(values, envelope),
        at=test.at,
        subject_id=to.person_id if to else None,
        evidence=to.id if to else None,
    )
