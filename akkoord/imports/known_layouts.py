"""The exports that we know, by the names of their columns, in Dutch and in English.

Which columns are evidence, and of what, is `law.import_rules`' affair: a time of the person's own
act per row, or nothing. Times without a zone are those of the account, which here is Dutch, but
for services that say they export UTC.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from zoneinfo import ZoneInfo

from akkoord.imports.layouts import Kind, Layout, Proof

DUTCH = ZoneInfo("Europe/Amsterdam")
_EMAIL = (
    *("email", "e-mail", "e-mailadres", "emailadres", "email address", "e-mail address", "mail"),
    *("email_address", "email-adres", "mailadres"),
)
_FIELDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "first_name": ("first name", "first_name", "firstname", "voornaam", "roepnaam"),
        "last_name": ("last name", "last_name", "lastname", "achternaam", "naam", "name"),
        "language": ("language", "taal", "locale"),
    }
)

MAILCHIMP = Layout(
    name="mailchimp",
    title="Mailchimp",
    email=("email address", "e-mailadres", "email"),
    fields=_FIELDS,
    evidence={
        "optin_time": ("optin_time",),
        "optin_ip": ("optin_ip",),
        "confirm_time": ("confirm_time",),
        "confirm_ip": ("confirm_ip",),
        "stopped_time": ("unsub_time",),
        "stopped_reason": ("unsub_reason",),
        "cleaned_time": ("clean_time",),
    },
    markers=(("optin_time", "confirm_time", "leid"),),
    traces=(("optin_time",), ("confirm_time",), ("unsub_time",), ("clean_time",)),
    kinds={
        "unsub_time": Kind.UNSUBSCRIBED,
        "clean_time": Kind.CLEANED,
        "optin_time": Kind.SUBSCRIBED,
    },
)
BREVO = Layout(
    name="brevo",
    title="Brevo",
    email=_EMAIL,
    fields=_FIELDS,
    evidence={
        "opt_in": ("opt_in", "opt-in", "optin"),
        "double_opt_in": ("double_opt-in", "double_opt_in", "double opt-in"),
        "time": ("added_time", "added time", "toegevoegd op"),
        "stopped": ("blacklisted", "blocklisted", "unsubscribed", "emailblacklisted"),
    },
    markers=(
        ("double_opt-in", "added_time"),
        ("double_opt_in", "added_time"),
        ("opt_in", "added_time", "modified_time"),
    ),
    proof=Proof.DOUBLE_OPT_IN,
    zone=DUTCH,
)
LAPOSTA = Layout(
    name="laposta",
    title="Laposta",
    email=_EMAIL,
    fields=_FIELDS,
    evidence={
        "optin_time": ("aanmelddatum", "signup_date", "signup date", "datum aanmelding"),
        "optin_ip": ("aanmeld-ip", "ip-adres", "ip", "aanmeld ip"),
        "source_url": ("bron-url", "source_url", "source url", "bron"),
        "status": ("status", "state"),
        "stopped_time": ("afmelddatum", "uitschrijfdatum", "datum afmelding"),
    },
    markers=(
        ("aanmelddatum", "aanmeld-ip"),
        ("aanmelddatum", "bron-url"),
        ("signup_date", "state"),
    ),
    zone=DUTCH,
)
HUBSPOT = Layout(
    name="hubspot",
    title="HubSpot",
    email=_EMAIL,
    fields=_FIELDS,
    evidence={
        "legal_basis": (
            "legal basis for processing contact's data",
            "legal basis for processing contact’s data",
            "rechtsgrondslag voor het verwerken van gegevens van contactpersoon",
        ),
        "time": ("first conversion date", "recent conversion date", "datum eerste conversie"),
        "stopped": (
            "unsubscribed from all email",
            "opted out of all email",
            "afgemeld voor alle e-mail",
        ),
        "cleaned": ("email hard bounce reason", "hard bounce reason", "invalid email address"),
    },
    markers=(
        ("record id", "unsubscribed from all email"),
        ("record id", "legal basis for processing contact's data"),
        ("record id", "lead status"),
        ("record id", "create date"),
        ("contact id", "lifecycle stage"),
    ),
    proof=Proof.FORM,
    zone=DUTCH,
)
MAILERLITE = Layout(
    name="mailerlite",
    title="MailerLite",
    email=("subscriber", *_EMAIL),
    fields=_FIELDS,
    evidence={
        "optin_time": ("subscribed_at", "subscribed", "signup timestamp", "date subscribed"),
        "optin_ip": ("signup_ip", "signup ip", "ip_address", "ip address"),
        "confirm_time": ("opted_in_at", "optin_time", "opt-in time", "confirmation timestamp"),
        "confirm_ip": ("optin_ip", "opt-in ip", "confirmation_ip", "confirmation ip"),
        "status": ("status", "type"),
        "stopped_time": ("unsubscribed_at", "unsubscribed", "date unsubscribed"),
    },
    markers=(
        ("subscribed_at", "opted_in_at"),
        ("subscriber", "subscribed", "sent", "opens"),
        ("signup timestamp", "confirmation timestamp"),
    ),
)
ACTIVECAMPAIGN = Layout(
    name="activecampaign",
    title="ActiveCampaign",
    email=_EMAIL,
    fields=_FIELDS,
    evidence={
        "optin_time": ("date subscribed", "subscription date", "sdate", "subscribe date"),
        "optin_ip": ("ip4_sub", "subscription ip", "ip address", "ip"),
        "status": ("status", "list status"),
        "stopped_time": ("date unsubscribed", "unsubscription date", "udate"),
        "stopped_reason": ("unsubscribe reason", "unsubreason"),
    },
    markers=(
        ("sdate", "status"),
        ("date subscribed", "date unsubscribed"),
        ("contact id", "date created", "ip address"),
    ),
)
WOOCOMMERCE = Layout(
    name="woocommerce",
    title="WooCommerce",
    email=("billing_email", "billing email", "customer_email", "email (billing)", *_EMAIL),
    fields={
        "first_name": ("billing_first_name", "first name (billing)", *_FIELDS["first_name"]),
        "last_name": ("billing_last_name", "last name (billing)", *_FIELDS["last_name"]),
        "language": ("meta:wpml_language", "meta:_language", *_FIELDS["language"]),
    },
    evidence={
        "box": (
            *("meta:_newsletter_optin", "meta:newsletter_optin", "meta:_marketing_optin"),
            *("meta:_mc4wp_optin", "meta:_mailchimp_woocommerce_is_subscribed"),
            *("meta:_newsletter_consent", "_newsletter_optin"),
        ),
        "time": ("order_date", "order date", "date_created", "date", "order_date_gmt"),
    },
    markers=(
        ("order_id", "billing_email"),
        ("order number", "billing_email"),
        ("order_number", "billing_email"),
        ("username", "date registered", "total spend"),
    ),
    proof=Proof.BOX,
    zone=DUTCH,
)
PLAIN = Layout(name="plain", title="", email=_EMAIL, fields=_FIELDS, proof=Proof.TIMED, zone=DUTCH)

LAYOUTS: Mapping[str, Layout] = MappingProxyType(
    {
        layout.name: layout
        for layout in (
            *(MAILCHIMP, BREVO, LAPOSTA, HUBSPOT, MAILERLITE, ACTIVECAMPAIGN, WOOCOMMERCE),
            PLAIN,
        )
    }
)


def layout_of(header: Sequence[str], wanted: str = "auto") -> Layout:
    """The layout by name, or the one that the header gives away; else the plain one."""
    if wanted != "auto":
        return LAYOUTS[wanted]
    names = frozenset(name.lower() for name in header)
    known = LAYOUTS.values()
    return next(
        (each for each in known if each.is_given_away_by(names)),
        next((each for each in known if each.is_pointed_to_by(names)), PLAIN),
    )
