"""The folders of before, beside those of a backup that is being put back.

They stand aside as long as the database of before does: a restore that is killed leaves both whole.
"""

import shutil
from pathlib import Path
from typing import Final

from django.conf import settings

FOLDERS: Final = ("attachments", "uploads")
"""Of the data folder, with what people gave us."""


def _here(name: str) -> Path:
    return Path(settings.DATA_DIR) / name


def _aside(name: str) -> Path:
    return Path(settings.DATA_DIR) / f"{name}.before"


def exchange(new: Path) -> None:
    """A folder of the backup in the place of ours, which stands aside; an empty one for none."""
    shutil.rmtree(_aside(new.name), ignore_errors=True)
    if _here(new.name).exists():
        _here(new.name).rename(_aside(new.name))
    else:
        _aside(new.name).mkdir(mode=0o700)
    new.rename(_here(new.name))


def exchange_back() -> None:
    """Killed after the folders and before the end: ours again, beside the database of before."""
    for name in FOLDERS:
        if _aside(name).exists():
            shutil.rmtree(_here(name), ignore_errors=True)
            _aside(name).rename(_here(name))


def drop() -> None:
    """Let go of what stands aside, once the database of before is gone.

    Asked again before a house opens: who is killed just before this leaves them on the disk.
    """
    for name in FOLDERS:
        shutil.rmtree(_aside(name), ignore_errors=True)
