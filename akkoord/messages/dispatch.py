"""Start, pause, resume and cancel a dispatch: one run of one approved message.

What is approved is frozen with its hash. There is no override: what pre-flight blocks cannot be
started by anybody.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from akkoord.datamap.ids import uuid7
from akkoord.delivery.servers import hosts_away
from akkoord.law.message_kinds import MessageKind
from akkoord.law.sending_rules import judge_base_url, judge_push_url
from akkoord.law.states import Channel
from akkoord.law.terms import law_day
from akkoord.messages.clicks import counting_base, note_links, web_copy_url
from akkoord.messages.compile import Compiled, MessageSource, compile_message
from akkoord.messages.conditions import check_conditions
from akkoord.messages.contracts import contract_sentence, without_contract
from akkoord.messages.letter import CompiledLetter, LetterSource, compile_letter
from akkoord.messages.letter_models import LetterRun
from akkoord.messages.models import Dispatch
from akkoord.messages.own_clock import may_use_country
from akkoord.messages.picture_check import check_pictures
from akkoord.messages.push import PushSource, compile_push
from akkoord.messages.queries import DispatchFigures, dispatch_figures
from akkoord.messages.service_fields import service_facts
from akkoord.messages.template import FieldFact
from akkoord.messages.topics import TopicHead, group_for_all
from akkoord.messages.values import field_facts
from akkoord.permission.queries import RULE_VERSION
from akkoord.register.field_lock import fields_stay
from akkoord.register.models import Purpose
from akkoord.trail.actions import Actor, record_change

JOB = "messages.run_dispatch"
BESIDE = "messages.run_beside"  # in a queue of its own, for a second process on the machine
AnySource = MessageSource | PushSource | LetterSource
State = Dispatch.State
_PAPER = "paper.invalid"  # stands for a host that is not this machine


class DispatchRefused(Exception):
    """A dispatch that may not start or go on; `code` is stable, `sentence` says what to do."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(code)
        self.code = code
        self.sentence = sentence


def compile_for(
    purpose: Purpose,
    source: MessageSource,
    *,
    facts: Mapping[str, FieldFact] | None = None,
    is_measured: bool = False,
    also: Sequence[Purpose] = (),
) -> Compiled:
    """Compile a message under the purpose's own fields. Raises CompileError.

    Also for a condition of a block that cannot be read or lies outside the purpose. `also`:
    further topics of the letter, whose fields must be allowed too; it is the letter of the first.
    """
    return compile_under(
        purpose, source, facts=facts, is_measured=is_measured, also=also, heads=source.topics[:1]
    )[0]


def compile_under(
    purpose: Purpose,
    source: MessageSource,
    *,
    facts: Mapping[str, FieldFact] | None = None,
    is_measured: bool = False,
    also: Sequence[Purpose] = (),
    heads: Sequence[TopicHead] = (),
) -> list[Compiled]:
    """The letter once for each of these topics; the letter itself for none. Raises CompileError."""
    check_conditions(source.conditions, purpose, timezone.now(), also)
    allowed = facts or field_facts(purpose, also)
    if source.is_service:
        allowed = service_facts(allowed, source.about)
    sources = [source.under(each) for each in heads] or [source]
    return [
        compile_message(each, allowed_fields=allowed, is_measured=is_measured) for each in sources
    ]


def hash_of(compiled: Sequence[Compiled]) -> str:
    """The hash of what is approved: of one letter, or of all that differ by topic."""
    if len(compiled) == 1:
        return compiled[0].content_hash
    return sha256(" ".join(each.content_hash for each in compiled).encode()).hexdigest()


def compile_letter_for(purpose: Purpose, source: LetterSource) -> CompiledLetter:
    """Compile a letter on paper under the purpose's own fields. Raises CompileError."""
    return compile_letter(source, allowed_fields=field_facts(purpose))


def check_way_back(channel: Channel = Channel.EMAIL) -> None:
    """Refuse when messages can leave this machine while their links lead nowhere (INV-21), or to a
    company without a contract (INV-42)."""
    if channel is Channel.PUSH:
        if not judge_push_url(settings.BASE_URL).allowed:
            raise DispatchRefused("not-public-url", _not_safe_sentence())
        return
    if channel is Channel.POST:  # paper leaves this machine whatever its mail server is
        if not judge_base_url(settings.BASE_URL, _PAPER).allowed:
            raise DispatchRefused("not-public-url", not_public_sentence())
        return
    for host in hosts_away():
        if not judge_base_url(settings.BASE_URL, host).allowed:
            raise DispatchRefused("not-public-url", not_public_sentence())
    if missing := without_contract():
        raise DispatchRefused("no-contract", contract_sentence(missing))


def _not_safe_sentence() -> str:
    return _(
        "Browsers show push messages of safe pages only. Give Akkoord a public https address: "
        "deploy/ has an example for Caddy and a compose file."
    )


def only_measures() -> str:
    """Why nothing may be sent for the yes to measuring (INV-28)."""
    return _("People said yes to measuring, not to letters. Choose a topic.")


def service_needs_purchase() -> str:
    """Why a message to a group is no service message (INV-26)."""
    return _("A service message is about a purchase. Choose the purchases that it is about.")


def say_of_registers() -> str:
    """What somebody has to say before letters are made (INV-19)."""
    return _("Say whether you held the addresses against Postfilter.")


def not_public_sentence() -> str:
    """Why mail may not leave for people yet, and the ways out."""
    return _(
        "The links in this letter would lead to %(address)s, where nobody can come. People must "
        "be able to unsubscribe. Give Akkoord a public https address: deploy/ has an example for "
        "Caddy and a compose file. Until then you can send tests to yourself."
    ) % {"address": settings.BASE_URL}


def channel_of(source: AnySource) -> Channel:
    """Over which channel a message goes: what it is says so, never the caller."""
    if isinstance(source, LetterSource):
        return Channel.POST
    return Channel.PUSH if isinstance(source, PushSource) else Channel.EMAIL


def content_hash_of(purpose: Purpose, source: AnySource, also: Sequence[Purpose] = ()) -> str:
    """The hash of what would be approved. Raises CompileError."""
    return _approved(purpose, source, also)[0]


@transaction.atomic
def start_dispatch(
    *,
    purpose: Purpose,
    source: AnySource,
    segment: str,
    approved_by: UUID | None,
    at: datetime,
    kind: MessageKind = MessageKind.CAMPAIGN,
    counts_clicks: bool = False,
    has_web_copy: bool = False,
    spread_minutes: int = 0,
    rests_at_night: bool = False,
    fans_out: bool = True,
    also: Sequence[Purpose] = (),
    registers: str = "",
    own_clock_at: datetime | None = None,
) -> Dispatch:
    """Freeze what was approved and have it sent; the job commits with it.

    `spread_minutes`: over which time it leaves, evenly; `rests_at_night`: not between nine in the
    evening and eight in the morning.
    `own_clock_at`: the hour that it shows in Amsterdam then is the hour at which each gets it, by
    the country of their address; the caller starts it `law.zones.EARLIEST` before.
    `also`: further topics of a letter; who is in several gets it once, under the first of them.
    `counts_clicks`: its links go by our address, the same for everybody (INV-28). `has_web_copy`:
    it stands in the browser too, and says where. `fans_out`: not when its rows are brought one by
    one, by whoever starts it. `registers`: of letters on paper, whether the addresses were held
    against Postfilter and the register of the deceased (INV-19: the choice is recorded).

    Raises CompileError (also for a field outside the purpose), GroupRefused for the group's text,
    DispatchRefused when the topic has ended or the links would lead nowhere.
    """
    for each in (purpose, *also):
        if each.ended_at is not None:
            raise DispatchRefused("purpose-ended", _("This topic has ended. Choose another one."))
        if each.measures:
            raise DispatchRefused("purpose-measures", only_measures())
    if kind in (MessageKind.SERVICE, MessageKind.BREACH_LETTER) or getattr(
        source, "is_service", False
    ):
        # A service message is about a purchase, and asked another gate (`service`).
        raise DispatchRefused("service-needs-purchase", service_needs_purchase())
    if own_clock_at is not None:
        check_own_clock(purpose, also)
    channel = channel_of(source)
    check_way_back(channel)
    if isinstance(source, LetterSource) and registers not in LetterRun.Registers.values:
        raise DispatchRefused("registers-not-said", say_of_registers())
    key = uuid7()
    if isinstance(source, MessageSource):
        source = replace(
            source,
            counting=counting_base(key) if counts_clicks else "",
            web_url=web_copy_url(key) if has_web_copy else "",
        )
    fields_stay()
    content_hash, links = _approved(purpose, source, also)
    group_for_all(segment, purpose, also, at)
    dispatch = Dispatch.objects.create(
        id=key,
        kind=kind,
        purpose=purpose,
        also=[each.id for each in also],
        channel=channel,
        template=source.as_json(),
        content_hash=content_hash,
        rule_version=RULE_VERSION,
        segment=segment,
        state=State.RUNNING,
        approved_by=approved_by,
        created_at=at,
        started_at=at,
        fanned_out_at=None if fans_out else at,
        spread_minutes=spread_minutes,
        rests_at_night=rests_at_night,
        own_clock_at=own_clock_at,
    )
    if isinstance(source, LetterSource):
        LetterRun.objects.create(run=dispatch, registers=registers, dated_on=law_day(at))
    note_links(dispatch.id, links)
    defer_run(dispatch.id)
    record_dispatch("dispatch.start", dispatch.id, approved_by, at)
    return dispatch


def _approved(
    purpose: Purpose, source: AnySource, also: Sequence[Purpose]
) -> tuple[str, tuple[str, ...]]:
    """The hash of what it compiles to, and its counted links."""
    if isinstance(source, LetterSource):
        return compile_letter_for(purpose, source).content_hash, ()
    if isinstance(source, PushSource):
        return compile_push(source).content_hash, ()
    compiled = compile_under(purpose, source, also=also, heads=source.topics)
    check_pictures(source)
    return hash_of(compiled), compiled[0].links


def pause_dispatch(
    *, dispatch_id: UUID, at: datetime, by: UUID | None = None, reason: str = ""
) -> DispatchFigures:
    """Stop handing over, within the next few messages; answers where it stands.

    Does nothing to a dispatch that is not running.
    """
    _move(dispatch_id, (State.RUNNING,), State.PAUSED, "dispatch.pause", at, by, reason)
    return dispatch_figures(dispatch_id, at=at)


@transaction.atomic
def resume_dispatch(*, dispatch_id: UUID, at: datetime, by: UUID | None = None) -> DispatchFigures:
    """Go on with a paused dispatch; answers where it stands. Refuses as `start_dispatch` does."""
    check_way_back(Channel(Dispatch.objects.values_list("channel", flat=True).get(id=dispatch_id)))
    if _move(dispatch_id, (State.PAUSED,), State.RUNNING, "dispatch.resume", at, by):
        defer_run(dispatch_id)
    return dispatch_figures(dispatch_id, at=at)


@transaction.atomic
def cancel_dispatch(*, dispatch_id: UUID, at: datetime, by: UUID | None = None) -> DispatchFigures:
    """Stop for good; answers where it stands.

    What waits becomes `skipped` with `campaign-cancelled`, by the worker; what was handed over
    stays counted as it went.
    """
    before = (State.READY, State.RUNNING, State.PAUSED)
    if _move(dispatch_id, before, State.CANCELLED, "dispatch.cancel", at, by):
        Dispatch.objects.filter(id=dispatch_id).update(ended_at=at)
        defer_run(dispatch_id)
    return dispatch_figures(dispatch_id, at=at)


@transaction.atomic
def _move(
    dispatch_id: UUID,
    before: tuple[str, ...],
    after: str,
    action: str,
    at: datetime,
    by: UUID | None,
    reason: str = "",
) -> bool:
    moved = Dispatch.objects.filter(id=dispatch_id, state__in=before).update(
        state=after, pause_reason=reason[:120]
    )
    if moved:
        record_dispatch(action, dispatch_id, by, at)
    return bool(moved)


def record_dispatch(action: str, dispatch_id: UUID, by: UUID | None, at: datetime) -> None:
    """Who moved a dispatch, in the trail."""
    record_change(
        actor=Actor.staff(by) if by else Actor.system(),
        action=action,
        object_kind="dispatch",
        object_id=dispatch_id,
        fields=("state",),
        at=at,
    )


def defer_run(dispatch_id: UUID) -> bool:
    """Have a worker take the dispatch up, once at a time, after what is more urgent.

    Never for a later moment: such a job would hold the place of one that is wanted now. What must
    be tried later is found by the sweep.
    """
    try:
        with transaction.atomic():
            app.configure_task(JOB, queueing_lock=f"dispatch-{dispatch_id}", priority=-1).defer(
                dispatch_id=str(dispatch_id)
            )
    except AlreadyEnqueued:
        return False
    return True


def defer_beside(dispatch_id: UUID) -> bool:
    """Have a second process help with a dispatch that a worker is at; False: it was asked already.

    Ask only where one is free (`beside`).
    """
    try:
        with transaction.atomic():
            app.configure_task(BESIDE, queueing_lock=f"beside-{dispatch_id}").defer(
                dispatch_id=str(dispatch_id)
            )
    except AlreadyEnqueued:
        return False
    return True


def check_own_clock(purpose: Purpose, also: Sequence[Purpose]) -> None:
    """Refuse the hour of who gets it where their country may not be used for it."""
    if not may_use_country(purpose, also):
        raise DispatchRefused(
            "country-outside-purpose",
            _(
                "You did not ask people for their country for this topic, so their hour is not "
                "known. Choose the time in the Netherlands, or admit the field Country at the "
                "topic first (art. 5(1)(b) GDPR)."
            ),
        )
