"""What one cell of a register from a file says."""

from django.utils import translation
from django.utils.translation import gettext as _

from akkoord.law.register_rules import Element
from akkoord.register.entry_words import SUBJECTS


def safe_cell(cell: str) -> tuple[str, str]:
    """A cell without the mark of our own files; what is a formula is refused."""
    if cell[:1] == "'" and cell[1:2] in tuple("=+-@\t\r"):
        return cell[1:], ""
    if cell[:1] in ("=", "@") or (cell[:1] == "+" and not cell[1:2].isspace()):
        return cell, _("This is a formula, not a text.")
    if cell.startswith("#") and cell.rstrip("!?").isupper() and " " not in cell:
        return cell, _("This cell holds an error of the spreadsheet.")
    return cell, ""


def published_words() -> set[str]:
    """The words of a complete entry, in both languages."""
    words = set()
    for language in ("nl", "en"):
        with translation.override(language):
            words.add(_("Complete"))
    return words


def lines_in(text: str) -> list[str]:
    """The parts of a cell: a line each, or with semicolons between them."""
    parts = text.split("\n") if "\n" in text else text.split(";")
    return [each for each in (part.strip() for part in parts) if each]


def subject_terms() -> dict[str, str]:
    """Kinds of people by their words in both languages."""
    found: dict[str, str] = {}
    for language in ("nl", "en"):
        with translation.override(language):
            found |= {str(words).lower(): key for key, words in SUBJECTS.items()}
    return found


def reasons_in(text: str) -> dict[str, str]:
    """Why which element stays empty; what names no element is left out."""
    pairs = (line.partition(": ") for line in text.split("\n"))
    known = {str(each) for each in Element}
    return {name: reason for name, _colon, reason in pairs if name in known and reason}
