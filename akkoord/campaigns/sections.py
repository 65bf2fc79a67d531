"""What this room adds to pages of lower rooms."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from akkoord.accounts.access import Action
from akkoord.campaigns.series_joined import lock_series, one_place, places_again
from akkoord.people.joining_steps import JoinStep, add_join_step
from akkoord.people.page import PersonAct, add_act

add_act(
    "agreements",
    PersonAct(
        order=21,
        label=_("Memberships and appointments"),  # type: ignore[arg-type]  # lazy on purpose
        url=lambda person: reverse("campaigns:agreements", args=[person.id]),
        needs=Action.CHANGE_PEOPLE,
    ),
)
add_act(
    "service",
    PersonAct(
        order=20,
        label=_("Message about a purchase"),  # type: ignore[arg-type]  # lazy on purpose
        url=lambda person: reverse("campaigns:service_about", args=[person.id]),
        needs=Action.SEND_CAMPAIGN,
    ),
)
add_join_step("series", JoinStep(lock=lock_series, before=one_place, undo=places_again))
