"""Letters beside each other, over time, and as files: the same figures, and no formula anywhere."""

import csv
import io
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from akkoord.accounts.actions import create_staff
from akkoord.campaigns.models import Campaign
from akkoord.insight.compare import compared, sent_letters, topic_trends
from akkoord.insight.tests.test_results import NOW, press, sent, stop
from akkoord.messages.tests.factories import make_organisation, make_topic
from akkoord.register.models import Purpose
from akkoord.web.sheets import safe_cell, workbook

pytestmark = pytest.mark.django_db


@pytest.fixture
def topic() -> Purpose:
    cache.clear()
    make_organisation()
    return make_topic()


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(
        create_staff(
            email="o@example.nl", name="O", role="owner", language="nl", password="lang-genoeg-1"
        )
    )
    return client


def two(topic: Purpose) -> tuple[Campaign, Campaign]:
    large = sent(topic, 20, failed=5)
    press(large, 1, 30)
    stop(large, 6, timedelta(days=1))
    small = sent(topic, 4, prefix="k")
    press(small, 1, 3)
    return large, small


def test_letters_are_compared_per_hundred(topic: Purpose) -> None:
    large, small = two(topic)
    found = {each.campaign.id: each for each in compared(sent_letters())}
    assert (found[large.id].sent, found[large.id].presses) == (15, 30)
    assert found[large.id].per_hundred == 200.0
    assert (found[large.id].failed, found[small.id].failed) == (5, 0)
    assert (found[large.id].stopped, found[large.id].stopped_share) == (6, 40.0)
    assert (found[small.id].presses, found[small.id].stopped_share) == (None, None)


def test_fewer_than_five_refusals_are_not_compared(topic: Purpose) -> None:
    letter = sent(topic, 20, failed=4)
    assert [each.failed for each in compared([letter])] == [None]


def test_a_comparison_asks_as_much_for_five_as_for_two(topic: Purpose) -> None:
    letters = [sent(topic, 6, prefix=f"l{n}-") for n in range(5)]
    counts = []
    for some in (letters[:2], letters):
        cache.clear()
        with CaptureQueriesContext(connection) as asked:
            compared(some)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 3


def test_trends_are_per_topic(topic: Purpose) -> None:
    two(topic)
    (trend,) = topic_trends({topic.id: "Nieuws"}, at=NOW + timedelta(days=1))
    assert trend.topic == "Nieuws"
    assert len(trend.letters) == 2


def test_the_pages(topic: Purpose, staff: Client) -> None:
    large, small = two(topic)
    page = reverse("insight:compare")
    assert "Kies twee tot vijf brieven." in staff.get(page, {"brief": [large.id]}).content.decode()
    shown = staff.get(page, {"brief": [large.id, small.id]}).content.decode()
    assert "200" in shown
    assert "Brieven naast elkaar" in shown
    assert "Kies twee" not in staff.get(page, {"brief": ["x", "'; --"]}).content.decode()
    assert staff.get(reverse("insight:trends")).status_code == 200


def file(staff: Client, campaign: Campaign, kind: str) -> bytes:
    answer = staff.get(reverse("insight:results_file", args=[campaign.id, kind]))
    assert answer.status_code == 200
    return bytes(answer.content)


def test_the_files_hold_the_same(topic: Purpose, staff: Client) -> None:
    large, _small = two(topic)
    rows = list(csv.reader(io.StringIO(file(staff, large, "csv").decode("utf-8-sig"))))
    assert ["Brief", "verstuurd", "15"] in rows
    assert ["Brief", "nieuwe ja’s", "0"] in rows
    assert ["Link", "https://winkel.example.nl/beurt", "30"] in rows
    book = CalamineWorkbook.from_filelike(io.BytesIO(file(staff, large, "xlsx")))
    sheet = book.get_sheet_by_index(0).to_python()
    assert ["Link", "https://winkel.example.nl/beurt", 30.0] in sheet
    assert len(sheet) == len(rows)
    assert file(staff, large, "pdf").startswith(b"%PDF-")
    url = reverse("insight:results_file", args=[large.id, "exe"])
    assert staff.get(url).status_code == 404


def test_a_small_letter_says_so_in_its_files(topic: Purpose, staff: Client) -> None:
    _large, small = two(topic)
    rows = list(csv.reader(io.StringIO(file(staff, small, "csv").decode("utf-8-sig"))))
    assert ["Link", "https://winkel.example.nl/beurt", "<5"] in rows


def test_no_cell_is_a_formula() -> None:
    assert safe_cell("=1+1") == "'=1+1"
    assert safe_cell("@x") == "'@x"
    assert safe_cell(-5) == -5
    book = workbook([["=1+1", "a\x01b", 3]], name='A "naam" van <veel> meer dan dertig tekens')
    read = CalamineWorkbook.from_filelike(io.BytesIO(book))
    assert read.get_sheet_by_index(0).to_python() == [["=1+1", "ab", 3.0]]
    assert b"<f>" not in book
