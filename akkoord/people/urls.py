"""Staff pages of people."""

from django.urls import path

from akkoord.people import duplicate_views, review_views, views

app_name = "people"
urlpatterns = [
    path("", views.index, name="index"),
    path("dubbel/", duplicate_views.duplicates, name="duplicates"),
    path("dubbel/zoeken/", duplicate_views.duplicates_find, name="duplicates_find"),
    path("dubbel/<uuid:pair_id>/", duplicate_views.duplicate, name="duplicate"),
    path("dubbel/<uuid:pair_id>/twee/", duplicate_views.duplicate_not, name="duplicate_not"),
    path("nakijken/", review_views.review, name="review"),
    path(
        "nakijken/<slug:kind>/<uuid:person_id>/", review_views.review_settle, name="review_settle"
    ),
    path("samengevoegd/<uuid:joining_id>/", duplicate_views.part, name="part"),
    path("<uuid:person_id>/", views.person, name="person"),
    path("<uuid:person_id>/zelfde/", duplicate_views.same, name="same"),
    path("<uuid:person_id>/corrigeren/", views.person_correct, name="person_correct"),
    path(
        "<uuid:person_id>/adres/<uuid:point_id>/werkt/", views.address_works, name="address_works"
    ),
]
