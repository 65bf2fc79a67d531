"""Verbs of the editor: keep a draft as it is typed, change its blocks, put a version back.

Every change carries the version that was on the screen, so that two people never overwrite each
other. What is half-way is kept; the check before sending stops it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from akkoord.campaigns.actions import (
    CampaignRefused,
    check_draft,
    check_may_change,
    check_topics,
)
from akkoord.campaigns.models import Campaign
from akkoord.campaigns.removing import EMPTIED
from akkoord.campaigns.versions import keep_version
from akkoord.composing.drawn import drawn_from
from akkoord.composing.kinds import KINDS
from akkoord.composing.making import make_letter
from akkoord.composing.models import KeptLetter
from akkoord.composing.queries import house_now
from akkoord.composing.tree import (
    Block,
    Tree,
    TreeRefused,
    as_text,
    clean,
    new_block,
    read_block,
    read_tree,
)
from akkoord.messages.sentences import compile_sentence
from akkoord.messages.template import CompileError
from akkoord.trail.actions import Actor, record_change

HEAD = ("name", "subject", "preheader", "language", "segment", "sender_name")
BODY = "body"
COUNTS = "count_clicks"
ALSO = "also"


@dataclass(frozen=True, slots=True)
class Moment:
    """Who does something, when, and which version they had before them."""

    version: int
    at: datetime
    actor: Actor


@transaction.atomic
def save_head(*, campaign_id: UUID, values: Mapping[str, Any], moment: Moment) -> Campaign:
    """Keep what stands above the blocks. Refuses a group that one of the topics may not use."""
    changes: dict[str, Any] = {
        name: " ".join(clean(str(values[name])).split()) for name in HEAD if name in values
    }
    if COUNTS in values:
        changes[COUNTS] = bool(values[COUNTS])
    if ALSO in values:
        changes[ALSO] = list(values[ALSO])
    _check_names(changes)
    return _save(campaign_id, moment, lambda _campaign: changes)


def _check_names(changes: Mapping[str, Any]) -> None:
    if not changes.get("subject", "…"):
        raise CampaignRefused("subject", _("Fill in a subject."))
    if not changes.get("name", "…"):
        raise CampaignRefused("name", _("Give the letter a name."))


@transaction.atomic
def save_draft(*, campaign_id: UUID, values: Mapping[str, str | bool], moment: Moment) -> Campaign:
    """Keep a letter in Markdown or MJML as it is typed, also when it does not compile yet.

    What was emptied is kept empty; refuses no subject and no name, by which it is found.
    """
    known = (*HEAD, BODY, COUNTS, "body_kind")
    changes = {name: value for name, value in values.items() if name in known}
    _check_names(changes)
    return _save(campaign_id, moment, lambda _campaign: changes, is_lenient=True)


def keep_words(*, campaign_id: UUID, words: Mapping[str, str], moment: Moment) -> Campaign:
    """Keep these words as they are, also when they do not compile yet; in the caller's
    transaction."""
    return _save(campaign_id, moment, lambda _found: words, is_lenient=True)


@transaction.atomic
def change_blocks(*, campaign_id: UUID, change: Callable[[Tree], Tree], moment: Moment) -> Campaign:
    """Change the blocks of a letter. Raises CampaignRefused; TreeRefused for the change itself."""

    def changed(campaign: Campaign) -> dict[str, str]:
        if not campaign.is_blocks:
            raise CampaignRefused("", _("This letter is not written in blocks."))
        return {BODY: as_text(change(read_tree(campaign.body)))}

    return _save(campaign_id, moment, changed)


def _save(
    campaign_id: UUID,
    moment: Moment,
    changed: Callable[[Campaign], Mapping[str, Any]],
    *,
    is_lenient: bool = False,
    restores: int | None = None,
) -> Campaign:
    campaign = (
        Campaign.objects.select_for_update(of=("self",))
        .select_related("purpose")
        .get(id=campaign_id)
    )
    check_may_change(campaign, moment.version)
    changes = {
        name: value for name, value in changed(campaign).items() if getattr(campaign, name) != value
    }
    if not changes:
        return campaign
    for name, value in changes.items():
        setattr(campaign, name, value)
    if ALSO in changes:
        check_topics(campaign)
    if not is_lenient:
        check_draft(campaign, at=moment.at)
    campaign.version += 1
    campaign.updated_at = moment.at
    campaign.save()
    is_new = keep_version(campaign, at=moment.at, actor=moment.actor, restores=restores)
    if is_new or set(changes) - {"subject", "preheader", BODY}:  # not at every word that is typed
        record_change(
            actor=moment.actor,
            action="campaign.revise",
            object_kind="campaign",
            object_id=campaign.id,
            fields=sorted(changes),
            at=moment.at,
        )
    return campaign


@transaction.atomic
def restore_version(*, campaign_id: UUID, number: int, moment: Moment) -> Campaign:
    """What a version said becomes the newest version; nothing is lost by it."""
    campaign = Campaign.objects.get(id=campaign_id)
    old = campaign.versions.filter(number=number).first()
    if old is None:
        raise CampaignRefused("", _("This version is not there any more."))
    words = {name: getattr(old, name) for name in ("subject", "preheader", BODY, "body_kind")}
    return _save(campaign_id, moment, lambda _found: words, is_lenient=True, restores=number)


# -- blocks


def add_block(
    kind: str, *, after: str = "", place: int | None = None
) -> tuple[Block, Callable[[Tree], Tree]]:
    """A new block, and the change that brings it in. Raises TreeRefused for an unknown kind."""
    if kind not in KINDS:
        raise TreeRefused(_("There is no such block."))
    block = new_block(kind)
    return block, lambda tree: tree.with_block(block, after=after, place=place)


def put_back(text: str, place: int) -> tuple[Block, Callable[[Tree], Tree]]:
    """A block that was taken away a moment ago, back at its place. Raises TreeRefused."""
    tree = read_tree('{"v": 1, "blocks": [' + text + "]}")
    if len(tree.blocks) != 1:
        raise TreeRefused(_("This is no block."))
    return tree.blocks[0], lambda old: old.with_block(tree.blocks[0], place=place)


def fill_block(block_id: str, typed: Mapping[str, str], condition: str) -> Callable[[Tree], Tree]:
    """The change that fills a block with what was typed; a box that is not ticked is a no."""

    def filled(tree: Tree) -> Tree:
        old = tree.blocks[tree.place_of(block_id)]
        values = {
            key: (key in typed if part.of == "yes" else typed.get(key, str(part.empty)))
            for key, part in KINDS[old.kind].parts.items()
        }
        return tree.changed(read_block({"id": old.id, "kind": old.kind, **values, "if": condition}))

    return filled


def across(block_id: str, part: str) -> Callable[[Tree], Tree]:
    """The change that takes one part of a column to the other column; what stood there comes back.

    `part`: `picture` (with its words), `title`, `text` or `words` (the button, with its link).
    Raises TreeRefused.
    """
    keys = {"picture": ("picture", "alt"), "title": ("title",), "text": ("text",)}
    keys |= {"words": ("words", "link")}

    def moved(tree: Tree) -> Tree:
        old = tree.blocks[tree.place_of(block_id)]
        if old.kind != "columns" or part not in keys:
            raise TreeRefused(_("This cannot be done to a block."))
        values = dict(old.values)
        for key in keys[part]:
            left, right = f"left_{key}", f"right_{key}"
            values[left], values[right] = old.values[right], old.values[left]
        return tree.changed(replace(old, values=values))

    return moved


# -- other ways to write


@transaction.atomic
def write_otherwise(*, campaign_id: UUID, kind: str, moment: Moment) -> Campaign:
    """Go on in another way: Markdown as a block of text, blocks as MJML. Nothing is lost.

    Refuses the ways back, which would lose something. Conditions come along.
    """
    campaign = Campaign.objects.get(id=campaign_id)
    kinds = Campaign.BodyKind
    if (campaign.body_kind, kind) == (kinds.MARKDOWN, kinds.BLOCKS):
        body = as_text(Tree((new_block("logo"), new_block("text", {"text": campaign.body}))))
    elif (campaign.body_kind, kind) == (kinds.BLOCKS, kinds.MJML):
        body = _as_mjml(campaign)
    else:
        raise CampaignRefused("", _("This way back would lose something. Make a new letter."))
    words = {BODY: body, "body_kind": kind}
    return _save(campaign_id, moment, lambda _found: words)


def _as_mjml(campaign: Campaign) -> str:
    try:
        made = make_letter(read_tree(campaign.body), house_now())
    except TreeRefused as refusal:
        raise CampaignRefused("", refusal.sentence) from None
    except CompileError as problem:
        raise CampaignRefused("", compile_sentence(problem)) from None
    return drawn_from(made)


@transaction.atomic
def keep_as_beginning(*, campaign_id: UUID, name: str, at: datetime, actor: Actor) -> KeptLetter:
    """Keep a letter of blocks as a beginning for others; conditions stay behind, they belong to
    its topic. A name that is there already is replaced, and the words of the old one go."""
    campaign = Campaign.objects.get(id=campaign_id)
    name = " ".join(clean(name).split())[:120]
    if not name:
        raise CampaignRefused("name", _("Give it a name."))
    if not campaign.is_blocks:
        raise CampaignRefused("", _("This letter is not written in blocks."))
    KeptLetter.objects.filter(name=name, ended_at=None).update(ended_at=at, **EMPTIED)
    kept = KeptLetter.objects.create(
        name=name,
        subject=campaign.subject,
        preheader=campaign.preheader,
        body=as_text(read_tree(campaign.body).without_conditions()),
        language=campaign.language,
        kept_by=actor.id,
        kept_at=at,
    )
    record_change(
        actor=actor,
        action="letter-template.keep",
        object_kind="letter-template",
        object_id=kept.id,
        at=at,
    )
    return kept
