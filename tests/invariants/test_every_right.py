"""The whole way with every right on it: seen, corrected, frozen, taken along, forgotten, cleaned
up, and a backup put back at any moment.

A backup is a mark in the transaction, putting it back is the way back to that mark; what happens
then is the product's own: the journal of nos in its file, and `settle` (INV-36). The format of the
file that `akkoord backup` writes has tests of its own.
"""

import json
from copy import deepcopy
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule, run_state_machine_as_test

from akkoord.consent.actions import lift_restriction, restrict_person
from akkoord.consent.models import PermissionEvent
from akkoord.datamap.holds import HeldByLaw
from akkoord.people.actions import correct_names
from akkoord.people.models import ContactPoint, Person, Purchase
from akkoord.retention.actions import clean_up
from akkoord.retention.holds import lift_hold, put_hold
from akkoord.rights.export import export_document
from akkoord.rights.journal import settle
from akkoord.rights.models import ErasureRun
from akkoord.trail.models import Change
from akkoord.trail.nos import _Waiting, append, forget_journal, mark_known
from tests.invariants.test_whole_way import ADDRESSES, Expected, WholeWay, who

LONG = 70
_KEPT = ("people", "devices", "objected", "tipped", "untippable", "frozen", "held")


class EveryRight(WholeWay):
    """The same shop, and whoever is in its files uses every right that they have."""

    def __init__(self) -> None:
        super().__init__()
        self.held: dict[str, Any] = {}
        self.backup: dict[str, Any] | None = None
        forget_journal()
        mark_known(None)

    @rule(address=who, leaves_out_others=st.booleans())
    def see_and_take_along(self, address: str, leaves_out_others: bool) -> None:
        """Art. 15 and 20: all of theirs, frozen or not, and nobody else's."""
        point = self.point(address)
        if point is None:
            return
        whole, portable = (
            export_document(point.person, at=self.tick(), portable=each, redacted=leaves_out_others)
            for each in (False, True)
        )
        told = json.dumps(whole, default=str)
        assert address in told
        assert not [each for each in ADDRESSES if each != address and each in told]
        rows = {each["store"]: len(each["rows"]) for each in whole["stores"]}
        taken = {each["store"]: len(each["rows"]) for each in portable["stores"]}
        assert all(count <= rows[store] for store, count in taken.items())

    @rule(address=who, name=st.sampled_from(["Anna", "Berend"]))
    def correct(self, address: str, name: str) -> None:
        """Art. 16: at once, also of who is frozen; the trail knows the field, never the value."""
        point = self.point(address)
        if point is None:
            return
        correct_names(
            person_id=point.person_id,
            given_name=name,
            family_name="Wit",
            language="nl",
            at=self.tick(),
            actor=self.owner,
        )
        assert Person.objects.get(id=point.person_id).given_name == name
        told = Change.objects.filter(action="person.correct", subject_id=point.person_id)
        assert not told.filter(fields__contains=[name]).exists()

    @rule(address=who)
    def freeze(self, address: str) -> None:
        """INV-38: kept and not used; whatever else happens meanwhile."""
        point = self.point(address)
        if point is None:
            return
        restrict_person(person_id=point.person_id, actor=self.owner, at=self.tick())
        self.frozen.add(address)
        self.nos.append(("freeze", address))

    @rule(address=who)
    def use_again(self, address: str) -> None:
        """Art. 18(3): what they said before counts as it did."""
        point = self.point(address)
        if point is None:
            return
        lift_restriction(person_id=point.person_id, actor=self.owner, at=self.tick())
        self.frozen.discard(address)
        self.nos.append(("use-again", address))

    @rule(address=who)
    def keep_for_a_claim(self, address: str) -> None:
        """Art. 17(3)(e): nothing of them goes until the hold is lifted."""
        point = self.point(address)
        if point is None:
            return
        if address in self.held:
            lift_hold(hold_id=self.held.pop(address), at=self.tick(), actor=self.owner)
            return
        hold = put_hold(
            person_id=point.person_id, reason="Zaak 7", at=self.tick(), actor=self.owner
        )
        self.held[address] = hold.id

    def forget_them(self, address: str) -> None:
        """INV-35; who is held stays as they were."""
        if address not in self.held:
            super().forget_them(address)
            return
        with pytest.raises(HeldByLaw), transaction.atomic():
            super().forget_them(address)
        assert self.point(address) is not None

    @rule(days=st.sampled_from([5, LONG]))
    def clean_up_for_two_nights(self, days: int) -> None:
        """INV-39, 44: who asked and never confirmed goes, with nothing left; who said yes, is
        frozen or is held stays; a no outlives its person."""
        self.now += timedelta(days=days)
        points = {each: self.point(each) for each in ADDRESSES}
        silent = {
            address
            for address, point in points.items()
            if point is not None
            and not PermissionEvent.objects.filter(person_ref=point.person_id)
            .exclude(state="requested")
            .exists()
            and not Purchase.objects.filter(person_id=point.person_id).exists()
        }
        clean_up(at=self.tick())
        clean_up(at=self.tick())  # whose request ended in the first night is judged in the second
        assert not ErasureRun.objects.exclude(state=ErasureRun.State.CLEAN).exists()
        gone = {each for each in ADDRESSES if points[each] is not None and not self.point(each)}
        stays = self.frozen | set(self.held)
        assert gone.isdisjoint(stays | self.reached())
        if days == LONG:
            assert silent - stays <= gone
            self.backup = None  # older than the journal reaches back: that is refused (`too-old`)
        for address in gone:
            self.people[address].asked = False
            self.drop_devices_of(address)

    @rule()
    def make_a_backup(self) -> None:
        """The stand of this moment, to come back to."""
        self._write_journal()
        if self.backup is not None:
            transaction.savepoint_commit(self.backup["mark"])
        kept = {name: deepcopy(getattr(self, name)) for name in _KEPT if name != "devices"}
        devices = {name: (each.may, each.owner, each.since) for name, each in self.devices.items()}
        self.nos = []
        self.backup = {"kept": kept, "devices": devices, "mark": transaction.savepoint()}

    @precondition(lambda self: self.backup is not None)
    @rule()
    def put_the_backup_back(self) -> None:
        """INV-36: whoever said no, was frozen or was forgotten since is so again, before anything
        is sent; every yes since is lost, for nobody can show it any more."""
        assert self.backup is not None
        self._write_journal()
        transaction.savepoint_rollback(self.backup["mark"])
        settled = settle(at=self.tick(), is_put_back=True)
        assert (settled.hits, settled.locked) == (0, "")
        self.events = PermissionEvent.objects.count()
        for name, value in deepcopy(self.backup["kept"]).items():
            setattr(self, name, value)
        for name, (may, owner, since) in self.backup["devices"].items():
            device = self.devices[name]
            device.may, device.owner, device.since = may, owner, since
        for kind, whom in self.nos:
            self._say_again(kind, whom)
        forgotten = {whom for kind, whom in self.nos if kind == "forget"}
        assert not ContactPoint.objects.filter(normalised__in=forgotten).exists()

    def _say_again(self, kind: str, whom: str) -> None:
        """What the law says of a no that was said after the backup."""
        if kind in ("stop-push", "take-off"):
            device = self.devices[whom]
            if kind == "stop-push" and device.owner:
                self.drop_devices_of(device.owner)
            device.may, device.owner = False, "" if kind == "take-off" else device.owner
            return
        person = self.people[whom]
        if kind == "freeze" and self.point(whom) is not None:
            self.frozen.add(whom)
        elif kind == "use-again":
            self.frozen.discard(whom)
        elif kind == "forget":
            self.people[whom] = Expected(out=True)
            self.held.pop(whom, None)
            self.frozen.discard(whom)
        elif kind in ("withdraw", "object", "tip"):
            out = person.out or kind != "withdraw"
            self.people[whom] = Expected(said_no=True, out=out, asked=person.asked)
        if kind in ("object", "forget", "tip"):
            self.untippable.add(whom)
        if kind in ("object", "forget"):
            self.drop_devices_of(whom)

    @staticmethod
    def _write_journal() -> None:
        """What a commit would write down now."""
        for _savepoints, function, *_more in connection.run_on_commit:
            if isinstance(function, _Waiting):
                append(function.entries)
                function.entries.clear()


@pytest.fixture
def own_folder(settings: Any, tmp_path: Path) -> Path:
    """A data folder of this test's own, for its journal; with the tests' keys."""
    (tmp_path / "keys").symlink_to(Path(settings.DATA_DIR) / "keys")
    settings.DATA_DIR = tmp_path
    return tmp_path


@pytest.mark.django_db
def test_inv36_what_was_said_after_the_backup_is_said_again(own_folder: Path) -> None:
    """One walk with all of it, the same every time: who was here, and who came after the backup."""
    assert own_folder.is_dir()
    way = EveryRight()
    ann, bo, cas = ADDRESSES

    def then(verb: str, *values: Any) -> None:
        getattr(way, verb)(*values)
        way.the_gate_says_what_the_law_says()

    try:
        for address in (ann, bo):
            then("import_with_proof", address)
        then("allow_push", "phone")
        then("put_beside", "phone", bo)
        then("correct", bo, "Anna")
        then("make_a_backup")
        then("import_with_proof", cas)
        then("withdraw_by_link", cas)  # nobody of before the backup
        then("freeze", ann)
        then("see_and_take_along", ann, True)
        then("stop_push", "phone")
        then("withdraw_by_link", bo)
        then("sign_up", bo)
        then("confirm", bo)  # a yes after the backup is lost with it
        then("put_the_backup_back")
        assert way.reached() == set()
        for address in ADDRESSES:
            then("import_with_proof", address)
        then("use_again", ann)
        assert way.reached() == {ann}
        then("make_a_backup")
        then("keep_for_a_claim", ann)
        then("forget_them", ann)
        then("keep_for_a_claim", ann)
        then("forget_them", ann)
        then("put_the_backup_back")
        then("put_the_backup_back")  # the same one again
        then("import_with_proof", ann)
        then("sign_up", ann)
        then("clean_up_for_two_nights", LONG)
        assert way.reached() == set()
    finally:
        way.teardown()


@pytest.mark.django_db
def test_inv35_inv36_inv38_inv39_inv44_whole_way_with_every_right(
    own_folder: Path,
) -> None:
    """Random orders of everything that can happen, rights, clean-ups and backups among it."""
    assert own_folder.is_dir()
    machine: Any = EveryRight
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=5,
            # The steps of a failure are short enough as they are; to shrink them takes minutes.
            phases=(Phase.explicit, Phase.reuse, Phase.generate),
            stateful_step_count=16,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
