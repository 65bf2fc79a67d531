"""The words of states and methods, as people read them."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from akkoord.consent.models import Standing
from akkoord.law.states import LIVE_STATES, Basis
from akkoord.web.dates import fitting

_STATES = {
    "requested": gettext_noop("Asked for, not confirmed"),
    "given": gettext_noop("Agreed"),
    "confirmed": gettext_noop("Agreed and confirmed"),
    "refused": gettext_noop("Said no"),
    "withdrawn": gettext_noop("Stopped"),
    "objected": gettext_noop("Objected"),
    "expired": gettext_noop("Request expired"),
    "invalidated": gettext_noop("Declared invalid"),
}
_METHODS = {
    "web-form": gettext_noop("form on the web"),
    "confirmation": gettext_noop("confirmed by mail"),
    "one-click": gettext_noop("unsubscribe link"),
    "letter-code": gettext_noop("code on a letter"),
    "preference-centre": gettext_noop("preferences page"),
    "browser": gettext_noop("in the browser, which asked as well"),
    "complaint": gettext_noop("complaint to the mail provider"),
    "parent": gettext_noop("a parent's link"),
    "mailto": gettext_noop("unsubscribe by mail"),
    "reply": gettext_noop("answer to a mail"),
    "import": gettext_noop("import"),
    "paper": gettext_noop("on paper"),
    "counter": gettext_noop("at the counter"),
    "checkout": gettext_noop("at a purchase"),
    "phone": gettext_noop("by telephone"),
    "staff": gettext_noop("entered by staff"),
    "api": gettext_noop("another system"),
    "system": gettext_noop("Akkoord itself"),
}
_CHANNELS = {
    "email": gettext_noop("e-mail"),
    "push": gettext_noop("push message"),
    "post": gettext_noop("post"),
    "sms": gettext_noop("SMS"),
    "phone": gettext_noop("telephone"),
}
_SENTENCES = {
    "requested": gettext_noop("Asked for it, and has not confirmed yet."),
    "given": gettext_noop("Agreed."),
    "confirmed": gettext_noop("Agreed and confirmed from the mailbox."),
    "refused": gettext_noop("Said no."),
    "withdrawn": gettext_noop("Agreed once and stopped it."),
    "objected": gettext_noop("Objected to marketing. Only the person can undo that."),
    "expired": gettext_noop("Never confirmed, or the term is over."),
    "invalidated": gettext_noop("The evidence turned out not to count."),
}
_RHYTHMS = {
    "": gettext_noop("As often as it comes"),
    "week": gettext_noop("Once a week at most"),
    "month": gettext_noop("Once a month at most"),
    "quarter": gettext_noop("Once in three months at most"),
}
_STOP_REASONS = {
    "too-often": gettext_noop("It came too often"),
    "not-for-me": gettext_noop("It was not for me"),
    "never-asked": gettext_noop("I never asked for it"),
    "other-address": gettext_noop("I use another address"),
    "something-else": gettext_noop("Something else"),
}
_CUSTOMER = {
    "given": gettext_noop(
        "Is a customer, and could say no at the purchase. The sale is the proof."
    ),
    "invalidated": gettext_noop("Was a customer. What that rested on is gone."),
    "expired": gettext_noop("Was a customer. The last purchase is too long ago."),
}
_PUBLISHED = {
    "given": gettext_noop(
        "The company published this address for such mail. The page is the proof."
    ),
    "invalidated": gettext_noop("Stood on the company's page. It does not any more."),
    "expired": gettext_noop("The company's page was seen too long ago. Look again."),
}
_ICONS = {
    "requested": "clock",
    "given": "check",
    "confirmed": "circle-check",
    "withdrawn": "minus",
    "objected": "ban",
}


def state_word(state: str, basis: str = "") -> str:
    """A state as a reader says it; a customer or a published address agreed to nothing."""
    if basis == Basis.EXISTING_CUSTOMER and state == "given":
        return _("May be mailed as a customer")
    if basis == Basis.PUBLISHED_ADDRESS and state == "given":
        return _("May be mailed at a published address")
    return _(_STATES[state]) if state in _STATES else state


def method_word(method: str) -> str:
    """How an act came in."""
    return _(_METHODS[method]) if method in _METHODS else method


def channel_word(channel: str) -> str:
    """A channel."""
    return _(_CHANNELS[channel]) if channel in _CHANNELS else channel


def state_icon(state: str) -> str:
    """The icon of a state."""
    return _ICONS.get(state, "minus")


def standing_word(standing: Standing) -> str:
    """The badge: may, may-not or waiting. What consent says; the gate has the last word."""
    if standing.state in LIVE_STATES:
        return "may"
    return "waiting" if standing.state == "requested" else "may-not"


def standing_sentence(standing: Standing, *, is_child: bool = False) -> str:
    """Why the badge is what it is, in a sentence. `is_child`: the person is a known child."""
    if standing.basis == Basis.EXISTING_CUSTOMER and standing.state in _CUSTOMER:
        return _(_CUSTOMER[standing.state])
    if standing.basis == Basis.PUBLISHED_ADDRESS and standing.state in _PUBLISHED:
        return _(_PUBLISHED[standing.state])
    sentence = _(_SENTENCES[standing.state]) if standing.state in _SENTENCES else standing.state
    if is_child and standing.state == "expired":
        sentence += " " + _("From 16 on only their own yes counts, and before that a parent's.")
    if standing.is_declared:
        sentence += " " + _("The wording was declared by staff.")
    return sentence


def rhythm_words() -> list[tuple[str, str]]:
    """The choices of how often, each with its words."""
    return [(value, _(words)) for value, words in _RHYTHMS.items()]


def stop_reason_words() -> list[tuple[str, str]]:
    """The closed list of reasons for stopping, each with its words."""
    return [(value, _(words)) for value, words in _STOP_REASONS.items()]


_SOURCES = {
    "form": gettext_noop("given by you at a form, %(day)s"),
    "address-change": gettext_noop("given by you, %(day)s"),
    "import": gettext_noop("from a file that we brought in, %(day)s"),
    "staff": gettext_noop("entered by our staff, %(day)s"),
    "purchase": gettext_noop("from a purchase, %(day)s"),
    "demo": gettext_noop("made up for the demo, %(day)s"),
}


def source_word(source: str, at: datetime) -> str:
    """Who gave us something, and when, as the person reads it (art. 15(1)(g))."""
    day = date_format(timezone.localtime(at), fitting("j b Y"))
    return _(_SOURCES.get(source, gettext_noop("known since %(day)s"))) % {"day": day}
