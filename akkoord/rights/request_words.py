"""What steps, grounds and kinds of a request are called, in plain words. Only words."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from akkoord.law.request_rules import RefusalGround
from akkoord.rights.models import RequestAnswer, RightsRequest

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
    "use-ended": pgettext_lazy("step", "Use ended for this person"),
    "stays-frozen": pgettext_lazy("step", "The rest stays frozen, for another reason"),
    "part-done": pgettext_lazy("step", "Done"),
    "part-refused": pgettext_lazy("step", "Refused"),
    "person-found": pgettext_lazy("step", "Found out whose request it is"),
    "more-asked": pgettext_lazy("step", "More asked than the mailbox, with a reason"),
    "annotated": pgettext_lazy("step", "Correction written beside a record"),
    "letter-written": pgettext_lazy("step", "Letter written"),
    "letter-approved": pgettext_lazy("step", "Letter approved"),
    "delivered": pgettext_lazy("step", "Answer delivered"),
    "fetch-mailed": pgettext_lazy("step", "Link to the answer mailed"),
    "answer-fetched": pgettext_lazy("step", "Answer fetched by the person"),
    "file-gone": pgettext_lazy("step", "File with the answer removed"),
    "lift-told": pgettext_lazy("step", "Told that the data will be used again"),
    "lifted": pgettext_lazy("step", "Data may be used again"),
    "extension-told": pgettext_lazy("step", "Told that it takes longer"),
    "reminded-14": pgettext_lazy("step", "Reminder: 14 days left"),
    "reminded-14-again": pgettext_lazy("step", "Reminder: 14 days left"),
    "reminded-7": pgettext_lazy("step", "Reminder: 7 days left"),
    "reminded-7-again": pgettext_lazy("step", "Reminder: 7 days left"),
    "reminded-2": pgettext_lazy("step", "Reminder: 2 days left"),
    "reminded-2-again": pgettext_lazy("step", "Reminder: 2 days left"),
    "reminded-late": pgettext_lazy("step", "Reminder: too late"),
    "reminded-late-again": pgettext_lazy("step", "Reminder: too late"),
    "extended": pgettext_lazy("step", "Two months more"),
    "told-otherwise": pgettext_lazy("step", "Told in another way"),
    "erased": pgettext_lazy("step", "Person forgotten"),
    "lapsed": pgettext_lazy("step", "Never confirmed"),
    "closed": pgettext_lazy("step", "Closed"),
}


def fact_words(facts: Mapping[str, Any]) -> str:
    """The numbers and codes of a step, as a sentence; empty when they say nothing to a reader."""
    told = []
    if "way" in facts:
        told.append(str(RequestAnswer.Way(facts["way"]).label))
    if "channel" in facts and facts["channel"] in RightsRequest.Channel.values:
        told.append(str(RightsRequest.Channel(facts["channel"]).label))
    if "activity" in facts:
        told.append(str(facts["activity"]))
    told += [
        date_format(date.fromisoformat(facts[each]), "j b Y")
        for each in ("until", "on")
        if each in facts
    ]
    if "reference" in facts:
        told.append(str(facts["reference"]))
    return ", ".join(told)


def refusal_word(ground: str) -> str:
    """A ground for a no."""
    return str(REFUSALS.get(ground, ground))


def step_word(code: str) -> str:
    """A step of the log."""
    return str(STEPS.get(code, code))
