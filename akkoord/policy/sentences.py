"""What is missing in the policy and how easy it reads, in the reader's words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from akkoord.law.policy_rules import ARTICLES, Gap, PolicyElement
from akkoord.policy.readability import Ease
from akkoord.register.models import ProcessingActivity, Recipient

EASE: Mapping[Ease, Any] = {
    Ease.EASY: gettext_lazy("Reads easily"),
    Ease.PLAIN: gettext_lazy("Ordinary language"),
    Ease.FAIRLY_HARD: gettext_lazy("Rather hard"),
    Ease.HARD: gettext_lazy("Hard to read"),
}


@dataclass(frozen=True, slots=True)
class Missing:
    """One gap, with the article and the page where it is mended."""

    sentence: str
    article: str
    url: str


def missing_of(gaps: tuple[Gap, ...]) -> list[Missing]:
    """The gaps in words, each with where to go; two queries."""
    keys = [gap.about for gap in gaps]
    found = ProcessingActivity.objects.filter(valid_to=None, key__in=keys)
    uses = {each.key: each.name for each in found}
    companies = Recipient.objects.filter(valid_to=None, key__in=keys)
    names = {**uses, **dict(companies.values_list("key", "name"))}
    return [
        Missing(
            _transfer_sentence(names[gap.about])
            if gap.element is PolicyElement.TRANSFER and gap.about in uses
            else _sentence(gap, names.get(gap.about, gap.about)),
            ARTICLES[gap.element],
            _url(gap, is_use=gap.about in uses),
        )
        for gap in gaps
    ]


def _transfer_sentence(name: str) -> str:
    """Of a use whose receivers stand in words: only words can say where they are."""
    return _(
        "“{name}” goes to others. Nothing says, in both languages, whether they are in Europe."
    ).format(name=name)


def _sentence(gap: Gap, name: str) -> str:
    said = {
        PolicyElement.CONTROLLER: _("Your name or address is missing."),
        PolicyElement.CONTACT: _("There is no e-mail address for questions."),
        PolicyElement.OFFICER: _("Your privacy officer has a name but no mail address."),
        PolicyElement.SOURCE: _("“{name}” does not say where the data come from."),
        PolicyElement.ACTIVITIES: _("The register is empty: nothing says what you use data for."),
        PolicyElement.PURPOSE: _("“{name}” does not say what it is for, in both languages."),
        PolicyElement.BASIS: _("“{name}” does not say why it is allowed."),
        PolicyElement.INTEREST: _("“{name}” does not say which interest of yours it serves."),
        PolicyElement.CATEGORIES: _("“{name}” does not say which data it uses."),
        PolicyElement.TERM: _("“{name}” does not say how long you keep it, in both languages."),
        PolicyElement.RECIPIENT: _("Of a recipient ({name}) the name or the work is missing."),
        PolicyElement.TRANSFER: _("“{name}” is outside Europe, and nothing says why that may be."),
    }
    return said[gap.element].format(name=name)


def _url(gap: Gap, *, is_use: bool) -> str:
    if gap.element in {PolicyElement.CONTROLLER, PolicyElement.CONTACT}:
        return reverse("register:settings")
    if gap.element is PolicyElement.OFFICER:
        return reverse("register:house")
    if gap.element is PolicyElement.TERM:
        return reverse("retention:rule", args=[gap.about])
    if gap.element is PolicyElement.TRANSFER and is_use:
        return reverse("register:activity", args=[gap.about])
    if gap.element in {PolicyElement.RECIPIENT, PolicyElement.TRANSFER, PolicyElement.ACTIVITIES}:
        return reverse("register:index")
    return reverse("register:activity", args=[gap.about])
