"""Where a picture's file is: opened for whoever sees a letter, removed with its row."""

from pathlib import Path

from django.conf import settings

from akkoord.composing.models import Picture
from akkoord.datamap.attachments import AttachmentGone, open_file


def content_of(picture: Picture) -> bytes | None:
    """The picture; None when it was taken out or its file is gone."""
    if picture.withdrawn_at is not None or not picture.path:
        return None
    try:
        return open_file(picture.path, picture.wrapped_key, file_id=picture.id)
    except AttachmentGone:
        return None


def remove_file(path: str) -> None:
    """Remove a sealed file; one that has gone already is fine."""
    folder = Path(settings.DATA_DIR).resolve()
    target = (folder / path).resolve()
    if target.is_relative_to(folder):
        target.unlink(missing_ok=True)
