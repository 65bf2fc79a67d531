"""Whether an answer to a letter says "stop" (art. 7(3), 21(2) AVG): in Dutch or English, and sure.

Who clearly wants to leave leaves, whatever words they use around it. Where a machine could be
wrong either way, a person reads it: nothing is lost, and nobody is put out by a word in passing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

LONGEST = 14  # words of one's own; who writes more is telling something that a person should read


class Reply(StrEnum):
    """What an answer comes to."""

    STOP = "stop"
    UNSURE = "unsure"
    OTHER = "other"
    AUTOMATIC = "automatic"


_AUTOMATIC_SUBJECTS = re.compile(
    r"^\s*(automati(c reply|sch antwoord)|auto(matische)?[- ]?reply|out of (the )?office|afwezig|"
    r"niet aanwezig|undeliver|delivery status|mail delivery|returned mail)",
    re.IGNORECASE,
)
# Where the words of somebody else begin: the letter that is answered, or a signature.
_NOT_OWN = re.compile(
    r"^\s*(>|\|"
    r"|-{2,}\s*$"
    r"|_{5,}"
    r"|-{2,}\s*(original message|oorspronkelijk bericht|forwarded|doorgestuurd)"
    r"|(op|on)\b.{0,200}\b(schreef|wrote|heeft)\b.*"
    r"|(van|from|verzonden|sent|onderwerp|subject)\s*:\s"
    r"|(met vriendelijke groet|vriendelijke groet|groet(en|jes)?\b|hartelijke groet|mvg\b|"
    r"kind regards|best regards|regards\b|best wishes|cheers\b)"
    r"|(verstuurd|verzonden|sent) (vanaf|vanuit|met|from|via)\b"
    r"|(get|download) outlook)",
    re.IGNORECASE,
)
_STOP = re.compile(
    r"\b("
    r"uitschrijven|uitschrijving|uitgeschreven|schrijf (mij|me) (s\.?v\.?p\.? |a\.?u\.?b\.? )?uit"
    r"|afmelden|afmelding|afgemeld|meld (mij|me) (s\.?v\.?p\.? |a\.?u\.?b\.? )?af"
    r"|opzeggen|stop|stoppen"
    r"|geen (mail|mails|mailtjes|e-mail|e-mails|email|emails|reclame|"
    r"nieuwsbrief|nieuwsbrieven) meer"
    r"|niet meer (mailen|ontvangen|krijgen)"
    r"|unsubscribe|unsubscribed|opt out|opt-out|no more (mail|mails|e-?mails?|newsletters?)"
    r"|(remove|take) me (off|from) (this|the|your) (mailing )?list"
    r")\b"
)
# What may stand around it without making it mean something else.
_AROUND = frozenset(
    # A list of words, read more easily as a text.
    """
    a aan af alle alsjeblieft alstublieft alvast am and aub a.u.b b bedankt beste bij bye dag dank
    dat de deze die dit e-mail e-mailadres e-mails email emailadres emails en for from goedemiddag
    goedemorgen graag groet hallo heer hello het hi hierbij i ik in is jullie kan list lijst mail
    mailinglijst mailing mailings mails maar me mevrouw mij mijn my newsletter newsletters
    nieuwsbrief nieuwsbrieven nu of onze our p please s s.v.p svp te thank thanks the this to u
    uit uw v van vanaf voor want wens wil willen worden wilt with would like you your zou reclame
    it all
    """.split()  # noqa: SIM905
)
_PERHAPS = re.compile(
    r"uitschrij|afmeld|opzeg|\bstop|unsubscri|opt.?out|\bremove\b|verwijder|geen .{0,20}meer|"
    r"niet meer|\bwis(sen)?\b|\bdelete\b|\bspam\b|bezwaar|\bobject|\bavg\b|\bgdpr\b|privacy|klacht|"
    r"complain|no more|leave me alone|met rust",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"[^\W_]+(?:[.'-][^\W_]+)*")


def judge_reply(*, subject: str, text: str, headers: Mapping[str, str]) -> Reply:
    """What an answer asks. `headers` by lower-case name; `text` is the plain text as it came."""
    if is_automatic(subject, headers):
        return Reply.AUTOMATIC
    own = own_words(text)
    if not own and not _is_answer(subject):
        own = subject  # an empty mail with one word on top
    plain = " ".join(own.lower().split())
    if says_stop(plain):
        return Reply.STOP
    if _PERHAPS.search(plain) or (not _is_answer(subject) and _PERHAPS.search(subject)):
        return Reply.UNSURE
    return Reply.OTHER


def is_automatic(subject: str, headers: Mapping[str, str]) -> bool:
    """Whether a machine wrote it (RFC 3834): out of office, a bounce, a mailing list."""
    submitted = headers.get("auto-submitted", "no").split(";")[0].strip().lower()
    return (
        submitted != "no"
        or headers.get("precedence", "").strip().lower() in {"bulk", "junk", "list", "auto_reply"}
        or any(name in headers for name in ("x-autoreply", "x-autorespond", "list-id"))
        or headers.get("return-path", "").strip() == "<>"
        or headers.get("content-type", "").lower().startswith("multipart/report")
        or bool(_AUTOMATIC_SUBJECTS.match(subject))
    )


def own_words(text: str) -> str:
    """What the writer wrote: without the letter that is answered, and without a signature."""
    own: list[str] = []
    for line in text.splitlines():
        if _NOT_OWN.match(line):
            break
        own.append(line)
    return "\n".join(own).strip()


def says_stop(plain: str) -> bool:
    """Whether these few words (lower case, one line) say stop, and nothing besides."""
    if not _STOP.search(plain) or "?" in plain:
        return False
    words = _TOKEN.findall(plain)
    if len(words) > LONGEST:
        return False
    rest = _TOKEN.findall(_STOP.sub(" ", plain))
    return all(word in _AROUND for word in rest)


def _is_answer(subject: str) -> bool:
    return bool(re.match(r"\s*(re|antw|aw|fw|fwd)\s*:", subject, re.IGNORECASE))
