"""The public notice."""

from django.urls import path

from akkoord.breaches import public

app_name = "breaches_public"
urlpatterns = [path("datalek/<slug:reference>/", public.notice, name="notice")]
