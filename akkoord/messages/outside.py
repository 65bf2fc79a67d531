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
from akkoord.delivery.dns_check import DnsFault, Fault, Signing, dns_faults, texts_by_resolver
from akkoord.delivery.link_check import MOST_LINKS, LinkState, check_links
from akkoord.delivery.servers import ways_away
from akkoord.delivery.signing import signer_for
from akkoord.delivery.spam_score import spam_score
from akkoord.delivery.spf import Lookup
from akkoord.messages.compile import Compiled, Envelope, MessageSource, RenderError
from akkoord.messages.findings import Finding
from akkoord.messages.record_sentences import record_sentence
from akkoord.messages.template import RESERVED

# What pre-flight says that it did not look at; here it is looked at.
ASKED_OUTSIDE = ("links-not-checked", DnsFault.NOT_CHECKED.value)
_UNSEEN = (*ASKED_OUTSIDE, DnsFault.DKIM_UNSEEN.value, DnsFault.SPF_UNSURE.value)
_KEPT = 600  # seconds; who comes back to the page asks nobody twice
_HREF = re.compile(r'<a\b[^>]*?\bhref="(https?://[^"]+)"', re.IGNORECASE)


def look_outside(
    source: MessageSource,
    compiled: Compiled,
    *,
    texts: Lookup | None = None,
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


def _records(source: MessageSource, texts: Lookup) -> list[Finding]:
    """Of mail that leaves the machine, by whichever server; of other mail that nobody looked."""
    if not ways_away():
        return [Finding(DnsFault.NOT_CHECKED.value, _stays_here(source.domain), "sender")]
    return record_findings(source.sender.address, source.domain, texts)


def record_findings(address: str, signs_as: str, texts: Lookup | None = None) -> list[Finding]:
    """What a receiver finds wrong with mail from this address; empty: all is well. Takes seconds.

    `signs_as`: the domain that our own key signs as.
    """
    try:
        signer = signer_for(signs_as)
    except DkimKeyError:  # pre-flight says so, and stops
        return not_looked_at(signs_as)
    signing = Signing(signs_as, settings.DKIM_SELECTOR, signer.public_record()) if signer else None
    domain = address.rpartition("@")[2].lower()
    found = dns_faults(domain, signing, texts or texts_by_resolver(), ways_away())
    return [
        Finding(fault.what.value, record_sentence(fault, domain, signing), "sender")
        for fault in found
    ]


def not_looked_at(domain: str) -> list[Finding]:
    """What is said of a sender's records when nobody could ask for them."""
    sentence = record_sentence(Fault(DnsFault.NOT_CHECKED), domain, None)
    return [Finding(DnsFault.NOT_CHECKED.value, sentence, "sender")]


def nothing_seen() -> list[Finding]:
    """Of a letter that cannot be made: nobody could look."""
    said = _("Not checked: links and DNS. Akkoord looks when the letter itself is in order.")
    return [Finding(DnsFault.NOT_CHECKED.value, said)]


def is_alarming(found: list[Finding]) -> bool:
    """Whether something is wrong, and not merely unseen."""
    return any(each.code not in _UNSEEN for each in found)


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
