"""Identity in proportion: a copy of an identity document is never asked, and refused if sent.

The mailbox that we know is proof enough (art. 12(6) GDPR; EDPB guidelines 01/2022, 3.3).
"""

from django.utils.translation import gettext as _

from akkoord.law.sensitive import Sensitive, classes_in
from akkoord.rights.refusals import RequestRefused

NOT_WANTED = frozenset({Sensitive.DOCUMENT, Sensitive.BSN, Sensitive.VAT_WITH_BSN})


def holds_identity_papers(text: str) -> bool:
    """Whether a text has a number of a passport or identity card, or a citizen service number."""
    return bool(classes_in(text) & NOT_WANTED)


def refuse_identity_papers(text: str, field: str = "words") -> None:
    """Refuse a text with a number of a passport or identity card, or a citizen service number.

    Nothing of it is kept.
    """
    if holds_identity_papers(text):
        raise RequestRefused(
            _(
                "A number of an identity card, or a citizen service number, stands here. We do not "
                "need it and may not keep it. Please take it out."
            ),
            field,
        )
