"""Staff pages of imports."""

from django.urls import path

from akkoord.imports import views

app_name = "imports"
urlpatterns = [
    path("", views.index, name="index"),
    path("<uuid:import_id>/", views.detail, name="detail"),
    path("<uuid:import_id>/kolommen/", views.columns, name="columns"),
    path("<uuid:import_id>/besluit/", views.decide_column, name="decide_column"),
    path("<uuid:import_id>/terug/", views.undo, name="undo"),
    path("<uuid:import_id>/doen/", views.bring_in, name="bring_in"),
    path("<uuid:import_id>/weg/", views.discard, name="discard"),
    path("<uuid:import_id>/regels.csv", views.report, name="report"),
    path("<uuid:import_id>/tekst/", views.add_wording, name="add_wording"),
    path("<uuid:import_id>/bewijs/", views.add_evidence, name="add_evidence"),
]
