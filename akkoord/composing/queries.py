"""Named reads: the house that letters are made for, pictures by the page, kept letters."""

import struct
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from akkoord.composing.making import House
from akkoord.composing.models import KeptLetter, Picture
from akkoord.composing.style import look_of, style_now
from akkoord.messages.look import Look
from akkoord.register.models import Logo, Organisation
from akkoord.register.queries import organisation

PAGE = 24
LOGO_DENSITY = 3  # it is kept three times as large as a page shows it
ART = "art:"


@dataclass(frozen=True, slots=True)
class PicturePage:
    """One page of pictures, and the key of the next."""

    pictures: list[Picture]
    next_key: str


def look_now() -> Look:
    """How letters look now."""
    return look_of(style_now())


def house_now() -> House:
    """What the organisation adds to every letter: its look, name, logo and pictures."""
    found = organisation() or Organisation()
    return House(name=found.name, look=look_now(), logo=_logo(found), address_of=picture_address)


def _logo(found: Organisation) -> tuple[str, int] | None:
    """The address of the logo, and how wide letters show it."""
    if not found.logo.startswith("/"):
        return None
    row = Logo.objects.filter(id=1).values_list("picture", flat=True).first()
    if row is None:
        return None
    width = struct.unpack(">I", bytes(row)[16:20])[0]  # a PNG of ours: the head says it
    return settings.BASE_URL + found.logo, max(40, min(240, width // LOGO_DENSITY))


def picture_address(name: str) -> str:
    """Where a picture is fetched by whoever reads a letter; the same for everybody."""
    if name.startswith(ART):
        return settings.BASE_URL + reverse("composing_public:art", args=[name.removeprefix(ART)])
    return settings.BASE_URL + reverse("composing_public:picture", args=[name]) if name else ""


def own_pictures() -> tuple[str, ...]:
    """What the addresses of the organisation's own pictures begin with: its pictures and the
    drawings of ours, and its logo."""
    drawing = "tekening/x.png"
    base = reverse("composing_public:art", args=["x"]).removesuffix(drawing)
    found = organisation() or Organisation()
    logo = [settings.BASE_URL + found.logo] if found.logo.startswith("/") else []
    return (settings.BASE_URL + base, *logo)


def pictures_page(*, after: str = "", text: str = "") -> PicturePage:
    """Pictures, newest first, those with this in their words: one statement."""
    found = Picture.objects.filter(withdrawn_at=None).defer("small", "wrapped_key").order_by("-id")
    for word in text.split()[:5]:
        found = found.filter(title__icontains=word) | found.filter(alt__icontains=word)
    if after:
        try:
            found = found.filter(id__lt=UUID(after))
        except ValueError:
            found = found.none()
    rows = list(found[: PAGE + 1])
    return PicturePage(rows[:PAGE], str(rows[PAGE - 1].id) if len(rows) > PAGE else "")


def picture_named(name: str) -> Picture | None:
    """A picture by its public name, withdrawn or not."""
    return Picture.objects.filter(name=name).first()


def kept_letters() -> list[KeptLetter]:
    """The organisation's own beginnings, newest first; fifty at most."""
    return list(KeptLetter.objects.filter(ended_at=None).order_by("-id")[:50])
