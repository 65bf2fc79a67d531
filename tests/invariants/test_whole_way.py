"""The whole way as a state machine: import, paper, a sale, sign up, confirm, push, a friend's tip,
withdraw, object, send, forget.

Whatever order things happen in, the invariants of law.md hold. Beside the product runs a model of
a few lines: who may be reached, by the law's words and not by the product's code.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from akkoord.accounts.actions import create_staff
from akkoord.consent.actions import (
    ConsentRefused,
    EvidenceGrant,
    ShownAtSale,
    SignUpFacts,
    confirm_sign_up,
    declare_wording,
    object_to_marketing,
    open_place,
    record_evidence_grant,
    request_sign_up,
    show_place,
    withdraw,
)
from akkoord.consent.device_link import link_device
from akkoord.consent.devices import PushFacts, Subscription, allow_push, device_of
from akkoord.consent.evidence import Proof
from akkoord.consent.models import PermissionEvent, SignUp
from akkoord.consent.push_pages import PushPageFacts, create_push_page, publish_push_page
from akkoord.consent.tests.factories import (
    PDF,
    make_form,
    make_organisation,
    make_topic,
    version_of,
)
from akkoord.consent.tokens import confirmation_link
from akkoord.consent.withdraw import take_off_device
from akkoord.datamap.keys import keyed_hash
from akkoord.delivery.handover import send_one
from akkoord.delivery.models import OutboxMail
from akkoord.delivery.tests.push_service import Browser
from akkoord.delivery.transports import MemoryTransport
from akkoord.imports.actions import ImportOrder, import_file
from akkoord.imports.invoices import SalesOrder, import_sales
from akkoord.imports.tests import ubl_samples
from akkoord.insight.demo_texts import TELL_A_FRIEND
from akkoord.law.message_kinds import MessageKind
from akkoord.law.states import Channel, Method
from akkoord.messages.deliver import run_dispatch
from akkoord.messages.dispatch import start_dispatch
from akkoord.messages.models import Message
from akkoord.messages.tests.factories import make_source
from akkoord.messages.tests.test_push import make_push
from akkoord.people.actions import PersonFacts, add_person
from akkoord.people.models import ContactPoint, PushDevice
from akkoord.people.queries import living_point
from akkoord.permission.queries import ask, audience
from akkoord.referrals.actions import TipFacts, look_at_tip, save_programme, send_tip, want_none
from akkoord.register.customers import allow_customers, enter_product_group
from akkoord.rights.forget import forget
from akkoord.trail.actions import Actor
from akkoord.trail.seal import seal
from akkoord.trail.verify import verify

START = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
ADDRESSES = ("ann@example.nl", "bo@example.nl", "cas@example.org")
FRIEND = "vriend@example.org"
HEADER = "Email Address,First Name,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,LEID"
DEVICES = ("phone", "laptop")
who = st.sampled_from(ADDRESSES)
which = st.sampled_from(DEVICES)


@dataclass
class Expected:
    """What the law says of one address, kept apart from the product."""

    may: bool = False
    said_no: bool = False  # withdrew or objected since the last yes of their own
    out: bool = False  # objected or forgotten: others' words never bring them back
    asked: bool = False  # a sign-up waits for its confirmation
    is_new: bool = False  # the waiting sign-up came after the last no


@dataclass
class Device:
    """A browser, whether it may get push, and beside whose mailbox it stands."""

    browser: Browser
    may: bool = False
    owner: str = ""
    since: datetime = START


class WholeWay(RuleBasedStateMachine):
    """One shop, one topic, three addresses."""

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        make_organisation()
        self.topic = make_topic(channels=("email", "push"))
        self.form = make_form(self.topic)
        self.staff = create_staff(
            email="eigenaar@example.nl", name="E", role="owner", password="een lange zin hier"
        )
        self.owner = Actor.staff(self.staff.pk)
        self.card = declare_wording(
            text="Ja, mail mij nieuws.", source="Kaartje", actor=self.owner, at=START
        )
        self.now = START
        self.people = {address: Expected() for address in ADDRESSES}
        page = PushPageFacts(name="Push", topic_ids=(self.topic.id,))
        self.push_page = publish_push_page(
            form_id=create_push_page(facts=page, at=START, actor=Actor.system()).id,
            at=START,
            actor=Actor.system(),
        )[0]
        self.devices = {
            name: Device(Browser(f"https://push.example.com/{name}")) for name in DEVICES
        }
        self.objected: dict[str, datetime] = {}
        self.tipped: set[str] = set()  # had the one mail that a friend may have us send, ever
        self.untippable: set[str] = set()  # objected once, or were forgotten: to all of it
        self._offer_tips(self.owner)
        self.events = self.sales = 0
        self.frozen: set[str] = set()
        self.nos: list[tuple[str, str]] = []  # each no, in order: what no backup may bring back
        self._sell_bicycles(Actor.staff(self.staff.pk))
        self.folder = TemporaryDirectory()

    def _sell_bicycles(self, owner: Actor) -> None:
        """A topic that is also for customers; a till where they can say no, a market stall not."""
        enter_product_group(name="Fietsen", signs=["fiets-"], at=START, actor=owner)
        allow_customers(purpose_id=self.topic.id, product_groups=["Fietsen"], at=START, actor=owner)
        self.topic.refresh_from_db()
        till = open_place(name="Kassa", kind="till", at=START, actor=owner)
        open_place(name="Markt", kind="other", at=START, actor=owner)
        show_place(
            place_id=till.id,
            shown=ShownAtSale(first_day=date(2026, 1, 1), text="Liever niet?", offers_opt_out=True),
            at=START,
            actor=owner,
        )

    def _offer_tips(self, owner: Actor) -> None:
        offer = TELL_A_FRIEND | {"mail_is_on": True, "reward_nl": "", "reward_en": ""}
        save_programme(values=offer, at=START, actor=owner)

    def teardown(self) -> None:
        """The ledger is whole at the end, and nothing of this run stays."""
        try:
            seal(self.now)
            report = verify()
            assert report.ok, report.faults
        finally:
            self.folder.cleanup()
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    def tick(self) -> datetime:
        """Later than everything before."""
        self.now += timedelta(days=2)
        return self.now

    def point(self, address: str) -> ContactPoint | None:
        return living_point(address, Channel.EMAIL)

    def reached(self) -> set[str]:
        """Who may have mail by the law: a yes that counts, and not frozen (INV-38)."""
        return {each for each, known in self.people.items() if known.may} - self.frozen

    def reached_devices(self) -> dict[str, Device]:
        return {
            name: each
            for name, each in self.devices.items()
            if each.may and each.owner not in self.frozen
        }

    @rule(address=who)
    def import_with_proof(self, address: str) -> None:
        """INV-4, 5: a file brings nobody back who said no, objected or was forgotten."""
        at = self.tick()
        path = Path(self.folder.name) / "people.csv"
        then = (at - timedelta(days=1)).strftime("%Y-%m-%d %H:%M:%S")
        path.write_text(f"{HEADER}\n{address},Ann,{then},84.1.2.3,{then},84.1.2.3,1\n")
        import_file(
            path,
            order=ImportOrder(file_name="people.csv", wording="Ja, mail mij nieuws."),
            at=at,
            actor=Actor.staff(self.staff.pk),
        )
        person = self.people[address]
        if not person.said_no and not person.out:
            person.may = True

    @rule(address=who, was_seen=st.booleans())
    def buy(self, address: str, was_seen: bool) -> None:
        """INV-4, 5, 15, 35: a sale carries mail with what was seen there, and lifts no no; after an
        erasure it is recorded, without marketing."""
        at = self.tick()
        self.sales += 1
        invoice = ubl_samples.invoice(
            f"F{self.sales}",
            day=(at - timedelta(days=1)).date().isoformat(),
            customer=ubl_samples.consumer(mail=address),
            seller="Fietsen Jansen",
        )
        import_sales(
            BytesIO(invoice),
            order=SalesOrder(file_name="f.xml", place_slug="kassa" if was_seen else "markt"),
            at=at,
            actor=Actor.staff(self.staff.pk),
        )
        person = self.people[address]
        if was_seen and not person.said_no and not person.out:
            person.may = True

    @rule(address=who, is_fresh=st.booleans())
    def sign_paper(self, address: str, is_fresh: bool) -> None:
        """INV-4, 5, 7, 35: a signed card with its scan counts from the day it was signed; only one
        of after the no, or after the erasure, brings somebody back."""
        at, person = self.tick(), self.people[address]
        signed = at - timedelta(hours=1) if is_fresh else START - timedelta(days=30)
        counts = is_fresh or not (person.said_no or person.out)
        try:
            with transaction.atomic():
                point = self.point(address) or add_person(
                    facts=PersonFacts(email=address, source="staff"), at=at, actor=self.owner
                )
                grant = EvidenceGrant(
                    version=version_of(self.topic),
                    method=Method.PAPER,
                    happened_at=signed,
                    notice=self.card,
                    proof=Proof(scan=PDF),
                )
                record_evidence_grant(point_id=point.id, grant=grant, actor=self.owner, at=at)
        except ConsentRefused:
            assert not counts
            return
        assert counts
        self.people[address] = Expected(may=True, asked=person.asked)
        if is_fresh:
            self.objected.pop(address, None)

    @rule(sender=who)
    def tip_everybody(self, sender: str) -> None:
        """INV-4, 27: one mail ever, to nobody who said no, and nothing of it stays."""
        point = self.point(sender)
        if point is None:
            return
        people = set(ContactPoint.objects.values_list("id", flat=True))
        for friend in (*ADDRESSES, FRIEND):
            if friend != sender:
                self.tip(point, friend)
        assert set(ContactPoint.objects.values_list("id", flat=True)) == people

    def tip(self, point: ContactPoint, friend: str) -> None:
        facts, at = TipFacts(friend=friend, sender_name="Ann"), self.tick()
        _letter, mark = look_at_tip(point=point, facts=facts, language="nl")
        send_tip(point=point, facts=facts, mark=mark, language="nl", ip="", at=at)
        known = self.people.get(friend, Expected())
        may_have = not (friend in self.tipped | self.untippable or known.said_no)
        mails = list(OutboxMail.objects.filter(kind=MessageKind.TELL_A_FRIEND, recipient=friend))
        assert len(mails) == may_have
        for mail in mails:
            send_one(mail.id, transport=MemoryTransport(), at=at)
            self.tipped.add(friend)
        assert not OutboxMail.objects.filter(recipient=friend, kind="tell-a-friend").exists()

    @rule(address=who)
    def want_no_tip_ever(self, address: str) -> None:
        """INV-4, 34: the way out of a friend's mail is an objection, whoever we know there."""
        want_none(keyed_hash=keyed_hash(address), at=self.tick())
        self.nos.append(("tip", address))
        self.people[address] = Expected(said_no=True, out=True, asked=self.people[address].asked)
        self.untippable.add(address)

    @rule(address=who)
    def sign_up(self, address: str) -> None:
        """INV-13: a request alone sends nothing."""
        try:
            request_sign_up(
                collection_point=self.form,
                facts=SignUpFacts(email=address, version_ids=(version_of(self.topic).id,)),
                at=self.tick(),
            )
        except ConsentRefused:
            return
        self.people[address].asked = True

    @rule(address=who)
    def confirm(self, address: str) -> None:
        """INV-5: the person's own fresh act, and nothing else, lifts a no."""
        point = self.point(address)
        if point is None or not self.people[address].asked:
            return
        waiting = SignUp.objects.filter(contact_point=point, state="waiting").last()
        if waiting is None or waiting.expires_at <= self.now + timedelta(days=2):
            return
        token = confirmation_link(waiting.id).rstrip("/").rpartition("/")[2]
        confirm_sign_up(token, at=self.tick())
        self.objected.pop(address, None)
        self.people[address] = Expected(may=True)

    @rule(address=who)
    def withdraw_by_link(self, address: str) -> None:
        """INV-25, 34: at once, without asking who."""
        point = self.point(address)
        if point is None:
            return
        withdraw(
            point_id=point.id,
            purpose_id=self.topic.id,
            method=Method.ONE_CLICK,
            actor=Actor.person(),
            at=self.tick(),
        )
        self.nos.append(("withdraw", address))
        self.people[address] = Expected(said_no=True, out=self.people[address].out)

    @rule(address=who)
    def object_at_the_counter(self, address: str) -> None:
        """INV-4, 34: entered by staff, with the person's own authority."""
        point = self.point(address)
        if point is None:
            return
        object_to_marketing(
            person_id=point.person_id,
            method=Method.STAFF,
            actor=Actor.staff(self.staff.pk),
            at=self.tick(),
        )
        self.nos.append(("object", address))
        self.people[address] = Expected(said_no=True, out=True)
        self.untippable.add(address)
        self.objected[address] = self.now
        self.drop_devices_of(address)

    @rule(address=who)
    def forget_them(self, address: str) -> None:
        """INV-35: nothing is left, and the certificate says so."""
        point = self.point(address)
        if point is None:
            return
        certificate = forget(
            person_id=point.person_id,
            by="person",
            actor=Actor.person(),
            at=self.tick(),
        )
        assert certificate.run.hits == 0, certificate
        assert not ContactPoint.objects.filter(normalised=address).exists()
        self.nos.append(("forget", address))
        self.people[address] = Expected(out=True)
        self.frozen.discard(address)
        self.untippable.add(address)
        self.objected.pop(address, None)
        self.drop_devices_of(address)

    def drop_devices_of(self, address: str) -> None:
        """What the person decided takes the devices beside their mailbox along."""
        for device in self.devices.values():
            if device.owner == address:
                device.may, device.owner = False, ""

    def device_point(self, device: Device) -> ContactPoint | None:
        found = device_of(device.browser.endpoint, device.browser.keys["auth"])
        return found.contact_point if found else None

    @rule(name=which)
    def allow_push(self, name: str) -> None:
        """INV-9, 12: a yes in the browser, for push alone and for this device."""
        device = self.devices[name]
        if not device.may:
            device.since = self.tick()
        facts = PushFacts(
            Subscription.read(device.browser.endpoint, **device.browser.keys),
            tuple(self.push_page.purpose_version_ids),
        )
        allow_push(shown=self.push_page, facts=facts, at=self.now)
        device.may = True

    @rule(name=which)
    def stop_push(self, name: str) -> None:
        """INV-25, 34: at once; the keys go with the last yes, on all devices of the person."""
        device = self.devices[name]
        point = self.device_point(device)
        if point is None:
            return
        withdraw(
            point_id=point.id,
            purpose_id=self.topic.id,
            method=Method.BROWSER,
            actor=Actor.person(),
            at=self.tick(),
        )
        self.nos.append(("stop-push", name))
        if device.owner:
            self.drop_devices_of(device.owner)
        device.may = False

    @rule(name=which)
    def take_off(self, name: str) -> None:
        """INV-25, 34: in the preference centre one device goes alone; another's is left alone."""
        device = self.devices[name]
        point = self.device_point(device)
        if point is None or not device.owner:
            return
        mailbox = self.point(device.owner)
        assert mailbox is not None
        at = self.tick()
        assert not take_off_device(point_id=point.id, person_id=uuid4(), at=at)
        assert take_off_device(point_id=point.id, person_id=mailbox.person_id, at=at)
        self.nos.append(("take-off", name))
        device.may, device.owner = False, ""

    @rule(name=which, address=who)
    def put_beside(self, name: str, address: str) -> None:
        """INV-4, 12: linking gives nothing; an objection after the yes counts here too."""
        device, mailbox = self.devices[name], self.point(address)
        point = self.device_point(device)
        if point is None or mailbox is None:
            return
        linked = link_device(device_id=point.id, mailbox_id=mailbox.id, at=self.tick())
        assert linked == (device.owner in ("", address))
        if linked:
            device.owner = address
            if self.objected.get(address, START) > device.since:
                device.may, device.owner = False, ""

    @rule()
    def send_push(self) -> None:
        """INV-1, 12: each device that may, once; nobody by mail."""
        dispatch = start_dispatch(
            purpose=self.topic,
            source=make_push(),
            segment="",
            approved_by=None,
            at=self.tick(),
        )
        transport = MemoryTransport()
        at = self.tick()
        run_dispatch(dispatch.id, worker_id=uuid4(), transport=transport, clock=lambda: at)
        handed = [outgoing.recipient for outgoing, _content in transport.handed_over]
        reached = self.reached_devices()
        assert sorted(handed) == sorted(each.browser.endpoint for each in reached.values())
        for outgoing, content in transport.handed_over:
            device = next(
                each for each in reached.values() if each.browser.endpoint == outgoing.recipient
            )
            assert b"Winterbanden" in device.browser.open(content)

    @rule(leaving=st.none() | who)
    def send(self, leaving: str | None) -> None:
        """INV-1, 25: who leaves between the press and the post gets nothing."""
        dispatch = start_dispatch(
            purpose=self.topic, source=make_source(), segment="", approved_by=None, at=self.tick()
        )
        if leaving:
            self.withdraw_by_link(leaving)
        transport = MemoryTransport()
        at = self.tick()
        run_dispatch(dispatch.id, worker_id=uuid4(), transport=transport, clock=lambda: at)
        expected = self.reached()
        handed = [outgoing.recipient for outgoing, _content in transport.handed_over]
        reached = set(handed)
        assert reached == expected
        assert len(handed) == len(reached)  # nobody twice
        sent = Message.objects.filter(dispatch=dispatch, state="sent")
        proofs = set(sent.values_list("evidence_id", flat=True))
        assert None not in proofs
        assert PermissionEvent.objects.filter(id__in=proofs).count() == len(proofs)

    @invariant()
    def the_gate_says_what_the_law_says(self) -> None:
        """INV-1, 2, 5, 11, 13: for everybody, at every moment, as a set and one by one."""
        reached = set(
            audience(self.topic, Channel.EMAIL, at=self.now).values_list("normalised", flat=True)
        )
        assert reached == self.reached()
        devices = audience(self.topic, Channel.PUSH, at=self.now)
        assert set(devices.values_list("device__endpoint", flat=True)) == {
            each.browser.endpoint for each in self.reached_devices().values()
        }
        assert PushDevice.objects.count() == sum(each.may for each in self.devices.values())
        for address in ADDRESSES:
            point = self.point(address)
            if point is not None:
                answer = ask([point.id], self.topic, Channel.EMAIL, at=self.now)[point.id]
                assert answer.allowed == (address in self.reached())
                assert answer.allowed or answer.reason is not None

    @invariant()
    def history_only_grows(self) -> None:
        """INV-6."""
        count = PermissionEvent.objects.count()
        assert count >= self.events
        self.events = count


@pytest.mark.django_db
def test_inv01_inv02_inv04_inv05_inv06_inv12_inv13_inv15_inv25_inv27_inv34_inv35_whole_way() -> (
    None
):
    """Random orders of everything that can happen."""
    machine: Any = WholeWay
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=8,
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
