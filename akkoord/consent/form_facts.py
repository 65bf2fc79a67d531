"""A form as staff make it, checked before any row is written (invariants 8, 10, 13, 31)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from akkoord.consent.form_fields import ALWAYS, needed_fields
from akkoord.consent.form_texts import CONFIRMATION_TEXTS, LIMITS, WELCOME_TEXTS, own_texts
from akkoord.datamap.plain_words import name_problem
from akkoord.law.decisions import Decision
from akkoord.law.form_rules import (
    FormKind,
    FormPlan,
    judge_confirmation_text,
    judge_plan,
    promotion_in,
)
from akkoord.law.reasons import Reason
from akkoord.register.form_activities import carrier_of
from akkoord.register.models import ProcessingActivity, Purpose
from akkoord.register.nobody import sentence_about
from akkoord.register.queries import names_of_fields
from akkoord.web.links import is_link

_MERGES = re.compile(r"\{\{|\{%")


class FormRefused(Exception):
    """A form that cannot be made so; `field` names where, `sentence` says why."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class FormFacts:
    """A form as staff make it. `texts` holds per language what they wrote in place of our words."""

    name: str
    topic_ids: tuple[UUID, ...]
    field_keys: tuple[str, ...] = ("email", "first_name")
    slug: str = ""
    kind: str = FormKind.NEWSLETTER
    intro_nl: str = ""
    intro_en: str = ""
    asks_terms: bool = False
    terms_url: str = ""
    terms_version: str = ""
    privacy_url: str = ""
    privacy_version: str = ""
    offers_opt_out: bool = False
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def check(self) -> None:
        """Raise FormRefused for what this kind of form cannot be, or ask."""
        if not self.name.strip():
            raise FormRefused("name", _("Give the form a name: people see it on top."))
        if problem := name_problem(self.name):  # it stands in the evidence of who signed (INV-32)
            raise FormRefused("name", problem)
        if problem := sentence_about(self.name):  # the register says where data comes from (INV-30)
            raise FormRefused("name", problem)
        if self.kind not in set(FormKind):
            raise FormRefused("kind", _("There is no form of this kind."))
        self._check_links()
        self._check_plan()
        self._check_texts()

    def _check_links(self) -> None:
        if self.asks_terms and not self.terms_url.strip():
            raise FormRefused("terms_url", _("Say where the terms can be read."))
        for name in ("terms_url", "privacy_url"):
            url = getattr(self, name).strip()
            if url and not is_link(url):
                raise FormRefused(name, _("Begin the address with https://."))

    def _check_plan(self) -> None:
        purposes = living_topics(self.topic_ids)
        carrier = carrier_of(self.kind)
        keys = [*([carrier] if carrier else []), *(each.activity_key for each in purposes)]
        plan = FormPlan(
            kind=FormKind(self.kind),
            topics=len(purposes),
            asks_terms=self.asks_terms,
            offers_opt_out=self.offers_opt_out,
            own_activity=bool(carrier)
            and ProcessingActivity.objects.filter(key=carrier, valid_to=None).exists(),
            asked=frozenset(self.field_keys) - {ALWAYS},
            needed=needed_fields(keys),
        )
        verdict = judge_plan(plan)
        if not verdict:
            raise FormRefused(*_plan_sentence(verdict, plan))

    def _check_texts(self) -> None:
        for language, words in self.texts.items():
            for key, value in words.items():
                if key not in LIMITS or len(value) > LIMITS[key]:
                    raise FormRefused(f"{key}_{language}", _("This text is too long."))
            mail = " ".join(words.get(key, "") for key in CONFIRMATION_TEXTS)
            if not judge_confirmation_text(mail):
                raise FormRefused(
                    f"confirm_text_{language}",
                    _(
                        "“%(words)s” is promotion. The confirmation mail may only ask whether the "
                        "sign-up is right. Put your offer in the welcome mail, which comes after "
                        "the yes."
                    )
                    % {"words": promotion_in(mail)},
                )
            merging = [key for key in WELCOME_TEXTS if _MERGES.search(words.get(key, ""))]
            if merging:
                raise FormRefused(
                    f"{merging[0]}_{language}",
                    _("A welcome mail has no merge fields: leave the curly brackets out."),
                )
            if len([key for key in WELCOME_TEXTS if words.get(key, "").strip()]) == 1:
                raise FormRefused(
                    f"welcome_body_{language}",
                    _("A welcome mail needs a subject and a text. Or leave both empty."),
                )

    def values(self, *, at: datetime) -> dict[str, object]:
        """The columns of the form."""
        return {
            "name": self.name.strip(),
            "kind": self.kind,
            "topic_ids": list(self.topic_ids),
            "field_keys": list(dict.fromkeys((ALWAYS, *self.field_keys))),
            "intro_nl": self.intro_nl.strip(),
            "intro_en": self.intro_en.strip(),
            "asks_terms": self.asks_terms,
            "terms_url": self.terms_url.strip(),
            "terms_version": self.terms_version.strip(),
            "privacy_url": self.privacy_url.strip(),
            "privacy_version": self.privacy_version.strip(),
            "offers_opt_out": self.offers_opt_out,
            "texts": own_texts(self.texts),
            "updated_at": at,
        }


def living_topics(topic_ids: tuple[UUID, ...]) -> list[Purpose]:
    """These topics, in order. Raises FormRefused when one of them has ended or never was."""
    found = Purpose.objects.filter(is_topic=True, ended_at=None).in_bulk(list(topic_ids))
    if len(found) != len(set(topic_ids)):
        raise FormRefused("topics", _("One of these topics has ended."))
    return [found[each] for each in topic_ids]


def _plan_sentence(verdict: Decision, plan: FormPlan) -> tuple[str, str]:
    """The field and the sentence of a refusal: what it is, and the lawful way."""
    sentences: dict[Reason | None, tuple[str, str]] = {
        Reason.NO_CHOICE: ("topics", _("Choose at least one topic.")),
        Reason.NO_REGISTER_ENTRY: (
            "kind",
            _("Your register does not have the activity for this kind of form. Set up first."),
        ),
        Reason.TERMS_WITHOUT_CONTRACT: (
            "asks_terms",
            _(
                "There is nothing to accept here: terms belong to an order. Use a checkout form, "
                "or leave this box out (art. 7(2) GDPR)."
            ),
        ),
        Reason.NO_SALE: (
            "offers_opt_out",
            _("This way out belongs to a sale. Use a checkout form, or ask with a box."),
        ),
        Reason.OPT_OUT_BESIDE_CONSENT: (
            "offers_opt_out",
            _(
                "Choose one: boxes to say yes, or “rather no mail”. With both, nobody knows what "
                "an empty box means."
            ),
        ),
    }
    if verdict.reason in sentences:
        return sentences[verdict.reason]
    return (
        "fields",
        _(
            "Nothing on this form needs this: %(fields)s. Leave it out, or first say in the "
            "register what you need it for (art. 5(1)(c) GDPR)."
        )
        % {"fields": ", ".join(names_of_fields(plan.asked - plan.needed))},
    )
