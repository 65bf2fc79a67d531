"""Addresses of the room. The names `staff…` and `key…` are the owner's (see `config.access`)."""

from django.urls import path

from akkoord.accounts import key_views, views

app_name = "accounts"
urlpatterns = [
    path("mijn-account/", views.profile, name="profile"),
    path("medewerkers/", views.staff, name="staff"),
    path("medewerkers/nieuw/", views.staff_create, name="staff_create"),
    path("medewerkers/sleutels/", key_views.index, name="keys"),
    path("medewerkers/sleutels/nieuw/", key_views.create, name="key_create"),
    path("medewerkers/sleutels/<uuid:key_id>/intrekken/", key_views.revoke, name="key_revoke"),
    path("medewerkers/<uuid:staff_id>/rol/", views.staff_role, name="staff_role"),
    path("medewerkers/<uuid:staff_id>/uit/", views.staff_off, name="staff_off"),
]
