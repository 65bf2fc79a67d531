"""Which letters still name somebody who is to be forgotten, so that a page can lead there.

A finding names a table and a column; here the rows are looked through once more, with the same
judgement, while the run is blocked and its needles are still kept.
"""

from collections.abc import Iterator
from itertools import islice
from typing import TypeVar

from cryptography.exceptions import InvalidTag
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from akkoord.campaigns.models import Campaign, CampaignVersion
from akkoord.composing.models import KeptLetter
from akkoord.datamap.judging import Judge
from akkoord.datamap.many import judge_of
from akkoord.rights.models import ErasureRun
from akkoord.rights.search import searches_of

MOST = 20
_WORDS = ("subject", "preheader", "body")
Found = tuple[str, str]
Row = TypeVar("Row", Campaign, CampaignVersion, KeptLetter)


def letters_found(run: ErasureRun) -> list[Found]:
    """What to change or remove, with its address; twenty at most. Empty once it is proven.

    A name that itself tells who it is about is left out.
    """
    stores = {each["store"] for each in run.findings}
    if run.state != ErasureRun.State.BLOCKED:
        return []
    try:
        found = searches_of(run)
    except InvalidTag:  # sealed with other keys: the page still tells what was found
        return []
    if found is None:
        return []
    judge = judge_of(found[0])
    sources = {
        "campaigns_campaign": _letters,
        "campaigns_campaignversion": _versions,
        "composing_keptletter": _beginnings,
    }
    return [
        each
        for store, look in sources.items()
        if store in stores
        for each in islice(look(judge), MOST)
    ][:MOST]


def _letters(judge: Judge) -> Iterator[Found]:
    for each in _naming(Campaign.objects.order_by("-id"), judge, "name", *_WORDS):
        yield (
            _("The letter “%(name)s”") % {"name": _safe(each.name, judge)},
            reverse("campaigns:detail", args=[each.id]),
        )


def _versions(judge: Judge) -> Iterator[Found]:
    found = CampaignVersion.objects.select_related("campaign").order_by("-id")
    for each in _naming(found, judge, *_WORDS):
        url = reverse("campaigns:versions", args=[each.campaign_id])
        yield (
            _("Version %(number)s of the letter “%(name)s”")
            % {"number": each.number, "name": _safe(each.campaign.name, judge)},
            f"{url}?tot={each.number}#version-{each.number}",
        )


def _beginnings(judge: Judge) -> Iterator[Found]:
    for each in _naming(KeptLetter.objects.filter(ended_at=None), judge, "name", *_WORDS):
        yield (
            _("The beginning “%(name)s”") % {"name": _safe(each.name, judge)},
            reverse("campaigns:create") + "#kept-title",
        )


def _naming(rows: QuerySet[Row], judge: Judge, *parts: str) -> Iterator[Row]:
    for row in rows.iterator(chunk_size=100):
        if any(judge.kinds_in(getattr(row, part)) for part in parts):
            yield row


def _safe(name: str, judge: Judge) -> str:
    return "…" if judge.kinds_in(name) else name
