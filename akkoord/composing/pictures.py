"""Verbs of pictures: keep, describe, remove, take out for good."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from akkoord.composing.models import Picture
from akkoord.composing.reading import PictureRefused, read_picture
from akkoord.composing.storing import remove_file
from akkoord.composing.tree import clean
from akkoord.composing.uses import uses_of
from akkoord.datamap.attachments import seal_file
from akkoord.datamap.ids import uuid7
from akkoord.trail.actions import Actor, record_change
from akkoord.trail.models import ActorKind


@dataclass(frozen=True, slots=True)
class PictureWords:
    """What stands beside a picture. `alt`: for who cannot see it, unless it is an ornament."""

    title: str = ""
    alt: str = ""
    is_ornament: bool = False

    def checked(self) -> "PictureWords":
        """Clean and whole; raises PictureRefused when it has no words and is no ornament."""
        alt, title = (" ".join(clean(text).split()) for text in (self.alt, self.title))
        if self.is_ornament:
            alt = ""
        elif not alt:
            raise PictureRefused(
                _("Say in a few words what the picture shows, or that it is only an ornament."),
                "alt",
            )
        return PictureWords(title[:120], alt[:250], self.is_ornament)


def keep_picture(
    content: bytes, *, words: PictureWords, at: datetime, actor: Actor, is_ours: bool = False
) -> Picture:
    """Keep a picture for letters; the same picture twice is one, with the newest words.

    Refuses a file that is no PNG, JPEG, GIF or WebP or too large, and a picture without words.
    """
    words = words.checked()
    digest = hashlib.sha256(content).hexdigest()
    known = Picture.objects.filter(digest=digest, withdrawn_at=None).first()
    if known is None:
        drawn = read_picture(content)
        name = f"{hashlib.sha256(drawn.content).hexdigest()[:32]}.{drawn.suffix}"
        known = Picture.objects.filter(name=name).first()
    if known is not None and known.withdrawn_at is not None:
        raise PictureRefused(_("This picture was taken out, because somebody asked for it."))
    if known is not None:
        return describe_picture(picture_id=known.id, words=words, at=at, actor=actor)
    picture = Picture(
        id=uuid7(),
        name=name,
        digest=digest,
        title=words.title,
        alt=words.alt,
        is_ornament=words.is_ornament,
        is_ours=is_ours,
        media_type=drawn.media_type,
        width=drawn.width,
        height=drawn.height,
        size=len(drawn.content),
        small=drawn.small,
        added_at=at,
        added_by=actor.id if actor.kind == ActorKind.STAFF else None,
    )
    return _keep(picture, drawn.content, at=at, actor=actor)


def _keep(picture: Picture, content: bytes, *, at: datetime, actor: Actor) -> Picture:
    try:
        with transaction.atomic():
            sealed = seal_file(content, file_id=picture.id)
            picture.path, picture.wrapped_key = sealed.path, sealed.wrapped_key
            picture.save(force_insert=True)
            _note(picture, "picture.add", at=at, actor=actor)
    except IntegrityError:  # somebody else brought the same a moment ago; the file is swept away
        return Picture.objects.get(name=picture.name)
    return picture


@transaction.atomic
def describe_picture(
    *, picture_id: UUID, words: PictureWords, at: datetime, actor: Actor
) -> Picture:
    """Other words beside a picture; letters keep the words that stand in them."""
    words = words.checked()
    picture = Picture.objects.select_for_update().get(id=picture_id)
    if picture.withdrawn_at is not None:
        return picture
    new = {
        "title": words.title or picture.title,
        "alt": words.alt,
        "is_ornament": words.is_ornament,
    }
    changed = [name for name, value in new.items() if getattr(picture, name) != value]
    if changed:
        for name, value in new.items():
            setattr(picture, name, value)
        picture.save(update_fields=list(new))
        _note(picture, "picture.describe", at=at, actor=actor, fields=changed)
    return picture


@transaction.atomic
def remove_picture(*, picture_id: UUID, at: datetime, actor: Actor) -> None:
    """Away with a picture that no letter shows. Refuses while one does, sent or not."""
    picture = Picture.objects.select_for_update().get(id=picture_id)
    uses = uses_of(picture.name)
    if any(use.is_sent for use in uses):
        raise PictureRefused(
            _(
                "A letter that was sent shows this picture: people would see a gap. Does somebody "
                "on it want it gone? Then take it out for good."
            )
        )
    if uses:
        raise PictureRefused(
            _("A letter shows this picture: %(name)s. Take it out of the letter first.")
            % {"name": uses[0].name}
        )
    _note(picture, "picture.remove", at=at, actor=actor)
    _unlink_after_commit(picture.path)
    picture.delete()


@transaction.atomic
def withdraw_picture(*, picture_id: UUID, at: datetime, actor: Actor) -> None:
    """Take a picture out for good, also where letters that were sent show it (art. 17 GDPR).

    Its file and its words go; its address says from then on that it is gone. Twice is once.
    """
    picture = Picture.objects.select_for_update().get(id=picture_id)
    if picture.withdrawn_at is not None:
        return
    _unlink_after_commit(picture.path)
    picture.path, picture.title, picture.alt = "", "", ""
    picture.wrapped_key, picture.small, picture.withdrawn_at = b"", b"", at
    picture.save()
    _note(picture, "picture.withdraw", at=at, actor=actor)


def _unlink_after_commit(path: str) -> None:
    if path:
        transaction.on_commit(lambda: remove_file(path))


def _note(
    picture: Picture, action: str, *, at: datetime, actor: Actor, fields: list[str] | None = None
) -> None:
    record_change(
        actor=actor,
        action=action,
        object_kind="picture",
        object_id=picture.id,
        fields=fields or (),
        at=at,
    )
