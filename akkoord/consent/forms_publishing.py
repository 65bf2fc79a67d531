"""Making, changing and publishing sign-up forms; what is published is frozen.

Invariants 7, 8, 9, 10 and 43.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from akkoord.consent.form_facts import FormFacts as FormFacts
from akkoord.consent.form_facts import FormRefused as FormRefused
from akkoord.consent.models import CollectionPoint, Form
from akkoord.consent.notices import keep_collection_point, keep_notice
from akkoord.consent.refusals import ConsentRefused, demand
from akkoord.consent.shown import (
    form_snapshot,
    notice_text,
    preference_snapshot,
    present_elements,
)
from akkoord.law.consent_rules import Box, FormDraft, NoticeElement, judge_form
from akkoord.law.form_rules import FormKind
from akkoord.law.reasons import Reason
from akkoord.law.states import Channel
from akkoord.register.field_lock import fields_stay
from akkoord.register.form_activities import carrier_of, ensure_carrier, note_collecting
from akkoord.register.models import Purpose, PurposeVersion
from akkoord.register.queries import current_versions, live_topics
from akkoord.trail.actions import Actor, record_change

LANGUAGES = ("nl", "en")


@transaction.atomic
def create_form(*, facts: FormFacts, at: datetime, actor: Actor) -> Form:
    """A form, not published yet. Refuses what this kind cannot be or ask, and a slug in use.

    The activity that carries it (the question, the order) is entered in the register if need be.
    """
    _check(facts, at=at, actor=actor)
    slug = slugify(facts.slug or facts.name)[:80]
    if not slug:
        raise FormRefused("slug", _("Use small letters, digits and hyphens."))
    try:
        with transaction.atomic():
            form = Form.objects.create(
                slug=slug,
                created_at=at,
                created_by=actor.id,
                **facts.values(at=at),
            )
    except IntegrityError:
        raise FormRefused("slug", _("There is a form at this address already.")) from None
    record_change(actor=actor, action="form.create", object_kind="form", object_id=form.id, at=at)
    return form


@transaction.atomic
def revise_form(*, form_id: UUID, facts: FormFacts, at: datetime, actor: Actor) -> Form:
    """Change a form; what is published stays as it is until it is published again."""
    _check(facts, at=at, actor=actor)
    form = Form.objects.select_for_update().get(id=form_id)
    for name, value in facts.values(at=at).items():
        setattr(form, name, value)
    form.save()
    record_change(actor=actor, action="form.revise", object_kind="form", object_id=form.id, at=at)
    return form


def _check(facts: FormFacts, *, at: datetime, actor: Actor) -> None:
    fields_stay()
    if facts.kind in set(FormKind):
        ensure_carrier(kind=facts.kind, at=at, actor=actor)
    facts.check()


@transaction.atomic
def publish_form(*, form_id: UUID, at: datetime, actor: Actor) -> list[CollectionPoint]:
    """Freeze the form as it is now, in both languages, and let people see that version.

    Refused (ConsentRefused) by the law's rules for a form: a box for several purposes or channels,
    ticked or required, no wording, or a notice that lacks an element of art. 13. Publishing what
    is published already makes no new version.
    """
    fields_stay()
    form = Form.objects.select_for_update().get(id=form_id)
    versions = form_versions(form)
    points = []
    for language in LANGUAGES:
        snapshot = form_snapshot(form, versions, language)
        demand(judge_form(_draft(snapshot)))
        notice = keep_notice(
            kind="form", language=language, text=notice_text(snapshot, language), at=at
        )
        points.append(
            keep_collection_point(
                kind="web-form",
                form=form,
                language=language,
                snapshot=snapshot,
                notice=notice,
                versions=versions,
                at=at,
            )
        )
    _follow_in_register(form, at=at)
    record_change(actor=actor, action="form.publish", object_kind="form", object_id=form.id, at=at)
    return points


def _follow_in_register(form: Form, *, at: datetime) -> None:
    """The entries of what a form asks for say so, and say so no more once it is closed."""
    keys: list[str] = []
    if form.closed_at is None:
        topics = Purpose.objects.filter(id__in=form.topic_ids, ended_at=None)
        keys = [*topics.values_list("activity_key", flat=True)]
        if form.kind in set(FormKind) and (carrier := carrier_of(form.kind)):
            keys.append(carrier)
    note_collecting(form_id=form.id, name=form.name, activity_keys=keys, at=at)


def form_versions(form: Form) -> list[PurposeVersion]:
    """The current words of the form's living topics, in the form's order."""
    found = Purpose.objects.filter(id__in=form.topic_ids, ended_at=None).in_bulk()
    return current_versions(found[each] for each in form.topic_ids if each in found)


def _draft(snapshot: dict[str, Any]) -> FormDraft:
    """The snapshot in the words of the law's rules."""
    facts = snapshot["notice"]
    boxes = [
        Box(
            purposes=frozenset({topic["purpose"]}),
            channels=frozenset({Channel(topic["channel"])}),
            wording=topic["sentence"],
        )
        for topic in snapshot["topics"]
    ]
    if snapshot["terms"]:
        boxes.append(Box(frozenset(), frozenset(), is_required=True, is_terms=True))
    return FormDraft(
        boxes=tuple(boxes),
        notice=present_elements(facts),
        applies=frozenset({NoticeElement.OFFICER} if facts.get("officer") else ()),
        has_own_activity=bool(snapshot.get("carrier")),
    )


@transaction.atomic
def close_form(*, form_id: UUID, is_closed: bool, at: datetime, actor: Actor) -> None:
    """Close a form, or open it again; its versions stay as proof."""
    Form.objects.filter(id=form_id).update(closed_at=at if is_closed else None)
    _follow_in_register(Form.objects.get(id=form_id), at=at)
    record_change(
        actor=actor,
        action="form.close" if is_closed else "form.open",
        object_kind="form",
        object_id=form_id,
        at=at,
    )


def preference_point(*, language: str, at: datetime) -> CollectionPoint:
    """The frozen words of the preference centre as they stand now; made when they changed."""
    versions = current_versions(live_topics())
    snapshot = preference_snapshot(versions, language)
    if not versions:
        raise ConsentRefused(Reason.PURPOSE_ENDED)
    text = notice_text(snapshot, language)
    with transaction.atomic():
        notice = keep_notice(kind="preferences", language=language, text=text, at=at)
        return keep_collection_point(
            kind="preference-centre",
            language=language,
            snapshot=snapshot,
            notice=notice,
            versions=versions,
            at=at,
        )


def form_url(form: Form) -> str:
    """The public address of a form."""
    return f"{settings.BASE_URL}/f/{form.slug}/"
