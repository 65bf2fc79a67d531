"""The organisation's logo: read from what somebody uploads, kept as two small pictures.

What comes in is drawn anew: nothing that hides in a file (a place, a name, a script) is shown on.
"""

import hashlib
import io
import warnings
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from akkoord.register.logo_models import Logo
from akkoord.register.models import Organisation
from akkoord.trail.actions import Actor, record_change

LARGEST = 2 * 1024 * 1024  # bytes
MOST_PIXELS = 16_000_000
WIDE, HIGH = 480, 144  # three times the 48 px of a page
ICON, MARGIN = 192, 14


class LogoRefused(Exception):
    """The file is no picture that can be a logo; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Pictures:
    """A logo as PNG: for pages, and a square for notifications."""

    picture: bytes
    icon: bytes


def read_logo(data: bytes) -> Pictures:
    """The pictures of an uploaded file. Refuses what is too large, and no PNG, JPEG or WebP."""
    if len(data) > LARGEST:
        raise LogoRefused(_("The file is too large. Take one under 2 MB."))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # a picture that is a bomb warns first
            with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "WEBP")) as found:
                if found.width * found.height > MOST_PIXELS:
                    raise LogoRefused(_("The picture is too large. Take one of 4000 by 4000."))
                drawn = ImageOps.exif_transpose(found).convert("RGBA")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Warning):
        raise LogoRefused(_("This is no picture that we can read. Take a PNG or a JPEG.")) from None
    drawn.info.clear()
    drawn.thumbnail((WIDE, HIGH))
    return Pictures(_png(drawn), _png(_square(drawn)))


def _square(drawn: Image.Image) -> Image.Image:
    """On white, with room around it: systems cut the corners off."""
    small = ImageOps.contain(drawn, (ICON - 2 * MARGIN, ICON - 2 * MARGIN))
    ground = Image.new("RGBA", (ICON, ICON), "white")
    ground.alpha_composite(small, ((ICON - small.width) // 2, (ICON - small.height) // 2))
    return ground.convert("RGB")


def _png(drawn: Image.Image) -> bytes:
    out = io.BytesIO()
    drawn.save(out, "PNG", optimize=True)
    return out.getvalue()


@transaction.atomic
def keep_logo(pictures: Pictures, *, at: datetime, actor: Actor) -> None:
    """Show this logo from now on, under an address of its own: browsers keep the old one long."""
    Logo.objects.update_or_create(
        id=1, defaults={"picture": pictures.picture, "icon": pictures.icon, "updated_at": at}
    )
    name = hashlib.sha256(pictures.picture).hexdigest()[:12]
    _say(reverse("register_public:logo", args=[name]), at=at, actor=actor)


@transaction.atomic
def drop_logo(*, at: datetime, actor: Actor) -> None:
    """Show the name again."""
    Logo.objects.all().delete()
    _say("", at=at, actor=actor)


def _say(address: str, *, at: datetime, actor: Actor) -> None:
    changed = Organisation.objects.filter(id=1).exclude(logo=address)
    if changed.update(logo=address, updated_at=at):
        record_change(
            actor=actor,
            action="organisation.change",
            object_kind="organisation",
            fields=("logo",),
            at=at,
        )
