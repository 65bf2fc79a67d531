"""`akkoord receipt`: check a receipt of consent, off-line."""

from pathlib import Path

import click

from akkoord.cli.output import answer, json_option, refuse
from akkoord.consent.receipt_check import LARGEST, check_receipt

FAULTS = {
    "no-receipt": "This file is no receipt by ISO/IEC TS 27560 as Akkoord makes it.",
    "notice-text": "The text in the receipt is not the text that its hash names.",
    "commitment": "The content is not what the ledger committed to.",
    "other-event": "The proof is another event's.",
    "leaf": "The leaf is not this event's.",
    "not-in-the-tree": "The event does not stand in the tree of its block.",
    "other-block": "The tree is another block's.",
    "chain": "The chain of blocks is broken.",
    "digest": "Something in the receipt was changed after it was made.",
    "signature": "The signature does not fit the receipt.",
    "other-bytes": "The file was changed, though what it says is the same.",
}
WAITS = "It is whole. It is not sealed yet: download it again after a few minutes."


@click.group(name="receipt")
def command() -> None:
    """Receipts of consent."""


@command.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
def check(file: Path) -> None:
    """Check a receipt without any server; status 1 with the fault when anything was changed."""
    with file.open("rb") as opened:
        verdict = check_receipt(opened.read(LARGEST + 1))
    data = {
        "ok": verdict.ok,
        "sealed": verdict.is_sealed,
        "faults": verdict.faults,
        "head": verdict.head or None,
        "public_key": verdict.public_key or None,
    }
    if not verdict.ok:
        fault = verdict.faults[0]
        told = FAULTS.get(fault, "The receipt tells something else than the ledger does")
        refuse(f"{told} ({fault})", data)
    answer(data, "It is whole, and sealed in the ledger." if verdict.is_sealed else WAITS)
