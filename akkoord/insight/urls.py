"""Staff pages of insight; the start page is the site's root."""

from django.urls import path

from akkoord.insight import views

app_name = "insight"
urlpatterns = [
    path("", views.start, name="start"),
    path("inzicht/", views.overview, name="overview"),
]
