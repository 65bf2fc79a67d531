"""A form as staff make it: untrusted input of the form builder to typed values."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from akkoord.consent.form_facts import FormFacts
from akkoord.consent.form_fields import AskableField
from akkoord.consent.form_texts import LIMITS, TEXTS, own_texts
from akkoord.consent.models import Form
from akkoord.law.form_rules import FormKind
from akkoord.register.models import PurposeVersion
from akkoord.web.links import LinkField

KINDS = [
    (FormKind.NEWSLETTER, _("Newsletter")),
    (FormKind.QUESTION, _("Question or quote")),
    (FormKind.CHECKOUT, _("In the checkout of a web shop")),
    (FormKind.COUNTER, _("At the counter")),
]
KIND_HINTS = {
    FormKind.NEWSLETTER: _("People choose what they want to get."),
    FormKind.QUESTION: _("You may always answer. Topics are extra, and may be left out."),
    FormKind.CHECKOUT: _(
        "The order carries it. Ask with boxes, or offer “rather no mail” to customers."
    ),
    FormKind.COUNTER: _("With a card or a poster in your shop: people scan it and sign up."),
}
_TEXT_LABELS = {
    "title": (_("Title in Dutch"), _("Title in English")),
    "button": (_("Words on the button, Dutch"), _("Words on the button, English")),
    "thanks": (_("Thanks after posting, Dutch"), _("Thanks after posting, English")),
    "confirm_subject": (_("Subject, Dutch"), _("Subject, English")),
    "confirm_text": (_("First sentences, Dutch"), _("First sentences, English")),
    "welcome_subject": (_("Subject, Dutch"), _("Subject, English")),
    "welcome_body": (_("Text, Dutch"), _("Text, English")),
}
LONG_TEXTS = {"thanks": 2, "confirm_text": 3, "welcome_body": 8}


class FormForm(forms.Form):
    """A form as staff make it. The e-mail address is always asked; no box is ever ticked."""

    kind = forms.ChoiceField(
        label=_("What is it for?"), choices=KINDS, widget=forms.RadioSelect, required=False
    )
    name = forms.CharField(
        label=_("Name of the form"),
        max_length=120,
        help_text=_("People see it on top, unless you write a title of your own."),
    )
    topics = forms.MultipleChoiceField(
        label=_("Topics"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Each gets a box of its own, and no box is ticked beforehand."),
    )
    fields_asked = forms.MultipleChoiceField(
        label=_("What else do you ask?"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Ask only what you use. The e-mail address is always asked."),
    )
    intro_nl = forms.CharField(
        label=_("Introduction in Dutch"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    intro_en = forms.CharField(
        label=_("Introduction in English"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    offers_opt_out = forms.BooleanField(
        label=_("Offer “rather no mail” in place of boxes"),
        required=False,
        help_text=_(
            "For customers only: you may write to them about products like the one they bought, "
            "unless they tick this (art. 11.7 Telecommunicatiewet)."
        ),
    )
    asks_terms = forms.BooleanField(
        label=_("Also ask to accept your terms and conditions"),
        required=False,
        help_text=_("Only where something is ordered. Accepting terms is never a yes to mail."),
    )
    terms_url = LinkField(label=_("Address of your terms"), required=False)
    terms_version = forms.CharField(
        label=_("Version or date of your terms"), required=False, max_length=60
    )
    privacy_url = LinkField(
        label=_("Address of your privacy statement"),
        required=False,
        help_text=_(
            "Leave it empty, and people see the one that Akkoord makes from your register."
        ),
    )
    privacy_version = forms.CharField(
        label=_("Version or date of that statement"), required=False, max_length=60
    )

    def __init__(
        self,
        versions: Sequence[PurposeVersion],
        askable: Sequence[AskableField],
        data: Any = None,
        form: Form | None = None,
    ) -> None:
        super().__init__(data, initial=_initial(versions, form))
        self.fields["topics"].choices = [  # type: ignore[attr-defined]
            (str(version.purpose_id), version.name) for version in versions
        ]
        self.fields["fields_asked"].choices = [  # type: ignore[attr-defined]
            (each.key, each.label) for each in askable
        ]
        for key in TEXTS:
            for language, label in zip(("nl", "en"), _TEXT_LABELS[key], strict=True):
                rows = LONG_TEXTS.get(key)
                self.fields[f"{key}_{language}"] = forms.CharField(
                    label=label,
                    required=False,
                    max_length=LIMITS[key],
                    widget=forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput(),
                )
        self.field_hints = {each.key: each.hint for each in askable}
        self.kind_hints = {kind.value: hint for kind, hint in KIND_HINTS.items()}

    def part(self, *keys: str) -> list[forms.BoundField]:
        """The fields of some texts, Dutch beside English."""
        return [self[f"{key}_{language}"] for key in keys for language in ("nl", "en")]

    @property
    def words(self) -> list[forms.BoundField]:
        """The form's own words."""
        return self.part("title", "button", "thanks")

    @property
    def confirmation(self) -> list[forms.BoundField]:
        """The words of the confirmation mail."""
        return self.part("confirm_subject", "confirm_text")

    @property
    def welcome(self) -> list[forms.BoundField]:
        """The words of the welcome mail."""
        return self.part("welcome_subject", "welcome_body")

    def clean_kind(self) -> str:
        """The kind; a newsletter when none was chosen."""
        return str(self.cleaned_data["kind"] or FormKind.NEWSLETTER)

    def facts(self) -> FormFacts:
        """The form as typed values."""
        data = self.cleaned_data
        return FormFacts(
            name=data["name"],
            kind=data["kind"],
            topic_ids=tuple(UUID(each) for each in data["topics"]),
            field_keys=("email", *data["fields_asked"]),
            intro_nl=data["intro_nl"],
            intro_en=data["intro_en"],
            asks_terms=data["asks_terms"],
            terms_url=data["terms_url"],
            terms_version=data["terms_version"],
            privacy_url=data["privacy_url"],
            privacy_version=data["privacy_version"],
            offers_opt_out=data["offers_opt_out"],
            texts={
                language: {key: data[f"{key}_{language}"] for key in TEXTS}
                for language in ("nl", "en")
            },
        )

    def columns_so_far(self) -> dict[str, Any]:
        """The columns of a form as far as they were filled in rightly; for a preview."""
        data = getattr(self, "cleaned_data", {})
        plain = ("name", "intro_nl", "intro_en", "terms_url", "privacy_url")
        return {
            **{name: data.get(name, "") for name in plain},
            "kind": data.get("kind", FormKind.NEWSLETTER),
            "topic_ids": [UUID(each) for each in data.get("topics", [])],
            "field_keys": ["email", *data.get("fields_asked", [])],
            "asks_terms": data.get("asks_terms", False) and data.get("kind") == FormKind.CHECKOUT,
            "offers_opt_out": data.get("offers_opt_out", False)
            and data.get("kind") == FormKind.CHECKOUT,
            "texts": own_texts(
                {
                    language: {key: data.get(f"{key}_{language}", "") for key in TEXTS}
                    for language in ("nl", "en")
                }
            ),
        }


def _initial(versions: Sequence[PurposeVersion], form: Form | None) -> dict[str, Any]:
    """What stands in the fields: the form as it is, or the start of a new one."""
    if form is None:
        start: dict[str, Any] = {"kind": FormKind.NEWSLETTER, "fields_asked": ["first_name"]}
        if len(versions) == 1:
            start["topics"] = [str(versions[0].purpose_id)]
        return start
    names = [
        *("kind", "name", "intro_nl", "intro_en", "asks_terms", "terms_url", "terms_version"),
        *("privacy_url", "privacy_version", "offers_opt_out"),
    ]
    return {
        **{name: getattr(form, name) for name in names},
        "topics": [str(each) for each in form.topic_ids],
        "fields_asked": form.field_keys,
        **{
            f"{key}_{language}": words.get(key, "")
            for language, words in form.texts.items()
            for key in TEXTS
        },
    }
