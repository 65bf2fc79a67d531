"""When a yes is a yes, and what a form may ask (INV-5, 7-10, 12-14, 43)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from akkoord.law.consent_rules import (
    CONDITIONAL_ELEMENTS,
    NOTICE_ELEMENTS,
    AgeState,
    Box,
    FormDraft,
    GrantClaim,
    NoticeElement,
    judge_asking,
    judge_box,
    judge_confirmation,
    judge_confirmation_mail,
    judge_form,
    judge_grant,
    judge_lift,
    missing_elements,
)
from akkoord.law.reasons import Reason
from akkoord.law.states import ActorKind, Channel, Method, PermissionState

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
BOX = Box(frozenset({"news"}), frozenset({Channel.EMAIL}), "Send me the newsletter")
TERMS = Box(frozenset(), frozenset(), "I accept the terms", is_required=True, is_terms=True)
ALWAYS = frozenset(NoticeElement) - CONDITIONAL_ELEMENTS
FORM = FormDraft((BOX, TERMS), ALWAYS)
CLAIM = GrantClaim(
    box=BOX,
    is_ticked=True,
    method=Method.WEB_FORM,
    actor=ActorKind.PERSON,
    happened_at=NOW - HOUR,
    wording_hash="a1",
    notice_hash="b2",
    address_channel=Channel.EMAIL,
)


@pytest.mark.parametrize(
    ("box", "reason"),
    [
        (BOX, None),
        (TERMS, None),
        (replace(BOX, is_ticked_beforehand=True), Reason.TICKED_BEFOREHAND),
        (replace(TERMS, is_ticked_beforehand=True), Reason.TICKED_BEFOREHAND),
        (replace(BOX, is_required=True), Reason.REQUIRED_FOR_SERVICE),
        (replace(BOX, purposes=frozenset({"news", "offers"})), Reason.SEVERAL_PURPOSES),
        (replace(BOX, channels=frozenset({Channel.EMAIL, Channel.PHONE})), Reason.SEVERAL_CHANNELS),
        (replace(BOX, purposes=frozenset()), Reason.NO_CHOICE),
        (replace(BOX, channels=frozenset()), Reason.NO_CHOICE),
        (replace(BOX, wording="  "), Reason.NO_WORDING),
        (replace(TERMS, purposes=frozenset({"news"})), Reason.TERMS_ARE_NOT_CONSENT),
        (replace(TERMS, channels=frozenset({Channel.EMAIL})), Reason.TERMS_ARE_NOT_CONSENT),
    ],
)
def test_inv08_09_10_which_boxes_may_stand(box: Box, reason: Reason | None) -> None:
    """Unticked, one purpose, one channel, never required; the terms box apart."""
    assert judge_box(box).reason is reason


@pytest.mark.parametrize(
    ("form", "reason"),
    [
        (FORM, None),
        (replace(FORM, boxes=(TERMS,)), Reason.NO_CHOICE),
        (replace(FORM, boxes=()), Reason.NO_CHOICE),
        (replace(FORM, boxes=(BOX, replace(BOX, is_required=True))), Reason.REQUIRED_FOR_SERVICE),
        (replace(FORM, notice=None), Reason.NO_NOTICE),
        (replace(FORM, applies=frozenset({NoticeElement.TRANSFERS})), Reason.NOTICE_INCOMPLETE),
        (replace(FORM, asks_birth_date=True), Reason.BIRTH_DATE_FOR_AGE),
    ],
)
def test_inv43_which_forms_may_be_published(form: FormDraft, reason: Reason | None) -> None:
    """Every box in order, a choice to make, and a whole notice."""
    assert judge_form(form).reason is reason


@pytest.mark.parametrize("element", sorted(ALWAYS))
def test_inv43_each_missing_element_stops_the_form(element: NoticeElement) -> None:
    """None of them can be left out."""
    assert judge_form(replace(FORM, notice=ALWAYS - {element})).reason is Reason.NOTICE_INCOMPLETE
    assert missing_elements(ALWAYS - {element}) == (element,)


@pytest.mark.parametrize("element", sorted(CONDITIONAL_ELEMENTS))
def test_inv43_some_elements_only_where_there_is_such_a_thing(element: NoticeElement) -> None:
    """An officer, an interest, a transfer, an automated decision."""
    assert missing_elements(ALWAYS) == ()
    assert missing_elements(ALWAYS, {element}) == (element,)
    assert missing_elements(ALWAYS | {element}, {element}) == ()


def test_inv43_each_element_has_its_place_in_article_13() -> None:
    """The list is the article."""
    assert set(NOTICE_ELEMENTS) == set(NoticeElement)
    assert all(article.startswith("AVG 13(") for article in NOTICE_ELEMENTS.values())


@pytest.mark.parametrize(
    ("claim", "reason"),
    [
        (CLAIM, None),
        (replace(CLAIM, box=TERMS), Reason.TERMS_ARE_NOT_CONSENT),
        (replace(CLAIM, box=replace(BOX, is_ticked_beforehand=True)), Reason.TICKED_BEFOREHAND),
        (replace(CLAIM, box=replace(BOX, is_required=True)), Reason.REQUIRED_FOR_SERVICE),
        (replace(CLAIM, is_ticked=False), Reason.NO_AFFIRMATIVE_ACT),
        (replace(CLAIM, wording_hash=None), Reason.NO_WORDING),
        (replace(CLAIM, notice_hash=""), Reason.NO_NOTICE),
        (replace(CLAIM, address_channel=Channel.PHONE), Reason.BASIS_NOT_FOR_CHANNEL),
        (replace(CLAIM, has_evidence=False), Reason.NO_EVIDENCE),
        (replace(CLAIM, happened_at=NOW + HOUR), Reason.FUTURE_TIME),
        (replace(CLAIM, happened_at=NOW), None),
    ],
)
def test_inv07_08_09_12_which_grants_count(claim: GrantClaim, reason: Reason | None) -> None:
    """The act, the text, the notice, the channel, the proof and the time."""
    assert judge_grant(claim, at=NOW).reason is reason


@pytest.mark.parametrize("channel", [c for c in Channel if c is not Channel.EMAIL])
def test_inv12_consent_for_mail_is_for_no_other_channel(channel: Channel) -> None:
    """Not for a text, not for a call, not for a push."""
    verdict = judge_grant(replace(CLAIM, address_channel=channel), at=NOW)
    assert verdict.reason is Reason.BASIS_NOT_FOR_CHANNEL


@pytest.mark.parametrize(
    ("age", "parent", "allowed"),
    [
        (AgeState.UNKNOWN, False, True),
        (AgeState.SIXTEEN_OR_OVER, False, True),
        (AgeState.UNDER_SIXTEEN, False, False),
        (AgeState.UNDER_SIXTEEN, True, True),
    ],
)
def test_inv14_a_known_child_needs_a_parent(age: AgeState, parent: bool, allowed: bool) -> None:
    """Unknown is not refused."""
    verdict = judge_grant(replace(CLAIM, age=age, has_parent_consent=parent), at=NOW)
    assert verdict.allowed is allowed
    if not allowed:
        assert verdict.reason is Reason.CHILD_WITHOUT_PARENT


@pytest.mark.parametrize(
    ("stopped_as", "reason"),
    [
        (PermissionState.OBJECTED, Reason.OBJECTED_BEFORE),
        (PermissionState.WITHDRAWN, Reason.WITHDRAWN_BEFORE),
        (PermissionState.REFUSED, Reason.REFUSED),
        (None, Reason.OBJECTED_BEFORE),
    ],
)
def test_inv05_only_an_own_later_act_counts_after_a_no(
    stopped_as: PermissionState | None, reason: Reason
) -> None:
    """An import never; the person's own act only when later."""
    before = replace(CLAIM, stopped_at=NOW - 2 * HOUR, stopped_as=stopped_as)
    assert judge_grant(before, at=NOW).allowed
    imported = replace(before, method=Method.IMPORT, actor=ActorKind.IMPORT)
    assert judge_grant(imported, at=NOW).reason is reason
    assert judge_grant(replace(before, stopped_at=CLAIM.happened_at), at=NOW).reason is reason
    assert judge_grant(replace(before, stopped_at=NOW), at=NOW).reason is reason


def test_inv05_after_an_erasure_only_the_person_comes_back() -> None:
    """And never through a file, however new."""
    forgotten = replace(CLAIM, forgotten_at=NOW - 2 * HOUR)
    assert judge_grant(forgotten, at=NOW).allowed
    imported = replace(forgotten, method=Method.IMPORT, actor=ActorKind.IMPORT)
    assert judge_grant(imported, at=NOW).reason is Reason.FORGOTTEN_BEFORE
    late = replace(CLAIM, forgotten_at=NOW)
    assert judge_grant(late, at=NOW).reason is Reason.FORGOTTEN_BEFORE


@pytest.mark.parametrize(
    ("actor", "method", "hours", "reason"),
    [
        (ActorKind.PERSON, Method.PREFERENCE_CENTRE, 1, None),
        (ActorKind.STAFF, Method.PAPER, 1, None),
        (ActorKind.PERSON, Method.PREFERENCE_CENTRE, 0, Reason.OBJECTED_BEFORE),
        (ActorKind.STAFF, Method.STAFF, 1, Reason.NOT_OWN_ACT),
        (ActorKind.IMPORT, Method.IMPORT, 1, Reason.NOT_OWN_ACT),
    ],
)
def test_inv05_what_lifts_an_objection(
    actor: ActorKind, method: Method, hours: int, reason: Reason | None
) -> None:
    """The person's own act, later than the no."""
    verdict = judge_lift(actor=actor, method=method, happened_at=NOW + hours * HOUR, stopped_at=NOW)
    assert verdict.reason is reason


@pytest.mark.parametrize(
    ("last", "reason"),
    [
        (None, None),
        (NOW - 24 * HOUR, None),
        (NOW - 23 * HOUR, Reason.CONFIRMATION_SENT_RECENTLY),
        (NOW, Reason.CONFIRMATION_SENT_RECENTLY),
    ],
)
def test_inv13_one_confirmation_mail_a_day(last: datetime | None, reason: Reason | None) -> None:
    """Whoever presses the button more often gets no more mail."""
    assert judge_confirmation_mail(last, at=NOW).reason is reason


@pytest.mark.parametrize(
    ("days", "used", "reason"),
    [
        (0, False, None),
        (7, False, None),
        (8, False, Reason.LINK_EXPIRED),
        (-1, False, Reason.LINK_EXPIRED),
        (1, True, Reason.LINK_USED),
    ],
)
def test_inv13_a_request_expires(days: int, used: bool, reason: Reason | None) -> None:
    """Seven days, once."""
    requested = NOW - timedelta(days=days)
    assert judge_confirmation(requested, at=NOW, is_used=used).reason is reason


@pytest.mark.parametrize(
    ("refused", "reason"),
    [
        (None, None),
        (datetime(2026, 5, 24, 21, 59, tzinfo=UTC), None),
        (datetime(2026, 5, 24, 22, tzinfo=UTC), Reason.REFUSED_RECENTLY),
    ],
)
def test_nobody_is_asked_again_within_six_months(
    refused: datetime | None, reason: Reason | None
) -> None:
    """A no is a no for half a year."""
    assert judge_asking(refused, at=NOW).reason is reason
