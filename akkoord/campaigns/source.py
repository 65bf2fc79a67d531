"""From a campaign and its organisation to what the compiler takes."""

from akkoord.campaigns.models import Campaign
from akkoord.messages.compile import MessageSource, Sender
from akkoord.messages.footer import Footer
from akkoord.register.models import Organisation
from akkoord.register.queries import organisation


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
