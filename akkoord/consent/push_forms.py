"""Untrusted input of the pages for push messages: what a browser says, and staff's form."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from akkoord.consent.browsers import browser_family
from akkoord.consent.devices import PushFacts, Subscription
from akkoord.consent.models import Form
from akkoord.consent.push_pages import PushPageFacts
from akkoord.consent.refusals import ConsentRefused
from akkoord.datamap.plain_words import plain_name
from akkoord.law.reasons import Reason
from akkoord.register.models import PurposeVersion

MOST_BYTES = 10_000
MOST_TOPICS = 100


@dataclass(frozen=True, slots=True)
class PushAnswer:
    """What our own script posts, typed. `website` is a trap for machines."""

    values: dict[str, Any]

    @classmethod
    def read(cls, request: HttpRequest) -> "PushAnswer":
        """From a request; refused (`bad-address`) when it is no JSON of ours.

        The content type is one that another site's page may not post without asking us.
        """
        try:
            if request.content_type != "application/json":
                raise ValueError
            if int(request.headers.get("Content-Length") or 0) > MOST_BYTES:
                raise ValueError
            values = json.loads(request.body)
        except (ValueError, RecursionError):
            raise ConsentRefused(Reason.BAD_ADDRESS) from None
        if not isinstance(values, dict):
            raise ConsentRefused(Reason.BAD_ADDRESS)
        return cls(values)

    def text(self, name: str) -> str:
        """A text, empty when it is none."""
        value = self.values.get(name)
        return value if isinstance(value, str) else ""

    def shown(self) -> UUID | None:
        """The version that stood on the screen."""
        return _uuid(self.text("shown"))

    def subscription(self) -> Subscription:
        """The browser's address and keys, checked."""
        found = self.values.get("subscription")
        found = found if isinstance(found, dict) else {}
        keys = found.get("keys")
        keys = keys if isinstance(keys, dict) else {}
        return Subscription.read(found.get("endpoint"), keys.get("p256dh"), keys.get("auth"))

    def facts(self, request: HttpRequest, *, ip: str) -> PushFacts:
        """What was allowed."""
        topics = self.values.get("topics")
        ticked = topics[:MOST_TOPICS] if isinstance(topics, list) else []
        ids = [_uuid(each) for each in ticked if isinstance(each, str)]
        return PushFacts(
            subscription=self.subscription(),
            version_ids=tuple(each for each in ids if each is not None),
            said_sixteen=self.values.get("sixteen") is True,
            browser=browser_family(request.headers.get("User-Agent", "")),
            ip=ip,
        )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


class PushPageForm(forms.Form):
    """A page for push messages as staff make it."""

    name = forms.CharField(
        validators=[plain_name],
        label=_("Name of the page"),
        max_length=120,
        help_text=_("People see it on top."),
    )
    topics = forms.MultipleChoiceField(
        label=_("Topics"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Each gets a box of its own, and no box is ticked beforehand."),
    )
    intro_nl = forms.CharField(
        label=_("Introduction in Dutch"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    intro_en = forms.CharField(
        label=_("Introduction in English"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(
        self, versions: list[PurposeVersion], data: Any = None, page: Form | None = None
    ) -> None:
        initial: dict[str, Any] = {}
        if page is not None:
            initial = {
                "name": page.name,
                "topics": [str(each) for each in page.topic_ids],
                "intro_nl": page.intro_nl,
                "intro_en": page.intro_en,
            }
        elif len(versions) == 1:
            initial["topics"] = [str(versions[0].purpose_id)]
        super().__init__(data, initial=initial)
        self.fields["topics"].choices = [  # type: ignore[attr-defined]
            (str(version.purpose_id), version.name) for version in versions
        ]

    def facts(self) -> PushPageFacts:
        """The page as typed values."""
        data = self.cleaned_data
        return PushPageFacts(
            name=data["name"],
            topic_ids=tuple(UUID(each) for each in data["topics"]),
            intro_nl=data["intro_nl"],
            intro_en=data["intro_en"],
        )
