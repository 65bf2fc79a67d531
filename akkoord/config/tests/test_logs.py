"""Logs hold nobody's data, whoever writes the line."""

import io
import logging
import logging.config

import pytest
import structlog
from django.db import IntegrityError, connection, transaction

from akkoord.config.logs import LOGGING, mask


@pytest.fixture
def written() -> io.StringIO:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    formatter = LOGGING["formatters"]["json"]
    made = formatter["()"](
        foreign_pre_chain=formatter["foreign_pre_chain"], processors=formatter["processors"]
    )
    handler.setFormatter(made)
    logger = logging.getLogger("akkoord.test_logs")
    logger.handlers, logger.propagate = [handler], False
    logger.setLevel(logging.INFO)
    return stream


@pytest.mark.parametrize(
    "text",
    [
        "mail to jan.jansen@example.nl refused",
        "<jan.jansen@example.nl>",
        "from 192.0.2.77 came",
        "from 2001:db8:85a3::8a2e:370:7334 came",
        "GET /b/AbCdEf/ 200",
        "GET /mensen/?q=jansen 200",
        "call +31 6 1234 5678 now",
    ],
)
def test_a_mask_leaves_nothing(text: str) -> None:
    masked = mask(text)
    for secret in ("jansen", "192.0", "8a2e", "AbCdEf", "1234"):
        assert secret not in masked


def test_a_mask_leaves_our_identifiers() -> None:
    text = "campaign 0197f3a2-9c0e-7b3a-8d11-2f6f0a9e4c55 sent 1200"
    assert mask(text) == text


def test_values_of_a_librarys_line_are_left_out(written: io.StringIO) -> None:
    logging.getLogger("akkoord.test_logs").error("refused %s for %s", "Jan Jansen", "/v/abc")
    assert "Jansen" not in written.getvalue()
    assert "refused %s for %s" in written.getvalue()


@pytest.mark.django_db
def test_a_database_error_is_a_place_and_a_constraint(written: io.StringIO) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE t (address text CONSTRAINT one_each UNIQUE)")
        cursor.execute("INSERT INTO t VALUES ('jan.jansen@example.nl')")
        try:
            with transaction.atomic():
                cursor.execute("INSERT INTO t VALUES ('jan.jansen@example.nl')")
        except IntegrityError as problem:
            assert "jansen" in str(problem)  # noqa: PT017 - the text would tell
            logging.getLogger("akkoord.test_logs").exception("it failed")
            structlog.get_logger("akkoord.test_logs").exception("it failed again", count=3)
    lines = written.getvalue()
    assert "jansen" not in lines
    assert lines.count('"constraint": "one_each"') == 2
    assert lines.count('"sqlstate": "23505"') == 2
    assert '"count": 3' in lines
