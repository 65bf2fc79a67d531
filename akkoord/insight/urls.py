"""Staff pages of insight; the start page is the site's root."""

from django.urls import path

from akkoord.insight import choices_views, compare_views, demo_views, results_views, views

app_name = "insight"
urlpatterns = [
    path("", views.start, name="start"),
    path("plichten/", views.duties, name="duties"),
    path("inzicht/", views.overview, name="overview"),
    path("inzicht/keuzes/", choices_views.page, name="choices"),
    path("inzicht/keuzes/<slug:table>.csv", choices_views.table_file, name="choices_file"),
    path("inzicht/brieven/<uuid:campaign_id>/", results_views.results, name="results"),
    path(
        "inzicht/brieven/<uuid:campaign_id>/beeld/", results_views.picture, name="results_picture"
    ),
    path(
        "inzicht/brieven/<uuid:campaign_id>.<slug:kind>",
        compare_views.results_file,
        name="results_file",
    ),
    path("inzicht/vergelijken/", compare_views.compare, name="compare"),
    path("inzicht/verloop/", compare_views.trends, name="trends"),
    path("begin/demo/", demo_views.demo, name="demo"),
    path("demo/weg/", demo_views.demo_remove, name="demo_remove"),
]
