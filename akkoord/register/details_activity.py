"""The activity of asking people whether what is kept of them is right (art. 5(1)(d) GDPR)."""

from datetime import datetime

from akkoord.law.states import Basis
from akkoord.register import presets
from akkoord.register.actions import enter_activity, fill_catalogue
from akkoord.register.models import ProcessingActivity
from akkoord.trail.actions import Actor, record_change

DETAILS = "details"

_ACTIVITY = presets.ActivityPreset(
    key=DETAILS,
    name=presets.Words("Vragen of gegevens kloppen", "Asking whether data are right"),
    purpose=presets.Words(
        "Eén keer per jaar vragen of uw gegevens nog kloppen. Zo bewaren wij niets dat onjuist is.",
        "To ask once a year whether your data are still right, so that we keep nothing wrong.",
    ),
    basis=Basis.LEGAL_OBLIGATION,  # art. 5(1)(d): kept accurate and up to date
    telecom_basis="",
    purpose_classes=(presets.LEGAL,),
    subjects=("dpv:Customer",),
    fields=(
        presets.FieldUse("email", presets.Words("Om u de vraag te sturen.", "To ask you.")),
        presets.FieldUse(
            "language", presets.Words("Om in uw taal te schrijven.", "To write in your language.")
        ),
    ),
    term=presets.Words(
        "Wanneer wij het vroegen en wat u antwoordde: twee jaar.",
        "When we asked and what you answered: two years.",
    ),
    trigger="asked",
    days=730,
    is_system=False,
)


def is_entered() -> bool:
    """Whether the activity stands in the register today."""
    return ProcessingActivity.objects.filter(key=DETAILS, valid_to=None).exists()


def ensure_details_activity(*, at: datetime, actor: Actor) -> None:
    """Enter the activity in the register when it is not there."""
    if is_entered():
        return
    last = ProcessingActivity.objects.filter(key=DETAILS).order_by("-version").first()
    fill_catalogue(at=at)
    enter_activity(_ACTIVITY, at=at, actor=actor, version=last.version + 1 if last else 1)
    record_change(
        actor=actor,
        action="activity.enter",
        object_kind="activity",
        object_id=None,
        fields=(DETAILS,),
        at=at,
    )
