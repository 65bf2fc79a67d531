"""Staff pages of imports."""

from django.urls import path

from akkoord.imports import sales_views, views

app_name = "imports"
urlpatterns = [
    path("", views.index, name="index"),
    path("verkopen/", sales_views.index, name="sales"),
    path("verkopen/plek/", sales_views.placeless, name="placeless"),
    path("verkopen/<uuid:import_id>/", sales_views.detail, name="sales_detail"),
    path("verkopen/<uuid:import_id>/doen/", sales_views.bring_in, name="sales_bring_in"),
    path("verkopen/<uuid:import_id>/tabellen/", sales_views.choose_tables, name="sales_tables"),
    path("verkopen/mens/<uuid:person_id>/", sales_views.by_hand, name="sale_by_hand"),
    path(
        "verkopen/mens/<uuid:person_id>/weg/<uuid:relation_id>/",
        sales_views.contact_left,
        name="contact_left",
    ),
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
