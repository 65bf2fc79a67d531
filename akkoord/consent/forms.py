"""Untrusted input of the room's pages to typed values."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from akkoord.consent.forms_publishing import FormFacts
from akkoord.consent.models import CollectionPoint, Form
from akkoord.consent.sign_up import SignUpFacts
from akkoord.register.models import PurposeVersion
from akkoord.register.queries import live_topics


class SignUpForm(forms.Form):
    """A published form as a visitor fills it in; its fields come from the frozen snapshot.

    `website` is a trap for machines: people do not see it and leave it empty.
    """

    shown = forms.UUIDField(widget=forms.HiddenInput)
    website = forms.CharField(required=False, max_length=200)
    topics = forms.MultipleChoiceField(
        label=_("What do you want to hear about?"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    email = forms.CharField(
        label=_("E-mail address"),
        max_length=320,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
        error_messages={"required": _("Enter your e-mail address.")},
    )
    first_name = forms.CharField(
        label=_("First name"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    last_name = forms.CharField(
        label=_("Last name"),
        max_length=160,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )
    sixteen = forms.BooleanField(label=_("I am 16 or older"), required=False)
    terms = forms.BooleanField(required=False)

    def __init__(self, point: CollectionPoint, data: Any = None) -> None:
        super().__init__(data, initial={"shown": point.id})
        snapshot = point.snapshot
        self.fields["topics"].choices = [  # type: ignore[attr-defined]
            (topic["version"], topic["sentence"]) for topic in snapshot["topics"]
        ]
        asked = {field["key"]: field["label"] for field in snapshot["fields"]}
        for name in ("first_name", "last_name"):
            if name not in asked:
                del self.fields[name]
            else:
                self.fields[name].label = asked[name]
        if not snapshot["asks_sixteen"]:
            del self.fields["sixteen"]
        if snapshot["terms"]:
            self.fields["terms"].label = snapshot["terms"]["label"]
        else:
            del self.fields["terms"]

    def clean_topics(self) -> list[UUID]:
        """The boxes that were ticked."""
        return [UUID(value) for value in self.cleaned_data["topics"]]

    def facts(self, *, ip: str) -> SignUpFacts:
        """What was filled in."""
        data = self.cleaned_data
        return SignUpFacts(
            email=data["email"],
            version_ids=tuple(data["topics"]),
            given_name=data.get("first_name", ""),
            family_name=data.get("last_name", ""),
            said_sixteen=data.get("sixteen", False),
            terms_accepted=data.get("terms", False),
            ip=ip,
        )


class AddressForm(forms.Form):
    """One e-mail address."""

    email = forms.CharField(
        label=_("E-mail address"),
        max_length=320,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
        error_messages={"required": _("Enter your e-mail address.")},
    )


class PauseForm(forms.Form):
    """What to pause (a topic's id, or everything), and until which day."""

    what = forms.CharField(max_length=40)
    until = forms.DateField()

    def clean_what(self) -> UUID | None:
        """The living topic; None for everything."""
        what = self.cleaned_data["what"]
        if what == "alles":
            return None
        named = {str(topic.id): topic.id for topic in live_topics()}
        if what not in named:
            raise forms.ValidationError(_("Choose what to pause."))
        return named[what]

    def problem(self) -> str:
        """What is wrong, in a sentence."""
        if "what" in self.errors:
            return str(_("Choose what to pause."))
        return str(_("Choose the day on which it may begin again."))


class NameForm(forms.Form):
    """A person's own name and language (art. 16)."""

    given_name = forms.CharField(label=_("First name"), max_length=120, required=False)
    family_name = forms.CharField(label=_("Last name"), max_length=160, required=False)
    language = forms.ChoiceField(
        label=_("Language"), choices=[("nl", "Nederlands"), ("en", "English")]
    )


class FormForm(forms.Form):
    """A sign-up form as staff make it."""

    name = forms.CharField(
        label=_("Name of the form"),
        max_length=120,
        help_text=_("People see it on top."),
    )
    topics = forms.MultipleChoiceField(
        label=_("Topics"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Each gets a box of its own, and no box is ticked beforehand."),
    )
    fields_asked = forms.MultipleChoiceField(
        label=_("What else do you ask?"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        choices=[("first_name", _("First name")), ("last_name", _("Last name"))],
        help_text=_("Ask only what you use. The e-mail address is always asked."),
    )
    intro_nl = forms.CharField(
        label=_("Introduction in Dutch"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    intro_en = forms.CharField(
        label=_("Introduction in English"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    asks_terms = forms.BooleanField(
        label=_("Also ask to accept your terms and conditions"),
        required=False,
        help_text=_("A box of its own: accepting terms is never a yes to mail."),
    )
    terms_url = forms.CharField(label=_("Address of your terms"), required=False, max_length=500)

    def __init__(
        self, versions: list[PurposeVersion], data: Any = None, form: Form | None = None
    ) -> None:
        initial: dict[str, Any] = {"fields_asked": ["first_name"]}
        if form is not None:
            initial = {
                "name": form.name,
                "topics": [str(each) for each in form.topic_ids],
                "fields_asked": form.field_keys,
                "intro_nl": form.intro_nl,
                "intro_en": form.intro_en,
                "asks_terms": form.asks_terms,
                "terms_url": form.terms_url,
            }
        elif len(versions) == 1:
            initial["topics"] = [str(versions[0].purpose_id)]
        super().__init__(data, initial=initial)
        self.fields["topics"].choices = [  # type: ignore[attr-defined]
            (str(version.purpose_id), version.name) for version in versions
        ]

    def facts(self) -> FormFacts:
        """The form as typed values."""
        data = self.cleaned_data
        return FormFacts(
            name=data["name"],
            topic_ids=tuple(UUID(each) for each in data["topics"]),
            field_keys=("email", *data["fields_asked"]),
            intro_nl=data["intro_nl"],
            intro_en=data["intro_en"],
            asks_terms=data["asks_terms"],
            terms_url=data["terms_url"],
        )


class WordingForm(forms.Form):
    """Words that people agreed to before Akkoord, as staff declare them (INV-7)."""

    source = forms.CharField(
        label=_("Where did these people sign up?"),
        max_length=200,
        help_text=_("For example: Mailchimp form on our old site."),
    )
    text = forms.CharField(
        label=_("The exact words beside the box"), widget=forms.Textarea(attrs={"rows": 4})
    )
    language = forms.ChoiceField(
        label=_("Language"), choices=[("nl", "Nederlands"), ("en", "English")]
    )
    first_day = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    last_day = forms.DateField(
        label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )


class StopForm(forms.Form):
    """What a person asked staff to stop."""

    what = forms.ChoiceField(
        label=_("What does this person want to stop?"), widget=forms.RadioSelect
    )
    method = forms.ChoiceField(
        label=_("How did you hear it?"),
        choices=[
            ("reply", _("An answer to a mail")),
            ("phone", _("By telephone")),
            ("counter", _("At the counter")),
            ("paper", _("A letter")),
        ],
        widget=forms.RadioSelect,
    )

    def __init__(self, versions: list[PurposeVersion], data: Any = None) -> None:
        super().__init__(data)
        self.fields["what"].choices = [  # type: ignore[attr-defined]
            ("objection", _("All marketing, by every way (an objection)")),
            *((str(version.purpose_id), version.name) for version in versions),
        ]
