"""A whole letter over two mail servers, by two workers: one dies in the middle, nobody gets two."""

import threading
from collections import Counter

import pytest
from django.db import connection
from django.utils import timezone

from akkoord.datamap.ids import uuid7
from akkoord.delivery.models import ServerState
from akkoord.delivery.tests.smtp_server import DROP, smtp_server
from akkoord.messages import deliver
from akkoord.messages.deliver import run_dispatch
from akkoord.messages.dispatch import start_dispatch
from akkoord.messages.models import Dispatch, Message
from akkoord.messages.queries import dispatch_figures
from akkoord.messages.tests.factories import make_many, make_organisation, make_source, make_topic

pytestmark = pytest.mark.django_db(transaction=True)


def started(count: int) -> Dispatch:
    make_organisation()
    topic = make_topic()
    make_many(count, topic)
    return start_dispatch(
        purpose=topic, source=make_source(), segment="", approved_by=None, at=timezone.now()
    )


def work_together(dispatch: Dispatch, workers: int = 2) -> None:
    problems: list[BaseException] = []

    def work() -> None:
        try:
            run_dispatch(dispatch.id, worker_id=uuid7())
        except BaseException as problem:
            problems.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(90)
    assert not problems


def test_a_server_dies_in_the_middle_and_two_workers_go_on_by_the_other(
    settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliver, "HAND_OVER", 20)

    def until_the_middle(_argument: str, count: int) -> str:
        return "250 2.1.0 ok" if count <= 60 else DROP

    dispatch = started(200)
    with smtp_server() as good, smtp_server(mail=until_the_middle) as dying:
        settings.SMTP_URL = f"{dying.url} {good.url}"  # type: ignore[attr-defined]
        work_together(dispatch)
        Message.objects.filter(state="due").update(due_at=timezone.now())  # its minute is over
        work_together(dispatch)
        found = dispatch_figures(dispatch.id)
        got = Counter(to for server in (good, dying) for _from, to, _content in server.accepted)
        assert set(got.values()) == {1}
        assert found.sent + found.uncertain == 200
        assert found.sent <= len(got) <= found.sent + found.uncertain
        assert found.due == found.claimed == found.failed == 0
        assert dying.accepted
        assert len(good.accepted) >= 100
        assert ServerState.objects.count() == 1


def test_all_servers_gone_the_letter_waits_says_so_and_goes_on(settings: object) -> None:
    dispatch = started(20)
    with smtp_server() as server:
        url = server.url
        settings.SMTP_URL = "smtp://127.0.0.1:1 smtp://127.0.0.1:2"  # type: ignore[attr-defined]
        run_dispatch(dispatch.id, worker_id=uuid7())
        found = dispatch_figures(dispatch.id)
        assert (found.state, found.waits_for, found.due) == ("running", "servers-away", 20)
        assert found.sent == found.uncertain == found.claimed == 0
        settings.SMTP_URL = url  # type: ignore[attr-defined]
        Message.objects.update(due_at=timezone.now())
        run_dispatch(dispatch.id, worker_id=uuid7())
        found = dispatch_figures(dispatch.id)
        assert (found.state, found.sent, found.waits_for) == ("finished", 20, "")
        assert len(server.accepted) == 20
