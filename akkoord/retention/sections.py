"""What this room adds to other rooms' pages: the hold, in the menu of a person's page."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from akkoord.accounts.access import Action
from akkoord.people.page import PersonAct, add_act

add_act(
    "hold",
    PersonAct(
        order=800,
        label=_("Hold for a claim"),  # type: ignore[arg-type]
        url=lambda person: reverse("retention:person", args=[person.id]),
        needs=Action.ERASE,
    ),
)
