"""Addresses of the page of backups, under `/back-ups/`."""

from django.urls import path

from akkoord.trail import backup_views as views

app_name = "backups"
urlpatterns = [
    path("", views.index, name="index"),
    path("maken/", views.make, name="make"),
    path("instelling/", views.setting, name="setting"),
    path("geprobeerd/", views.tried, name="tried"),
    path("tweede-plek/", views.copy, name="copy"),
    path("<uuid:backup_id>/bestand/", views.download, name="download"),
]
