"""Public addresses of letters: the links of a test, a letter in the browser, archives."""

from django.urls import path

from akkoord.campaigns import archive_public, public

app_name = "campaigns_public"
urlpatterns = [
    path("proefbrief/", public.test_link, name="test_link"),
    path("lees/<str:run>/", archive_public.letter, name="letter"),
    path("archief/<slug:slug>/", archive_public.archive, name="archive"),
    path("archief/<slug:slug>/<slug:kind>.xml", archive_public.feed, name="feed"),
]
