"""A company that receives data, in words: what its history compares."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from akkoord.register.entry_words import ROLES, Line, day_words, ground_words
from akkoord.register.models import Recipient
from akkoord.register.records import Record, text_of

_SHOWN = 8  # characters of a file's number: enough to tell two contracts apart


def company_lines(record: Record, names: Mapping[str, str]) -> list[Line]:
    """A version of a company, part by part, in the reader's language.

    `names`: of activities by their keys; activities without a name are not told.
    """
    role = str(record.get("role", ""))
    told_by = str(record.get("told_by", ""))
    parts: tuple[tuple[str, str, list[str]], ...] = (
        ("name", _("Name"), [str(record.get("name", ""))]),
        ("state", _("State"), [_("Gets nothing any more") if record["is_ended"] else _("In use")]),
        ("role", _("Role"), [str(ROLES.get(role, role))]),
        ("service", _("Does what"), [str(text_of(record, "service"))]),
        ("country", _("Country"), [str(record.get("country", ""))]),
        (
            "safeguard",
            _("Outside Europe: why may data go there?"),
            [ground_words(str(record.get("safeguard", "")))],
        ),
        ("contract_on", _("Contract signed on"), [_day(record, "contract_on")]),
        ("contract", _("The contract itself"), [_contract(record)]),
        ("review_on", _("Look at it again on"), [_day(record, "review_on")]),
        (
            "checked_on",
            _("Looked up in the list of the framework on"),
            [_day(record, "checked_on")],
        ),
        (
            "subprocessors",
            _("Companies that work for it"),
            [str(each) for each in record.get("subprocessors") or ()],
        ),
        (
            "told_by",
            _("How it hears that data changed or must go"),
            [str(Recipient.ToldBy(told_by).label) if told_by else ""],
        ),
        (
            "activities",
            _("Gets data for"),
            [names[key] for key in record.get("activities") or () if key in names],
        ),
    )
    return [Line(key, label, "", [part for part in said if part]) for key, label, said in parts]


def _day(record: Record, name: str) -> str:
    return day_words(record[name]) if record.get(name) else ""


def _contract(record: Record) -> str:
    """The file by its name and the end of its number: the same name may be another contract."""
    if not record.get("contract_file"):
        return ""
    return f"{record.get('contract_name', '')} ({str(record['contract_file'])[-_SHOWN:]})"
