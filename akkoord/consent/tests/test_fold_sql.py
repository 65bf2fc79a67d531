"""The database's fold and the law's fold are the same fold."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from akkoord.law.standings import FoldedState, PermissionFact, fold_all
from akkoord.law.states import ActorKind, Basis, Method, PermissionState

START = datetime(2026, 1, 1, tzinfo=UTC)
FOLD = """
SELECT f.state, f.basis, f.since, f.ref, f.is_own, f.valid_until, f.pending_since FROM (
  SELECT (consent_fold(state, basis, method, actor, happened, until, ref
            ORDER BY happened, state IN ('objected', 'withdrawn', 'refused'), recorded, ref)).*
    FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::timestamptz[],
                %s::timestamptz[], %s::timestamptz[], %s::uuid[])
      AS e(state, basis, method, actor, happened, recorded, until, ref)) AS f
"""
days = st.integers(0, 6).map(lambda day: START + timedelta(days=day))


@st.composite
def facts(draw: st.DrawFn) -> list[PermissionFact]:
    return [
        PermissionFact(
            state=draw(st.sampled_from(PermissionState)),
            basis=draw(st.sampled_from([Basis.CONSENT, Basis.CONSENT, *Basis])),
            method=draw(st.sampled_from(Method)),
            actor=draw(st.sampled_from(ActorKind)),
            happened_at=draw(days),
            recorded_at=draw(days),
            valid_until=draw(st.none() | days),
            ref=str(uuid.UUID(int=number + 1)),
        )
        for number in range(draw(st.integers(1, 7)))
    ]


def fold_in_database(history: list[PermissionFact]) -> FoldedState:
    with connection.cursor() as cursor:
        cursor.execute(
            FOLD,
            [
                [f.state for f in history],
                [f.basis for f in history],
                [f.method for f in history],
                [f.actor for f in history],
                [f.happened_at for f in history],
                [f.recorded_at for f in history],
                [f.valid_until for f in history],
                [f.ref for f in history],
            ],
        )
        state, basis, since, ref, own, until, pending = cursor.fetchone()
    return FoldedState(
        state=PermissionState(state),
        basis=Basis(basis),
        since=since,
        ref=str(ref),
        is_own=own,
        valid_until=until,
        pending_since=pending,
    )


@pytest.mark.django_db
@settings(
    max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(facts())
def test_inv06_database_and_law_fold_alike(history: list[PermissionFact]) -> None:
    assert fold_in_database(history) == fold_all(history)
