"""Staff pages of retention."""

from django.urls import path

from akkoord.retention import catalogue_views, hold_views, rule_views, views

app_name = "retention"
urlpatterns = [
    path("", views.index, name="index"),
    path("wie/<slug:key>/<slug:kind>/", views.people, name="people"),
    path("tellen/", views.count_again, name="count"),
    path("opruimen/", views.clean, name="clean"),
    path("opgeruimd/<str:reference>/", views.run, name="run"),
    path("opgeruimd/<str:reference>/bewijs/", views.run_file, name="run_file"),
    path("gegevens/", views.stores, name="stores"),
    path("velden/", catalogue_views.catalogue, name="catalogue"),
    path("velden/alles/", catalogue_views.catalogue_all, name="catalogue_all"),
    path("veld/<slug:key>/", catalogue_views.catalogue_field, name="catalogue_field"),
    path("veld/<slug:key>/weg/", catalogue_views.field_go, name="field_go"),
    path("regels/<slug:key>/", rule_views.rule, name="rule"),
    path("regel/<uuid:rule_id>/eindigen/", rule_views.rule_end, name="rule_end"),
    path("vasthouden/", hold_views.holds, name="holds"),
    path("vasthouden/<uuid:hold_id>/opheffen/", hold_views.lift, name="lift"),
    path("persoon/<uuid:person_id>/", hold_views.person, name="person"),
    path("bestand/<uuid:import_id>/akkoord/", views.agree, name="agree"),
]
