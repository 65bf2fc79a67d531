"""What is not whole yet in a letter of blocks, block by block: all of it, not the first only."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from akkoord.campaigns.models import Campaign
from akkoord.composing.making import House, make_letter
from akkoord.composing.tree import Block, Tree
from akkoord.messages.groups import GroupRefused
from akkoord.messages.sentences import compile_sentence
from akkoord.messages.template import CompileError, FieldFact, check_fields, read_template
from akkoord.messages.topics import group_for_all
from akkoord.messages.values import field_facts
from akkoord.register.models import Purpose


def block_problems(campaign: Campaign, tree: Tree, house: House, *, at: datetime) -> dict[str, str]:
    """A sentence by the id of each block that cannot be sent as it is."""
    also = campaign.also_topics
    facts = field_facts(campaign.purpose, also)
    found = {}
    for block in tree.blocks:
        if sentence := _problem(campaign, block, house, facts, at, also):
            found[block.id] = sentence
    return found


def _problem(
    campaign: Campaign,
    block: Block,
    house: House,
    facts: dict[str, FieldFact],
    at: datetime,
    also: Sequence[Purpose],
) -> str:
    if block.condition:
        try:
            group_for_all(block.condition, campaign.purpose, also, at)
        except GroupRefused as refusal:
            return refusal.sentence
    try:
        made = make_letter(Tree((replace(block, condition=""),)), house)
        check_fields(read_template(made.body, part="body"), facts, part="body")
    except CompileError as problem:
        if problem.code == "empty-body":  # a line or a space alone: fine among others
            return ""
        problem.block = problem.line = 0
        return compile_sentence(problem)
    return ""
