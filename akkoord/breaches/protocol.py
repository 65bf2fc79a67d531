"""The protocol for the wall: who to call, what to do in which order; made from the settings."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from akkoord.breaches.reminders import deciders
from akkoord.law.parameters import duration
from akkoord.register.models import Organisation
from akkoord.register.queries import organisation


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody to call."""

    role: str
    name: str
    reach: str


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Protocol:
    """Everything on the page."""

    lead: str
    clock: str
    steps: tuple[Step, ...]
    contacts: tuple[Contact, ...]
    examples: tuple[str, ...]
    foot: str
    has_phone: bool


def protocol(on: object) -> Protocol:
    """The page as the settings make it today; two statements."""
    house = organisation() or Organisation()
    hours = int(duration("breach-notification", on).total_seconds() // 3600)  # type: ignore[arg-type]
    address = f"{settings.BASE_URL}{reverse('breaches:begin')}"
    return Protocol(
        lead=_(
            "Something went wrong with data of people? Say so at once. Nobody is blamed for it."
        ),
        clock=_("%(hours)s hours") % {"hours": hours},
        steps=_steps(address, hours),
        contacts=_contacts(house),
        examples=(
            _("A mail or letter that went to the wrong person"),
            _("A laptop, phone, stick or folder that is lost or stolen"),
            _("You pressed a link that you do not trust, or gave a password away"),
            _("Somebody looked at data without a reason"),
            _("Data are gone, and there is no copy"),
        ),
        foot=_("Report: %(address)s") % {"address": address},
        has_phone=bool(house.contact_phone),
    )


def _steps(address: str, hours: int) -> tuple[Step, ...]:
    return (
        Step(
            _("Stop it"),
            _("Call back the mail, lock the device, change the password. Throw nothing away."),
        ),
        Step(
            _("Report it"),
            _("Press “Report a data leak” in Akkoord (%(address)s), or call. Also when unsure.")
            % {"address": address},
        ),
        Step(_("Write down"), _("What happened, when you noticed, whose data it may be.")),
        Step(
            _("Leave telling others to us"),
            _("One person decides who is told. Send customers nothing yourself."),
        ),
        Step(
            _("Decide within %(hours)s hours") % {"hours": hours},
            _(
                "The clock runs from the moment that somebody notices, at night and at weekends "
                "too."
            ),
        ),
    )


def _contacts(house: Organisation) -> tuple[Contact, ...]:
    found = [
        Contact(str(each.get_role_display()), each.name, each.email) for each in deciders()[:4]
    ]
    if house.officer_name or house.officer_email:
        found.append(Contact(_("Data protection officer"), house.officer_name, house.officer_email))
    found.append(Contact(_("Phone"), house.name, house.contact_phone or house.contact_email))
    return tuple(found)
