"""The group is asked again when a letter leaves: who left it gets nothing (INV-25)."""

import pytest
from django.utils import timezone

from akkoord.datamap.ids import uuid7
from akkoord.delivery.smtp import SmtpPool
from akkoord.delivery.tests.smtp_server import smtp_server
from akkoord.messages.deliver import run_dispatch
from akkoord.messages.dispatch import start_dispatch
from akkoord.messages.fan_out import fan_out
from akkoord.messages.models import Dispatch, Message
from akkoord.messages.queries import dispatch_figures
from akkoord.messages.tests.factories import make_many, make_organisation, make_source, make_topic
from akkoord.people.models import ContactPoint, Person
from akkoord.register.models import ActivityField, Purpose
from akkoord.segments.actions import create_group, revise_group
from akkoord.segments.models import Group
from akkoord.trail.actions import Actor

pytestmark = pytest.mark.django_db(transaction=True)
DUTCH = 'language is "nl"'


@pytest.fixture
def topic() -> Purpose:
    make_organisation()
    topic = make_topic()
    make_many(4, topic)
    return topic


def fanned_out(topic: Purpose, segment: str) -> Dispatch:
    dispatch = start_dispatch(
        purpose=topic,
        source=make_source(),
        segment=segment,
        approved_by=None,
        at=timezone.now(),
    )
    assert fan_out(dispatch.id)
    assert Message.objects.filter(dispatch=dispatch, state="due").count() == 4
    return dispatch


def delivered(dispatch: Dispatch) -> set[str]:
    with smtp_server() as server:
        pool = SmtpPool(server.url, connections=2)
        try:
            run_dispatch(dispatch.id, worker_id=uuid7(), transport=pool)
        finally:
            pool.close()
        return {recipient.strip("<>") for _sender, recipient, _content in server.accepted}


def test_who_leaves_the_group_between_fan_out_and_dispatch_gets_nothing(topic: Purpose) -> None:
    dispatch = fanned_out(topic, DUTCH)
    leaver = ContactPoint.objects.get(value="p2@example.nl")
    Person.objects.filter(id=leaver.person_id).update(language="en")
    assert delivered(dispatch) == {f"p{number}@example.nl" for number in (0, 1, 3)}
    figures = dispatch_figures(dispatch.id)
    assert (figures.sent, figures.skipped) == (3, {"left-group": 1})
    message = Message.objects.get(contact_point_id=leaver.id)
    assert (message.state, message.evidence_id, message.handing_at) == ("skipped", None, None)


def test_a_saved_group_is_asked_as_it_is_at_that_moment(topic: Purpose) -> None:
    now, by = timezone.now(), Actor.system()
    group = create_group(purpose=topic, name="Dutch", text=DUTCH, at=now, actor=by)
    dispatch = fanned_out(topic, 'in group "Dutch"')
    text = DUTCH + ' and email starts with "p1"'
    revise_group(group_id=group.id, name="Dutch", text=text, version=1, at=now, actor=by)
    assert delivered(dispatch) == {"p1@example.nl"}


def test_without_a_group_nobody_leaves_one(topic: Purpose) -> None:
    dispatch = fanned_out(topic, "")
    Person.objects.update(language="en")
    assert len(delivered(dispatch)) == 4


@pytest.mark.parametrize("what", ["field", "group"])
def test_inv31_a_group_that_may_not_be_asked_any_more_pauses_the_run(
    topic: Purpose, what: str
) -> None:
    create_group(purpose=topic, name="Dutch", text=DUTCH, at=timezone.now(), actor=Actor.system())
    dispatch = fanned_out(topic, 'in group "Dutch"')
    if what == "field":
        ActivityField.objects.filter(field__key="language").update(ended_at=timezone.now())
    else:
        Group.objects.update(ended_at=timezone.now())
    assert delivered(dispatch) == set()
    dispatch.refresh_from_db()
    code = {"field": "field-outside-purpose", "group": "unknown-group"}[what]
    assert (dispatch.state, dispatch.pause_reason) == ("paused", code)
    assert Message.objects.filter(dispatch=dispatch, state="due").count() == 4
