"""Staff pages of insight; the start page is the site's root."""

from django.urls import path

from akkoord.insight import demo_views, views

app_name = "insight"
urlpatterns = [
    path("", views.start, name="start"),
    path("inzicht/", views.overview, name="overview"),
    path("begin/demo/", demo_views.demo, name="demo"),
    path("demo/weg/", demo_views.demo_remove, name="demo_remove"),
]
