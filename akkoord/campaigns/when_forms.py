"""Untrusted input of the page on which somebody chooses when a letter leaves."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from akkoord.law.schedule_rules import TimeProblem, plan_at

NOW, AT, SPREAD = "now", "at", "spread"
LONGEST_SPREAD = 72  # hours
PROBLEMS = {
    TimeProblem.NO_DAY: _("This day does not exist. Look at the calendar and choose another."),
    TimeProblem.NO_CLOCK: _("Fill in a time, such as 09:00."),
    TimeProblem.SKIPPED: _(
        "This time does not exist: that night the clock goes from 2 to 3 o'clock. Choose another."
    ),
    TimeProblem.TWICE: _(
        "This time comes twice: that night the clock goes back from 3 to 2 o'clock. Say below "
        "which one you mean."
    ),
    TimeProblem.PAST: _("This moment is past. Choose a later one, or send now."),
    TimeProblem.FAR: _("This is more than a year away. Choose a moment that is nearer."),
}
AT_DAY = frozenset({TimeProblem.NO_DAY, TimeProblem.PAST, TimeProblem.FAR})


class WhenForm(forms.Form):
    """Now, at a time, or spread over hours; times are those of the clock in Amsterdam."""

    how = forms.ChoiceField(
        choices=[(NOW, _("Now")), (AT, _("At a time")), (SPREAD, _("Spread"))],
        error_messages={"required": _("Choose when the letter leaves.")},
    )
    # Text on purpose: 30 February gets a sentence of its own instead of an empty box.
    day = forms.CharField(
        label=_("Day"), required=False, max_length=20, widget=forms.DateInput({"type": "date"})
    )
    clock = forms.CharField(
        label=_("Time"), required=False, max_length=10, widget=forms.TimeInput({"type": "time"})
    )
    which = forms.TypedChoiceField(
        label=_("Which of the two?"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[
            ("1", _("The first one, in summer time")),
            ("2", _("The second one, in winter time")),
        ],
        widget=forms.RadioSelect,
    )

    by_own_clock = forms.BooleanField(
        label=_("At this hour where they live"),
        required=False,
        help_text=_("By the country of their address. Who has none gets it by the Dutch clock."),
    )
    hours = forms.IntegerField(
        label=_("Over how many hours?"), required=False, min_value=1, max_value=LONGEST_SPREAD
    )
    rests_at_night = forms.BooleanField(
        label=_("Not at night"),
        required=False,
        help_text=_("Nothing leaves between 21:00 and 8:00. The rest follows in the morning."),
    )
    spread_day = forms.CharField(
        label=_("Begin on"),
        required=False,
        max_length=20,
        widget=forms.DateInput({"type": "date"}),
        help_text=_("Empty: now."),
    )
    spread_clock = forms.CharField(
        label=_("at"), required=False, max_length=10, widget=forms.TimeInput({"type": "time"})
    )

    def __init__(
        self, *arguments: object, now: datetime, knows_country: bool = False, **more: object
    ) -> None:
        """`now`: the moment that "past" is measured by; `knows_country`: the topic may use it."""
        super().__init__(*arguments, **more)  # type: ignore[arg-type]
        self.knows_country = knows_country
        self._now = now
        self.is_twice = False
        self.starts_at: datetime | None = None

    def clean(self) -> None:
        """The typed day and time as a moment, with what is wrong at its field."""
        super().clean()
        data = self.cleaned_data
        how = data.get("how")
        if how == AT:
            self._read("day", "clock")
        if how != SPREAD:
            return
        if not data.get("hours") and "hours" not in self.errors:
            self.add_error("hours", _("Fill in a number of hours, from 1 to 72."))
        if data.get("spread_day"):
            self._read("spread_day", "spread_clock")

    def _read(self, day: str, clock: str) -> None:
        data = self.cleaned_data
        found = plan_at(
            data.get(day, ""), data.get(clock, ""), now=self._now, which=data.get("which")
        )
        self.starts_at = found.at
        if found.problem is not None:
            self.is_twice = found.problem is TimeProblem.TWICE
            self.add_error(day if found.problem in AT_DAY else clock, PROBLEMS[found.problem])

    def pace(self) -> dict[str, Any]:
        """Over how long it leaves, or by whose clock."""
        if self.cleaned_data["how"] == AT:
            return {"by_own_clock": self.cleaned_data["by_own_clock"]}
        if self.cleaned_data["how"] != SPREAD:
            return {}
        return {
            "spread_minutes": 60 * self.cleaned_data["hours"],
            "rests_at_night": self.cleaned_data["rests_at_night"],
        }
