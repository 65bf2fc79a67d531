"""The activity of telling people about a data leak (art. 34 GDPR), and its letters' purpose."""

from datetime import datetime

from akkoord.law.states import Basis
from akkoord.register import presets
from akkoord.register.actions import enter_activity, fill_catalogue
from akkoord.register.models import ProcessingActivity, Purpose
from akkoord.register.service_purposes import PREFIX, service_purpose
from akkoord.trail.actions import Actor, record_change

DATA_LEAKS = "data-leaks"

_ACTIVITY = presets.ActivityPreset(
    key=DATA_LEAKS,
    name=presets.Words("Datalekken", "Data leaks"),
    purpose=presets.Words(
        "Bijhouden wat er misging met gegevens, en het laten weten aan wie het raakt.",
        "To keep a record of what went wrong with data, and to tell whom it touches.",
    ),
    basis=Basis.LEGAL_OBLIGATION,  # art. 33 and 34
    telecom_basis="",
    purpose_classes=(presets.LEGAL,),
    subjects=("dpv:DataSubject",),
    fields=(
        presets.FieldUse("email", presets.Words("Om het u te laten weten.", "To let you know.")),
        presets.FieldUse("first_name", presets.Words("Om u aan te spreken.", "To address you.")),
        presets.FieldUse("last_name", presets.Words("Om u aan te spreken.", "To address you.")),
        presets.FieldUse(
            "language", presets.Words("Om in uw taal te schrijven.", "To write in your language.")
        ),
        presets.FieldUse(
            "street", presets.Words("Om u een brief te sturen.", "To send you a letter.")
        ),
        presets.FieldUse(
            "postcode", presets.Words("Om u een brief te sturen.", "To send you a letter.")
        ),
        presets.FieldUse(
            "city", presets.Words("Om u een brief te sturen.", "To send you a letter.")
        ),
    ),
    term=presets.Words(
        "Wie is geraakt: een jaar na het afsluiten. Het verslag zonder namen: vijf jaar.",
        "Who was affected: a year after closing. The record without names: five years.",
    ),
    trigger="closed",
    months=12,
    is_system=True,
)


def leak_purpose_there() -> Purpose | None:
    """The same purpose, when the activity stands in the register; it enters nothing."""
    if not ProcessingActivity.objects.filter(key=DATA_LEAKS, valid_to=None).exists():
        return None
    return Purpose.objects.filter(slug=f"{PREFIX}{DATA_LEAKS}").first()


def leak_purpose(*, at: datetime, actor: Actor) -> Purpose:
    """The purpose under which letters about leaks leave; the activity is entered the first time."""
    found = ProcessingActivity.objects.filter(key=DATA_LEAKS, valid_to=None).first()
    if found is None:
        last = ProcessingActivity.objects.filter(key=DATA_LEAKS).order_by("-version").first()
        fill_catalogue(at=at)
        enter_activity(_ACTIVITY, at=at, actor=actor, version=last.version + 1 if last else 1)
        record_change(
            actor=actor,
            action="activity.enter",
            object_kind="activity",
            object_id=None,
            fields=(DATA_LEAKS,),
            at=at,
        )
        found = ProcessingActivity.objects.get(key=DATA_LEAKS, valid_to=None)
    return service_purpose(found, at=at)
