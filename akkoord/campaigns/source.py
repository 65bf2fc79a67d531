"""From a campaign and its organisation to what the compiler takes."""

from akkoord.campaigns.models import Campaign
from akkoord.law.states import Channel
from akkoord.messages.compile import MessageSource, Sender
from akkoord.messages.footer import Footer
from akkoord.messages.push import PushSource
from akkoord.register.models import Organisation
from akkoord.register.queries import organisation


def push_source_of(campaign: Campaign) -> PushSource:
    """The push message with its topic's name and where push services can write to us."""
    house = organisation() or Organisation()
    version = campaign.purpose.versions.get(valid_to=None)
    return PushSource(
        subject=campaign.subject,
        body=campaign.body,
        link=campaign.link,
        language=campaign.language,
        contact=house.contact_email,
        topic=version.name_en if campaign.language == "en" else version.name_nl,
    )


def any_source_of(campaign: Campaign) -> MessageSource | PushSource:
    """The letter or the push message."""
    return push_source_of(campaign) if campaign.channel == Channel.PUSH else source_of(campaign)


def source_of(campaign: Campaign) -> MessageSource:
    """The letter with its real sender and postal address (INV-21).

    The `List-Id` names the topic (RFC 2919), the `Feedback-ID` the campaign and the topic.
    """
    house = organisation() or Organisation()
    domain = house.mail_domain
    slug = campaign.purpose.slug
    return MessageSource(
        subject=campaign.subject,
        body=campaign.body,
        body_format=campaign.body_kind,
        language=campaign.language,
        sender=Sender(
            name=campaign.sender_name or house.sender_name,
            address=house.sender_email,
            reply_to=house.contact_email,
        ),
        footer=Footer(
            organisation=house.name, postal_address=house.address, contact=house.contact_email
        ),
        list_id=f"{slug}.{domain}",
        list_name=slug,
        domain=domain,
        feedback_id=f"{campaign.id.hex[:12]}:{slug}:campaign:{house.mail_domain.split('.')[0]}",
        preheader=campaign.preheader,
    )
