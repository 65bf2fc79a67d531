"""The dossier for a lawyer, an accountant or the AP: one ZIP that stands on its own (art. 5(2)).

Nobody's data is in it: texts that everybody could read, numbers, dates and codes. `contents.json`
names each file with its SHA-256, so that a file that was changed shows.
"""

import hashlib
import json
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import PurePath
from typing import IO, Any

from django.utils.translation import gettext as _

from akkoord.accounts.queries import members
from akkoord.breaches.papers import figures_csv as leak_figures
from akkoord.breaches.papers import register_csv as leaks_csv
from akkoord.breaches.queries import breaches
from akkoord.checkup.dossier_document import document_files
from akkoord.checkup.dossier_register import Shown, register_files, shown_by_link
from akkoord.checkup.dossier_table import table
from akkoord.checkup.dpia_paper import pdf_of
from akkoord.checkup.models import Answer, Assessment, Screening, Snapshot
from akkoord.checkup.queries import CheckUp, check_up
from akkoord.consent.models import Notice
from akkoord.datamap.attachments import AttachmentGone
from akkoord.policy.models import PolicyVersion
from akkoord.policy.queries import content_of
from akkoord.policy.renderings import as_markdown, stamp
from akkoord.register.companies import contract_of
from akkoord.register.models import Recipient, language_now
from akkoord.register.queries import organisation
from akkoord.retention.models import RetentionRun
from akkoord.retention.run import certificate_file
from akkoord.rights.due_days import due_of
from akkoord.rights.models import RightsRequest
from akkoord.trail.queries import ledger_figures
from akkoord.trail.verify import verify

MOST_TO_VERIFY = 200_000
"""Events up to which the whole chain is verified while the dossier is made; a command does more."""

File = tuple[str, bytes]


def write_for_inspector(out: IO[bytes], at: datetime) -> None:
    """The dossier that a link shows: art. 30(4) and 31 ask for the record, not for contracts.

    Of the register what the link shows: what is published, from then on. Not the check-up either,
    which is what the organisation thinks of itself.
    """
    write_dossier(out, at=at, shown=shown_by_link())


def write_dossier(
    out: IO[bytes], *, at: datetime, with_contracts: bool = False, shown: Shown | None = None
) -> None:
    """Write the dossier as a ZIP; the same words and numbers give the same files.

    `with_contracts`: with the files of contracts, which name who signed: for the owner alone.
    `shown`: for a link, nothing but this of the register and no check-up.
    """
    names: list[dict[str, Any]] = []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _files(at, shown, with_contracts=with_contracts):
            archive.writestr(name, content)
            names.append(
                {
                    "file": name,
                    "bytes": len(content),
                    "sha256": hashlib.sha256(content).hexdigest(),
                }
            )
        house = organisation()
        archive.writestr(
            "contents.json",
            _json(
                {
                    "organisation": house.name if house else "",
                    "made": at.isoformat(),
                    "files": names,
                }
            ),
        )


def _files(at: datetime, shown: Shown | None, *, with_contracts: bool) -> Iterator[File]:
    yield "read-me.txt", _read_me(for_link=shown is not None).encode()
    yield from document_files(at, for_link=shown is not None)
    yield from register_files(shown)
    if with_contracts:
        yield from _contracts()
    yield from _policies()
    yield from _notices()
    yield from _clean_ups()
    yield "requests.csv", _requests()
    if shown:
        yield "leaks.csv", leak_figures(list(breaches()))
    else:
        yield "leaks.csv", leaks_csv(list(breaches()))
        yield from _checkups(check_up(at=at))
    yield from _assessments(shown)
    yield "ledger.json", _json(_ledger())


def _read_me(*, for_link: bool) -> str:
    if for_link:
        return _(
            "What is in here: what is published of the register, as a document, a spreadsheet and "
            "linked data, with its history, every version of the privacy policy, the texts of the "
            "forms, certificates of the clean-ups, requests and leaks as numbers, assessments of "
            "risks (DPIA), and the state of the chain of proof. Nobody's data is in it. "
            "contents.json names every file with its SHA-256."
        )
    return _(
        "What is in here: the register as a document, a spreadsheet and linked data, with its "
        "history, every version of the privacy policy, the texts of the forms, certificates of the "
        "clean-ups, requests and leaks without names, the check-up, assessments of risks (DPIA), "
        "and the state of the chain of proof. Nobody's data is in it. contents.json names every "
        "file with its SHA-256."
    )


def _contracts() -> Iterator[File]:
    """Each contract that was uploaded, once, also of who gets nothing any more (art. 28(3))."""
    seen: set[str] = set()
    for each in Recipient.objects.exclude(contract_path="").order_by("key", "-valid_from"):
        if each.contract_path in seen:
            continue
        seen.add(each.contract_path)
        name = f"contracts/{each.key}-{each.valid_from:%Y-%m-%d}-{len(seen):03}"
        try:
            yield name + PurePath(each.contract_name).suffix, contract_of(each)
        except (AttachmentGone, ValueError):
            yield f"{name}.txt", _("This file is no longer there.").encode()


def _policies() -> Iterator[File]:
    for version in PolicyVersion.objects.order_by("number"):
        for language in ("nl", "en"):
            text = as_markdown(content_of(version, language), stamp(version, language))
            yield f"policy/{version.number:03}.{language}.md", text.encode()


def _notices() -> Iterator[File]:
    """Every text that somebody agreed to, by its hash; words that a file declared stand in it."""
    for each in Notice.objects.order_by("created_at", "id").iterator(chunk_size=500):
        yield (
            f"texts/{each.created_at:%Y-%m-%d}-{each.language}-{each.sha256[:16]}.txt",
            (each.text.encode()),
        )


def _clean_ups() -> Iterator[File]:
    runs = RetentionRun.objects.exclude(certificate=None).order_by("-started_at")
    for run in runs.iterator(chunk_size=200):  # every one: a gap would look like something hidden
        yield f"clean-ups/{run.reference}.json", _json(certificate_file(run))


def _requests() -> bytes:
    """Requests without whose they are: kind, day, answer. Extended: only if told in time."""
    return table(
        ("kinds", "way", "received", "due", "extended", "state", "refusal", "closed"),
        (
            (" ".join(each.kinds), each.channel, each.received_at.date(), each.due_on,
             due if (due := due_of(each)) != each.due_on else "", each.state, each.refusal_ground,
             each.closed_at.date() if each.closed_at else "")
            for each in RightsRequest.objects.order_by("received_at", "id")
        ),
    )  # fmt: skip


def _checkups(found: CheckUp) -> Iterator[File]:
    today = [
        (
            each.duty.value,
            seen.key,
            str(seen.title),
            seen.finding.state.value,
            seen.finding.evidence,
            seen.article,
        )
        for each in found.duties
        for seen in each.seen
    ]
    yield "check-up/today.csv", table(("duty", "key", "point", "state", "seen", "article"), today)
    roles = dict(members().values_list("id", "role"))  # what somebody is here, never their name
    yield (
        "check-up/answers.csv",
        table(
            ("question", "answer", "evidence", "answered", "owner", "review", "replaced"),
            (
                (each.question, each.says, each.evidence, each.answered_at,
                 roles.get(each.owner, "") if each.owner else "", each.review_on, each.replaced_at)
                for each in Answer.objects.order_by("question", "answered_at")
            ),
        ),
    )  # fmt: skip
    yield (
        "check-up/history.csv",
        table(
            ("day", "score"),
            ((each.day, each.score) for each in Snapshot.objects.order_by("day")),
        ),
    )


def _assessments(shown: Shown | None) -> Iterator[File]:
    """Whether each activity needs a DPIA, with every answer, and every decided version."""
    yield (
        "dpia/criteria.csv",
        table(
            ("activity", "version", "needed", "criteria", "listed", "seen", "reason", "made",
             "replaced"),
            (
                (each.activity_key, each.version, each.is_needed, " ".join(each.criteria),
                 " ".join(each.listed), " ".join(each.seen), each.reason, each.made_at,
                 each.replaced_at)
                for each in Screening.objects.order_by("activity_key", "version")
                if shown is None or shown.has(each.activity_key, each.replaced_at)
            ),
        ),
    )  # fmt: skip
    decided = Assessment.objects.exclude(decided_at=None).prefetch_related("risks")
    for each in decided.order_by("activity_key", "version"):
        if shown is not None and not shown.has(each.activity_key, each.replaced_at):
            continue
        yield f"dpia/{each.activity_key}-{each.version:03}.pdf", pdf_of(each, language_now())


def _ledger() -> dict[str, Any]:
    figures = ledger_figures()
    told: dict[str, Any] = {
        "blocks": figures.blocks,
        "sealed": figures.sealed,
        "waiting": figures.waiting,
        "last_sealed": figures.last_sealed_at and figures.last_sealed_at.isoformat(),
    }
    if figures.sealed > MOST_TO_VERIFY:
        told["verified"] = None
        told["how"] = "akkoord ledger verify --json"
    else:
        report = verify()
        told["verified"] = {
            "ok": report.ok,
            "events": report.events,
            "blocks": report.blocks,
            "faults": len(report.faults),
        }
    return told


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=2, default=str).encode()
