"""`akkoord topic`: topics with their processing activity."""

import click
from django.utils import timezone

from akkoord.cli.output import answer, json_option, refuse
from akkoord.law.states import Channel
from akkoord.register.actions import RegisterRefused, TopicWords, create_topic
from akkoord.trail.actions import Actor


@click.group()
def command() -> None:
    """Topics that people can choose."""


@command.command()
@click.option("--slug", required=True)
@click.option("--name-nl", required=True)
@click.option("--name-en", required=True)
@click.option("--description-nl", required=True)
@click.option("--description-en", required=True)
@click.option("--frequency-nl", default="")
@click.option("--frequency-en", default="")
@click.option(
    "--channel",
    "channels",
    type=click.Choice([channel.value for channel in Channel]),
    multiple=True,
    default=(Channel.EMAIL.value,),
)
@json_option
def create(
    slug: str,
    name_nl: str,
    name_en: str,
    description_nl: str,
    description_en: str,
    frequency_nl: str,
    frequency_en: str,
    channels: tuple[str, ...],
) -> None:
    """Make a topic: its words in both languages, its activity, its fields, its term."""
    words = TopicWords(name_nl, name_en, description_nl, description_en, frequency_nl, frequency_en)
    try:
        topic = create_topic(
            slug=slug, words=words, channels=channels, at=timezone.now(), actor=Actor.system()
        )
    except RegisterRefused as refusal:
        refuse(refusal.sentence, {"reason": refusal.field, "message": refusal.sentence})
    answer({"id": topic.id, "slug": topic.slug})
