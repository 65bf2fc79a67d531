"""A whole letter by a provider's interface: workers are killed, answers are lost, the account is
stopped. Everybody has one fate, and nobody gets two."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from akkoord.datamap.ids import uuid7
from akkoord.delivery.models import MailServer, ServerState
from akkoord.delivery.provider_actions import change_key, enter_provider
from akkoord.delivery.tests.provider_service import (
    DROP,
    KEY,
    NAMES,
    REGIONS,
    ProviderService,
    Reply,
    provider_service,
    reply,
)
from akkoord.messages import closing, deliver
from akkoord.messages.deliver import run_dispatch
from akkoord.messages.dispatch import resume_dispatch
from akkoord.messages.models import Dispatch, Message
from akkoord.messages.queries import DispatchFigures, dispatch_figures
from akkoord.messages.tests.test_deliver import ROOT, all_counted, some_people, start_to
from akkoord.people.models import ContactPoint
from akkoord.register.processors import enter_mail_processor
from akkoord.trail.actions import Actor

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE, REFUSED = 120, 12
_KILLED = """
import os, signal, sys, django; django.setup()
from importlib import import_module
from uuid import UUID
from akkoord.datamap.ids import uuid7
from akkoord.delivery.providers import accounts
from akkoord.messages import deliver
deliver.HAND_OVER, deliver.FIRST = 20, 20
accounts.point_at_stub(int(sys.argv[6]))
room, name, when, number = sys.argv[2:6]
module = import_module(room)
work, calls = getattr(module, name), [0]
def until_then(*values, **named):
    calls[0] += 1
    if when == "before" and calls[0] == int(number):
        os.kill(os.getpid(), signal.SIGKILL)
    done = work(*values, **named)
    if when == "after" and calls[0] == int(number):
        os.kill(os.getpid(), signal.SIGKILL)
    return done
setattr(module, name, until_then)
deliver.run_dispatch(UUID(sys.argv[1]), worker_id=uuid7())
"""
STAGES = [
    ("akkoord.messages.claims", "begin", "after", 2),
    ("akkoord.messages.deliver", "_hand_over", "after", 2),
    ("akkoord.messages.claims", "record", "before", 2),
    ("akkoord.delivery.providers.mailgun", "letter", "before", 30),
    ("akkoord.delivery.providers.mailgun", "judge", "before", 30),
]


@pytest.fixture(autouse=True)
def public(settings: object) -> None:
    settings.BASE_URL = "https://akkoord.fietsen-jansen.nl"  # type: ignore[attr-defined]
    settings.SMTP_URL = ""  # type: ignore[attr-defined]


def enter(kind: str, key: str = KEY, weight: int = 1) -> MailServer:
    enter_mail_processor(kind=kind, leaves_eea=False, at=timezone.now(), actor=Actor.system())
    return enter_provider(
        kind=kind,
        region=REGIONS[kind],
        name=NAMES[kind],
        key=key,
        weight=weight,
        has_contract=True,
        is_unmeasured=True,
        at=timezone.now(),
        actor=Actor.system(),
    )


def work(dispatch: Dispatch) -> DispatchFigures:
    run_dispatch(dispatch.id, worker_id=uuid7())
    return dispatch_figures(dispatch.id)


def ended_well(found: DispatchFigures, service: ProviderService) -> None:
    got = service.received()
    assert (found.state, found.due, found.claimed) == ("finished", 0, 0)
    assert all_counted(found)
    assert found.audience == PEOPLE
    assert found.skipped == {"withdrawn": REFUSED}
    assert max(got.values(), default=1) == 1
    assert found.sent <= len(got) <= found.sent + found.uncertain


def kill_at(dispatch: Dispatch, stage: tuple[str, str, str, int], port: int, data: Path) -> int:
    facts = connection.settings_dict
    place = "postgresql://{USER}:{PASSWORD}@/{NAME}?host={HOST}&port={PORT}".format(**facts)
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "akkoord.config.settings",
        "AKKOORD_DATA": str(data),
        "AKKOORD_DATABASE_URL": place,
        "AKKOORD_SMTP_URL": "",
        "AKKOORD_BASE_URL": "https://akkoord.fietsen-jansen.nl",
    }
    words = [str(dispatch.id), *map(str, stage), str(port)]
    command = [sys.executable, "-c", _KILLED, *words]
    return subprocess.run(command, cwd=ROOT, env=environment, timeout=90, check=False).returncode


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: f"{stage[1]}-{stage[2]}")
def test_killed_at_any_stage(stage: tuple[str, str, str, int], settings: object) -> None:
    topic = some_people(PEOPLE, refused=REFUSED)
    enter("mailgun")
    dispatch = start_to(topic)
    with provider_service() as service:
        died = kill_at(dispatch, stage, service.port, Path(settings.DATA_DIR))  # type: ignore[attr-defined]
        assert died == -signal.SIGKILL, "it must die at that very place"
        lost = closing.release_lost(at=timezone.now())
        assert lost["uncertain"] <= 40, "no more in doubt than the two in hand"
        ended_well(work(dispatch), service)


def test_lost_answers_are_uncertain_and_nobody_gets_it_by_the_other() -> None:
    topic = some_people(PEOPLE, refused=REFUSED)
    enter("mailgun")
    enter("postmark")
    dispatch = start_to(topic)

    def drop(to: str, _count: int) -> int | None:
        return DROP if to.startswith(("p11@", "p22@", "p33@")) else None

    with provider_service() as service:
        service.answers = drop
        found = work(dispatch)
        ended_well(found, service)
        assert (found.uncertain, found.sent) == (3, PEOPLE - REFUSED - 3)
        assert {each.provider for each in service.letters} == {"mailgun", "postmark"}


def test_a_bad_address_fails_and_is_marked_and_the_rest_goes() -> None:
    topic = some_people(10)
    enter("brevo")
    dispatch = start_to(topic)

    def answer(to: str, _count: int) -> Reply | None:
        if to.startswith("p4@"):
            said = {"code": "invalid_parameter", "message": "email is not valid in to"}
            return reply(400, said)
        return None

    with provider_service() as service:
        service.answers = answer
        found = work(dispatch)
    assert (found.sent, found.failed, found.state) == (9, 1, "finished")
    failed = Message.objects.get(state="failed")
    point = ContactPoint.objects.get(id=failed.contact_point_id)
    assert point.undeliverable_at is not None


def test_a_stopped_account_pauses_the_letter_and_a_new_key_lets_it_go_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(deliver, "FIRST", 10)
    topic = some_people(50)
    server = enter("postmark", key="een-andere-sleutel")
    dispatch = start_to(topic)
    with provider_service() as service:
        found = work(dispatch)
        assert (found.state, found.due, found.sent) == ("paused", 50, 0)
        assert Dispatch.objects.get().pause_reason == "account-key"
        assert ServerState.objects.get().why == "account-key"
        asked = sum(service.asked.values())
        assert asked <= 10, "after the first refusals nothing more is asked"
        change_key(server_id=server.id, key=KEY, at=timezone.now(), actor=Actor.system())
        Message.objects.filter(state="due").update(due_at=timezone.now())
        resume_dispatch(dispatch_id=dispatch.id, at=timezone.now())
        found = work(dispatch)
        assert (found.state, found.sent) == ("finished", 50)
        assert set(service.received().values()) == {1}


def test_a_provider_that_asks_for_time_is_asked_again_only_then() -> None:
    topic = some_people(20)
    enter("ses")
    dispatch = start_to(topic)
    with provider_service() as service:
        service.answers = lambda _to, _count: reply(
            503, {"message": "later"}, Retry_After="120", x_amzn_ErrorType="ServiceUnavailable"
        )
        before = timezone.now()
        found = work(dispatch)
        assert (found.state, found.due, found.failed, found.uncertain) == ("running", 20, 0, 0)
        state = ServerState.objects.get()
        assert (state.set_aside_until - before).total_seconds() > 100
        assert not Message.objects.filter(attempts__gt=0).exists(), "no attempt was used"
