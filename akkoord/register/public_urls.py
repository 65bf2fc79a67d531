"""Public pages of the register: the logo."""

from django.urls import path

from akkoord.register import public

app_name = "register_public"
urlpatterns = [
    path("logo/<slug:name>.png", public.logo, name="logo"),
]
