"""Scans and photos as evidence: looked at by content, cleaned, sealed (art. 7(1), 32 GDPR)."""

import hashlib
import io
import warnings
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from PIL import Image, ImageOps, UnidentifiedImageError

from akkoord.consent.models import EvidenceFile
from akkoord.datamap.attachments import open_file, seal_file
from akkoord.datamap.ids import uuid7
from akkoord.trail.actions import Actor, record_change
from akkoord.trail.models import ActorKind

LARGEST = 10 * 1024 * 1024
MOST_PIXELS = 60_000_000
LONGEST_SIDE = 3500  # 300 dots per inch on A4
PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
MEDIA_TYPES = (PDF, JPEG, PNG)
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif"}


class FileFault(StrEnum):
    """What is wrong with an upload."""

    EMPTY = "empty"
    TOO_LARGE = "too-large"
    HEIC = "heic"
    UNKNOWN = "unknown"
    DAMAGED = "damaged"
    TOO_MANY_PIXELS = "too-many-pixels"
    LOCKED = "locked"


class BadFile(Exception):
    """An upload that cannot be evidence; `fault` says why."""

    def __init__(self, fault: FileFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def clean_file(content: bytes) -> tuple[str, bytes]:
    """The media type by content, and what is kept of a file.

    An image is made anew, upright, without what a camera writes beside it (the place, the device);
    a PDF is kept as it is. Raises BadFile.
    """
    if not content:
        raise BadFile(FileFault.EMPTY)
    if len(content) > LARGEST:
        raise BadFile(FileFault.TOO_LARGE)
    if content[:5] == b"%PDF-":
        return PDF, _checked_pdf(content)
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC_BRANDS:
        raise BadFile(FileFault.HEIC)
    if content[:3] == b"\xff\xd8\xff":
        return JPEG, _new_image(content, "JPEG")
    if content[:8] == b"\x89PNG\r\n\x1a\n":
        return PNG, _new_image(content, "PNG")
    raise BadFile(FileFault.UNKNOWN)


def _checked_pdf(content: bytes) -> bytes:
    """A PDF that is whole and that others can open."""
    if b"%%EOF" not in content[-2048:]:
        raise BadFile(FileFault.DAMAGED)
    if b"/Encrypt" in content:
        raise BadFile(FileFault.LOCKED)
    return content


def _new_image(content: bytes, kind: str) -> bytes:
    """The same picture, drawn again: nothing but its pixels comes along."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=[kind]) as image:
                if image.width * image.height > MOST_PIXELS:
                    raise BadFile(FileFault.TOO_MANY_PIXELS)
                upright = ImageOps.exif_transpose(image).convert("RGB")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise BadFile(FileFault.TOO_MANY_PIXELS) from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError):
        raise BadFile(FileFault.DAMAGED) from None
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    bare = Image.new("RGB", upright.size)
    bare.paste(upright)
    drawn = io.BytesIO()
    bare.save(drawn, kind, quality=85, optimize=kind == "PNG")
    return drawn.getvalue()


def keep_file(
    content: bytes,
    *,
    person_id: UUID | None,
    actor: Actor,
    at: datetime,
) -> EvidenceFile:
    """Keep a file as evidence: of one person, or (None) a list of several.

    Runs in the caller's transaction; when that fails, the sealed file has no key any more and is
    swept away. Raises BadFile.
    """
    media_type, kept = clean_file(content)
    file_id = uuid7()
    sealed = seal_file(kept, file_id=file_id)
    file = EvidenceFile.objects.create(
        id=file_id,
        kind=EvidenceFile.PERSON if person_id else EvidenceFile.LIST,
        person_id=person_id,
        media_type=media_type,
        size=len(kept),
        sha256=hashlib.sha256(kept).hexdigest(),
        path=sealed.path,
        wrapped_key=sealed.wrapped_key,
        uploaded_at=at,
        uploaded_by=actor.id if actor.kind == ActorKind.STAFF else None,
    )
    _note(file, "evidence.add", actor=actor, at=at)
    return file


def view_file(file: EvidenceFile, *, actor: Actor, at: datetime) -> bytes:
    """The content, for a member of staff; who looked stands in the trail.

    Raises AttachmentGone.
    """
    content = open_file(file.path, file.wrapped_key, file_id=file.id)
    _note(file, "evidence.read", actor=actor, at=at)
    return content


def content_for_export(file_id: UUID) -> tuple[str, bytes]:
    """Media type and content, for the person's own copy (art. 15(3))."""
    file = EvidenceFile.objects.get(id=file_id)
    return file.media_type, open_file(file.path, file.wrapped_key, file_id=file.id)


def _note(file: EvidenceFile, action: str, *, actor: Actor, at: datetime) -> None:
    record_change(
        actor=actor,
        action=action,
        object_kind="evidence",
        object_id=file.id,
        subject_id=file.person_id,
        at=at,
    )
