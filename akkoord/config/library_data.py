"""What the libraries' own tables hold, column by column.

Rooms declare their tables beside the fields; here stand the tables that others made: log-in,
lock-out, sessions, jobs. A new column after an upgrade fails the census until it stands here.
"""

from akkoord.datamap.declaration import (
    Column,
    Declaration,
    Identifier,
    OnErasure,
    Whose,
    declare_table,
)

LOGGING_IN = ("dpv:IdentityAuthentication",)
SECURITY = ("dpv:EnforceSecurity",)
JOB_ARGUMENTS = "Arguments of jobs are identifiers; a job that is done is deleted by the worker."


def _nobody(table: str, why: str, *plain: str) -> None:
    """A table with nobody's data."""
    declare_table(Declaration(table=table, whose=Whose.NOBODY, plain=plain, why=why))


def _staff(
    table: str, why: str, columns: dict[str, Column], *plain: str, subject: str = ""
) -> None:
    """A table with data of members of staff."""
    declare_table(
        Declaration(
            table=table,
            whose=Whose.STAFF,
            subject=subject,
            erase=OnErasure.DELETE,
            columns=columns,
            plain=plain,
            why=why,
        )
    )


# ---- Django ----
_nobody("django_migrations", "Which versions of tables there are.", "id", "app", "name", "applied")
_nobody("django_content_type", "Names of tables.", "id", "app_label", "model")
_nobody(
    "auth_permission", "Not used: a role is one word.", "id", "name", "content_type_id", "codename"
)
_nobody("auth_group", "Not used: a role is one word.", "id", "name")
_nobody("auth_group_permissions", "Not used.", "id", "group_id", "permission_id")
_staff(
    "django_session",
    "Who is logged in; a visitor's pages use no session. Cleared every night.",
    {
        "session_key": Column("pd:Authenticating", LOGGING_IN, secret=True),
        "session_data": Column("pd:Authenticating", LOGGING_IN, secret=True),
        "expire_date": Column("pd:AuthenticationHistory", LOGGING_IN),
    },
)

# ---- allauth: log-in and second factor ----
_staff(
    "account_emailaddress",
    "The address that a member of staff logs in with.",
    {
        "email": Column("pd:EmailAddress", LOGGING_IN, identifier=Identifier.EMAIL, provided=True),
        "user_id": Column("pd:Identifier", LOGGING_IN),
        "verified": Column("pd:Authenticating", LOGGING_IN),
        "primary": Column("pd:Authenticating", LOGGING_IN),
    },
    "id",
    subject="user_id",
)
_staff(
    "account_emailconfirmation",
    "Not used: staff are added by the owner.",
    {
        "key": Column("pd:Authenticating", LOGGING_IN, secret=True),
        "created": Column("pd:AuthenticationHistory", LOGGING_IN),
        "sent": Column("pd:AuthenticationHistory", LOGGING_IN),
    },
    "id",
    "email_address_id",
)
_staff(
    "mfa_authenticator",
    "Second factors; the secret is encrypted with a key that is not in the database.",
    {
        "user_id": Column("pd:Identifier", LOGGING_IN),
        "type": Column("pd:Authenticating", LOGGING_IN),
        "data": Column("pd:Authenticating", LOGGING_IN, secret=True),
        "created_at": Column("pd:AuthenticationHistory", LOGGING_IN),
        "last_used_at": Column("pd:AuthenticationHistory", LOGGING_IN),
    },
    "id",
    subject="user_id",
)

# ---- axes: lock-out after wrong passwords ----
_attempt = {
    "user_agent": Column("pd:UserAgent", SECURITY),
    "ip_address": Column("pd:IPAddress", SECURITY),  # cut to its network (/24, /48)
    "username": Column("pd:Username", SECURITY, secret=True),  # a keyed hash of what was typed
    "http_accept": Column("pd:DeviceBased", SECURITY),
    "attempt_time": Column("pd:AuthenticationHistory", SECURITY),
}
_staff(
    "axes_accessattempt",
    "Wrong passwords of the last day; names are keyed hashes, IP addresses are cut.",
    {
        **_attempt,
        "get_data": Column("pd:AuthenticationHistory", SECURITY, secret=True),
        "post_data": Column("pd:AuthenticationHistory", SECURITY, secret=True),
    },
    "id",
    "path_info",
    "failures_since_start",
)
_nobody(
    "axes_accessattemptexpiration",
    "When a lock-out ends; not used.",
    "access_attempt_id",
    "expires_at",
)
_staff(
    "axes_accessfailurelog", "Switched off; stays empty.", _attempt, "id", "path_info", "locked_out"
)
_staff(
    "axes_accesslog",
    "Switched off; stays empty.",
    {
        **_attempt,
        "logout_time": Column("pd:AuthenticationHistory", SECURITY),
        "session_hash": Column("pd:Authenticating", SECURITY, secret=True),
    },
    "id",
    "path_info",
)

# ---- procrastinate: background work ----
_nobody(
    "procrastinate_jobs",
    JOB_ARGUMENTS,
    *("id", "queue_name", "task_name", "lock", "args", "status", "scheduled_at", "attempts"),
    *("queueing_lock", "priority", "abort_requested", "worker_id"),
)
_nobody("procrastinate_events", "When a job began and ended.", "id", "job_id", "type", "at")
_nobody(
    "procrastinate_periodic_defers",
    "When work that comes back was last begun.",
    *("id", "task_name", "defer_timestamp", "job_id", "periodic_id"),
)
_nobody("procrastinate_workers", "Which workers are alive.", "id", "last_heartbeat")
