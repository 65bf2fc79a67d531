"""What an entry of the register lacks, in words; what says something is not emptied (INV-29)."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from akkoord.law.register_rules import Element
from akkoord.register.records import entry_now
from akkoord.register.refused import RegisterRefused


def lacks_of(key: str) -> tuple[Element, ...]:
    """What an entry lacks as it stands, in the transaction that runs."""
    entry = entry_now(key)
    return entry.lacks if entry else ()


_FIELDS = {Element.BASIS: "legal_basis", Element.RECIPIENTS: "receivers", Element.TERMS: "term"}


def refuse_emptied(key: str, lacked: Collection[Element]) -> None:
    """Raise RegisterRefused when an element says nothing any more that did (INV-29)."""
    emptied = [each for each in lacks_of(key) if each not in lacked]
    if emptied:
        raise RegisterRefused(_FIELDS.get(emptied[0], str(emptied[0])), empty_sentence(emptied[0]))


def empty_sentence(element: Element) -> str:
    """Why an entry with this element empty cannot stand in the register, and what to do."""
    if element is Element.CLIENTS:
        return _("Give of each client how to reach it too: mail, phone or address.")
    if element is Element.TRANSFERS:
        return _(
            "Say whether those who receive it are outside Europe: which country, and why data may "
            "go there. Or that they are all in Europe."
        )
    return _("Something is still empty. Fill it in, or write down why it stays empty.")
