"""The organisation's style for letters, its pictures, and letters that it keeps as a beginning."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from akkoord.datamap.declaration import Column, no_personal_data
from akkoord.datamap.ids import uuid7

# What somebody called a picture or wrote under it.
_CALLED = Column("pd:Identifier", ("dpv:LegalCompliance",))


@no_personal_data(
    why="The organisation's own colours and letter types.",
    plain=(
        *("id", "ink", "paper", "card", "accent", "font", "heading_font"),
        *("is_round", "updated_at", "updated_by"),
    ),
)
class HouseStyle(models.Model):
    """One row: how every letter of this organisation looks. Colours are #rrggbb."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    ink = models.CharField(_("colour of the text"), max_length=7)
    paper = models.CharField(_("colour around the letter"), max_length=7)
    card = models.CharField(_("colour of the letter"), max_length=7)
    accent = models.CharField(_("colour of links and buttons"), max_length=7)
    font = models.CharField(_("letter type"), max_length=20)
    heading_font = models.CharField(_("letter type of headings"), max_length=20)
    is_round = models.BooleanField(_("round corners"), default=True)
    updated_at = models.DateTimeField()
    updated_by = models.UUIDField(null=True, blank=True)  # staff id

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(id=1), name="composing_one_style"),
        ]


@no_personal_data(
    why=(
        "Pictures of the organisation's own for its letters, drawn anew without what a camera "
        "writes beside them. Who is seen on one and wants it gone, has it taken out here."
    ),
    plain=(
        *("id", "name", "digest", "media_type", "width", "height", "size", "wrapped_key"),
        *("small", "is_ornament", "is_ours", "path", "added_at", "added_by", "withdrawn_at"),
    ),
    may_name={"title": _CALLED, "alt": _CALLED},
    files=("path",),
)
class Picture(models.Model):
    """A picture that letters show. `name` is made of its content and is its public address.

    The file is sealed with a key of its own, as every file in the data folder is; `small` is for
    the page of pictures. A withdrawn one has neither: letters that show it show a gap.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=40, unique=True)
    digest = models.CharField(max_length=64)  # SHA-256 of what was uploaded
    title = models.CharField(_("name"), max_length=120, blank=True)
    alt = models.CharField(_("words for who cannot see it"), max_length=250, blank=True)
    is_ornament = models.BooleanField(default=False)
    is_ours = models.BooleanField(default=False)  # drawn by Akkoord, for a ready letter
    media_type = models.CharField(max_length=20)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    size = models.PositiveIntegerField()
    path = models.CharField(max_length=120, blank=True)
    wrapped_key = models.BinaryField(default=bytes)
    small = models.BinaryField(default=bytes)
    added_at = models.DateTimeField()
    added_by = models.UUIDField(null=True, blank=True)  # staff id
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(path="", title="", alt=""),
                name="composing_withdrawn_is_gone",
            ),
            models.CheckConstraint(
                # Words for who cannot see it, or said to be an ornament.
                condition=~Q(alt="") | Q(is_ornament=True) | ~Q(withdrawn_at=None),
                name="composing_picture_has_words",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["digest"], name="composing_by_content")]

    def __str__(self) -> str:
        return self.title or self.alt or self.name


@no_personal_data(
    why="A letter to begin from; fields stand in it as names.",
    plain=(
        *("id", "name", "subject", "preheader", "body", "language"),
        *("kept_by", "kept_at", "ended_at"),
    ),
)
class KeptLetter(models.Model):
    """A letter of blocks that the organisation keeps as a beginning for others.

    Of one that has ended no word stays: somebody who is forgotten may stand in it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(_("name"), max_length=120)
    subject = models.CharField(max_length=200, blank=True)
    preheader = models.CharField(max_length=200, blank=True)
    body = models.TextField()  # a tree, without conditions
    language = models.CharField(max_length=5, default="nl")
    kept_by = models.UUIDField(null=True, blank=True)  # staff id
    kept_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["name"], condition=Q(ended_at=None), name="composing_name_once"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(name="", subject="", preheader="", body=""),
                name="composing_ended_is_emptied",
            ),
        ]

    def __str__(self) -> str:
        return self.name
