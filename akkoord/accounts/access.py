"""What each role may do: one table, in one place.

Which page needs which of these stands in `config.access`; pages show only what their reader may
do (`request.may`). Law, not rank, draws the lines: the privacy officer decides on requests and the
register, the marketer on what is sent.
"""

from enum import StrEnum

from akkoord.accounts.models import Role


class Action(StrEnum):
    """What a member of staff may want to do."""

    READ_PEOPLE = "read-people"
    CHANGE_PEOPLE = "change-people"
    RECORD_CONSENT = "record-consent"
    IMPORT = "import"
    WRITE_CAMPAIGN = "write-campaign"
    SEND_CAMPAIGN = "send-campaign"
    PUBLISH_FORM = "publish-form"
    MAKE_TOPIC = "make-topic"
    CHANGE_REGISTER = "change-register"
    ANSWER_REQUEST = "answer-request"
    ERASE = "erase"
    DECIDE_LEAK = "decide-leak"
    EXPORT = "export"
    CHANGE_SETTINGS = "change-settings"
    SEE_STAFF = "see-staff"
    MANAGE_STAFF = "manage-staff"


_MARKETING = {
    Action.READ_PEOPLE,
    Action.CHANGE_PEOPLE,
    Action.RECORD_CONSENT,
    Action.IMPORT,
    Action.WRITE_CAMPAIGN,
    Action.SEND_CAMPAIGN,
    Action.PUBLISH_FORM,
    Action.MAKE_TOPIC,
}
_PRIVACY = {
    Action.READ_PEOPLE,
    Action.CHANGE_PEOPLE,
    Action.RECORD_CONSENT,
    Action.MAKE_TOPIC,
    Action.CHANGE_REGISTER,
    Action.ANSWER_REQUEST,
    Action.ERASE,
    Action.DECIDE_LEAK,
    Action.EXPORT,
    Action.SEE_STAFF,
}
MAY: dict[str, frozenset[Action]] = {
    Role.OWNER: frozenset(Action),
    Role.MARKETER: frozenset(_MARKETING),
    Role.PRIVACY_OFFICER: frozenset(_PRIVACY),
}


def actions_of(role: str) -> frozenset[Action]:
    """All that a role may do; nothing for an unknown one."""
    return MAY.get(role, frozenset())


def role_may(role: str, action: Action) -> bool:
    """Whether a role may do this. An unknown role may do nothing."""
    return action in actions_of(role)
