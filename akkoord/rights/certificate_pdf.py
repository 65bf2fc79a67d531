"""The certificate of an erasure on paper: what the signed file says, in words."""

import base64
import json
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from akkoord.datamap.keys import certificate_public_key
from akkoord.register.queries import organisation
from akkoord.rights.models import ErasureRun
from akkoord.rights.words import end_word, ground_word, store_word
from akkoord.web.documents import typeset
from akkoord.web.templatetags.akkoord import law

_SOURCE = Path(__file__).with_name("print") / "proof.typ"
_KEPT = 32  # papers, of some tens of kilobytes; they name nobody
_ACCENT = "#125c3c"


def certificate_pdf(run: ErasureRun, *, language: str) -> bytes:
    """The certificate of a clean run in the reader's language; every value out of the signed file.

    The signature is over the file, so the paper names it and the key to check it with.
    """
    document: Mapping[str, Any] = run.certificate or {}
    house = organisation()
    with translation.override(language):
        values = {
            "language": language,
            "title": _("Certificate of erasure"),
            "controller": document["organisation"],
            "accent": (house.accent if house else "") or _ACCENT,
            "made": _moment(document["physical"]["done"] or document["scan"]["at"]),
            "page": _("Page"),
            "facts": list(_facts(document)),
            "gone_title": _("What is gone"),
            "gone": [
                [store_word(store), str(rows)] for store, rows in sorted(document["erased"].items())
            ],
            "kept_title": _("What stays, and why"),
            "kept": [[store_word(each["store"]), _kept(each)] for each in document["kept"]],
            "signed_title": _("Signed (Ed25519)"),
            "signature": base64.b64encode(bytes(run.signature or b"")).decode(),
            "key_title": _("The key to check it with"),
            "key": base64.b64encode(certificate_public_key()).decode(),
            "how": _(
                "The signature is over the file with the certificate (JSON), to be had with "
                "the same reference."
            ),
        }
    return _typeset_once(json.dumps(values, ensure_ascii=False, default=str))


@lru_cache(maxsize=_KEPT)
def _typeset_once(values: str) -> bytes:
    """The same words are the same paper: anybody may ask for one, again and again."""
    return typeset(_SOURCE, json.loads(values))


def _facts(document: Mapping[str, Any]) -> list[tuple[str, str]]:
    scan, asked_by = document["scan"], document["asked_by"]
    counted = _("%(tables)s tables, %(columns)s columns, %(files)s files. Nothing was found.") % {
        name: scan[name] for name in ("tables", "columns", "files")
    }
    return [
        (_("Reference"), document["reference"]),
        (_("Asked by"), str(dict(ErasureRun.By.choices).get(asked_by, asked_by))),
        (_("People"), str(document["people"])),
        (_("Begun"), _moment(document["begun"])),
        (_("Looked for everywhere"), f"{_moment(scan['at'])}. {counted}"),
        (_("Gone from the disk"), _from_disk(document["physical"])),
    ]


def _from_disk(physical: Mapping[str, Any]) -> str:
    """The day, or what it waits for."""
    is_theirs = physical.get("by") == ErasureRun.PhysicalBy.ADMINISTRATOR
    theirs = _("By the administrator of the database server.")
    if physical["done"]:
        return f"{_moment(physical['done'])}. {theirs}" if is_theirs else _moment(physical["done"])
    if is_theirs:
        return _(
            "The administrator of the database server does this: let the write-ahead log and the "
            "backups run out (VACUUM is done)."
        )
    return _(
        "Before the end of %(day)s. Until then erased pieces may lie on the disk, where nobody can "
        "look them up."
    ) % {"day": _day(physical["due"])}


def _kept(line: Mapping[str, Any]) -> str:
    """Why, until when, and the article."""
    until = _("Until %(day)s.") % {"day": _day(line["until"])} if line["until"] else ""
    parts = (ground_word(line["ground"]), until, end_word(line.get("end") or ""))
    article = law(line.get("article", ""))
    return " ".join([*filter(None, parts), *([f"({article})"] if article else [])])


def _moment(text: str) -> str:
    return date_format(timezone.localtime(datetime.fromisoformat(text)), "j F Y, H:i")


def _day(text: str) -> str:
    return date_format(date.fromisoformat(text), "j F Y")
