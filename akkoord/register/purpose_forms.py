"""Untrusted input: the questions of art. 6(4) when data begins to serve another purpose."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from akkoord.law.purpose_rules import (
    SHORTEST_REASON,
    Answer,
    Data,
    Factor,
    Weighed,
    needs_answers,
)

SAME, OTHER = "same", "other"
QUESTIONS: Mapping[Factor, tuple[Any, Mapping[Answer, Any]]] = {
    Factor.LINK: (
        gettext_lazy("What has the new purpose to do with the old one?"),
        {
            Answer.FOR: gettext_lazy("It follows from it"),
            Answer.BETWEEN: gettext_lazy("It has something to do with it"),
            Answer.AGAINST: gettext_lazy("It is something else altogether"),
        },
    ),
    Factor.CONTEXT: (
        gettext_lazy("Do people expect this, when they think of how you got their data?"),
        {
            Answer.FOR: gettext_lazy("Yes, it goes without saying"),
            Answer.BETWEEN: gettext_lazy("Some do"),
            Answer.AGAINST: gettext_lazy("No"),
        },
    ),
    Factor.NATURE: (
        gettext_lazy("What kind of data is it?"),
        {
            Answer.FOR: gettext_lazy("Ordinary, like a town or a size"),
            Answer.BETWEEN: gettext_lazy("Not told to just anybody, like money or family"),
            Answer.AGAINST: gettext_lazy("Of children, or something that makes people vulnerable"),
        },
    ),
    Factor.CONSEQUENCES: (
        gettext_lazy("What do people notice of it?"),
        {
            Answer.FOR: gettext_lazy("Little, or only ease"),
            Answer.BETWEEN: gettext_lazy("They are treated differently, for example another offer"),
            Answer.AGAINST: gettext_lazy("It can harm them, for example a refusal"),
        },
    ),
    Factor.SAFEGUARDS: (
        gettext_lazy("How do you protect them?"),
        {
            Answer.FOR: gettext_lazy("We tell them before, and they say no with one press"),
            Answer.BETWEEN: gettext_lazy("They can say no when they ask for it"),
            Answer.AGAINST: gettext_lazy("In no special way"),
        },
    ),
}


class WeighingForm(forms.Form):
    """What the law asks of this data: the questions that apply, and why."""

    because = forms.CharField(
        label=gettext_lazy("Why do you want this?"),
        max_length=300,
        min_length=SHORTEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("This is kept with the register, with your name."),
    )

    def __init__(self, data: Data, *args: Any, **options: Any) -> None:
        """Only the questions that help: the law leaves no choice over what people agreed to."""
        super().__init__(*args, **options)
        if data.may_be_same:
            self.fields["is_same"] = forms.ChoiceField(
                label=_("What changes?"),
                choices=[
                    (SAME, _("Only the words: the purpose stays the same")),
                    (OTHER, _("The purpose becomes another one")),
                ],
                widget=forms.RadioSelect,
            )
        if needs_answers(data):
            for factor, (label, answers) in QUESTIONS.items():
                self.fields[factor.value] = forms.ChoiceField(
                    label=label,
                    choices=[(answer.value, words) for answer, words in answers.items()],
                    widget=forms.RadioSelect,
                    required=False,
                )
        self.order_fields(["is_same", *QUESTIONS, "because"])

    def clean(self) -> dict[str, Any]:
        """Every question that is shown needs an answer, unless only the words change."""
        typed: dict[str, Any] = super().clean() or {}
        if typed.get("is_same") != SAME:
            for factor in QUESTIONS:
                if factor.value in self.fields and not typed.get(factor.value):
                    self.add_error(factor.value, _("Choose an answer."))
        return typed


def weighed_in(typed: Mapping[str, Any]) -> Weighed | None:
    """What was answered, as it was posted; None: nothing was asked yet."""
    if "because" not in typed:
        return None
    answers = {
        factor: Answer(typed[factor])
        for factor in Factor
        if typed.get(factor) in {each.value for each in Answer}
    }
    return Weighed(
        reason=str(typed["because"])[:300], is_same=typed.get("is_same") == SAME, answers=answers
    )


def questions_after(data: Data, typed: Mapping[str, Any]) -> WeighingForm:
    """The questions beside a form that needs them; with what is still lacking, once answered."""
    return WeighingForm(data, typed if "because" in typed else None)
