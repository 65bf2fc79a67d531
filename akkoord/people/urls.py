"""Staff pages of people."""

from django.urls import path

from akkoord.people import views

app_name = "people"
urlpatterns = [
    path("", views.index, name="index"),
    path("velden/<slug:key>/stoppen/", views.field_end, name="field_end"),
    path("<uuid:person_id>/", views.person, name="person"),
    path("<uuid:person_id>/corrigeren/", views.person_correct, name="person_correct"),
    path(
        "<uuid:person_id>/adres/<uuid:point_id>/werkt/", views.address_works, name="address_works"
    ),
]
