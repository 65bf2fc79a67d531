"""Untrusted input of the guided form: one form per step, half answers are kept too."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from akkoord.breaches import words
from akkoord.breaches.models import Breach
from akkoord.breaches.texts import LONGEST

_MOMENT = "%Y-%m-%dT%H:%M"


def _text(label: Any, *, rows: int = 3, help_text: Any = "", required: bool = False) -> Any:
    return forms.CharField(
        label=label,
        required=required,
        max_length=LONGEST,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def moment_field(label: Any, *, required: bool = False, help_text: Any = "") -> Any:
    """A day and a time by the clock in Amsterdam."""
    return forms.DateTimeField(
        label=label,
        required=required,
        help_text=help_text,
        input_formats=[_MOMENT, "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_MOMENT),
        error_messages={"invalid": _("Fill in a day and a time.")},
    )


class StepForm(forms.Form):
    """A step: what it starts from stands in the row of the leak."""

    step = ""

    def __init__(self, breach: Breach | None, *args: Any, **more: Any) -> None:
        more.setdefault("initial", self.start(breach) if breach else {})
        super().__init__(*args, **more)

    def start(self, breach: Breach) -> dict[str, Any]:
        """What was written before."""
        return {name: getattr(breach, name) for name in self.base_fields}

    def values(self) -> dict[str, Any]:
        """What is kept."""
        return dict(self.cleaned_data)


class WhatForm(StepForm):
    """What happened, and when somebody noticed: the clock runs from then."""

    step = "what"

    what = _text(
        _("What happened?"),
        rows=5,
        help_text=_(
            "In a few sentences. For example: the list for Saturday's trip went to another "
            "customer. Write no names here."
        ),
    )
    aware_at = moment_field(
        _("When did somebody here notice it?"),
        required=True,
        help_text=_("The 72 hours run from then, through the weekend."),
    )
    found_how = _text(
        _("How did you notice?"), rows=2, help_text=_("For example: the customer called us.")
    )
    happened_from = moment_field(_("When did it begin?"), help_text=_("About, if you do not know."))
    happened_to = moment_field(_("When did it end?"))
    is_ongoing = forms.BooleanField(label=_("It still goes on"), required=False)

    def __init__(self, breach: Breach | None, *args: Any, **more: Any) -> None:
        if breach is None:
            more.setdefault("initial", {"aware_at": timezone.now()})
        super().__init__(breach, *args, **more)


class KindForm(StepForm):
    """What kind of leak, how it came about, where the data stood."""

    step = "kind"

    natures = forms.MultipleChoiceField(
        label=_("What kind of leak is it?"),
        choices=list(words.NATURES.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Several may be so at once."),
    )
    cause = forms.ChoiceField(
        label=_("How did it come about?"),
        choices=[("", _("I do not know yet")), *words.CAUSES.items()],
        required=False,
    )
    systems = forms.MultipleChoiceField(
        label=_("Where did the data stand?"),
        choices=list(words.SYSTEMS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    activity_keys = forms.MultipleChoiceField(
        label=_("What were the data for?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    recipient_id = forms.ChoiceField(
        label=_("Did it happen at a company that works for you?"), required=False
    )
    other_parties = _text(
        _("Who else is involved?"),
        rows=2,
        help_text=_("Companies, the police, your insurer. No customers."),
    )

    def __init__(
        self,
        breach: Breach | None,
        *args: Any,
        activities: Sequence[tuple[str, str]] = (),
        recipients: Sequence[tuple[str, str]] = (),
        **more: Any,
    ) -> None:
        super().__init__(breach, *args, **more)
        fields: Any = self.fields
        fields["activity_keys"].choices = list(activities)
        fields["recipient_id"].choices = [("", _("No")), *recipients]
        if not activities:
            del self.fields["activity_keys"]
        if not recipients:
            del self.fields["recipient_id"]

    def values(self) -> dict[str, Any]:
        """What is kept; no company is none."""
        typed = dict(self.cleaned_data)
        if "recipient_id" in typed:
            typed["recipient_id"] = UUID(typed["recipient_id"]) if typed["recipient_id"] else None
        return typed


class OutsideForm(StepForm):
    """People who stand in no list of Akkoord, and of whom no list can be made."""

    step = "who"

    groups = _text(
        _("What kind of people are they?"),
        rows=2,
        help_text=_("For example: customers of the workshop, children of the swimming club."),
    )
    persons_outside = forms.IntegerField(
        label=_("How many people who do not stand in Akkoord?"),
        required=False,
        min_value=0,
        max_value=100_000_000,
        help_text=_("About. Fill in 0 when everybody stands in Akkoord."),
    )
    records_outside = forms.IntegerField(
        label=_("How many records, lines or sheets are that?"),
        required=False,
        min_value=0,
        max_value=1_000_000_000,
    )
    categories = forms.MultipleChoiceField(
        label=_("What kinds of data leaked, also outside Akkoord?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self, breach: Breach | None, *args: Any, kinds: Sequence[tuple[str, str]], **more: Any
    ) -> None:
        super().__init__(breach, *args, **more)
        fields: Any = self.fields
        fields["categories"].choices = list(kinds)


def _scale(label: Any, choices: Mapping[Any, Any], coerce: Any) -> Any:
    return forms.TypedChoiceField(
        label=label,
        choices=[(str(value), word) for value, word in choices.items()],
        coerce=coerce,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )


class SeverityForm(StepForm):
    """The questions of ENISA's formula, and what it can mean for people."""

    step = "severity"

    context = _scale(_("What kind of data?"), words.CONTEXTS, int)
    identification = _scale(
        _("How easily does somebody see whom they are about?"), words.IDENTIFICATIONS, Decimal
    )
    confidentiality = _scale(_("Did somebody see or get them?"), words.CONFIDENTIALITIES, Decimal)
    integrity = _scale(_("Were they changed?"), words.INTEGRITIES, Decimal)
    availability = _scale(_("Are they lost?"), words.AVAILABILITIES, Decimal)
    is_malicious = forms.BooleanField(
        label=_("Somebody did it on purpose"),
        required=False,
        help_text=_("For example a thief, a hacker or a colleague who took the list along."),
    )
    is_unintelligible = forms.BooleanField(
        label=_("Nobody can read the data"),
        required=False,
        help_text=_("For example a locked laptop with an encrypted disk, and the key is safe."),
    )
    protection = _text(_("How were the data protected?"), rows=2)
    consequences = _text(
        _("What can it mean for the people?"),
        help_text=_("For example: unwanted mail, fraud with an account, shame, nothing much."),
    )
    taken = _text(_("What did you do already?"))
    planned = _text(_("What will you still do?"))
    abroad = _text(
        _("Are people in other countries affected?"),
        rows=2,
        help_text=_("Then name the countries."),
    )

    def start(self, breach: Breach) -> dict[str, Any]:
        """Numbers as the choices write them."""
        begun = super().start(breach)
        for name in ("identification", "confidentiality", "integrity", "availability"):
            value = begun[name]
            begun[name] = None if value is None else str(_fitting(Decimal(value)))
        return begun

    def values(self) -> dict[str, Any]:
        """What is kept; what was not answered of the circumstances counts as no loss."""
        typed = dict(self.cleaned_data)
        for name in ("confidentiality", "integrity", "availability"):
            typed[name] = typed[name] if typed[name] is not None else Decimal(0)
        return typed


def _fitting(number: Decimal) -> Decimal:
    """0.50 as 0.5, and 1.00 as 1."""
    whole = number.to_integral_value()
    return whole if number == whole else number.normalize()


class DecideForm(forms.Form):
    """Whom to tell, and why."""

    decision = forms.ChoiceField(
        label=_("What do you decide?"),
        choices=list(words.DECISIONS.items()),
        widget=forms.RadioSelect,
    )
    reason = _text(
        _("Why?"),
        required=True,
        help_text=_("One or two sentences that you can still explain next year."),
    )
    differs_because = _text(_("Do you decide something else than the advice? Why?"), rows=2)


class CloseForm(forms.Form):
    """The last words about a leak."""

    closing_note = _text(_("How did it end?"), rows=2)


class LessonForm(forms.Form):
    """What was learnt, and what will be done."""

    lesson = _text(_("What did you learn?"), rows=2, required=True)
    action = _text(_("What will you do about it?"), rows=2)
    due_on = forms.DateField(
        label=_("By which day?"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )


FORMS: dict[str, type[StepForm]] = {
    "what": WhatForm,
    "kind": KindForm,
    "severity": SeverityForm,
}
EXAMPLES: Mapping[str, Mapping[str, Any]] = {
    "natures": words.NATURE_EXAMPLES,
    "context": {str(key): word for key, word in words.CONTEXT_EXAMPLES.items()},
    "identification": {str(key): word for key, word in words.IDENTIFICATION_EXAMPLES.items()},
    "confidentiality": {str(key): word for key, word in words.CONFIDENTIALITY_EXAMPLES.items()},
    "integrity": {str(key): word for key, word in words.INTEGRITY_EXAMPLES.items()},
    "availability": {str(key): word for key, word in words.AVAILABILITY_EXAMPLES.items()},
}
