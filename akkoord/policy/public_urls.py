"""Public pages of the policy."""

from django.urls import path, re_path

from akkoord.policy import public

app_name = "policy_public"
urlpatterns = [
    path("privacy/", public.privacy, name="privacy"),
    path("privacy/versies/", public.versions, name="versions"),
    path("privacy/versies/<int:number>/", public.version, name="version"),
    re_path(r"^privacy/(?P<language>nl|en)\.(?P<kind>pdf|md|html)$", public.file, name="file"),
]
