"""A file with somebody's data: whole and for its owner alone, or not there at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def new_file(target: Path, content: bytes) -> Iterator[None]:
    """Write beside the target first; it takes the name when the block is done without an error.

    Whatever goes wrong, a full disk too (OSError), nothing half is left and what stood there stays.
    The file is readable by its owner alone, also where one with other rights stood before.
    """
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        yield
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
