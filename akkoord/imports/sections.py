"""What this room adds to pages of lower rooms."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from akkoord.accounts.access import Action
from akkoord.consent.row_sources import RowSource, add_row_source
from akkoord.imports.sales_page import why_of
from akkoord.imports.waiting import files_with_waiting, forget_waiting, waiting_rows
from akkoord.law.reasons import Reason
from akkoord.people.page import PersonAct, PersonSection, add_act, add_list_link, add_section
from akkoord.permission.sentences import add_page

add_list_link("import", lambda: reverse("imports:index"), needs=Action.IMPORT)
add_row_source("import", RowSource(files_with_waiting, waiting_rows, forget_waiting))
add_section(
    PersonSection(key="customer", order=30, template="imports/_person_why.html", build=why_of)
)
add_act(
    "sale",
    PersonAct(
        order=25,
        label=_("Add a sale with its invoice"),  # type: ignore[arg-type]  # lazy on purpose
        url=lambda person: reverse("imports:sale_by_hand", args=[person.id]),
    ),
)
for _reason, _name in (
    (Reason.NO_SALE, "imports:sales"),
    (Reason.ADDRESS_NOT_FROM_SALE, "imports:sales"),
    (Reason.OPT_OUT_NOT_OFFERED, "consent:collecting_places"),
    (Reason.NOT_SIMILAR, "register:products"),
):
    add_page(_reason, _name)
