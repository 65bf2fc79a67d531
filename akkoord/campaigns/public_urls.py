"""Public addresses of letters: the links of a test."""

from django.urls import path

from akkoord.campaigns import public

app_name = "campaigns_public"
urlpatterns = [path("proefbrief/", public.test_link, name="test_link")]
