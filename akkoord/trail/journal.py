"""The ledger's head outside the database: `DATA/journal/ledger-head.json`.

Whoever rewrites the whole database can rewrite a chain too, or cut its end. The head noted in the
data folder makes that visible on this machine: `verify` asks for the block that was noted.
"""

import json
from pathlib import Path

from django.conf import settings

from akkoord.trail.models import Block


def head_file() -> Path | None:
    """Where the head is noted; None when there is no data folder."""
    folder = getattr(settings, "DATA_DIR", None)
    return Path(folder) / "journal" / "ledger-head.json" if folder else None


def note_head(block: Block) -> None:
    """Note the newest block; replaced as a whole, so a crash leaves the old or the new note."""
    path = head_file()
    if path is None:
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps({"height": block.height, "hash": bytes(block.hash).hex()}))
    draft.replace(path)


def noted_head() -> tuple[int, bytes] | None:
    """The height and hash that were noted last; None when nothing was."""
    path = head_file()
    if path is None or not path.exists():
        return None
    note = json.loads(path.read_text())
    return int(note["height"]), bytes.fromhex(note["hash"])


def ledger_is_cut() -> bool:
    """Whether the block that this machine noted last is not in the ledger (any more)."""
    noted = noted_head()
    if noted is None:
        return False
    block = Block.objects.filter(height=noted[0]).first()
    return block is None or bytes(block.hash) != noted[1]
