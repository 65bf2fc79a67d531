"""Addresses of the staff pages, under `/bewijs/`."""

from django.urls import path

from akkoord.trail import views

app_name = "trail"
urlpatterns = [
    path("", views.index, name="index"),
    path("controle/", views.check, name="check"),
    path("spoor/", views.changes, name="changes"),
    path("nagaan.py", views.checker, name="checker"),
    path("<uuid:event_id>/", views.event, name="event"),
    path("<uuid:event_id>/bewijs.json", views.proof_file, name="proof_file"),
]
