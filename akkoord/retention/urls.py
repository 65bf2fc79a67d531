"""Staff pages of retention."""

from django.urls import path

from akkoord.retention import views

app_name = "retention"
urlpatterns = [
    path("", views.index, name="index"),
    path("bestand/<uuid:import_id>/akkoord/", views.agree, name="agree"),
]
