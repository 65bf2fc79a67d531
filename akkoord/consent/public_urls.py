"""Public addresses: form, confirmation, one-click, preference centre, why."""

from django.urls import path

from akkoord.consent import public, public_preferences

app_name = "consent_public"
urlpatterns = [
    path("f/<slug:slug>/", public.form_page, name="form"),
    path("f/<slug:slug>/gevraagd/", public.asked, name="asked"),
    path("b/<str:token>/", public.confirm, name="confirm"),
    path("u/<str:token>/", public.stop, name="stop"),
    path("u/<str:token>/minder/", public.stop_then_less, name="less"),
    path("u/<str:token>/reden/", public.stop_then_why, name="reason"),
    path("v/<str:token>/", public_preferences.preferences, name="preferences"),
    path("voorkeuren/", public_preferences.ask_link, name="ask_link"),
    path("waarom/<str:token>/", public_preferences.why, name="why"),
]
