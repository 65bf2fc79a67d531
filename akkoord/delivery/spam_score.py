"""What SpamAssassin makes of a mail, where it is installed; it runs here and asks no network."""

import re
import shutil
import subprocess
from dataclasses import dataclass

PATIENCE = 20.0  # seconds; its rules are read at each start
_STATUS = re.compile(
    rb"^X-Spam-Status:.*?score=(-?\d+(?:\.\d+)?)\s+required=(\d+(?:\.\d+)?)",
    re.DOTALL | re.MULTILINE,
)
_TESTS = re.compile(rb"\btests=([A-Z0-9_,\s]+?)(?:\s+\w+=|\r?\n\S)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class SpamScore:
    """Points and the limit above which it is spam, with the names of the rules that hit."""

    score: float
    limit: float
    rules: tuple[str, ...]


def spam_score(mail: bytes, *, program: str | None = None) -> SpamScore | None:
    """SpamAssassin's points for a whole mail; None when it is not there or does not answer.

    `program`: its path, else what is found on PATH. Local tests only (`-L`): no name in the letter
    leaves the machine.
    """
    found = program or shutil.which("spamassassin")
    if not found:
        return None
    try:
        done = subprocess.run(
            [found, "-L", "-t"], input=mail, capture_output=True, timeout=PATIENCE, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    status = _STATUS.search(done.stdout)
    if status is None:
        return None
    tests = _TESTS.search(done.stdout, status.start())
    names = re.sub(rb"\s", b"", tests[1]).decode().split(",") if tests else []
    hit = tuple(each for each in names if each not in ("", "none"))
    return SpamScore(float(status[1]), float(status[2]), hit)
