"""Addresses of the room: language, progress, the organisation's colour, the style page."""

from django.urls import path

from akkoord.web import views

app_name = "web"
urlpatterns = [
    path("taal/", views.choose_language, name="language"),
    path("voortgang/", views.progress, name="progress"),
    path("huisstijl.css", views.brand_css, name="brand_css"),
    path("stijl/", views.style, name="style"),
    path("stijl/persoon/", views.style_public, name="style_public"),
]
