"""Addresses of the room. The names `staff…` are the owner's (see `config.access`)."""

from django.urls import path

from akkoord.accounts import views

app_name = "accounts"
urlpatterns = [
    path("mijn-account/", views.profile, name="profile"),
    path("medewerkers/", views.staff, name="staff"),
    path("medewerkers/nieuw/", views.staff_create, name="staff_create"),
    path("medewerkers/<uuid:staff_id>/rol/", views.staff_role, name="staff_role"),
    path("medewerkers/<uuid:staff_id>/uit/", views.staff_off, name="staff_off"),
]
