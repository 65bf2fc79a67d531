"""An assessment as it is read: on its page, and as a PDF that stands on its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from akkoord.checkup.dpia_queries import entry_of, has_officer, risks_of, texts_of
from akkoord.checkup.dpia_words import (
    CRITERIA,
    DECISIONS,
    FEARED,
    HEIGHTS,
    LIKELIHOOD,
    LISTED,
    PARTS,
    SEVERITY,
)
from akkoord.checkup.models import Assessment, Risk, Screening
from akkoord.law.dpia_rules import (
    Consultation,
    Criterion,
    Decision,
    Feared,
    Height,
    Level,
    Listed,
    Part,
    height_of,
    must_ask_authority,
)
from akkoord.register.entry_words import Line, lines_of
from akkoord.register.queries import organisation
from akkoord.web.documents import typeset
from akkoord.web.templatetags.akkoord import law

TYPESETTING = Path(__file__).with_name("print") / "dpia.typ"
_BEFORE = (Part.DESCRIPTION, Part.NECESSITY, Part.RIGHTS)
_AFTER = (Part.OFFICER, Part.PEOPLE)


@dataclass(frozen=True, slots=True)
class Written:
    """One part in words."""

    key: str
    title: Any
    article: str
    text: str


@dataclass(frozen=True, slots=True)
class Judged:
    """How a risk was judged at a moment: two levels in words, and its height."""

    severity: str
    likelihood: str
    height: Height
    word: Any
    kind: str
    icon: str


@dataclass(frozen=True, slots=True)
class RiskShown:
    """One risk in words; None: not judged yet."""

    key: str
    title: Any
    sources: str
    impacts: str
    measures: str
    before: Judged | None
    left: Judged | None


@dataclass(frozen=True, slots=True)
class Paper:
    """An assessment with everything that it says."""

    assessment: Assessment
    name: str
    facts: Sequence[Line]
    why: Sequence[str]
    before: Sequence[Written]
    risks: Sequence[RiskShown]
    after: Sequence[Written]
    asks_authority: bool
    decision: Any
    asked: str


def paper_of(assessment: Assessment) -> Paper:
    """Everything that an assessment says, in the reader's language."""
    entry, texts, risks = entry_of(assessment), texts_of(assessment), risks_of(assessment)
    after = [each for each in _AFTER if texts[each] or each is not Part.OFFICER or has_officer()]
    return Paper(
        assessment=assessment,
        name=entry.name if entry else assessment.activity_key,
        facts=[line for line in lines_of(entry) if line.parts] if entry else [],
        why=_why(assessment),
        before=[_written(each, texts) for each in _BEFORE],
        risks=[risk_shown(each, risks.get(each)) for each in Feared],
        after=[_written(each, texts) for each in after],
        asks_authority=must_ask_authority(each.facts for each in risks.values()),
        decision=DECISIONS[Decision(assessment.decision)][0] if assessment.decision else "",
        asked=_asked(assessment.consultation),
    )


def _asked(asked: Consultation) -> str:
    """What the authority was asked and said (art. 36), in words; empty when it never was."""
    if asked.asked_on is None:
        return ""
    said = _("The AP was asked on %(day)s.") % {"day": date_format(asked.asked_on, "j F Y")}
    if asked.answered_on is None:
        return said
    day = date_format(asked.answered_on, "j F Y")
    return " ".join((said, _("It answered on %(day)s:") % {"day": day}, asked.advice))


def screening_words(screening: Screening) -> list[str]:
    """What held of the criteria and of the list, in words."""
    found = [str(CRITERIA[Criterion(each)][0]) for each in screening.criteria]
    return found + [str(LISTED[Listed(each)]) for each in screening.listed]


def _why(assessment: Assessment) -> list[str]:
    """Why it was made: the answer to the criteria that held when it was decided."""
    found = Screening.objects.filter(activity_key=assessment.activity_key)
    if assessment.decided_at:
        found = found.filter(made_at__lte=assessment.decided_at)
    last = found.order_by("-version").first()
    return screening_words(last) if last else []


def _written(part: Part, texts: dict[str, str]) -> Written:
    title, _help, article = PARTS[part]
    return Written(part.value, title, article, texts[part.value])


def risk_shown(feared: Feared, risk: Risk | None) -> RiskShown:
    """One risk in words."""
    if risk is None:
        return RiskShown(feared.value, FEARED[feared], "", "", "", None, None)
    return RiskShown(
        feared.value,
        FEARED[feared],
        risk.sources,
        risk.impacts,
        risk.measures,
        _judged(risk.severity, risk.likelihood),
        _judged(risk.left_severity, risk.left_likelihood),
    )


def _judged(severity: int | None, likelihood: int | None) -> Judged | None:
    if severity is None or likelihood is None:
        return None
    height = height_of(severity, likelihood)
    return Judged(
        str(SEVERITY[Level(severity)][0]),
        str(LIKELIHOOD[Level(likelihood)][0]),
        height,
        *HEIGHTS[height],
    )


def pdf_of(assessment: Assessment, language: str) -> bytes:
    """The assessment on paper."""
    with translation.override(language):
        return typeset(TYPESETTING, _values(paper_of(assessment), language))


def _values(paper: Paper, language: str) -> dict[str, Any]:
    house, made = organisation(), paper.assessment
    decided = made.decided_at
    state = (
        _("Version %(number)s, decided on %(day)s")
        % {
            "number": made.version,
            "day": date_format(timezone.localtime(decided), "j F Y"),
        }
        if decided
        else _("Draft of version %(number)s") % {"number": made.version}
    )
    return {
        "language": language,
        "title": _("Data protection impact assessment"),
        "name": paper.name,
        "subtitle": state,
        "article": law("AVG 35"),
        "controller": house.name if house else "",
        "page": _("page"),
        "empty": "–",
        "why_title": _("Why it was made"),
        "why": list(paper.why),
        "facts_title": _("What the register says"),
        "facts": [(line.label, line.parts) for line in paper.facts],
        "parts": [(str(each.title), law(each.article), each.text) for each in paper.before],
        "risks_title": _("What may happen"),
        "risks": [_risk_values(each) for each in paper.risks],
        "words": {
            "sources": _("How, and by whom"),
            "impacts": _("What it means for people"),
            "before": _("Without measures"),
            "measures": _("What is done against it"),
            "left": _("What stays"),
        },
        "after": [(str(each.title), law(each.article), each.text) for each in paper.after],
        "decision_title": _("Decision"),
        "decision": str(paper.decision or _("Not decided yet")),
        "decision_reason": made.decision_reason,
        "review": _("Look at it again on %(day)s") % {"day": date_format(made.review_on, "j F Y")}
        if made.review_on
        else "",
        "asked": paper.asked,
        "asks": authority_sentence() if paper.asks_authority else "",
    }


def authority_sentence() -> str:
    """What a high risk that stays means (art. 36(1))."""
    return _(
        "A high risk stays in spite of the measures. Then the AP must be asked before it begins "
        "(art. 36)."
    )


def _risk_values(risk: RiskShown) -> dict[str, Any]:
    return {
        "title": str(risk.title),
        "sources": risk.sources,
        "impacts": risk.impacts,
        "measures": risk.measures,
        "before": _judged_words(risk.before),
        "left": _judged_words(risk.left),
        "height": risk.left.height.value if risk.left else "",
    }


def _judged_words(judged: Judged | None) -> str:
    if judged is None:
        return "–"
    return f"{judged.word}: {judged.severity.lower()}, {judged.likelihood.lower()}"
