"""Untrusted input of the register's pages to typed values."""

from typing import Any, ClassVar

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from akkoord.register.actions import OrganisationFacts, TopicWords
from akkoord.register.logo import LARGEST, LogoRefused, Pictures, read_logo
from akkoord.register.models import Organisation, Purpose, Trade
from akkoord.web.colours import OUR_COLOUR
from akkoord.web.links import LinkField


class SetUpForm(forms.Form):
    """The first-run wizard's five steps, on one page."""

    name = forms.CharField(
        label=_("What is your organisation called?"),
        max_length=200,
        help_text=_("People see this name on every form and every mail."),
    )
    address = forms.CharField(
        label=_("Postal address"),
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "street-address"}),
        max_length=500,
        help_text=_("The law asks for it in every newsletter."),
    )
    contact_email = forms.EmailField(
        label=_("E-mail address for questions"),
        help_text=_("People write here when they have a question about their data."),
    )
    owner_name = forms.CharField(label=_("Your name"), max_length=120)
    owner_email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("You log in with it."),
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    owner_password = forms.CharField(
        label=_("Choose a password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least twelve characters. A sentence works well."),
    )
    sender_name = forms.CharField(
        label=_("From whom do your letters come?"),
        max_length=120,
        required=False,
        help_text=_("For example “Anna from the bike shop”. Empty: the name of your organisation."),
    )
    sender_email = forms.EmailField(
        label=_("Sender's address"),
        required=False,
        help_text=_("Answers come here. Empty: the address for questions."),
    )
    trade = forms.ChoiceField(
        label=_("What kind of business is it?"),
        choices=Trade.choices,
        help_text=_("We fill in your register, reasons and terms with it. You can change all."),
    )
    topic_name = forms.CharField(
        label=_("What do you want to write about first?"),
        max_length=120,
        required=False,
        help_text=_(
            "People choose this topic. You can add more later. Empty: you write to nobody, and use "
            "the register and the rest."
        ),
    )

    def clean_owner_password(self) -> str:
        """Refuse a weak password with the reasons of the validators."""
        password: str = self.cleaned_data["owner_password"]
        validate_password(password)
        return password

    def facts(self) -> OrganisationFacts:
        """The controller's part."""
        data = self.cleaned_data
        return OrganisationFacts(
            name=data["name"].strip(),
            address=data["address"].strip(),
            contact_email=data["contact_email"],
            trade=data["trade"],
            sender_name=data["sender_name"].strip(),
            sender_email=data["sender_email"],
        )


class TopicForm(forms.Form):
    """A topic in both languages."""

    name_nl = forms.CharField(label=_("Name in Dutch"), max_length=120)
    description_nl = forms.CharField(
        label=_("What do people get? In Dutch, one sentence"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=400,
    )
    frequency_nl = forms.CharField(label=_("How often? In Dutch"), max_length=120, required=False)
    name_en = forms.CharField(label=_("Name in English"), max_length=120)
    description_en = forms.CharField(
        label=_("What do people get? In English, one sentence"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=400,
    )
    frequency_en = forms.CharField(label=_("How often? In English"), max_length=120, required=False)
    channels = forms.MultipleChoiceField(
        label=_("How does it come?"),
        choices=[("email", _("E-mail")), ("push", _("Push message in the browser"))],
        widget=forms.CheckboxSelectMultiple,
        initial=["email"],
        help_text=_("Each way needs a yes of its own: a yes to mail is no yes to push."),
        error_messages={"required": _("Choose at least one way in which this comes.")},
    )

    def words(self) -> TopicWords:
        """The texts."""
        return TopicWords(**{name: self.cleaned_data[name].strip() for name in WORDS})


WORDS = (
    "name_nl",
    "name_en",
    "description_nl",
    "description_en",
    "frequency_nl",
    "frequency_en",
)


class ReviseTopicForm(TopicForm):
    """New words for a topic, and whether they mean something else to people."""

    is_material = forms.BooleanField(
        label=_("This is something else than people agreed to"),
        required=False,
        help_text=_(
            "Then older consent no longer counts, and you ask people again at the counter, on "
            "your site or by letter."
        ),
    )


class ChannelsForm(forms.Form):
    """Over which ways a topic comes."""

    channels = forms.MultipleChoiceField(
        label=_("How does it come?"),
        choices=[
            ("email", _("E-mail")),
            ("push", _("Push message in the browser")),
            ("sms", _("Text message (SMS)")),
            ("phone", _("Telephone call")),
            ("post", _("Letter by post")),
        ],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Each way needs a yes of its own: a yes to mail is no yes to push."),
        error_messages={"required": _("Choose at least one way in which this comes.")},
    )
    needs = {
        "email": _(
            "A yes at a form, confirmed with a click. In every mail stands how to stop. Akkoord "
            "sends it."
        ),
        "push": _("A yes in the browser itself, on a page for push messages. Akkoord sends it."),
        "sms": _(
            "A number and a yes to SMS: on paper, at the counter or by telephone, with its proof. "
            "Akkoord keeps the yes; you send it yourself, and say in each how to stop."
        ),
        "phone": _(
            "A number and a yes to being called, with its proof. Your own number is shown, and in "
            "every call you offer to stop. Customers too: since 1 July 2026 only with a yes."
        ),
        "post": _(
            "A postal address and a yes to post, with its proof. Akkoord keeps the yes; you send "
            "it yourself, and print on each how to stop."
        ),
    }


def channel_names(purpose: Purpose) -> list[str]:
    """The ways over which a topic comes, in words."""
    field: Any = ChannelsForm.base_fields["channels"]
    return [str(words) for value, words in field.choices if value in purpose.channels]


class ConsentLifeForm(forms.Form):
    """How long a yes to a topic counts."""

    months = forms.IntegerField(
        label=_("How many months does a yes count?"),
        required=False,
        min_value=3,
        max_value=60,
        help_text=_(
            "Empty: until the person stops. The law sets no term; the European regulators advise "
            "to ask anew at intervals. 24 months is a good choice. It counts for yeses from now on."
        ),
    )
    refresh_weeks = forms.IntegerField(
        label=_("How many weeks before do you ask anew?"),
        min_value=0,
        max_value=12,
        help_text=_(
            "Who may still be mailed then gets one short mail with a button. Who does not press "
            "gets nothing more after the last day. 0: no mail."
        ),
    )
    reminds_yearly = forms.BooleanField(
        label=_("Tell people once a year what they agreed to"),
        required=False,
        help_text=_("A short mail with the words, the day and the way to stop. No advertising."),
    )


class OrganisationForm(forms.ModelForm):  # type: ignore[type-arg]
    """The controller's details, on the settings page."""

    website = LinkField(label=_("Website"), required=False, max_length=200, own_pages=False)
    terms_url = LinkField(label=_("Terms and conditions"), required=False)
    privacy_url = LinkField(label=_("Privacy statement"), required=False)
    accent = forms.RegexField(
        r"^#[0-9a-fA-F]{6}$",
        label=_("Colour"),
        required=False,
        widget=forms.TextInput(attrs={"type": "color"}),
    )

    logo_file = forms.FileField(
        label=_("Logo"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
        help_text=_(
            "A PNG or JPEG under 2 MB. It stands on your forms, and in push messages as a square."
        ),
    )
    no_logo = forms.BooleanField(label=_("Show our name instead of the logo"), required=False)

    class Meta:
        model = Organisation
        fields: ClassVar[Any] = [
            "name",
            "address",
            "contact_email",
            "contact_phone",
            "website",
            "sender_name",
            "sender_email",
            "terms_url",
            "privacy_url",
            "accent",
        ]
        widgets: ClassVar[Any] = {
            "address": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, *arguments: Any, **named: Any) -> None:
        """A field for a colour always holds one: without a choice it shows ours."""
        super().__init__(*arguments, **named)
        self.initial["accent"] = self.initial.get("accent") or OUR_COLOUR
        if not self.instance.logo:
            del self.fields["no_logo"]

    def clean_logo_file(self) -> Pictures | None:
        """The upload as the two pictures that are kept of it."""
        upload = self.cleaned_data["logo_file"]
        if not upload:
            return None
        try:
            return read_logo(upload.read(LARGEST + 1))
        except LogoRefused as refused:
            raise forms.ValidationError(str(refused)) from None

    def words(self) -> dict[str, Any]:
        """The details without the logo, which has an action of its own."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}

    def clean_accent(self) -> str:
        """Our own colour is no choice: it stays light by day and dark by night."""
        colour: str = self.cleaned_data["accent"]
        return "" if colour.lower() == OUR_COLOUR else colour
