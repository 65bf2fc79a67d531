"""The result of an import as lines of a file: numbers and reasons, nothing of the rows."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from akkoord.imports.models import Import
from akkoord.imports.preview import OUT
from akkoord.imports.sentences import group_sentence, row_sentence


def report_lines(record: Import) -> Iterator[list[str]]:
    """First what stayed out, then who came in and may not be mailed (yet)."""
    for each in record.refusals.order_by("part", "row").iterator():
        what = _("stays out") if each.reason in OUT else _("refused")
        yield [
            _harmless(each.part),
            str(each.row),
            what,
            each.reason,
            row_sentence(each.reason),
        ]
    for waiting in record.pending.order_by("row").values("row", "reason", "evidence").iterator():
        yield [
            _harmless(str(waiting["evidence"].get("file", ""))),
            str(waiting["row"]),
            _("came in, may not be mailed"),
            waiting["reason"],
            group_sentence(waiting["reason"]),
        ]


def _harmless(text: str) -> str:
    """The name of a table; one that begins like a formula stays a text."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t") else text
