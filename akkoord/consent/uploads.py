"""Uploads of evidence stay off the disk until they are sealed."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from akkoord.consent.evidence_files import LARGEST

SLACK = 1024 * 1024
View = Callable[..., HttpResponse]


class InMemory(MemoryFileUploadHandler):
    """Keeps an upload in memory; one that is too large is cut, and refused by its form."""

    def handle_raw_input(self, *_arguments: Any, **_named: Any) -> None:
        """Take every upload, whatever its size."""
        self.activated = True
        self.taken = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Keep a chunk, up to just past the limit."""
        self.taken += len(raw_data)
        if self.taken > LARGEST + SLACK:
            return None
        return super().receive_data_chunk(raw_data, start)


def off_the_disk(view: View) -> View:
    """A view whose uploads never touch a disk in the clear.

    The handler must be set before the body is read, which the token's check does: so that check
    runs inside.
    """
    checked: View = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def wrapped(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
        request.upload_handlers = [InMemory(request)]
        return checked(request, *arguments, **named)

    return wrapped
