"""Public pages of the register: the privacy statement, the logo."""

from django.urls import path

from akkoord.register import public

app_name = "register_public"
urlpatterns = [
    path("privacy/", public.privacy, name="privacy"),
    path("logo/<slug:name>.png", public.logo, name="logo"),
]
