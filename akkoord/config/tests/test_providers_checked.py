"""`akkoord doctor` asks providers whether their reports still stand."""

from typing import Any

import pytest
from django.utils import timezone

from akkoord.config.finding import State
from akkoord.config.mail_health import check_mail, check_providers
from akkoord.delivery.hook_secrets import drop_hook_secret
from akkoord.delivery.hook_setup import set_up_hook
from akkoord.delivery.provider_actions import enter_provider
from akkoord.delivery.tests.provider_service import KEY, provider_service
from akkoord.trail.actions import Actor

pytestmark = pytest.mark.django_db


def test_reports_are_asked_for_and_what_is_wrong_is_named(settings: Any) -> None:
    settings.BASE_URL = "https://akkoord.fietsen-jansen.nl"
    drop_hook_secret("brevo")
    assert check_providers().state is State.GOOD
    facts = {"region": "", "name": "", "key": KEY, "weight": 1}
    now, actor = timezone.now(), Actor.system()
    enter_provider(
        kind="brevo", **facts, has_contract=True, is_unmeasured=True, at=now, actor=actor
    )
    with provider_service() as service:
        missing = check_providers()
        assert missing.state is State.WRONG
        assert "Brevo" in missing.says
        set_up_hook(provider="brevo", at=now, actor=actor)
        assert check_providers().state is State.GOOD
        service.figures = {"uniqueOpens": 1}
        assert "Switch that off" in check_providers().says
    assert check_mail().state is State.GOOD, "a provider is no mail server to knock at"
