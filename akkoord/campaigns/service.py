"""Verbs of service messages: keep a template, put it away, send it about purchases.

What it is follows from the template, so a text that sells is refused when it is kept, and asked
once more when it leaves (INV-26). There is no way to send one to people without a purchase.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from akkoord.campaigns.actions import CampaignRefused
from akkoord.campaigns.models import ServiceTemplate
from akkoord.campaigns.service_ready import still_blank
from akkoord.composing.queries import look_now
from akkoord.messages.compile import Compiled, MessageSource, Sender
from akkoord.messages.dispatch import DispatchRefused, compile_for
from akkoord.messages.findings import Finding
from akkoord.messages.footer import Footer
from akkoord.messages.models import Dispatch
from akkoord.messages.sentences import compile_sentence
from akkoord.messages.service import ServiceCheck, check_service_run, start_service
from akkoord.messages.service_fields import AGREEMENT
from akkoord.messages.template import CompileError
from akkoord.permission.service import Proof
from akkoord.register.field_lock import fields_stay
from akkoord.register.models import Organisation, ProcessingActivity, Purpose
from akkoord.register.queries import organisation
from akkoord.register.service_purposes import service_activities, service_purpose
from akkoord.trail.actions import Actor, record_change

EXAMPLE = "still-example"


@dataclass(frozen=True, slots=True)
class ServiceText:
    """What is written of a service message."""

    name: str
    activity_key: str
    subject: str
    body: str
    language: str = "nl"
    about: str = ServiceTemplate.About.PURCHASE


@transaction.atomic
def keep_service_template(
    *,
    text: ServiceText,
    at: datetime,
    actor: Actor,
    template_id: UUID | None = None,
    version: int | None = None,
) -> ServiceTemplate:
    """Keep a new template, or a changed one.

    Refuses an activity that rests on something else than a contract or a duty, a text that does not
    compile or that sells (Tw 11.7, INV-26), a name that is taken, and a version that somebody else
    changed meanwhile.
    """
    fields_stay()
    template = (
        ServiceTemplate.objects.select_for_update().get(id=template_id, ended_at=None)
        if template_id
        else ServiceTemplate(created_by=actor.id, created_at=at, version=0)
    )
    if template_id and version is not None and version != template.version:
        raise CampaignRefused("", _("Somebody else changed this meanwhile. Open it again."))
    for name in ("name", "activity_key", "subject", "body", "language", "about"):
        setattr(template, name, getattr(text, name))
    template.updated_at = at
    template.version += 1
    check_service_text(template, at=at)
    try:
        with transaction.atomic():
            template.save()
    except IntegrityError:
        raise CampaignRefused("name", _("There is a message with this name already.")) from None
    record_change(
        actor=actor,
        action="service.template",
        object_kind="service-template",
        object_id=template.id,
        fields=("name", "subject", "body"),
        at=at,
    )
    return template


@transaction.atomic
def end_service_template(*, template_id: UUID, at: datetime, actor: Actor) -> None:
    """Put a template away; what was sent with it stays."""
    if ServiceTemplate.objects.filter(id=template_id, ended_at=None).update(ended_at=at):
        record_change(
            actor=actor,
            action="service.template-end",
            object_kind="service-template",
            object_id=template_id,
            at=at,
        )


def activity_of(template: ServiceTemplate) -> ProcessingActivity:
    """The activity in the register. Refuses one that carries no service messages."""
    found = service_activities().filter(key=template.activity_key).first()
    if found is None:
        raise CampaignRefused(
            "activity_key",
            _(
                "A message about a purchase rests on the contract or on a duty (AVG 6(1)(b) and "
                "(c)). Choose an activity in the register that does."
            ),
        )
    return found


def purpose_of(template: ServiceTemplate, *, at: datetime) -> Purpose:
    """The purpose that its messages leave under."""
    return service_purpose(activity_of(template), at=at)


def source_of_service(template: ServiceTemplate) -> MessageSource:
    """The message with its real sender and postal address, as service and nothing else."""
    house = organisation() or Organisation()
    about = AGREEMENT if template.about == ServiceTemplate.About.AGREEMENT else ""
    return MessageSource(
        subject=template.subject,
        body=template.body,
        body_format="markdown",
        language=template.language,
        sender=Sender(house.sender_name, house.sender_email, house.contact_email),
        footer=Footer(house.name, house.address, house.contact_email, is_agreed=bool(about)),
        list_id=f"service.{house.mail_domain}",
        domain=house.mail_domain,
        look=look_now(),
        is_service=True,
        about=about,
    )


def check_service_text(template: ServiceTemplate, *, at: datetime) -> Compiled:
    """Compile it. Raises CampaignRefused at the field, with the words that sell when it does."""
    purpose = purpose_of(template, at=at)
    try:
        return compile_for(purpose, source_of_service(template))
    except CompileError as problem:
        place = problem.part if problem.part in ("subject", "body") else ""
        raise CampaignRefused(place, compile_sentence(problem), (problem.code,)) from None


def check_service(template: ServiceTemplate, purchases: Proof, *, at: datetime) -> ServiceCheck:
    """What would happen, with reasons; it changes nothing."""
    found = check_service_run(
        purpose=purpose_of(template, at=at),
        source=source_of_service(template),
        purchases=purchases,
        at=at,
    )
    if sentence := _gap(template):
        found.blocking.append(Finding(EXAMPLE, sentence, "body"))
    return found


def _gap(template: ServiceTemplate) -> str:
    """What a ready text leaves open and nobody filled; empty: nothing."""
    gap = still_blank(template.body)
    return _("“{gap}” is still empty. Fill in what belongs there.").format(gap=gap) if gap else ""


@transaction.atomic
def send_service(*, template_id: UUID, purchases: Proof, at: datetime, actor: Actor) -> Dispatch:
    """Send a template about these purchases, to each customer once; the gate is asked again at
    every hand-over. Raises CampaignRefused with the sentence of what stops it."""
    template = ServiceTemplate.objects.filter(id=template_id, ended_at=None).first()
    if template is None:
        raise CampaignRefused("", _("This message was put away. Choose another one."))
    if sentence := _gap(template):
        raise CampaignRefused("body", sentence, (EXAMPLE,))
    try:
        return start_service(
            purpose=purpose_of(template, at=at),
            source=source_of_service(template),
            purchases=purchases,
            approved_by=actor.id,
            at=at,
        )
    except CompileError as problem:
        raise CampaignRefused("body", compile_sentence(problem), (problem.code,)) from None
    except DispatchRefused as problem:
        raise CampaignRefused("", problem.sentence, (problem.code,)) from None
