"""What a reason code means for a row of a file, and what to do; in the reader's language."""

from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from akkoord.datamap.plain_words import CLASSES
from akkoord.law.reasons import Reason

ROW_SENTENCES = {
    Reason.BAD_ADDRESS: _("This is no e-mail address that can work."),
    Reason.NO_ADDRESS: _("There is no e-mail address in this row."),
    Reason.DUPLICATE_ROW: _("This address stands in the file twice. We took the other row."),
    Reason.MALFORMED_ROW: _("This row has more or fewer cells than the header."),
    Reason.LINE_TOO_LONG: _("This line is longer than a million characters."),
    Reason.BAD_ENCODING: _("The characters of this row cannot be read."),
    Reason.FORGOTTEN_BEFORE: _("This person asked to be forgotten. They stay out."),
    Reason.OBJECTED_BEFORE: _("This person wants no advertising from you. They stay out."),
    Reason.SUPPRESSED: _("This address stands on your do-not-mail list. It stays out."),
}
SALE_SENTENCES = {
    Reason.NO_ADDRESS: _(
        "There is no e-mail address on it, and nobody here has its customer number."
    ),
    Reason.DUPLICATE_ROW: _("This number stands in the file twice. We took the other one."),
    Reason.MALFORMED_ROW: _("This cannot be read, or has no number or day."),
    Reason.NO_CUSTOMER: _("It names no customer."),
    Reason.UNSAFE_DOCUMENT: _("It calls in other files. We did not read it."),
    Reason.FILE_TOO_LARGE: _("It is too large, or nested too deeply."),
    Reason.OTHER_SELLER: _("It was sent by another company."),
    Reason.NO_SALE: _("The invoice that it takes back is not here."),
    Reason.IMPOSSIBLE_TIME: _("It gives a day that cannot be."),
    Reason.FUTURE_TIME: _("Its day is still to come."),
    Reason.FORGOTTEN_BEFORE: _("This customer asked to be forgotten after it. It stays out."),
}
GROUP_SENTENCES = {
    Reason.NO_EVIDENCE: _("The file does not show that they agreed."),
    Reason.ADDED_BY_ADMINISTRATOR: _("Somebody else entered them: they agreed to nothing."),
    Reason.WORDING_NOT_DECLARED: _("We do not know which words they agreed to. Add them below."),
    Reason.CONTRADICTORY: _("The file says yes in one column and no in another."),
    Reason.UNKNOWN_STATUS: _("We do not know what their status in the file means."),
    Reason.IMPOSSIBLE_TIME: _("The file gives a time that cannot be."),
    Reason.FUTURE_TIME: _("The file gives a time that is still to come."),
    Reason.WITHDRAWN: _("They unsubscribed."),
    Reason.OBJECTED: _("They want no advertising."),
    Reason.UNDELIVERABLE: _("Their address does not work."),
    Reason.IMPORT_TO_BE_JUDGED: _("They came in before without proof."),
    Reason.NO_BASIS: _("Nothing shows that they agreed."),
    Reason.AWAITING_CONFIRMATION: _("They still have to confirm."),
    Reason.SUPPRESSED: _("They stand on your do-not-mail list."),
}
ERROR_SENTENCES = {
    "broke-off": _("Something went wrong on our side while we read the file. Try once more."),
    "not-brought-in": _("Nobody pressed the button within four hours. Bring the file in again."),
    Reason.PURPOSE_ENDED.value: _(
        "The topic of this file has ended. Bring the file in for another topic."
    ),
    "discarded": _("You threw it away."),
    "somebody-forgotten": _(
        "Somebody in it has been forgotten, so nothing of the file could stay here. Bring it in "
        "again: they stay out by themselves."
    ),
}


def error_sentence(code: str) -> str:
    """Why a file did not come in."""
    return str(ERROR_SENTENCES.get(code, _("Bring the file in again.")))


def row_sentence(reason: str) -> str:
    """Why a row stayed out."""
    return str(ROW_SENTENCES.get(Reason(reason), reason)) if reason else ""


def sale_sentence(reason: str) -> str:
    """Why a sale stayed out."""
    found = SALE_SENTENCES.get(Reason(reason))
    return str(found) if found else row_sentence(reason)


def group_sentence(reason: str) -> str:
    """Why people of a file may not be mailed."""
    return str(GROUP_SENTENCES.get(Reason(reason), reason)) if reason else ""


_ROLES = {
    "": _("Leave out"),
    "email": _("E-mail address"),
    "first_name": _("First name"),
    "last_name": _("Last name"),
    "language": _("Language"),
    "street": _("Street, with or without number"),
    "house_number": _("House number"),
    "postcode": _("Postcode"),
    "city": _("Town"),
    "country": _("Country"),
    "time": _("Time that the person signed up"),
    "optin_time": _("Time of the sign-up form"),
    "optin_ip": _("IP address of the sign-up form"),
    "confirm_time": _("Time of the confirmation"),
    "confirm_ip": _("IP address of the confirmation"),
    "source_url": _("Page of the sign-up"),
    "opt_in": _("Opt-in, yes or no"),
    "double_opt_in": _("Double opt-in, yes or no"),
    "box": _("Ticked at the checkout, yes or no"),
    "legal_basis": _("Basis for keeping the data"),
    "status": _("Status"),
    "stopped": _("Unsubscribed, yes or no"),
    "stopped_time": _("Time of unsubscribing"),
    "stopped_reason": _("Why they unsubscribed"),
    "cleaned": _("Address does not work, yes or no"),
    "cleaned_time": _("Since when the address does not work"),
}
_PROOFS = {
    "given": _("signed up"),
    "confirmed": _("signed up and confirmed"),
    "withdrawn": _("has unsubscribed"),
    "objected": _("wants no advertising"),
    "undeliverable": _("address does not work"),
}


def role_words(role: str) -> str:
    """What a column is."""
    return str(_ROLES.get(role, role))


def class_words(name: str) -> str:
    """What sensitive data is called."""
    return str(CLASSES.get(name, name))


def proof_words(state: str) -> str:
    """What a row shows."""
    return str(_PROOFS.get(state, ""))


def address_sentence(why: str, count: int) -> str:
    """Why postal addresses of a file stayed out."""
    if why == "not-admitted":
        text = ngettext(
            "{n} postal address stayed out: your activity for customers does not need it. If you "
            "do, say so in the register.",
            "{n} postal addresses stayed out: your activity for customers does not need them. If "
            "you do, say so in the register.",
            count,
        )
    elif why == "no-customer":
        text = ngettext(
            "{n} postal address stayed out: nothing shows that this person is your customer. "
            "Bring the orders or invoices in first.",
            "{n} postal addresses stayed out: nothing shows that these people are your customers. "
            "Bring the orders or invoices in first.",
            count,
        )
    else:
        text = ngettext(
            "{n} postal address stayed out: a last name, a street with its number, a postcode "
            "and a town are needed, and abroad a country that your register admits.",
            "{n} postal addresses stayed out: a last name, a street with its number, a postcode "
            "and a town are needed, and abroad a country that your register admits.",
            count,
        )
    return text.format(n=_shown(count))


def placed_sentence(placed: int, given: int) -> str:
    """What saying where sales were made did."""
    sales = ngettext(
        "The place of {n} sale is set.", "The place of {n} sales is set.", placed
    ).format(n=_shown(placed))
    may = ngettext(
        "You may now write to {n} more customer.", "You may now write to {n} more customers.", given
    ).format(n=_shown(given))
    return f"{sales} {may}" if given else sales


def _shown(number: int) -> str:
    return str(number_format(number, use_l10n=True, force_grouping=True))


def decided_sentence(kind: str) -> str:
    """What happens after a decision over a column."""
    if kind == "cells-out":
        return str(_("Noted. Those cells stay out, the rest of the column comes in."))
    return str(
        _("Noted. The cells were not kept, so choose the file once more to bring them along.")
    )
