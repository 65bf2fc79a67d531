"""Public pages of the register: the privacy statement."""

from django.urls import path

from akkoord.register import public

app_name = "register_public"
urlpatterns = [
    path("privacy/", public.privacy, name="privacy"),
]
