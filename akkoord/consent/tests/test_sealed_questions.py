"""Words of a question that speak of health stand apart: sealed, read by a press, the person's."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from akkoord.accounts.tests.factories import make_staff
from akkoord.consent.enquiries import answer_enquiry
from akkoord.consent.models import Enquiry, SealedQuestion
from akkoord.consent.tests import factories as make
from akkoord.consent.tests.test_form_kinds import post, published
from akkoord.datamap.attachments import AttachmentGone
from akkoord.datamap.erase import erase_people
from akkoord.datamap.export import export_files
from akkoord.datamap.ids import uuid7
from akkoord.delivery.models import OutboxMail
from akkoord.trail.models import Change

pytestmark = pytest.mark.django_db
WORDS = "Ik heb diabetes. Past een mand op deze fiets?"


@pytest.fixture
def enquiry() -> Enquiry:
    make.make_organisation()
    make.make_topic()
    found = post(published("question"), message=WORDS).enquiry
    assert found is not None
    return found


def dump() -> str:
    """Everything that the database holds of questions, as text."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT row(e.*)::text FROM consent_enquiry e"
            " UNION ALL SELECT row(s.*)::text FROM consent_sealedquestion s"
        )
        return " ".join(row[0] for row in cursor.fetchall())


def test_inv32_the_words_stand_in_no_table_and_in_no_readable_file(enquiry: Enquiry) -> None:
    assert enquiry.text == ""
    assert "diabetes" not in dump()
    content = (Path(settings.DATA_DIR) / SealedQuestion.objects.get().path).read_bytes()
    assert b"diabetes" not in content
    again = post(enquiry.collection_point, message=WORDS).enquiry
    assert again == enquiry  # the same words within a day are one question
    plain = post(enquiry.collection_point, message="Past een mand?").enquiry
    assert plain is not None
    assert plain.text == "Past een mand?"


def test_inv45_staff_read_them_by_a_press_and_that_is_noted(enquiry: Enquiry) -> None:
    client = Client(headers={"accept-language": "nl"})
    client.force_login(make_staff(), backend="allauth.account.auth_backends.AuthenticationBackend")
    page = f"/formulieren/vragen/{enquiry.id}/"
    for shown in ("/formulieren/vragen/", page):
        assert "diabetes" not in client.get(shown).content.decode()
    assert not Change.objects.filter(action="enquiry.read").exists()
    assert client.get(page + "lezen/").status_code == 405
    read = client.post(page + "lezen/")
    assert "diabetes" in read.content.decode()
    assert read.headers["Cache-Control"].find("no-store") >= 0
    assert Change.objects.get(action="enquiry.read").subject_id == enquiry.person_id


def test_an_answer_makes_no_second_copy_of_them(enquiry: Enquiry) -> None:
    answer_enquiry(enquiry_id=enquiry.id, text="Ja, dat past.", at=make.NOW, actor=make.STAFF)
    for mail in OutboxMail.objects.all():
        assert "diabetes" not in mail.text


def test_inv35_they_are_the_persons_own_copy_and_go_with_them(
    enquiry: Enquiry, django_capture_on_commit_callbacks: Any
) -> None:
    files = list(export_files([enquiry.person_id]))
    assert [each.content.decode() for each in files] == [WORDS]
    sealed = SealedQuestion.objects.get()
    path = Path(settings.DATA_DIR) / sealed.path
    with django_capture_on_commit_callbacks(execute=True):
        erase_people([enquiry.person_id], run_id=uuid7())
    assert not SealedQuestion.objects.exists()
    assert not path.exists()
    from akkoord.consent.sealed_questions import read_words

    with pytest.raises(AttachmentGone):
        read_words(sealed, actor=make.STAFF, at=make.NOW)


def test_the_box_says_what_need_not_be_written(enquiry: Enquiry) -> None:
    page = Client(headers={"accept-language": "nl"}).get(
        f"/f/{enquiry.collection_point.form.slug}/"
    )
    assert "niets over uw gezondheid" in page.content.decode()
