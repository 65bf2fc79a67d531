"""Events of many people at once, set-based: an import of a million rows is a few statements."""

from django.db.backends.utils import CursorWrapper

from akkoord.consent.rebuild import FOLDED, UPSERT
from akkoord.consent.refusals import ConsentRefused
from akkoord.law.reasons import Reason
from akkoord.law.states import LIVE_STATES

STAGED_COLUMNS = (
    "id",
    "person_ref",
    "contact_point_ref",
    "purpose_version_id",
    "channel",
    "basis",
    "state",
    "happened_at",
    "recorded_at",
    "valid_until",
    "actor_kind",
    "actor_ref",
    "method",
    "collection_point_id",
    "notice_id",
    "is_declared",
    "evidence",
)
"""The columns of `staged_permission_event`, in order, for a COPY."""

_COLUMNS = ", ".join(STAGED_COLUMNS)

# An address of a joined record goes on under the id that it was sealed with (`sealed_as`).
# A yes carries the hash of its wording, as in `events`: the commitment covers the very text, and
# not only the id of the row that holds it (INV-7).
_APPEND = f"""
INSERT INTO consent_permissionevent ({_COLUMNS}, commitment)
SELECT e.id, coalesce(c.sealed_as, e.person_ref),
       {", ".join(f"e.{name}" for name in STAGED_COLUMNS[2:-1])},
       CASE WHEN e.state = ANY(%s) AND n.id IS NOT NULL
            THEN e.evidence || n.sealed ELSE e.evidence END, ''::bytea
  FROM staged_permission_event e
  LEFT JOIN people_contactpoint c ON c.id = e.contact_point_ref AND c.sealed_as IS NOT NULL
  LEFT JOIN (SELECT id, jsonb_build_object('notice_sha256', sha256) AS sealed
               FROM consent_notice) n ON n.id = e.notice_id
 ORDER BY e.id
"""  # noqa: S608 - constants

# One event and no standing yet: the fold of one fact is the fact itself, as it takes effect.
_FIRST = """
    SELECT e.person_ref AS person_id, e.contact_point_ref AS contact_point_id, v.purpose_id,
           e.channel, consent_effective(e.state, e.basis, e.method) AS state, e.basis, e.method,
           e.id AS event_id, v.number AS purpose_version_number, e.happened_at AS since,
           e.recorded_at AS heard_at, e.valid_until, e.is_declared
      FROM staged_permission_event e
      JOIN register_purposeversion v ON v.id = e.purpose_version_id
      JOIN staged_pair s ON s.point = e.contact_point_ref AND s.purpose = v.purpose_id
     WHERE s.is_first
"""

_EVENTS_OF_OTHERS = """
    staged_pair s
    JOIN consent_permissionevent e ON NOT s.is_first AND e.contact_point_ref = s.point
     AND e.purpose_version_id IN (SELECT id FROM register_purposeversion
                                   WHERE purpose_id = s.purpose)
"""


def create_staging(cursor: CursorWrapper) -> None:
    """Make the empty temp table `staged_permission_event`; it goes when the transaction ends."""
    cursor.execute(
        "CREATE TEMP TABLE staged_permission_event ON COMMIT DROP AS "  # noqa: S608 - constants
        f"SELECT {_COLUMNS} FROM consent_permissionevent WITH NO DATA"
    )


def append_staged_events(cursor: CursorWrapper) -> int:
    """Append all staged events and fold the standings they touch; how many events.

    Runs in the caller's transaction. Contact points that existed before it are locked first, in
    order, as a single writer does. The database salts, commits to and queues the events; the
    checks are the same as for one event: a fact that lies ahead is refused (`future-time`), and a
    grant without wording fails by its constraint (INV-7), and with it the whole.
    """
    cursor.execute(
        "SELECT EXISTS (SELECT 1 FROM staged_permission_event WHERE happened_at > recorded_at)"
    )
    if cursor.fetchone()[0]:
        raise ConsentRefused(Reason.FUTURE_TIME)
    cursor.execute(
        "SELECT count(*) FROM (SELECT 1 FROM people_contactpoint p WHERE p.id IN "
        "(SELECT contact_point_ref FROM staged_permission_event) "
        "AND p.xmin <> pg_current_xact_id()::xid ORDER BY p.id FOR NO KEY UPDATE OF p) AS locked"
    )
    cursor.execute(
        "CREATE TEMP TABLE staged_pair ON COMMIT DROP AS "
        "SELECT e.contact_point_ref AS point, v.purpose_id AS purpose, "
        "count(*) = 1 AND NOT bool_or(s.id IS NOT NULL) AS is_first "
        "FROM staged_permission_event e "
        "JOIN register_purposeversion v ON v.id = e.purpose_version_id "
        "LEFT JOIN consent_standing s "
        "ON s.contact_point_id = e.contact_point_ref AND s.purpose_id = v.purpose_id "
        "GROUP BY e.contact_point_ref, v.purpose_id"
    )
    cursor.execute("ANALYZE staged_pair")
    cursor.execute(_APPEND, [[state.value for state in LIVE_STATES]])
    count = int(cursor.rowcount)
    cursor.execute(UPSERT.format(rows=_FIRST))
    cursor.execute(UPSERT.format(rows=FOLDED.format(events=_EVENTS_OF_OTHERS)))
    cursor.execute("DROP TABLE staged_pair")
    cursor.execute("TRUNCATE staged_permission_event")
    return count
