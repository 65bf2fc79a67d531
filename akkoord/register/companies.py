"""Verbs on companies that receive data: enter, change, end; the contract, the ground (INV-42).

A processor without a contract, or one outside the EEA without a fitting ground, receives nothing:
no activity may name it until that is mended.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from akkoord.accounts.keys import revoke_keys_of
from akkoord.datamap.attachments import open_file, seal_file
from akkoord.datamap.ids import uuid7
from akkoord.law.register_rules import Fault
from akkoord.law.terms import law_day
from akkoord.register.known_companies import KNOWN
from akkoord.register.models import Recipient
from akkoord.register.nobody import refuse_persons
from akkoord.register.processors import way_to
from akkoord.register.reasons import SHORTEST_REASON, because
from akkoord.register.receiving import blocked_now as blocked_now
from akkoord.register.receiving import faults_of as faults_of
from akkoord.register.receiving import may_receive as may_receive
from akkoord.register.receiving import stop_of
from akkoord.register.recipient_changes import tell_changed
from akkoord.register.refused import RegisterRefused
from akkoord.trail.actions import Actor, record_change

FAULTS: Mapping[Fault, Promise] = {
    Fault.NO_CONTRACT: gettext_lazy("There is no contract. Without one it may receive nothing."),
    Fault.NO_GROUND: gettext_lazy(
        "It is outside Europe, and no ground says why data may go there."
    ),
    Fault.GROUND_UNFIT: gettext_lazy("This ground does not count for this country."),
    Fault.NO_SUBPROCESSORS: gettext_lazy("You do not know yet which companies work for it."),
    Fault.REVIEW_DUE: gettext_lazy("It is time to look at the contract again."),
    Fault.CHECK_DUE: gettext_lazy("Look whether it still stands in the list of the framework."),
}
LARGEST_CONTRACT = 5_000_000
_KINDS = {b"%PDF": ".pdf", b"PK\x03\x04": ".docx"}
TEXTS = ("name", "service_nl", "service_en")
_COLUMNS = (
    *TEXTS,
    "role",
    "country",
    "safeguard",
    "contract_on",
    "review_on",
    "checked_on",
    "subprocessors",
)


@dataclass(frozen=True, slots=True)
class Contract:
    """A signed contract as it was uploaded."""

    name: str
    content: bytes


@transaction.atomic
def enter_company(
    *,
    values: Mapping[str, Any],
    at: datetime,
    actor: Actor,
    key: str = "",
    contract: Contract | None = None,
) -> Recipient:
    """A company stands in the register; it receives data once an activity names it.

    Refuses a name that says nothing or that is there, and texts that name people.
    """
    checked = _checked(values)
    if not checked.get("name"):
        raise RegisterRefused("name", _("Give the name of the company."))
    key = (key or f"company-{slugify(checked['name']) or 'x'}")[:80]
    if Recipient.objects.filter(key=key, valid_to=None).exists():
        raise RegisterRefused("name", _("This company is there already."))
    made = Recipient(key=key, valid_from=at, **checked, **way_to(key))
    _keep_contract(made, contract)
    made.save()
    _note("company.enter", made, checked, at=at, actor=actor)
    return made


def enter_known(*, key: str, at: datetime, actor: Actor) -> Recipient:
    """One tick: a known company by its standard contract, agreed to today, looked at in a year."""
    known = KNOWN.get(key)
    if known is None:
        raise RegisterRefused("known", _("We do not know this company."))
    today = law_day(at)
    is_processor = known.role == "processor"
    return enter_company(
        key=key,
        values={
            "name": known.name,
            "service_nl": known.service[0],
            "service_en": known.service[1],
            "role": known.role,
            "country": known.country,
            "safeguard": str(known.ground),
            "contract_on": today if is_processor else None,
            "review_on": today.replace(year=today.year + 1, day=min(today.day, 28)),
            "subprocessors": list(known.subprocessors),
        },
        at=at,
        actor=actor,
    )


@transaction.atomic
def change_company(
    *,
    recipient_id: Any,
    values: Mapping[str, Any],
    at: datetime,
    actor: Actor,
    contract: Contract | None = None,
    reason: str = "",
) -> Recipient:
    """New facts about a company; it and every activity that names it get a version, with why.

    Refuses to take away the contract or the ground while an activity names it (INV-42), and then
    no reason (INV-30).
    """
    found = Recipient.objects.select_for_update().filter(id=recipient_id, valid_to=None).first()
    if found is None:
        raise RegisterRefused("", _("This company receives nothing any more."))
    checked = _checked(values)
    changed = [name for name, value in checked.items() if getattr(found, name) != value]
    for name in changed:
        setattr(found, name, checked[name])
    stop = stop_of(found, law_day(at)) if found.activity_keys else None
    if stop is not None:
        field = "contract_on" if stop is Fault.NO_CONTRACT else "safeguard"
        raise RegisterRefused(field, str(FAULTS[stop]))
    if changed or contract:
        _demand_reason(found, reason)
        _keep_contract(found, contract)
        found.save()
        if changed:
            tell_changed(found.activity_keys, at=at, actor=actor)
        fields = [*changed, *(["contract_name"] if contract else [])]
        _note("company.change", found, fields, at=at, actor=actor)
        because(reason)
    return found


@transaction.atomic
def end_company(*, recipient_id: Any, at: datetime, actor: Actor, reason: str = "") -> Recipient:
    """It receives nothing any more; it stays in the history, with its contract.

    Its keys of the API end too, also those that were made for an earlier version of it (INV-42).
    Refuses no reason while an activity names it (INV-30).
    """
    found = Recipient.objects.select_for_update().filter(id=recipient_id, valid_to=None).first()
    if found is None:
        raise RegisterRefused("", _("This company receives nothing any more."))
    _demand_reason(found, reason)
    found.valid_to = at
    found.save(update_fields=["valid_to"])
    whose = Recipient.objects.filter(key=found.key).values_list("id", flat=True)
    revoke_keys_of(whose, at=at, actor=actor)
    tell_changed(found.activity_keys, at=at, actor=actor)
    _note("company.end", found, ("valid_to",), at=at, actor=actor)
    because(reason)
    return found


def _demand_reason(recipient: Recipient, reason: str) -> None:
    """What is in the register changes with a reason; what nobody names yet is a draft."""
    if recipient.activity_keys and len(reason.strip()) < SHORTEST_REASON:
        raise RegisterRefused("reason", _("Say in a few words why this changes."))
    refuse_persons({"reason": reason})


def contract_of(recipient: Recipient) -> bytes:
    """The contract that was uploaded. Raises AttachmentGone."""
    file_id = recipient.contract_file_id
    return open_file(recipient.contract_path, recipient.contract_key or b"", file_id=file_id)


def _keep_contract(recipient: Recipient, contract: Contract | None) -> None:
    if contract is None:
        return
    if len(contract.content) > LARGEST_CONTRACT:
        raise RegisterRefused("contract", _("This file is too big. At most 5 MB."))
    ending = next((end for head, end in _KINDS.items() if contract.content.startswith(head)), "")
    if not ending:
        raise RegisterRefused("contract", _("The contract must be a PDF or a Word document."))
    file_id = uuid7()
    sealed = seal_file(contract.content, file_id=file_id)
    recipient.contract_name = f"contract{ending}"
    recipient.contract_path, recipient.contract_key = sealed.path, sealed.wrapped_key


def _checked(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values that are columns of a company. Raises RegisterRefused (INV-30)."""
    found = {name: values[name] for name in _COLUMNS if name in values}
    for name in TEXTS:
        if name in found:
            found[name] = " ".join(str(found[name]).split())[:200]
    if "country" in found:
        found["country"] = str(found["country"]).upper()
    refuse_persons({name: found.get(name, "") for name in ("service_nl", "service_en")})
    if "subprocessors" in found:
        refuse_persons({"subprocessors": found["subprocessors"]})
        found["subprocessors"] = [str(each)[:200] for each in found["subprocessors"]]
    return found


def _note(
    action: str,
    recipient: Recipient,
    fields: Sequence[str] | Mapping[str, Any],
    *,
    at: datetime,
    actor: Actor,
) -> None:
    record_change(
        actor=actor,
        action=action,
        object_kind="recipient",
        object_id=recipient.id,
        fields=sorted(fields),
        at=at,
    )
