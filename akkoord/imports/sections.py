"""What this room adds to pages of lower rooms."""

from django.urls import reverse

from akkoord.people.page import add_list_link

add_list_link("import", lambda: reverse("imports:index"))
