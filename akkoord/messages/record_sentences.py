"""What is said of a sender's DNS records, and what to publish there."""

from django.utils.translation import gettext as _

from akkoord.delivery.dns_check import DnsFault, Fault, Leaving, Signing
from akkoord.delivery.spf import with_host


def record_sentence(fault: Fault, domain: str, signing: Signing | None) -> str:
    """What is wrong with the records of a sender's domain, and what to publish."""
    leaving = fault.leaving or Leaving("")
    record = with_host(fault.record, leaving.host) if fault.record else ""
    if signing and not record:
        record = signing.record
    return _sentences()[fault.what] % {
        "domain": domain,
        "place": f"{signing.selector}._domainkey.{signing.domain}" if signing else "",
        "signs": signing.domain if signing else "",
        "record": record,
        "host": leaving.host,
    }


def _sentences() -> dict[DnsFault, str]:
    return {
        DnsFault.NOT_CHECKED: _("Not checked: SPF, DKIM and DMARC in the DNS of %(domain)s."),
        DnsFault.NO_SPF: _(
            "The DNS of %(domain)s has no SPF record. Mail providers then trust your mail less. "
            "Ask who keeps your domain to publish one."
        ),
        DnsFault.TWO_SPF: _(
            "The DNS of %(domain)s has more than one SPF record, and then none counts. Leave one."
        ),
        DnsFault.NO_DKIM: _(
            "The key that signs your mail is not in the DNS, so every signature fails. Publish "
            "this at %(place)s: %(record)s"
        ),
        DnsFault.OTHER_DKIM: _(
            "The key in the DNS is another one than the key that signs your mail, so every "
            "signature fails. Publish this at %(place)s: %(record)s"
        ),
        DnsFault.NO_DMARC: _(
            "The DNS of %(domain)s has no DMARC record. Gmail and Yahoo ask for one. Publish this "
            "at _dmarc.%(domain)s: v=DMARC1; p=none"
        ),
        DnsFault.DMARC_STRICT: _(
            "The DMARC record of %(domain)s asks that the very same domain signs, and yours signs "
            "as another one. Large providers refuse such mail."
        ),
        DnsFault.DKIM_ASIDE: _(
            "Your mail is signed as %(signs)s, and people see %(domain)s. For DMARC that signature "
            "does not count. Send from an address at %(signs)s, or let the key sign as %(domain)s."
        ),
        DnsFault.SPF_ASIDE: _(
            "%(host)s writes a domain of its own on the envelope, so SPF does not count for DMARC "
            "of %(domain)s. Publish the DKIM records that your provider gives you for %(domain)s, "
            "or set a return path (MAIL FROM) at %(domain)s there."
        ),
        DnsFault.SPF_WITHOUT: _(
            "The SPF record of %(domain)s does not name %(host)s, by which your mail leaves. "
            "Publish this instead: %(record)s"
        ),
        DnsFault.SPF_UNSURE: _(
            "Not checked: whether the SPF record of %(domain)s names %(host)s. Only who receives "
            "the mail can work it out."
        ),
        DnsFault.DKIM_UNSEEN: _(
            "Not checked: DKIM. Akkoord does not sign your mail; your mail server may. For DMARC "
            "it must sign as %(domain)s."
        ),
    }
