"""What can be asked of the world before a letter leaves: its links, and the sender's DNS records.

Slow and not always possible, so it stands apart from `preflight` and never stops a letter by being
unreachable: what was not checked is said to be so.
"""

import hashlib
import re
from html import unescape
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from akkoord.datamap.ids import uuid7
from akkoord.delivery.dkim import DkimKeyError
from akkoord.delivery.dns_check import DnsFault, Signing, Texts, dns_faults, texts_by_resolver
from akkoord.delivery.link_check import MOST_LINKS, LinkState, check_links
from akkoord.delivery.servers import hosts_away
from akkoord.delivery.signing import signer_for
from akkoord.delivery.spam_score import spam_score
from akkoord.messages.compile import Compiled, Envelope, MessageSource, RenderError
from akkoord.messages.findings import Finding
from akkoord.messages.template import RESERVED

# What pre-flight says that it did not look at; here it is looked at.
ASKED_OUTSIDE = ("links-not-checked", DnsFault.NOT_CHECKED.value)
_KEPT = 600  # seconds; who comes back to the page asks nobody twice
_HREF = re.compile(r'<a\b[^>]*?\bhref="(https?://[^"]+)"', re.IGNORECASE)


def look_outside(
    source: MessageSource,
    compiled: Compiled,
    *,
    texts: Texts | None = None,
    allow_loopback: bool = False,
) -> list[Finding]:
    """Links that lead nowhere, and records under which mail is refused. Takes seconds.

    `texts` asks for DNS records (this machine's resolver, when none is given).
    """
    return [
        *_links(compiled, allow_loopback),
        *_records(source, texts or texts_by_resolver()),
        *_spam(compiled),
    ]


def links_in(compiled: Compiled) -> list[str]:
    """Where the letter's own links lead, but for our own pages; each once, in order."""
    own = urlsplit(settings.BASE_URL).netloc
    found = [*compiled.links, *map(unescape, _HREF.findall("".join(compiled.html.texts)))]
    return [each for each in dict.fromkeys(found) if urlsplit(each).netloc != own]


def _links(compiled: Compiled, allow_loopback: bool) -> list[Finding]:
    wanted = links_in(compiled)
    name = "links." + hashlib.sha256("\n".join(wanted).encode()).hexdigest()
    states: dict[str, LinkState] | None = cache.get(name)
    if states is None:
        states = check_links(wanted, allow_loopback=allow_loopback)
        cache.set(name, states, _KEPT)
    found = [
        Finding("link-broken", _("This link leads nowhere: %(link)s") % {"link": url}, "body")
        for url, state in states.items()
        if state is LinkState.BROKEN
    ]
    found += [
        Finding(
            "link-inside",
            _("This link leads into a private network, so your readers cannot follow it: %(link)s")
            % {"link": url},
            "body",
        )
        for url, state in states.items()
        if state is LinkState.INSIDE
    ]
    unknown = sum(state is LinkState.UNKNOWN for state in states.values())
    unknown += max(len(wanted) - MOST_LINKS, 0)
    if unknown:
        found.append(
            Finding(
                "links-not-checked",
                ngettext(
                    "Not checked: whether %(count)d link works.",
                    "Not checked: whether %(count)d links work.",
                    unknown,
                )
                % {"count": unknown},
                "body",
            )
        )
    return found


def _records(source: MessageSource, texts: Texts) -> list[Finding]:
    """Of mail that leaves the machine, by whichever server; of other mail that nobody looked."""
    if not hosts_away():
        return [Finding(DnsFault.NOT_CHECKED.value, _stays_here(source.domain), "sender")]
    try:
        signer = signer_for(source.domain)
    except DkimKeyError:  # pre-flight says so, and stops
        return not_looked_at(source.domain)
    signing = (
        Signing(source.domain, settings.DKIM_SELECTOR, signer.public_record()) if signer else None
    )
    domain = source.sender.address.rpartition("@")[2].lower()
    return [
        Finding(fault.value, _sentence(fault, domain, signing), "sender")
        for fault in dns_faults(domain, signing, texts)
    ]


def not_looked_at(domain: str) -> list[Finding]:
    """What is said of a sender's records when nobody could ask for them."""
    sentence = _sentence(DnsFault.NOT_CHECKED, domain, None)
    return [Finding(DnsFault.NOT_CHECKED.value, sentence, "sender")]


def nothing_seen() -> list[Finding]:
    """Of a letter that cannot be made: nobody could look."""
    said = _("Not checked: links and DNS. Akkoord looks when the letter itself is in order.")
    return [Finding(DnsFault.NOT_CHECKED.value, said)]


def is_alarming(found: list[Finding]) -> bool:
    """Whether something is wrong, and not merely unseen."""
    return any(each.code not in ASKED_OUTSIDE for each in found)


def _stays_here(domain: str) -> str:
    return _(
        "Not checked: SPF, DKIM and DMARC in the DNS of %(domain)s. Your letters do not go to a "
        "mail server outside this machine."
    ) % {"domain": domain}


def _spam(compiled: Compiled) -> list[Finding]:
    """The letter as a made-up reader gets it, weighed by SpamAssassin where it is installed."""
    ways = dict.fromkeys(RESERVED, f"{settings.BASE_URL}/")
    envelope = Envelope(uuid7(), "lezer@example.nl", timezone.now(), f"{settings.BASE_URL}/")
    try:
        found = spam_score(compiled.render(ways, envelope))
    except RenderError:
        return []
    if found is None or found.score < found.limit:
        return []
    said = _("SpamAssassin takes this letter for spam (%(score)s of %(limit)s points): %(rules)s.")
    rules = ", ".join(found.rules[:6])
    said %= {"score": found.score, "limit": found.limit, "rules": rules}
    return [Finding("spam-score", said, "body")]


def _sentence(fault: DnsFault, domain: str, signing: Signing | None) -> str:
    sentences = {
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
    }
    return sentences[fault] % {
        "domain": domain,
        "place": f"{signing.selector}._domainkey.{signing.domain}" if signing else "",
        "record": signing.record if signing else "",
    }
