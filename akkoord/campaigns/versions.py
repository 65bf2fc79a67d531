"""What a letter said before: kept with every change, shown as a difference, put back."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from akkoord.campaigns.models import Campaign, CampaignVersion
from akkoord.composing.tree import TreeRefused, lines_of, read_tree
from akkoord.trail.actions import Actor
from akkoord.trail.models import ActorKind
from akkoord.trail.queries import staff_names

FOLD = timedelta(minutes=10)  # what one person changes within it is one version
MOST = 100
SHOWN = 50
_AROUND = 2  # lines around a difference


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a difference: `same`, `new`, `gone`, or `skip` where lines were left out."""

    kind: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version as the page lists it: who, and what changed since the one before."""

    version: CampaignVersion
    who: str
    subject_before: str
    lines: list[Line]
    is_newest: bool

    @property
    def changed_subject(self) -> bool:
        """Whether the subject is another than before."""
        return self.subject_before != self.version.subject


def keep_version(
    campaign: Campaign, *, at: datetime, actor: Actor, restores: int | None = None
) -> bool:
    """Write down what a letter says now, in the caller's transaction; whether it is a new version.

    Goes into the newest version when the same person made that within minutes; at most a hundred
    stay, the newest.
    """
    by = actor.id if actor.kind == ActorKind.STAFF else None
    newest = campaign.versions.order_by("-number").first()
    words = {
        name: getattr(campaign, name) for name in ("subject", "preheader", "body", "body_kind")
    }
    if newest and all(getattr(newest, name) == value for name, value in words.items()):
        return False
    if restores is None and newest and _folds(newest, campaign, by, at):
        CampaignVersion.objects.filter(id=newest.id).update(**words, at=at)
        return False
    CampaignVersion.objects.create(
        campaign=campaign,
        number=newest.number + 1 if newest else 1,
        begun_at=at,
        at=at,
        by=by,
        restores=restores,
        **words,
    )
    if newest and newest.number >= MOST:
        # The last one in blocks stays: it is the way back from drawing.
        in_blocks = campaign.versions.filter(body_kind=Campaign.BodyKind.BLOCKS)
        last = in_blocks.order_by("-number").values_list("number", flat=True).first()
        old = campaign.versions.filter(number__lte=newest.number + 1 - MOST)
        old.exclude(number=last or 0).delete()
    return True


def _folds(newest: CampaignVersion, campaign: Campaign, by: UUID | None, at: datetime) -> bool:
    is_first = newest.number == 1  # what it began with can always be put back
    same_hand = newest.by == by and newest.body_kind == campaign.body_kind
    return same_hand and not is_first and newest.restores is None and at - newest.begun_at < FOLD


def changed_sentence(campaign: Campaign) -> str:
    """Who changed a letter last, and when; what to do."""
    who, words = _last_change(campaign)
    if not who:
        return _("Somebody else changed this letter meanwhile. Open it again, then change it.")
    return (
        _(
            "%(who)s changed this letter at %(time)s on %(day)s. What you typed here was not kept. "
            "Open it again, then change it."
        )
        % words
    )


def seen_other_sentence(campaign: Campaign) -> str:
    """That a letter is no longer what stood on the page of who wants to send it; what to do."""
    who, words = _last_change(campaign)
    if not who:
        return (
            _(
                "This letter was changed at %(time)s on %(day)s, after you opened it. Nothing was "
                "sent. Look at it again, then send it."
            )
            % words
        )
    return (
        _(
            "%(who)s changed this letter at %(time)s on %(day)s, after you opened it. Nothing was "
            "sent. Look at it again, then send it."
        )
        % words
    )


def _last_change(campaign: Campaign) -> tuple[str, dict[str, str]]:
    """Who changed a letter last, empty when that does not stand there, and the words for when.

    What does not change the words, such as the group, makes no version: then nobody is named.
    """
    newest = campaign.versions.order_by("-number").first()
    by = newest.by if newest and newest.at >= campaign.updated_at else None
    who = staff_names({by}).get(by, "") if by else ""
    when = timezone.localtime(campaign.updated_at)
    return who, {"who": who, "time": date_format(when, "H:i"), "day": date_format(when, "j F")}


def version_rows(campaign: Campaign, *, upto: int = 0) -> list[VersionRow]:
    """The newest fifty versions with what each changed: two statements.

    `upto`: from this version back, and the page of an old one can be reached too.
    """
    versions = campaign.versions.order_by("-number")
    found = list((versions.filter(number__lte=upto) if upto else versions)[: SHOWN + 1])
    newest = versions.values_list("number", flat=True).first() if upto else None
    names = staff_names({each.by for each in found if each.by})
    rows = []
    for place, version in enumerate(found[:SHOWN]):
        before = found[place + 1] if place + 1 < len(found) else None
        rows.append(
            VersionRow(
                version=version,
                who=names.get(version.by, "") if version.by else "",
                subject_before=before.subject if before else version.subject,
                lines=difference(before, version) if before else [],
                is_newest=version.number == newest if upto else place == 0,
            )
        )
    return rows


def difference(before: CampaignVersion, after: CampaignVersion) -> list[Line]:
    """The lines that differ, with two lines around each."""
    old, new = _lines(before), _lines(after)
    matcher = difflib.SequenceMatcher(a=old, b=new, autojunk=False)
    lines: list[Line] = []
    for group in matcher.get_grouped_opcodes(_AROUND):
        if lines or group[0][1] > 0:
            lines.append(Line("skip"))
        for tag, start, end, first, last in group:
            if tag == "equal":
                lines += _marked("same", new[first:last])
            else:
                lines += [*_marked("gone", old[start:end]), *_marked("new", new[first:last])]
    return lines


def _marked(kind: str, texts: Iterable[str]) -> list[Line]:
    return [Line(kind, text) for text in texts]


def _lines(version: CampaignVersion) -> list[str]:
    if version.body_kind != Campaign.BodyKind.BLOCKS:
        return version.body.splitlines()
    try:
        return lines_of(read_tree(version.body))
    except TreeRefused:
        return version.body.splitlines()
