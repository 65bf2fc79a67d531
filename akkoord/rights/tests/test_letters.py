"""Somebody in a file of letters is forgotten: it goes, the others get theirs anew (INV-35)."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.utils import timezone

from akkoord.consent.models import LetterCode
from akkoord.consent.tests.factories import STAFF, make_organisation, make_topic
from akkoord.datamap.ids import uuid7
from akkoord.messages.deliver import run_dispatch
from akkoord.messages.letter_actions import Printer, download_letters
from akkoord.messages.models import LetterFile, LetterPage, Message
from akkoord.messages.tests.test_letters import customers, source, start, texts
from akkoord.permission.tests.test_post import weigh
from akkoord.rights.forget import forget
from akkoord.rights.models import ErasureRun


@pytest.mark.django_db(transaction=True)
def test_inv35_a_file_of_letters_goes_with_the_first_who_is_forgotten(settings: Any) -> None:
    settings.BASE_URL = "https://post.example.nl"
    make_organisation()
    topic = make_topic("aanbod", channels=("email", "post"))
    weigh(topic)
    customers(2)
    run = start(topic)
    run_dispatch(run.id, worker_id=uuid7())
    first = LetterPage.objects.get(number=1).person_id
    path = Path(django_settings.DATA_DIR) / LetterFile.objects.get().path
    assert path.exists()
    done = forget(person_id=first, by="staff", actor=STAFF, at=timezone.now())
    assert done.run.findings == []
    assert done.run.state == ErasureRun.State.CLEAN
    assert not path.exists()
    assert not LetterFile.objects.exists()
    assert not LetterCode.objects.filter(person_id=first).exists()
    assert LetterPage.objects.count() == 0
    run.refresh_from_db()
    assert run.state == "running"
    run_dispatch(run.id, worker_id=uuid7(), clock=lambda: timezone.now() + timedelta(seconds=1))
    pdf = download_letters(run_id=run.id, printer=Printer(), at=timezone.now(), actor=STAFF)
    assert len(texts(pdf)) == 1
    assert sorted(Message.objects.values_list("state", flat=True)) == ["made", "skipped"]
    assert source().subject
