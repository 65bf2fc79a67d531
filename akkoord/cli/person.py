"""`akkoord person`: everything about one person, the gate's answers, erasure."""

from pathlib import Path
from typing import Any
from uuid import UUID

import click
from django.db import transaction
from django.utils import timezone

from akkoord.cli.forget_list import approve, ask_for
from akkoord.cli.new_file import new_file
from akkoord.cli.output import answer, json_option, refuse, say
from akkoord.cli.recipients import recipient_named
from akkoord.cli.who import staff_at_the_keyboard
from akkoord.datamap.holds import HeldByLaw
from akkoord.people.models import Person
from akkoord.people.queries import person_by_email
from akkoord.permission.queries import explain, first_refusal
from akkoord.register.queries import live_topics
from akkoord.rights.certificate import Certificate
from akkoord.rights.disclosures import hand_over_file
from akkoord.rights.export import export_document, holding_lines
from akkoord.rights.forget import PersonGone, forget
from akkoord.rights.list_models import ErasureList
from akkoord.rights.models import ErasureRun
from akkoord.trail.actions import Actor, record_change


@click.group()
def command() -> None:
    """Everything about one person."""


def _found(email: str) -> Person:
    """The person at this address; status 1 when nobody is."""
    person = person_by_email(email)
    if person is None:
        refuse("Nobody with this e-mail address is kept here.", reason="unknown-person")
    return person


def _note(person: Person, action: str) -> None:
    """Reading is recorded too (INV-45)."""
    record_change(
        actor=Actor.system(),
        action=action,
        object_kind="person",
        object_id=person.id,
        subject_id=person.id,
        at=timezone.now(),
    )


@command.command()
@click.argument("email")
@json_option
def show(email: str) -> None:
    """What is kept of a person, per store, and what an erasure would do with it."""
    person = _found(email)
    _note(person, "person.read")
    answer(
        {
            "id": person.id,
            "name": person.full_name,
            "language": person.language,
            "addresses": [
                {
                    "channel": point.channel,
                    "value": point.value,
                    "verified_at": point.verified_at,
                    "ended_at": point.ended_at,
                }
                for point in person.points.order_by("created_at")
            ],
            "restricted_at": person.restricted_at,
            "judge_by": person.judge_by,
            "kept": holding_lines(person, on=timezone.localdate()),
        }
    )


def _went(person: Person, recipient_id: UUID | None) -> None:
    """Write down that a copy went, and to whom (art. 19, INV-45)."""
    _note(person, "person.export")
    if recipient_id is not None:
        hand_over_file(
            person_id=person.id, recipient_id=recipient_id, at=timezone.now(), actor=Actor.system()
        )


@command.command()
@click.argument("email")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Write the document to this file instead.",
)
@click.option(
    "--for-person",
    is_flag=True,
    help="As the person may have it: without what is about somebody else (art. 15(4)).",
)
@click.option(
    "--portable",
    is_flag=True,
    help="Only what the person provided (art. 20), as the person may have it.",
)
@click.option(
    "--to", "recipient", default="", help="Who gets it: a recipient's key in the register."
)
@json_option
def export(
    email: str, output: Path | None, *, for_person: bool, portable: bool, recipient: str
) -> None:
    """Everything that is kept of a person, as one JSON document.

    What is about somebody else stands in it too; `--for-person` makes the copy of art. 15 and 20.
    """
    import json

    person = _found(email)
    whose = recipient_named(recipient)
    document = export_document(
        person, at=timezone.now(), portable=portable, redacted=for_person or portable
    )
    text = json.dumps(document, ensure_ascii=False, indent=2)
    if output is None:
        _went(person, whose)
        answer(document, text)
        return
    try:
        with new_file(output, f"{text}\n".encode()), transaction.atomic():
            _went(person, whose)
    except OSError as problem:
        refuse(f"{output} could not be written: {problem.strerror}.", reason="disk")
    rows = sum(len(store["rows"]) for store in document["stores"])
    answer({"output": output, "stores": len(document["stores"]), "rows": rows})


@command.command()
@click.argument("email")
@json_option
def permissions(email: str) -> None:
    """Per topic and channel whether the person may be reached, and which rule says so."""
    person = _found(email)
    now = timezone.now()
    _note(person, "person.read")
    found: list[dict[str, Any]] = []
    for topic in live_topics():
        for channel in topic.channels:
            rules = explain(person, topic, channel, at=now)
            refusal = first_refusal(rules)
            found.append(
                {
                    "purpose": topic.slug,
                    "channel": channel,
                    "allowed": refusal is None,
                    "reason": refusal.reason.value if refusal else None,
                    "rules": [
                        {"rule": each.rule, "holds": each.holds, "evidence": each.evidence or None}
                        for each in rules
                    ],
                }
            )
    answer(found, "\n".join(map(_permission_lines, found)))


_YES_NO = {True: "yes", False: "no "}


def _permission_lines(each: dict[str, Any]) -> str:
    """One topic over one way, for people: the answer first, then its rules."""
    told = "yes" if each["allowed"] else f"no ({each['reason']})"
    rules = [
        f"  {_YES_NO[rule['holds']]}  {rule['rule']:<22}{rule['evidence'] or ''}".rstrip()
        for rule in each["rules"]
    ]
    return "\n".join([f"{each['purpose']}, {each['channel']}: {told}", *rules])


@command.command(name="forget")
@click.argument("email", default="")
@click.option(
    "--file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Ask to forget everybody on this list (CSV, Excel); a second person approves.",
)
@click.option("--approve", "reference", default="", help="Approve the list with this reference.")
@click.option(
    "--ground",
    type=click.Choice(ErasureList.Ground.values),
    default=ErasureList.Ground.NOT_NEEDED.value,
    show_default=True,
    help="Why everybody on the list must go.",
)
@click.option("--by", default="", help="For a list: the address of your account.")
@click.option(
    "--password-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="For a list: the password of your account is the first line of this file.",
)
@click.option("--code", default="", help="For a list: the code of your second step.")
@json_option
def forget_command(
    email: str,
    file: Path | None,
    reference: str,
    ground: str,
    by: str,
    password_file: Path | None,
    code: str,
) -> None:
    """Forget a person everywhere, look for them everywhere, and answer the certificate.

    Status 1 when something was still found: then there is no certificate, and the answer says
    where it stands. Or many: with --file a list is made that somebody else approves with --approve.
    """
    if sum(map(bool, (email, file, reference))) != 1:
        raise click.UsageError("Give an e-mail address, --file or --approve: one of the three.")
    if email:
        _forget_one(email)
        return
    actor = staff_at_the_keyboard(by, password_file, code)
    if file is not None:
        ask_for(file, ground=ground, by=actor)
    else:
        approve(reference, by=actor)


def _forget_one(email: str) -> None:
    person = _found(email)
    try:
        certificate = forget(
            person_id=person.id, by=ErasureRun.By.STAFF, actor=Actor.system(), at=timezone.now()
        )
    except PersonGone:
        refuse("Nobody with this e-mail address is kept here.", reason="unknown-person")
    except HeldByLaw as held:
        refuse(
            "This person is held for a legal claim (art. 17(3)(e) GDPR): " + held.holds[0].reason,
            reason="held-for-a-claim",
        )
    if certificate.run.state != ErasureRun.State.CLEAN:
        refuse(
            "The person is erased, but something of them was still found. There is no certificate "
            "until it is gone; Akkoord looks again every ten minutes.",
            _with_findings(certificate),
        )
    say(f"Certificate {certificate.run.reference}.")
    answer(certificate.as_json())


def _with_findings(certificate: Certificate) -> dict[str, Any]:
    """The answer with what was found; the scan's numbers alone do not tell where to look."""
    return {**certificate.as_json(), "found": certificate.run.findings}
