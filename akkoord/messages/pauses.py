"""Why a run was paused, in words: what stands in the way, and what to do."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from akkoord.delivery.server_queries import words_for
from akkoord.law.reasons import Reason
from akkoord.messages.contracts import contract_sentence, without_contract
from akkoord.messages.dispatch import not_public_sentence

_SAID: dict[str, str | Promise] = {
    Reason.CONTENT_CHANGED.value: gettext_lazy(
        "Something that stands in the letter changed after it was approved, for example your "
        "address. Stop it, and send a copy."
    ),
    "dkim-key": gettext_lazy("The key that signs your mail cannot be used. See the settings."),
    Reason.TRANSPORT_REFUSED.value: gettext_lazy(
        "The other side refused everything, one after another. Send a test first, then choose Go "
        "on."
    ),
    Reason.PUT_BACK.value: gettext_lazy(
        "A backup was put back, and nobody knows what left after it. Look before you choose Go on."
    ),
    "field-outside-purpose": gettext_lazy(
        "The letter or its group uses a field that this topic may not use any more. Add the field "
        "to the topic, or stop this letter."
    ),
    "unknown-group": gettext_lazy(
        "Its group names a group that is no longer there. Take that out again, or stop this letter."
    ),
    "typesetting": gettext_lazy(
        "The letters could not be set on paper. Look at the letter, and at the memory of this "
        "computer. Then choose Go on."
    ),
    "no-places": gettext_lazy(
        "Its group asks for a distance, and there is no table of postcodes any more. Bring one "
        "under Groups."
    ),
}


def pause_sentence(reason: str) -> str:
    """Why, in a sentence; empty: somebody paused it. Never a code."""
    if not reason:
        return ""
    if reason == Reason.NOT_PUBLIC_URL.value:
        return not_public_sentence()
    if reason == "no-contract":
        missing = without_contract()
        return contract_sentence(missing) if missing else _("The contract is there. Choose Go on.")
    if said := _SAID.get(reason):
        return str(said)
    words = words_for(reason)
    if reason in words:  # it has none
        return _("Something in the letter or its group cannot be used any more. Look at the check.")
    return _("Your mail server or provider: {why}.").format(why=words)
