"""What steps, grounds and kinds of a request are called, in plain words. Only words."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from akkoord.law.request_rules import RefusalGround

REFUSALS: dict[str, Any] = {
    RefusalGround.UNFOUNDED: _("There is clearly no reason for it"),
    RefusalGround.EXCESSIVE: _("It was asked and answered again and again"),
    RefusalGround.IDENTITY: _("Who asks could not show that it is them"),
    RefusalGround.LEGAL_DUTY: _("A law demands that it is kept"),
    RefusalGround.CLAIM: _("It is needed in a dispute"),
    RefusalGround.OTHERS_RIGHTS: _("It would harm somebody else"),
    RefusalGround.NOT_BY_CONSENT: _("It is not kept by consent or for a contract"),
    RefusalGround.IS_RIGHT: _("What stands here is right"),
    RefusalGround.COMPELLING: _("There is a pressing reason that weighs more"),
    RefusalGround.NO_SUCH_DECISION: _("No machine decided anything about this person"),
}

STEPS: dict[str, Any] = {
    "opened": pgettext_lazy("step", "Came in"),
    "confirmed": pgettext_lazy("step", "Confirmed from the mailbox"),
    "link-mailed": pgettext_lazy("step", "Link to confirm mailed"),
    "told": pgettext_lazy("step", "Told by mail that it has stopped"),
    "data-link-mailed": pgettext_lazy("step", "Link to the data mailed"),
    "fetched": pgettext_lazy("step", "Data fetched by the person"),
    "frozen": pgettext_lazy("step", "Data frozen"),
    "part-done": pgettext_lazy("step", "Done"),
    "part-refused": pgettext_lazy("step", "Refused"),
    "extended": pgettext_lazy("step", "Two months more"),
    "erased": pgettext_lazy("step", "Person forgotten"),
    "lapsed": pgettext_lazy("step", "Never confirmed"),
    "closed": pgettext_lazy("step", "Closed"),
}


def refusal_word(ground: str) -> str:
    """A ground for a no."""
    return str(REFUSALS.get(ground, ground))


def step_word(code: str) -> str:
    """A step of the log."""
    return str(STEPS.get(code, code))
