"""Why something was refused, in a sentence for the visitor of a public page."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from akkoord.law.reasons import Reason

_SENTENCES = {
    Reason.NO_AFFIRMATIVE_ACT: gettext_noop("Tick at least one box: then we know what you want."),
    Reason.NOTHING_ASKED: gettext_noop("Write your question here."),
    Reason.NO_CHOICE: gettext_noop("This choice does not stand on this form. Choose again."),
    Reason.TERMS_ARE_NOT_CONSENT: gettext_noop("Accept the terms and conditions to go on."),
    Reason.CHILD_WITHOUT_PARENT: gettext_noop(
        "Are you 16 or older? Then tick this. Younger? Then enter the address of a parent."
    ),
    Reason.PARENT_IS_CHILD: gettext_noop(
        "This is your own address. Enter that of one of your parents."
    ),
    Reason.BAD_ADDRESS: gettext_noop(
        "This is no e-mail address that can work. Example: name@example.nl."
    ),
    Reason.PROOF_NEEDED: gettext_noop(
        "Very many people fill in this form now. Wait a minute, then press the button again."
    ),
    Reason.TOO_MANY_ATTEMPTS: gettext_noop(
        "Too many people sign up from this network at once. Try again in an hour."
    ),
    Reason.PURPOSE_ENDED: gettext_noop("You cannot sign up for this any more."),
    Reason.IMPOSSIBLE_TIME: gettext_noop("Choose a day that is still to come."),
    Reason.PAUSE_TOO_LONG: gettext_noop(
        "A pause lasts six months at most. Longer? Then switch it off: you can switch it on again "
        "whenever you like."
    ),
    Reason.ADDRESS_OF_ANOTHER: gettext_noop(
        "Somebody with this address is there already. Do two people share it? Then keep one "
        "record for the household."
    ),
}


def sentence_of(reason: Reason) -> str:
    """The sentence; a reason without one gets a plain answer."""
    return _(_SENTENCES.get(reason, gettext_noop("This is not possible now. Try again later.")))
