"""What must be shown of a yes that staff enter."""

import pytest

from akkoord.law.evidence_rules import Evidence, judge_evidence, state_of_yes
from akkoord.law.reasons import Reason
from akkoord.law.states import Channel, Method, PermissionState

CALL = Evidence(
    caller="Anouk", script="3", recording="rec-7", shows_number=True, offers_objection=True
)


def without(**values: object) -> Evidence:
    return Evidence(
        **{name: getattr(CALL, name) for name in Evidence.__dataclass_fields__} | values  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    ("method", "channel", "evidence", "reason"),
    [
        (Method.PAPER, Channel.EMAIL, Evidence(), Reason.NO_EVIDENCE),
        (Method.PAPER, Channel.EMAIL, Evidence(has_file=True), None),
        (Method.PAPER, Channel.EMAIL, Evidence(is_own_act=True), Reason.NO_EVIDENCE),
        (Method.COUNTER, Channel.EMAIL, Evidence(), Reason.NO_EVIDENCE),
        (Method.COUNTER, Channel.EMAIL, Evidence(has_file=True), None),
        (Method.COUNTER, Channel.EMAIL, Evidence(is_own_act=True), None),
        (Method.CHECKOUT, Channel.EMAIL, Evidence(), Reason.NO_EVIDENCE),
        (Method.CHECKOUT, Channel.EMAIL, Evidence(receipt=" "), Reason.NO_EVIDENCE),
        (Method.CHECKOUT, Channel.EMAIL, Evidence(receipt="2026-104"), None),
        (Method.CHECKOUT, Channel.POST, Evidence(has_file=True), None),
        (Method.PHONE, Channel.EMAIL, CALL, None),
        (Method.PHONE, Channel.PHONE, CALL, None),
        (Method.PHONE, Channel.EMAIL, without(caller=" "), Reason.NO_EVIDENCE),
        (Method.PHONE, Channel.EMAIL, without(script=""), Reason.NO_EVIDENCE),
        (Method.PHONE, Channel.EMAIL, without(recording=""), Reason.NO_EVIDENCE),
        (Method.PHONE, Channel.EMAIL, Evidence(has_file=True), Reason.NO_EVIDENCE),
        (Method.PHONE, Channel.EMAIL, without(shows_number=False), Reason.CALLER_HIDDEN),
        (Method.WEB_FORM, Channel.EMAIL, Evidence(), None),
        (Method.PREFERENCE_CENTRE, Channel.PHONE, Evidence(), None),
    ],
)
def test_a_yes_that_staff_enter_needs_its_evidence(method, channel, evidence, reason) -> None:
    assert judge_evidence(method, channel, evidence).reason == reason


@pytest.mark.parametrize("method", [Method.PAPER, Method.COUNTER, Method.PHONE, Method.CHECKOUT])
def test_inv20_a_call_permission_offers_the_right_of_objection(method) -> None:
    shown = without(has_file=True, receipt="1", offers_objection=False)
    assert judge_evidence(method, Channel.PHONE, shown).reason is Reason.NO_OBJECTION_OFFERED
    assert judge_evidence(method, Channel.SMS, shown)
    assert judge_evidence(method, Channel.PHONE, without(has_file=True, receipt="1"))


@pytest.mark.parametrize("channel", Channel)
def test_inv13_a_mail_address_that_was_spelled_out_waits_for_its_click(channel) -> None:
    said = state_of_yes(Method.PHONE, channel)
    # GIVEN by telephone is folded to a request (law.standings).
    assert said is (
        PermissionState.GIVEN if channel is Channel.EMAIL else PermissionState.CONFIRMED
    )
    assert state_of_yes(Method.PAPER, channel) is PermissionState.GIVEN
