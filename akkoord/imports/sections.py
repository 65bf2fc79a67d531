"""What this room adds to pages of lower rooms."""

from django.urls import reverse

from akkoord.accounts.access import Action
from akkoord.consent.row_sources import RowSource, add_row_source
from akkoord.imports.waiting import files_with_waiting, forget_waiting, waiting_rows
from akkoord.people.page import add_list_link

add_list_link("import", lambda: reverse("imports:index"), needs=Action.IMPORT)
add_row_source("import", RowSource(files_with_waiting, waiting_rows, forget_waiting))
