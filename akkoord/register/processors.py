"""Processors that a room brings along: entered in the register when data begins to go there."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from akkoord.law.register_rules import needs_ground
from akkoord.law.terms import law_day
from akkoord.register import presets
from akkoord.register.actions import RegisterRefused
from akkoord.register.known_companies import KNOWN
from akkoord.register.models import ProcessingActivity, Recipient
from akkoord.register.receiving import blocked_now, refuse_blocked
from akkoord.register.recipient_changes import tell_changed
from akkoord.trail.actions import Actor, record_change

_STANDARD_CLAUSES = "Standard contractual clauses (EU) 2021/914"


@dataclass(frozen=True, slots=True)
class KnownProcessor:
    """A processor whose standard contract is known: who signs it, and where the data goes."""

    name: str
    country: str
    safeguard: str = ""


MAIL_PROCESSORS: Mapping[str, KnownProcessor] = {
    "ses": KnownProcessor("Amazon Web Services EMEA SARL (Amazon SES)", "LU"),
    "mailgun": KnownProcessor("Mailgun Technologies, Inc. (Mailgun)", "US", _STANDARD_CLAUSES),
    "postmark": KnownProcessor("AC PM LLC (Postmark)", "US", _STANDARD_CLAUSES),
    "brevo": KnownProcessor("Sendinblue SAS (Brevo)", "FR"),
}


@transaction.atomic
def enter_mail_processor(*, kind: str, leaves_eea: bool, at: datetime, actor: Actor) -> Recipient:
    """A provider of mail receives data from now on: it stands in the register, with its contract.

    `leaves_eea`: the owner chose a place outside the EEA, so that a ground for the transfer is
    written down, too (art. 30(1)(d)-(e), INV-42). One that was ticked in the register before is
    found there: it gets what it lacks, and every activity. Refuses one that may receive nothing
    all the same, as its ground does not fit its country.
    """
    known = MAIL_PROCESSORS[kind]
    keys = _every_activity()
    found = Recipient.objects.select_for_update().filter(key=f"mail-{kind}", valid_to=None).first()
    if found is not None:
        _complete(found, keys, leaves_eea=leaves_eea, at=at, actor=actor)
        return found
    made = Recipient.objects.create(
        key=f"mail-{kind}",
        name=known.name,
        role="processor",
        service_nl=presets.SENDING.nl,
        service_en=presets.SENDING.en,
        country="US" if leaves_eea else known.country,
        safeguard=_STANDARD_CLAUSES if leaves_eea else known.safeguard,
        contract_on=law_day(at),
        subprocessors=list(KNOWN[f"mail-{kind}"].subprocessors),
        activity_keys=sorted(keys),
        valid_from=at,
        **way_to(f"mail-{kind}"),
    )
    _record("processor.enter", made, at=at, actor=actor)
    return made


def _every_activity() -> set[str]:
    return set(ProcessingActivity.objects.filter(valid_to=None).values_list("key", flat=True))


def _complete(
    found: Recipient, keys: set[str], *, leaves_eea: bool, at: datetime, actor: Actor
) -> None:
    """Let a provider that stands there carry everything, with a contract and a ground."""
    values: dict[str, Any] = {}
    if not keys <= set(found.activity_keys):
        values["activity_keys"] = sorted(keys | set(found.activity_keys))
    if found.contract_on is None:  # whoever connects the account says that there is one
        values["contract_on"] = law_day(at)
    if leaves_eea and not needs_ground(found.country):
        values["country"] = "US"
    if needs_ground(values.get("country", found.country)) and not found.safeguard:
        values["safeguard"] = _STANDARD_CLAUSES
    for name, value in values.items():
        setattr(found, name, value)
    refuse_blocked(found, "kind", law_day(at))
    if values:
        found.save(update_fields=[*values])
        _record("company.change", found, sorted(values), at=at, actor=actor)


@transaction.atomic
def end_mail_processor(*, kind: str, at: datetime, actor: Actor) -> None:
    """A provider of mail receives nothing more; what it received stays in the history."""
    for each in Recipient.objects.filter(key=f"mail-{kind}", valid_to=None):
        each.valid_to = at
        each.save(update_fields=["valid_to"])
        _record("processor.end", each, at=at, actor=actor)


def _record(
    action: str, recipient: Recipient, fields: Sequence[str] = (), *, at: datetime, actor: Actor
) -> None:
    """Note the change, and let those hear it who tell people of recipients."""
    tell_changed(recipient.activity_keys, at=at, actor=actor)
    record_change(
        actor=actor,
        action=action,
        object_kind="recipient",
        object_id=recipient.id,
        fields=fields,
        at=at,
    )


@transaction.atomic
def enter_print_house(
    *, name: str, activity_key: str, has_contract: bool, at: datetime, actor: Actor
) -> Recipient:
    """A printer or post house gets names and addresses; the register says so (art. 28, INV-42).

    Refuses a name that says nothing, and a house without a contract, or one that is there already
    and may receive nothing. Done again it is found.
    """
    name = " ".join(name.split())[:200]
    if not name:
        raise RegisterRefused("printer_name", _("Fill in who prints them."))
    key = f"print-{slugify(name) or 'house'}"[:80]
    found = Recipient.objects.select_for_update().filter(key=key, valid_to=None).first()
    if found is None:
        if not has_contract:
            raise RegisterRefused(
                "has_contract",
                _("First agree in writing what this company may do with the addresses."),
            )
        found = Recipient.objects.create(
            key=key,
            name=name,
            role="processor",
            service_nl=presets.PRINTING.nl,
            service_en=presets.PRINTING.en,
            contract_on=law_day(at),
            activity_keys=[activity_key],
            valid_from=at,
            **way_to(key),
        )
        _record("processor.enter", found, at=at, actor=actor)
        return found
    if found.contract_on is None and has_contract:
        found.contract_on = law_day(at)
        found.save(update_fields=["contract_on"])
        _record("company.change", found, ("contract_on",), at=at, actor=actor)
    refuse_blocked(found, "printer_name", law_day(at))
    if activity_key not in found.activity_keys:
        found.activity_keys = [*found.activity_keys, activity_key]
        found.save(update_fields=["activity_keys"])
        _record("company.change", found, ("activity_keys",), at=at, actor=actor)
    return found


def way_to(key: str) -> dict[str, str]:
    """How the last version of a recipient hears of it (art. 19): a new one hears the same way."""
    last = Recipient.objects.filter(key=key).order_by("-valid_from").first()
    return {"told_by": last.told_by, "told_at": last.told_at} if last else {}


def mail_host_key(host: str) -> str:
    """What the company behind a mail server is called in the register."""
    return f"mail-host-{slugify(host.replace('.', '-'))}"[:80]


def contracts_on(keys: Iterable[str], on: date) -> dict[str, tuple[str, date | None]]:
    """Of processors: their name, and the day of the contract by which they receive data now.

    No day: it may receive nothing, for want of a contract or of a ground for where it is, or as no
    activity names it (INV-42).
    """
    found = list(Recipient.objects.filter(key__in=list(keys), valid_to=None))
    blocked = blocked_now(found, on) if found else set()
    return {
        each.key: (
            each.name,
            each.contract_on if each.activity_keys and each.key not in blocked else None,
        )
        for each in found
    }


@transaction.atomic
def enter_mail_host(
    *, host: str, company: str, has_contract: bool, leaves_eea: bool, at: datetime, actor: Actor
) -> Recipient:
    """The company behind a mail server receives data from now on, by its contract (INV-42).

    Refuses one without a name or a contract.
    """
    company = " ".join(company.split())[:200]
    if not company:
        raise RegisterRefused("company", _("Fill in which company keeps this mail server."))
    if not has_contract:
        raise RegisterRefused(
            "has_contract", _("First agree in writing what this company may do with the addresses.")
        )
    end_mail_host(host=host, at=at, actor=actor)
    made = Recipient.objects.create(
        key=mail_host_key(host),
        name=company,
        role="processor",
        service_nl=presets.SENDING.nl,
        service_en=presets.SENDING.en,
        country="US" if leaves_eea else "NL",
        safeguard=_STANDARD_CLAUSES if leaves_eea else "",
        contract_on=law_day(at),
        activity_keys=sorted(_every_activity()),
        valid_from=at,
        **way_to(mail_host_key(host)),
    )
    _record("processor.enter", made, at=at, actor=actor)
    return made


@transaction.atomic
def end_mail_host(*, host: str, at: datetime, actor: Actor) -> None:
    """The company behind a mail server receives nothing more."""
    for each in Recipient.objects.filter(key=mail_host_key(host), valid_to=None):
        each.valid_to = at
        each.save(update_fields=["valid_to"])
        _record("processor.end", each, at=at, actor=actor)
