"""Untrusted input of the campaign pages."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from akkoord.campaigns.actions import CampaignText
from akkoord.campaigns.models import Campaign
from akkoord.campaigns.once import key_field
from akkoord.campaigns.topic_forms import AlsoField, also_of, mail_topics, offer_topics
from akkoord.datamap.plain_words import plain_name
from akkoord.messages.push import BODY, LINK, TITLE
from akkoord.register.queries import current_versions, push_topics
from akkoord.segments.models import Group
from akkoord.segments.writing import in_words_of
from akkoord.web.links import LinkField

# Kept in English, shown in the reader's language.
GROUP_HELP = _(
    'For example: language is "nl" and not chose topic "offers". Empty: everybody who chose the '
    "topic."
)

CLICKS_HELP = _(
    "How often each link is pressed, not by whom. Only of people who agreed to it apart, you also "
    "see who pressed."
)


class CampaignForm(forms.Form):
    """What a marketer writes; the topic is chosen once."""

    purpose = forms.ChoiceField(
        label=_("Topic"), help_text=_("Only people who chose this topic get the letter.")
    )
    also = AlsoField()
    name = forms.CharField(label=_("Name, for yourself"), max_length=160)
    subject = forms.CharField(label=_("Subject"), max_length=200)
    preheader = forms.CharField(
        label=_("Preview line"),
        max_length=200,
        required=False,
        help_text=_("Stands beside the subject in the mailbox."),
    )
    language = forms.ChoiceField(
        label=_("Language"), choices=[("nl", _("Dutch")), ("en", _("English"))]
    )
    body_kind = forms.ChoiceField(
        label=_("How do you write?"),
        choices=[
            ("markdown", _("Plain text with simple mark-up")),
            ("mjml", _("MJML")),
            ("html", _("HTML")),
        ],
    )
    body = forms.CharField(
        label=_("Text"), widget=forms.Textarea(attrs={"rows": 18, "spellcheck": "true"})
    )
    segment = forms.CharField(
        label=_("Only a group"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=GROUP_HELP,
    )
    sender_name = forms.CharField(
        label=_("Sender's name"),
        max_length=120,
        required=False,
        help_text=_("Empty: the sender of the settings."),
    )
    count_clicks = forms.BooleanField(
        label=_("Count clicks"),
        required=False,
        initial=True,
        help_text=CLICKS_HELP,
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    sleutel = key_field()

    def __init__(
        self,
        *arguments: object,
        campaign: Campaign | None = None,
        group: Group | None = None,
        kind: str = "",
        **more: object,
    ) -> None:
        """For a new campaign, also to a saved group, or filled from an existing one."""
        if kind:
            more["initial"] = {"body_kind": kind}
        if group is not None:
            more["initial"] = {
                "purpose": group.purpose.slug,
                "segment": in_words_of(group.text, get_language() or ""),
                "body_kind": kind or "markdown",
            }
        if campaign is not None:
            more["initial"] = {
                **{name: getattr(campaign, name) for name in CampaignText.__slots__},
                "segment": in_words_of(campaign.segment, get_language() or ""),
                "also": [str(each) for each in campaign.also],
                "purpose": campaign.purpose.slug,
                "version": campaign.version,
            }
        super().__init__(*arguments, **more)  # type: ignore[arg-type]
        if campaign is not None:
            del self.fields["purpose"], self.fields["sleutel"]
        else:
            self.fields["purpose"].choices = mail_topics()  # type: ignore[attr-defined]
        offer_topics(self, but=campaign.purpose_id if campaign is not None else None)

    def text(self) -> CampaignText:
        """The typed text."""
        typed: dict[str, Any] = {
            name: value.strip() if isinstance(value, str) else value
            for name, value in self.cleaned_data.items()
            if name in CampaignText.__slots__
        }
        typed |= {"segment": in_words_of(typed["segment"], "en"), "also": also_of(self)}
        return CampaignText(**typed)


class StartForm(forms.Form):
    """What is needed before the blocks."""

    vanaf = forms.CharField(widget=forms.HiddenInput, required=False)
    sleutel = key_field()
    purpose = forms.ChoiceField(
        label=_("Topic"), help_text=_("Only people who chose this topic get the letter.")
    )
    also = AlsoField()
    name = forms.CharField(validators=[plain_name], label=_("Name, for yourself"), max_length=160)
    subject = forms.CharField(label=_("Subject"), max_length=200)
    language = forms.ChoiceField(
        label=_("Language"), choices=[("nl", _("Dutch")), ("en", _("English"))]
    )
    segment = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *arguments: object, group: Group | None = None, **more: Any) -> None:
        """`group`: the saved group that it is to go to."""
        if group is not None:
            more["initial"] |= {"purpose": group.purpose.slug, "segment": group.text}
        super().__init__(*arguments, **more)  # type: ignore[arg-type]
        self.fields["purpose"].choices = mail_topics()  # type: ignore[attr-defined]
        offer_topics(self)

    def text(self, *, body: str, preheader: str) -> CampaignText:
        """The typed text, with what the letter begins from."""
        names = ("name", "subject", "language", "segment")
        typed = {name: self.cleaned_data[name].strip() for name in names}
        typed["segment"] = in_words_of(typed["segment"], "en")
        return CampaignText(
            **typed, body=body, body_kind="blocks", preheader=preheader, also=also_of(self)
        )


class HeadForm(forms.Form):
    """What stands above the blocks of a letter."""

    subject = forms.CharField(label=_("Subject"), max_length=200)
    preheader = forms.CharField(
        label=_("Preview line"),
        max_length=200,
        required=False,
        help_text=_("Stands beside the subject in the mailbox."),
    )
    name = forms.CharField(label=_("Name, for yourself"), max_length=160)
    also = AlsoField()
    language = forms.ChoiceField(
        label=_("Language"), choices=[("nl", _("Dutch")), ("en", _("English"))]
    )
    segment = forms.CharField(
        label=_("Only a group"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=GROUP_HELP,
    )
    sender_name = forms.CharField(
        label=_("Sender's name"),
        max_length=120,
        required=False,
        help_text=_("Empty: the sender of the settings."),
    )

    count_clicks = forms.BooleanField(
        label=_("Count clicks"), required=False, help_text=CLICKS_HELP
    )

    def __init__(self, *arguments: object, campaign: Campaign, **more: Any) -> None:
        """Filled from a letter."""
        more["initial"] = {name: getattr(campaign, name) for name in self.base_fields} | {
            "segment": in_words_of(campaign.segment, get_language() or ""),
            "also": [str(each) for each in campaign.also],
        }
        super().__init__(*arguments, **more)  # type: ignore[arg-type]
        offer_topics(self, but=campaign.purpose_id)

    def values(self) -> dict[str, Any]:
        """The typed text by the names of the model's fields."""
        typed: dict[str, Any] = {
            name: value.strip() if isinstance(value, str) else value
            for name, value in self.cleaned_data.items()
        }
        return typed | {"segment": in_words_of(typed["segment"], "en")}


class PushForm(forms.Form):
    """What a marketer writes of a push message; the topic is chosen once."""

    purpose = forms.ChoiceField(
        label=_("Topic"), help_text=_("Only people who allowed push for this topic get it.")
    )
    name = forms.CharField(label=_("Name, for yourself"), max_length=160)
    subject = forms.CharField(
        label=_("Title"), max_length=TITLE, help_text=_("At most 50 characters.")
    )
    body = forms.CharField(
        label=_("Text"),
        max_length=BODY,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "true"}),
        help_text=_("At most 120 characters, on one line."),
    )
    link = LinkField(
        own_pages=False,
        label=_("Link"),
        max_length=LINK,
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
        help_text=_("This page opens when somebody presses the message."),
    )
    language = forms.ChoiceField(
        label=_("Language"), choices=[("nl", _("Dutch")), ("en", _("English"))]
    )
    segment = forms.CharField(
        label=_("Only a group"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=GROUP_HELP,
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    sleutel = key_field()

    def __init__(
        self, *arguments: object, campaign: Campaign | None = None, **more: object
    ) -> None:
        """For a new push message, or filled from an existing one."""
        if campaign is not None:
            more["initial"] = {
                **{name: getattr(campaign, name) for name in CampaignText.__slots__},
                "segment": in_words_of(campaign.segment, get_language() or ""),
                "version": campaign.version,
            }
        super().__init__(*arguments, **more)  # type: ignore[arg-type]
        if campaign is not None:
            del self.fields["purpose"], self.fields["sleutel"]
        else:
            self.fields["purpose"].choices = [  # type: ignore[attr-defined]
                (version.purpose.slug, version.name)
                for version in current_versions(list(push_topics()))
            ]

    def text(self) -> CampaignText:
        """The typed text."""
        names = ("name", "subject", "body", "link", "language", "segment")
        typed = {name: self.cleaned_data[name].strip() for name in names}
        return CampaignText(**typed | {"segment": in_words_of(typed["segment"], "en")})


class TestForm(forms.Form):
    """Which colleagues and own test addresses get the test."""

    colleagues = forms.MultipleChoiceField(
        label=_("Send a test to"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *arguments: object, staff: list[tuple[str, str]], **more: object) -> None:
        """`staff`: id and name of each member of staff."""
        super().__init__(*arguments, **more)  # type: ignore[arg-type]
        self.fields["colleagues"].choices = staff  # type: ignore[attr-defined]
