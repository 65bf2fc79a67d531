"""SpamAssassin's answer is read as it is written; without it nothing is said."""

import stat
from pathlib import Path

import pytest

from akkoord.delivery.spam_score import SpamScore, spam_score

MAIL = b"Subject: Herfst\r\n\r\nDag.\r\n"
# As version 4.0 writes it, folded header and all.
ANSWER = """X-Spam-Flag: YES
X-Spam-Level: ******
X-Spam-Status: Yes, score=6.4 required=5.0 tests=HTML_IMAGE_ONLY_08,
\tMISSING_DATE,SUBJ_ALL_CAPS autolearn=no autolearn_force=no
\tversion=4.0.0
Subject: Herfst

Dag.
"""


def program(folder: Path, text: str, status: int = 0) -> str:
    path = folder / "spamassassin"
    path.write_text(f"#!/bin/sh\ncat > /dev/null\ncat <<'END'\n{text}END\nexit {status}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def test_points_limit_and_rules(tmp_path: Path) -> None:
    rules = ("HTML_IMAGE_ONLY_08", "MISSING_DATE", "SUBJ_ALL_CAPS")
    assert spam_score(MAIL, program=program(tmp_path, ANSWER)) == SpamScore(6.4, 5.0, rules)


def test_a_letter_that_is_fine(tmp_path: Path) -> None:
    answer = "X-Spam-Status: No, score=-0.1 required=5.0 tests=none autolearn=no\n\nDag.\n"
    assert spam_score(MAIL, program=program(tmp_path, answer)) == SpamScore(-0.1, 5.0, ())


@pytest.mark.parametrize("text", ["", "Subject: x\n\nX-Spam-Status: nothing\n"])
def test_an_answer_that_is_none(tmp_path: Path, text: str) -> None:
    assert spam_score(MAIL, program=program(tmp_path, text, status=1)) is None


def test_a_program_that_is_not_there(tmp_path: Path) -> None:
    assert spam_score(MAIL, program=str(tmp_path / "nowhere")) is None
