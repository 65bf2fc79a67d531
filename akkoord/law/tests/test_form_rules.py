"""What each kind of form may ask (invariants 8, 10, 13, 31)."""

from dataclasses import replace

import pytest

from akkoord.law.form_rules import (
    FormKind,
    FormPlan,
    fields_needed,
    judge_confirmation_text,
    judge_plan,
    promotion_in,
)
from akkoord.law.reasons import Reason

PLAN = FormPlan(
    kind=FormKind.NEWSLETTER,
    topics=1,
    asks_terms=False,
    offers_opt_out=False,
    own_activity=False,
    asked=frozenset({"email", "first_name"}),
    needed=frozenset({"email", "first_name", "language"}),
)
ORDER = replace(PLAN, kind=FormKind.CHECKOUT, own_activity=True, topics=0)


@pytest.mark.parametrize(
    ("plan", "reason"),
    [
        (PLAN, None),
        (replace(PLAN, kind=FormKind.COUNTER), None),
        (replace(PLAN, topics=0), Reason.NO_CHOICE),
        (replace(PLAN, kind=FormKind.COUNTER, topics=0), Reason.NO_CHOICE),
        (replace(PLAN, asks_terms=True), Reason.TERMS_WITHOUT_CONTRACT),
        (replace(PLAN, offers_opt_out=True), Reason.NO_SALE),
        (replace(PLAN, kind=FormKind.QUESTION, topics=0), Reason.NO_REGISTER_ENTRY),
        (replace(PLAN, kind=FormKind.QUESTION, topics=0, own_activity=True), None),
        (
            replace(PLAN, kind=FormKind.QUESTION, own_activity=True, asks_terms=True),
            Reason.TERMS_WITHOUT_CONTRACT,
        ),
        (ORDER, None),
        (replace(ORDER, asks_terms=True), None),
        (replace(ORDER, offers_opt_out=True), None),
        (replace(ORDER, topics=2), None),
        (replace(ORDER, offers_opt_out=True, topics=1), Reason.OPT_OUT_BESIDE_CONSENT),
    ],
)
def test_which_forms_may_be(plan: FormPlan, reason: Reason | None) -> None:
    """A form has something to choose or to do; terms need a contract, an opt-out a sale."""
    assert judge_plan(plan).reason is reason


def test_inv31_a_field_that_nothing_on_the_form_needs_is_refused() -> None:
    """Minimisation: what no chosen purpose needs cannot be asked."""
    asked = PLAN.asked | {"city"}
    assert judge_plan(replace(PLAN, asked=asked)).reason is Reason.FIELD_OUTSIDE_PURPOSE
    assert judge_plan(replace(PLAN, asked=asked, needed=PLAN.needed | {"city"}))


def test_inv31_the_register_and_the_code_must_both_allow_a_field() -> None:
    """A town was made for service; admitting it for letters does not make it serve them."""
    serves = {"city": {"service"}, "email": {"service", "marketing"}}
    classes = {"letters": {"marketing"}, "orders": {"service"}}
    assert fields_needed({"letters": {"email", "city"}}, classes, serves) == {"email"}
    assert fields_needed({"orders": {"city"}}, classes, serves) == {"city"}
    assert fields_needed({"letters": {"shoe-size"}}, classes, serves) == {"shoe-size"}
    assert fields_needed({"unknown": {"city"}}, classes, serves) == frozenset()


@pytest.mark.parametrize(
    "text",
    [
        "Bevestig en krijg 10% korting.",
        "Met een kortingscode van ons.",
        "Bekijk onze aanbiedingen",
        "Nu voor € 10",
        "Confirm and get a FREE gift",
        "special offer inside",
    ],
)
def test_inv13_a_confirmation_carries_no_promotion(text: str) -> None:
    """It asks one thing: is it you?"""
    assert promotion_in(text)
    assert judge_confirmation_text(text).reason is Reason.PROMOTION_IN_SERVICE_MESSAGE


@pytest.mark.parametrize(
    "text", ["Klopt uw aanmelding?", "Press the button to confirm.", "Wij zijn vrijdag open.", ""]
)
def test_inv13_plain_words_may_stand(text: str) -> None:
    """Ordinary words are left alone."""
    assert judge_confirmation_text(text)
