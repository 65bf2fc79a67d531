"""What may stand in an activity that was made by hand: its values, tidied and looked through."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from akkoord.law.states import Basis
from akkoord.register.models import ProcessingActivity
from akkoord.register.nobody import refuse_persons
from akkoord.register.refused import RegisterRefused

TEXTS = ("name", "purpose", "proof", "source", "transfers", "term", "security")
LISTS = ("data", "receivers")
PLAIN = ("legal_basis", "subjects", "role", "clients", "blanks")
EXEMPT = ("clients",)  # art. 30(2)(a) asks for names and contact of those whom we work for
BASES = frozenset(
    {
        "",
        Basis.CONSENT,
        Basis.CONTRACT,
        Basis.LEGAL_OBLIGATION,
        Basis.LEGITIMATE_INTEREST,
        Basis.VITAL_INTEREST,
        Basis.PUBLIC_TASK,
    }
)
LONGEST = 4000


def checked_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values with their spaces gone. Raises RegisterRefused for what may not be written."""
    found = shaped_values(values)
    texts: dict[str, list[str]] = {}
    for name, value in found.items():
        if name not in EXEMPT:
            texts.setdefault(_field(name), []).extend(_texts_in(value))
    refuse_persons(texts)
    return found


def _texts_in(value: Any) -> list[str]:
    if isinstance(value, dict):
        return list(value.values())
    return [value] if isinstance(value, str) else list(value)


def shaped_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """The same without a look for people, for a caller that asked of all its texts at once."""
    known = {f"{name}_{tail}" for name in (*TEXTS, *LISTS) for tail in ("nl", "en")} | set(PLAIN)
    found = {name: _tidy(value) for name, value in values.items() if name in known}
    if found.get("legal_basis", "") not in BASES:
        raise RegisterRefused("legal_basis", _("There is no such ground."))
    if found.get("role") == "processor" and not found.get("clients"):
        raise RegisterRefused("clients", _("Say for which clients you do this."))
    for name, value in found.items():
        _refuse_long(name, value)
    return found


def _field(name: str) -> str:
    """The field of the form where a value was typed."""
    return name.removesuffix("_nl").removesuffix("_en")


def _tidy(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\x00", "").strip()
    if isinstance(value, dict):
        return {name: _tidy(text) for name, text in value.items() if _tidy(text)}
    return [_tidy(each) for each in value if _tidy(each)]


def _refuse_long(name: str, value: Any) -> None:
    most = _longest(name)
    for text in _texts_in(value):
        if len(text) > most:
            raise RegisterRefused(
                _field(name), _("This is too long. At most %(most)s characters.") % {"most": most}
            )


def _longest(name: str) -> int:
    column = ProcessingActivity._meta.get_field(name)
    base = getattr(column, "base_field", column)
    return getattr(base, "max_length", None) or LONGEST
