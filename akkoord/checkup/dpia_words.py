"""Criteria, kinds of processing, levels and decisions of an assessment in the reader's words."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from akkoord.law.dpia_rules import (
    Criterion,
    Decision,
    Feared,
    Height,
    Level,
    Listed,
    Part,
    Standing,
)

CRITERIA: Mapping[Criterion, tuple[Any, Any]] = {
    Criterion.EVALUATION: (
        _("You give people marks, or make a profile of them"),
        _("For example what somebody likes, will buy or can pay."),
    ),
    Criterion.AUTOMATED: (
        _("A computer decides something that matters to people"),
        _("For example who may buy on credit, without a person who looks."),
    ),
    Criterion.MONITORING: (
        _("You follow people"),
        _("For example with cameras, or by keeping who opens and presses what."),
    ),
    Criterion.SENSITIVE: (
        _("It is about something very private"),
        _("Health, faith, descent, money, crimes, or where somebody is."),
    ),
    Criterion.LARGE_SCALE: (
        _("It is about very many people"),
        _("Weigh how many people, how much of each, for how long, and how wide an area."),
    ),
    Criterion.COMBINING: (
        _("You join data that were collected for different goals"),
        _("In a way that people would not expect."),
    ),
    Criterion.VULNERABLE: (
        _("It is about people who can hardly refuse"),
        _("Children, patients, people in need, and your own staff."),
    ),
    Criterion.INNOVATIVE: (
        _("You use a technique that is new"),
        _("For example recognising faces, or artificial intelligence."),
    ),
    Criterion.EXCLUDING: (
        _("People can be kept from something by it"),
        _("For example a service, an agreement or a right."),
    ),
}
LISTED: Mapping[Listed, Any] = {
    Listed.COVERT: _("Looking into somebody without telling them"),
    Listed.BLACKLIST: _("A list of unwanted people that is shared with others"),
    Listed.FRAUD: _("Finding fraud, at large scale or all the time"),
    Listed.CREDIT: _("Judging how well people can pay, at large scale or all the time"),
    Listed.FINANCES: _("Income, wealth or spending of people, at large scale or all the time"),
    Listed.GENETIC: _("Genetic data, at large scale or all the time"),
    Listed.HEALTH: _("Health, at large scale (not of one doctor or therapist)"),
    Listed.COOPERATION: _("Sharing private data with other bodies in a partnership"),
    Listed.CAMERAS: _("Cameras in places where everybody comes, at large scale or all the time"),
    Listed.MOVING_CAMERAS: _("Cameras that move, such as on clothes, cars or drones"),
    Listed.STAFF: _("Watching what staff do, at large scale or all the time"),
    Listed.LOCATION: _("Where people are, at large scale or all the time"),
    Listed.COMMUNICATION: _("With whom people call, write or chat, at large scale or all the time"),
    Listed.THINGS: _("Things that send data of people, at large scale or all the time"),
    Listed.PROFILING: _("Profiles of people, thorough and by computer"),
    Listed.BEHAVIOUR: _("Watching or steering what people do, at large scale"),
    Listed.BIOMETRIC: _("Knowing people by their face, finger or voice"),
}
PARTS: Mapping[Part, tuple[Any, Any, str]] = {
    Part.DESCRIPTION: (
        _("What happens with the data?"),
        _("From getting them to throwing them away: who does what, with which systems."),
        "AVG 35(7)(a)",
    ),
    Part.NECESSITY: (
        _("Why does it take these data, and could it be done with less?"),
        _("Say what you want to reach, why nothing lighter does it, and what you left out."),
        "AVG 35(7)(b), 5(1)",
    ),
    Part.RIGHTS: (
        _("How do people keep a say?"),
        _("How they are told, how they agree or object, see, correct and have things erased."),
        "AVG 12-22, 35(7)(b)",
    ),
    Part.ACCESS: (
        _("Somebody gets at the data who should not"),
        _("Think of a stolen password, a wrong address, a member of staff who looks."),
        "AVG 35(7)(c) (d)",
    ),
    Part.CHANGE: (
        _("The data are changed and nobody wanted it"),
        _("Think of a mistake, a wrong file, somebody who means harm."),
        "AVG 35(7)(c) (d)",
    ),
    Part.LOSS: (
        _("The data are gone"),
        _("Think of fire, a broken disk, software that takes data hostage."),
        "AVG 35(7)(c) (d)",
    ),
    Part.OFFICER: (
        _("What does your data protection officer say?"),
        _("Write the advice down, and what you do with it."),
        "AVG 35(2)",
    ),
    Part.PEOPLE: (
        _("What do the people themselves think of it?"),
        _("Say whom you asked and what they said, in general words. Or why you did not ask."),
        "AVG 35(9)",
    ),
}
SEVERITY: Mapping[Level, tuple[Any, Any]] = {
    Level.NEGLIGIBLE: (_("Hardly"), _("A small annoyance that is over soon.")),
    Level.LIMITED: (_("Somewhat"), _("A real nuisance, with some trouble to get over.")),
    Level.SIGNIFICANT: (_("Badly"), _("Great trouble: money lost, a job, fear, damage to health.")),
    Level.MAXIMUM: (_("Very badly"), _("Harm that cannot be undone.")),
}
LIKELIHOOD: Mapping[Level, tuple[Any, Any]] = {
    Level.NEGLIGIBLE: (_("Hardly thinkable"), _("It seems impossible.")),
    Level.LIMITED: (_("Not easily"), _("It would be difficult.")),
    Level.SIGNIFICANT: (_("It can happen"), _("It seems possible.")),
    Level.MAXIMUM: (_("It will happen"), _("It seems very easy.")),
}
FEARED: Mapping[Feared, Any] = {
    Feared.ACCESS: PARTS[Part.ACCESS][0],
    Feared.CHANGE: PARTS[Part.CHANGE][0],
    Feared.LOSS: PARTS[Part.LOSS][0],
}
HEIGHTS: Mapping[Height, tuple[Any, str, str]] = {
    Height.LOW: (pgettext_lazy("risk", "Low"), "good", "check"),
    Height.MIDDLE: (pgettext_lazy("risk", "To be made smaller"), "needs-you", "alert-triangle"),
    Height.HIGH: (pgettext_lazy("risk", "High"), "not-allowed", "ban"),
}
DECISIONS: Mapping[Decision, tuple[Any, Any]] = {
    Decision.GO: (_("It goes ahead"), _("With the measures that stand here.")),
    Decision.ASK: (
        _("First the AP is asked"),
        _("It does not begin before the AP answers: eight weeks, at most six more (art. 36)."),
    ),
    Decision.STOP: (_("It does not go ahead"), _("End the activity in the register too.")),
}
STANDINGS: Mapping[Standing, tuple[Any, str, str]] = {
    Standing.UNSEEN: (_("Not looked at yet"), "needs-you", "question-mark"),
    Standing.NOT_NEEDED: (_("Not needed"), "good", "check"),
    Standing.TO_MAKE: (_("Needed, not made yet"), "not-allowed", "ban"),
    Standing.OLD: (_("Look at it again"), "needs-you", "alert-triangle"),
    Standing.ASK: (_("The AP is asked first"), "not-allowed", "alert-triangle"),
    Standing.STOPPED: (_("May not go ahead"), "not-allowed", "ban"),
    Standing.DONE: (_("Made and decided"), "good", "check"),
}
