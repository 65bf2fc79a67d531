"""`akkoord retention`: the plan per rule, looking ahead, and what is refused."""

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner, Result
from django.utils import timezone

from akkoord.cli.retention import command
from akkoord.consent.tests.factories import make_organisation
from akkoord.people.models import Person, Purchase
from akkoord.retention.models import RetentionRun
from akkoord.retention.tests.factories import bought, somebody

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command, list(arguments))


@pytest.fixture(autouse=True)
def house() -> None:
    make_organisation()


def customer(days_left: int) -> Person:
    """A customer whose three years are over in so many days."""
    from akkoord.law.terms import add_months

    person = somebody()
    sale = bought(person, 0)
    day = timezone.localdate() + timedelta(days=days_left)
    Purchase.objects.filter(id=sale.id).update(bought_on=add_months(day, -36))
    return person


def by_rule(result: Result) -> dict[str, dict[str, object]]:
    assert result.exit_code == 0, result.output
    return {each["rule"]: each for each in json.loads(result.stdout)}


def test_the_plan_has_a_line_per_rule_and_changes_nothing() -> None:
    for days_left in (-10, 5, 20, 80):
        customer(days_left)
    lines = by_rule(run("plan", "--json"))
    assert lines["customers"]["due"] == 1
    assert lines["customers"]["action"] == "erase"
    assert lines["customers"]["within"] == {"7": 2, "30": 3, "90": 4}
    assert lines["import-to-be-judged"]["due"] == 0
    assert Person.objects.count() == 4
    assert "customers" in run("plan").stdout


def test_looking_ahead_counts_as_of_that_day() -> None:
    customer(5)
    later = (timezone.localdate() + timedelta(days=6)).isoformat()
    assert by_rule(run("plan", "--json", "--as-of", later))["customers"]["due"] == 1
    dry = by_rule(run("run", "--dry-run", "--json", "--as-of", later))
    assert dry["customers"]["due"] == 1
    assert Person.objects.count() == 1
    assert not RetentionRun.objects.exists()


def test_a_run_as_of_a_day_ahead_is_refused() -> None:
    customer(5)
    later = (timezone.localdate() + timedelta(days=6)).isoformat()
    refused = run("run", "--json", "--as-of", later)
    assert refused.exit_code == 1
    assert json.loads(refused.stdout)["reason"] == "as-of-is-for-looking"
    assert "--dry-run" in refused.stderr
    assert Person.objects.count() == 1


@pytest.mark.parametrize("day", ["2020-01-01", "tomorrow", "2026-13-01"])
def test_a_day_that_cannot_be_is_unusable(day: str) -> None:
    assert run("plan", "--as-of", day).exit_code == 2


def test_a_run_answers_what_went() -> None:
    customer(-10)
    answer = json.loads(run("run", "--json").stdout)
    assert (answer["forgotten"], answer["waiting"]) == (1, 0)
    assert answer["reference"].startswith("AK-")
    assert not Person.objects.exists()
    assert run("run").stdout.strip().endswith("0 wait for the owner.")
