"""Letters to the people (art. 34): written in plain words, checked, sent by the pipeline.

Every element of art. 34(2) has a place of its own, so that none is forgotten. The letter carries no
advertising, and a drill sends none.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from akkoord.breaches.actions import BreachRefused
from akkoord.breaches.letter_facts import body_of, letter_of
from akkoord.breaches.letter_words import LANGUAGES, SUBJECT
from akkoord.breaches.log import note
from akkoord.breaches.models import Breach, BreachNotice
from akkoord.breaches.texts import person_in, refusal
from akkoord.breaches.told import untold
from akkoord.breaches.words import LETTER_PARTS
from akkoord.composing.queries import look_now
from akkoord.law.breach_rules import Decision, LetterPart, missing_in_letter
from akkoord.messages.compile import MessageSource, Sender
from akkoord.messages.dispatch import (
    DispatchRefused,
    cancel_dispatch,
    compile_for,
    resume_dispatch,
)
from akkoord.messages.duty import reach_of, start_duty_letters
from akkoord.messages.filling import Compiled
from akkoord.messages.footer import Footer
from akkoord.messages.models import Message
from akkoord.messages.sentences import compile_sentence
from akkoord.messages.service_fields import LEAK
from akkoord.messages.template import CompileError
from akkoord.people.models import Person
from akkoord.register.leak_activity import leak_purpose, leak_purpose_there
from akkoord.register.models import Organisation
from akkoord.register.queries import organisation
from akkoord.trail.actions import Actor

GO_ON = "verder"
STEERS = {GO_ON: resume_dispatch, "stop": cancel_dispatch}


def source_of(breach: Breach, language: str) -> MessageSource:
    """The letter with its real sender; what it rests on is the leak."""
    house, letter = organisation() or Organisation(), letter_of(breach, language)
    return MessageSource(
        subject=letter.get(SUBJECT, ""),
        body=body_of(letter, language),
        body_format="markdown",
        language=language,
        sender=Sender(house.sender_name, house.sender_email, house.contact_email),
        footer=Footer(house.name, house.address, house.contact_email, is_leak=True),
        list_id=f"service.{house.mail_domain}",
        domain=house.mail_domain,
        look=look_now(),
        is_service=True,
        about=LEAK,
        evidence=str(breach.id),
    )


@transaction.atomic
def keep_letter(
    *, breach_id: Any, language: str, letter: Mapping[str, str], at: datetime, actor: Actor
) -> Breach:
    """Keep the letter. Refuses one in which an element of art. 34(2) is missing, one that sells
    (INV-26) or does not compile, and one in which a person stands."""
    breach = Breach.objects.select_for_update().get(id=breach_id)
    _refuse_closed(breach)
    house = organisation()
    for part, text in letter.items():
        if found := person_in(text, house):
            raise BreachRefused(part, refusal(found))
    missing = missing_in_letter({part: letter.get(part, "") for part in LetterPart})
    if missing:
        raise BreachRefused(
            missing[0],
            _("“%(part)s” must stand in the letter.") % {"part": LETTER_PARTS[missing[0]]},
        )
    breach.letter = {**breach.letter, language: {key: text.strip() for key, text in letter.items()}}
    breach.letter_at = breach.changed_at = at
    check_letter(breach, language, at=at, actor=actor)
    breach.save()
    note(breach, "letter-write", at=at, actor=actor, fields=(language,))
    return breach


def check_letter(breach: Breach, language: str, *, at: datetime, actor: Actor) -> Compiled:
    """Compile it. Raises BreachRefused at the field, with the words that sell when it does.

    That a letter may leave stands in the register from then on; of a drill nothing stays there.
    """
    try:
        with transaction.atomic():
            compiled = compile_for(leak_purpose(at=at, actor=actor), source_of(breach, language))
            transaction.set_rollback(breach.is_drill)
        return compiled
    except CompileError as problem:
        field = SUBJECT if problem.part == "subject" else ""
        raise BreachRefused(field, compile_sentence(problem)) from None


def people_for(breach: Breach, language: str) -> QuerySet[Any]:
    """Ids of the untold who read this language; Dutch is for who has none that was written."""
    ids = untold(breach).values("person_id")
    people = Person.objects.filter(id__in=ids)
    written = [each for each in LANGUAGES if breach.letter.get(each)]
    if language == "nl":
        people = people.exclude(language__in=[each for each in written if each != "nl"])
    else:
        people = people.filter(language=language)
    return people.order_by().values_list("id")


def english_readers(breach: Breach) -> int:
    """How many of the untold read English: for them the letter is in English (art. 12(1))."""
    return Person.objects.filter(id__in=untold(breach).values("person_id"), language="en").count()


def reach(breach: Breach, *, at: datetime) -> dict[str, int] | None:
    """How many of the untold a mail can reach, and of the others why not; None: no letter was kept.

    It only reads.
    """
    purpose = leak_purpose_there()
    if purpose is None:
        return None
    people = Person.objects.filter(id__in=untold(breach).values("person_id")).values_list("id")
    return reach_of(purpose=purpose, evidence=breach.id, people=people, at=at)


@transaction.atomic
def send_letters(*, breach_id: Any, at: datetime, actor: Actor) -> list[BreachNotice]:
    """Send the letter to everybody affected who was not told, each once, in their language.

    Refuses a drill, what was not decided, a letter that was not written, and when nobody can be
    reached; what stops every letter (links that lead nowhere, a mail server without a contract).
    """
    breach = Breach.objects.select_for_update().get(id=breach_id)
    _refuse_unfit(breach)
    purpose = leak_purpose(at=at, actor=actor)
    made = []
    for language in LANGUAGES:
        people = people_for(breach, language)
        if not breach.letter.get(language) or not people.exists():
            continue
        try:
            run = start_duty_letters(
                purpose=purpose,
                source=source_of(breach, language),
                people=people,
                approved_by=actor.id,
                at=at,
            )
        except CompileError as problem:
            raise BreachRefused("", compile_sentence(problem)) from None
        except DispatchRefused as problem:
            raise BreachRefused("", problem.sentence) from None
        to_send = run.messages.filter(state=Message.State.DUE).count()
        made.append(_notice(breach, run.id, language, to_send, at, actor))
    if not sum(each.sent_to for each in made):
        raise BreachRefused(
            "", _("There is nobody whom a mail can reach. See the letters by post.")
        )
    note(breach, "letter-send", at=at, actor=actor)
    return made


@transaction.atomic
def steer_letters(*, breach_id: UUID, run_id: UUID, act: str, at: datetime, actor: Actor) -> None:
    """Let letters that stand still go on, or stop them for good.

    Who got none of a run that was stopped is not told, and can be written to again. Refuses a run
    of another leak, and to go on with what may not be sent.
    """
    breach = Breach.objects.select_for_update().get(id=breach_id)
    if not breach.notices.filter(dispatch_id=run_id).exists():
        raise BreachRefused("", _("These letters are not of this leak."))
    if act == GO_ON:
        _refuse_unfit(breach)
    try:
        STEERS[act](dispatch_id=run_id, at=at, by=actor.id)
    except DispatchRefused as problem:
        raise BreachRefused("", problem.sentence) from None
    note(breach, "letter-resume" if act == GO_ON else "letter-cancel", at=at, actor=actor)


def _notice(
    breach: Breach, run_id: Any, language: str, to_send: int, at: datetime, actor: Actor
) -> BreachNotice:
    letter = breach.letter[language]
    return BreachNotice.objects.create(
        breach=breach,
        kind=BreachNotice.Kind.PEOPLE,
        at=at,
        by=actor.id,
        due_at=breach.due_at,
        dispatch_id=run_id,
        sent_to=to_send,
        language=language,
        content=[[letter[SUBJECT], body_of(letter, language)]],
    )


def _refuse_closed(breach: Breach) -> None:
    if breach.state == Breach.State.CLOSED:
        raise BreachRefused("", _("This leak is closed. Open it again first."))


def _refuse_unfit(breach: Breach) -> None:
    _refuse_closed(breach)
    if breach.is_drill:
        raise BreachRefused("", _("This is a drill. Nothing is sent to anybody."))
    if breach.decision != Decision.PERSONS:
        raise BreachRefused("", _("Decide first that the people are told."))
    if not breach.letter.get("nl"):
        raise BreachRefused("", _("Write the letter first, and keep it."))
