"""A letter tried on colleagues: made by the compiler that makes the real one, to the last byte.

Only this differs: the subject says that it is a test, the values are made up, the ways out lead to
a page that says so, and no link is counted. From, List-* headers, text and layout are those of the
letter.
"""

from dataclasses import replace
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
from akkoord.consent.tokens import withdrawal_address
from akkoord.datamap.ids import uuid7
from akkoord.delivery.outbox import enqueue_made
from akkoord.law.message_kinds import MessageKind
from akkoord.law.states import Channel
from akkoord.messages.compile import Compiled, Envelope, MessageSource
from akkoord.messages.conditions import everything
from akkoord.messages.dispatch import compile_for
from akkoord.messages.template import RESERVED
from akkoord.messages.values import sample_values
from akkoord.trail.actions import Actor, record_change

MAX_TESTS = 5
_NOBODY = UUID(int=0)


@transaction.atomic
def send_test(*, campaign_id: UUID, staff_ids: list[UUID], at: datetime, actor: Actor) -> int:
    """Try a letter on members of staff, at most five; how many. Refuses more than five.

    To staff only: their addresses are the organisation's own. Nobody else can be reached by a
    test, for a test is no way around the gate (INV-1).
    """
    campaign = Campaign.objects.select_related("purpose").get(id=campaign_id)
    if campaign.channel == Channel.PUSH:
        raise CampaignRefused("", _("A push message has no test: colleagues have no device here."))
    check_text(campaign, at=at)
    source = source_of(campaign)
    with translation.override(source.language):
        source = replace(source, subject=_("Test: {subject}").format(subject=source.subject))
    compiled = compile_for(campaign.purpose, source, also=campaign.also_topics)
    if len(set(staff_ids)) > MAX_TESTS:
        raise CampaignRefused("", _("A test goes to at most five addresses. Choose fewer."))
    colleagues = Staff.objects.filter(id__in=staff_ids, is_active=True)
    for colleague in colleagues:
        _enqueue(source, compiled, colleague.email, campaign.purpose_id, at=at)
    record_change(
        actor=actor,
        action="campaign.test",
        object_kind="campaign",
        object_id=campaign.id,
        at=at,
    )
    return len(colleagues)


def _enqueue(
    source: MessageSource, compiled: Compiled, address: str, purpose_id: UUID, *, at: datetime
) -> None:
    """One test, made as `ways.MailWay` makes a letter."""
    key = uuid7()
    link = f"{settings.BASE_URL}{reverse('campaigns_public:test_link')}"
    values = sample_values(compiled.slots) | dict.fromkeys(RESERVED, link)
    values |= everything(compiled.conditions)  # a colleague sees every block
    envelope = Envelope(
        message=key,
        to_address=address,
        at=at,
        one_click_url=link,
        unsubscribe_mailto=withdrawal_address(
            point_id=_NOBODY, purpose_id=purpose_id, domain=source.domain
        ),
    )
    enqueue_made(
        key=key,
        kind=MessageKind.TEST_TO_STAFF,
        sender=source.sender.address,
        recipient=address,
        subject=compiled.preview(values).subject,
        raw=compiled.render(values, envelope),
        at=at,
    )
