"""Public addresses: pictures in letters."""

from django.urls import path, re_path

from akkoord.composing import public

app_name = "composing_public"
urlpatterns = [
    re_path(r"^beeld/(?P<name>[0-9a-f]{32}\.(?:jpg|png|gif))$", public.picture, name="picture"),
    path("beeld/tekening/<slug:scene>.png", public.art, name="art"),
]
