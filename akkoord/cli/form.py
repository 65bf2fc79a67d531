"""`akkoord form`: published forms."""

import click
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from akkoord.cli.output import answer, json_option, refuse
from akkoord.consent.forms_publishing import FormFacts, FormRefused, create_form, publish_form
from akkoord.consent.refusals import ConsentRefused
from akkoord.register.queries import topic_by_slug
from akkoord.trail.actions import Actor


@click.group()
def command() -> None:
    """Forms on which people say yes."""


@command.command()
@click.option("--name", required=True)
@click.option("--topic", "topics", multiple=True, required=True, help="Slug; may be repeated.")
@click.option("--slug", default="", help="The address of the form; else made from the name.")
@json_option
def create(name: str, topics: tuple[str, ...], slug: str) -> None:
    """Make a form and publish it in both languages."""
    found = []
    for each in topics:
        topic = topic_by_slug(each)
        if topic is None:
            refuse(f"There is no topic with the name {each}.", reason="unknown-topic")
        found.append(topic)
    now, actor = timezone.now(), Actor.system()
    facts = FormFacts(
        name=name,
        slug=slug,
        topic_ids=tuple(topic.id for topic in found),
        field_keys=("email", "first_name", "last_name"),
    )
    try:
        with transaction.atomic():
            form = create_form(facts=facts, at=now, actor=actor)
            publish_form(form_id=form.id, at=now, actor=actor)
    except FormRefused as refusal:
        refuse(refusal.sentence, reason=refusal.field)
    except ConsentRefused as refusal:
        refuse(str(refusal), reason=refusal.reason.value)
    answer({"id": form.id, "url": f"{settings.BASE_URL}/f/{form.slug}/"})
