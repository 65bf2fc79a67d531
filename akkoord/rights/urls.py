"""Staff pages: requests, what is kept of a person, forgetting, certificates."""

from django.urls import path

from akkoord.rights import views

app_name = "rights"
urlpatterns = [
    path("", views.index, name="index"),
    path("nieuw/", views.open_new, name="open"),
    path("<uuid:request_id>/", views.request_page, name="request"),
    path("<uuid:request_id>/klaar/", views.close, name="close"),
    path("<uuid:request_id>/weigeren/", views.refuse, name="refuse"),
    path("<uuid:request_id>/langer/", views.extend, name="extend"),
    path("persoon/<uuid:person_id>/", views.keep, name="keep"),
    path("persoon/<uuid:person_id>/gegevens.json", views.export, name="export"),
    path("persoon/<uuid:person_id>/vergeten/", views.forget_person, name="forget"),
    path("certificaat/<str:reference>/", views.certificate, name="certificate"),
    path("certificaat/<str:reference>/opnieuw/", views.look_again, name="look_again"),
]
