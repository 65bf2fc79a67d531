"""Pre-flight: what would happen if this were sent now; it changes nothing.

Counts who is selected, who may be mailed and why the others may not, and says in plain words what
blocks and what to look at. What cannot be checked off-line is a warning, never a silent pass.
"""

from dataclasses import dataclass, field
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
from akkoord.messages.compile import Compiled, MessageSource
from akkoord.messages.dispatch import (
    DispatchRefused,
    channel_of,
    check_way_back,
    compile_for,
)
from akkoord.messages.groups import GroupRefused, group_condition
from akkoord.messages.push import PushSource, compile_push
from akkoord.messages.selection import selection_sql
from akkoord.messages.sentences import compile_sentence, warning_sentence
from akkoord.messages.template import CompileError
from akkoord.register.models import Purpose


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that blocks or that deserves a look: a stable code and a finished sentence.

    `place`: the part of the message, with its line when one is to blame.
    """

    code: str
    sentence: str
    place: str = ""


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
    *, purpose: Purpose, source: MessageSource | PushSource, segment: str, at: datetime
) -> Preflight:
    """Everything that is known before sending. Refuses nothing itself; `start_dispatch` does."""
    found = Preflight()
    if purpose.ended_at is not None:
        found.blocking.append(
            Finding("purpose-ended", _("This topic has ended. Choose another one."))
        )
    if isinstance(source, PushSource):
        _check_push(purpose, source, found)
    else:
        _check_surroundings(source, _check_message(purpose, source, found), found)
    text = f"{source.body} {source.link}" if isinstance(source, PushSource) else source.body
    if closed := closed_forms_in(text, base=settings.BASE_URL):
        found.blocking.append(Finding("form-closed", _form_closed(closed[0]), "body"))
    try:
        group = group_condition(segment, purpose, at)
    except GroupRefused as problem:
        found.blocking.append(Finding(problem.code, problem.sentence, "segment"))
        return found
    _count(purpose, channel_of(source), group, at, found)
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


def _check_message(purpose: Purpose, source: MessageSource, found: Preflight) -> Compiled | None:
    try:
        compiled = compile_for(purpose, source)
    except CompileError as problem:
        place = f"{problem.part}:{problem.line}" if problem.line else problem.part
        found.blocking.append(Finding(problem.code, compile_sentence(problem), place))
        return None
    found.warnings += [
        Finding(each.code, warning_sentence(each), f"body:{each.line}" if each.line else "")
        for each in compiled.warnings
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
    if compiled is not None and _links_of(source):
        found.warnings.append(
            Finding("links-not-checked", _("Not checked: whether the links in the letter work."))
        )


def _links_of(source: MessageSource) -> bool:
    own = urlsplit(settings.BASE_URL).netloc
    words = source.body.replace("(", " ").replace('"', " ").replace("<", " ").split()
    return any(
        word.startswith(("https://", "http://")) and urlsplit(word).netloc != own for word in words
    )


def _count(purpose: Purpose, channel: Channel, group: Q, at: datetime, found: Preflight) -> None:
    """One statement: each person (for push each device) once, with the gate's first reason."""
    selection, parameters = selection_sql(purpose, channel, group, at=at)
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


def _form_closed(name: str) -> str:
    return _("The letter leads to the form “%(name)s”, which is closed. Change the link.") % {
        "name": name
    }


def _no_recipients(selected: int) -> str:
    if not selected:
        return _("Nobody is in this group. Choose another one, or add people first.")
    return _("Nobody in this group may be mailed about this topic. Below is why, and what to do.")
