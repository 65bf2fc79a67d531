"""`akkoord apikey`."""

import json

import pytest
from click.testing import CliRunner

from akkoord.accounts.keys import use_key
from akkoord.accounts.models import ApiKey
from akkoord.cli.apikey import command
from akkoord.consent.tests import factories as make

pytestmark = pytest.mark.django_db


def run(*arguments):
    return CliRunner().invoke(command, arguments)


def test_a_key_is_shown_once_listed_and_revoked() -> None:
    made = run("create", "--role", "marketer", "--name", "Kassa", "--json")
    assert made.exit_code == 0
    answer = json.loads(made.stdout)
    assert use_key(answer["key"], at=make.NOW).role == "marketer"
    listed = run("list", "--json")
    assert answer["key"] not in listed.stdout
    assert json.loads(listed.stdout)[0]["name"] == "Kassa"
    assert run("revoke", answer["id"], "--json").exit_code == 0
    assert use_key(answer["key"], at=make.NOW) is None
    assert run("revoke", answer["id"]).exit_code == 1


def test_an_unknown_role_and_an_empty_name_make_no_key() -> None:
    assert run("create", "--role", "god").exit_code == 2
    assert run("create", "--role", "owner", "--name", " ").exit_code == 1
    assert not ApiKey.objects.exists()
