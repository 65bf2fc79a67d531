"""Staff pages of the room."""

from django.urls import path

from akkoord.referrals import views

app_name = "referrals"
urlpatterns = [
    path("", views.index, name="index"),
    path("kaart/", views.use_card, name="use_card"),
    path("beloning/<uuid:use_id>/", views.reward, name="reward"),
]
