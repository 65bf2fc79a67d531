"""The boxes with which a letter is about further topics besides its first."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from akkoord.law.states import Channel
from akkoord.register.models import PurposeVersion
from akkoord.register.queries import current_versions, letter_topics

ALSO_HELP = _(
    "People who chose one of these get it too. Who chose several gets it once, under the first, "
    "and can stop that one in the letter."
)


def mail_versions() -> list[PurposeVersion]:
    """The topics that come by mail, as they are now."""
    versions = current_versions(list(letter_topics()))
    return [each for each in versions if Channel.EMAIL in each.purpose.channels]


def mail_topics() -> list[tuple[str, str]]:
    """Key and name of the topics that come by mail."""
    return [(each.purpose.slug, each.name) for each in mail_versions()]


class AlsoField(forms.MultipleChoiceField):
    """Further topics, as ids in the order of the list."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Also about"),
            required=False,
            widget=forms.CheckboxSelectMultiple,
            help_text=ALSO_HELP,
        )

    def clean(self, value: Any) -> list[UUID]:
        """The ticked topics. Raises ValidationError for one that is not in the list."""
        ticked = set(super().clean(value))
        return [UUID(key) for key, _name in self._known if key in ticked]

    @property
    def _known(self) -> list[tuple[str, str]]:
        return list(self.choices)  # type: ignore[arg-type]


def offer_topics(form: forms.Form, *, but: UUID | None = None) -> None:
    """Fill the boxes of a form with every topic by mail, `but` its own; none: no boxes at all."""
    versions = [each for each in mail_versions() if each.purpose_id != but]
    if len(versions) < (2 if but is None else 1):
        del form.fields["also"]
        return
    choices = [(str(each.purpose_id), each.name) for each in versions]
    form.fields["also"].choices = choices  # type: ignore[attr-defined]


def also_of(form: forms.Form) -> tuple[UUID, ...]:
    """The further topics that were ticked; the first topic is none of them."""
    first = form.cleaned_data.get("purpose", "")
    own = {each.purpose_id for each in mail_versions() if each.purpose.slug == first}
    return tuple(each for each in form.cleaned_data.get("also", ()) if each not in own)
