"""A no holds everywhere, as a state machine: addresses change hands, topics come later, links wait.

Beside the product runs a model of a few lines that knows people, not tables. Whatever order things
happen in, who may be reached is what the model says.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from akkoord.consent.actions import (
    ConsentRefused,
    Fact,
    SignUpFacts,
    change_address,
    confirm_sign_up,
    object_to_marketing,
    record_event,
    request_sign_up,
)
from akkoord.consent.forms_publishing import preference_point
from akkoord.consent.models import SignUp
from akkoord.consent.rebuild import standing_faults
from akkoord.consent.tests.factories import (
    STAFF,
    make_form,
    make_notice,
    make_organisation,
    make_topic,
    version_of,
)
from akkoord.consent.tokens import confirmation_link, read_withdrawal, withdrawal_link
from akkoord.consent.withdraw import stop_by_link
from akkoord.law.states import Channel, Method, PermissionState
from akkoord.people.models import ContactPoint
from akkoord.people.queries import living_point
from akkoord.permission.queries import audience
from akkoord.register.models import Purpose
from akkoord.trail.actions import Actor

START = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
STEP = timedelta(hours=30)  # longer than the pause between two confirmation mails
ADDRESSES = ("ann@example.nl", "bo@example.nl")
TOPICS = ("newsletter", "offers")
where = st.sampled_from(ADDRESSES)
which = st.sampled_from(TOPICS)


@dataclass
class Somebody:
    """What the law says of one person: at which address they live here, and what they chose."""

    yes: set[str] = field(default_factory=set)
    no_at: dict[str, datetime] = field(default_factory=dict)  # since their last yes of their own
    objected_at: datetime | None = None
    lifted: set[str] = field(default_factory=set)

    def says_no(self, topic: str, at: datetime) -> None:
        self.yes.discard(topic)
        self.no_at[topic] = at

    def may(self, topic: str) -> bool:
        return topic in self.yes and (self.objected_at is None or topic in self.lifted)


@dataclass
class Link:
    """A confirmation that waits in somebody's mailbox."""

    sign_up: SignUp
    who: Somebody
    address: str
    topics: set[str]
    asked_at: datetime
    moves_from: str = ""


class NoEverywhere(RuleBasedStateMachine):
    """One shop, two mailboxes, two topics and one that comes later."""

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        make_organisation()
        self.topics = {slug: make_topic(slug) for slug in TOPICS}
        self.form = make_form(*self.topics.values())
        self.notice = make_notice()
        self.now = START
        self.living: dict[str, Somebody] = {}
        self.points: dict[ContactPoint, Somebody] = {}
        self.links: list[Link] = []
        for address in ADDRESSES[:1]:
            self.come_back(address, set(TOPICS))

    def teardown(self) -> None:
        try:
            assert not list(standing_faults())
        finally:
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    def tick(self) -> datetime:
        self.now += STEP
        return self.now

    def remember(self, address: str, somebody: Somebody) -> None:
        point = living_point(address, Channel.EMAIL)
        assert point is not None
        self.points[point] = somebody

    @rule(address=where, topics=st.sets(which, min_size=1))
    def come_back(self, address: str, topics: set[str]) -> None:
        """Sign up, and press the button in the mail."""
        self.sign_up(address, topics)
        own = [each for each in self.links if each.address == address and not each.moves_from]
        self.press(own[-1])

    @rule(address=where, topics=st.sets(which, min_size=1))
    def sign_up(self, address: str, topics: set[str]) -> None:
        at = self.tick()
        outcome = request_sign_up(
            collection_point=self.form,
            facts=SignUpFacts(
                email=address,
                version_ids=tuple(version_of(self.topics[slug]).id for slug in sorted(topics)),
            ),
            at=at,
        )
        assert outcome.sign_up is not None
        # A wish to move to this mailbox gives way to who signs up there.
        self.links = [
            each for each in self.links if not (each.moves_from and each.address == address)
        ]
        somebody = self.living.setdefault(address, Somebody())
        self.remember(address, somebody)
        known = [each for each in self.links if each.sign_up.id == outcome.sign_up.id]
        if not known:
            self.links.append(Link(outcome.sign_up, somebody, address, topics, at))

    @rule(data=st.data())
    def confirm(self, data: st.DataObject) -> None:
        """INV-5, 11: any link that waits, however old, and whatever happened since."""
        if not self.links:
            return
        self.press(data.draw(st.sampled_from(self.links)))

    def press(self, link: Link) -> None:
        self.links.remove(link)
        at = self.tick()
        token = confirmation_link(link.sign_up.id).rstrip("/").rpartition("/")[2]
        confirm_sign_up(token, at=at)
        somebody = link.who
        is_living = self.living.get(link.moves_from or link.address) is somebody
        if at > link.sign_up.expires_at or not is_living:
            return
        fresh = {
            topic
            for topic in link.topics
            if topic not in somebody.no_at or somebody.no_at[topic] < link.asked_at
        }
        if link.moves_from:
            del self.living[link.moves_from]
            self.living[link.address] = somebody
            self.remember(link.address, somebody)
            fresh = {topic for topic in fresh if topic in somebody.yes}
            somebody.yes = fresh
            self.links = [each for each in self.links if each.address != link.moves_from]
        somebody.yes |= fresh
        somebody.lifted |= fresh
        for topic in fresh:
            somebody.no_at.pop(topic, None)

    @rule(data=st.data(), topic=which)
    def press_in_any_mail(self, data: st.DataObject, topic: str) -> None:
        """INV-25, 34: also in a mail to an address that they left."""
        if not self.points:
            return
        point = data.draw(st.sampled_from(sorted(self.points, key=lambda each: each.id)))
        at = self.tick()
        link = withdrawal_link(point_id=point.id, purpose_id=self.topics[topic].id)
        place = read_withdrawal(link.rstrip("/").rpartition("/")[2])
        assert place is not None
        stop_by_link(place, at=at)
        self.points[point].says_no(topic, at)

    @rule(address=where)
    def object(self, address: str) -> None:
        """INV-4: everything, also what comes later."""
        somebody = self.living.get(address)
        if somebody is None:
            return
        at = self.tick()
        point = living_point(address, Channel.EMAIL)
        assert point is not None
        object_to_marketing(person_id=point.person_id, method=Method.STAFF, actor=STAFF, at=at)
        somebody.objected_at, somebody.lifted = at, set()
        for topic in self.topics:
            somebody.says_no(topic, at)

    @rule(old=where, new=where)
    def ask_to_move(self, old: str, new: str) -> None:
        somebody = self.living.get(old)
        if somebody is None or new in self.living:
            return
        at = self.tick()
        point = living_point(old, Channel.EMAIL)
        assert point is not None
        words = preference_point(language="nl", at=at)
        try:
            asked = change_address(
                point_id=point.id, email=new, shown=words, actor=Actor.person(), at=at
            )
        except ConsentRefused:  # somebody else's wish to move there waits
            return
        if asked is None:
            return
        self.links = [each for each in self.links if not (each.moves_from and each.who is somebody)]
        self.links.append(Link(asked, somebody, new, set(somebody.yes), at, moves_from=old))

    @rule(address=where, topic=which | st.just("later"))
    def import_an_old_yes(self, address: str, topic: str) -> None:
        """INV-5: what others say of a yes of before never undoes a no."""
        somebody = self.living.get(address)
        if somebody is None:
            return
        if topic not in self.topics:
            self.topics[topic] = make_topic(topic)
        at = self.tick()
        point = living_point(address, Channel.EMAIL)
        assert point is not None
        record_event(
            point_id=point.id,
            fact=Fact(
                version=version_of(self.topics[topic]),
                state=PermissionState.GIVEN,
                method=Method.IMPORT,
                happened_at=at - timedelta(minutes=1),
                notice=self.notice,
            ),
            actor=STAFF,
            at=at,
        )
        if topic not in somebody.no_at:
            somebody.yes.add(topic)

    @invariant()
    def who_may_be_reached_is_what_the_law_says(self) -> None:
        """INV-1, 2, 4, 5, 11, 13, 25, 34."""
        for slug, topic in self.topics.items():
            reached = set(
                audience(Purpose.objects.get(id=topic.id), Channel.EMAIL, at=self.now).values_list(
                    "normalised", flat=True
                )
            )
            expected = {address for address, each in self.living.items() if each.may(slug)}
            assert reached == expected, (slug, reached, expected)


@pytest.mark.django_db
def test_inv04_inv05_inv11_inv25_inv34_a_no_holds_at_every_address_and_for_topics_to_come() -> None:
    """Random orders of everything that can happen."""
    machine: Any = NoEverywhere
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=12,
            stateful_step_count=20,
            deadline=None,
            phases=(Phase.generate,),  # shrinking a story of a database takes many minutes
            suppress_health_check=list(HealthCheck),
        ),
    )
