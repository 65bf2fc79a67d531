"""Public addresses: tip a friend, a card, nothing more."""

from django.urls import path

from akkoord.referrals import public

app_name = "referrals_public"
urlpatterns = [
    path("tip/nooit/<str:token>/", public.never, name="never"),
    path("tip/<str:token>/", public.tip, name="tip"),
    path("kaart/<str:code>/", public.card, name="card"),
]
