"""Duties and states in the reader's words."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from akkoord.law.duties import Duty, State

DUTY_NAMES: Mapping[Duty, Any] = {
    Duty.FAIRNESS: _("Lawful, fair and open"),
    Duty.PURPOSE: _("For one goal"),
    Duty.MINIMISATION: _("No more than needed"),
    Duty.ACCURACY: _("Right"),
    Duty.STORAGE: _("No longer than needed"),
    Duty.SECURITY: _("Safe"),
    Duty.ACCOUNTABILITY: _("You can show it"),
}
DUTY_SENTENCES: Mapping[Duty, Any] = {
    Duty.FAIRNESS: _("You have a reason that the law knows, and you say what you do."),
    Duty.PURPOSE: _("You use data only for what you asked it for."),
    Duty.MINIMISATION: _("You ask and keep only what you need."),
    Duty.ACCURACY: _("What you keep is right, and what is wrong is mended."),
    Duty.STORAGE: _("You throw away what you no longer need."),
    Duty.SECURITY: _("Nobody gets at it who should not, and nothing is lost."),
    Duty.ACCOUNTABILITY: _("You can show that you do all this."),
}
STATE_WORDS: Mapping[State, Any] = {
    State.GOOD: pgettext_lazy("check-up", "In order"),
    State.ATTENTION: pgettext_lazy("check-up", "Needs attention"),
    State.WRONG: pgettext_lazy("check-up", "Not in order"),
    State.OPEN: pgettext_lazy("check-up", "To be answered"),
    State.NONE: pgettext_lazy("check-up", "Does not concern you"),
}
MAIL_RECORDS: Mapping[str, Any] = {
    "SPF": _("Which servers may send in your name."),
    "DKIM": _("A seal by which others see that a mail is yours."),
    "DMARC": _("What others do with mail that is not yours."),
}
