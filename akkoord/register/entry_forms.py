"""Untrusted input of the guided form of an activity: one step per question."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from akkoord.law.register_rules import SHORTEST_REASON, Element
from akkoord.register.entry_words import BASES, ELEMENTS, SUBJECTS
from akkoord.register.models import ProcessingActivity, Recipient, language_now
from akkoord.register.records import Entry

_AREA = forms.Textarea(attrs={"rows": 4})
_SUBJECT_CHOICES = [(key, words) for key, words in SUBJECTS.items() if key != "dpv:DataSubject"]


class LinesField(forms.CharField):
    """A list, typed one thing per line."""

    def __init__(self, **options: Any) -> None:
        """A text area of some lines."""
        super().__init__(widget=forms.Textarea(attrs={"rows": 5}), **options)

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        """The lines that say something."""
        return [line.strip() for line in str(super().to_python(value)).splitlines() if line.strip()]

    def prepare_value(self, value: Any) -> Any:
        """A list as lines."""
        return "\n".join(value) if isinstance(value, list | tuple) else value

    def validate(self, value: Any) -> None:
        """Lists are never required: a draft may be empty."""


class StepForm(forms.Form):
    """One step, typed in the reader's language; the other language follows until it differs."""

    texts: ClassVar[tuple[str, ...]] = ()
    columns: ClassVar[dict[str, str]] = {}  # where a text's column has another name
    title: ClassVar[Any] = ""
    blanks: ClassVar[tuple[str, ...]] = ()  # elements for whose emptiness a reason may be given

    reason = forms.CharField(
        label=gettext_lazy("Why does this change?"), max_length=300, required=False
    )

    def __init__(self, *args: Any, activity: ProcessingActivity, **options: Any) -> None:
        """Fill in what stands."""
        self.activity = activity
        options.setdefault("initial", self.standing(activity))
        super().__init__(*args, **options)
        for element in self.blanks:
            self.fields[f"blank_{element}"] = forms.CharField(
                label=_("Nothing to fill in at “%(what)s”? Then say why")
                % {"what": ELEMENTS[element]},
                required=False,
                max_length=300,
                min_length=SHORTEST_REASON,
            )
            self.initial.setdefault(f"blank_{element}", activity.blanks.get(element, ""))
        if activity.published_at is None:
            del self.fields["reason"]
        else:
            self.order_fields([name for name in self.fields if name != "reason"])

    def standing(self, activity: ProcessingActivity) -> dict[str, Any]:
        """What the form starts with."""
        tail = language_now()
        return {
            name: getattr(activity, f"{self.columns.get(name, name)}_{tail}") for name in self.texts
        }

    def values(self) -> dict[str, Any]:
        """What to write: in the other language what stood there, or the same where it followed."""
        tail = language_now()
        other = "en" if tail == "nl" else "nl"
        values: dict[str, Any] = {}
        for field in self.texts:
            new, name = self.cleaned_data[field], self.columns.get(field, field)
            here = getattr(self.activity, f"{name}_{tail}")
            there = getattr(self.activity, f"{name}_{other}")
            values[f"{name}_{tail}"] = new
            values[f"{name}_{other}"] = there if there and there != here else new
        if self.blanks:
            reasons = dict(self.activity.blanks)
            for element in self.blanks:
                reasons[element] = self.cleaned_data.get(f"blank_{element}", "")
            values["blanks"] = {name: text for name, text in reasons.items() if text}
        return values | self.more()

    def more(self) -> dict[str, Any]:
        """What is no text."""
        return {}

    def why(self) -> str:
        """Why it changes."""
        return str(self.cleaned_data.get("reason", ""))


class WhatForm(StepForm):
    """What happens, and in whose name."""

    title = gettext_lazy("What you do, and what for")
    texts = ("name", "purpose")
    name = forms.CharField(
        label=gettext_lazy("What do you call it?"),
        max_length=200,
        help_text=gettext_lazy("For example: cameras in the shop."),
    )
    purpose = forms.CharField(
        label=gettext_lazy("What do you do it for?"),
        widget=_AREA,
        required=False,
        help_text=gettext_lazy("One sentence that a customer understands."),
    )
    role = forms.ChoiceField(
        label=gettext_lazy("For whom do you do this?"),
        choices=[
            ("controller", gettext_lazy("For ourselves")),
            ("processor", gettext_lazy("For clients, who decide what happens (we are processor)")),
        ],
        widget=forms.RadioSelect,
    )
    clients = LinesField(
        label=gettext_lazy("Which clients?"),
        required=False,
        help_text=gettext_lazy(
            "Only when you work for clients. One per line: the name, and how to reach it (mail, "
            "phone or address). With its representative or privacy officer, when it has one."
        ),
    )

    def standing(self, activity: ProcessingActivity) -> dict[str, Any]:
        """With role and clients."""
        return super().standing(activity) | {"role": activity.role, "clients": activity.clients}

    def more(self) -> dict[str, Any]:
        """Role and clients; without clients when it is for ourselves."""
        is_ours = self.cleaned_data["role"] == "processor"
        return {
            "role": self.cleaned_data["role"],
            "clients": self.cleaned_data["clients"] if is_ours else [],
        }


class WhoseForm(StepForm):
    """Of whom, which data, where from."""

    title = gettext_lazy("Of whom, and which data")
    texts = ("kinds", "source")
    columns: ClassVar[dict[str, str]] = {"kinds": "data"}
    blanks = (Element.DATA,)
    subjects = forms.MultipleChoiceField(
        label=gettext_lazy("Of whom do you keep data?"),
        choices=_SUBJECT_CHOICES,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    others = LinesField(
        label=gettext_lazy("Others"),
        required=False,
        help_text=gettext_lazy("One group per line, never a name of somebody."),
    )
    kinds = LinesField(
        label=gettext_lazy("Which data?"),
        required=False,
        help_text=gettext_lazy("One kind per line, for example: name and address."),
    )
    source = forms.CharField(
        label=gettext_lazy("Where do they come from?"), max_length=300, required=False
    )
    field_order = ("subjects", "others", "kinds", "blank_data", "source")

    def standing(self, activity: ProcessingActivity) -> dict[str, Any]:
        """Known groups ticked, others as lines."""
        known = dict(_SUBJECT_CHOICES)
        return super().standing(activity) | {
            "subjects": [each for each in activity.subjects if each in known],
            "others": [each for each in activity.subjects if each not in known],
        }

    def more(self) -> dict[str, Any]:
        """All groups."""
        return {"subjects": [*self.cleaned_data["subjects"], *self.cleaned_data["others"]]}


class WhyForm(StepForm):
    """Why it is allowed, and the proof."""

    title = gettext_lazy("Why this is allowed")
    texts = ("proof",)
    legal_basis = forms.ChoiceField(
        label=gettext_lazy("Why may you do this?"),
        choices=list(BASES.items()),
        widget=forms.RadioSelect,
        required=False,
    )
    proof = forms.CharField(
        label=gettext_lazy("How can you show that?"),
        widget=_AREA,
        required=False,
        help_text=gettext_lazy(
            "Which agreement, which article of which law, or where people said yes. For your own "
            "interest you weigh it in three steps, after this."
        ),
    )

    def standing(self, activity: ProcessingActivity) -> dict[str, Any]:
        """With the basis."""
        return super().standing(activity) | {"legal_basis": activity.legal_basis}

    def more(self) -> dict[str, Any]:
        """The basis."""
        return {"legal_basis": self.cleaned_data["legal_basis"]}


class ReceivesForm(StepForm):
    """Who receives it."""

    title = gettext_lazy("Who receives it")
    texts = ("receivers", "transfers")
    blanks = (Element.RECIPIENTS, Element.TRANSFERS)
    companies = forms.MultipleChoiceField(
        label=gettext_lazy("Which companies get these data?"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    receivers = LinesField(
        label=gettext_lazy("Others who get them"),
        required=False,
        help_text=gettext_lazy("One kind per line, for example: tax office, bookkeeper."),
    )
    transfers = forms.CharField(
        label=gettext_lazy("Are those others outside Europe?"),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        help_text=gettext_lazy(
            "Which country, and why data may go there. Or: they are all in Europe. Of the "
            "companies above we know it."
        ),
    )
    field_order = (
        "companies", "receivers", "blank_recipients", "transfers", "blank_transfers",
    )  # fmt: skip

    def __init__(self, *args: Any, activity: ProcessingActivity, **options: Any) -> None:
        """The companies of the register."""
        super().__init__(*args, activity=activity, **options)
        found = Recipient.objects.filter(valid_to=None).order_by("name")
        self.fields["companies"].choices = [  # type: ignore[attr-defined]
            (each.key, f"{each.name}: {each.service}") for each in found
        ]
        self.initial["companies"] = [
            each.key for each in found if activity.key in each.activity_keys
        ]


class KeepForm(StepForm):
    """How long, and how it is kept safe."""

    title = gettext_lazy("How long, and how you keep it safe")
    texts = ("term", "security")
    blanks = (Element.TERMS, Element.SECURITY)
    term = forms.CharField(
        label=gettext_lazy("How long do you keep it?"),
        widget=_AREA,
        required=False,
        help_text=gettext_lazy(
            "Per kind of data, and from when it counts. For example: four weeks after the job is "
            "filled."
        ),
    )
    security = forms.CharField(
        label=gettext_lazy("How do you keep it safe?"), widget=_AREA, required=False
    )
    field_order = ("term", "blank_terms", "security", "blank_security")


STEPS: tuple[type[StepForm], ...] = (WhatForm, WhoseForm, WhyForm, ReceivesForm, KeepForm)
STEP_OF: dict[str, int] = {
    Element.PURPOSE: 1,
    Element.CLIENTS: 1,
    Element.SUBJECTS: 2,
    Element.DATA: 2,
    Element.BASIS: 3,
    Element.PROOF: 3,
    Element.RECIPIENTS: 4,
    Element.TRANSFERS: 4,
    Element.TERMS: 5,
    Element.SECURITY: 5,
}
"""In which step an element is filled in."""


def step_of(entry: Entry) -> int:
    """The first step that lacks something."""
    return min((STEP_OF.get(each, 1) for each in entry.lacks), default=1)


class StartForm(forms.Form):
    """A new activity of one's own."""

    name = forms.CharField(
        label=gettext_lazy("What do you call it?"),
        max_length=200,
        help_text=gettext_lazy("For example: cameras in the shop."),
    )


class ReasonForm(forms.Form):
    """Why something ends."""

    reason = forms.CharField(label=gettext_lazy("Why does this end?"), max_length=300)


class AsOfForm(forms.Form):
    """A day in the past."""

    op = forms.DateField(
        label=gettext_lazy("As it stood on"), widget=forms.DateInput(attrs={"type": "date"})
    )
