"""Four eyes over a list of people to forget: who may do what, and when."""

from uuid import UUID

import pytest

from akkoord.law.list_rules import ListRefusal, ListStep, left_out, refusal_of

ONE, OTHER = UUID(int=1), UUID(int=2)


@pytest.mark.parametrize(
    ("step", "state", "by", "late", "goes", "refusal"),
    [
        ("ask", "draft", ONE, False, 3, None),
        ("ask", "draft", OTHER, False, 3, "not-theirs"),
        ("ask", "draft", ONE, True, 3, "too-late"),
        ("ask", "draft", ONE, False, 0, "nobody"),
        ("ask", "asked", ONE, False, 3, "not-now"),
        ("approve", "asked", OTHER, False, 3, None),
        ("approve", "asked", ONE, False, 3, "same-person"),
        ("approve", "asked", None, False, 3, "not-theirs"),
        ("approve", "asked", OTHER, True, 3, "too-late"),
        ("approve", "asked", OTHER, False, 0, "nobody"),
        ("approve", "draft", OTHER, False, 3, "not-now"),
        ("approve", "running", OTHER, False, 3, "not-now"),
        ("refuse", "asked", ONE, True, 0, None),
        ("refuse", "draft", OTHER, False, 3, None),
        ("refuse", "running", OTHER, False, 3, "not-now"),
        ("stop", "running", ONE, True, 0, None),
        ("stop", "done", ONE, False, 3, "not-now"),
        ("stop", "running", None, False, 3, "not-theirs"),
    ],
)
def test_who_may_decide(
    step: str, state: str, by: UUID | None, late: bool, goes: int, refusal: str | None
) -> None:
    """Who asked never approves; nobody in particular decides nothing."""
    found = refusal_of(ListStep(step), state=state, by=by, made_by=ONE, is_late=late, goes=goes)
    assert found == (ListRefusal(refusal) if refusal else None)


@pytest.mark.parametrize(
    ("kinds", "stays"),
    [
        (["access"], True),
        (["access", "erasure"], False),
        (["erasure"], False),
        (["objection"], False),
        (["rectification", "objection"], True),
        ([], False),
    ],
)
def test_who_waits_for_an_answer_is_answered_first(kinds: list[str], stays: bool) -> None:
    """An open request for erasure is what the list does anyway."""
    assert left_out(kinds) is stays
