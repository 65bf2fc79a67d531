"""Staff pages of style and pictures."""

from django.urls import path, re_path

from akkoord.composing import views

app_name = "composing"
urlpatterns = [
    path("stijl/", views.style, name="style"),
    path("beelden/", views.pictures, name="pictures"),
    path("beelden/kiezen/", views.choose, name="choose"),
    path("beelden/<uuid:picture_id>/", views.picture, name="picture"),
    path("beelden/<uuid:picture_id>/klein.jpg", views.small, name="small"),
    re_path(
        r"^beelden/(?P<picture_id>[0-9a-f-]{36})/(?P<act>weg|intrekken)/$",
        views.remove,
        name="remove",
    ),
]
