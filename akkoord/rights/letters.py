"""The letter that answers a request, drafted in plain Dutch or English; and the letter as PDF.

A draft is made from what was decided per kind; staff may change every word of it before it is
approved. A no names its ground, the AP and the court (art. 12(4) GDPR).
"""

from datetime import date
from pathlib import Path
from typing import Any

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from akkoord.datamap.holds import Hold, holds_on
from akkoord.law.request_rules import GROUNDS, RefusalGround
from akkoord.people.models import Person
from akkoord.people.queries import all_ids
from akkoord.register.queries import organisation
from akkoord.rights.models import RequestPart, RightsRequest
from akkoord.rights.preview import preview_erasure
from akkoord.rights.request_words import refusal_word
from akkoord.web.documents import typeset

_SOURCE = Path(__file__).with_name("print") / "letter.typ"
_ACCENT = "#125c3c"
Kind = RightsRequest.Kind
COURT = ("rechter", "rechtbank", "court", "judge")
"""Words by which a letter tells that there is one."""


def draft_letter(request: RightsRequest, person: Person | None, *, on: date) -> str:
    """The letter as it follows from what was decided; in the language of the request."""
    with translation.override(request.language):
        parts = list(request.parts.order_by("id"))
        lines = [_greeting(person), _opening(request)]
        if person is None:
            lines.append(
                _(
                    "We keep nothing with this address. Do you think that we do? Then tell us "
                    "with which other address, customer number or order we may look."
                )
            )
        lines += [text for part in parts if (text := _of_part(part, person, on=on))]
        if _says_no(parts, person):
            lines.append(_way_out())
        lines.append(_closing(request))
        return "\n\n".join(lines)


def draft_extension(request: RightsRequest) -> str:
    """The letter that says why it takes longer, within the first month (art. 12(3))."""
    with translation.override(request.language):
        until = date_format(request.extended_until or request.due_on, "j F Y")
        asked = _("On %(day)s you asked us: %(asked)s.") % _asked(request)
        return "\n\n".join(
            [
                _greeting(None),
                asked,
                _("We need more time for this. You have our answer before the end of %(day)s.")
                % {"day": until},
                _("The reason: %(reason)s") % {"reason": request.extension_reason},
                _way_out(),
                _closing(request),
            ]
        )


def _greeting(person: Person | None) -> str:
    name = person.full_name if person else ""
    return _("Dear %(name)s,") % {"name": name} if name else _("Dear reader,")


def lacks_way_out(request: RightsRequest, person: Person | None, text: str) -> bool:
    """Whether a letter that says no leaves out the AP or the court (art. 12(4) GDPR).

    Staff may say it in their own words, as long as both are named.
    """
    if not _says_no(list(request.parts.all()), person):
        return False
    low = " ".join(text.casefold().split())
    names_ap = "autoriteit persoonsgegevens" in low or "autoriteitpersoonsgegevens.nl" in low
    return not (names_ap and any(word in low for word in COURT))


def _opening(request: RightsRequest) -> str:
    return _("On %(day)s you asked us: %(asked)s. This is our answer.") % _asked(request)


def _asked(request: RightsRequest) -> dict[str, str]:
    """The day and the kinds, in words."""
    day = date_format(timezone.localtime(request.received_at), "j F Y")
    asked = ", ".join(
        str(Kind(each).label).lower() for each in request.kinds if each in Kind.values
    )
    return {"day": day, "asked": asked}


def _says_no(parts: list[RequestPart], person: Person | None) -> bool:
    """Whether something is refused, or waits because of a claim: then the letter says where to
    complain (art. 12(4))."""
    is_refused = any(each.state == RequestPart.State.REFUSED for each in parts)
    return is_refused or _waits(parts, person)


def _waits(parts: list[RequestPart], person: Person | None) -> bool:
    """Whether somebody asks to be forgotten who is held for a claim: a no for now (art. 12(4))."""
    return person is not None and any(
        each.kind == Kind.ERASURE and each.state == RequestPart.State.OPEN and _holds(person)
        for each in parts
    )


def _holds(person: Person) -> list[Hold]:
    return holds_on(all_ids(person.id))


def _until(person: Person) -> str:
    """Until when a claim keeps somebody; empty when nobody holds them."""
    holds = _holds(person)
    if not holds:
        return ""
    days = [each.until for each in holds]
    last = None if None in days else max(each for each in days if each)
    if last is None:
        return _("They stay until the claim is settled.")
    day = date_format(last, "j F Y")
    return _("They stay until %(day)s, or until the claim is settled before that.") % {"day": day}


def _of_part(part: RequestPart, person: Person | None, *, on: date) -> str:
    """What became of one kind, in a paragraph."""
    label = str(Kind(part.kind).label) if part.kind in Kind.values else part.kind
    if part.state == RequestPart.State.REFUSED:
        article = GROUNDS[RefusalGround(part.ground)].article
        with_article = f"{refusal_word(part.ground)} ({_law(article)})."
        text = _("%(asked)s: we do not do this. %(ground)s %(why)s") % {
            "asked": label,
            "ground": with_article,
            "why": part.explanation,
        }
        is_claim = part.kind == Kind.ERASURE and part.ground == RefusalGround.CLAIM
        until = _until(person) if is_claim and person is not None else ""
        return f"{text} {until}".strip()
    if part.kind == Kind.ERASURE and person is not None:
        return f"{label}: {_erasure(person, on=on)}"
    if part.state == RequestPart.State.OPEN and part.kind not in (Kind.ACCESS, Kind.PORTABILITY):
        return ""  # not decided yet
    told = _TOLD.get(part.kind)
    if told is None or (person is None and part.kind != Kind.OBJECTION):
        return ""
    return f"{label}: {told()}"


def _law(article: str) -> str:
    """The article as a reader of the letter knows it."""
    return f"art. {article.removeprefix('AVG ')} {_('GDPR')}"


def _erasure(person: Person, *, on: date) -> str:
    """What goes, what stays, on which article, until when; or that nothing may go for now."""
    if until := _until(person):
        return _(
            "we may not erase your data yet. There is a dispute for which they must stay "
            "(%(article)s). %(until)s Until then we only keep them. When the claim is over, we "
            "erase them and tell you."
        ) % {"article": _law("AVG 17(3)(e)"), "until": until}
    stays = preview_erasure(person, on=on).stays
    text = _("we erase your data, and check that nothing is left.")
    for line in stays:
        text += " " + _("This stays: %(what)s (%(article)s).") % {
            "what": line.label.lower(),
            "article": _law(line.article) if line.article else line.why,
        }
        if line.until:
            text += " " + _("It goes on %(day)s.") % {"day": date_format(line.until, "j F Y")}
    return text


_TOLD: dict[str, Any] = {
    Kind.ACCESS: lambda: _(
        "everything that we keep of you goes with this letter, to read and as a file. What is "
        "about somebody else was left out."
    ),
    Kind.PORTABILITY: lambda: _(
        "what you gave us, or what followed from your use, goes with this letter as files that "
        "other programs can read (JSON and CSV)."
    ),
    Kind.RECTIFICATION: lambda: _(
        "we corrected your data. Invoices must stay as they were made; we wrote your correction "
        "beside them."
    ),
    Kind.RESTRICTION: lambda: _(
        "we keep your data and do not use it. We tell you before that changes."
    ),
    Kind.OBJECTION: lambda: _("you get no advertising of ours any more, over any way."),
    Kind.WITHDRAWAL: lambda: _("what you agreed to was taken back. Nothing rests on it any more."),
    Kind.OTHER_USE: lambda: _("we stopped this use of your data."),
    Kind.HUMAN_LOOK: lambda: _("one of us looked at it in person, with what you told us."),
}


def _way_out() -> str:
    return _(
        "Do you not agree? Tell us. You can also complain to the Dutch data protection authority "
        "(Autoriteit Persoonsgegevens, PO Box 93374, 2509 AJ The Hague, "
        "autoriteitpersoonsgegevens.nl), or go to court: send a petition within six weeks."
    )


def _closing(request: RightsRequest) -> str:
    house = organisation()
    return "\n".join(
        each
        for each in (
            _("Kind regards,"),
            house.name if house else "",
            f"{_('Reference')}: {request.reference}",
        )
        if each
    )


def letter_pdf(
    request: RightsRequest, text: str, *, lines: list[str], on: date, is_answer: bool = True
) -> bytes:
    """A letter on paper; `lines` are the name and address in the window.

    `is_answer`: the answer itself; otherwise the one that asks for more time.
    """
    house = organisation()
    with translation.override(request.language):
        return typeset(
            _SOURCE,
            {
                "language": request.language,
                "title": _("Answer to your request") if is_answer else _("More time"),
                "controller": house.name if house else "",
                "sender": [each for each in (house.address.split("\n") if house else []) if each],
                "contact": house.contact_email if house else "",
                "accent": (house.accent if house else "") or _ACCENT,
                "address": lines,
                "date": date_format(on, "j F Y"),
                "about": f"{_('Reference')}: {request.reference}",
                "paragraphs": text.split("\n\n"),
                "page": _("Page"),
            },
        )
