"""Security measures (art. 32): what Akkoord sees by itself, and what the organisation declares."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from akkoord.accounts.models import Role, Staff
from akkoord.law.terms import law_day
from akkoord.register.models import Measure
from akkoord.register.nobody import refuse_persons
from akkoord.register.presets_register import Words
from akkoord.register.refused import RegisterRefused
from akkoord.trail.actions import Actor, record_change


@dataclass(frozen=True, slots=True)
class Seen:
    """What Akkoord sees of a measure now: whether it holds, in a sentence, since when."""

    holds: bool
    sentence: str
    on: date | None = None


Look = Callable[[], Seen]
_looks: dict[str, tuple[Words, Look]] = {}


def see_measure(key: str, name: Words, look: Look) -> None:
    """Let a room show a measure that it can see by itself; entered once."""
    _looks[key] = (name, look)


@dataclass(frozen=True, slots=True)
class Shown:
    """A measure as the page shows it."""

    measure: Measure
    seen: Seen | None
    is_due: bool


def measures_now(on: date) -> list[Shown]:
    """Measures by name: first those that Akkoord sees."""
    found = Measure.objects.filter(valid_to=None).order_by("-is_measured", "name_nl")
    return [
        Shown(
            each,
            _looks[each.key][1]() if each.is_measured and each.key in _looks else None,
            each.review_on is not None and each.review_on <= on,
        )
        for each in found
    ]


def looks_now() -> list[tuple[str, Seen]]:
    """What Akkoord can see, by name in the reader's language, with what it sees now."""
    place = 1 if get_language() == "en" else 0
    return [(name[place], look()) for name, look in _looks.values()]


@transaction.atomic
def note_seen_measures(*, at: datetime, actor: Actor) -> int:
    """Enter in the register what Akkoord sees and sees to hold; end what no longer holds."""
    changed = 0
    standing = {each.key: each for each in Measure.objects.filter(valid_to=None, is_measured=True)}
    for key, (name, look) in _looks.items():
        holds = look().holds
        if holds and key not in standing:
            Measure.objects.create(
                key=key, name_nl=name.nl, name_en=name.en, is_measured=True, valid_from=at
            )
            changed += 1
        elif not holds and key in standing:
            Measure.objects.filter(id=standing[key].id).update(valid_to=at)
            changed += 1
    if changed:
        _note("measure.seen", at=at, actor=actor)
    return changed


@transaction.atomic
def declare_measure(
    *, name_nl: str, name_en: str, review_on: date, at: datetime, actor: Actor
) -> Measure:
    """A measure that only people can see, declared on a day, looked at again on another.

    Refuses a text that says nothing or names somebody, and a review that is over already.
    """
    name_nl, name_en = name_nl.strip()[:200], (name_en or name_nl).strip()[:200]
    if not name_nl:
        raise RegisterRefused("name", _("Say what you do."))
    if review_on <= law_day(at):
        raise RegisterRefused("review_on", _("Choose a day that is still to come."))
    refuse_persons({"name": [name_nl, name_en]})
    key = slugify(name_nl)[:80] or "measure"
    Measure.objects.filter(key=key, valid_to=None).update(valid_to=at)
    made = Measure.objects.create(
        key=key,
        name_nl=name_nl,
        name_en=name_en,
        declared_on=law_day(at),
        review_on=review_on,
        changed_by=actor.id,
        valid_from=at,
    )
    _note("measure.declare", at=at, actor=actor)
    return made


@transaction.atomic
def end_measure(*, measure_id: UUID, at: datetime, actor: Actor) -> None:
    """It is no longer done; what Akkoord sees ends by itself."""
    if Measure.objects.filter(id=measure_id, is_measured=False, valid_to=None).update(valid_to=at):
        _note("measure.end", at=at, actor=actor)


def _note(action: str, *, at: datetime, actor: Actor) -> None:
    record_change(actor=actor, action=action, object_kind="measure", object_id=None, at=at)


def _second_factor() -> Seen:
    from allauth.mfa.models import Authenticator

    staff = set(Staff.objects.filter(is_active=True).values_list("id", flat=True))
    safe = set(Authenticator.objects.filter(user_id__in=staff).values_list("user_id", flat=True))
    without = len(staff - safe)
    if without:
        return Seen(False, _("%(n)s members of staff log in without it.") % {"n": without})
    return Seen(bool(staff), _("Everybody who logs in uses it."))


def _least_rights() -> Seen:
    active = Staff.objects.filter(is_active=True)
    owners = active.filter(role=Role.OWNER).count()
    words = _("%(owners)s of %(all)s members of staff may do everything.")
    return Seen(0 < owners <= 2, words % {"owners": owners, "all": active.count()})


def _sealed_files() -> Seen:
    return Seen(True, _("Every file is encrypted with a key of its own (AES-256-GCM)."))


def _short_addresses() -> Seen:
    return Seen(True, _("No full IP address is kept: only the network is."))


def _sealed_proof() -> Seen:
    return Seen(True, _("Who did what, and what people agreed to, is sealed in blocks."))


def enter_own() -> None:
    """What this room and those below it can see."""
    see_measure(
        "second-factor",
        Words("Inloggen met een tweede factor", "Logging in with a second factor"),
        _second_factor,
    )
    see_measure(
        "least-rights",
        Words("Niet meer rechten dan nodig", "No more rights than needed"),
        _least_rights,
    )
    see_measure("sealed-files", Words("Bestanden versleuteld", "Files encrypted"), _sealed_files)
    see_measure(
        "short-addresses", Words("IP-adressen ingekort", "IP addresses truncated"), _short_addresses
    )
    see_measure(
        "sealed-proof",
        Words("Verzegeld logboek van wie wat deed", "Sealed record of who did what"),
        _sealed_proof,
    )
