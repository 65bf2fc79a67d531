"""Append-only, sealing, verification and proofs, on changes as the evented table."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from akkoord.datamap.ids import uuid7
from akkoord.trail import ledger
from akkoord.trail.erase import blank_changes, erasing
from akkoord.trail.journal import head_file, note_head
from akkoord.trail.models import Blanking, Block, Change, Leaf, Unsealed
from akkoord.trail.proof import ProofRefused, proof_of
from akkoord.trail.seal import seal
from akkoord.trail.tests.factories import AT, make_change, make_changes
from akkoord.trail.verify import verify

pytestmark = pytest.mark.django_db
CHECKER = Path(__file__).parents[1] / "check_proof.py"


@contextmanager
def triggers_off() -> Iterator[None]:
    """What an attacker with the database's own rights would do first."""
    execute("SET LOCAL session_replication_role = replica")
    yield
    execute("SET LOCAL session_replication_role = origin")


def execute(sql: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def faults() -> set[tuple[str, str]]:
    return {(each.event, each.fault) for each in verify().faults}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE trail_change SET action = 'person.erase'",
        "UPDATE trail_change SET commitment = '\\x00'",
        "UPDATE trail_change SET subject_id = NULL, salt = NULL",
        "DELETE FROM trail_change",
        "TRUNCATE trail_change",
        "UPDATE trail_leaf SET position = 7",
        "DELETE FROM trail_leaf",
        "TRUNCATE trail_leaf",
        "UPDATE trail_block SET size = 7",
        "DELETE FROM trail_block",
        "TRUNCATE trail_block",
        "DELETE FROM trail_blanking",
    ],
)
def test_inv06_plain_sql_cannot_change_history(statement: str) -> None:
    make_change(subject=uuid7())
    seal(AT)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        execute(statement)
    assert verify().ok


@pytest.mark.parametrize(
    "act",
    [
        lambda: Change.objects.update(action="x"),
        lambda: Change.objects.all().delete(),
        lambda: Change.objects.get().delete(),
        lambda: Change.objects.get().save(),
        lambda: Leaf.objects.all().delete(),
        lambda: Block.objects.update(size=3),
    ],
)
def test_inv06_orm_cannot_change_history(act: Callable[[], object]) -> None:
    make_change()
    seal(AT)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        act()


def test_inv45_database_makes_the_commitment_itself() -> None:
    change = Change.objects.get(
        pk=Change.objects.create(
            at=AT, actor_kind="system", action="x", object_kind="y", commitment=b"forged"
        ).pk
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT trail_change_content(c) FROM trail_change c")
        content = cursor.fetchone()[0]
    assert content[0] == 1
    assert change.id.bytes in content
    assert b"trail_change" in content
    assert len(change.salt) == 16
    assert bytes(change.commitment) == sha256(bytes(change.salt) + content).digest()


def test_sealing_takes_all_that_waits_once() -> None:
    changes = make_changes(5)
    block = seal(AT)
    assert block is not None
    assert (block.height, block.size) == (1, 5)
    assert set(Leaf.objects.values_list("event", flat=True)) == {each.id for each in changes}
    assert not Unsealed.objects.exists()
    assert seal(AT) is None
    make_changes(2)
    second = seal(AT)
    assert second is not None
    assert bytes(second.previous_hash) == bytes(block.hash)
    report = verify()
    assert (report.ok, report.events, report.blocks) == (True, 7, 2)


def test_many_events_go_into_several_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("akkoord.trail.seal.LARGEST_BLOCK", 3)
    make_changes(8)
    seal(AT)
    assert list(Block.objects.order_by("height").values_list("size", flat=True)) == [3, 3, 2]
    assert verify().ok


def test_empty_and_waiting_ledgers_are_in_order() -> None:
    assert verify().ok
    make_changes(3)
    report = verify()
    assert (report.ok, report.events, report.blocks) == (True, 3, 0)


def test_inv45_changed_value_names_the_event() -> None:
    _, second, _ = make_changes(3)
    seal(AT)
    with triggers_off():
        execute("UPDATE trail_change SET action = 'person.export' WHERE id = %s", second.id)
    assert faults() == {(str(second.id), "content-changed")}
    with triggers_off():
        execute(
            "UPDATE trail_change c SET commitment = sha256(salt || trail_change_content(c))"
            " WHERE id = %s",
            second.id,
        )
    assert faults() == {(str(second.id), "leaf-changed")}


def test_inv45_forged_event_with_its_leaf_breaks_the_root() -> None:
    _, second, _ = make_changes(3)
    seal(AT)
    with triggers_off():
        execute("UPDATE trail_change SET action = 'x' WHERE id = %s", second.id)
        execute("UPDATE trail_change c SET commitment = sha256(salt || trail_change_content(c))")
        execute(
            "UPDATE trail_leaf l SET hash ="
            " sha256('\\x00'::bytea || uuid_send(c.id) || c.commitment)"
            " FROM trail_change c WHERE c.id = l.event"
        )
    assert faults() == {("block 1", "root-differs")}


def test_inv45_deleted_leaf_is_found() -> None:
    _, second, _ = make_changes(3)
    seal(AT)
    with triggers_off():
        execute("DELETE FROM trail_leaf WHERE event = %s", second.id)
    assert faults() == {
        (str(second.id), "not-sealed"),
        ("block 1", "leaves-missing"),
        ("block 1", "root-differs"),
    }


def test_inv45_deleted_event_is_found() -> None:
    _, second, _ = make_changes(3)
    seal(AT)
    with triggers_off():
        execute("DELETE FROM trail_change WHERE id = %s", second.id)
    assert faults() == {(str(second.id), "event-missing")}


def test_inv45_event_deleted_from_the_queue_is_found() -> None:
    first, second = make_changes(2)
    with triggers_off():
        execute("DELETE FROM trail_change WHERE id = %s", first.id)
    assert faults() == {(str(first.id), "event-missing")}
    execute("DELETE FROM trail_unsealed")
    assert faults() == {(str(second.id), "not-sealed")}


def test_inv45_swapped_leaves_are_found() -> None:
    first, second, _ = make_changes(3)
    seal(AT)
    with triggers_off():
        execute("UPDATE trail_leaf SET position = 1 - position WHERE position < 2")
    assert faults() == {("block 1", "root-differs")}
    with triggers_off():
        execute("UPDATE trail_leaf SET event = %s WHERE event = %s", uuid7(), first.id)
        execute("UPDATE trail_leaf SET event = %s WHERE event = %s", first.id, second.id)
    assert (str(first.id), "leaf-changed") in faults()
    assert (str(second.id), "not-sealed") in faults()


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE trail_block SET root = sha256('') WHERE height = 2", "block-changed"),
        ("UPDATE trail_block SET sealed_at = now() WHERE height = 2", "block-changed"),
        ("UPDATE trail_block SET previous_hash = root WHERE height = 2", "chain-broken"),
        ("DELETE FROM trail_block WHERE height = 2", "block-missing"),
    ],
)
def test_inv45_changed_block_is_found(statement: str, fault: str) -> None:
    for _ in range(3):
        make_changes(2)
        seal(AT)
    with triggers_off():
        execute(statement)
    assert ("block 2", fault) in faults()


def test_inv45_cut_end_is_found(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    for _ in range(2):
        make_changes(2)
        block = seal(AT)
    assert block is not None
    note_head(block)
    assert head_file() is not None
    assert verify().ok
    with triggers_off():
        execute("DELETE FROM trail_block WHERE height = 2")
    assert ("block 2", "leaves-without-block") in faults()
    with triggers_off():
        execute("DELETE FROM trail_change c USING trail_leaf l WHERE l.event = c.id AND block = 2")
        execute("DELETE FROM trail_leaf WHERE block = 2")
    assert faults() == {("head", "ledger-cut")}


def test_inv06_erasure_blanks_and_the_ledger_still_verifies(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    person, run = uuid7(), uuid7()
    change = make_change(subject=person)
    make_changes(2)
    before = bytes(Change.objects.get(pk=change.pk).commitment)
    seal(AT)
    assert blanked([person], run) == 1
    change.refresh_from_db()
    assert (change.subject_id, change.object_id, change.salt) == (None, None, None)
    assert bytes(change.commitment) == before
    assert Blanking.objects.get().run == run
    assert faults() == {(str(change.id), "blanked-without-erasure")}
    monkeypatch.setattr(ledger, "_erasure_checks", [lambda runs: runs & {run}])
    assert verify().ok
    assert proof_of(change.id)["content"] is None


def blanked(people: list[UUID], run: UUID) -> int:
    with erasing(run):
        return blank_changes(people, run)


def test_inv06_blanking_before_sealing_keeps_the_leaf(monkeypatch: pytest.MonkeyPatch) -> None:
    person = uuid7()
    make_change(subject=person)
    blanked([person], uuid7())
    monkeypatch.setattr(ledger, "_erasure_checks", [lambda runs: runs])
    seal(AT)
    assert verify().ok


@pytest.mark.parametrize(
    "assignment",
    [
        "action = 'x', salt = NULL",
        "subject_id = NULL",
        "salt = NULL",
        "salt = NULL, subject_id = NULL, object_id = gen_random_uuid()",
        "salt = NULL, subject_id = NULL, object_id = NULL, commitment = ''",
    ],
)
def test_inv06_erasure_blanks_all_and_changes_nothing(assignment: str) -> None:
    make_change(subject=uuid7())
    with pytest.raises(DatabaseError, match="erasure blanks"), erasing(uuid7()):
        execute(f"UPDATE trail_change SET {assignment}")


def test_inv06_door_closes_after_erasure() -> None:
    person = uuid7()
    make_change(subject=person)
    make_change()
    blanked([person], uuid7())
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        execute("UPDATE trail_change SET salt = NULL")


def test_inv45_higher_rooms_add_their_own_faults(monkeypatch: pytest.MonkeyPatch) -> None:
    fault = ledger.Fault("standing", "differs")
    monkeypatch.setattr(ledger, "_verifications", [lambda: [fault]])
    assert verify().faults == (fault,)


def check(proof: dict[str, Any]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-I", str(CHECKER)],
        input=json.dumps(proof),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("size", [1, 2, 3, 5, 6, 7, 8])
def test_inv45_proof_is_checked_without_akkoord(size: int) -> None:
    changes = make_changes(size)
    seal(AT)
    make_changes(1)
    head = seal(AT)
    assert head is not None
    for change in {changes[0].id: changes[0], changes[-1].id: changes[-1]}.values():
        outcome = check(proof_of(change.id))
        assert outcome.returncode == 0, outcome.stderr
        assert bytes(head.hash).hex() in outcome.stdout


@pytest.mark.parametrize(
    ("key", "what"),
    [
        ("event", "content is another event's"),
        ("content", "content was changed"),
        ("commitment", "content was changed"),
        ("path", "not in the tree"),
        ("position", "not in the tree"),
        ("root", "not in the tree"),
        ("head", "ends elsewhere"),
        ("headers", "chain is broken"),
    ],
)
def test_inv45_forged_proof_is_refused(key: str, what: str) -> None:
    changes = make_changes(5)
    seal(AT)
    make_changes(1)
    seal(AT)
    proof = proof_of(changes[2].id)
    forged: dict[str, Any] = {
        "event": str(changes[1].id),
        "content": proof["content"][:-2] + "7f",
        "commitment": "00" * 32,
        "path": proof["path"][::-1],
        "position": 3,
        "root": "00" * 32,
        "head": "00" * 32,
        "headers": [proof["headers"][0], {**proof["headers"][1], "size": 9}],
    }
    outcome = check({**proof, key: forged[key]})
    assert outcome.returncode == 1
    assert what in outcome.stderr


def test_checker_stands_alone_in_forty_lines() -> None:
    lines = CHECKER.read_text().splitlines()
    assert len(lines) <= 40
    assert not any("akkoord." in line or "django" in line for line in lines)


def test_proof_is_refused_with_a_reason() -> None:
    with pytest.raises(ProofRefused, match="unknown-event"):
        proof_of(UUID(int=0))
    waiting = make_change()
    with pytest.raises(ProofRefused, match="not-sealed-yet"):
        proof_of(waiting.id)
