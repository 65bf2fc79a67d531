"""Verbs of saved groups: make, change, put back, copy, put away, take out again."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from akkoord.datamap.plain_words import name_problem
from akkoord.register.field_lock import fields_stay
from akkoord.register.models import Purpose
from akkoord.segments.language import parse, segment_condition
from akkoord.segments.models import Group, GroupVersion
from akkoord.segments.refusals import SegmentError
from akkoord.segments.uses import uses_of
from akkoord.segments.within import refuse_rounds
from akkoord.segments.writing import in_words_of
from akkoord.trail.actions import Actor, record_change

LONGEST_NAME = 120


class GroupRejected(Exception):
    """A group that cannot be kept; `field` says where, `sentence` why and what to do."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field
        self.sentence = sentence


@transaction.atomic
def create_group(*, purpose: Purpose, name: str, text: str, at: datetime, actor: Actor) -> Group:
    """A new group for letters on one topic.

    Refuses a topic that ended, a name that the topic has already, an empty text (everybody needs
    no group) and a text that the topic may not use (purpose binding, art. 5(1)(b)).
    """
    fields_stay()
    if purpose.ended_at is not None or not purpose.is_topic or purpose.measures:
        raise GroupRejected("purpose", _("This topic has ended. Choose another."))
    group = Group(
        purpose=purpose,
        name=_name(name),
        text=_checked(text, purpose, at, name=_name(name)),
        created_by=actor.id,
        created_at=at,
        updated_at=at,
    )
    _save(group, actor=actor, at=at)
    _trail(group, "group.create", actor=actor, at=at)
    return group


@transaction.atomic
def revise_group(
    *, group_id: UUID, name: str, text: str, version: int, at: datetime, actor: Actor
) -> Group:
    """Change a group; its text before stays as a version. The same again changes nothing.

    Refuses as `create_group` does, when somebody else changed it meanwhile, and another name while
    letters or groups name it.
    """
    fields_stay()
    group = Group.objects.select_for_update(of=("self",)).select_related("purpose").get(id=group_id)
    if group.version != version:
        raise GroupRejected(
            "", _("Somebody else changed this group meanwhile. Open it again, then change it.")
        )
    name = _name(name)
    if name != group.name:
        _refuse_used(group, "name", _("It is named in: {places}. Keep its name, or change those."))
    text = _checked(text, group.purpose, at, name=name)
    if (group.name, group.text) == (name, text):
        return group
    group.name, group.text, group.updated_at = name, text, at
    group.version += 1
    _save(group, actor=actor, at=at)
    _trail(group, "group.revise", actor=actor, at=at)
    return group


def put_back(*, group_id: UUID, number: int, at: datetime, actor: Actor) -> Group:
    """An older text becomes the newest version; refuses what the topic may not use any more."""
    group = Group.objects.get(id=group_id)
    older = GroupVersion.objects.get(group=group, number=number)
    return revise_group(
        group_id=group.id,
        name=group.name,
        text=older.text,
        version=group.version,
        at=at,
        actor=actor,
    )


def copy_group(*, group_id: UUID, at: datetime, actor: Actor) -> Group:
    """A new group with the same text, under a name of its own."""
    group = Group.objects.select_related("purpose").get(id=group_id)
    number = 1
    while True:
        copied = _("{name} (copy)") if number == 1 else _("{name} (copy {number})")
        name = copied.format(name=group.name[: LONGEST_NAME - 20], number=number)
        if not Group.objects.filter(purpose=group.purpose, name=name, ended_at=None).exists():
            return create_group(
                purpose=group.purpose, name=name, text=group.text, at=at, actor=actor
            )
        number += 1


@transaction.atomic
def end_group(*, group_id: UUID, at: datetime, actor: Actor) -> None:
    """Put a group away; letters that were made with it keep their own text. Twice is once.

    Refuses while another group, a letter that may still go or a series names it, with where.
    """
    group = Group.objects.select_for_update().get(id=group_id)
    if group.ended_at is None:
        _refuse_used(group, "", _("It is used in: {places}. Take it out there first."))
    if Group.objects.filter(id=group_id, ended_at=None).update(ended_at=at):
        _trail(Group.objects.get(id=group_id), "group.end", actor=actor, at=at)


@transaction.atomic
def reopen_group(*, group_id: UUID, at: datetime, actor: Actor) -> None:
    """Use a group again.

    Refuses when its name was given to another meanwhile, and when it would stand in itself.
    """
    group = Group.objects.select_for_update(of=("self",)).select_related("purpose").get(id=group_id)
    if group.ended_at is None:
        return
    group.text = _checked(group.text, group.purpose, at, name=group.name)
    group.ended_at = None
    _write(group)
    _trail(group, "group.reopen", actor=actor, at=at)


def _name(name: str) -> str:
    clean = " ".join(name.split())
    if not clean:
        raise GroupRejected("name", _("Give the group a name."))
    if problem := name_problem(clean):  # it says so of everybody in it (INV-32)
        raise GroupRejected("name", problem)
    return clean[:LONGEST_NAME]


def _refuse_used(group: Group, field: str, sentence: str) -> None:
    """Raises GroupRejected with the places that name this group."""
    places = uses_of(group)
    if places:
        raise GroupRejected(field, sentence.format(places=", ".join(places)))


def _checked(text: str, purpose: Purpose, at: datetime, *, name: str) -> str:
    """The text as it is kept: it can be read, the topic may use it, it does not go round."""
    if not text.strip():
        raise GroupRejected("text", _("Add at least one rule. For everybody you need no group."))
    if sensitive := name_problem(text):  # no group by faith or illness (INV-32)
        raise GroupRejected("text", sensitive)
    try:
        refuse_rounds(name, parse(text), purpose)
        segment_condition(text, purpose, at)
    except SegmentError as problem:
        raise GroupRejected("text", problem.sentence) from None
    return in_words_of(text, "en")


def _save(group: Group, *, actor: Actor, at: datetime) -> None:
    _write(group)
    GroupVersion.objects.create(
        group=group, number=group.version, text=group.text, at=at, by=actor.id
    )


def _write(group: Group) -> None:
    try:
        with transaction.atomic():
            group.save()
    except IntegrityError:
        raise GroupRejected(
            "name", _("This topic has a group of this name already. Choose another name.")
        ) from None


def _trail(group: Group, action: str, *, actor: Actor, at: datetime) -> None:
    record_change(actor=actor, action=action, object_kind="group", object_id=group.id, at=at)
