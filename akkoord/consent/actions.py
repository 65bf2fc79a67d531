"""Every verb of the room in one place, for the rooms above; each stands in a file of its own."""

from akkoord.consent.by_address import object_by_address, withdraw_by_address
from akkoord.consent.change import (
    change_address,
    end_point,
    lift_restriction,
    restrict_person,
)
from akkoord.consent.confirm import confirm_sign_up, look_at_confirmation
from akkoord.consent.customers import settle_customers
from akkoord.consent.events import Fact, record_event
from akkoord.consent.expire import expire_sign_ups
from akkoord.consent.forms_publishing import create_form, publish_form, revise_form
from akkoord.consent.grants import (
    EvidenceGrant,
    grant_from_preference_centre,
    record_evidence_grant,
)
from akkoord.consent.notices import declare_wording
from akkoord.consent.places import (
    PlaceRefused,
    ShownAtSale,
    close_place,
    end_showing,
    open_place,
    show_place,
)
from akkoord.consent.rebuild import rebuild_standings
from akkoord.consent.refusals import ConsentRefused
from akkoord.consent.sign_up import SignUpFacts, request_sign_up
from akkoord.consent.suppression import (
    ToSuppress,
    keep_the_nos,
    others_addresses,
    suppress,
    suppress_all,
)
from akkoord.consent.withdraw import object_to_marketing, stop_by_link, withdraw

__all__ = [
    "ConsentRefused",
    "EvidenceGrant",
    "Fact",
    "PlaceRefused",
    "ShownAtSale",
    "SignUpFacts",
    "ToSuppress",
    "change_address",
    "close_place",
    "confirm_sign_up",
    "create_form",
    "declare_wording",
    "end_point",
    "end_showing",
    "expire_sign_ups",
    "grant_from_preference_centre",
    "keep_the_nos",
    "lift_restriction",
    "look_at_confirmation",
    "object_by_address",
    "object_to_marketing",
    "open_place",
    "others_addresses",
    "publish_form",
    "rebuild_standings",
    "record_event",
    "record_evidence_grant",
    "request_sign_up",
    "restrict_person",
    "revise_form",
    "settle_customers",
    "show_place",
    "stop_by_link",
    "suppress",
    "suppress_all",
    "withdraw",
    "withdraw_by_address",
]
