"""`akkoord person forget --file`: asked by one account, approved by another, honest statuses."""

import json
import time
from pathlib import Path

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
)
from axes.models import AccessAttempt
from click.testing import CliRunner, Result
from django.conf import settings

from akkoord.accounts.models import Staff
from akkoord.cli.person import command
from akkoord.consent.tests.factories import make_organisation, make_point
from akkoord.delivery.models import OutboxMail
from akkoord.people.models import Person
from akkoord.rights.list_models import ErasureList
from akkoord.rights.lists import work_list
from akkoord.rights.tests.conftest import own_data_folder  # noqa: F401 - its folder is swept
from akkoord.rights.tests.factories import NOW

pytestmark = pytest.mark.django_db
EVA, BO = "eva@winkel.example.nl", "bo@winkel.example.nl"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two people, a list of them with one line that means nobody, and two who may decide."""
    make_organisation()
    for number in range(2):
        make_point(f"p{number}@example.nl")
    (tmp_path / "list.csv").write_text("e-mail\np0@example.nl\nnobody@example.org\np1@example.nl\n")
    for email, role in ((EVA, "owner"), (BO, "privacy-officer"), ("m@example.nl", "marketer")):
        Staff.objects.create_user(email, f"een lange zin van {email}", name=email, role=role)
        (tmp_path / email).write_text(f"een lange zin van {email}\n")
    return tmp_path


def run(folder: Path, by: str, *arguments: str, password_of: str = "") -> Result:
    who = ["--by", by, "--password-file", str(folder / (password_of or by)), "--json"]
    return CliRunner().invoke(command, ["forget", *arguments, *who])


def asked(folder: Path) -> dict[str, object]:
    done = run(folder, EVA, "--file", str(folder / "list.csv"), "--ground", "duty")
    assert done.exit_code == 0, done.output
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


def test_a_list_waits_for_somebody_else_and_then_goes(folder: Path) -> None:
    answer = asked(folder)
    assert (answer["state"], answer["lines"], answer["goes"]) == ("asked", 3, 2)
    assert answer["problems"] == [{"line": 3, "outcome": "not-found"}]
    assert Person.objects.count() == 2
    assert OutboxMail.objects.filter(kind="staff", recipient=BO).exists()
    same = run(folder, EVA, "--approve", str(answer["reference"]))
    assert (same.exit_code, json.loads(same.stdout)["reason"]) == (1, "refused-list")
    done = run(folder, BO, "--approve", str(answer["reference"]))
    assert (done.exit_code, json.loads(done.stdout)["state"]) == (0, "running")
    found = ErasureList.objects.get()
    work_list(list_id=found.id, at=NOW)
    assert not Person.objects.exists()
    again = run(folder, BO, "--approve", str(answer["reference"]))
    assert again.exit_code == 1


@pytest.mark.parametrize(
    ("by", "password_of"),
    [(BO, EVA), ("m@example.nl", ""), ("unknown@example.nl", EVA)],
)
def test_who_is_not_who_they_say_or_may_not_erase_gets_no_list(
    folder: Path, by: str, password_of: str
) -> None:
    """The same answer, whatever is wrong."""
    done = run(folder, by, "--file", str(folder / "list.csv"), password_of=password_of)
    assert (done.exit_code, json.loads(done.stdout)["reason"]) == (1, "no-entry")
    assert not ErasureList.objects.exists()


def test_who_has_a_second_step_gives_its_code_too(folder: Path) -> None:
    """A password alone approves nothing of theirs; a code counts once."""
    answer = asked(folder)
    bo = Staff.objects.get(email=BO)
    secret = generate_totp_secret()
    TOTP.activate(bo, secret)
    codes = RecoveryCodes.activate(bo).get_unused_codes()
    right = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    for code in ((), ("--code", "000000"), ("--code", "")):
        done = run(folder, BO, "--approve", str(answer["reference"]), *code)
        assert (done.exit_code, json.loads(done.stdout)["reason"]) == (1, "no-entry")
    assert AccessAttempt.objects.get().failures_since_start == 3
    assert ErasureList.objects.get().state == "asked"
    done = run(folder, BO, "--approve", str(answer["reference"]), "--code", right)
    assert (done.exit_code, json.loads(done.stdout)["state"]) == (0, "running")
    assert not AccessAttempt.objects.exists()
    for reason in ("unknown-list", "no-entry"):
        done = run(folder, BO, "--approve", "AK-0000-0000", "--code", codes[0])
        assert json.loads(done.stdout)["reason"] == reason


def test_wrong_tries_lock_out_as_at_the_log_in_and_keep_no_name(folder: Path) -> None:
    answer = asked(folder)
    for _each in range(settings.AXES_FAILURE_LIMIT):
        done = run(folder, BO, "--approve", str(answer["reference"]), password_of=EVA)
        assert json.loads(done.stdout)["reason"] == "no-entry"
    done = run(folder, BO, "--approve", str(answer["reference"]))  # the right one, too late
    assert (done.exit_code, json.loads(done.stdout)["reason"]) == (1, "too-many-tries")
    assert ErasureList.objects.get().state == "asked"
    kept = str(list(AccessAttempt.objects.values()))
    assert "winkel" not in kept
    assert "een lange" not in kept


def test_what_cannot_be_used_is_said_and_keeps_nothing(folder: Path) -> None:
    """Status 2 for arguments, 1 for a list of nobody; then there is no list either."""
    for arguments in ((), ("--file", str(folder / "list.csv"), "--approve", "AK-0000-0000")):
        assert run(folder, EVA, *arguments).exit_code == 2
    bare = CliRunner().invoke(command, ["forget", "--file", str(folder / "list.csv")])
    assert bare.exit_code == 2
    (folder / "list.csv").write_text("e-mail\nnobody@example.org\n")
    done = run(folder, EVA, "--file", str(folder / "list.csv"))
    assert (done.exit_code, json.loads(done.stdout)["reason"]) == (1, "refused-list")
    assert not ErasureList.objects.exists()
    unknown = run(folder, EVA, "--approve", "AK-0000-0000")
    assert (unknown.exit_code, json.loads(unknown.stdout)["reason"]) == (1, "unknown-list")
