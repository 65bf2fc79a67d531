"""Staff pages of saved groups."""

from django.urls import path, re_path

from akkoord.segments import places_views, views

app_name = "segments"
urlpatterns = [
    path("", views.index, name="index"),
    path("plaatsen/", places_views.places, name="places"),
    path("nieuw/", views.create, name="create"),
    path("<uuid:group_id>/", views.edit, name="edit"),
    path("<uuid:group_id>/mensen/", views.people, name="people"),
    path("<uuid:group_id>/versies/<int:number>/", views.put_back, name="put_back"),
    re_path(
        r"^(?P<group_id>[0-9a-f-]{36})/(?P<act>kopie|opbergen|terug)/$", views.steer, name="steer"
    ),
]
