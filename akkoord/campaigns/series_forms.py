"""Untrusted input of the pages of series."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from akkoord.campaigns.forms import GROUP_HELP
from akkoord.campaigns.models import Campaign
from akkoord.campaigns.series_actions import LONGEST_DAYS, SeriesFacts, StepFacts
from akkoord.campaigns.series_models import Series
from akkoord.campaigns.series_ready import READY
from akkoord.campaigns.series_steps import LONGEST_DELAY
from akkoord.campaigns.topic_forms import mail_topics
from akkoord.register.models import PersonalDataField, Purpose
from akkoord.register.queries import current_versions, letter_topics, own_fields
from akkoord.segments.writing import in_words_of

Trigger = Series.Trigger
_DAYS = {
    Trigger.WIN_BACK: _("How many days without a purchase?"),
    Trigger.REFRESH: _("How many days before a yes ends?"),
}


class SeriesForm(forms.Form):
    """What a series is called, who enters and what ends it."""

    purpose = forms.ChoiceField(
        label=_("Topic"), help_text=_("Only people who may get this topic enter.")
    )
    name = forms.CharField(label=_("Name, for yourself"), max_length=120)
    field_key = forms.ChoiceField(
        label=_("Field with the birthday"),
        help_text=_("A field of your own with a date, asked for this topic."),
    )
    days = forms.IntegerField(min_value=1, max_value=LONGEST_DAYS)
    hour = forms.TypedChoiceField(
        label=_("Letters leave at"),
        coerce=int,
        choices=[(each, f"{each}:00") for each in range(6, 22)],
        help_text=_("Time in the Netherlands. A letter of day 0 leaves at once."),
    )
    language = forms.ChoiceField(
        label=_("Language"), choices=[("nl", _("Dutch")), ("en", _("English"))]
    )
    begins_again = forms.BooleanField(
        label=_("Begin again with a new purchase"),
        required=False,
        help_text=_("Who is in it already, then starts at the first letter. Off: they go on."),
    )
    goal = forms.ChoiceField(label=_("What ends it?"), required=False, choices=Series.Goal.choices)
    goal_topic = forms.ChoiceField(label=_("Which topic?"), required=False)
    segment = forms.CharField(
        label=_("Only a group"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=GROUP_HELP,
    )

    def __init__(
        self, *arguments: Any, trigger: str, series: Series | None = None, **more: Any
    ) -> None:
        """For a new series that begins like this, or filled from an existing one."""
        ready = READY[trigger]
        more["initial"] = (
            _initial(series)
            if series
            else {
                "name": Trigger(trigger).label,
                "days": ready.days or None,
                "hour": 9,
                "goal": ready.goal,
                "language": "en" if get_language() == "en" else "nl",
            }
        )
        super().__init__(*arguments, **more)
        self._trigger = trigger
        self._shape(series)

    def _shape(self, series: Series | None) -> None:
        """Only what belongs to this beginning is asked."""
        choices: dict[str, list[Any]] = {
            "purpose": mail_topics(),
            "field_key": [(each.key, each.name) for each in _dates()],
            "goal_topic": [("", "—"), *_topics()],
        }
        for name, found in choices.items():
            self.fields[name].choices = found  # type: ignore[attr-defined]
        if self._trigger != Trigger.BIRTHDAY:
            del self.fields["field_key"]
        if self._trigger in _DAYS:
            self.fields["days"].label = _DAYS[Trigger(self._trigger)]
        else:
            del self.fields["days"]
        if self._trigger != Trigger.PURCHASE:
            del self.fields["begins_again"]
        if self._trigger == Trigger.REFRESH:
            del self.fields["goal"], self.fields["goal_topic"]
        if series is not None:
            del self.fields["purpose"], self.fields["language"]

    def facts(self, series: Series | None = None) -> SeriesFacts:
        """The typed choices."""
        data = self.cleaned_data
        topic = data.get("goal_topic") if data.get("goal") == Series.Goal.CHOICE else ""
        return SeriesFacts(
            name=data["name"].strip(),
            trigger=self._trigger,
            field_key=data.get("field_key", ""),
            days=data.get("days") or 0,
            segment=in_words_of(data["segment"].strip(), "en"),
            goal=data.get("goal", ""),
            goal_topic_id=UUID(topic) if topic else None,
            hour=data["hour"],
            language=series.language if series else data["language"],
            begins_again=data.get("begins_again", False),
        )


def _initial(series: Series) -> dict[str, Any]:
    names = ("name", "field_key", "days", "hour", "goal", "begins_again")
    return {name: getattr(series, name) for name in names} | {
        "goal_topic": str(series.goal_topic_id or ""),
        "segment": in_words_of(series.segment, get_language() or ""),
    }


def _dates() -> list[PersonalDataField]:
    return list(own_fields().filter(value_kind="date"))


def _topics() -> list[tuple[str, str]]:
    purposes: list[Purpose] = list(letter_topics())
    return [(str(each.purpose_id), each.name) for each in current_versions(purposes)]


class StepForm(forms.Form):
    """When a letter of a series comes, and for whom."""

    delay_days = forms.IntegerField(
        label=_("How many days after what stands before it?"),
        min_value=0,
        max_value=LONGEST_DELAY,
        help_text=_("0: at once."),
    )
    segment = forms.CharField(
        label=_("Only a group"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Who is not in it when the letter comes, passes it. Empty: everybody."),
    )
    body_kind = forms.ChoiceField(
        label=_("How do you write it?"), choices=Campaign.BodyKind.choices
    )

    def __init__(self, *arguments: Any, is_new: bool, **more: Any) -> None:
        """For a new letter, or for one that is there."""
        super().__init__(*arguments, **more)
        if not is_new:
            del self.fields["body_kind"]

    def facts(self) -> StepFacts:
        """The typed choices."""
        data = self.cleaned_data
        return StepFacts(
            delay_days=data["delay_days"],
            segment=in_words_of(data["segment"].strip(), "en"),
            body_kind=data.get("body_kind", Campaign.BodyKind.MARKDOWN),
        )
