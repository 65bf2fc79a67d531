"""The gate's reasons in plain words, with the lawful way onward, in the reader's language."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from akkoord.law.reasons import REASONS, Reason, Remedy

_SENTENCES = {
    Reason.PURPOSE_ENDED: _("This topic has ended."),
    Reason.CHANNEL_NOT_OFFERED: _("This topic is not sent in this way."),
    Reason.ADDRESS_ENDED: _("This is an old address."),
    Reason.RESTRICTED: _("This person asked to have the use of their data frozen."),
    Reason.SUPPRESSED: _("This address stands on the do-not-mail list."),
    Reason.KNOWN_CHILD: _("This person is under 16. A parent has to agree."),
    Reason.OBJECTED: _("This person wants no advertising."),
    Reason.WITHDRAWN: _("This person unsubscribed."),
    Reason.REFUSED: _("This person said no."),
    Reason.INVALIDATED: _("The proof of this consent turned out to be no good."),
    Reason.EXPIRED: _("This consent has run out."),
    Reason.AWAITING_CONFIRMATION: _("This person still has to confirm."),
    Reason.IMPORT_TO_BE_JUDGED: _("A file brought this person in, without proof that they agreed."),
    Reason.NO_BASIS: _("Nothing shows that this person agreed."),
    Reason.OLDER_WORDING: _("This person agreed to something else than the topic is today."),
    Reason.UNDELIVERABLE: _("This address does not work."),
    Reason.PAUSED: _("This person asked for a pause."),
    Reason.LESS_OFTEN: _("This person wants this less often, and had one not long ago."),
    Reason.ENOUGH_LATELY: _("This person had enough letters of late."),
    Reason.LEFT_GROUP: _("This person is not in the group of this letter any more."),
    Reason.DOMAIN_SLOWED: _("The mail provider of this person asks us to go slower."),
    Reason.ASKED_TO_WAIT: _("The other side asked to try again later."),
    Reason.PERSON_GONE: _("This person is no longer there."),
    Reason.LATE_GATE: _("The check was too long ago. It is asked again."),
    Reason.CAMPAIGN_CANCELLED: _("You stopped the letter."),
    Reason.DUPLICATE_IN_CAMPAIGN: _("This person gets this letter already."),
    Reason.TRANSPORT_REFUSED: _("The other side refused the mail."),
    Reason.ADDRESS_NOT_CONFIRMED: _("This person still has to confirm this address."),
    Reason.BASIS_NOT_FOR_CHANNEL: _("What you rest on does not count for this way of sending."),
    Reason.NO_SALE: _("Nothing shows that this person bought something."),
    Reason.NO_AGREEMENT: _("This agreement has ended, or was called off."),
    Reason.ADDRESS_NOT_FROM_SALE: _("This person did not give this address at a sale."),
    Reason.OTHER_SELLER: _("This person bought from another company."),
    Reason.NOT_SIMILAR: _("This person bought something of another kind."),
    Reason.OPT_OUT_NOT_OFFERED: _("Nothing shows that this customer could say no at the sale."),
    Reason.SALE_TOO_OLD: _("The last sale is too long ago."),
    Reason.CONTACT_LEFT: _("This person no longer works there."),
    Reason.NO_PUBLICATION_EVIDENCE: _("Nothing shows that this company invites such mail."),
    Reason.NO_LEGAL_PERSON: _(
        "A published address counts only at a company that is a legal person, such as a BV."
    ),
    Reason.TOPIC_NOT_FOR_PUBLISHED: _("This topic is not for published business addresses."),
    Reason.NO_BALANCING_TEST: _("You did not write down yet why this weighs little on people."),
    Reason.NO_ADDRESS: _("This person has no e-mail address."),
    Reason.POST_REGISTERS_NOT_CHECKED: _("This address was not checked against Postfilter yet."),
    Reason.POST_FIELDS_NOT_ADMITTED: _("This topic may not use postal addresses."),
    Reason.ADDRESS_INCOMPLETE: _("This postal address is not whole."),
    Reason.CAMPAIGN_PAUSED: _("The letter is paused."),
    Reason.CONTENT_CHANGED: _("The letter was changed after it was approved."),
    Reason.PUT_BACK: _(
        "A backup was put back while this letter was being sent. Who got it after the backup "
        "was made still stands here as waiting. Go on only when nothing left since."
    ),
}
_PLURAL = {
    Reason.WITHDRAWN: pgettext_lazy("reason", "unsubscribed"),
    Reason.AWAITING_CONFIRMATION: _("did not confirm yet"),
    Reason.UNDELIVERABLE: _("have an address that does not work"),
    Reason.OBJECTED: _("want no advertising"),
    Reason.SUPPRESSED: _("stand on the do-not-mail list"),
    Reason.NO_BASIS: _("never said yes"),
    Reason.IMPORT_TO_BE_JUDGED: _("came from a file without proof"),
    Reason.RESTRICTED: _("asked to be left alone for now"),
    Reason.EXPIRED: _("have a consent that ran out"),
    Reason.OLDER_WORDING: _("agreed to something else"),
    Reason.KNOWN_CHILD: _("are under 16"),
    Reason.REFUSED: _("said no"),
    Reason.PERSON_GONE: _("are no longer there"),
    Reason.CAMPAIGN_CANCELLED: _("were left out because you stopped the letter"),
    Reason.TRANSPORT_REFUSED: _("were refused by the other side"),
    Reason.INVALIDATED: _("agreed in a way that turned out to be no good"),
    Reason.ADDRESS_ENDED: _("have another address now"),
    Reason.DUPLICATE_IN_CAMPAIGN: _("get this letter at another address"),
    Reason.PURPOSE_ENDED: _("are left out because the topic has ended"),
    Reason.CHANNEL_NOT_OFFERED: _("are left out because the topic is not sent in this way"),
    Reason.PAUSED: _("asked for a pause"),
    Reason.LESS_OFTEN: _("want it less often and had one not long ago"),
    Reason.ENOUGH_LATELY: _("had enough letters of late"),
    Reason.LEFT_GROUP: _("are not in the group of this letter any more"),
    Reason.DOMAIN_SLOWED: _("have a mail provider that asks us to go slower"),
    Reason.ASKED_TO_WAIT: _("are tried again later, as the other side asked"),
    Reason.LATE_GATE: _("are checked once more"),
    Reason.NO_SALE: _("are customers of whom the sale was taken back"),
    Reason.NO_AGREEMENT: _("have no agreement any more"),
    Reason.ADDRESS_NOT_FROM_SALE: _("did not give this address at a sale"),
    Reason.OPT_OUT_NOT_OFFERED: _("bought, but nothing shows that they could say no then"),
    Reason.NOT_SIMILAR: _("bought something of another kind"),
    Reason.SALE_TOO_OLD: _("bought too long ago"),
    Reason.CONTACT_LEFT: _("no longer work there"),
    Reason.NO_PUBLICATION_EVIDENCE: _("published no address for such mail, as far as is shown"),
    Reason.NO_LEGAL_PERSON: _("are no legal person, so their published address does not count"),
    Reason.TOPIC_NOT_FOR_PUBLISHED: _("are reached by a published address, which is not for this"),
    Reason.NO_ADDRESS: _("have no e-mail address"),
    Reason.NO_BALANCING_TEST: _("did not say yes to post, and you did not weigh letters without"),
    Reason.POST_REGISTERS_NOT_CHECKED: _("have a bought address that was not checked of late"),
    Reason.POST_FIELDS_NOT_ADMITTED: _("are left out: this topic may not use postal addresses"),
    Reason.ADDRESS_INCOMPLETE: _("have no last name or no whole address"),
}
_WAYS = {
    Remedy.ASK_AT_FORM: _(
        "Ask at the counter, on your site or by letter. Not by mail: such a question is itself "
        "advertising."
    ),
    Remedy.ASK_PARENT: _("Ask a parent to sign up."),
    Remedy.WAIT: _("Wait. The mail with the button is under way."),
    Remedy.ADD_EVIDENCE: _("Add the proof, for example the form or the signed card."),
    Remedy.ADD_INVOICE: _("Add the invoice that shows the sale."),
    Remedy.DECLARE_WORDING: _("Add the words that they agreed to."),
    Remedy.CORRECT_ADDRESS: _("Ask for the right address when you speak this person."),
    Remedy.CORRECT_MESSAGE: _("Change the letter."),
    Remedy.COMPLETE_REGISTER: _("Complete the register."),
    Remedy.NOTHING: _("There is nothing to do."),
}
_WAYS_OF = {
    # Where the general step of the remedy would not fit the reason.
    Reason.ADDRESS_NOT_FROM_SALE: _(
        "Add the invoice on which this address stands. Is there none? Ask at the counter, on your "
        "site or by letter."
    ),
    Reason.OPT_OUT_NOT_OFFERED: _(
        "Show once what customers saw at the till or in your web shop, under Collecting places. "
        "Could they not say no there? Then ask at the counter, on your site or by letter."
    ),
    Reason.NOT_SIMILAR: _(
        "Say for the topic which products it is about. Is this another kind? Then ask at the "
        "counter, on your site or by letter."
    ),
    Reason.NO_AGREEMENT: _("Write the new agreement down, if there is one."),
    Reason.CONTACT_LEFT: _("Ask the company who came after, and whether they want your mail."),
    Reason.NO_PUBLICATION_EVIDENCE: _(
        "Look at their site again, and write down where it invites such mail. Does it not? Then "
        "ask at the counter, on your site or by letter."
    ),
    Reason.TOPIC_NOT_FOR_PUBLISHED: _(
        "Say for the topic that it is also for published business addresses, and why that weighs "
        "little on who reads them."
    ),
    Reason.PURPOSE_ENDED: _("Choose a topic that still runs."),
    Reason.NO_BALANCING_TEST: _(
        "Write down in three steps why these letters weigh little on people. It stands with the "
        "activity in the register."
    ),
    Reason.POST_REGISTERS_NOT_CHECKED: _(
        "Hold the bought addresses against the newest Postfilter and the register of the deceased, "
        "and note the day."
    ),
    Reason.POST_FIELDS_NOT_ADMITTED: _(
        "Let the topic use street, postcode and town, with the reason."
    ),
    Reason.ADDRESS_INCOMPLETE: _(
        "Fill in last name, street with number, postcode and town, when you speak this person."
    ),
    Reason.CHANNEL_NOT_OFFERED: _(
        "Offer this way at the topic, and ask people at a form for a yes to it."
    ),
    Reason.SUPPRESSED: _(
        "Leave it so. Who does want your mail signs up again: at your form or at the counter."
    ),
    Reason.CAMPAIGN_CANCELLED: _("Make a copy of the letter if you still want to send it."),
    Reason.DUPLICATE_IN_CAMPAIGN: _("Leave it so: they get the letter once, at another address."),
    Reason.PERSON_GONE: _("Leave it so: this person was forgotten."),
    Reason.RESTRICTED: _("Wait until this person says that the data may be used again."),
    Reason.PAUSED: _("Wait. The pause ends by itself, on the day that this person chose."),
    Reason.LESS_OFTEN: _("Wait. The next letter after this time goes to this person again."),
    Reason.ENOUGH_LATELY: _(
        "Leave it so: they get your next letter again. How much is enough stands under Sending."
    ),
    Reason.LEFT_GROUP: _("Leave it so: this letter was not for them any more."),
    Reason.DOMAIN_SLOWED: _("Wait. They get it by themselves, a little later."),
    Reason.ASKED_TO_WAIT: _("Wait. This goes by itself."),
    Reason.CAMPAIGN_PAUSED: _("Go on with the letter when you are ready."),
    Reason.LATE_GATE: _("Wait. This goes by itself."),
    Reason.TRANSPORT_REFUSED: _("Ask for the right address when you speak this person."),
    Reason.PUT_BACK: _("See what left since the backup. Then let the letter go on, or stop it."),
    Reason.IMPORT_TO_BE_JUDGED: _(
        "Add the proof to the whole group under Import. Without proof: ask at the counter, on "
        "your site or by letter. Not by mail: such a question is itself advertising."
    ),
}


def sentence_of(reason: Reason) -> str:
    """Why not, about one person."""
    return str(_SENTENCES.get(reason, reason.value))


def words_of(reason: Reason) -> str:
    """Why not, about several people: goes on after a number ("96 unsubscribed")."""
    return str(_PLURAL.get(reason, _SENTENCES.get(reason, reason.value)))


def way_of(reason: Reason) -> str:
    """The lawful next step; never a dead end, never a mail that asks (INV-3)."""
    way = _WAYS_OF.get(reason) or _WAYS.get(REASONS[reason].remedy) or _WAYS[Remedy.NOTHING]
    return str(way)


_pages: dict[Reason, str] = {}


def add_page(reason: Reason, name: str) -> None:
    """Plug in the page on which a reason's way onward begins, by its name in the urlconf."""
    _pages[reason] = name


def way_url_of(reason: Reason) -> str:
    """The address of that page; empty: there is none."""
    return reverse(_pages[reason]) if reason in _pages else ""


@dataclass(frozen=True, slots=True)
class Badge:
    """What the standing badge shows: `may`, `may-not` or `waiting`, with the reason."""

    state: str
    sentence: str
    article: str
    way: str


def badge_of(reason: Reason | None) -> Badge:
    """The badge for the gate's answer: None is a yes."""
    if reason is None:
        return Badge("may", str(_("This person agreed. The proof is kept.")), "", "")
    waits = reason is Reason.AWAITING_CONFIRMATION
    return Badge(
        "waiting" if waits else "may-not",
        sentence_of(reason),
        ", ".join(REASONS[reason].articles),
        way_of(reason),
    )
