"""Words that were shown stay as they were shown: the database refuses, whoever asks (INV-7)."""

import pytest
from django.db import ProgrammingError, connection, transaction

from akkoord.consent.confirm import confirm_sign_up
from akkoord.consent.models import Notice, PermissionEvent
from akkoord.consent.tests import factories as make

pytestmark = pytest.mark.django_db


def run(statement: str, *values: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


@pytest.mark.parametrize(
    "column", ["text = 'anders'", "sha256 = repeat('1', 64)", "language = 'en'", "kind = 'x'"]
)
def test_inv07_no_word_of_a_notice_changes(column: str) -> None:
    notice = make.make_notice()
    with pytest.raises(ProgrammingError, match="cannot be changed"):
        run(f"UPDATE consent_notice SET {column} WHERE id = %s", notice.id)


def test_inv07_what_a_file_was_called_may_only_be_emptied() -> None:
    notice = make.make_notice()
    with pytest.raises(ProgrammingError, match="cannot be changed"):
        run("UPDATE consent_notice SET declared_for = 'ander' WHERE id = %s", notice.id)
    run("UPDATE consent_notice SET declared_for = '…' WHERE id = %s", notice.id)


def test_inv07_words_that_somebody_agreed_to_do_not_go() -> None:
    make.make_organisation()
    shown = make.make_form(make.make_topic())
    confirm_sign_up(make.confirmation_token(make.sign_up(shown)), at=make.NOW)
    event = PermissionEvent.objects.filter(notice__isnull=False).first()
    assert event is not None
    with pytest.raises(ProgrammingError, match="cannot be removed"):
        run("DELETE FROM consent_notice WHERE id = %s", event.notice_id)
    unused = make.make_notice()
    run("DELETE FROM consent_notice WHERE id = %s", unused.id)
    assert not Notice.objects.filter(id=unused.id).exists()
