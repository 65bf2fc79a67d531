"""`akkoord ledger`: verify, seal and prove what people agreed to."""

import json
from dataclasses import asdict
from uuid import UUID

import click
from django.utils import timezone

from akkoord.cli.output import answer, json_option, refuse
from akkoord.trail.proof import ProofRefused, proof_of
from akkoord.trail.seal import seal as seal_ledger
from akkoord.trail.verify import verify as verify_ledger

WHY_NOT = {
    "unknown-event": "There is no event with this id in the ledger.",
    "not-sealed-yet": "This event waits for its block. Run `akkoord ledger seal` first.",
}


@click.group(name="ledger")
def command() -> None:
    """Verify, seal and prove what people agreed to."""


@command.command()
@json_option
def verify() -> None:
    """Check every block, every leaf and every event; status 1 when anything is wrong."""
    report = verify_ledger()
    data = {
        "ok": report.ok,
        "events": report.events,
        "blocks": report.blocks,
        "faults": [asdict(fault) for fault in report.faults],
    }
    if not report.ok:
        refuse(f"The ledger is not in order: {len(report.faults)} faults.", data)
    answer(data, f"In order: {report.events} events, {report.blocks} blocks.")


@command.command()
@json_option
def seal() -> None:
    """Seal now what waits for its block."""
    block = seal_ledger(timezone.now())
    if block is None:
        answer({"sealed": False, "height": None, "hash": None}, "Nothing waits to be sealed.")
        return
    head = bytes(block.hash).hex()
    answer(
        {"sealed": True, "height": block.height, "hash": head},
        f"Sealed up to block {block.height}: {head}",
    )


@command.command()
@click.argument("event", type=click.UUID)
@json_option
def proof(event: UUID) -> None:
    """The inclusion proof of one event, for `check_proof.py`."""
    try:
        found = proof_of(event)
    except ProofRefused as refusal:
        refuse(WHY_NOT[refusal.reason], reason=refusal.reason)
    answer(found, json.dumps(found, indent=2))
