"""Addresses of the tablet on the counter."""

from django.urls import path

from akkoord.consent import tablet_views

app_name = "consent_tablet"
urlpatterns = [
    path("", tablet_views.form, name="form"),
    path("dank/", tablet_views.thanks, name="thanks"),
    path("weg/", tablet_views.leave, name="leave"),
]
