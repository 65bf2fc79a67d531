"""Where postcodes lie, and who lives within so many kilometres. The table is made up."""

import json
from math import acos, cos, radians, sin
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from akkoord.accounts.tests.factories import make_staff
from akkoord.cli.places import command
from akkoord.people.models import ContactPoint, PostalAddress
from akkoord.permission.tests.factories import NOW, make_point
from akkoord.register.models import ActivityField, Purpose
from akkoord.segments.builder import rules_of, tree_of
from akkoord.segments.fields import fields_for
from akkoord.segments.language import parse, segment_condition
from akkoord.segments.places import (
    PlacesRefused,
    bring_places,
    middle_of,
    places_there,
    points_within,
)
from akkoord.segments.places_models import PostcodePoint
from akkoord.segments.refusals import SegmentError
from akkoord.segments.tests.test_compile import found, refusal
from akkoord.segments.tests.test_compile import topic as topic  # a fixture
from akkoord.segments.tree import Near
from akkoord.segments.writing import text_of
from akkoord.trail.actions import Actor

pytestmark = pytest.mark.django_db
# Made up: a line of places to the north, each about 11.1 km from the one before it.
MADE_UP = """postcode;latitude;longitude
1000;52.0;5.0
1000AA;52.0;5.0
1000AB;52.09;5.0
1001;52.1;5.0
1002;52.2;5.0
1003AA;52,3;5,0
1003AB;52,3;5,02
"""


def bring(text: str = MADE_UP) -> Any:
    return bring_places(text.splitlines(), at=NOW, actor=Actor.system())


@pytest.fixture
def table() -> None:
    bring()


@pytest.fixture
def four(topic: Purpose) -> dict[str, ContactPoint]:
    """Anna in 1000AA, Bert in 1001 (letters unknown), Carla in 1000AB; Dirk only has a name."""
    points = {name: make_point(f"{name}@example.nl") for name in ("anna", "bert", "carla", "dirk")}
    for name, code in (("anna", "1000 aa"), ("bert", "1001ZZ"), ("carla", "1000AB")):
        live(points[name], code)
    return points


def live(point: ContactPoint, code: str, **more: Any) -> None:
    PostalAddress.objects.create(
        person=point.person,
        street="Straat",
        house_number="1",
        postcode=code,
        city="Dorp",
        created_at=NOW,
        **more,
    )


@pytest.mark.usefixtures("table", "four")
@pytest.mark.parametrize(
    ("text", "who"),
    [
        ('within 1 km of "1000"', "a"),
        ('within 1 km of "1000AA"', "a"),
        ('within 9.9 km of "1000 aa"', "a"),
        ('within 10.1 km of "1000"', "ac"),
        ('within 11.2 km of "1000"', "abc"),
        ('within 1 km of "1001"', "b"),
        ('within 2 km of "1001"', "bc"),  # Carla by her letters, not by her digits
        ('binnen 12 km van "1002"', "b"),
        ('within 12 km of "1002QQ"', "b"),  # letters that the table does not have
        ('not within 1 km of "1000"', "bcd"),
        ('within 500 km of "1003"', "abc"),
    ],
)
def test_who_lives_near(topic: Purpose, text: str, who: str) -> None:
    assert found(text, topic) == set(who)


@pytest.mark.usefixtures("table")
def test_an_address_that_ended_or_lies_abroad_or_is_not_in_the_table_is_near_nothing(
    topic: Purpose,
) -> None:
    old, abroad, unknown = (make_point(f"{name}@example.nl") for name in ("old", "bel", "unk"))
    live(old, "1000AA", ended_at=NOW)
    live(abroad, "1000", country="BE")
    live(unknown, "9999AA")
    assert found('within 500 km of "1000"', topic) == set()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('within 10 km of "0123"', "bad-value"),
        ('within 10 km of "Utrecht"', "bad-value"),
        ('within 0 km of "1000"', "bad-value"),
        ('within 501 km of "1000"', "bad-value"),
        ('within -1 km of "1000"', "bad-value"),
        ('within 10 miles of "1000"', "expected"),
        ('within 10 km from "1000"', "expected"),
        ('within 10 km of "4321"', "unknown-postcode"),
    ],
)
@pytest.mark.usefixtures("table")
def test_what_cannot_be_asked_says_why(topic: Purpose, text: str, code: str) -> None:
    assert refusal(text, topic).code == code


def test_without_a_table_the_sentence_says_where_to_bring_one(topic: Purpose) -> None:
    with translation.override("nl"):
        problem = refusal('binnen 10 km van "1000"', topic)
    assert problem.code == "no-places"
    assert "onder Groepen, “Waar postcodes liggen”" in problem.sentence


@pytest.mark.usefixtures("table")
def test_inv31_a_distance_is_bound_to_the_postcode(topic: Purpose) -> None:
    assert segment_condition('within 1 km of "1000"', topic, NOW)
    ActivityField.objects.filter(field__key="postcode").update(ended_at=NOW)
    problem = refusal('source is "x" and within 1 km of "1000"', topic)
    assert (problem.code, problem.place) == ("field-outside-purpose", 18)


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize(
    "text", ['within 10 km of "3511"', 'not within 2.5 km of "3511AB" or city is "x"']
)
def test_the_text_reads_back_in_both_languages_and_in_rows(
    topic: Purpose, language: str, text: str
) -> None:
    tree = parse(text)
    assert parse(text_of(tree, language)) == tree
    assert tree_of(rules_of(tree), fields_for(topic)) == tree


def test_a_field_may_still_be_called_as_the_dutch_word() -> None:
    assert text_of(parse('binnen is "x"')) == 'binnen is "x"'
    assert text_of(parse('binnen 3 km van "1000" of van is "x"')).endswith('or van is "x"')


@pytest.mark.usefixtures("table", "four")
def test_it_is_one_statement_by_indexes(topic: Purpose) -> None:
    condition = segment_condition('within 12 km of "1000"', topic, NOW)
    sql, values = ContactPoint.objects.filter(condition).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {sql}", values)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Seq Scan on segments_postcodepoint" not in plan


@given(
    kilometres=st.floats(0.5, 400),
    spots=st.lists(
        st.tuples(st.floats(50.6, 53.7), st.floats(3.1, 7.3)), min_size=1, max_size=20, unique=True
    ),
)
def test_the_box_leaves_nobody_out_of_the_circle(
    kilometres: float, spots: list[tuple[float, float]]
) -> None:
    """By another formula, in Python, without a box."""
    PostcodePoint.objects.all().delete()
    PostcodePoint.objects.bulk_create(
        PostcodePoint(code=str(1000 + n), latitude=a, longitude=b) for n, (a, b) in enumerate(spots)
    )
    middle = PostcodePoint.objects.get(code="1000")

    def away(each: PostcodePoint) -> float:
        one, other = radians(middle.latitude), radians(each.latitude)
        turned = radians(each.longitude - middle.longitude)
        inner = sin(one) * sin(other) + cos(one) * cos(other) * cos(turned)
        return 6371.0088 * acos(min(1.0, inner))

    inside = {each.code for each in points_within(middle, kilometres)}
    for each in PostcodePoint.objects.all():
        if abs(away(each) - kilometres) > 0.01:
            assert (each.code in inside) == (away(each) < kilometres)


# ---- the table


@pytest.mark.usefixtures("table")
def test_the_middle_of_four_digits_is_that_of_what_lies_in_it() -> None:
    assert places_there() == (4, 4)
    point = middle_of(Near(kilometres=1, code="1003"))  # type: ignore[arg-type]
    assert (round(point.latitude, 4), round(point.longitude, 4)) == (52.3, 5.01)
    assert PostcodePoint.objects.get(code="1000").latitude == 52.0  # the file said it


def test_geonames_has_tabs_and_several_places_per_postcode() -> None:
    line = "NL\t{}\tDorp\tProvincie\t01\tGemeente\t0001\t\t\t{}\t{}\t6"
    text = "\n".join(
        [line.format("1000", 52.0, 5.0), line.format("1000", 52.2, 5.2), "BE\t1000" + "\t" * 10]
    )
    report = bring(text)
    assert (report.numbers, report.whole, report.bad) == (1, 0, 1)
    assert PostcodePoint.objects.get(code="1000").latitude == pytest.approx(52.1)


def test_bad_lines_are_left_out_and_told() -> None:
    with translation.override("en"):
        report = bring(MADE_UP + "0999;52;5\n1004;5;52\n1005;noord;5\n\n1006\n")
    assert [line for line, _why in report.told] == [9, 10, 11, 13]
    assert "swapped" in report.told[1][1]
    assert PostcodePoint.objects.filter(code__startswith="10").count() == 8


@pytest.mark.parametrize(
    "text", ["", "naam,mail\nAnna,anna@example.nl\n", "1000;5.0;52.0\n1001;5.1;52.1\n", "\0\0;\0;"]
)
@pytest.mark.usefixtures("table")
def test_a_file_that_is_no_table_changes_nothing(text: str) -> None:
    with pytest.raises(PlacesRefused):
        bring(text)
    assert places_there() == (4, 4)


@pytest.mark.usefixtures("table")
def test_another_table_comes_in_its_place() -> None:
    bring("2000;52;5\n")
    assert list(PostcodePoint.objects.values_list("code", flat=True)) == ["2000"]


@pytest.mark.parametrize("values", [("12", 52, 5), ("1000ab", 52, 5), ("1000", 5, 52)])
def test_the_database_refuses_what_is_no_postcode(values: tuple[Any, ...]) -> None:
    code, latitude, longitude = values
    with pytest.raises(IntegrityError), transaction.atomic():
        PostcodePoint.objects.create(code=code, latitude=latitude, longitude=longitude)


def test_the_command_says_what_it_did(tmp_path: Path) -> None:
    file = tmp_path / "postcodes.csv"
    file.write_text(MADE_UP + "x;y;z\n")
    told = CliRunner().invoke(command, ["import", str(file), "--json"])
    assert told.exit_code == 0
    answer = json.loads(told.stdout)
    assert (answer["four_digits"], answer["with_letters"], answer["bad"]) == (4, 4, 1)
    file.write_text("niets\n")
    told = CliRunner().invoke(command, ["import", str(file), "--json"])
    assert told.exit_code == 1
    assert json.loads(told.stdout)["reason"] == "not-a-table"
    assert CliRunner().invoke(command, ["import", str(tmp_path / "no")]).exit_code == 2


def test_the_page_brings_a_table_and_tells_bad_lines(client: Client) -> None:
    client.force_login(make_staff())
    assert "Er is nog geen tabel" in client.get("/groepen/plaatsen/").content.decode()
    file = SimpleUploadedFile("nl.csv", (MADE_UP + "x;y;z\n").encode())
    page = client.post("/groepen/plaatsen/", {"file": file}).content.decode()
    assert "Eén regel is weggelaten" in page
    assert "Dit is geen postcode" in page
    wrong = SimpleUploadedFile("nl.csv", b"niets\n")
    page = client.post("/groepen/plaatsen/", {"file": wrong}).content.decode()
    assert "Dit is geen tabel van postcodes" in page
    assert places_there() == (4, 4)


def test_an_address_line_of_a_person_is_no_postcode() -> None:
    with pytest.raises(SegmentError):
        parse('within 1 km of "1000AA 12"')
