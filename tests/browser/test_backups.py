"""The owner looks after backups: none yet, a term, a try, the journal in a second place."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.journey import PASSWORD, PHONE, WIDE, Journey

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [WIDE, PHONE], ids=["desk", "phone"])
def test_from_no_backup_to_one_that_was_tried(
    journey: Journey, shop: Any, width: int, settings: Any, tmp_path: Any
) -> None:
    from allauth.mfa.totp.internal.auth import TOTP
    from django.utils import timezone

    from akkoord.accounts.models import Staff
    from akkoord.trail import backups
    from akkoord.trail.models import Backup
    from akkoord.trail.nos import append

    settings.JOURNAL_COPY = tmp_path
    now = timezone.now()
    page = journey.page(width)
    journey.log_in(page)
    page.goto(f"{journey.base}/back-ups/")
    main = page.locator("main")
    expect(main).to_contain_text("Er is nog nooit een back-up gemaakt")
    expect(main).to_contain_text("Eerst uw tweede stap")
    journey.look(page)

    page.get_by_label("Hoeveel dagen bewaart u een back-up?").fill("0")
    page.get_by_label("Na hoeveel dagen zonder back-up").fill("3")
    main.get_by_role("button", name="Bewaren").click()
    page.get_by_label("Hoeveel dagen bewaart u een back-up?").fill("14")
    main.get_by_role("button", name="Bewaren").click()
    expect(page.locator("body")).to_contain_text("Bewaard. Het geldt voor back-ups vanaf nu.")

    append([{"kind": "no", "event": "1"}])
    (tmp_path / "nos.jsonl").unlink()
    page.goto(f"{journey.base}/back-ups/")
    expect(main).to_contain_text("achter")
    main.get_by_role("button", name="Nu kopiëren").click()
    expect(main).to_contain_text("Helemaal bij")
    journey.look(page)

    owner = Staff.objects.get(role="owner")
    TOTP.activate(owner, "JBSWY3DPEHPK3PXP")
    page.reload()
    main.get_by_role("button", name="Nu een back-up maken").click()
    expect(main).to_contain_text("wacht op zijn beurt")
    journey.look(page)
    backup = Backup.objects.get(is_here=True)
    backups.claim(backup.id, at=now)
    backups.note_progress(backup.id, size=12_000_000, at=timezone.now())
    expect(main).to_contain_text("11,4 MB geschreven")
    backups.backup_folder().mkdir(exist_ok=True)
    backups.file_of(backup).write_bytes(backups.MAGIC + b"\0sealed")
    backups.note_made(backup.id, size=31_000_000, people=1240, at=timezone.now())
    main.get_by_role("link", name="akkoord-").click()
    page.get_by_label("Wachtwoord").fill(PASSWORD)  # who is at the keys right now?
    with page.expect_download() as taken:
        page.get_by_role("button", name="Verder").click()
    assert taken.value.suggested_filename.endswith(".akkoord")

    page.goto(f"{journey.base}/back-ups/")
    page.get_by_label("Wanneer hebt u het geprobeerd?").fill(
        (timezone.localdate() - timedelta(days=1)).isoformat()
    )
    page.get_by_label("Ja, alles was er").focus()  # by the keyboard, as some people do
    page.keyboard.press("Space")
    main.get_by_role("button", name="Ik heb er een geprobeerd").click()
    expect(main).to_contain_text("Ging goed")
    journey.look(page)
