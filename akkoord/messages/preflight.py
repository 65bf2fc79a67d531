"""Pre-flight: what would happen if this were sent now; it changes nothing.

Counts who is selected, who may be mailed and why the others may not, and says in plain words what
blocks and what to look at. What cannot be checked off-line is a warning, never a silent pass.
"""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _

from akkoord.consent.queries import closed_forms_in
from akkoord.delivery.dkim import DkimKeyError
from akkoord.delivery.servers import has_relay, hosts_away
from akkoord.delivery.signing import signer_for
from akkoord.law.message_kinds import MessageKind
from akkoord.law.reasons import Reason
from akkoord.law.states import Channel
from akkoord.messages.cap import cap_for, had_enough_sql
from akkoord.messages.compile import Compiled, CompileWarning, MessageSource
from akkoord.messages.dispatch import (
    AnySource,
    DispatchRefused,
    channel_of,
    check_way_back,
    compile_for,
    compile_letter_for,
)
from akkoord.messages.findings import Finding
from akkoord.messages.groups import GroupRefused, group_condition
from akkoord.messages.letter import LetterSource
from akkoord.messages.letter_checks import remarks_on
from akkoord.messages.outside import links_in
from akkoord.messages.picture_check import check_pictures
from akkoord.messages.push import PushSource, compile_push
from akkoord.messages.selection import selection_sql
from akkoord.messages.sentences import (
    compile_sentence,
    empty_sentence,
    remark_sentence,
    warning_sentence,
)
from akkoord.messages.template import CompileError
from akkoord.messages.topics import group_for_all
from akkoord.register.models import Purpose

_MOST_COUNTED = 5


@dataclass(slots=True)
class Preflight:
    """`selected` = `may_be_mailed` + the sum of `reasons`: in people, for push in devices.

    `reached`: the people of those who may be reached; fewer than the devices when some have two.
    """

    selected: int = 0
    may_be_mailed: int = 0
    reached: int = 0
    reasons: dict[Reason, int] = field(default_factory=dict)
    blocking: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)


def preflight(
    *,
    purpose: Purpose,
    source: AnySource,
    segment: str,
    at: datetime,
    also: Sequence[Purpose] = (),
) -> Preflight:
    """Everything that is known before sending. Refuses nothing itself; `start_dispatch` does.

    `also`: further topics of a letter; who is allowed for one of them is no refusal.
    """
    found, compiled = Preflight(), None
    slots: Sequence[CompileWarning] = ()
    if any(each.ended_at is not None for each in (purpose, *also)):
        found.blocking.append(
            Finding("purpose-ended", _("This topic has ended. Choose another one."))
        )
    if isinstance(source, PushSource):
        _check_push(purpose, source, found)
    elif isinstance(source, LetterSource):
        slots = _check_letter(purpose, source, found)
    else:
        compiled = _check_message(purpose, source, found, also)
        _check_surroundings(source, compiled, found)
    text = f"{source.body} {getattr(source, 'link', '')}"
    if closed := closed_forms_in(text, base=settings.BASE_URL):
        found.blocking.append(Finding("form-closed", _form_closed(closed[0]), "body"))
    try:
        group = group_for_all(segment, purpose, also, at)
    except GroupRefused as problem:
        found.blocking.append(Finding(problem.code, problem.sentence, "segment"))
        return found
    topics = (purpose, *also)
    _count(topics, channel_of(source), group, at, found)
    if compiled is not None:
        slots = compiled.warnings
    if slots:
        channel = channel_of(source)
        found.warnings = _with_numbers(found.warnings, slots, topics, channel, group, at)
    if not found.may_be_mailed:
        found.blocking.append(Finding("no-recipients", _no_recipients(found.selected)))
    return found


def _check_push(purpose: Purpose, source: PushSource, found: Preflight) -> None:
    """The text, the link, the safe address, and whether the topic comes this way at all."""
    try:
        compile_push(source)
    except CompileError as problem:
        found.blocking.append(Finding(problem.code, compile_sentence(problem), problem.part))
    try:
        check_way_back(Channel.PUSH)
    except DispatchRefused as problem:
        found.blocking.append(Finding(problem.code, problem.sentence))
    if Channel.PUSH not in purpose.channels:
        sentence = _("This topic does not come as push message. Change the topic first.")
        found.blocking.append(Finding(Reason.CHANNEL_NOT_OFFERED.value, sentence))
    if not source.link.startswith(settings.BASE_URL):
        found.warnings.append(
            Finding("links-not-checked", _("Not checked: whether the link works."))
        )


def _check_letter(
    purpose: Purpose, source: LetterSource, found: Preflight
) -> Sequence[CompileWarning]:
    """The text, the address to stop at, whether the topic comes by post, and the registers."""
    compiled = None
    try:
        compiled = compile_letter_for(purpose, source)
    except CompileError as problem:
        place = f"{problem.part}:{problem.line}" if problem.line else problem.part
        found.blocking.append(Finding(problem.code, compile_sentence(problem), place))
    try:
        check_way_back(Channel.POST)
    except DispatchRefused as problem:
        found.blocking.append(Finding(problem.code, problem.sentence))
    if Channel.POST not in purpose.channels:
        sentence = _("This topic does not come by post. Change the topic first.")
        found.blocking.append(Finding(Reason.CHANNEL_NOT_OFFERED.value, sentence))
    found.warnings.append(
        Finding(
            "post-registers",
            _(
                "Not checked: Postfilter and the register of the deceased. For customers that is "
                "no duty, but nobody likes a letter to who has died."
            ),
        )
    )
    said = compiled.warnings if compiled else ()
    found.warnings += [
        Finding(each.code, warning_sentence(each), f"body:{each.line}" if each.line else "")
        for each in said
    ]
    return said


def _check_message(
    purpose: Purpose, source: MessageSource, found: Preflight, also: Sequence[Purpose]
) -> Compiled | None:
    try:
        compiled = compile_for(purpose, source, also=also)
        check_pictures(source)
    except CompileError as problem:
        place = f"{problem.part}:{problem.line}" if problem.line else problem.part
        found.blocking.append(Finding(problem.code, compile_sentence(problem), place))
        return None
    found.warnings += [
        Finding(each.code, warning_sentence(each), f"body:{each.line}" if each.line else "")
        for each in compiled.warnings
    ]
    found.warnings += [
        Finding(each.code, remark_sentence(each), each.place)
        for each in remarks_on(source, compiled, own=urlsplit(settings.BASE_URL).netloc)
    ]
    return compiled


def _check_surroundings(source: MessageSource, compiled: Compiled | None, found: Preflight) -> None:
    """The mail server, the public address, the signature, and what was not checked."""
    try:
        check_way_back()
    except DispatchRefused as problem:
        found.blocking.append(Finding(problem.code, problem.sentence))
    if not has_relay():
        found.warnings.append(
            Finding(
                "built-in-mailbox",
                _("No mail server is set. The letters go to the mailbox in Akkoord itself."),
            )
        )
        return
    try:
        signed = signer_for(source.domain) is not None
    except DkimKeyError:
        found.blocking.append(
            Finding("dkim-key", _("The key that signs your mail cannot be used. See the settings."))
        )
        return
    if hosts_away():
        if not signed:
            found.warnings.append(
                Finding(
                    "not-signed",
                    _(
                        "Akkoord does not sign your mail (DKIM). Large mail providers refuse "
                        "unsigned mail. Does your mail server sign it? Then all is well."
                    ),
                )
            )
        found.warnings.append(
            Finding(
                "dns-not-checked",
                _("Not checked: SPF, DKIM and DMARC in the DNS of %(domain)s.")
                % {"domain": source.domain},
            )
        )
    if compiled is not None and links_in(compiled):
        found.warnings.append(
            Finding("links-not-checked", _("Not checked: whether the links in the letter work."))
        )


def _count(
    topics: Sequence[Purpose], channel: Channel, group: Q, at: datetime, found: Preflight
) -> None:
    """One statement: each person (for push each device) once, with the gate's first reason."""
    selection, parameters = selection_sql(topics[0], channel, group, at=at, also=topics[1:])
    reason = "reason"
    more: list[Any] = []
    if cap := cap_for(MessageKind.CAMPAIGN):
        enough, more = had_enough_sql(cap, at=at)
        reason = (
            f"CASE WHEN reason = '' AND person_id IN ({enough}) THEN '{Reason.ENOUGH_LATELY}'"
            " ELSE reason END"
        )
    # Of mail a row is a person already; sorting a million of them again would tell nothing.
    people = "count(DISTINCT person_id)" if channel == Channel.PUSH else "count(*)"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {reason} AS why, count(*), {people} FROM ({selection})"  # noqa: S608 - ours
            " AS picked GROUP BY why ORDER BY count(*) DESC, why",
            [*more, *parameters],
        )
        rows = cursor.fetchall()
    found.selected = sum(number for _reason, number, _people in rows)
    found.may_be_mailed = sum(number for reason, number, _people in rows if not reason)
    found.reached = sum(people for reason, _number, people in rows if not reason)
    found.reasons = {Reason(reason): number for reason, number, _people in rows if reason}


def _with_numbers(
    warnings: list[Finding],
    said: Sequence[CompileWarning],
    topics: Sequence[Purpose],
    channel: Channel,
    group: Q,
    at: datetime,
) -> list[Finding]:
    """A field without a fallback: for how many people it is empty; nothing is said when for none.

    One statement per such field, five at most: an author who uses more reads the plain sentence.
    """
    named = [each.field for each in said if each.code == "no-fallback"]
    numbers: dict[str, int] = {}
    for name in list(dict.fromkeys(named))[:_MOST_COUNTED]:
        with contextlib.suppress(GroupRefused):  # no field of groups: the sentence stays as it is
            empty = group_condition(f"{name} is empty", topics[0], at)
            numbers[name] = _may_be_mailed(topics, channel, group & empty, at)
    told = {
        warning_sentence(each): (each.field, numbers[each.field])
        for each in said
        if each.code == "no-fallback" and each.field in numbers
    }
    kept = []
    for each in warnings:
        name, number = told.get(each.sentence, ("", -1))
        if number > 0:
            kept.append(replace(each, sentence=empty_sentence(name, number)))
        elif number < 0:
            kept.append(each)
    return kept


def _may_be_mailed(topics: Sequence[Purpose], channel: Channel, group: Q, at: datetime) -> int:
    selection, parameters = selection_sql(topics[0], channel, group, at=at, also=topics[1:])
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM ({selection}) AS picked WHERE reason = ''",  # noqa: S608 - ours
            parameters,
        )
        return int(cursor.fetchone()[0])


def _form_closed(name: str) -> str:
    return _("The letter leads to the form “%(name)s”, which is closed. Change the link.") % {
        "name": name
    }


def _no_recipients(selected: int) -> str:
    if not selected:
        return _("Nobody is in this group. Choose another one, or add people first.")
    return _("Nobody in this group may be mailed about this topic. Below is why, and what to do.")
