"""What staff say of a file: where it comes from, for what, and how it is to be read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from akkoord.imports.evidence import ANY_TIME, Period
from akkoord.imports.reader import FOUND_OUT, ReadAs
from akkoord.law.reasons import Reason

SOURCES = ("own-signup", "customers", "other-system", "bought")


class ImportRefused(Exception):
    """A file that cannot come in at all: a reason code and a sentence for the person."""

    def __init__(self, reason: Reason, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class ImportOrder:
    """What staff say of a file.

    `system`: which other system it comes from. `roles`: what each column is, by its name, when
    staff say so (column name -> role, empty: stays out). `sheets`: the sheets or files that are
    meant; none: all of them.
    """

    file_name: str
    layout: str = "auto"
    topic_slug: str = ""
    source: str = "own-signup"
    system: str = ""
    wording: str = ""
    period: Period = ANY_TIME
    read_as: ReadAs = FOUND_OUT
    roles: Mapping[str, str] = field(default_factory=dict)
    sheets: tuple[str, ...] = ()
    overwrites: bool = False
    is_dry_run: bool = False


def refuse_bought(order: ImportOrder) -> None:
    """Refuse a list that was bought or copied (Tw 11.7, art. 4(11), 14 GDPR)."""
    if order.source == "bought":
        raise ImportRefused(
            Reason.BOUGHT,
            _(
                "A bought or copied list cannot be used for e-mail: nobody on it agreed to your "
                "letters (art. 11.7 Telecommunicatiewet). Put a form on your site, or write by "
                "post."
            ),
        )


def purpose_ended() -> ImportRefused:
    """The refusal of a file whose topic has ended meanwhile, with what to do."""
    return ImportRefused(
        Reason.PURPOSE_ENDED,
        _("The topic of this file has ended. Bring the file in for another topic."),
    )


def no_such_sheet(names: Sequence[str], there: Sequence[str]) -> ImportRefused:
    """The refusal of a sheet or file that is not in the file, with those that are."""
    return ImportRefused(
        Reason.NOT_A_TABLE,
        _("There is no sheet or file called {names} in this file. There are: {there}.").format(
            names=", ".join(names), there=", ".join(there)
        ),
    )


def unreadable(reason: Reason) -> ImportRefused:
    """The refusal of a file that cannot be read, with what to do."""
    sentences = {
        Reason.FILE_TOO_LARGE: _(
            "This file is too large once it is unpacked, or its sheet has too many rows. Save the "
            "sheet as CSV: that may have any size."
        ),
        Reason.FILE_LOCKED: _(
            "This file has a password, or is of an old kind of Excel. Save it as .xlsx or CSV "
            "without a password."
        ),
        Reason.UNSAFE_DOCUMENT: _(
            "This file calls in other files (a document type). A spreadsheet never does. We did "
            "not read it."
        ),
        Reason.BAD_ENCODING: _("The characters of this file cannot be read. Save it as CSV UTF-8."),
    }
    return ImportRefused(
        reason, sentences.get(reason) or _("This file is not a table that we can read.")
    )
