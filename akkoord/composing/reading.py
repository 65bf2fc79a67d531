"""An uploaded picture, looked at by its content and drawn anew for letters.

Nothing but pixels comes along: no place, no device, no name, no thumbnail of what was cut off. What
mail programs do not show (WebP, HEIC, SVG) becomes JPEG or PNG, or is refused with the way onward.
"""

import io
import warnings
from dataclasses import dataclass

from django.utils.translation import gettext as _
from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

LARGEST = 10 * 1024 * 1024  # bytes
MOST_PIXELS = 25_000_000
MOST_PIXELS_JPEG = 70_000_000  # a JPEG is made smaller while it is read
WIDEST, HIGHEST = 1200, 2400  # twice what a letter shows, for sharp screens
SMALL = 320
MOST_FRAMES = 120
MOST_MOVING = 40_000_000  # pixels over all frames
LARGEST_MOVING = 2 * 1024 * 1024
JPEG_QUALITY = 82


class PictureRefused(Exception):
    """An upload that cannot be a picture in a letter; `sentence` says why and what to do."""

    def __init__(self, sentence: str, field: str = "file") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture as letters show it, and small for our own pages."""

    content: bytes
    media_type: str
    suffix: str
    width: int
    height: int
    small: bytes


def check_size(size: int) -> None:
    """Refuse a file before it is read."""
    if size > LARGEST:
        raise PictureRefused(
            _(
                "This file is %(size)s MB. Take one under 10 MB: a picture of 1200 pixels wide is "
                "enough for a letter."
            )
            % {"size": max(11, round(size / 1024 / 1024))}
        )
    if not size:
        raise PictureRefused(_("This file is empty."))


def read_picture(content: bytes) -> Drawn:
    """The picture of an upload: PNG, JPEG, GIF or WebP. Raises PictureRefused."""
    check_size(len(content))
    _refuse_others(content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            opened = Image.open(io.BytesIO(content), formats=("PNG", "JPEG", "GIF", "WEBP"))
            with opened as found:
                return _drawn(found)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise _too_many_pixels() from None
    except (
        *(UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, MemoryError),
        *(LookupError, ArithmeticError, TypeError),  # what damaged files bring Pillow to
    ):
        raise PictureRefused(
            _("This is no picture that we can read. Take a PNG, JPEG, GIF or WebP.")
        ) from None


def _refuse_others(content: bytes) -> None:
    """Kinds that people do bring, each with its reason."""
    start = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<svg", b"<?xml", b"<!doctype svg")) or b"<svg" in start:
        raise PictureRefused(
            _(
                "This is an SVG. It can hold a program, and mail programs do not show it. Save it "
                "as PNG and bring that."
            )
        )
    if content[4:8] == b"ftyp":
        raise PictureRefused(
            _(
                "This is a HEIC or AVIF, as some telephones make. Mail programs do not show it. "
                "Save it as JPEG and bring that."
            )
        )


def _too_many_pixels() -> PictureRefused:
    return PictureRefused(
        _("This picture is too large to open. Make it 4000 by 4000 pixels at most.")
    )


def _drawn(found: Image.Image) -> Drawn:
    most = MOST_PIXELS_JPEG if found.format == "JPEG" else MOST_PIXELS
    if found.width * found.height > most:
        raise _too_many_pixels()
    if found.width < 8 or found.height < 8:
        # A picture that nobody can see is there to count who opens a mail (INV-28).
        raise PictureRefused(_("This picture is too small to see. Take one of 8 pixels or more."))
    if getattr(found, "is_animated", False) and found.format == "GIF":
        return _moving(found)
    if found.format == "JPEG":
        found.draft("RGB", (WIDEST * 2, HIGHEST * 2))
    bare = _bare(ImageOps.exif_transpose(found))
    bare.thumbnail((WIDEST, HIGHEST), Image.Resampling.LANCZOS)
    content, media_type, suffix = _smallest(bare, is_photo=found.format == "JPEG")
    return Drawn(content, media_type, suffix, bare.width, bare.height, _small(bare))


def _bare(image: Image.Image) -> Image.Image:
    """The pixels alone, on a new sheet: whatever else the file held stays behind."""
    see_through = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
    mode = "RGBA" if see_through else "RGB"
    sheet = Image.new(mode, image.size)
    sheet.paste(image.convert(mode))
    return sheet


def _smallest(bare: Image.Image, *, is_photo: bool) -> tuple[bytes, str, str]:
    """PNG where something shines through or colours are few, JPEG for photos."""
    if bare.mode == "RGBA" and bare.getchannel("A").getextrema()[0] == 255:
        bare = bare.convert("RGB")  # nothing shines through after all
    if bare.mode == "RGBA":
        return _saved(bare, "PNG", optimize=True), "image/png", "png"
    jpeg = _saved(bare, "JPEG", quality=JPEG_QUALITY, optimize=True, progressive=True)
    if is_photo:
        return jpeg, "image/jpeg", "jpg"
    png = _saved(bare, "PNG", optimize=True)
    if len(png) <= len(jpeg) * 1.2:
        return png, "image/png", "png"
    return jpeg, "image/jpeg", "jpg"


def _saved(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def _small(bare: Image.Image) -> bytes:
    """For our own pages, on white."""
    shown = bare.copy()
    shown.thumbnail((SMALL, SMALL), Image.Resampling.LANCZOS)
    if shown.mode == "RGBA":
        sheet = Image.new("RGB", shown.size, "white")
        sheet.paste(shown, mask=shown.getchannel("A"))
        shown = sheet
    return _saved(shown, "JPEG", quality=78, optimize=True)


def _moving(found: Image.Image) -> Drawn:
    """A moving picture: every frame drawn anew, at most as wide as a letter."""
    count = int(getattr(found, "n_frames", 1))
    if count > MOST_FRAMES or count * found.width * found.height > MOST_MOVING:
        raise PictureRefused(
            _("This moving picture is too long or too large. Make it shorter, or take one frame.")
        )
    frames, pauses = [], []
    for frame in ImageSequence.Iterator(found):
        sheet = _bare(frame)
        sheet.thumbnail((WIDEST // 2, HIGHEST // 2), Image.Resampling.LANCZOS)
        frames.append(sheet)
        pauses.append(max(20, int(frame.info.get("duration", 100) or 100)))
    content = _saved(
        frames[0], "GIF", save_all=True, append_images=frames[1:], duration=pauses,
        loop=0, disposal=2, optimize=True,
    )  # fmt: skip
    if len(content) > LARGEST_MOVING:
        raise PictureRefused(
            _("This moving picture is larger than 2 MB. Make it shorter, or take one frame.")
        )
    first = frames[0]
    return Drawn(content, "image/gif", "gif", first.width, first.height, _small(first))
