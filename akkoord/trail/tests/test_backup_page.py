"""The page of backups: what it says, who may, and what a press does."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.account.internal.userkit import user_id_to_str
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from akkoord.accounts.tests.factories import make_staff
from akkoord.datamap.ids import uuid7
from akkoord.people.tests.factories import make_point
from akkoord.register.tests.factories import make_organisation
from akkoord.trail import backups
from akkoord.trail.actions import Actor
from akkoord.trail.backup_queries import backup_state, last_backup_at
from akkoord.trail.journal_lines import journal_file
from akkoord.trail.models import Backup, BackupSetting, Change, RestoreTry
from akkoord.trail.nos import append
from akkoord.trail.second_place import copy_state

pytestmark = pytest.mark.django_db

INDEX = "/back-ups/"


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    """A data folder of its own, and no second place yet."""
    keys = Path(settings.DATA_DIR) / "keys"
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir()
    (settings.DATA_DIR / "keys").symlink_to(keys)
    settings.JOURNAL_COPY = None
    make_organisation()
    return Path(settings.DATA_DIR)


@pytest.fixture
def owner() -> Client:
    client = Client()
    client.force_login(make_staff(role="owner"))
    return client


@pytest.fixture
def sure(owner: Client) -> Client:
    """The owner with a second step, who said who they are just now."""
    staff = make_staff(role="owner", email="zeker@example.nl")
    TOTP.activate(staff, generate_totp_secret())
    RecoveryCodes.activate(staff)
    owner.force_login(staff)
    session = owner.session
    session["account_authentication_methods_user"] = user_id_to_str(staff)
    session["account_authentication_methods"] = [
        {"method": "mfa", "at": timezone.now().timestamp(), "reauthenticated": True}
    ]
    session.save()
    return owner


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def made(*, days_ago: int = 0, **values: Any) -> Backup:
    at = timezone.now() - timedelta(days=days_ago)
    backup = backups.begin_backup(file_name="nacht.akkoord", at=at)
    backups.note_made(backup.id, size=2_000_000, people=5, at=at)
    Backup.objects.filter(id=backup.id).update(**values)
    backup.refresh_from_db()
    return backup


def test_with_nothing_yet_the_page_says_what_to_do(owner: Client) -> None:
    shown = text(owner.get(INDEX))
    assert "Er is nog nooit een back-up gemaakt" in shown
    assert "nooit een back-up teruggezet" in shown
    assert "AKKOORD_JOURNAL_COPY" in shown
    assert "akkoord keys export" in shown
    assert "Eerst uw tweede stap" in shown


def test_the_page_tells_the_last_backup_and_the_last_try(
    owner: Client, django_assert_max_num_queries: Any
) -> None:
    for days in range(12):
        made(days_ago=days)
    backups.note_put_back(
        at=timezone.now(),
        backup_id=None,
        made_at=timezone.now() - timedelta(days=3),
        figures={"forgotten": 7, "stopped": 3, "held": 1, "hits": 0},
    )
    with django_assert_max_num_queries(16):
        shown = text(owner.get(INDEX))
    assert "1,9 MB" in shown
    assert "nacht.akkoord" in shown
    assert "Vergeten: 7. Gestopt: 3." in shown
    assert "Er is geen verse back-up" not in shown


def test_only_with_a_second_step_is_one_made_or_taken(owner: Client) -> None:
    assert owner.post(reverse("backups:make")).headers["Location"] == reverse("mfa_index")
    backup = made(is_here=True, here_until=timezone.now() + timedelta(hours=1))
    backups.backup_folder().mkdir()
    backups.file_of(backup).write_bytes(backups.MAGIC + b"\0sealed")
    url = reverse("backups:download", args=[backup.id])
    answer = owner.get(url)
    assert answer.status_code == 302  # to say who they are, or to switch it on
    assert not Change.objects.filter(action="backup.download").exists()


def test_who_is_sure_takes_the_file_and_the_trail_knows(sure: Client) -> None:
    backup = made(is_here=True, here_until=timezone.now() + timedelta(hours=1))
    backups.backup_folder().mkdir()
    backups.file_of(backup).write_bytes(backups.MAGIC + b"\0sealed")
    url = reverse("backups:download", args=[backup.id])
    assert url in text(sure.get(INDEX))
    answer = sure.get(url)
    assert b"".join(answer.streaming_content) == backups.MAGIC + b"\0sealed"  # type: ignore[attr-defined]
    assert 'filename="nacht.akkoord"' in answer.headers["Content-Disposition"]
    assert Change.objects.get(action="backup.download").object_id == backup.id
    backups.sweep_files(at=timezone.now() + timedelta(hours=2))
    assert not backups.file_of(backup).exists()
    assert sure.get(url).status_code == 404


def test_two_presses_make_one_and_the_page_shows_how_far(sure: Client) -> None:
    for _press in range(2):
        assert sure.post(reverse("backups:make")).headers["Location"] == INDEX
    backup = Backup.objects.get()
    assert "wacht op zijn beurt" in text(sure.get(INDEX))
    assert backups.claim(backup.id, at=timezone.now())
    assert not backups.claim(backup.id, at=timezone.now()), "nobody takes it up twice"
    backups.note_progress(backup.id, size=3_000_000, at=timezone.now())
    part = sure.get(INDEX, headers={"HX-Target": "backups-now", "HX-Request": "true"})
    assert "2,9 MB geschreven" in text(part)
    assert "<html" not in text(part)
    # The worker was killed: after a while it is said to have failed, and a press makes a new one.
    Backup.objects.update(moved_at=timezone.now() - timedelta(minutes=20))
    assert "Akkoord is intussen gestopt" in text(sure.get(INDEX))
    sure.post(reverse("backups:make"))
    assert sorted(Backup.objects.values_list("state", flat=True)) == ["asked", "failed"]


def test_a_piece_of_one_that_was_cut_short_goes_and_others_stay(folder: Path) -> None:
    here = backups.backup_folder()
    here.mkdir()
    kept = made(is_here=True, here_until=timezone.now() + timedelta(hours=1))
    backups.file_of(kept).write_bytes(b"x")
    (here / f".{uuid7()}.akkoord.part").write_bytes(b"x")
    (here / f"{uuid7()}.akkoord").write_bytes(b"x")
    (here / "elke-nacht.akkoord").write_bytes(b"x")  # by the command: its owner's, not ours to take
    assert backups.sweep_files(at=timezone.now()) == 2
    left = {each.name for each in here.iterdir()}
    assert left == {backups.file_of(kept).name, "elke-nacht.akkoord"}


def test_a_late_job_makes_what_was_asked_since(sure: Client) -> None:
    """The worker was away; the first was given up, and the queue holds only its job."""
    sure.post(reverse("backups:make"))
    late = Backup.objects.get()
    Backup.objects.update(moved_at=timezone.now() - timedelta(minutes=20))
    sure.post(reverse("backups:make"))
    assert backups.asked_for() == [Backup.objects.exclude(id=late.id).get().id]


def test_what_only_pretends_to_be_sealed_is_looked_through() -> None:
    here = backups.backup_folder()
    here.mkdir()
    (here / "a.akkoord").write_bytes(backups.MAGIC + b"f" * 40 + b"\n\0\1\2")
    (here / "b.akkoord").write_bytes(backups.MAGIC + b"anna@example.org")
    (here / "c.txt").write_bytes(b"anna@example.org\0")
    assert [each.name for each in backups.sealed_backups()] == ["a.akkoord"]


def test_the_setting_is_checked_kept_and_noted(owner: Client) -> None:
    url = reverse("backups:setting")
    refused = owner.post(url, {"keep": "0", "remind": "1000"})
    assert refused.status_code == 200
    assert not BackupSetting.objects.exists()
    assert owner.post(url, {"keep": "14", "remind": "2"}).status_code == 302
    setting = BackupSetting.objects.get()
    assert (setting.keep_days, setting.remind_days) == (14, 2)
    assert Change.objects.filter(action="backup.change-setting").exists()
    backup = made()
    assert (backup.kept_until - timezone.localdate()).days == 14


def test_a_try_elsewhere_is_noted_and_one_of_tomorrow_is_not(owner: Client) -> None:
    url = reverse("backups:tried")
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert "nog komen" in text(owner.post(url, {"on": tomorrow.isoformat(), "went_well": "yes"}))
    assert not RestoreTry.objects.exists()
    owner.post(url, {"on": timezone.localdate().isoformat(), "went_well": "no"})
    assert not RestoreTry.objects.get().went_well
    assert "Ging mis" in text(owner.get(INDEX))


@pytest.mark.django_db(transaction=True)
def test_the_second_place_is_shown_and_copied_by_a_press(
    owner: Client, settings: Any, tmp_path: Path
) -> None:
    append([{"kind": "no", "event": "1"}])
    settings.JOURNAL_COPY = tmp_path / "away" / "copy"
    assert not copy_state().is_good
    shown = text(owner.get(INDEX))
    assert "Niet te lezen" in shown or "achter" in shown
    settings.JOURNAL_COPY.mkdir(parents=True)
    append([{"kind": "no", "event": "2"}])
    (settings.JOURNAL_COPY / "nos.jsonl").unlink()
    assert copy_state().behind == 2
    assert "2 regels achter" in text(owner.get(INDEX))
    owner.post(reverse("backups:copy"))
    assert copy_state().is_good
    assert (settings.JOURNAL_COPY / "nos.jsonl").read_bytes() == journal_file().read_bytes()
    # What stands there is not what was written: it is replaced.
    place = settings.JOURNAL_COPY / "nos.jsonl"
    place.write_bytes(place.read_bytes().replace(b'"2"', b'"3"'))
    owner.post(reverse("backups:copy"))
    assert place.read_bytes() == journal_file().read_bytes()
    # But a bad one of ours never takes the place of a good one.
    journal_file().write_bytes(journal_file().read_bytes().replace(b'"1"', b'"9"'))
    good = place.read_bytes()
    owner.post(reverse("backups:copy"))
    assert place.read_bytes() == good


def test_a_folder_that_cannot_be_written_to_says_so(owner: Client, settings: Any) -> None:
    settings.JOURNAL_COPY = Path("/proc/nowhere")
    answer = owner.post(reverse("backups:copy"), follow=True)
    assert "kan niet geschreven worden" in text(answer)


def test_the_start_page_tells_the_owner_and_nobody_else(owner: Client, settings: Any) -> None:
    assert "verse back-up" not in text(owner.get("/")), "with nobody in it there is nothing to lose"
    make_point()
    shown = text(owner.get("/"))
    assert "Er is geen verse back-up" in shown
    assert "Het journaal staat maar op één plek" in shown
    made(days_ago=1)
    assert "Er is geen verse back-up" not in text(owner.get("/"))
    Backup.objects.update(made_at=timezone.now() - timedelta(days=9))
    assert "9 dagen geleden" in text(owner.get("/"))
    marketer = Client()
    marketer.force_login(make_staff(role="marketer", email="m@example.nl"))
    assert "verse back-up" not in text(marketer.get("/"))


def test_after_a_restore_the_backup_that_was_put_back_counts_as_the_last() -> None:
    at = timezone.now()
    going = backups.begin_backup(file_name="a.akkoord", at=at - timedelta(days=2))
    other = backups.ask_backup(at=at - timedelta(minutes=1), actor=Actor.system())
    backups.note_put_back(
        at=at, backup_id=going.id, made_at=at - timedelta(days=2), figures={"hits": 1}
    )
    going.refresh_from_db()
    other.refresh_from_db()
    assert (going.state, other.state) == ("made", "failed")
    assert last_backup_at() == at - timedelta(days=2)
    assert not backup_state(at=at).is_late
    assert not RestoreTry.objects.get().went_well
