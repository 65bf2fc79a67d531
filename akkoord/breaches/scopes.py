"""By which ways people came to be affected: each is one statement that answers ids of people.

From the facts themselves: standings, forms, files, letters, and the trail of who looked at whom.
"""

# ruff: noqa: S608 - the parts of the SQL are constants of this file

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from akkoord.breaches.models import BreachScope
from akkoord.law.terms import law_day
from akkoord.people.models import ContactPoint
from akkoord.segments.language import segment_condition
from akkoord.segments.models import Group
from akkoord.segments.refusals import SegmentError
from akkoord.trail.models import ActorKind

Kind = BreachScope.Kind

# Index: consent_standing_counts.
_TOPIC = "SELECT person_id FROM consent_standing WHERE purpose_id = %(value)s"
# Index: the sign-ups of a version; events have none by form, so the source of the person counts.
_FORM = """
SELECT s.person_id FROM consent_signup s JOIN consent_collectionpoint c
    ON c.id = s.collection_point_id WHERE c.form_id = %(value)s AND s.person_id IS NOT NULL
 UNION
SELECT p.id FROM people_person p WHERE p.source_ref IN
  (SELECT id FROM consent_collectionpoint WHERE form_id = %(value)s)
 UNION
SELECT e.person_ref FROM consent_permissionevent e WHERE e.person_ref IS NOT NULL
   AND e.collection_point_id IN (SELECT id FROM consent_collectionpoint WHERE form_id = %(value)s)
"""
_IMPORT = """
SELECT id FROM people_person WHERE source_ref = %(value)s
 UNION
SELECT person_id FROM people_purchase WHERE source_ref = %(value)s AND person_id IS NOT NULL
 UNION
SELECT e.person_ref FROM consent_permissionevent e WHERE e.person_ref IS NOT NULL
   AND e.collection_point_id IN (SELECT collection_point_id FROM imports_import
                                  WHERE id = %(value)s AND collection_point_id IS NOT NULL)
"""
# Index: of the relations of a company, and of its sales.
_COMPANY = """
SELECT person_id FROM people_relation WHERE company_id = %(value)s
 UNION
SELECT person_id FROM people_purchase WHERE company_id = %(value)s AND person_id IS NOT NULL
"""
_SENT = "state IN ('sent', 'uncertain', 'made')"
# Index: messages_once_per_person.
_LETTER = f"""
SELECT person_id FROM messages_message
 WHERE dispatch_id = %(value)s AND {_SENT} AND person_id IS NOT NULL
"""
_PERIOD = """
  AND (%(since)s::timestamptz IS NULL OR c.at >= %(since)s)
  AND (%(until)s::timestamptz IS NULL OR c.at <= %(until)s)
"""
# What left as a file: copies of one person, and letters or addresses for a house that prints.
_FILES = "('person.export', 'letters.download', 'letters.download-addresses')"
_DOWNLOAD = f"""
SELECT c.subject_id FROM trail_change c
 WHERE c.action IN {_FILES} AND c.subject_id IS NOT NULL
   AND (%(value)s::uuid IS NULL OR c.id = %(value)s) {_PERIOD}
 UNION
SELECT m.person_id FROM trail_change c JOIN messages_message m ON m.dispatch_id = c.object_id
 WHERE c.action IN {_FILES} AND m.person_id IS NOT NULL AND m.{_SENT}
   AND (%(value)s::uuid IS NULL OR c.id = %(value)s) {_PERIOD}
"""
# Which records an account read or touched. Indexes: trail_change_actor, trail_seen_once_a_day.
_READ = f"""
SELECT c.subject_id FROM trail_change c
 WHERE c.actor_kind = %(actor)s AND (%(value)s::uuid IS NULL OR c.actor_id = %(value)s)
   AND c.subject_id IS NOT NULL {_PERIOD}
 UNION
SELECT m.person_id FROM trail_change c JOIN messages_message m ON m.dispatch_id = c.object_id
 WHERE c.actor_kind = %(actor)s AND (%(value)s::uuid IS NULL OR c.actor_id = %(value)s)
   AND c.action IN {_FILES} AND m.person_id IS NOT NULL AND m.{_SENT} {_PERIOD}
 UNION
SELECT s.person_id FROM trail_seen s
 WHERE s.actor_kind = %(actor)s AND (%(value)s::uuid IS NULL OR s.actor_id = %(value)s)
   AND (%(first)s::date IS NULL OR s.seen_on >= %(first)s)
   AND (%(last)s::date IS NULL OR s.seen_on <= %(last)s)
"""
_STATEMENTS: Mapping[str, str] = {
    Kind.EVERYBODY: "SELECT id FROM people_person",
    Kind.TOPIC: _TOPIC,
    Kind.FORM: _FORM,
    Kind.IMPORT: _IMPORT,
    Kind.COMPANY: _COMPANY,
    Kind.LETTER: _LETTER,
    Kind.DOWNLOAD: _DOWNLOAD,
    Kind.ACCOUNT: _READ,
    Kind.KEY: _READ,
}


def people_sql(scope: BreachScope, *, at: datetime) -> tuple[str, dict[str, Any] | tuple[Any, ...]]:
    """The statement with the ids of the people of one way, and its parameters.

    A group that cannot be read any more finds nobody.
    """
    if scope.kind == Kind.GROUP:
        return _group_sql(scope, at)
    values = {
        "value": scope.value,
        "since": scope.since,
        "until": scope.until,
        "first": law_day(scope.since) if scope.since else None,
        "last": law_day(scope.until) if scope.until else None,
        "actor": ActorKind.API if scope.kind == Kind.KEY else ActorKind.STAFF,
    }
    return _STATEMENTS[scope.kind], values


def _group_sql(scope: BreachScope, at: datetime) -> tuple[str, tuple[Any, ...]]:
    assert scope.value is not None  # noqa: S101 - the database sees to it
    group = Group.objects.select_related("purpose").filter(id=scope.value).first()
    found = ContactPoint.objects.none()
    if group is not None:
        try:
            condition = segment_condition(group.text, group.purpose, at)
            found = ContactPoint.objects.filter(condition, ended_at=None)
        except SegmentError:
            found = ContactPoint.objects.none()
    if found.query.is_empty():
        return "SELECT NULL::uuid WHERE false", ()
    sql, parameters = found.order_by().values("person_id").query.sql_with_params()
    return sql, tuple(parameters)
