"""Making and publishing pages on which people allow push messages; what is published is frozen.

Such a page is a form of the kind `push`: it asks no field at all, and its boxes are for push only.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from akkoord.consent.forms_publishing import LANGUAGES, FormRefused, form_versions
from akkoord.consent.models import CollectionPoint, Form
from akkoord.consent.notices import keep_collection_point, keep_notice
from akkoord.consent.push_shown import FIELDS, push_snapshot, push_topics_snapshot
from akkoord.consent.refusals import ConsentRefused, demand
from akkoord.consent.shown import notice_text, present_elements
from akkoord.law.consent_rules import Box, FormDraft, NoticeElement, judge_form
from akkoord.law.reasons import Reason
from akkoord.law.states import Channel
from akkoord.register.models import PurposeVersion
from akkoord.register.queries import current_versions, push_topics
from akkoord.trail.actions import Actor, record_change

PUSH = Form.PUSH
TAKEN = frozenset({"v", "mijn", "stop", "koppel", "samen", "vernieuwd"})
"""Words in addresses under /p/ that are no page's own."""


@dataclass(frozen=True, slots=True)
class PushPageFacts:
    """A push page as staff make it."""

    name: str
    topic_ids: tuple[UUID, ...]
    slug: str = ""
    intro_nl: str = ""
    intro_en: str = ""

    def check(self) -> None:
        """Raise FormRefused for a page without a name, or with a topic that offers no push."""
        if not self.name.strip():
            raise FormRefused("name", _("Give the page a name: people see it on top."))
        offered = set(push_topics().values_list("id", flat=True))
        if not self.topic_ids:
            raise FormRefused("topics", _("Choose at least one topic."))
        if not set(self.topic_ids) <= offered:
            raise FormRefused("topics", _("One of these topics does not come as push message."))


@transaction.atomic
def create_push_page(*, facts: PushPageFacts, at: datetime, actor: Actor) -> Form:
    """A push page, not published yet. Refuses no topic, a topic without push, a slug in use."""
    facts.check()
    slug = slugify(facts.slug or facts.name)[:80]
    if not slug or slug in TAKEN:
        raise FormRefused("name", _("Use another name: this one cannot be an address."))
    try:
        with transaction.atomic():
            form = Form.objects.create(
                slug=slug, kind=PUSH, created_at=at, created_by=actor.id, **_values(facts, at=at)
            )
    except IntegrityError:
        raise FormRefused("name", _("There is a form at this address already.")) from None
    record_change(actor=actor, action="form.create", object_kind="form", object_id=form.id, at=at)
    return form


@transaction.atomic
def revise_push_page(*, form_id: UUID, facts: PushPageFacts, at: datetime, actor: Actor) -> Form:
    """Change a push page; what is published stays as it is until it is published again."""
    facts.check()
    form = Form.objects.select_for_update().get(id=form_id, kind=PUSH)
    for name, value in _values(facts, at=at).items():
        setattr(form, name, value)
    form.save()
    record_change(actor=actor, action="form.revise", object_kind="form", object_id=form.id, at=at)
    return form


def _values(facts: PushPageFacts, *, at: datetime) -> dict[str, object]:
    return {
        "name": facts.name.strip(),
        "topic_ids": list(facts.topic_ids),
        "field_keys": list(FIELDS),
        "intro_nl": facts.intro_nl.strip(),
        "intro_en": facts.intro_en.strip(),
        "updated_at": at,
    }


@transaction.atomic
def publish_push_page(*, form_id: UUID, at: datetime, actor: Actor) -> list[CollectionPoint]:
    """Freeze the page as it is now, in both languages. Refused by the law's rules for a form."""
    form = Form.objects.select_for_update().get(id=form_id, kind=PUSH)
    versions = page_versions(form)
    points = []
    for language in LANGUAGES:
        snapshot = push_snapshot(form, versions, language)
        demand(judge_form(_draft(snapshot)))
        notice = keep_notice(
            kind="push", language=language, text=notice_text(snapshot, language), at=at
        )
        points.append(
            keep_collection_point(
                kind=PUSH,
                form=form,
                language=language,
                snapshot=snapshot,
                notice=notice,
                versions=versions,
                at=at,
            )
        )
    record_change(actor=actor, action="form.publish", object_kind="form", object_id=form.id, at=at)
    return points


def page_versions(form: Form) -> list[PurposeVersion]:
    """The current words of the page's living topics that come as push messages."""
    return [each for each in form_versions(form) if Channel.PUSH in each.purpose.channels]


def _draft(snapshot: dict[str, Any]) -> FormDraft:
    """The snapshot in the words of the law's rules."""
    facts = snapshot["notice"]
    return FormDraft(
        boxes=tuple(
            Box(
                purposes=frozenset({topic["purpose"]}),
                channels=frozenset({Channel(topic["channel"])}),
                wording=topic["sentence"],
            )
            for topic in snapshot["topics"]
        ),
        notice=present_elements(facts),
        applies=frozenset({NoticeElement.TRANSFERS} if facts["recipients"] else ()),
    )


def device_words(*, language: str, at: datetime) -> CollectionPoint:
    """The frozen words of the device's own page as they stand now; made when they changed."""
    versions = current_versions(push_topics())
    if not versions:
        raise ConsentRefused(Reason.PURPOSE_ENDED)
    snapshot = push_topics_snapshot(versions, language)
    text = notice_text(snapshot, language)
    with transaction.atomic():
        notice = keep_notice(kind="push", language=language, text=text, at=at)
        return keep_collection_point(
            kind="push-preferences",
            language=language,
            snapshot=snapshot,
            notice=notice,
            versions=versions,
            at=at,
        )


def push_page_url(form: Form) -> str:
    """The public address of a push page."""
    return f"{settings.BASE_URL}/p/{form.slug}/"


def open_push_page() -> Form | None:
    """The newest push page that people can use; None: there is none."""
    published = CollectionPoint.objects.filter(form__isnull=False, kind=PUSH, ended_at=None)
    return (
        Form.objects.filter(kind=PUSH, closed_at=None, id__in=published.values("form_id"))
        .order_by("-created_at")
        .first()
    )
